"""Where do links, pictures, headings and paragraphs stand in a text of Markdown?

The body's own parser makes HTML and forgets where things stood; what is found here is found as it was typed. Code and
comments hold nothing, and blocks of HTML no Markdown. Every place is an offset into the text. The time that it takes
grows with the length of the text and no faster, whatever the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from markdown.util import BLOCK_LEVEL_ELEMENTS

__all__ = ["Block", "Heading", "Reference", "Scan", "blanked", "scan"]

ReferenceKind = Literal["link", "picture"]


@dataclass(frozen=True, slots=True)
class Reference:
    """A link or a picture: where its address stands and what it is, and the words or the alternative text.

    ``start`` and ``end`` hold the whole of it. A picture in HTML without ``alt`` has None for its words. ``title`` is
    what stands in quotes behind the address.
    """

    kind: ReferenceKind
    target: str
    at: int
    words: str | None
    start: int
    end: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its level (1 to 6), its words, and where it begins."""

    level: int
    words: str
    at: int


@dataclass(frozen=True, slots=True)
class Block:
    """Lines without an empty one between them, that are no heading, code, HTML or table."""

    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Scan:
    """What was found in a text.

    ``plain`` is the text with a space for every character of code and comments; ``prose`` has one for those of
    addresses, tags and blocks of HTML too.
    """

    plain: str
    prose: str
    references: tuple[Reference, ...]
    headings: tuple[Heading, ...]
    blocks: tuple[Block, ...]


_FENCE: Final = re.compile(r" {0,3}(`{3,}|~{3,})[^\n`]*$")
_LIST_ITEM: Final = re.compile(r" {0,3}(?:[*+-]|\d{1,9}[.)])[ \t]")
_EMPTY_LINE: Final = re.compile(r"\n[ \t]*(?=\n)")
_SPECIAL: Final = re.compile(r"(?P<escape>\\[!-/:-@\[-`{-~])|(?P<ticks>`+)|<!--")
_NOT_LINE_END: Final = re.compile(r"[^\n]")
_TAG: Final = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)(?=[\s/>])([^<>]*)>")
_BLOCK_ELEMENTS: Final = frozenset(BLOCK_LEVEL_ELEMENTS) - {"hr"}
_WORDS: Final = r"((?:[^\[\]\n]|\n(?![ \t]{0,40}\n)|\[[^\[\]\n]{0,500}\]){0,1000}?)"
_ADDRESS: Final = r"(?:<([^<>\n]{0,2000})>|((?:[^\s()<>]|\([^\s()<>]{0,500}\)){0,2000}))"
_TITLE: Final = r"(?:[ \t\n]{1,40}(\"[^\n]{0,500}?\"|'[^\n]{0,500}?'))?"
_INLINE: Final = re.compile(rf"(!?)\[{_WORDS}\]\([ \t]{{0,40}}\n?[ \t]{{0,40}}{_ADDRESS}{_TITLE}[ \t]{{0,40}}\)")
_DEFINED: Final = re.compile(
    r"^ {0,3}\[(?!\^)([^\[\]\n]{1,200})\]:[ \t]{0,40}\n?[ \t]{0,40}<?([^\s<>]{1,4000})>?"
    r"(?:(?:[ \t]{1,40}\n?|\n)[ \t]{0,40}(?:\"[^\n]{0,500}\"|'[^\n]{0,500}'|\([^\n]{0,500}\)))?[ \t]*$",
    re.MULTILINE,
)
_PICTURE_BY_NAME: Final = re.compile(r"!\[[^\[\]\n]{0,500}\][ \n]?\[([^\[\]\n]{1,200})\]")
_AUTO: Final = re.compile(r"<((?:https?|mailto|ftp):[^\s<>]+)>", re.IGNORECASE)
_ELEMENT: Final = re.compile(r"<(img|a|source|video|audio)\b((?:[^<>\"']|\"[^\"]*\"|'[^']*'){0,2000})>", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(
    r"\b(src|href|alt)[ \t\n]*=[ \t\n]*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>`=]+))", re.IGNORECASE
)
_ATX: Final = re.compile(r"(#{1,6})(?!#)")
_UNDERLINE: Final = re.compile(r"([=-])[=-]*[ ]*$")
_TABLE_CHARACTERS: Final = frozenset(" \t:|-")


def scan(text: str) -> Scan:
    """All links, pictures, headings and paragraphs of a text of Markdown."""
    plain = _without_code(text)
    markdown = blanked(plain, _html_blocks(plain))
    references = tuple(sorted(_references(plain, markdown, text), key=lambda each: (each.start, each.at)))
    headings, blocks = _lines(markdown)
    return Scan(plain, _prose(markdown, references), references, tuple(headings), tuple(blocks))


def blanked(text: str, spans: list[tuple[int, int]]) -> str:
    """A text with spaces for all characters of some stretches of it, in order, but for line ends."""
    kept, at = [], 0
    for start, end in spans:
        if end > at:
            kept += [text[at : max(start, at)], _NOT_LINE_END.sub(" ", text[max(start, at) : end])]
            at = end
    return "".join((*kept, text[at:])) if kept else text


# -- what is no Markdown


def _without_code(text: str) -> str:
    lines = text.split("\n")
    kept: list[str] = []
    fence, is_code, in_list, after_empty = "", False, False, True
    unclosed: dict[str, int] = {}
    for number, line in enumerate(lines):
        opening = None if fence else _FENCE.match(line)
        if fence:
            fence = "" if _closes(line, fence) else fence
            kept.append(" " * len(line))
            continue
        if opening and _is_closed(lines, number, opening[1], unclosed):
            fence = opening[1]
            kept.append(" " * len(line))
            continue
        is_empty = not line.strip()
        if not is_empty and (after_empty or _LIST_ITEM.match(line)) and not line.startswith((" ", "\t")):
            in_list = bool(_LIST_ITEM.match(line))
        indent = ("        ", "\t\t", "    \t") if in_list else ("    ", "\t")
        is_code = not is_empty and line.startswith(indent) and (is_code or after_empty)
        kept.append(" " * len(line) if is_code else line)
        after_empty = is_empty or is_code
    return _without_spans_of_code("\n".join(kept))


def _closes(line: str, fence: str) -> bool:
    stripped = line.strip()
    return stripped.startswith(fence) and not stripped.strip(fence[0])


def _is_closed(lines: list[str], number: int, fence: str, unclosed: dict[str, int]) -> bool:
    """Whether a fence is ever closed; ``unclosed`` has the shortest of each kind that is not, from there on."""
    if len(fence) >= unclosed.get(fence[0], len(fence) + 1):
        return False
    if any(_closes(lines[later], fence) for later in range(number + 1, len(lines))):
        return True
    unclosed[fence[0]] = len(fence)
    return False


def _without_spans_of_code(text: str) -> str:
    """A text without comments and what stands between backticks; an escaped sign is two underlines."""
    if "`" not in text and "\\" not in text and "<!--" not in text:
        return text
    closing = _closing_ticks(text)
    kept, at, comments_end = [], 0, True
    match = _SPECIAL.search(text)
    while match:
        end = match.end()
        new = match[0]
        if match["escape"]:
            new = "__"
        elif match["ticks"]:
            end = closing.get(match.start(), end)
            new = new if end == match.end() else _NOT_LINE_END.sub(" ", text[match.start() : end])
        elif comments_end:
            found = text.find("-->", end)
            comments_end = found >= 0
            end = found + 3 if comments_end else end
            new = _NOT_LINE_END.sub(" ", text[match.start() : end]) if comments_end else new
        kept += [text[at : match.start()], new]
        at = end
        match = _SPECIAL.search(text, at)
    return "".join((*kept, text[at:]))


def _closing_ticks(text: str) -> dict[int, int]:
    """Where the code ends that begins at a run of backticks: behind the next run that is as long, in one paragraph."""
    if "`" not in text:
        return {}
    breaks = [match.end() for match in _EMPTY_LINE.finditer(text)]
    ends: dict[int, int] = {}
    last: dict[int, int] = {}
    for run in reversed(list(re.finditer("`+", text))):
        while breaks and breaks[-1] > run.start():
            breaks.pop()
            last.clear()
        length = run.end() - run.start()
        if length in last:
            ends[run.start()] = last[length]
        last[length] = run.end()
    return ends


def _html_blocks(plain: str) -> list[tuple[int, int]]:
    """Elements that begin a line and hold no Markdown, each with all that is in it."""
    if "<" not in plain:
        return []
    found: list[tuple[int, int]] = []
    name, depth, begin = "", 0, 0
    for tag in _TAG.finditer(plain):
        of_block = tag[2].lower()
        if depth:
            depth += (-1 if tag[1] else 1) if of_block == name else 0
            if not depth:
                found.append((begin, tag.end()))
        elif not tag[1] and of_block in _BLOCK_ELEMENTS and _begins_line(plain, tag.start()):
            if tag[3].endswith("/") or "markdown=" in tag[3]:
                continue
            name, depth, begin = of_block, 1, tag.start()
    return [*found, (begin, len(plain))] if depth else found


def _begins_line(plain: str, at: int) -> bool:
    indent = plain[max(0, at - 4) : at].rpartition("\n")[2]
    return len(indent) < 4 and not indent.strip()


def _prose(markdown: str, references: tuple[Reference, ...]) -> str:
    spans = [(tag.start(), tag.end()) for tag in _TAG.finditer(markdown)] if "<" in markdown else []
    for each in references:
        if markdown.startswith(("[", "!["), each.start) and "](" in markdown[each.start : each.at]:
            spans.append((markdown.rindex("](", each.start, each.at) + 1, each.end))
        elif each.start < each.at and markdown[each.start] in "<[ ":
            spans.append((each.start, each.end))
    return blanked(markdown, sorted(spans))


# -- links and pictures


def _references(plain: str, markdown: str, text: str) -> Iterator[Reference]:
    # most texts have few of these signs, and to look for one takes a small part of what a pattern takes
    if "](" in markdown:
        for match in _INLINE.finditer(markdown):
            yield _inline(match, text)
            if not match[1]:
                for inner in _INLINE.finditer(markdown, match.start(2), match.end(2)):
                    yield _inline(inner, text)
    if "]:" in markdown:
        pictures = {match[1].casefold() for match in _PICTURE_BY_NAME.finditer(markdown)}
        for match in _DEFINED.finditer(markdown):
            kind: ReferenceKind = "picture" if match[1].casefold() in pictures else "link"
            yield Reference(kind, text[match.start(2) : match.end(2)], match.start(2), match[1], *match.span())
    if "<" in plain:
        for match in _AUTO.finditer(markdown):
            yield Reference("link", match[1], match.start(1), match[1], *match.span())
        for match in _ELEMENT.finditer(plain):
            yield from _in_element(match)


def _inline(match: "re.Match[str]", text: str) -> Reference:
    start, end = match.span(3 if match[3] is not None else 4)
    words, title = text[match.start(2) : match.end(2)], (match[5] or "")[1:-1]
    return Reference("picture" if match[1] else "link", text[start:end], start, words, *match.span(), title)


def _in_element(match: "re.Match[str]") -> Iterator[Reference]:
    named = {}
    for found in _ATTRIBUTE.finditer(match[2]):
        group = next(number for number in (2, 3, 4) if found[number] is not None)
        named[found[1].lower()] = (found[group], match.start(2) + found.start(group))
    address = named.get("href" if match[1].lower() == "a" else "src")
    if address is not None:
        is_picture = match[1].lower() == "img"
        words = named["alt"][0] if "alt" in named else None if is_picture else ""
        yield Reference("picture" if is_picture else "link", *address, words, *match.span())


# -- lines


def _lines(markdown: str) -> tuple[list[Heading], list[Block]]:
    headings: list[Heading] = []
    blocks: list[Block] = []
    begun: list[tuple[str, int]] = []

    def end() -> None:
        if begun and not any(_parts_table(line) for line, _ in begun):
            blocks.append(Block("\n".join(line for line, _ in begun), begun[0][1]))
        begun.clear()

    at = 0
    for line in markdown.split("\n"):
        heading, underline = _ATX.match(line), _UNDERLINE.match(line)
        if heading:
            end()
            headings.append(Heading(len(heading[1]), line[heading.end() :].strip().rstrip("#").rstrip(), at))
        elif underline and len(begun) == 1:
            headings.append(Heading(1 if underline[1] == "=" else 2, begun[0][0].strip(), begun[0][1]))
            begun.clear()
        elif line.strip():
            begun.append((line, at))
        else:
            end()
        at += len(line) + 1
    end()
    return headings, blocks


def _parts_table(line: str) -> bool:
    """Whether it is the line of dashes below the head of a table."""
    return "|" in line and "-" in line and _TABLE_CHARACTERS.issuperset(line)
