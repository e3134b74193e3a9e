"""How do a body and its cross-links read together?

Resolved cross-links become asides that link by ``{filename}``, Pelican's own way to name a file: Pelican turns it into
the right address for every page, relative or absolute. One within a sentence becomes a link in that sentence.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Final
from urllib.parse import quote

from alsoread.news.crosslinks import Resolution
from alsoread.story import Body, CrossLink, Link

__all__ = ["compose", "words_of"]

_AFTER_PARAGRAPH: Final = re.compile(r"(?<=</p>)")
_KEYED: Final = re.compile(r"\[\[[^\[\]|]+(?:\|(?P<words>[^\[\]]+))?\]\]")
_AT_THE_END: Final = 1_000_000


def compose(
    body: Body,
    resolutions: Sequence[Resolution],
    links: Sequence[tuple[Link, Resolution]],
    titles: Mapping[str, str],
    label_of: Callable[[str], str] = lambda kind: "",
    kind_of: Callable[[str], str] = lambda label: "",
) -> str:
    """The HTML of a body with its cross-links in place.

    ``resolutions`` go with ``body.crosslinks`` one by one, ``links`` are those of the front matter; ``titles`` has the
    headline of every target by its path. A link of the front matter stands after the paragraph that it names, or at the
    end; cross-link paragraphs are not counted. ``label_of`` gives the words for a kind in the story's language,
    ``kind_of`` the kind that a label says; either may be empty.
    """
    asides = sorted(
        ((_position(link), _from_front_matter(link, resolution, titles, label_of)) for link, resolution in links),
        key=lambda aside: aside[0],
    )
    html: list[str] = []
    resolved = iter(resolutions)
    passed = 0

    def put_asides() -> None:
        while asides and asides[0][0] <= passed:
            html.append(asides.pop(0)[1])

    put_asides()
    for part in body.parts:
        if isinstance(part, CrossLink):
            resolution = next(resolved)
            html.append(
                _inline(part, resolution, titles)
                if part.inline
                else _from_body(part, resolution, titles, kind_of(part.label))
            )
            continue
        for piece in _AFTER_PARAGRAPH.split(part) if asides else (part,):
            html.append(piece)
            if piece.endswith("</p>"):
                passed += 1
                put_asides()
    passed = _AT_THE_END
    put_asides()
    return "".join(html)


def _position(link: Link) -> int:
    return _AT_THE_END if link.after_paragraph is None else min(link.after_paragraph, _AT_THE_END)


def words_of(crosslink: CrossLink, resolution: Resolution, titles: Mapping[str, str]) -> str:
    """What a cross-link within a sentence reads as: the author's words, or the headline; HTML.

    Without words of the author's, one to a story that readers may not see leaves nothing.
    """
    has_words = "|" in crosslink.text
    if resolution.outcome == "resolved":
        return crosslink.html if has_words else escape(titles[resolution.path])
    if resolution.outcome == "withheld":
        return crosslink.html if has_words else ""
    return crosslink.html if has_words else escape(crosslink.text)


def _inline(crosslink: CrossLink, resolution: Resolution, titles: Mapping[str, str]) -> str:
    words = words_of(crosslink, resolution, titles)
    return f'<a href="{_file(resolution.path)}">{words}</a>' if resolution.outcome == "resolved" else words


def _from_body(crosslink: CrossLink, resolution: Resolution, titles: Mapping[str, str], kind: str) -> str:
    if resolution.outcome == "withheld":
        return ""
    if resolution.outcome == "resolved":
        words = _own_words(crosslink, resolution) or titles[resolution.path]
        return _aside(_sentence_case(crosslink.label), kind, resolution.path, words)
    if not crosslink.certain or resolution.outcome == "external":
        return crosslink.html
    label = escape(_sentence_case(crosslink.label))
    words = f'<span class="crosslink-label">{label}</span> {escape(crosslink.text)}'
    return f'<aside class="crosslink crosslink-unresolved"><p>{words}</p></aside>'


def _own_words(crosslink: CrossLink, resolution: Resolution) -> str:
    """The author's words where they were chosen, or where they were understood by a guess; else nothing."""
    key = _KEYED.fullmatch(crosslink.text)
    if key:
        return (key["words"] or "").strip()
    return crosslink.text if resolution.misspelt else ""


def _from_front_matter(
    link: Link, resolution: Resolution, titles: Mapping[str, str], label_of: Callable[[str], str]
) -> str:
    """One that leads nowhere shows nothing: its author typed no words for readers."""
    if resolution.outcome != "resolved":
        return ""
    label = link.label or _sentence_case(label_of(link.kind)) or _ENGLISH[link.kind]
    return _aside(label, link.kind, resolution.path, titles[resolution.path])


_ENGLISH: Final = {
    "": "Also read",
    "background": "Background",
    "update": "Update",
    "denies": "Denied",
    "reaction": "Reaction",
    "opinion": "Opinion",
    "promo": "See also",
}


def _sentence_case(label: str) -> str:
    return label[:1].upper() + label[1:].lower()


def _aside(label: str, kind: str, path: str, title: str) -> str:
    link = f'<a href="{_file(path)}">{escape(title)}</a>'
    kinds = f"crosslink crosslink-{kind}" if kind else "crosslink"
    return f'<aside class="{kinds}"><p><span class="crosslink-label">{escape(label)}</span> {link}</p></aside>'


def _file(path: str) -> str:
    return f"{{filename}}/{escape(quote(path))}"
