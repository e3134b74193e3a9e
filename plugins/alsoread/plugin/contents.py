"""What do templates see of a story?

Pelican's own objects under Pelican's own names, made from a checked story instead of raw metadata, with what a digest
adds: ``article.story``, ``.related``, ``.backlinks``; ``tag.topic``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from pelican import contents
from pelican.urlwrappers import Author, Category
from pelican.urlwrappers import Tag as PelicanTag

from alsoread.news.names import slugify
from alsoread.news.sanitize import escaped, trusted
from alsoread.story import Body, Story, Topic

if TYPE_CHECKING:
    from alsoread.plugin.state import State

__all__ = ["Article", "Page", "RelatedStory", "Tag", "TopicView", "make_metadata"]


@dataclass(frozen=True, slots=True)
class RelatedStory:
    """A related story as a template sees it; ``kind`` is background or later."""

    article: "Article"
    kind: str
    reason: str
    score: float


@dataclass(frozen=True, slots=True)
class TopicView:
    """A topic as a template sees it: ``body`` is HTML, the rest text."""

    label: str
    slug: str
    description: str
    body: Markup
    curated: bool


class Tag(PelicanTag):  # type: ignore[misc]
    """A Pelican tag that knows its topic and is never escaped twice."""

    def __init__(self, topic: Topic, settings: Mapping[str, Any]) -> None:
        super().__init__(escaped(topic.label), settings)
        self.slug = topic.slug
        self.topic = TopicView(topic.label, topic.slug, topic.description, trusted(topic.html), topic.curated)

    def __html__(self) -> str:
        return str(self.name)


class _Sanitised:
    """Content whose HTML was cleaned when its file was read, and so needs no escaping."""

    story: Story
    metadata: dict[str, Any]
    _context: dict[str, Any]

    def get_content(self, siteurl: str) -> Markup:
        return trusted(super().get_content(siteurl) or "")  # type: ignore[misc]

    def get_summary(self, siteurl: str) -> Markup:
        """The summary that was written, or the first paragraph as text: Pelican would cut the body's HTML."""
        if "summary" in self.metadata:
            return trusted(super().get_summary(siteurl) or "")  # type: ignore[misc]
        state: State = self._context["alsoread"]
        return trusted(f"<p>{escaped(state.digest.bodies[self.story.path].lead)}</p>")


class Article(_Sanitised, contents.Article):  # type: ignore[misc]
    """A story as Pelican and its themes know it."""

    story: Story

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Pelican makes a draft of a story that its clock thinks is early; the digest has judged that already
        self.status = self.story.status

    @property
    def related(self) -> list[RelatedStory]:
        """Related stories that the body does not link already, best first."""
        state: State = self._context["alsoread"]
        return [
            RelatedStory(state.articles[each.key], each.kind, each.reason, each.score)
            for each in state.digest.offered.get(self.story.path, ())
            if each.key in state.articles
        ]

    @property
    def backlinks(self) -> list["Article"]:
        """The stories whose bodies link here, newest first."""
        state: State = self._context["alsoread"]
        return [
            state.articles[path] for path in state.digest.backlinks.get(self.story.path, ()) if path in state.articles
        ]


class Page(_Sanitised, contents.Page):  # type: ignore[misc]
    """A page as Pelican and its themes know it."""

    story: Story


def make_metadata(story: Story, body: Body, topics: tuple[Topic, ...], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Pelican's metadata for a story: nothing but the names it reads, every text escaped."""
    metadata: dict[str, Any] = {name: escaped(text) for name, text in story.extra}
    metadata |= {
        "title": escaped(story.title),
        "slug": story.slug,
        "lang": story.lang,
        "status": story.status,
        "tags": [Tag(topic, settings) for topic in topics],
        "story": story,
    }
    if body.summary_html:
        metadata["summary"] = trusted(body.summary_html)
    if story.date is not None:
        metadata["date"] = story.date
    if story.modified is not None:
        metadata["modified"] = story.modified
    if story.category:
        metadata["category"] = _named(Category, story.category, settings)
    if story.authors:
        metadata["authors"] = [_named(Author, name, settings) for name in story.authors]
    return metadata


def _named(kind: Any, name: str, settings: Mapping[str, Any]) -> Any:
    wrapper = kind(escaped(name), settings)
    wrapper.slug = slugify(name) or "unnamed"
    return wrapper
