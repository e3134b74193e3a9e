"""How do a body and its cross-links read together?

Resolved cross-links become asides that link by ``{filename}``, Pelican's own way to name a file: Pelican turns it into
the right address for every page, relative or absolute.
"""

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Final
from urllib.parse import quote

from alsoread.news.crosslinks import Resolution
from alsoread.story import Body, CrossLink, Link

__all__ = ["compose"]

_KIND_LABELS: Final = {
    "background": "Background",
    "update": "Update",
    "denies": "Denied",
    "reaction": "Reaction",
    "opinion": "Opinion",
    "promo": "See also",
}
_AFTER_PARAGRAPH: Final = re.compile(r"(?<=</p>)")
_AT_THE_END: Final = 1_000_000


def compose(
    body: Body,
    resolutions: Sequence[Resolution],
    links: Sequence[tuple[Link, Resolution]],
    titles: Mapping[str, str],
) -> str:
    """The HTML of a body with its cross-links in place.

    ``resolutions`` go with ``body.crosslinks`` one by one, ``links`` are those of the front matter; ``titles`` has the
    headline of every target by its path. A link of the front matter stands after the paragraph that it names, or at the
    end; cross-link paragraphs are not counted.
    """
    asides = sorted(
        ((_position(link), _from_front_matter(link, resolution, titles)) for link, resolution in links),
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
            html.append(_from_body(part, next(resolved), titles))
            continue
        for piece in _AFTER_PARAGRAPH.split(part):
            html.append(piece)
            if piece.endswith("</p>"):
                passed += 1
                put_asides()
    passed = _AT_THE_END
    put_asides()
    return "".join(html)


def _position(link: Link) -> int:
    return _AT_THE_END if link.after_paragraph is None else min(link.after_paragraph, _AT_THE_END)


def _from_body(crosslink: CrossLink, resolution: Resolution, titles: Mapping[str, str]) -> str:
    if resolution.outcome == "withheld":
        return ""
    if resolution.outcome == "resolved":
        return _aside(crosslink.label.capitalize(), resolution.path, titles[resolution.path])
    if not crosslink.certain or resolution.outcome == "external":
        return crosslink.html
    label = escape(crosslink.label.capitalize())
    words = f'<span class="crosslink-label">{label}</span> {escape(crosslink.text)}'
    return f'<aside class="crosslink crosslink-unresolved"><p>{words}</p></aside>'


def _from_front_matter(link: Link, resolution: Resolution, titles: Mapping[str, str]) -> str:
    """One that leads nowhere shows nothing: its author typed no words for readers."""
    if resolution.outcome != "resolved":
        return ""
    return _aside(link.label or _KIND_LABELS.get(link.kind, "Also read"), resolution.path, titles[resolution.path])


def _aside(label: str, path: str, title: str) -> str:
    link = f'<a href="{{filename}}/{escape(quote(path))}">{escape(title)}</a>'
    return f'<aside class="crosslink"><p><span class="crosslink-label">{escape(label)}</span> {link}</p></aside>'
