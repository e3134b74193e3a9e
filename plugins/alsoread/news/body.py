"""What do a story's words look like as HTML, and which of its paragraphs are cross-links?

An engine makes HTML, ``news.sanitize`` cleans it, and only then the cross-link paragraphs are taken out of it, so that
a fragment between two of them never reaches a page uncleaned. They are known by the marks of ``news.marks``.
"""

import bisect
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import unescape
from typing import Any, Final

from alsoread.news.characters import place
from alsoread.news.labels import without_label
from alsoread.news.marks import MARK, Converter, Marked, Seen
from alsoread.news.sanitize import clean, cleaned, text_of
from alsoread.story import Body, CrossLink

__all__ = ["LEAD_LENGTH", "BodyEngine", "Rendered", "lead_of"]

LEAD_LENGTH: Final = 300
# what stands before a paragraph in its line, and before none that is code
_UNINDENTED: Final = re.compile(r"(?:[ \t]{0,3}>)*[ ]{0,3}")
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
    """One converter from Markdown to HTML, used for one text after another.

    ``markdown`` is Pelican's setting of that name; ``engine`` is "markdown" (Python-Markdown) or "commonmark".
    """

    def __init__(self, markdown: Mapping[str, Any], engine: str = "markdown") -> None:
        self._converter = _converter(markdown, engine)

    def render(self, text: str, *, labels: tuple[str, ...], summary: str = "", first_line: int = 1) -> Rendered:
        """The body of a story from Markdown; ``summary`` is Markdown too, and may be empty.

        ``first_line`` is the line of the file that ``text`` begins on.

        :raises NestingTooDeep: if the HTML nests deeper than a page ever does.
        """
        marked = self._converter.convert(text, labels, linking=True)
        html, removed = cleaned(marked.html)
        paragraphs = _parts(html, marked.seen, labels, text, first_line)
        parts = _with_inline(paragraphs, marked, text, first_line)
        plain = text_of("".join(part if isinstance(part, str) else part.html for part in parts))
        summary_html = clean(self._converter.convert(summary, (), linking=False).html).strip() if summary else ""
        lead = lead_of("".join(part for part in paragraphs if isinstance(part, str)))
        return Rendered(Body(parts, plain, lead, summary_html), removed)


def _converter(markdown: Mapping[str, Any], engine: str) -> Converter:
    # only one of the two libraries is needed
    if engine == "commonmark":
        from alsoread.news.commonmark import CommonMark

        return CommonMark(markdown)
    from alsoread.news.python_markdown import PythonMarkdown

    return PythonMarkdown(markdown)


def _parts(
    cleaned: str, seen: tuple[Seen, ...], labels: tuple[str, ...], text: str, first_line: int
) -> tuple[str | CrossLink, ...]:
    parts: list[str | CrossLink] = []
    at = cursor = 0
    for match in _MARKED.finditer(cleaned):
        noted = seen[int(match[1])]
        inner = _STRAY.sub("", match[2])
        start = noted.at if noted.at is not None else _find_line(noted.line.strip(), text, cursor)
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
    paragraphs: tuple[str | CrossLink, ...], marked: Marked, text: str, first_line: int
) -> tuple[str | CrossLink, ...]:
    """The parts, with the ``[[...]]`` of every sentence taken out of its HTML."""
    named, places = marked.named, marked.named_at
    if not named:
        return paragraphs
    parts: list[str | CrossLink] = []
    if places is None:
        crosslinks = [part for part in paragraphs if isinstance(part, CrossLink)]
        places = _places_of(named, crosslinks, text, first_line)
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


def _places_of(named: tuple[str, ...], crosslinks: list[CrossLink], text: str, first_line: int) -> tuple[int, ...]:
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
    return tuple(places)


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
    """Where a line of a paragraph begins: the first that is it, and not only its beginning; behind four spaces it is
    code, unless it is nowhere else.
    """
    found: dict[tuple[bool, int], int] = {}
    at = text.find(line, cursor) if line else -1
    while at >= 0:
        end = text.find("\n", at)
        end = end if end >= 0 else len(text)
        before, is_longer = text[text.rfind("\n", 0, at) + 1 : at], bool(text[at + len(line) : end].strip())
        signs = 0 if _UNINDENTED.fullmatch(before) else 2 if before.strip(" \t>") else 1
        if not signs and not is_longer:
            return at
        found.setdefault((is_longer, signs), at)
        # what comes behind it in the same line has more than signs before it
        at = text.find(line, end)
    return found[min(found)] if found else 0


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
