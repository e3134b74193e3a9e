"""What do a story's words look like as HTML, and which of its paragraphs are cross-links?

Python-Markdown makes HTML, ``news.sanitize`` cleans it, and only then the cross-link paragraphs are taken out of it, so
that a fragment between two of them never reaches a page uncleaned. A paragraph is known by a mark that the Markdown
extension puts at its beginning; the mark is drawn at random in each process, so that no text can forge it.
"""

import bisect
import re
import secrets
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Any, Final
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import ETX, INLINE_PLACEHOLDER_RE, STX, AtomicString

from alsoread.news.characters import place
from alsoread.news.labels import begins, without_label
from alsoread.news.sanitize import clean, removed_elements, text_of
from alsoread.news.tags import NestingTooDeep
from alsoread.story import Body, CrossLink

__all__ = ["LEAD_LENGTH", "BodyEngine", "Rendered", "lead_of"]

LEAD_LENGTH: Final = 300
MAX_GROWTH: Final = 8

_MARK: Final = f"crosslink{secrets.token_hex(12)}n"
_MARKED: Final = re.compile(rf"<p>{_MARK}(\d+):(.*?)</p>", re.DOTALL)
_STRAY: Final = re.compile(rf"{_MARK}\d+:")
_INLINE: Final = re.compile(rf'<a [^>]*?href="/{_MARK}(\d+)"[^>]*>(.*?)</a>', re.DOTALL)
_PARAGRAPH: Final = re.compile(r"<p(?: [^>]*)?>(.*?)</p>", re.DOTALL)
_HREF: Final = re.compile(r"<a [^>]*?href=\"([^\"]*)\"")


@dataclass(frozen=True, slots=True)
class _Seen:
    label: str
    certain: bool
    line: str


@dataclass(slots=True)
class _Paper:
    """What the extension reads and notes while one text is converted; a summary holds no cross-links."""

    labels: tuple[str, ...] = ()
    linking: bool = False
    length: int = 0
    seen: list[_Seen] = field(default_factory=list)
    named: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A body, and the names of the elements that were taken out of it."""

    body: Body
    removed: tuple[str, ...]


class _CrossLinkProcessor(BlockProcessor):
    """Marks paragraphs that begin with a label, and parts those that run into the line before."""

    def __init__(self, parser: BlockParser, paper: _Paper) -> None:
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
        blocks[0] = f"{_MARK}{len(self.paper.seen)}:{blocks[0].lstrip(' ')}"
        begin = begins(lines[0], self.paper.labels)
        if begin is not None:  # as the test has seen
            self.paper.seen.append(_Seen(begin.label, begin.certain or "[[" in blocks[0], lines[0]))
        return False

    def _starts(self, lines: list[str]) -> list[int]:
        """Any label on the first line of a paragraph counts, within it only one that is certain.

        Brackets behind a label leave no doubt; but with words behind them they are a link in a sentence.
        """
        begun = [(number, begins(line, self.paper.labels)) for number, line in enumerate(lines)]
        starts = [number for number, begin in begun if begin is not None and (number == 0 or begin.certain)]
        if starts and starts[0] == 0 and begun[0][1] is not None and not begun[0][1].certain:
            paragraph = "\n".join(lines[: starts[1] if starts[1:] else None])
            rest = without_label(paragraph, self.paper.labels)
            if "[[" in rest and not _ONLY_BRACKETS.fullmatch(rest):
                return starts[1:]
        return starts

    def _part(self, blocks: list[str], lines: list[str], at: int) -> bool:
        blocks[0] = "\n".join(lines[:at])
        blocks.insert(1, "\n".join(lines[at:]))
        return False


_ONLY_BRACKETS: Final = re.compile(r"[*_\s]*\[\[[^\[\]]+\]\][*_\s.!?]*")


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

    def __init__(self, md: Markdown, paper: _Paper) -> None:
        super().__init__(md)
        self.paper = paper

    def run(self, root: Element) -> None:
        left = MAX_GROWTH * self.paper.length + 100_000
        for element in root.iter():
            left -= len(element.text or "") + len(element.tail or "") + sum(map(len, element.attrib.values()))
            if left < 0:
                raise NestingTooDeep("long addresses or abbreviations repeat")


class _InlineProcessor(InlineProcessor):
    """Marks ``[[id]]`` and ``[[id|words]]`` within a sentence. What links by itself, ``[[1]](address)``, it leaves."""

    def __init__(self, md: Markdown, paper: _Paper) -> None:
        super().__init__(r"\[\[([^\[\]\n]+)\]\](?!\(|\[(?!\[))", md)
        self.paper = paper

    def handleMatch(  # type: ignore[override] # noqa: N802 - the library's name
        self, match: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        key, bar, words = self._divided(match[1])
        is_named = bool(key.strip()) and bool(words.strip() or not bar)
        if not is_named or not self.paper.linking or data.startswith(_MARK) or _is_in_tag(data, match.start(0)):
            return None, None, None
        link = Element("a", href=f"/{_MARK}{len(self.paper.named)}")
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


class _CrossLinkExtension(Extension):
    def __init__(self, paper: _Paper) -> None:
        super().__init__()
        self.paper = paper

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the library's name
        # just above Python-Markdown's own paragraphs (10) and references (15), below lists, quotes and headings
        md.parser.blockprocessors.register(_CrossLinkProcessor(md.parser, self.paper), "alsoread-crosslink", 17)
        # below code and escapes (190, 180), above links by reference (170)
        md.inlinePatterns.register(_InlineProcessor(md, self.paper), "alsoread-inline", 175)
        # after all others: what it sees is what is written
        md.treeprocessors.register(_GrowthProcessor(md, self.paper), "alsoread-growth", -100)


class BodyEngine:
    """One Markdown converter with Pelican's ``MARKDOWN`` settings, used for one text after another."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings
        self._paper = _Paper()
        self._markdown: Markdown | None = self._new()

    def render(self, text: str, *, labels: tuple[str, ...], summary: str = "", first_line: int = 1) -> Rendered:
        """The body of a story from Markdown; ``summary`` is Markdown too, and may be empty.

        ``first_line`` is the line of the file that ``text`` begins on.

        :raises NestingTooDeep: if the HTML nests deeper than a page ever does.
        """
        source = self._convert(text, labels, linking=True)
        cleaned = clean(source)
        paragraphs = _parts(cleaned, tuple(self._paper.seen), labels, text, first_line)
        parts = _with_inline(paragraphs, tuple(self._paper.named), text, first_line)
        plain = text_of("".join(part if isinstance(part, str) else part.html for part in parts))
        summary_html = clean(self._convert(summary, ())).strip() if summary else ""
        lead = lead_of("".join(part for part in paragraphs if isinstance(part, str)))
        body = Body(parts, plain, lead, summary_html)
        return Rendered(body, removed_elements(source))

    def _convert(self, text: str, labels: tuple[str, ...], *, linking: bool = False) -> str:
        # while it works, and after it was cut short half-way, a converter is in no state to be used again
        markdown, self._markdown = self._markdown or self._new(), None
        self._paper.labels = labels
        self._paper.linking = linking
        self._paper.length = len(text)
        self._paper.seen.clear()
        self._paper.named.clear()
        markdown.reset()
        html = markdown.convert(text)
        self._markdown = markdown
        return html

    def _new(self) -> Markdown:
        settings = dict(self._settings)
        configs = dict(settings.pop("extension_configs", {}))
        wanted = [*settings.pop("extensions", ()), *configs]
        extensions = [name for name in dict.fromkeys(wanted) if name not in ("markdown.extensions.meta", "meta")]
        self._paper = _Paper()
        return Markdown(
            extensions=[*extensions, _CrossLinkExtension(self._paper)], extension_configs=configs, **settings
        )


def _parts(
    cleaned: str, seen: tuple[_Seen, ...], labels: tuple[str, ...], text: str, first_line: int
) -> tuple[str | CrossLink, ...]:
    parts: list[str | CrossLink] = []
    at = cursor = 0
    for match in _MARKED.finditer(cleaned):
        noted = seen[int(match[1])]
        inner = _STRAY.sub("", match[2])
        start = _find_line(noted.line.strip(), text, cursor)
        line, column = place(text, start)
        cursor = start + 1
        href = _HREF.search(inner)
        headline = without_label(text_of(inner), labels)
        if not headline:  # HTML has ended the paragraph behind the label
            continue
        crosslink = CrossLink(
            label=noted.label,
            text=headline,
            certain=noted.certain,
            html=f"<p>{inner}</p>",
            line=first_line + line - 1,
            column=column,
            href=href[1].replace("&amp;", "&") if href else "",
        )
        parts.extend((_STRAY.sub("", cleaned[at : match.start()]), crosslink))
        at = match.end()
    parts.append(_STRAY.sub("", cleaned[at:]))
    return tuple(part for part in parts if part)


def _with_inline(
    paragraphs: tuple[str | CrossLink, ...], named: tuple[str, ...], text: str, first_line: int
) -> tuple[str | CrossLink, ...]:
    """The parts, with the ``[[...]]`` of every sentence taken out of its HTML."""
    if not named:
        return paragraphs
    parts: list[str | CrossLink] = []
    places = _places_of(named, [part for part in paragraphs if isinstance(part, CrossLink)], text, first_line)
    for part in paragraphs:
        if isinstance(part, CrossLink):
            parts.append(replace(part, html=_INLINE.sub(r"\2", part.html)))
            continue
        at = 0
        for match in _INLINE.finditer(part):
            source = named[int(match[1])]
            line, column = place(text, places[int(match[1])])
            inside = CrossLink(
                label="",
                text=source,
                certain=True,
                html=match[2],
                line=first_line + line - 1,
                column=column,
                inline=True,
            )
            parts.extend((part[at : match.start()], inside))
            at = match.end()
        parts.append(part[at:])
    return tuple(part for part in parts if part)


def _places_of(named: tuple[str, ...], crosslinks: list[CrossLink], text: str, first_line: int) -> list[int]:
    """Where in the text each of the ``[[...]]`` in sentences begins; 0 where that cannot be told."""
    typed, like_code, lines = _typed_in_brackets(text)
    for crosslink in crosslinks:
        for match in _BRACKETS.finditer(crosslink.text):
            starts = typed[_bare(match[2])]
            at = bisect.bisect_left(starts, lines[crosslink.line - first_line])
            del starts[at : at + 1]
    places: list[int] = []
    met: Counter[str] = Counter()
    for source in map(_bare, named):
        starts = typed[source] + like_code[source]
        places.append(starts[met[source]] if met[source] < len(starts) else 0)
        met[source] += 1
    return places


def _typed_in_brackets(text: str) -> tuple[dict[str, list[int]], dict[str, list[int]], list[int]]:
    """Where each ``[[...]]`` stands in a text, where what looks like code, and where its lines begin."""
    found: dict[str, list[int]] = defaultdict(list)
    like_code: dict[str, list[int]] = defaultdict(list)
    lines = [0]
    for line in text.split("\n"):
        is_code, cursor = line.startswith(("    ", "\t")), 0
        for match in _BRACKETS.finditer(line):
            is_code ^= line.count("`", cursor, match.start(2)) % 2 == 1
            cursor = match.start(2)
            if len(match[1]) % 2 == 0:  # no backslash of its own
                (like_code if is_code else found)[_bare(match[2])].append(lines[-1] + cursor)
        lines.append(lines[-1] + len(line) + 1)
    return found, like_code, lines


_BRACKETS: Final = re.compile(r"(?<!\\)(\\*)(\[\[(?:[^\[\]\\]|\\.)+\]\])")


def _bare(source: str) -> str:
    """What is in brackets without all that is typed and not read."""
    return re.sub(r"[\\`\s]", "", unescape(source))


def _find_line(line: str, text: str, cursor: int) -> int:
    """Where a line of a paragraph begins; behind four spaces it is code, unless it is nowhere else."""
    for before in (r"(?:[ \t]{0,3}>)*[ ]{0,3}", r"[ \t>]*"):
        found = re.compile(rf"^{before}({re.escape(line)})", re.MULTILINE).search(text, cursor)
        if found:
            return found.start(1)
    return max(text.find(line, cursor), 0)


def lead_of(html: str) -> str:
    """The first paragraph of a body that says something, or all of one without paragraphs, as text; cut where long."""
    for match in _PARAGRAPH.finditer(html):
        text = text_of(match[1])
        if text:
            return _cut(text)
    return _cut(text_of(html))


def _cut(text: str) -> str:
    if len(text) <= LEAD_LENGTH:
        return text
    words = text[:LEAD_LENGTH].rpartition(" ")[0]
    # some scripts put no spaces between words
    cut = words if len(words) > LEAD_LENGTH // 2 else text[:LEAD_LENGTH]
    return cut.rstrip(" ,;:–—-") + "…"
