"""Where does a text of Markdown hold what may be a cross-link?

An extension of Python-Markdown marks paragraphs that begin with a label and brackets within sentences, and notes what
it marked. The marks are those of ``news.marks``.
"""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Final
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import ETX, INLINE_PLACEHOLDER_RE, STX, AtomicString

from alsoread.news.labels import begins, is_sentence
from alsoread.news.marks import MARK, MAX_GROWTH, Seen
from alsoread.news.tags import NestingTooDeep

__all__ = ["IN_BRACKETS", "BracketsProcessor", "CrossLinkExtension", "Paper"]


@dataclass(slots=True)
class Paper:
    """What the extension reads and notes while one text is converted; a summary holds no cross-links."""

    labels: tuple[str, ...] = ()
    linking: bool = False
    length: int = 0
    seen: list[Seen] = field(default_factory=list)
    named: list[str] = field(default_factory=list)


class _CrossLinkProcessor(BlockProcessor):
    """Marks paragraphs that begin with a label, and parts those that run into the line before."""

    def __init__(self, parser: BlockParser, paper: Paper) -> None:
        super().__init__(parser)
        self.paper = paper

    def test(self, parent: Element, block: str) -> bool:
        if not self.paper.labels or self.parser.state.isstate("list"):
            return False
        return bool(self._starts(block.split("\n")))

    def run(self, parent: Element, blocks: list[str]) -> bool:
        lines = blocks[0].split("\n")
        starts = self._starts(lines)
        inner = _first_apart(lines, starts)
        if inner is not None:
            self._part(blocks, lines, inner)
        if starts[0] != 0:
            return False
        blocks[0] = f"{MARK}{len(self.paper.seen)}:{blocks[0].lstrip(' ')}"
        begin = begins(lines[0], self.paper.labels)
        if begin is not None:  # as the test has seen
            self.paper.seen.append(Seen(begin.label, begin.certain or "[[" in blocks[0], lines[0]))
        return False

    def _starts(self, lines: list[str]) -> list[int]:
        """Any label on the first line of a paragraph counts, within it only one that is certain.

        Brackets behind a label leave no doubt; but with words behind them they are a link in a sentence.
        """
        begun = [(number, begins(line, self.paper.labels)) for number, line in enumerate(lines)]
        starts = [number for number, begin in begun if begin is not None and (number == 0 or begin.certain)]
        if starts and starts[0] == 0 and begun[0][1] is not None and not begun[0][1].certain:
            paragraph = "\n".join(lines[: starts[1] if starts[1:] else None])
            if is_sentence(paragraph, self.paper.labels):
                return starts[1:]
        return starts

    def _part(self, blocks: list[str], lines: list[str], at: int) -> bool:
        blocks[0] = "\n".join(lines[:at])
        blocks.insert(1, "\n".join(lines[at:]))
        return False


def _first_apart(lines: list[str], starts: list[int]) -> int | None:
    """The first of the lines at which a paragraph can be parted: no emphasis or code that began before ends behind."""
    found, begun = [0] * len(_MARKS), frozenset(starts)
    for number, line in enumerate(lines[: starts[-1] + 1]):
        if number and number in begun and not any(count % 2 for count in found):
            return number
        found = [count + len(mark.findall(line)) for count, mark in zip(found, _MARKS, strict=True)]
    return None


# marks between spaces are no marks, nor is an underline within a word
_MARKS: Final = tuple(
    re.compile(pattern) for pattern in (r"(?<![\s*])\*+|(?<!\*)\*+(?![\s*])", r"(?<!\w)_+(?!\s)|(?<!\s)_+(?!\w)", r"`+")
)


class _GrowthProcessor(Treeprocessor):
    """Weighs a page before it is written: one long address or abbreviation can stand in it ten thousand times."""

    def __init__(self, md: Markdown, paper: Paper) -> None:
        super().__init__(md)
        self.paper = paper

    def run(self, root: Element) -> None:
        left = MAX_GROWTH * self.paper.length + 100_000
        for element in root.iter():
            left -= (
                len(element.text or "")
                + len(element.tail or "")
                + sum(len(value or "") for value in element.attrib.values())
            )
            if left < 0:
                raise NestingTooDeep("long addresses or abbreviations repeat")


class BracketsProcessor(InlineProcessor):
    """Marks ``[[id]]`` and ``[[id|words]]`` within a sentence. What links by itself, ``[[1]](address)``, it leaves."""

    def __init__(self, md: Markdown, paper: Paper) -> None:
        super().__init__(IN_BRACKETS, md)
        self.paper = paper

    def handleMatch(  # type: ignore[override] # noqa: N802 - the library's name
        self, match: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        key, bar, words = self._divided(match[1])
        is_named = bool(key.strip()) and bool(words.strip() or not bar)
        if not is_named or not self.paper.linking or data.startswith(MARK) or _is_in_tag(data, match.start(0)):
            return None, None, None
        link = Element("a", href=f"/{MARK}{len(self.paper.named)}")
        self.paper.named.append(unescape(f"[[{self._typed(key)}{bar}{self._typed(words)}]]"))
        link.text = AtomicString((words or key).strip())
        return link, match.start(0), match.end(0)

    def _divided(self, inside: str) -> tuple[str, str, str]:
        """The key, a bar and the words; in a table the bar is written with a backslash, and set aside by now."""
        bars = (match for match in _SET_ASIDE.finditer(inside) if self._typed(match[0]) == "|")
        bar = next(bars, None)
        return (inside, "", "") if bar is None else (inside[: bar.start()], "|", inside[bar.end() :])

    def _typed(self, text: str) -> str:
        """The text without what stands in it for code and for characters behind a backslash."""
        return _ESCAPED.sub(lambda match: chr(int(match[1])), self.unescape(text))


IN_BRACKETS: Final = r"\[\[([^\[\]\n]+)\]\](?!\(|\[(?!\[))"
# a bar, or what Python-Markdown has put in the place of something
_SET_ASIDE: Final = re.compile(rf"\||{INLINE_PLACEHOLDER_RE.pattern}")
_ESCAPED: Final = re.compile(f"{STX}(\\d+){ETX}")


def _is_in_tag(data: str, at: int) -> bool:
    """Does a tag of HTML or an address in angle brackets begin before a place, and not end?"""
    begin = data.rfind("<", max(0, at - _LONGEST_TAG), at)
    end = data.find(">", at, at + _LONGEST_TAG)
    inside = data[begin + 1 : end]
    return begin >= 0 and end >= 0 and inside[:1].isalpha() and not set("<>") & set(inside)


_LONGEST_TAG: Final = 2_000


class CrossLinkExtension(Extension):
    """Marks what may be a cross-link, and notes it on a paper."""

    def __init__(self, paper: Paper) -> None:
        super().__init__()
        self.paper = paper

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the library's name
        # just above Python-Markdown's own paragraphs (10) and references (15), below lists, quotes and headings
        md.parser.blockprocessors.register(_CrossLinkProcessor(md.parser, self.paper), "alsoread-crosslink", 17)
        # below code and escapes (190, 180), above links by reference (170)
        md.inlinePatterns.register(BracketsProcessor(md, self.paper), "alsoread-inline", 175)
        # after all others: what it sees is what is written
        md.treeprocessors.register(_GrowthProcessor(md, self.paper), "alsoread-growth", -100)
