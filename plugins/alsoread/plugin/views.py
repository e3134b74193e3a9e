"""What do templates see of topics, threads and sources?

Views over the assembled digest: each looks up what a template asks for when it asks, so a page depends on what it shows
and on nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup
from pelican.urlwrappers import Tag as PelicanTag

from alsoread.news.branches import TopicFacts
from alsoread.news.outlets import Outlet, outlet_slug
from alsoread.news.sanitize import escaped
from alsoread.news.threads import ThreadStories
from alsoread.outputs.chart import Chart, chart_of
from alsoread.plugin.addresses import simple_fields
from alsoread.story import Source, Topic

if TYPE_CHECKING:
    from alsoread.plugin.contents import Article
    from alsoread.plugin.state import State

__all__ = [
    "CitedSource",
    "CombinationView",
    "OutletView",
    "SourceCount",
    "Tag",
    "ThreadView",
    "Tombstone",
    "TopicCount",
    "TopicView",
    "cited_sources",
    "combinations_of",
    "outlet_view",
    "page_url",
    "thread_view",
    "told_of_topic",
]


_PELICANS_URL: Final = PelicanTag.url


class Tag(PelicanTag):  # type: ignore[misc]
    """A Pelican tag that knows its topic and is never escaped twice."""

    def __init__(self, topic: Topic, settings: Mapping[str, Any], state: "State") -> None:
        super().__init__(escaped(topic.label), settings)
        self.slug = topic.slug
        self.topic = TopicView(topic, settings, state)

    @property
    def url(self) -> Any:
        """As Pelican's, which gathers all that a pattern may name each time it is asked."""
        pattern = self.settings["TAG_URL"]
        if type(pattern) is str and simple_fields(pattern) == ("slug",) and PelicanTag.url is _PELICANS_URL:
            return pattern.format(slug=self.slug)
        return super().url

    def known_as(self) -> str:
        """All that can be seen of it but what the stories and other topics decide that it leads to, as the press wants
        to know of what a page is asked for with.
        """
        return f"{self.name} {self.topic.known_as()}"

    def __html__(self) -> str:
        return str(self.name)


@dataclass(frozen=True, slots=True)
class TopicCount:
    """A topic beside another one: how many stories they share, and the page of the two together, if there is one."""

    tag: Tag
    count: int
    together: "CombinationView | None" = None


@dataclass(frozen=True, slots=True)
class SourceCount:
    """An outlet that covers a topic, and with how many stories."""

    source: "OutletView"
    count: int


class TopicView:
    """A topic as a template sees it: ``body`` is HTML, the rest text, and what its stories tell of it."""

    def __init__(self, topic: Topic, settings: Mapping[str, Any], state: "State") -> None:
        self.label = topic.label
        self.slug = topic.slug
        self.description = topic.description
        self.curated = topic.curated
        self.media_topic = topic.media_topic
        self._path = topic.path
        self._settings = settings
        self._state = state

    def known_as(self) -> str:
        """What its file says of it, and those of the topics above."""
        return told_of_topic(self._state, self.slug)

    @property
    def body(self) -> Markup:
        """The words of its file."""
        return self._state.words_of(self._path)

    @property
    def above(self) -> tuple[Tag, ...]:
        """The topics above, from the top of the branch down."""
        return tuple(self._tag(slug) for slug in self._state.digest.vocabulary.branches.above(self.slug))

    @property
    def below(self) -> tuple[TopicCount, ...]:
        """The topics right below that have stories, from A to Z, with the number of these."""
        digest = self._state.digest
        below = digest.vocabulary.branches.children.get(self.slug, ())
        return tuple(
            TopicCount(self._tag(slug), len(digest.stories_of[slug])) for slug in below if slug in digest.stories_of
        )

    @property
    def neighbours(self) -> tuple[TopicCount, ...]:
        """Topics that appear with this one, most often first."""
        pairs = self._state.combinations
        return tuple(
            TopicCount(self._tag(slug), count, pairs.get(_pair(self.slug, slug)))
            for slug, count in self._facts.neighbours
        )

    @property
    def sources(self) -> tuple[SourceCount, ...]:
        """The outlets that its stories draw on, most often first."""
        return tuple(SourceCount(outlet_view(self._state, slug), count) for slug, count in self._facts.sources)

    @property
    def pinned(self) -> tuple["Article", ...]:
        """The stories that the editor wants on top."""
        articles = self._state.articles
        return tuple(articles[path] for path in self._facts.pinned if path in articles)

    @property
    def first(self) -> datetime:
        """When its oldest story was published."""
        return self._facts.first

    @property
    def last(self) -> datetime:
        """When its newest story was published."""
        return self._facts.last

    @property
    def chart(self) -> Chart | None:
        """Its stories a month, or None where there is too little to see."""
        return chart_of(self._facts.months)

    @property
    def _facts(self) -> TopicFacts:
        return self._state.digest.facts[self.slug]

    def _tag(self, slug: str) -> Tag:
        return Tag(self._state.digest.vocabulary.topics[slug], self._settings, self._state)


def told_of_topic(state: "State", slug: str) -> str:
    """What files say of a topic and of those above it: all of them, and which stories are pinned to each."""
    digest = state.digest
    told = []
    for each in (*digest.vocabulary.branches.above(slug), slug):
        pinned = [path for path in digest.facts.pinned(each) if path in state.articles]
        told.append((digest.vocabulary.topics[each], pinned))
    return repr(told)


class _Listing:
    """Something that has a page with stories; ``save_as`` is empty where it has none."""

    def __init__(self, state: "State", save_as: str, paths: tuple[str, ...]) -> None:
        self._state = state
        self._paths = paths
        self.save_as = save_as
        self.url = page_url(save_as)

    def known_as(self) -> str:
        """All that can be seen of it but stories and what they decide, as for topics: who has more tells more."""
        return self.save_as

    @property
    def articles(self) -> tuple["Article", ...]:
        """The stories, in the order of the page."""
        return tuple(self._state.articles[path] for path in self._paths if path in self._state.articles)


class CombinationView(_Listing):
    """Two topics and the stories about both, newest first."""

    def __init__(self, state: "State", save_as: str, paths: tuple[str, ...], first: Tag, second: Tag) -> None:
        super().__init__(state, save_as, paths)
        self.first = first
        self.second = second

    def known_as(self) -> str:
        return repr((self.save_as, self.first.known_as(), self.second.known_as()))


class ThreadView(_Listing):
    """A developing story, its stories oldest first; ``body`` is HTML, the rest text."""

    def __init__(self, state: "State", found: ThreadStories) -> None:
        thread = found.thread
        super().__init__(state, state.settings.thread_page.format(slug=thread.slug), found.stories)
        self.slug = thread.slug
        self.name = thread.name
        self.description = thread.description
        self.closed = thread.closed
        self._path = thread.path
        self.feed = state.settings.thread_feed.format(slug=thread.slug)

    def known_as(self) -> str:
        return repr((self.save_as, self.slug, self.name, self.description, self.closed, self.feed))

    @property
    def body(self) -> Markup:
        """The words of its file."""
        return self._state.words_of(self._path)

    @property
    def latest(self) -> "Article | None":
        """Its newest story."""
        return self._state.articles.get(self._paths[-1])


class OutletView(_Listing):
    """An outlet and the stories that draw on it, newest first."""

    def __init__(self, state: "State", outlet: Outlet) -> None:
        super().__init__(state, state.settings.source_page.format(slug=outlet.slug), outlet.stories)
        self.slug = outlet.slug
        self.name = outlet.name

    def known_as(self) -> str:
        return repr((self.save_as, self.slug, self.name))


@dataclass(frozen=True, slots=True)
class CitedSource:
    """A source as a story cites it, and the outlet with all its stories."""

    source: Source
    outlet: OutletView | None


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What is said in the place of what was withdrawn: the day, and why."""

    date: date
    why: Markup


def thread_view(state: "State", slug: str) -> ThreadView | None:
    """The thread of that slug, if it has stories that readers may see."""
    found = state.digest.threads.get(slug)
    return None if found is None else ThreadView(state, found)


def outlet_view(state: "State", slug: str) -> OutletView:
    """The outlet of that slug."""
    return OutletView(state, state.digest.outlets[slug])


def cited_sources(state: "State", sources: tuple[Source, ...]) -> tuple[CitedSource, ...]:
    """The sources of a story with their outlets."""
    known = state.digest.outlets
    slugs = [outlet_slug(source.name) for source in sources]
    return tuple(
        CitedSource(source, outlet_view(state, slug) if slug in known else None)
        for source, slug in zip(sources, slugs, strict=True)
    )


def combinations_of(state: "State", settings: Mapping[str, Any]) -> dict[tuple[str, str], CombinationView]:
    """The combinations that have pages, by the slugs of their two topics."""
    pattern = state.settings.combination_page
    if not pattern:
        return {}
    topics = state.digest.vocabulary.topics
    return {
        (pair.first, pair.second): CombinationView(
            state,
            pattern.format(first=pair.first, second=pair.second),
            pair.stories,
            Tag(topics[pair.first], settings, state),
            Tag(topics[pair.second], settings, state),
        )
        for pair in state.digest.combinations
    }


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def page_url(save_as: str) -> str:
    """As servers show a folder: without the name of its index."""
    return save_as.removesuffix("index.html") if save_as.endswith("/index.html") else save_as
