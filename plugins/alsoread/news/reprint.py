"""How does a body read where it has been printed, now that its words are others?

Pages and feeds have a body as HTML in which Pelican has put addresses in the place of links such as
``{filename}/a.md``. Which address stands for which link is seen from what was printed: beside the links it is, letter
by letter, what the body was. So the new one can be printed too, as long as it leads nowhere else.
"""

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from alsoread.news.crosslinks import Resolution
from alsoread.news.shelved import Composing, intrasite_links, whole
from alsoread.news.storyfile import StoryFile
from alsoread.press.records import Records
from alsoread.settings import DigestSettings
from alsoread.story import Body

__all__ = ["Elsewhere", "html_of", "reads_alike", "records_of_elsewhere", "reprinted", "stands_alike"]

# an address that Pelican may change, or leave and say so, with the quotation mark before it
_LINK: Final = re.compile(r"([\"'])([{|][^\"']*)")


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What other files decide of how a story reads: where the cross-links of its body lead, and the links of its front
    matter, with the headline of each; and the slugs of its topics.
    """

    crosslinks: tuple[Resolution, ...] = ()
    links: tuple[Resolution, ...] = ()
    titles: tuple[tuple[str, str], ...] = ()
    topics: tuple[str, ...] = ()

    def composing(self, file: StoryFile, settings: DigestSettings) -> Composing:
        """What the HTML of the body of a file is made of besides it."""
        path, story = file.path, file.story
        links = story.links if story is not None else ()
        lang = story.lang if story is not None else settings.lang
        return Composing(
            {path: self.crosslinks},
            {path: [*zip(links, self.links, strict=True)]},
            dict(self.titles),
            {path: lang},
            lambda kind, lang: settings.label_of(kind, lang=lang),
            lambda label: settings.kinds.get(label, ""),
        )


@cache
def records_of_elsewhere() -> Records[Elsewhere]:
    """How that is written down."""
    return Records(Elsewhere)


def reads_alike(before: StoryFile, after: StoryFile, elsewhere: Elsewhere, settings: DigestSettings) -> bool:
    """Whether a file says the same of its story as it did but for the words of the body: lists show the same of it, and
    its findings are the same.
    """
    if after.story is None or before.story != after.story or not _leads_alike(before.body, after.body):
        return False
    if (before.findings, before.places, before.ignores) != (after.findings, after.places, after.ignores):
        return False
    path, composing = after.path, elsewhere.composing(after, settings)
    return composing.summary(path, before.body) == composing.summary(path, after.body)


def _leads_alike(before: Body, after: Body) -> bool:
    """Whether two bodies have the same cross-links in the same order, and lead to the same files."""
    one, two = ([replace(each, line=0, column=0) for each in body.crosslinks] for body in (before, after))
    return one == two and set(intrasite_links(before)) == set(intrasite_links(after))


def stands_alike(before: Body, after: Body) -> bool:
    """Whether the cross-links of two bodies are in the same places, for findings about them."""
    return before.crosslinks == after.crosslinks


def reprinted(before: str, after: str, printed: str) -> str | None:
    """What is to be printed for the body ``after``, where for ``before`` it was what is ``printed``; None where that
    cannot be told. All are HTML, the first two with the links that Pelican resolves.
    """
    addresses = _addresses(before, printed)
    pieces, links = _taken_apart(after)
    if addresses is None or not addresses.keys() >= set(links):
        return None
    told = (addresses[link] for link in links)
    return "".join(piece + next(told, "") for piece in pieces)


_Link = tuple[str, int, str]
"""The tag that a link is in, where in the tag it begins, and the link: by these Pelican decides what becomes of it."""


def _taken_apart(html: str) -> tuple[list[str], list[_Link]]:
    """What stands around the links, up to a quotation mark each, and the links."""
    pieces: list[str] = []
    links: list[_Link] = []
    at = 0
    for found in _LINK.finditer(html):
        begin, end = found.span(2)
        pieces.append(html[at:begin])
        opened = html.rfind("<", 0, begin)
        in_tag = opened > html.rfind(">", 0, begin)
        links.append((html[opened : html.find(">", end)] if in_tag else "", begin - opened if in_tag else 0, found[2]))
        at = end
    return [*pieces, html[at:]], links


def _addresses(html: str, printed: str) -> dict[_Link, str] | None:
    """The address that was printed for each link; None where something else is other too, or one has two addresses."""
    pieces, links = _taken_apart(html)
    found: dict[_Link, str] = {}
    at = 0
    for piece, link in zip(pieces, links, strict=False):
        begin = at + len(piece)
        end = printed.find(piece[-1], begin)
        address = printed[begin:end]
        if not printed.startswith(piece, at) or end < 0 or found.setdefault(link, address) != address:
            return None
        at = end
    return found if printed[at:] == pieces[-1] else None


def html_of(file: StoryFile, elsewhere: Elsewhere, settings: DigestSettings) -> str:
    """The body of a file as HTML, with its cross-links in place and the links that Pelican resolves."""
    return elsewhere.composing(file, settings).html(file.path, whole(file.body))
