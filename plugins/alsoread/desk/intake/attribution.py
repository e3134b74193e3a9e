"""Which outlet does a text say that it draws on?

Conservative: only spans of proper names in the wordings of attribution, and where the wording leaves doubt only names
that sound like an outlet. No source is better than a wrong one.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

__all__ = ["source_of"]

_CLOSERS: Final = r"[\"'”’»)\]]*"
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


def source_of(prose: list[str]) -> tuple[str, tuple[str, ...]]:
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
