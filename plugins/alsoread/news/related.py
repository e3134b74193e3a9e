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
from itertools import chain
from operator import attrgetter
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, Protocol

from alsoread.news.arrivals import CANDIDATES, Came, Line, Spread, Table, let_arrive, one_by_one
from alsoread.news.describe import HEAD, Carriers, Subject, Tally, Terms, language_of
from alsoread.news.numeric import load_numpy
from alsoread.news.reasons import OneByOne, Reasons

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


Chosen = tuple[int, int]
"""The place of a story that is listed, and the score in millionths."""


Listed = tuple[Sequence[Entry], Sequence[int]]
"""A list, and the places of the stories that must not be in it."""


MANY: Final = 500  # lists that are made together, for which NumPy is worth its time
PART: Final = 64  # lists of which a process finds the reasons

_UNLISTED: Final[Listed] = ((), ())


def _none_came() -> Came:
    return Came([])


@dataclass(frozen=True, slots=True)
class Known:
    """What is known already of the stories in a language.

    ``came`` are the first of them, as they would be found. ``carriers`` are counted over these alone; None where
    that has to be done. ``tally`` gives what the story at a place says, if that is known;
    ``lists`` has the lists that were made with these stories, by their places.
    """

    came: Came = field(default_factory=_none_came)
    carriers: Carriers | None = None
    tally: Callable[[int], Tally | None] = lambda place: None
    lists: Mapping[int, Listed] = field(default_factory=dict)


class Recall(Protocol):
    """Remembers how stories arrived.

    That depends on the stories up to each and on no later one; the first :data:`HEAD` are weighed together. It also
    depends on how many are compared with it, ``sizes``.
    """

    def known(self, language: str, stories: Sequence[Subject], sizes: Sequence[int]) -> Known:
        """What is known of the stories in a language, which come oldest first. To those that came will be added."""

    def keep(self, language: str, came: Came, carriers: Carriers, lists: Mapping[int, Listed]) -> None:
        """Remember the stories that came, the counts over all of them and the lists."""


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
    line = Line(stories, [(story.date - _EPOCH) // _SECOND for story in stories], sizes)
    known, terms = recall.known(language, stories, sizes) if recall is not None else Known(), Terms()
    came, before = known.came, len(known.came.arrivals)
    carriers, telling = let_arrive(line, came, known.carriers, known.tally, terms, spread)
    stale = sorted(_stale(known.lists, before, came.offers, barred, len(stories)))
    chosen = _chosen(stale, line, came.offers, barred, limit)
    reasons = Reasons(stories, came.arrivals, telling or OneByOne(came.arrivals), terms, labels)

    def told(places: Sequence[int]) -> list[list[str]]:
        return [
            _reasons(place, chosen[place], known.lists if place < before else {}, before, reasons) for place in places
        ]

    lists = dict(known.lists)
    parts = [stale[at : at + PART] for at in range(0, len(stale), PART)]
    found = chain.from_iterable(spread(told, parts))
    for place, whys in zip(stale, found, strict=True):
        entries = tuple(Entry(other, score, why) for (other, score), why in zip(chosen[place], whys, strict=True))
        lists[place] = entries, barred.get(place, ())
    if recall is not None:
        recall.keep(language, came, carriers, lists)
    for place, story in enumerate(stories):
        yield story.key, tuple(_related(stories, place, entry) for entry in lists[place][0])


def _reasons(
    place: int, chosen: Sequence[Chosen], lists: Mapping[int, Listed], before: int, reasons: Reasons
) -> list[str]:
    """The reason of each that is chosen for a story; those between stories that were there before are known."""
    entries, _ = lists.get(place, _UNLISTED) if place < before else _UNLISTED
    reason_of = {entry.place: entry.reason for entry in entries if entry.place < before}
    unknown = [other for other, _ in chosen if other not in reason_of]
    reason_of |= zip(unknown, reasons.between(place, unknown) if unknown else (), strict=True)
    return [reason_of[other] for other, _ in chosen]


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


def _stale(
    lists: Mapping[int, Listed], before: int, offers: Table, barred: Mapping[int, Sequence[int]], count: int
) -> set[int]:
    """The places of the stories whose lists have to be made: all that have arrived now, were offered with one that did
    or had one that has left, and those from which others are barred now.
    """
    stale = {*range(before, count), *offers.keys[offers.begins[before] :]}
    for place in range(before):
        entries, kept_out = lists.get(place, _UNLISTED)
        is_known = place in lists and [*kept_out] == [*barred.get(place, ())]
        if not is_known or any(entry.place >= before for entry in entries):
            stale.add(place)
    return stale


def _chosen(
    places: Sequence[int], line: Line, offers: Table, barred: Mapping[int, Collection[int]], limit: int
) -> Mapping[int, Sequence[Chosen]]:
    """The best offers for the stories at some places: older ones, and newer ones that were offered with them."""
    if len(places) > MANY:
        load_numpy()
        from alsoread.news.choosing import chosen_for_all

        return chosen_for_all(places, line, offers, barred, limit)
    found: dict[int, list[_Offer]] = {place: [] for place in places}

    def offer(to: int, place: int, score: int) -> None:
        if place not in barred.get(to, ()):
            gap = abs(line.seconds[to] - line.seconds[place])
            found[to].append(_Offer(-score, gap, line.stories[place].key, place))

    for place in places:
        for at in range(offers.begins[place], offers.begins[place + 1]):
            offer(place, offers.keys[at], offers.values[at])
    for at, place in offers.places_of(places):
        offer(offers.keys[at], place, offers.values[at])
    return {to: [(each.place, -each.loss) for each in sorted(found[to])[:limit]] for to in places}


class _Offer(NamedTuple):
    """The story at ``place`` as an entry for a list; the best sorts first."""

    loss: int  # the score, negative
    gap: int  # seconds between the two
    key: str
    place: int
