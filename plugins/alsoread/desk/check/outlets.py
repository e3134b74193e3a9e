"""Which outlet do the words of a story name as their source, and is it one of those that the story lists?"""

import re
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from alsoread.desk.check.subject import Subject
from alsoread.desk.intake.attribution import source_of
from alsoread.story import Source

__all__ = ["is_named", "unlisted"]

_MARKUP: Final = re.compile(r"[\[\]*_!]+")
_WORD: Final = re.compile(r"[^\W_]+")
_GOES_ON: Final = (
    "for|of|and|newspaper|daily|weekly|tabloid|magazine|journal|broadcaster|channel|station|website|(?:news )?agency"
)
_SMALL: Final = frozenset("a and de for la of on the".split())
_COMMON: Final = ("", "news", "online")


def unlisted(subject: Subject) -> str:
    """The outlet that the words say they draw on, if it is none of the sources and no link leads to it."""
    story = subject.story
    if subject.is_page or not story.sources or not story.lang.startswith("en"):
        return ""
    name = _named_in(subject.markdown.prose)
    if not name or _is_cut(name, subject.markdown.prose):
        return ""
    linked = (Source("", each.target) for each in subject.markdown.references if "://" in each.target)
    is_listed = any(_is_same(name, source) for source in (*story.sources, *linked))
    return "" if is_listed else name


def is_named(source: Source, text: str) -> bool:
    """Whether a text names a source in some way."""
    words, typed = _words(source.name), _words(text)
    joined = f" {' '.join(typed)} "
    short = _initials(words)
    return f" {' '.join(words)} " in joined or (len(short) > 1 and f" {short} " in joined) or _first(words) in typed


def _is_cut(name: str, prose: str) -> bool:
    """Whether a name goes on behind what was taken for it: "Centers for Disease Control", "Dutch daily Trouw"."""
    return bool(re.search(rf"\b{re.escape(name)}\s+(?:{_GOES_ON})\s+[A-Z]", prose))


@lru_cache(maxsize=4)
def _named_in(prose: str) -> str:
    paragraphs = [" ".join(_MARKUP.sub("", each).split()) for each in re.split(r"\n[ \t]*\n", prose)]
    return source_of([each for each in paragraphs if each])[0]


def _is_same(name: str, source: Source) -> bool:
    """Whether a name is that of a source: in full, in part, in its first letters, or in its address."""
    one, other = _words(name), _words(source.name)
    pairs = ((one, other), (other, one))
    if other and any(_holds(whole, part) or _initials(whole) == "".join(part) for whole, part in pairs):
        return True
    return any(_is_host_of(one, address) for address in (source.url, source.archived_url) if address)


def _is_host_of(words: list[str], address: str) -> bool:
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return False
    labels = [label.replace("-", "") for label in (*host.split("."), host.replace(".", ""))]
    whole, initials = "".join(words), _initials(words)
    short = "".join(word[0] for word in words[:-1]) + words[-1] if words else ""
    if any(len(label) > 4 and whole.startswith(label) for label in labels):
        return True
    if len(whole) > 2 and any(whole in label or (len(words) > 1 and short in label) for label in labels):
        return True
    return len(initials) > 1 and any(label == initials + end for label in labels for end in _COMMON)


def _words(text: str) -> list[str]:
    """The words of a name that count, of letters and digits only; S.A.N.A. is one."""
    flat = re.sub(r"\b((?:\w\.){2,})", lambda match: match[1].replace(".", ""), text.casefold().replace("’", "'"))
    return [word for word in _WORD.findall(flat.replace("'s", "")) if word not in _SMALL]


def _initials(words: list[str]) -> str:
    return "".join(word[0] for word in words) if len(words) > 1 else ""


def _holds(whole: list[str], part: list[str]) -> bool:
    return bool(part) and f" {' '.join(part)} " in f" {' '.join(whole)} "


def _first(words: list[str]) -> str:
    return words[0] if words and len(words[0]) > 3 else "\0"
