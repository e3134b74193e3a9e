"""What is a story, and what else does a digest hold?

Plain values, made once at the edge (``news.storyfile``) and never changed. The front matter (:class:`Story`) and the
words (:class:`Body`) are apart, because other pages show a story's card and never its body.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

__all__ = [
    "Body",
    "Contributor",
    "Correction",
    "CrossLink",
    "Image",
    "Link",
    "Source",
    "Status",
    "Story",
    "Thread",
    "Topic",
]

Status = Literal["published", "draft", "hidden"]


@dataclass(frozen=True, slots=True)
class Source:
    """An outlet that a story draws on."""

    name: str
    url: str = ""
    title: str = ""
    published: date | None = None
    lang: str = ""
    accessed: date | None = None
    archived_url: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """What was put right after publication, and when."""

    date: date
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A cross-link set in the front matter instead of the body."""

    ref: str
    kind: str = ""
    after_paragraph: int | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    """The picture that goes with a story."""

    src: str
    alt: str = ""
    credit: str = ""
    license: str = ""


@dataclass(frozen=True, slots=True)
class Contributor:
    """Somebody who worked on a story, and how."""

    name: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """The front matter of one story (or page), every value of the type it claims.

    ``path`` is relative to the content folder. ``date`` and the other instants carry a zone. ``extra`` holds the
    fields that the digest's settings allow for other plugins, as (name, text) pairs.
    """

    path: str
    slug: str
    title: str
    date: datetime | None
    id: str = ""
    modified: datetime | None = None
    tags: tuple[str, ...] = ()
    summary: str = ""
    lang: str = "en"
    authors: tuple[str, ...] = ()
    category: str = ""
    status: Status = "published"
    headline_aliases: tuple[str, ...] = ()
    embargo_until: datetime | None = None
    expires: datetime | None = None
    sources: tuple[Source, ...] = ()
    thread: str = ""
    links: tuple[Link, ...] = ()
    corrections: tuple[Correction, ...] = ()
    image: Image | None = None
    contributors: tuple[Contributor, ...] = ()
    disclosure: str = ""
    license: str = ""
    translation_of: str = ""
    aliases: tuple[str, ...] = ()
    extra: tuple[tuple[str, str], ...] = ()

    def is_public(self, now: datetime) -> bool:
        """May a reader see this story at the instant ``now``? Drafts never; others within embargo and expiry."""
        if self.status == "draft":
            return False
        begun = self.embargo_until is None or self.embargo_until <= now
        return begun and (self.expires is None or now < self.expires)


@dataclass(frozen=True, slots=True)
class CrossLink:
    """A paragraph of a body that begins with one of the digest's labels, or ``[[...]]`` within a sentence (``inline``).

    ``text`` is what follows the label, as typed, or what stands in the brackets; ``href`` the address it already links
    to, if any. ``certain`` tells a cross-link by its spelling (capitals or a colon) from prose that may happen to begin
    with the word; ``html`` is the paragraph, or the words, as they read when it is not one. ``line`` counts from 1 in
    the story's file.
    """

    label: str
    text: str
    certain: bool
    html: str
    line: int
    column: int
    href: str = ""
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Body:
    """The words of a story: sanitised HTML with its cross-links between, and the same as plain text.

    ``parts`` are HTML fragments and cross-links in the order of the page; a fragment alone need not be balanced.
    """

    parts: tuple[str | CrossLink, ...]
    text: str
    lead: str
    summary_html: str = ""

    @property
    def crosslinks(self) -> tuple[CrossLink, ...]:
        """The cross-links, in the order of the page."""
        return tuple(part for part in self.parts if isinstance(part, CrossLink))


@dataclass(frozen=True, slots=True)
class Topic:
    """A tag that the digest knows: from a file in ``content/topics``, or free (``curated`` is false)."""

    slug: str
    label: str
    description: str = ""
    aliases: tuple[str, ...] = ()
    parent: str = ""
    pinned: tuple[str, ...] = ()
    media_topic: str = ""
    curated: bool = False
    path: str = ""


@dataclass(frozen=True, slots=True)
class Thread:
    """A developing story: the stories that name it, under the name that a file in ``content/threads`` gives it."""

    slug: str
    name: str
    description: str = ""
    closed: bool = False
    path: str = ""
