"""Which tags does a piece of HTML hold, and does it nest and repeat within reason?

HTML's parser repairs whatever it is given, and its repairs can be made to cost: elements that are never closed nest
ever deeper, which takes quadratic time, and formatting elements are opened anew in every paragraph (HTML Standard,
"reconstruct the active formatting elements"), which takes gigabytes. Nothing interrupts native code, so a text is read
here first. What is a tag is settled by the strict grammar of CommonMark (section 6.6), which HTML's tokenizer reads in
the same way; every other ``<`` becomes a character.
"""

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from typing import Final

__all__ = ["MAX_GROWTH", "OPAQUE", "Nesting", "NestingTooDeep", "Tag", "is_tame", "read_tags"]

MAX_DEPTH: Final = 64
MAX_GROWTH: Final = 4
MAX_TAG: Final = 4_096
MAX_TAME_DEPTH: Final = 16

_TOKEN: Final = re.compile(
    r"<(?P<closing>/?)(?P<name>[A-Za-z][A-Za-z0-9:-]*+)"
    r"(?:[ \t\n\f\r/]++[^ \t\n\f\r\"'<>/=]++"
    r"(?:[ \t\n\f\r]*+=[ \t\n\f\r]*+(?:\"[^\"]*+\"|'[^']*+'|[^ \t\n\f\r\"'<>]++))?+)*+[ \t\n\f\r/]*+>"
    r"|<!--|<[!?]|<"
)
# elements whose content is no HTML, or HTML of another kind: nothing in them is read
OPAQUE: Final = frozenset(
    "iframe math noembed noframes noscript object plaintext script style svg template textarea title xmp".split()
)
_VOID: Final = frozenset("area base br col embed hr img input link meta source track wbr".split())
# these close one another, and belong to a table that is counted
_UNCOUNTED: Final = frozenset("caption colgroup p tbody td tfoot th thead tr".split())
_FORMATTING: Final = frozenset("a b big code em font i nobr s small strike strong tt u".split())
_BLOCKS: Final = frozenset(
    "address article aside blockquote details div dl figcaption figure footer h1 h2 h3 h4 h5 h6 header main nav ol pre"
    " section summary ul".split()
)
# elements that another's start or end closes (HTML Standard, "generate implied end tags")
_CLOSED_BY_BLOCK: Final = frozenset({"li", "dd", "dt", "rp", "rt"})
_REPLACED_BY: Final = {"li": {"li"}, "dd": {"dd", "dt"}, "dt": {"dd", "dt"}}


class NestingTooDeep(Exception):
    """The HTML nests deeper, or grows more when repaired, than a page ever does."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A start or end tag: its name in lower case, how it was typed, and where in the text it begins."""

    name: str
    closing: bool
    source: str
    at: int = field(default=0, compare=False)


def is_tame(source: str, names: Container[str]) -> bool:
    """Are all tags plainly written ones of these names, each closed in its turn, with nothing that a parser repairs?

    Of such a text everything is kept, and nothing is deep or repeated. Most are.
    """
    begun: list[str] = []
    formatting = 0
    for closing, name in _PLAIN_TAG.findall(source):
        if name not in names:
            return False
        if closing:
            if not begun or begun.pop() != name:
                return False
            formatting -= name in _FORMATTING
        elif name in _FORMATTING:
            formatting += 1
            begun.append(name)
        elif formatting and name not in _VOID:
            return False
        elif name not in _VOID:
            begun.append(name)
        if len(begun) > MAX_TAME_DEPTH:
            return False
    return not begun


# a plain tag, or else any "<"
_PLAIN_TAG: Final = re.compile(r"<(?:(/?)([a-z][a-z0-9]*+)(?: [a-z]+(?:=\"[^\"<>]{0,500}\")?){0,6}(?: ?/)?>)?")


def read_tags(source: str) -> Iterator[str | Tag]:
    """The tags of a text and what stands between them, in linear time.

    Comments, declarations and the content of scripts, styles, drawings and the like are passed over.
    """
    at = 0
    while match := _TOKEN.search(source, at):
        if match.start() > at:
            yield source[at : match.start()]
        at = match.end()
        if match["name"]:
            tag = Tag(match["name"].lower(), bool(match["closing"]), match[0], match.start())
            yield tag
            if tag.name in OPAQUE and not tag.closing:
                end = re.compile(rf"</{tag.name}(?=[ \t\n\f\r/>])", re.IGNORECASE).search(source, at)
                at = end.start() if end else len(source)
        elif match[0] == "<":
            yield "&lt;"
        else:
            at = _after("-->" if match[0] == "<!--" else ">", source, at)
    yield source[at:]


def _after(mark: str, source: str, at: int) -> int:
    found = source.find(mark, at)
    return len(source) if found < 0 else found + len(mark)


@dataclass(slots=True)
class Nesting:
    """A bound on what a parser makes of tags: it never has more elements open, nor repeats more, than is counted here.

    An end tag counts only where it closes the element opened last, so what is badly nested counts as never closed.
    """

    length: int
    _open: list[tuple[str, int]] = field(default_factory=list)
    _formatting: int = 0
    _repeated: int = 0

    def add(self, tag: Tag) -> None:
        """Count one more tag.

        :raises NestingTooDeep: if it is one too many.
        """
        if len(tag.source) > MAX_TAG:
            raise NestingTooDeep(f"a tag is longer than {MAX_TAG:,} characters")
        if tag.name in _VOID:
            return
        if tag.name not in _FORMATTING:
            # whatever formatting is still open here may be opened anew behind it
            self._repeated += self._formatting
        if tag.closing:
            self._close(tag.name)
        elif tag.name not in _UNCOUNTED:
            self._begin(tag)
        if len(self._open) > MAX_DEPTH:
            raise NestingTooDeep(f"elements nest deeper than {MAX_DEPTH}")
        if self._repeated > MAX_GROWTH * self.length + 10_000:
            raise NestingTooDeep("unclosed elements repeat")

    def _begin(self, tag: Tag) -> None:
        if self._open and self._open[-1][0] in _REPLACED_BY.get(tag.name, ()):
            self._open.pop()
        cost = len(tag.source) if tag.name in _FORMATTING else 0
        self._formatting += cost
        self._open.append((tag.name, cost))

    def _close(self, name: str) -> None:
        at = len(self._open) - 1
        passed = _CLOSED_BY_BLOCK if name in _BLOCKS else {"rp", "rt"} if name == "ruby" else ()
        while at >= 0 and self._open[at][0] != name and self._open[at][0] in passed:
            at -= 1
        if at >= 0 and self._open[at][0] == name:
            self._formatting -= self._open[at][1]
            del self._open[at:]
        elif name in _FORMATTING:
            # the parser's "adoption agency" clones up to eight times what is open
            self._repeated += 8 * self._formatting
