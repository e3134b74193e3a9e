"""How is the body of a story known that has not been read from where it is kept?

Most stories of a digest are as they were, and of most of those nobody asks for the words: pages show their cards. What
a build has to know of every body, where its links lead and whether it says what it said, is at hand; the words are
fetched when somebody asks for them.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final, Protocol, TypeVar
from urllib.parse import quote

from alsoread.news.compose import compose
from alsoread.news.crosslinks import Resolution
from alsoread.news.links import as_read
from alsoread.news.sanitize import escaped
from alsoread.press.born import maker
from alsoread.story import Body, CrossLink, Link

__all__ = [
    "Composing",
    "Shelved",
    "Words",
    "as_paragraph",
    "as_readers_read",
    "composed",
    "intrasite_links",
    "mark_of_body",
    "standfirsts_of",
    "summarised",
    "whole",
    "with_another",
]

T = TypeVar("T")
Parts = tuple[str | CrossLink, ...]

# an address: a file's name may have spaces
_LINK: Final = re.compile(r"[\"']([{|]\w+[|}][^\"']*)")

# what stands behind the names of a body is told from what it holds, and not in the order of the fields
_WORDS: Final = ("parts", "text", "lead", "summary_html")


class Words(Protocol):
    """Where the words of a body are: who wants the HTML seldom wants the text."""

    def parts(self) -> Parts:
        """The HTML."""

    def said(self) -> tuple[str, str]:
        """The text and the lead."""


class Shelved(Body):
    """A body whose words are fetched each time that they are asked for; :meth:`of` makes it.

    ``mark`` is :func:`mark_of_body` of them, ``links`` are their :func:`intrasite_links`. The summary that was written
    is at hand: lists show it.
    """

    __slots__ = ("_crosslinks", "_summary_html", "_words", "links", "mark")

    mark: str
    links: tuple[str, ...]

    @staticmethod
    def of(
        crosslinks: tuple[CrossLink, ...], mark: str, links: tuple[str, ...], summary_html: str, words: Words
    ) -> "Shelved":
        """The body with these cross-links, and with words that are elsewhere."""
        return _shelved(crosslinks, mark, links, summary_html, words)

    @property
    def crosslinks(self) -> tuple[CrossLink, ...]:
        """As a body's own."""
        found: tuple[CrossLink, ...] = object.__getattribute__(self, "_crosslinks")
        return found

    def whole(self) -> Body:
        """The body with its words."""
        text, lead = _words_of(self).said()
        return Body(self.parts, text, lead, self.summary_html)

    parts = property(lambda self: _words_of(self).parts())
    text = property(lambda self: _words_of(self).said()[0])
    lead = property(lambda self: _words_of(self).said()[1])
    summary_html = property(lambda self: object.__getattribute__(self, "_summary_html"))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Body) and all(getattr(self, name) == getattr(other, name) for name in _WORDS)

    def __hash__(self) -> int:
        return hash(self.whole())

    def __reduce__(self) -> tuple[type[Body], tuple[object, ...]]:
        return Body, tuple(getattr(self.whole(), name) for name in _WORDS)


_shelved: Final = maker(Shelved, ("_crosslinks", "mark", "links", "_summary_html", "_words"))


def _words_of(body: Shelved) -> Words:
    words: Words = object.__getattribute__(body, "_words")
    return words


def mark_of_body(body: Body) -> str:
    """What tells a body from one that says something else: BLAKE2b of all that it holds, 128 bits in hexadecimal."""
    if isinstance(body, Shelved):
        return body.mark
    hashed = blake2b(digest_size=16)
    for part in (*body.parts, None, body.text, body.lead, body.summary_html):
        # what is said of a part is no text's length, so that no texts give what others and a part would
        told = part if isinstance(part, str) else repr(part)
        data = told.encode("utf-8", "surrogatepass")
        hashed.update(b"%d%c" % (len(data), b"t" if part is told else b"r"))
        hashed.update(data)
    return hashed.hexdigest()


def intrasite_links(body: Body) -> tuple[str, ...]:
    """The links of a body and its summary that Pelican resolves, such as ``{static}/images/a.png``, in order."""
    if isinstance(body, Shelved):
        return body.links
    texts = (*(part if isinstance(part, str) else part.html for part in body.parts), body.summary_html)
    found = (link for text in texts if "{" in text or "|" in text for link in _LINK.findall(text))
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Composing:
    """What the HTML of a digest's bodies is made of besides them.

    By a story's path where its cross-links lead, the links of its front matter with theirs, and its language;
    ``titles`` by path, ``label_of`` a kind in a language and ``kind_of`` a label.
    """

    resolutions: Mapping[str, tuple[Resolution, ...]]
    links: Mapping[str, Sequence[tuple[Link, Resolution]]]
    titles: Mapping[str, str]
    langs: Mapping[str, str]
    label_of: Callable[[str, str], str]
    kind_of: Callable[[str], str]

    def html(self, path: str, body: Body) -> str:
        """A body with its cross-links in place."""
        lang = self.langs[path]
        return compose(
            body,
            self.resolutions[path],
            self.links[path],
            self.titles,
            label_of=lambda kind: self.label_of(kind, lang),
            kind_of=self.kind_of,
        )

    def read(self, path: str, body: Body) -> Body:
        """A body as its readers read it."""
        is_changed = bool(body.crosslinks) and path in self.langs
        return as_read(whole(body), self.resolutions[path], self.titles) if is_changed else body

    def summary(self, path: str, body: Body) -> str:
        """The summary that was written, or the lead as its readers read it, as HTML."""
        return body.summary_html or as_paragraph(self.read(path, body).lead)

    def mark(self, path: str, body: Body) -> str:
        """What tells what readers read from something else."""
        resolved = self.resolutions.get(path)
        return self._marked(mark_of_body(body), resolved) if resolved else mark_of_body(body)

    def page_marks(self, marks: Mapping[str, str]) -> dict[str, str]:
        """By path what tells the HTML of a body from another, of the same settings; ``marks`` are those of what readers
        read.
        """
        linked = {path: links for path, links in self.links.items() if links and path in marks}
        return {**marks, **{path: self._marked(marks[path], [to for _, to in linked[path]]) for path in linked}}

    def _marked(self, mark: str, resolved: Sequence[Resolution]) -> str:
        told = repr((mark, [(each, self.titles.get(each.path)) for each in resolved]))
        return blake2b(told.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

    def led(self, path: str, body: Body) -> tuple[str, ...]:
        """The links of a body's HTML that Pelican resolves."""
        resolutions, links = self.resolutions.get(path, ()), self.links.get(path, ())
        if not resolutions and not links:
            return intrasite_links(body)
        resolved = (*resolutions, *(to for _, to in links))
        targets = (f"{{filename}}/{quote(each.path)}" for each in resolved if each.outcome == "resolved")
        return (*intrasite_links(body), *targets)


def as_paragraph(lead: str) -> str:
    """The lead of a body as the summary of a story that has none."""
    return f"<p>{escaped(lead)}</p>"


class _OfPaths(Mapping[str, T]):
    """Something of each path, made each time that it is asked for."""

    def __init__(self, paths: Collection[str], make: Callable[[str], T]) -> None:
        self._paths = paths
        self._make = make

    def __getitem__(self, path: str) -> T:
        if path not in self._paths:
            raise KeyError(path)
        return self._make(path)

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def composed(bodies: Mapping[str, Body], composing: Composing) -> Mapping[str, str]:
    """By a story's path its body as HTML, made each time that it is asked for."""
    return _OfPaths(composing.langs, lambda path: composing.html(path, bodies[path]))


def as_readers_read(bodies: Mapping[str, Body], composing: Composing) -> Mapping[str, Body]:
    """By a file's path its body as its readers read it, made each time that it is asked for."""
    return _OfPaths(bodies, lambda path: composing.read(path, bodies[path]))


def summarised(bodies: Mapping[str, Body], composing: Composing) -> Mapping[str, str]:
    """By a story's path its summary as HTML, or the first paragraph, made each time that it is asked for."""
    return _OfPaths(composing.langs, lambda path: composing.summary(path, bodies[path]))


def standfirsts_of(bodies: Mapping[str, Body]) -> Mapping[str, str]:
    """By a file's path the summary that was written for it, as HTML; nothing where none was."""
    return _OfPaths(bodies, lambda path: bodies[path].summary_html)


def whole(body: Body) -> Body:
    """A body with its words at hand."""
    return body.whole() if isinstance(body, Shelved) else body


def with_another(values: Mapping[str, T], path: str, value: T) -> Mapping[str, T]:
    """The same, but for what one path has."""
    return _OfPaths(values, lambda each: value if each == path else values[each])
