"""What do a story's words look like as HTML, and which of its paragraphs are cross-links?

Python-Markdown makes HTML, ``news.sanitize`` cleans it, and only then the cross-link paragraphs are taken out of it, so
that a fragment between two of them never reaches a page uncleaned. They are known by the marks of ``news.marking``.
"""

import bisect
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import unescape
from typing import Any, Final

from markdown import Markdown, __version__
from markdown.extensions import Extension

from alsoread.news.characters import place
from alsoread.news.labels import without_label
from alsoread.news.marking import MARK, CrossLinkExtension, Paper, Seen
from alsoread.news.sanitize import clean, cleaned, text_of
from alsoread.story import Body, CrossLink

__all__ = ["COMPARED", "LEAD_LENGTH", "BodyEngine", "Rendered", "lead_of"]

LEAD_LENGTH: Final = 300
COMPARED: Final = frozenset({"3.11.3"})
"""The versions of Python-Markdown that ``news.quick`` was compared with. Others work as they come."""

# front matter is read by ``news.frontmatter``
_UNWANTED: Final = frozenset({"markdown.extensions.meta", "meta"})

_MARKED: Final = re.compile(rf"<p>{MARK}(\d+):(.*?)</p>", re.DOTALL)
_STRAY: Final = re.compile(rf"{MARK}\d+:")
_INLINE: Final = re.compile(rf'<a [^>]*?href="/{MARK}(\d+)"[^>]*>(.*?)</a>', re.DOTALL)
_PARAGRAPH: Final = re.compile(r"<p(?: [^>]*)?>(.*?)</p>", re.DOTALL)
_HREF: Final = re.compile(r"<a [^>]*?href=\"([^\"]*)\"")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A body, and the names of the elements that were taken out of it."""

    body: Body
    removed: tuple[str, ...]


class BodyEngine:
    """One Markdown converter with Pelican's ``MARKDOWN`` settings, used for one text after another."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings
        self._paper = Paper()
        self._markdown: Markdown | None = self._new()

    def render(self, text: str, *, labels: tuple[str, ...], summary: str = "", first_line: int = 1) -> Rendered:
        """The body of a story from Markdown; ``summary`` is Markdown too, and may be empty.

        ``first_line`` is the line of the file that ``text`` begins on.

        :raises NestingTooDeep: if the HTML nests deeper than a page ever does.
        """
        source = self._convert(text, labels, linking=True)
        html, removed = cleaned(source)
        paragraphs = _parts(html, tuple(self._paper.seen), labels, text, first_line)
        parts = _with_inline(paragraphs, tuple(self._paper.named), text, first_line)
        plain = text_of("".join(part if isinstance(part, str) else part.html for part in parts))
        summary_html = clean(self._convert(summary, ())).strip() if summary else ""
        lead = lead_of("".join(part for part in paragraphs if isinstance(part, str)))
        body = Body(parts, plain, lead, summary_html)
        return Rendered(body, removed)

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
        extensions: list[str | Extension] = [name for name in dict.fromkeys(wanted) if name not in _UNWANTED]
        self._paper = Paper()
        extensions.append(CrossLinkExtension(self._paper))
        markdown = Markdown(extensions=extensions, extension_configs=configs, **settings)
        if __version__ not in COMPARED:
            return markdown
        from alsoread.news.quick import quickened  # names parts that other versions do not have

        return quickened(markdown)


def _parts(
    cleaned: str, seen: tuple[Seen, ...], labels: tuple[str, ...], text: str, first_line: int
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
