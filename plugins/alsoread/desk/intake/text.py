"""What story does a plain text hold?

The headline stands first, paragraphs are parted by empty lines, and cross-link lines stand between them. The words stay
as they were typed; what Markdown would read as markup is escaped. What is guessed (source, summary, tags) is guessed
carefully, and left out with a remark where in doubt.
"""

import html
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final

import yaml

from alsoread.news.labels import begins, without_label
from alsoread.news.names import cut_slug, slugify

__all__ = ["Imported", "story_from_text"]

HEADLINE_LENGTH: Final = 180
SUMMARY_LENGTH: Final = 200
MOST_TAGS: Final = 5
HEADLINE_WEIGHT: Final = 4


@dataclass(frozen=True, slots=True)
class Imported:
    """A story's file (front matter and body, ending with a line end), its slug, and what an editor should look at."""

    slug: str
    text: str
    remarks: tuple[str, ...]


def story_from_text(
    text: str, *, name: str, date: datetime, labels: tuple[str, ...], topics: Mapping[str, tuple[str, ...]]
) -> Imported:
    """A story's file from a plain text.

    ``name`` is the file's name, for a text without a headline; ``date`` carries a zone; ``labels`` are those of
    cross-links, longest first; ``topics`` gives, for each topic's label, every name that means it.

    :raises ValueError: if the text is empty or already has front matter, or the date can stand in no story.
    """
    when = _instant(date)
    text, remarks = _cleaned(text)
    if not text.strip():
        raise ValueError("the text is empty")
    if _FRONT_MATTER.match(text.lstrip()):
        raise ValueError("the text already has front matter")
    paragraphs = _paragraphs(text)
    headline, rest, about_headline = _headline(paragraphs, name, labels)
    prose = [" ".join(" ".join(paragraph).split()) for paragraph in (_prose(each, labels) for each in rest)]
    prose = [paragraph for paragraph in prose if re.search(r"\w", paragraph)]
    remarks += (*about_headline, *_about_body(rest, prose, labels))
    source, about_source = _source(prose)
    summary, tags = _summary(prose), _tags(headline, prose, topics)
    if not tags:
        remarks += ("no topic of the digest is named in the text, so there are no tags",)
    slug = cut_slug(slugify(headline)) or cut_slug(slugify(_stem(name))) or "story"
    front = "".join(
        (
            _field("title", _literal(headline)),
            f"date: {when}\n",
            _field("tags", tags),
            _field("summary", _escaped(summary)),
            _field("slug", slug),
            _field("sources", [{"name": source, "role": "cited"}] if source else []),
        )
    )
    body = "\n\n".join("\n".join(_escaped_line(line, labels) for line in paragraph) for paragraph in rest)
    return Imported(slug, f"---\n{front}---\n\n{body}\n" if body else f"---\n{front}---\n", remarks + about_source)


def _instant(date: datetime) -> str:
    """A date as a story writes it: ISO 8601, to the second, with an offset of whole minutes."""
    offset = date.utcoffset()
    if offset is None:
        raise ValueError("the date has no time zone")
    if not 1000 < date.year < 9000:
        raise ValueError("the year of the date is not between 1000 and 9000")
    return (date.astimezone(UTC) if offset.total_seconds() % 60 else date).isoformat(timespec="seconds")


def _field(name: str, value: str | list[str] | list[dict[str, str]]) -> str:
    """A field of the front matter as YAML; nothing where the value is empty."""
    if not value:
        return ""
    # None: a list of words on one line, a list of records below each other
    flow = None if name == "tags" else False
    return str(
        yaml.safe_dump({name: value}, allow_unicode=True, sort_keys=False, width=100_000, default_flow_style=flow)
    )


# -- characters, lines, paragraphs

_BIDI: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LINE_ENDS: Final = re.compile("\r\n?|[\x0b\x0c\x85\u2028]")
_FRONT_MATTER: Final = re.compile(
    r"(?:-{3,}|\+{3,})[ \t]*\n\s*[A-Za-z][\w-]*[ \t]*[:=]|(?:title|date|slug|tags):", re.IGNORECASE
)


def _cleaned(text: str) -> tuple[str, tuple[str, ...]]:
    r"""The text with ``\n`` for every kind of line end, without characters that may not stand in a story's file."""
    text = _LINE_ENDS.sub("\n", text).replace("\u2029", "\n\n")
    bad = {char for char in set(text) if _is_forbidden(char)}
    if not bad:
        return text, ()
    count = sum(char in bad for char in text)
    names = ", ".join(f"U+{ord(char):04X}" for char in sorted(bad)[:5])
    what = (
        "1 character that may not stand in a story was"
        if count == 1
        else f"{count} characters that may not stand in a story were"
    )
    more = ", ..." if len(bad) > 5 else ""
    return "".join(char for char in text if char not in bad), (f"{what} removed: {names}{more}",)


def _is_forbidden(char: str) -> bool:
    """Controls, surrogates, noncharacters, bidirectional overrides and byte order marks."""
    if char in "\n\t":
        return False
    code = ord(char)
    noncharacter = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return noncharacter or char in _BIDI or char == "\ufeff" or unicodedata.category(char) in ("Cc", "Cs")


def _paragraphs(text: str) -> list[list[str]]:
    """The lines of each paragraph, without the white space around them, which Markdown would read as code or breaks."""
    paragraphs: list[list[str]] = [[]]
    for line in text.split("\n"):
        if line.strip():
            paragraphs[-1].append(line.strip())
        elif paragraphs[-1]:
            paragraphs.append([])
    return [paragraph for paragraph in paragraphs if paragraph]


def _prose(paragraph: list[str], labels: tuple[str, ...]) -> list[str]:
    """The lines of a paragraph before its first cross-link: what follows one is read as its headline."""
    for number, line in enumerate(paragraph):
        if _is_crosslink(line, labels):
            return paragraph[:number]
    return paragraph


def _is_crosslink(line: str, labels: tuple[str, ...]) -> bool:
    begin = begins(line, labels)
    return begin is not None and begin.certain


# -- what Markdown would read as markup

_SIGNS: Final = re.compile(r"[\\`*\[{<]|(?<![^\W_])_|_(?![^\W_])|&(?=[A-Za-z#])|~(?=~)|(?<=~)~")
# Python-Markdown takes a backslash before these for one, so they are written as entities
_ENTITIES: Final = {"<": "&lt;", "&": "&amp;", "~": "&#126;"}
_OPENINGS: Final = (
    # headings, quotations, lists, admonitions
    (re.compile(r"(?=[#>]|[-+](?:\s|$)|!!!)"), r"\\"),
    (re.compile(r"(\d+)(?=[.)](?:\s|$))"), r"\1\\"),
    # rules, and the lines below a heading or a table's head
    (re.compile(r"([|:\s]*)(?=-[-|:\s]*$)"), r"\1\\"),
    (re.compile(r"=(?==*$)"), "&#61;"),
    # definitions
    (re.compile(r":(?=\s)"), "&#58;"),
)
_KEY: Final = re.compile(r"(\[\[[A-Za-z0-9][A-Za-z0-9.:-]*\]\](?!\())")


def _escaped_line(line: str, labels: tuple[str, ...]) -> str:
    """A line of plain text as Markdown that reads the same; a cross-link keeps its label, and a ``[[key]]``."""
    if not _is_crosslink(line, labels):
        return _escaped(line)
    target = without_label(line, labels)
    parts = _KEY.split(target)
    return line.removesuffix(target) + "".join(part if _KEY.fullmatch(part) else _inline(part) for part in parts)


def _escaped(line: str) -> str:
    for opening, replacement in _OPENINGS:
        match = opening.match(line)
        if match:
            return match.expand(replacement) + _inline(line[match.end() :])
    return _inline(line)


def _literal(headline: str) -> str:
    """A headline for the front matter, where character references are read: what looks like one is written as typed."""
    return headline if html.unescape(headline) == headline else re.sub(r"&(?=[A-Za-z#])", "&amp;", headline)


def _inline(text: str) -> str:
    return _SIGNS.sub(lambda match: _ENTITIES.get(match[0], "\\" + match[0]), text)


# -- headline, summary

_CLOSERS: Final = r"[\"'”’»)\]]*"
_STOP: Final = re.compile(rf"((?:\w\.)*[\w’'-]*)([.!?…。！？]+{_CLOSERS})(?:\s+|(?<=[。！？]))[\"'“‘«(\[]*(?=(\w))")
_ENDS: Final = re.compile(rf"[.!?…。！？]{_CLOSERS}$")
_ABBREVIATED: Final = frozenset(
    "mr mrs ms dr st mt prof gen col maj sgt lt capt cpl sen rep gov rev hon no nos vs v jr sr inc ltd co corp dept "
    "est jan feb mar apr jun jul aug sep sept oct nov dec e.g i.e approx".split()
)


def _stops(text: str) -> Iterator[tuple[int, str]]:
    """Where something ends like a sentence within a text, and the letter that follows."""
    for match in _STOP.finditer(text):
        word = match[1].casefold()
        if match[2] != "." or not (word in _ABBREVIATED or re.fullmatch(r"(?:\w\.)*[^\W\d]", word)):
            yield match.end(2), match[3]


def _headline(
    paragraphs: list[list[str]], name: str, labels: tuple[str, ...]
) -> tuple[str, list[list[str]], tuple[str, ...]]:
    """The headline, the paragraphs that are left, and remarks."""
    first = " ".join(" ".join(paragraphs[0]).split())
    crosslink = any(_is_crosslink(line, labels) for line in paragraphs[0])
    if crosslink or len(first) > HEADLINE_LENGTH or len(_literal(first)) > 300 or not re.search(r"[^\W_]", first):
        return _named(name, paragraphs)
    stops = [following for _, following in _stops(first)]
    if any(not following.islower() for following in stops):
        return _named(name, paragraphs)
    remarks = ("words follow a full stop in the headline: they may have strayed there",) if stops else ()
    return first, paragraphs[1:], remarks


def _named(name: str, paragraphs: list[list[str]]) -> tuple[str, list[list[str]], tuple[str, ...]]:
    words = " ".join(re.split(r"[\s_-]+", _stem(name))).strip()
    headline = words[:100].strip() if re.search(r"\w", words) else "Untitled"
    remark = "the text does not begin with a headline, so it was made from the file's name"
    return headline[:1].upper() + headline[1:], paragraphs, (remark,)


def _stem(name: str) -> str:
    last = _cleaned(name)[0].replace("\\", "/").rpartition("/")[2]
    return re.sub(r"\.(?:txt|text|md|markdown)$", "", last, flags=re.IGNORECASE)


def _summary(prose: list[str]) -> str:
    """The first sentences of the lead, as plain text: the first paragraph that ends like a sentence, or the first."""
    lead = next((paragraph for paragraph in prose if _ENDS.search(paragraph)), prose[0] if prose else "")
    if len(lead) <= SUMMARY_LENGTH:
        return lead
    ends = [end for end, following in _stops(lead[: SUMMARY_LENGTH + 20]) if not following.islower()]
    fitting = [end for end in ends if end <= SUMMARY_LENGTH]
    if fitting:
        return lead[: fitting[-1]]
    cut = lead[:SUMMARY_LENGTH].rpartition(" ")[0] or lead[: SUMMARY_LENGTH - 1]
    return cut.rstrip(" ,;:–—-") + "…"


def _about_body(rest: list[list[str]], prose: list[str], labels: tuple[str, ...]) -> Iterator[str]:
    if not rest:
        yield "there is a headline and no body"
    elif not prose:
        yield "the body is cross-links only, so there is no summary"
    for line, after in ((line, after) for each in rest for line, after in pairwise(each)):
        if _is_crosslink(line, labels) and not _is_crosslink(after, labels):
            yield f"a cross-link runs on into the next line: if '{_short(after)}' is not its headline, part the two"
    for paragraph in prose:
        if len(paragraph) > 60 and re.search(r"[\w,;–—-]$", paragraph):
            yield f"a paragraph ends within a sentence: '{_short(paragraph[-40:].partition(' ')[2])}'"


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


# -- source

_UPPER: Final = "".join(char for char in map(chr, range(0x530)) if char.isupper())
_WORD: Final = rf"(?:(?:[Aa]l|[Ee]l|a[nrstz]|ash)-)?[{_UPPER}]\w*(?:[-’'.&]\w+)*"
_LINK: Final = r"(?:of|on|&|de|del|della|di|da|do|dos|du|la|le|der|die|das|van|von)"
_NUMBER: Final = r"(?:(?<=Channel)|(?<=France)|(?<=Radio)|(?<=TV)) \d{1,2}"
_SPAN: Final = re.compile(rf"(?<![\w-]){_WORD}(?: (?:{_LINK} ){{0,2}}{_WORD}|{_NUMBER}\b){{0,6}}")
_CUE: Final = (
    r"\b(?i:according to|citing|quoting|quoted by|told|report(?:ed|s)? (?:by|in|from)|published (?:by|in)|"
    r"(?:interview|statement) (?:with|to|in)|said (?:in|to))"
)
_QUALIFIER: Final = rf"(?: (?:[a-z][\w-]*|[{_UPPER}]\w+-[a-z]+))"
_OUTLET: Final = (
    r"(?:(?:daily|weekly|online|press|television|tv|radio|satellite) )?(?:newspaper|daily|weekly|tabloid|magazine|"
    r"journal|news (?:agency|site|outlet|website|service|channel|portal)|agency|website|broadcaster|channel|"
    r"station|outlet)\b"
)
_REPORTED: Final = (
    r"(?:(?:has|had|also|first|later|earlier|previously) ){0,2}(?:report(?:ed|s)|wrote|writes|revealed)\b"
)
_SAID: Final = rf"(?:{_REPORTED}|(?:has |had |also )?(?:said|says|claimed|quoted|cited)\b)"
# what stands before a name, and after it, where the name is a source's whatever it is
_SURE: Final = tuple(
    (re.compile(before), re.compile(after))
    for before, after in (
        (rf"{_CUE}{_QUALIFIER}{{0,4}}$", rf"{_OUTLET}(?! [\"'“‘]?[{_UPPER}])"),
        (rf"{_CUE}{_QUALIFIER}{{0,4}}(?: [{_UPPER}]\w+)? {_OUTLET}$", ""),
        ("", rf"{_OUTLET} {_SAID}"),
        (rf"\b{_OUTLET}$", _SAID),
        (r"\breports? (?:published |released )?by(?: the)?$", ""),
        ("", r"(?:said|says|wrote|writes) in (?:an?|its|the)(?: [\w-]+){0,2} report\b"),
    )
)
# and where it is if the name sounds like an outlet's
_LIKELY: Final = tuple(
    (re.compile(before), re.compile(after)) for before, after in ((rf"{_CUE}{_QUALIFIER}{{0,2}}$", ""), ("", _REPORTED))
)
# how the names of outlets end (or stand before "of", "on"), how they begin, and some that sound like nothing else
_LAST: Final = frozenset(
    "advertiser argus bulletin chronicle courier daily dispatch echo examiner express gazette guardian herald "
    "independent inquirer journal mail mirror observer post press sentinel telegraph television times tribune tv "
    "weekly zeitung".split()
)
_FIRST: Final = frozenset("agence channel daily press radio".split())
_KNOWN: Final = frozenset(
    "afp anadolu ap bbc bloomberg broadcasting cbs cnn dpa figaro haaretz interfax jazeera kyodo nbc news npr politico "
    "reuters spiegel tass xinhua yonhap".split()
)
_GENERIC: Final = frozenset("agency channel daily local media news press radio state television the tv".split())
_TITLES: Final = frozenset(
    "mr mrs ms dr sir president minister prime professor judge king queen senator general captain".split()
)
_DAYS: Final = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december".split()
)
_OPENERS: Final = _DAYS | frozenset(
    "according after and as at before but citing during for from in last meanwhile on quoting since then when "
    "while yet".split()
)
_OWNERS: Final = frozenset("barron harper jane lloyd moody people reader women".split())


def _source(prose: list[str]) -> tuple[str, tuple[str, ...]]:
    """The outlet that the text says it draws on, or nothing and a remark."""
    names = [candidate for paragraph in prose for candidate in _names(paragraph)]
    for name, before, after in names:
        if _fits(_SURE, before, after) and name.split()[0].casefold() not in _TITLES and not _is_part(before, after):
            return name, ()
    for name, before, after in names:
        if _sounds_like_an_outlet(name) and _fits(_LIKELY, before, after):
            return name, ()
    remark = "no sentence names for certain the outlet that the story draws on, so there is no source"
    maybe = next((name for name, before, _ in names if re.search(r"(?i:\baccording to)(?: the)?$", before)), "")
    return "", (f"{remark}; it may be '{maybe}'" if maybe else remark,)


def _fits(rows: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...], before: str, after: str) -> bool:
    """Does a row fit? None does after "a" or "an": a London newspaper has no name."""
    if re.search(r"\b[Aa]n?$", before):
        return False
    return any(left.search(before) and right.match(after) for left, right in rows)


def _is_part(before: str, after: str) -> bool:
    """Does "and" join the name to another, so that it may be half of one?"""
    return bool(re.match(rf"and [{_UPPER}]", after) or re.search(rf"\b[{_UPPER}]\w* and$", before))


def _sounds_like_an_outlet(name: str) -> bool:
    words = [word.casefold().rpartition("-")[2] for word in name.split()]
    last = {word for word, after in pairwise([*words, "of"]) if after in ("of", "on")}
    known = last & _LAST or words[0] in _FIRST or _KNOWN.intersection(words) or words[-1].isdigit()
    return bool(known and set(words) - _GENERIC)


def _names(paragraph: str) -> Iterator[tuple[str, str, str]]:
    """Proper names, each with what stands before it and after it.

    A single word at the beginning of a sentence is none unless it sounds like an outlet's: there every word has a
    capital.
    """
    typed, paragraph = paragraph, paragraph.replace("’", "'")
    for match in _SPAN.finditer(paragraph):
        start, words = match.start(), match[0].split(" ")
        opens = re.search(
            rf"(?:^|[.!?…:]{_CLOSERS} )[\"'“‘«(]*$", paragraph[max(0, start - 8) : start] if start else ""
        )
        while words and _is_opener(words, opens=bool(opens)):
            start += len(words.pop(0)) + 1
        while words and words[-1].casefold() in _DAYS:
            words.pop()
        name = " ".join(words)
        stem, owner, _ = name.partition("'s") if name.endswith("'s") else (name, "", "")
        if owner and stem.casefold() not in _OWNERS:
            name = stem
        any_word = opens and start == match.start() and len(words) == 1 and not _sounds_like_an_outlet(name)
        if 0 < len(name) <= 100 and not any_word:
            before = paragraph[max(0, start - 90) : start].rstrip(" \"'“‘«(")
            yield typed[start : start + len(name)], before, paragraph[match.end() : match.end() + 60].lstrip(" \"'”»)")


def _is_opener(words: list[str], *, opens: bool) -> bool:
    """Is the first word of a name none of its own: a day, the beginning of a sentence, an owner's land or town?"""
    word = words[0].casefold()
    article = opens and word in ("the", "a", "an")
    owner = len(words) > 1 and word.endswith("'s") and word[:-2] not in _OWNERS
    return article or owner or word in _OPENERS or word.endswith(("-based", "-owned", "-run", "-backed", "-language"))


# -- tags


def _tags(headline: str, prose: list[str], topics: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The topics that headline and prose name most, heaviest first. Cross-links speak of other stories."""
    title, body = _plain_quotes(headline), _plain_quotes("\n".join(prose))
    weights = {}
    for label, names in topics.items():
        weight = HEADLINE_WEIGHT * _mentions(title, names) + _mentions(body, names)
        if weight and label.strip():
            weights[label] = weight
    return sorted(weights, key=lambda label: (-weights[label], label.casefold(), label))[:MOST_TAGS]


def _mentions(text: str, names: tuple[str, ...]) -> int:
    words = sorted(
        {_plain_quotes(" ".join(name.split())) for name in names if name.strip()}, key=lambda word: (-len(word), word)
    )
    if not words:
        return 0
    patterns = (re.escape(word).replace(r"\ ", r"\s+") for word in words)
    cased = (
        pattern if _is_abbreviation(word) else f"(?i:{pattern})" for word, pattern in zip(words, patterns, strict=True)
    )
    return len(re.findall(rf"(?<!\w)(?:{'|'.join(cased)})(?!\w)", text))


def _is_abbreviation(word: str) -> bool:
    return len(word) == 1 or (word.isupper() and " " not in word)


def _plain_quotes(text: str) -> str:
    return unicodedata.normalize("NFC", text).replace("’", "'")
