"""What does a CommonMark engine in native code make of a text, in a hundredth of the time?

``pyromark`` (Rust's pulldown-cmark) makes the HTML. Paragraphs that begin with a label are found by its own events,
which say where everything stands, and marked in the text before it is converted; brackets within sentences are links
without a definition, which the engine asks for by their place. What it writes otherwise than Python-Markdown, and the
rest of Alsoread reads, is put right here: footnotes and the addresses of files.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape, unescape
from itertools import pairwise
from typing import Any, Final
from urllib.parse import unquote

import pyromark
from pyromark import Options

from alsoread.news.commonmark_footnotes import with_footnotes
from alsoread.news.labels import begins, is_sentence, may_begin
from alsoread.news.marks import MARK, MAX_GROWTH, Marked, Seen
from alsoread.news.tags import NestingTooDeep

__all__ = ["CommonMark"]

# what extensions of Python-Markdown's are called here; those of CommonMark itself are always there
_OPTIONS: Final = {
    "tables": Options.ENABLE_TABLES,
    "footnotes": Options.ENABLE_FOOTNOTES,
    "def_list": Options.ENABLE_DEFINITION_LIST,
    "attr_list": Options.ENABLE_HEADING_ATTRIBUTES,
    "smarty": Options.ENABLE_SMART_PUNCTUATION,
    "extra": Options.ENABLE_TABLES
    | Options.ENABLE_FOOTNOTES
    | Options.ENABLE_DEFINITION_LIST
    | Options.ENABLE_HEADING_ATTRIBUTES,
}
_CODE: Final = frozenset({"codehilite", "markdown.extensions.codehilite"})


class CommonMark:
    """A converter with what there is of the extensions in Pelican's ``MARKDOWN`` settings."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        configs: Mapping[str, Mapping[str, Any]] = settings.get("extension_configs", {})
        names = [name for name in (*settings.get("extensions", ()), *configs) if isinstance(name, str)]
        options = Options.ENABLE_STRIKETHROUGH
        for name in names:
            options |= _OPTIONS.get(name.removeprefix("markdown.extensions."), Options(0))
        code = next((name for name in names if name in _CODE), None)
        highlight = None if code is None else _highlighter(configs.get(code, {}))
        self._given = _Given()
        self._plain = pyromark.Markdown(options=options, highlight=highlight)
        self._asking = pyromark.Markdown(options=options, highlight=highlight, broken_link_callback=self._link)

    def convert(self, text: str, labels: tuple[str, ...], *, linking: bool) -> Marked:
        """HTML from Markdown."""
        paragraphs = tuple(self._labelled(text, labels)) if may_begin(text, labels) else ()
        self._given = given = _given(text, paragraphs)
        html = (self._asking if linking and "[[" in text else self._plain).html(given.marked)
        if len(html) > MAX_GROWTH * len(text) + 100_000:
            raise NestingTooDeep("cells of tables or addresses repeat")
        if paragraphs:
            html = _INNER_MARK.sub(r"</p>\n<p>\1", html)
        if given.named:
            html = _NAMED.sub(lambda match: f"{match[1]}{given.words[int(match[2])]}</a>", html)
        if "footnote-" in html:
            html = with_footnotes(html)
        html = _FILE.sub(_file_address, html) if '="%7' in html else html
        return Marked(html.strip(), given.seen, tuple(given.named), _characters(text, given.named_at))

    def _labelled(self, text: str, labels: tuple[str, ...]) -> "Iterator[_Paragraph]":
        """The paragraphs that begin with a label. One that is certain begins a paragraph within another too."""
        data = text.encode()
        for starts, end in _paragraphs(self._plain.events_with_range(text)):
            lines = [(at, data[at : _line_end(data, at, end)].decode()) for at in starts]
            begun = [begins(line, labels) for _, line in lines]
            cuts = [0, *(n for n, begin in enumerate(begun) if n and begin and begin.certain), len(lines)]
            for first, last in pairwise(cuts):
                begin, segment = begun[first], "\n".join(line for _, line in lines[first:last])
                if begin is None or (not first and not begin.certain and is_sentence(segment, labels)):
                    continue
                at, line = lines[first]
                behind = lines[last][0] if last < len(lines) else end
                yield _Paragraph(at, behind, begin.label, begin.certain or "[[" in segment, line)

    def _link(self, link: Mapping[str, Any]) -> tuple[str, str] | None:
        """The address for what is in brackets and has none: a mark, if it is in brackets once more."""
        return self._given.link(link["span"]["start"], link["span"]["end"])


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A paragraph with a label: where it begins and ends in the bytes of the text, and what is to be noted of it."""

    at: int
    end: int
    label: str
    certain: bool
    line: str


@dataclass(slots=True)
class _Given:
    """One text with the marks of its paragraphs, and what has been marked within its sentences."""

    marked: str = ""
    data: bytes = b""
    paragraphs: tuple[_Paragraph, ...] = ()
    seen: tuple[Seen, ...] = ()
    named: list[str] = field(default_factory=list)
    named_at: list[int] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    """Where the paragraphs begin in the bytes of the marked text."""

    def link(self, start: int, end: int) -> tuple[str, str] | None:
        """A mark for what stands between two places in the bytes of the marked text, if it is to have one."""
        around = self.data[start - 1 : start] + self.data[end : end + 1]
        if around != b"[]" or _is_escaped(self.data, start - 1) or _links_by_itself(self.data, end + 1):
            return None
        at, number = start - 1, bisect_right(self.starts, start) - 1
        if number >= 0:
            at -= self.starts[number] - self.paragraphs[number].at
            if at < self.paragraphs[number].end:
                return None
        inside = _ESCAPED.sub(r"\1", self.data[start + 1 : end - 1].decode())
        key, bar, words = inside.partition("|")
        if "\n" in inside or not key.strip() or (bar and not words.strip()):
            return None
        self.named.append(unescape(f"[[{inside}]]"))
        self.named_at.append(at)
        self.words.append(escape(unescape((words or key).strip()), quote=False))
        return f"/{MARK}{len(self.named) - 1}", ""


def _given(text: str, paragraphs: tuple[_Paragraph, ...]) -> _Given:
    data = text.encode() if "[[" in text or paragraphs else b""
    if not paragraphs:
        return _Given(text, data)
    pieces: list[bytes] = []
    seen: list[Seen] = []
    starts: list[int] = []
    done = characters = length = 0
    for number, each in enumerate(paragraphs):
        mark = f"{MARK}{number}:".encode()
        before = data[done : each.at]
        characters, done, length = characters + len(before.decode()), each.at, length + len(before) + len(mark)
        pieces += before, mark
        starts.append(length)
        seen.append(Seen(each.label, each.certain, each.line, characters))
    marked = b"".join((*pieces, data[done:]))
    return _Given(marked.decode(), marked, paragraphs, tuple(seen), starts=starts)


def _characters(text: str, places: list[int]) -> tuple[int, ...]:
    """Places in the bytes of a text as places in the text."""
    if text.isascii():
        return tuple(places)
    data, found, done, characters = text.encode(), {}, 0, 0
    for place in sorted(places):
        characters, done = characters + len(data[done:place].decode()), place
        found[place] = characters
    return tuple(found[place] for place in places)


def _paragraphs(events: Iterable[tuple[Any, Any]]) -> Iterator[tuple[list[int], int]]:
    """Where each paragraph's lines begin that nothing begun before reaches into, and where it ends; in bytes."""
    starts: list[int] | None = None
    depth, is_new = 0, False
    for event, span in events:
        if event == {"Start": "Paragraph"}:
            starts, depth, is_new = [], 0, True
        elif starts is None:
            continue
        elif event == {"End": "Paragraph"}:
            yield starts, span["end"]
            starts = None
        elif event in ("SoftBreak", "HardBreak"):
            is_new = not depth
        else:
            if is_new:
                starts.append(span["start"])
                is_new = False
            depth += ("Start" in event) - ("End" in event)


def _line_end(data: bytes, at: int, end: int) -> int:
    found = data.find(b"\n", at, end)
    return end if found < 0 else found


def _is_escaped(data: bytes, at: int) -> bool:
    """Does a backslash stand before a place that is none itself?"""
    before = at
    while before and data[before - 1] == ord("\\"):
        before -= 1
    return (at - before) % 2 == 1


def _links_by_itself(data: bytes, at: int) -> bool:
    """Does what stands in brackets link anyway, ``[[1]](address)`` or ``[[1]][reference]``?"""
    return data[at : at + 1] == b"(" or (data[at : at + 1] == b"[" and data[at + 1 : at + 2] != b"[")


_INNER_MARK: Final = re.compile(rf"(?:<br />)?\n({MARK}\d+:)")
_NAMED: Final = re.compile(rf'\[(<a href="/{MARK}(\d+)">).*?</a>\]', re.DOTALL)
_ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])")

# the engine encodes an address; Pelican reads that of a file as it was typed
_FILE: Final = re.compile(r'="%7([BC])(filename|static|attach|tag|category|author|index)%7([DC])([^"]*)"')
_ENCODED: Final = re.compile(r"(?:%(?:[89A-F][0-9A-F]|20|5[BCDE]|60|7[BCD]))+")


def _file_address(match: re.Match[str]) -> str:
    bar = match[1] == "C"
    return f'="{"|" if bar else "{"}{match[2]}{"|" if bar else "}"}{_ENCODED.sub(_decoded, match[4])}"'


def _decoded(match: re.Match[str]) -> str:
    try:
        return unquote(match[0], errors="strict")
    except UnicodeDecodeError:
        return match[0]


def _highlighter(config: Mapping[str, Any]) -> Callable[[str | None, str], str | None]:
    """What colours code, as Python-Markdown's extension of that name does."""

    def highlight(language: str | None, code: str) -> str | None:
        from markdown.extensions.codehilite import CodeHilite, CodeHiliteExtension  # many digests hold no code

        options = CodeHiliteExtension(**config).getConfigs()
        if not options["use_pygments"]:
            return None
        style = options.pop("pygments_style")
        return str(CodeHilite(code, lang=language, style=style, **options).hilite(shebang=False))

    return highlight
