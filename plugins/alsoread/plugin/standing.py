"""Where does a story stand in the lists of its topics, and in its developing story?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alsoread.plugin.views import Tag, ThreadView, thread_view

if TYPE_CHECKING:
    from alsoread.plugin.contents import Article
    from alsoread.plugin.state import State

__all__ = ["InThread", "InTopic", "in_thread", "in_topics"]


@dataclass(frozen=True, slots=True)
class InTopic:
    """A story's place in the list of one of its topics, or of a topic above one (then it is not ``direct``)."""

    tag: Tag
    direct: bool
    earlier: "Article | None"
    later: "Article | None"


@dataclass(frozen=True, slots=True)
class InThread:
    """A story's place in a developing story."""

    thread: ThreadView
    earlier: "Article | None"
    later: "Article | None"


def in_thread(state: "State", slug: str, path: str) -> InThread | None:
    """A story's place in its thread."""
    thread = thread_view(state, slug)
    if thread is None:
        return None
    paths = state.digest.threads[slug].stories
    if path not in paths:
        return InThread(thread, None, None)
    place = paths.index(path)
    earlier = state.articles.get(paths[place - 1]) if place else None
    later = state.articles.get(paths[place + 1]) if place + 1 < len(paths) else None
    return InThread(thread, earlier, later)


def in_topics(state: "State", path: str, settings: Mapping[str, Any]) -> tuple[InTopic, ...]:
    """A story's places in the lists of its topics, its own topics first."""
    digest, articles = state.digest, state.articles
    own = digest.vocabulary.of_story.get(path, ())
    walks = {walk.topic: walk for walk in digest.within.get(path, ())}
    ordered = [*own, *(slug for slug in walks if slug not in own)]
    return tuple(
        InTopic(
            Tag(digest.vocabulary.topics[slug], settings, state),
            slug in own,
            articles.get(walks[slug].earlier),
            articles.get(walks[slug].later),
        )
        for slug in ordered
        if slug in walks
    )
