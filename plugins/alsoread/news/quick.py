"""Which parts of Python-Markdown have nothing to do for a text, and can be passed over?

The library tries every inline pattern on every text and every block processor on every block. Most need a character
that is not there: a paragraph without ``[`` holds no link. :func:`quickened` gives one converter's own parts classes
that look for it first (``Markdown.inlinePatterns`` and the like stay as they are, in order and identity). Only parts
of the library's own are treated so, known by their exact class; patterns and processors of other extensions are asked
as ever. ``news.body`` asks for it where the library is of a version that was compared with its own test material.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeVar
from xml.etree.ElementTree import Element

from markdown import Markdown, blockprocessors, inlinepatterns, treeprocessors
from markdown.blockparser import BlockParser
from markdown.extensions import abbr, attr_list, def_list, fenced_code, footnotes, md_in_html, tables
from markdown.preprocessors import HtmlBlockPreprocessor, NormalizeWhitespace
from markdown.serializers import to_html_string
from markdown.util import INLINE_PLACEHOLDER_PREFIX, STX, AtomicString, Registry

from alsoread.news.marking import IN_BRACKETS, BracketsProcessor
from alsoread.news.quick_tree import (
    QuickAttributes,
    QuickPrettifier,
    QuickUnescaper,
    quick_html,
)

__all__ = ["quickened"]

Part = TypeVar("Part")
May = Callable[[str], bool]


def quickened(md: Markdown) -> Markdown:
    """The converter itself, its own parts made quick. What extensions register later is left as it is."""
    if md.tab_length < 1:
        return md
    if type(md.parser) is BlockParser and type(md.parser.blockprocessors) is Registry:
        md.parser.blockprocessors.__class__ = _Order
        md.parser.__class__ = _QuickBlocks
    if type(md.inlinePatterns) is Registry:
        md.inlinePatterns.__class__ = _Order
    for part in (*md.preprocessors, *md.treeprocessors):
        part.__class__ = _QUICK.get(type(part), type(part))
    if md.serializer is to_html_string:
        md.serializer = quick_html
    return md


class _Order(Registry[Part]):
    """A registry that remembers what is in it, in its order, until something comes or goes."""

    ordered: "tuple[tuple[Part, Any], ...] | None" = None

    def rows(self, known: Callable[[Part], Any]) -> "tuple[tuple[Part, Any], ...]":
        """Each part, with what is known of it."""
        if self.ordered is None:
            self.ordered = tuple((part, known(part)) for part in self)
        return self.ordered

    def register(self, item: Part, name: str, priority: float) -> None:
        self.ordered = None
        super().register(item, name, priority)

    def deregister(self, name: str, strict: bool = True) -> None:
        self.ordered = None
        super().deregister(name, strict)


class _Needs(NamedTuple):
    """Texts that must all stand in what a pattern matches; and must a reference be defined besides?"""

    texts: tuple[str, ...]
    reference: bool = False


_PATTERNS: Final[dict[tuple[type, str], _Needs]] = {
    (inlinepatterns.BacktickInlineProcessor, inlinepatterns.BACKTICK_RE): _Needs(("`",)),
    (inlinepatterns.EscapeInlineProcessor, inlinepatterns.ESCAPE_RE): _Needs(("\\",)),
    (inlinepatterns.ReferenceInlineProcessor, inlinepatterns.REFERENCE_RE): _Needs(("[", "]"), reference=True),
    (inlinepatterns.LinkInlineProcessor, inlinepatterns.LINK_RE): _Needs(("[", "](")),
    (inlinepatterns.ImageInlineProcessor, inlinepatterns.IMAGE_LINK_RE): _Needs(("![", "](")),
    (inlinepatterns.ImageReferenceInlineProcessor, inlinepatterns.IMAGE_REFERENCE_RE): _Needs(
        ("![", "]"), reference=True
    ),
    (inlinepatterns.ShortReferenceInlineProcessor, inlinepatterns.REFERENCE_RE): _Needs(("[", "]"), reference=True),
    (inlinepatterns.ShortImageReferenceInlineProcessor, inlinepatterns.IMAGE_REFERENCE_RE): _Needs(
        ("![", "]"), reference=True
    ),
    (inlinepatterns.AutolinkInlineProcessor, inlinepatterns.AUTOLINK_RE): _Needs(("<", "://", ">")),
    (inlinepatterns.AutomailInlineProcessor, inlinepatterns.AUTOMAIL_RE): _Needs(("<", "@", ">")),
    (inlinepatterns.SubstituteTagInlineProcessor, inlinepatterns.LINE_BREAK_RE): _Needs(("  \n",)),
    (inlinepatterns.HtmlInlineProcessor, inlinepatterns.HTML_RE): _Needs(("<", ">")),
    (inlinepatterns.HtmlInlineProcessor, inlinepatterns.ENTITY_RE): _Needs(("&", ";")),
    (footnotes.FootnoteInlineProcessor, r"\[\^([^\]]*)\]"): _Needs(("[^", "]")),
    (BracketsProcessor, IN_BRACKETS): _Needs(("[[", "]]")),
}


def _needs(pattern: Any) -> _Needs | tuple[()] | None:
    """What a pattern needs; an empty tuple for emphasis, which is asked for its signs; None where it is not known."""
    if type(pattern) is inlinepatterns.DelimiterProcessor:
        return ()
    return _PATTERNS.get((type(pattern), getattr(pattern, "pattern", "")))


def _has_none(pattern: Any, needs: "_Needs | tuple[()] | None", data: str) -> bool:
    """Can this pattern not match anywhere in the text, for certain?"""
    if needs is None:
        return False
    if type(needs) is tuple:
        return not any(token in data for token in pattern.tokens)
    for text in needs.texts:  # type: ignore[union-attr]
        if text not in data:
            return True
    # without a definition a reference is looked up and left as it was
    return needs.reference and not pattern.md.references  # type: ignore[union-attr]


class _QuickInline(treeprocessors.InlineProcessor):
    """The walk through texts that tries only patterns which have something to find."""

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:  # noqa: N802, N803
        patterns: Any = self.inlinePatterns
        if type(patterns) is not _Order:
            return str(_stock_handle(self, data, patternIndex))
        if isinstance(data, AtomicString):
            return data
        start, count, rows = 0, len(patterns), patterns.rows(_needs)
        while patternIndex < count:
            pattern, needs = rows[patternIndex]
            if _has_none(pattern, needs, data):
                start, patternIndex = 0, patternIndex + 1  # noqa: N806
                continue
            data, matched, start = _stock_apply(self, pattern, data, patternIndex, start)
            if not matched:
                patternIndex += 1  # noqa: N806
            rows = patterns.rows(_needs)
        return data

    def _InlineProcessor__processPlaceholders(self, data: str | None, parent: Element, isText: bool = True) -> Any:  # noqa: N802, N803
        if not data or INLINE_PLACEHOLDER_PREFIX in data:
            return _stock_placeholders(self, data, parent, isText)
        if isText:
            parent.text = parent.text + data if parent.text else data
        else:
            parent.tail = parent.tail + data if parent.tail else data
        return []


# the library's own, under the names that Python gives to what is private to a class
_stock_handle: Final[Any] = getattr(treeprocessors.InlineProcessor, "_InlineProcessor__handleInline", None)
_stock_apply: Final[Any] = getattr(treeprocessors.InlineProcessor, "_InlineProcessor__applyPattern", None)
_stock_placeholders: Final[Any] = getattr(treeprocessors.InlineProcessor, "_InlineProcessor__processPlaceholders", None)


def _starts_indented(block: str) -> bool:
    return block[:1] == " "


def _has_table(block: str) -> bool:
    return "|" in block and "\n" in block


def _has_heading(block: str) -> bool:
    return block[:1] == "#" or "\n#" in block


def _has_underline(block: str) -> bool:
    return "\n=" in block or "\n-" in block


def _has_rule(block: str) -> bool:
    if "\n" in block and ("\n-" in block or "\n_" in block or "\n*" in block or "\n " in block):
        return True
    return block.lstrip(" ")[:1] in "-_*"


def _starts_number(block: str) -> bool:
    return block.lstrip(" ")[:1].isdecimal()


def _starts_bullet(block: str) -> bool:
    return block.lstrip(" ")[:1] in "*+-"


def _has_definition(block: str) -> bool:
    return ": " in block and (block.lstrip(" ")[:1] == ":" or "\n:" in block or "\n " in block)


_BLOCKS: Final[dict[type, May]] = {
    md_in_html.MarkdownInHtmlProcessor: lambda block: block[:1] == STX,
    blockprocessors.EmptyBlockProcessor: lambda block: block[:1] in ("", "\n"),
    blockprocessors.ListIndentProcessor: _starts_indented,
    def_list.DefListIndentProcessor: _starts_indented,
    blockprocessors.CodeBlockProcessor: _starts_indented,
    tables.TableProcessor: _has_table,
    blockprocessors.HashHeaderProcessor: _has_heading,
    blockprocessors.SetextHeaderProcessor: _has_underline,
    blockprocessors.HRProcessor: _has_rule,
    blockprocessors.OListProcessor: _starts_number,
    blockprocessors.UListProcessor: _starts_bullet,
    def_list.DefListProcessor: _has_definition,
    blockprocessors.BlockQuoteProcessor: lambda block: ">" in block,
    footnotes.FootnoteBlockProcessor: lambda block: "[^" in block and "]:" in block,
    abbr.AbbrBlockprocessor: lambda block: "*[" in block,
    blockprocessors.ReferenceProcessor: lambda block: "]:" in block,
}


def _may(processor: Any) -> May | None:
    """May a processor do something to a block? None where that is not known and it must be asked."""
    return _BLOCKS.get(type(processor))


class _QuickBlocks(BlockParser):
    """The parser that asks only processors which may do something to a block."""

    def parseBlocks(self, parent: Element, blocks: list[str]) -> None:  # noqa: N802 - the library's name
        order: Any = self.blockprocessors
        if type(order) is not _Order:
            super().parseBlocks(parent, blocks)
            return
        while blocks:
            for processor, may in order.rows(_may):
                block = blocks[0]
                if may is not None and not may(block):
                    continue
                if processor.test(parent, block) and processor.run(parent, blocks) is not False:
                    break


class _QuickWhitespace(NormalizeWhitespace):
    def run(self, lines: list[str]) -> list[str]:
        source = "\n".join(lines)
        if any(sign in source for sign in ("\r", "\t", " \n", STX, "\x03")):
            return super().run(lines)
        return f"{source}\n\n".split("\n")


class _QuickFences(fenced_code.FencedBlockPreprocessor):
    def run(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines)
        return super().run(lines) if "```" in text or "~~~" in text else text.split("\n")


class _QuickHtmlBlocks(HtmlBlockPreprocessor):
    def run(self, lines: list[str]) -> list[str]:
        source = "\n".join(lines)
        return super().run(lines) if "<" in source or "&" in source else source.split("\n")


class _QuickHtmlBlocksInMarkdown(md_in_html.HtmlBlockPreprocessor):
    def run(self, lines: list[str]) -> list[str]:
        source = "\n".join(lines)
        return super().run(lines) if "<" in source or "&" in source else source.split("\n")


_QUICK: Final[dict[type, type]] = {
    NormalizeWhitespace: _QuickWhitespace,
    fenced_code.FencedBlockPreprocessor: _QuickFences,
    HtmlBlockPreprocessor: _QuickHtmlBlocks,
    md_in_html.HtmlBlockPreprocessor: _QuickHtmlBlocksInMarkdown,
    treeprocessors.InlineProcessor: _QuickInline,
    treeprocessors.PrettifyTreeprocessor: QuickPrettifier,
    attr_list.AttrListTreeprocessor: QuickAttributes,
    treeprocessors.UnescapeTreeprocessor: QuickUnescaper,
}
