"""What story does a plain text hold?

The headline stands first, paragraphs are parted by empty lines, and cross-link lines stand between them. The words stay
as they were typed; what Markdown would read as markup is escaped. What is guessed (source, summary, tags) is guessed
carefully, and left out with a remark where in doubt.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final

import yaml

from alsoread.desk.intake.attribution import source_of
from alsoread.desk.intake.escape import escaped_line, escaped_text, is_crosslink, literal
from alsoread.news.characters import is_forbidden
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
    source, about_source = source_of(prose)
    summary, tags = _summary(prose), _tags(headline, prose, topics)
    if not tags:
        remarks += ("no topic of the digest is named in the text, so there are no tags",)
    slug = cut_slug(slugify(headline)) or cut_slug(slugify(_stem(name))) or "story"
    front = "".join(
        (
            _field("title", literal(headline)),
            f"date: {when}\n",
            _field("tags", tags),
            _field("summary", escaped_text(summary)),
            _field("slug", slug),
            _field("sources", [{"name": source, "role": "cited"}] if source else []),
        )
    )
    body = "\n\n".join("\n".join(escaped_line(line, labels) for line in paragraph) for paragraph in rest)
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


_LINE_ENDS: Final = re.compile("\r\n?|[\x0b\x0c\x85\u2028]")
_FRONT_MATTER: Final = re.compile(
    r"(?:-{3,}|\+{3,})[ \t]*\n\s*[A-Za-z][\w-]*[ \t]*[:=]|(?:title|date|slug|tags):", re.IGNORECASE
)


def _cleaned(text: str) -> tuple[str, tuple[str, ...]]:
    r"""The text with ``\n`` for every kind of line end, without characters that may not stand in a story's file."""
    text = _LINE_ENDS.sub("\n", text).replace("\u2029", "\n\n")
    bad = {char for char in set(text) if char == "\ufeff" or is_forbidden(char)}
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
        if is_crosslink(line, labels):
            return paragraph[:number]
    return paragraph


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
    crosslink = any(is_crosslink(line, labels) for line in paragraphs[0])
    if crosslink or len(first) > HEADLINE_LENGTH or len(literal(first)) > 300 or not re.search(r"[^\W_]", first):
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
        if is_crosslink(line, labels) and not is_crosslink(after, labels):
            yield f"a cross-link runs on into the next line: if '{_short(after)}' is not its headline, part the two"
    for paragraph in prose:
        if len(paragraph) > 60 and re.search(r"[\w,;–—-]$", paragraph):
            yield f"a paragraph ends within a sentence: '{_short(paragraph[-40:].partition(' ')[2])}'"


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


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
