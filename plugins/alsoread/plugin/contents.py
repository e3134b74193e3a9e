"""What do templates see of a story?

Pelican's own objects under Pelican's own names, made from a checked story instead of raw metadata, with what a digest
adds: ``article.story``, ``.related``, ``.backlinks``, ``.in_thread`` and others. The views of topics, threads and
sources are in ``views``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import combinations, groupby
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote

from markupsafe import Markup
from pelican import contents
from pelican.urlwrappers import Author, Category

from alsoread.news.listed import Lists, Related
from alsoread.news.names import slugify
from alsoread.news.sanitize import escaped, trusted
from alsoread.news.visible import Mark, mark_of
from alsoread.plugin.addresses import simple_fields
from alsoread.plugin.standing import InThread, InTopic, in_thread, in_topics
from alsoread.plugin.views import (
    CitedSource,
    CombinationView,
    Tag,
    cited_sources,
)
from alsoread.story import Body, Story, Topic

if TYPE_CHECKING:
    from alsoread.plugin.state import State

__all__ = [
    "Article",
    "BackLinks",
    "Page",
    "RelatedStory",
    "is_content_pelicans",
    "is_pelicans",
    "make_metadata",
    "named",
]


@dataclass(frozen=True, slots=True)
class RelatedStory:
    """A related story as a template sees it; ``kind`` is background or later."""

    article: "Article"
    kind: str
    reason: str
    score: float


class _Unexplained(RelatedStory):
    """One whose reason is sought when it is asked for."""

    __slots__ = ("_entry", "_reasons")
    _entry: Related
    _reasons: Callable[[], Mapping[str, str]]

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        """Who makes another one of its class, as ``dataclasses.replace`` does, knows the reason."""
        return RelatedStory(*args, **kwargs)

    @classmethod
    def of(cls, article: "Article", entry: Related, reasons: Callable[[], Mapping[str, str]]) -> Self:
        """The one for an entry of a list of which ``reasons`` gives the reasons, by the keys of stories."""
        made = object.__new__(cls)
        for name, value in (("article", article), ("kind", entry.kind), ("score", entry.score)):
            object.__setattr__(made, name, value)
        object.__setattr__(made, "_entry", entry)
        object.__setattr__(made, "_reasons", reasons)
        return made

    @property
    def reason(self) -> str:
        """What the two have in common."""
        return self._reasons()[self._entry.key]

    def __reduce__(self) -> Any:
        return RelatedStory, (self.article, self.kind, self.reason, self.score)


# templates may ask for the name of its class
_Unexplained.__name__, _Unexplained.__qualname__ = RelatedStory.__name__, RelatedStory.__qualname__


@dataclass(frozen=True, slots=True)
class BackLinks:
    """The stories that link to another one and stand to it in the same way, newest first.

    ``relation`` is later, denied, reactions, reaction-to, earlier or linked.
    """

    relation: str
    articles: tuple["Article", ...]


def is_pelicans() -> bool:
    """Whether no plugin has put its own in the place of what makes an address."""
    return all(_is_stock(*each) for each in _ADDRESSING)


def is_content_pelicans() -> bool:
    """Whether no plugin has put its own in the place of what gives a body."""
    of_articles = vars(contents.Article)
    return (
        all(_is_stock(contents.Content, name) for name in _GIVING)
        and not any(name in of_articles for name in (*_GIVING, _OF_PLUGINS))
        and not hasattr(contents.Content, _OF_PLUGINS)
    )


_ADDRESSING = (
    (contents.Content, "url_format"),
    *((kind, "_expand_settings") for kind in (contents.Content, contents.Article, contents.Page)),
)
_GIVING = ("content", "get_content", "_update_content", "_link_replacer", "_get_intrasite_link_regex")
# what Pelican asks for a body before it looks for its own
_OF_PLUGINS = "_get_content"


def _is_stock(kind: type, name: str) -> bool:
    """Whether what a class has by a name was written in Pelican's own file: a plugin may have come before us."""
    value = vars(kind).get(name)
    function = getattr(value, "fget", None) or getattr(value, "func", None) or value
    code = getattr(function, "__code__", None)
    return code is not None and code.co_filename == contents.__file__


class _Sanitised:
    """Content whose HTML was cleaned when its file was read, and so needs no escaping.

    A draft comes here in a preview only. There it stands among the published, with the address that it will have.
    """

    story: Story
    # where its file is, as long as that is the story's
    _story_file: str | None = None
    source_path: str | None
    settings: Mapping[str, Any]
    metadata: dict[str, Any]
    _context: dict[str, Any]
    _status: str
    _kind: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._story_file = self.source_path

    @property
    def status(self) -> str:
        """As the front matter has it; but Pelican, as long as it has no list of them, sorts a draft with the others."""
        is_sorting = f"{self._kind}s" not in self._context
        return "published" if self.story.status == "draft" and is_sorting else self._status

    @status.setter
    def status(self, value: str) -> None:
        self._status = value.lower()

    def _expand_settings(self, key: str) -> str:
        if self.story.status == "draft":
            return str(contents.Content._expand_settings(self, key, self._kind))
        return self._quickly_expanded(key) or str(super()._expand_settings(key))  # type: ignore[misc]

    def _quickly_expanded(self, key: str) -> str:
        """An address by the few fields that its pattern names: Pelican gathers all that there are, each time it is
        asked. Empty where more is needed.
        """
        pattern = self.settings.get(f"{self._kind}_{key}".upper())
        if type(pattern) is not str or self._status == "draft" or not is_pelicans():
            return ""
        fields = simple_fields(pattern)
        if fields is None:
            return ""
        try:
            return str(pattern.format(**{field: getattr(self, field) for field in fields}))
        except (AttributeError, ValueError):
            return ""

    def get_relative_source_path(self, source_path: str | None = None) -> str | None:
        """As Pelican's, which asks the system for the current folder each time."""
        if source_path is None and self._story_file is not None and self.source_path == self._story_file:
            return self.story.path
        found: str | None = super().get_relative_source_path(source_path)  # type: ignore[misc]
        return found

    def get_content(self, siteurl: str) -> Markup:
        return trusted(super().get_content(siteurl) or "")  # type: ignore[misc]

    def get_summary(self, siteurl: str) -> Markup:
        """The summary that was written, or the first paragraph as text: Pelican would cut the body's HTML."""
        if "summary" in self.metadata:
            return trusted(super().get_summary(siteurl) or "")  # type: ignore[misc]
        state: State = self._context["alsoread"]
        return trusted(state.digest.summaries[self.story.path])


class Article(_Sanitised, contents.Article):  # type: ignore[misc]
    """A story as Pelican and its themes know it."""

    story: Story
    _kind = "article"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Pelican makes a draft of a story that its clock thinks is early; the digest has judged that already
        self.status = self.story.status

    @property
    def mark(self) -> Mark:
        """Why readers do not see it yet: draft, embargoed or future; nothing, as on every page that is published."""
        state: State = self._context["alsoread"]
        return mark_of(self.story, state.settings)

    @property
    def in_thread(self) -> InThread | None:
        """Its place in the developing story that it belongs to."""
        story = self.story
        return in_thread(self._context["alsoread"], story.thread, story.path) if story.thread else None

    @property
    def standfirst(self) -> Markup:
        """The summary that was written for it; nothing where none was, and ``summary`` is cut from its words."""
        state: State = self._context["alsoread"]
        return self.summary if state.digest.standfirsts[self.story.path] else Markup("")

    @property
    def in_topics(self) -> tuple[InTopic, ...]:
        """The stories before and after this one in the lists of its topics."""
        return in_topics(self._context["alsoread"], self.story.path, self.settings)

    @property
    def combinations(self) -> tuple[CombinationView, ...]:
        """The pages of two of its topics together."""
        state: State = self._context["alsoread"]
        slugs = sorted(state.digest.vocabulary.of_story.get(self.story.path, ()))
        return tuple(state.combinations[pair] for pair in combinations(slugs, 2) if pair in state.combinations)

    @property
    def sources(self) -> tuple[CitedSource, ...]:
        """The sources it draws on, with their outlets."""
        return cited_sources(self._context["alsoread"], self.story.sources)

    @property
    def edit_url(self) -> str:
        """Where a reader can suggest an edit, or nothing."""
        state: State = self._context["alsoread"]
        return state.settings.edit_url.replace("{path}", quote(self.story.path))

    @property
    def related(self) -> list[RelatedStory]:
        """Related stories that the body does not link already, best first."""
        state: State = self._context["alsoread"]
        offered, path = state.digest.offered, self.story.path
        entries = [each for each in offered.get(path, ()) if each.key in state.articles]
        if not isinstance(offered, Lists) or offered.is_explained(path):
            return [RelatedStory(state.articles[each.key], each.kind, each.reason, each.score) for each in entries]
        reasons = cache(lambda: {each.key: each.reason for each in offered.explained(path)})
        return [_Unexplained.of(state.articles[each.key], each, reasons) for each in entries]

    @property
    def backlinks(self) -> list[BackLinks]:
        """The stories that link here, in groups: later coverage first."""
        state: State = self._context["alsoread"]
        links = [link for link in state.digest.backlinks.get(self.story.path, ()) if link.path in state.articles]
        return [
            BackLinks(relation, tuple(state.articles[link.path] for link in group))
            for relation, group in groupby(links, key=lambda link: link.relation)
        ]


class Page(_Sanitised, contents.Page):  # type: ignore[misc]
    """A page as Pelican and its themes know it."""

    story: Story
    _kind = "page"

    @property
    def mark(self) -> Mark:
        """``draft``, if it is one; nothing, as on every page that is published."""
        return "draft" if self.story.status == "draft" else ""


def make_metadata(
    story: Story, body: Body, topics: tuple[Topic, ...], settings: Mapping[str, Any], state: "State"
) -> dict[str, Any]:
    """Pelican's metadata for a story: nothing but the names it reads, every text escaped."""
    metadata: dict[str, Any] = {name: escaped(text) for name, text in story.extra}
    metadata |= {
        "title": escaped(story.title),
        "slug": story.slug,
        "lang": story.lang,
        "status": story.status,
        "tags": [Tag(topic, settings, state) for topic in topics],
        "story": story,
    }
    if body.summary_html:
        metadata["summary"] = trusted(body.summary_html)
    if story.date is not None:
        metadata["date"] = story.date
    if story.modified is not None:
        metadata["modified"] = story.modified
    if story.category:
        metadata["category"] = named(Category, story.category, settings)
    if story.authors:
        metadata["authors"] = [named(Author, name, settings) for name in story.authors]
    return metadata


def named(kind: Any, name: str, settings: Mapping[str, Any]) -> Any:
    """The category or author of a name."""
    wrapper = kind(escaped(name), settings)
    wrapper.slug = slugify(name) or "unnamed"
    return wrapper
