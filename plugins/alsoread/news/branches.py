"""Which stories does a topic have, its sub-topics' with them, and what do they tell of it?"""

import difflib
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import chain, combinations, pairwise, repeat
from operator import attrgetter
from typing import NamedTuple

from alsoread.diagnostics import Diagnostic
from alsoread.news.hierarchy import Hierarchy
from alsoread.news.names import former_slug
from alsoread.story import Story, Topic

__all__ = ["Combination", "Facts", "Neighbours", "TopicFacts", "about_pins", "combine", "roll_up", "walk_within"]

NEIGHBOURS = 8
_FEWEST_SHARED = 2
_CENTURY = 1_200
_MOST_TOPICS = 20


@dataclass(frozen=True, slots=True)
class TopicFacts:
    """What a topic's page tells besides its stories.

    ``neighbours`` are other topics with the number of stories that are about both, ``sources`` outlets with the number
    of stories that draw on them, most first; ``months`` has (year, month, number of stories), the empty ones between
    first and last too (:func:`months_between`); ``pinned`` the stories that the editor wants on top.
    """

    first: datetime
    last: datetime
    neighbours: tuple[tuple[str, int], ...]
    sources: tuple[tuple[str, int], ...]
    months: tuple[tuple[int, int, int], ...]
    pinned: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Combination:
    """Two topics that enough stories are about, and these stories, newest first."""

    first: str
    second: str
    stories: tuple[str, ...]


class Neighbours(NamedTuple):
    """The stories before and after one in the list of a topic; empty at its ends."""

    topic: str
    earlier: str
    later: str


def roll_up(
    listed: Sequence[Story],
    of_story: Mapping[str, tuple[str, ...]],
    branches: Hierarchy,
    translations: Container[str] = (),
) -> dict[str, tuple[str, ...]]:
    """For each topic the stories about it or about a topic below it, each once, in the order of ``listed``.

    ``of_story`` has the slugs of each story's own topics. ``translations`` stand for another story of the list, and are
    in a topic only if no other is.
    """
    stories: dict[str, list[str]] = defaultdict(list)
    above = cache(branches.above)
    for story in listed:
        path = story.path
        own = slugs = of_story[path]
        if branches.parent:
            # those above from the nearest up
            slugs = tuple(dict.fromkeys((*own, *(each for slug in own for each in reversed(above(slug))))))
        for slug in slugs:
            stories[slug].append(path)
    return {
        slug: tuple(path for path in paths if path not in translations) or tuple(paths)
        for slug, paths in stories.items()
    }


@dataclass(slots=True)
class Facts(Mapping[str, TopicFacts]):
    """The facts of every topic that has stories, found when somebody asks; ``outlets_of`` gives the outlets of a story
    by slug, and ``within`` its neighbours in each topic.

    Of ``stories`` with the same slug or id the first is the one that is pinned.
    """

    topics: Mapping[str, Topic] = field(default_factory=dict)
    stories_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stories: Mapping[str, Story] = field(default_factory=dict)
    branches: Hierarchy = field(default_factory=Hierarchy)
    outlets_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    within: Mapping[str, tuple["Neighbours", ...]] = field(default_factory=dict)
    _known: dict[str, TopicFacts] = field(default_factory=dict)
    _by_key: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, slug: str) -> TopicFacts:
        if slug not in self._known:
            self._known[slug] = self._found(slug, self.stories_of[slug])
        return self._known[slug]

    def __iter__(self) -> Iterator[str]:
        return iter(self.stories_of)

    def __len__(self) -> int:
        return len(self.stories_of)

    def pinned(self, slug: str) -> tuple[str, ...]:
        """The stories that the editor wants on top of a topic; none where it has no stories at all."""
        keys = self.topics[slug].pinned if slug in self.stories_of else ()
        if keys and not self._by_key:
            self._by_key = _by_key(self.stories)
        return tuple(self._by_key[key] for key in keys if key in self._by_key)

    def _found(self, slug: str, paths: Sequence[str]) -> TopicFacts:
        dates = sorted(date for path in paths if (date := self.stories[path].date))
        near = Counter(each.topic for path in paths for each in self.within[path])
        del near[slug]
        outlets = Counter(chain.from_iterable(map(self.outlets_of.get, paths, repeat(()))))
        are_near = ((each, count) for each, count in near.items() if _is_near(slug, each, count, self.branches))
        return TopicFacts(
            first=dates[0],
            last=dates[-1],
            neighbours=_most(are_near),
            sources=_most(outlets.items()),
            months=months_between(dates),
            pinned=self.pinned(slug),
        )


def _by_key(stories: Mapping[str, Story]) -> dict[str, str]:
    """The story that each slug or id means."""
    by_key: dict[str, str] = {}
    for keys_of in (_keys, _former_keys):
        for path, story in stories.items():
            for key in keys_of(story):
                by_key.setdefault(key, path)
    return by_key


def _keys(story: Story) -> tuple[str, ...]:
    return story.slug, story.id


def _former_keys(story: Story) -> tuple[str, ...]:
    """The slugs that it had: what named it before it moved names it still, unless another story has the name now."""
    return tuple(map(former_slug, story.aliases))


def about_pins(topics: Mapping[str, Topic], stories: Iterable[Story]) -> tuple[Diagnostic, ...]:
    """A finding for every pinned story that readers may not see, or that there is not."""
    if not any(topic.pinned for topic in topics.values()):
        return ()
    known = {key for story in stories for key in (*_keys(story), *_former_keys(story))}
    lost = [(topic, key) for topic in topics.values() for key in topic.pinned if key not in known]
    return tuple(_not_pinned(topic, key, known) for topic, key in lost)


def _is_near(slug: str, other: str, count: int, branches: Hierarchy) -> bool:
    return count >= _FEWEST_SHARED and not branches.related(slug, other)


def _most(counted: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counted, key=lambda row: (-row[1], row[0]))[:NEIGHBOURS])


def months_between(dates: Sequence[datetime]) -> tuple[tuple[int, int, int], ...]:
    """(year, month, number of dates in it), from the first month to the last; ``dates`` are in order.

    None at all where a century or more lies between: one mistyped year would make a page of empty months.
    """
    counts = Counter(map(attrgetter("year", "month"), dates))
    first, last = (12 * date.year + date.month - 1 for date in (dates[0], dates[-1]))
    if last - first >= _CENTURY:
        return ()
    return tuple((month // 12, month % 12 + 1, counts[month // 12, month % 12 + 1]) for month in range(first, last + 1))


def _not_pinned(topic: Topic, key: str, known: Iterable[str]) -> Diagnostic:
    message = f"the pinned story '{key}' is none that readers may see"
    near = difflib.get_close_matches(key, sorted(known), n=1)
    kept = ", ".join(near[0] if each == key else each for each in topic.pinned) if near else "slug-of-a-story"
    return Diagnostic(topic.path, 0, 0, "AR305", message, f"pinned: [{kept}]")


def combine(stories_of: Mapping[str, tuple[str, ...]], branches: Hierarchy, fewest: int) -> tuple[Combination, ...]:
    """The pairs of topics that share at least ``fewest`` stories and of which none stands above the other.

    A story about very many topics is about no two of them in particular: five of those could make thousands of pages.
    """
    if not fewest:
        return ()
    topics_of: dict[str, list[str]] = defaultdict(list)
    for slug in sorted(slug for slug, paths in stories_of.items() if len(paths) >= fewest):
        for path in stories_of[slug]:
            topics_of[path].append(slug)
    told = (slugs for slugs in topics_of.values() if len(slugs) <= _MOST_TOPICS)
    shared = Counter(pair for slugs in told for pair in combinations(slugs, 2))
    pairs = sorted(pair for pair, count in shared.items() if count >= fewest and not branches.related(*pair))
    return tuple(Combination(one, other, _both(stories_of[one], stories_of[other])) for one, other in pairs)


def _both(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    wanted = frozenset(other)
    return tuple(path for path in one if path in wanted)


def walk_within(stories_of: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[Neighbours, ...]]:
    """For each story its neighbours in the list of each of its topics, by the topic's slug."""
    walks: dict[str, list[Neighbours]] = defaultdict(list)
    for slug in sorted(stories_of):
        for later, path, earlier in _threes(stories_of[slug]):
            walks[path].append(Neighbours(slug, earlier, later))
    return {path: tuple(rows) for path, rows in walks.items()}


def _threes(paths: Sequence[str]) -> Iterable[tuple[str, str, str]]:
    ends = ("", *paths, "")
    return ((before, here, after) for (before, here), (_, after) in pairwise(pairwise(ends)))
