"""Which other stories should the reader of this one be offered?

Two stories are as related as their descriptions (``news.describe``) agree - the cosine between them: Salton, Wong and
Yang, "A vector space model for automatic indexing", 1975 - and more so if they appeared close together.

One pass goes from the oldest story to the newest, and each looks back only. A pair is scored once, when its newer story
arrives and with the weights of that day: a newcomer enters lists, and never changes a score that was there before it.
An index from each story's strongest terms to the newest stories under them names a bounded number of candidates, so the
time taken grows with the number of stories and not with its square. What is known of how older stories arrived need not
be found again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, Protocol

from alsoread.news.arrivals import CANDIDATES, Arrivals, Arrived, Spread, let_arrive, one_by_one
from alsoread.news.describe import HEAD, Carriers, Subject, Tally, Terms, language_of
from alsoread.news.reasons import Reasons

__all__ = ["HEAD", "Entry", "Known", "Listed", "Recall", "Related", "Subject", "relate"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND: Final = timedelta(seconds=1)
_UNLABELLED: Final[Mapping[str, str]] = MappingProxyType({})
_UNBARRED: Final[Mapping[str, Collection[str]]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Related:
    """A story to offer: background is older than the one it is listed for. ``score`` lies between 0 and 1."""

    key: str
    kind: Literal["background", "later"]
    score: float
    reason: str


class Entry(NamedTuple):
    """A line of a list: the place of the other story, the score in millionths, the reason."""

    place: int
    score: int
    reason: str


Listed = tuple[Sequence[Entry], Sequence[int]]
"""A list, and the places of the stories that must not be in it."""


_UNLISTED: Final[Listed] = ((), ())


def _no_arrivals() -> list[Arrived]:
    return []


@dataclass(frozen=True, slots=True)
class Known:
    """What is known already of the stories in a language.

    ``arrivals`` has the first of them, as they would be found. ``carriers`` are counted over these alone; None where
    that has to be done. ``tally`` gives what the story at a place says, if that is known;
    ``lists`` has the lists that were made with these stories, by their places.
    """

    arrivals: Arrivals = field(default_factory=_no_arrivals)
    carriers: Carriers | None = None
    tally: Callable[[int], Tally | None] = lambda place: None
    lists: Mapping[int, Listed] = field(default_factory=dict)


class Recall(Protocol):
    """Remembers how stories arrived.

    That depends on the stories up to each and on no later one; the first :data:`HEAD` are weighed together. It also
    depends on how many are compared with it, ``sizes``.
    """

    def known(self, language: str, stories: Sequence[Subject], sizes: Sequence[int]) -> Known:
        """What is known of the stories in a language, which come oldest first. Its arrivals will be added to."""

    def keep(self, language: str, carriers: Carriers | None, lists: Mapping[int, Listed]) -> None:
        """Remember the arrivals that :meth:`known` gave, as they are now, the counts over all of them and the lists."""


def relate(
    subjects: Iterable[Subject],
    *,
    limit: int = 5,
    labels: Mapping[str, str] = _UNLABELLED,
    exclude: Mapping[str, Collection[str]] = _UNBARRED,
    recall: Recall | None = None,
    spread: Spread = one_by_one,
) -> dict[str, tuple[Related, ...]]:
    """For every subject up to ``limit`` related stories in its language, best first.

    ``labels`` has the label to show for the slug of a topic; ``exclude[key]`` holds keys never to list for that story.
    On equal scores the nearer date goes first, then the lower key. ``recall`` and ``spread`` make it quicker and change
    nothing.
    """
    languages: defaultdict[str, list[Subject]] = defaultdict(list)
    for subject in sorted(subjects, key=attrgetter("date", "key")):
        languages[language_of(subject)].append(subject)
    return {
        key: entries
        for language, stories in languages.items()
        for key, entries in _relate_language(language, stories, max(0, limit), labels, exclude, recall, spread)
    }


def _relate_language(
    language: str,
    stories: Sequence[Subject],
    limit: int,
    labels: Mapping[str, str],
    exclude: Mapping[str, Collection[str]],
    recall: Recall | None,
    spread: Spread,
) -> Iterator[tuple[str, tuple[Related, ...]]]:
    """The list of each of the stories in one language, which come oldest first."""
    barred = _places_of(exclude, stories)
    least = max(CANDIDATES, 2 * limit)
    sizes = [least + sum(other < place for other in barred.get(place, ())) for place in range(len(stories))]
    seconds = [(story.date - _EPOCH) // _SECOND for story in stories]
    known, terms = recall.known(language, stories, sizes) if recall is not None else Known(), Terms()
    before, arrivals = len(known.arrivals), known.arrivals
    carriers = let_arrive(stories, seconds, sizes, arrivals, known.carriers, known.tally, terms, spread)
    stale = _stale(known.lists, before, arrivals, barred, len(stories))
    reasons = Reasons(stories, arrivals, terms, labels)
    chosen = _chosen(stale, stories, seconds, arrivals, barred, limit)
    places = sorted(chosen)

    def told(place: int) -> list[str]:
        entries, _ = known.lists.get(place, _UNLISTED) if place < before else _UNLISTED
        reason_of = {entry.place: entry.reason for entry in entries if entry.place < before}
        return [reason_of.get(each.place) or reasons.between(place, each.place) for each in chosen[place]]

    lists = dict(known.lists)
    for place, found in zip(places, spread(told, places), strict=True):
        entries = tuple(Entry(each.place, -each.loss, why) for each, why in zip(chosen[place], found, strict=True))
        lists[place] = entries, barred.get(place, ())
    if recall is not None:
        recall.keep(language, carriers, lists)
    for place, story in enumerate(stories):
        yield story.key, tuple(_related(stories, place, entry) for entry in lists[place][0])


def _related(stories: Sequence[Subject], place: int, entry: Entry) -> Related:
    kind: Literal["background", "later"] = "background" if entry.place < place else "later"
    return Related(stories[entry.place].key, kind, entry.score / 1_000_000, entry.reason)


def _places_of(exclude: Mapping[str, Collection[str]], stories: Sequence[Subject]) -> dict[int, list[int]]:
    """By the place of a story, the places of those that must not be listed for it; nothing where there are none."""
    if not exclude:
        return {}
    places = {story.key: place for place, story in enumerate(stories)}
    found = {
        place: sorted(places[other] for other in exclude.get(story.key, ()) if other in places)
        for place, story in enumerate(stories)
    }
    return {place: others for place, others in found.items() if others}


class _Offer(NamedTuple):
    """The story at ``place`` as an entry for a list; the best sorts first."""

    loss: int  # the score, negative
    gap: int  # seconds between the two
    key: str
    place: int


def _stale(
    lists: Mapping[int, Listed],
    before: int,
    arrivals: Arrivals,
    barred: Mapping[int, Sequence[int]],
    count: int,
) -> set[int]:
    """The places of the stories whose lists have to be made: all that have arrived now, were offered with one that did
    or had one that has left, and those from which others are barred now.
    """
    stale = {*range(before, count)}
    for place in range(before, count):
        stale.update(arrivals[place].older)
    for place in range(before):
        entries, kept_out = lists.get(place, _UNLISTED)
        is_known = place in lists and [*kept_out] == [*barred.get(place, ())]
        if not is_known or any(entry.place >= before for entry in entries):
            stale.add(place)
    return stale


def _chosen(
    places: Collection[int],
    stories: Sequence[Subject],
    seconds: Sequence[int],
    arrivals: Arrivals,
    barred: Mapping[int, Collection[int]],
    limit: int,
) -> dict[int, list[_Offer]]:
    """The best offers for the stories at some places: older ones, and newer ones that were offered with them."""
    chosen: dict[int, list[_Offer]] = {place: [] for place in sorted(places)}

    def offer(to: int, place: int, score: int) -> None:
        offers = chosen.get(to)
        if offers is not None and place not in barred.get(to, ()):
            offers.append(_Offer(-score, abs(seconds[to] - seconds[place]), stories[place].key, place))
            if len(offers) > 8 * limit:
                offers[:] = sorted(offers)[:limit]

    for place in range(min(places, default=0), len(stories)):
        arrived = arrivals[place]
        for older, score in zip(arrived.older, arrived.scores, strict=True):
            offer(place, older, score)
            offer(older, place, score)
    return {place: sorted(offers)[:limit] for place, offers in chosen.items()}
