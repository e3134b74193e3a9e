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
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from operator import attrgetter
from types import MappingProxyType
from typing import Final, NamedTuple, Protocol

from alsoread.news.arrivals import CANDIDATES, Arrivals, Came, Line, Spread, Table, let_arrive, one_by_one
from alsoread.news.describe import HEAD, Carriers, Subject, Tally, Terms, language_of
from alsoread.news.list_columns import ListColumns
from alsoread.news.listed import Chosen, Listed, Lists, Seek, mark_of_list
from alsoread.news.numeric import load_numpy
from alsoread.news.reasons import OneByOne, Reasons
from alsoread.news.seeking import Again, SoughtLater, sign_of_arrival, signed, sought

__all__ = ["HEAD", "Known", "Recall", "Subject", "chosen_for", "relate", "seconds_of"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND: Final = timedelta(seconds=1)
_UNLABELLED: Final[Mapping[str, str]] = MappingProxyType({})
_UNBARRED: Final[Mapping[str, Collection[str]]] = MappingProxyType({})
_NONE: Final[list[int]] = []

MANY: Final = 500  # lists that are made together, for which NumPy is worth its time


def _none_came() -> Came:
    return Came([])


@dataclass(frozen=True, slots=True)
class Known:
    """What is known already of the stories in a language.

    ``came`` are the first of them, as they would be found. ``carriers`` are counted over these alone; None where
    that has to be done. ``tally`` gives what the story at a place says, and ``idle`` are the words with which no pair
    is counted, if that is known; ``lists`` has lists by places, those that were made with these stories first; of
    them those hold of whose place ``holds`` says so, or all.
    ``reason`` is asked when all have arrived: what was shown for the story at the first place as the reason why that at
    the second is listed, if both are described as they were then. ``sign``, too: what tells how the story at a place is
    described, and what it says, from anything else, if that is known. Where ``explains`` is set all reasons are wanted
    at once, and the lists have them; else they have what tells them, and ``lost`` is told where arrivals cannot be read
    any more.
    """

    came: Came = field(default_factory=_none_came)
    carriers: Carriers | None = None
    tally: Callable[[int], Tally | None] = lambda place: None
    idle: Collection[int] | None = None
    lists: ListColumns = field(default_factory=ListColumns)
    holds: Callable[[int], bool] | None = None
    reason: Callable[[int, int], str | None] = lambda place, other: None
    sign: Callable[[int], str] | None = None
    explains: bool = False
    lost: Callable[[], None] = lambda: None


class Recall(Protocol):
    """Remembers how stories arrived.

    That depends on the stories up to each and on no later one; the first :data:`HEAD` are weighed together. It also
    depends on how many are compared with it, ``sizes``.
    """

    def known(self, language: str, stories: Sequence[Subject], sizes: Sequence[int]) -> Known:
        """What is known of the stories in a language, which come oldest first. To those that came will be added."""

    def keep(self, language: str, came: Came, carriers: Carriers, lists: ListColumns) -> None:
        """Remember the stories that came, the counts over all of them and the lists."""


def relate(
    subjects: Iterable[Subject],
    *,
    limit: int = 5,
    labels: Mapping[str, str] = _UNLABELLED,
    exclude: Mapping[str, Collection[str]] = _UNBARRED,
    recall: Recall | None = None,
    spread: Spread = one_by_one,
    again: Again | None = None,
) -> Lists:
    """For every subject up to ``limit`` related stories in its language, best first.

    ``labels`` has the label to show for the slug of a topic; ``exclude[key]`` holds keys never to list for that story.
    On equal scores the nearer date goes first, then the lower key. ``recall`` and ``spread`` make it quicker and change
    nothing. Where stories can be had ``again`` reasons are sought when somebody asks for them, unless ``recall`` wants
    them at once.
    """
    languages: defaultdict[str, list[Subject]] = defaultdict(list)
    for subject in sorted(subjects, key=attrgetter("date", "key")):
        languages[language_of(subject)].append(subject)
    found = Lists()
    for language, stories in languages.items():
        lists, seek = _relate_language(language, stories, max(0, limit), labels, exclude, recall, spread, again)
        found.add([story.key for story in stories], lists, seek)
    return found


def _relate_language(
    language: str,
    stories: Sequence[Subject],
    limit: int,
    labels: Mapping[str, str],
    exclude: Mapping[str, Collection[str]],
    recall: Recall | None,
    spread: Spread,
    again: Again | None,
) -> tuple[ListColumns, Seek | None]:
    """The list of each of the stories in one language, which come oldest first, by their places; and what finds the
    reasons, if they are not known.
    """
    barred = _places_of(exclude, stories)
    least = max(CANDIDATES, 2 * limit)
    sizes = [least] * len(stories)
    for place, others in barred.items():
        sizes[place] += sum(other < place for other in others)
    line = Line(stories, seconds_of(stories), sizes)
    known, terms = recall.known(language, stories, sizes) if recall is not None else Known(), Terms()
    came, before = known.came, len(known.came.arrivals)
    carriers, telling = let_arrive(line, came, known.carriers, known.tally, terms, spread, known.idle)
    stale = sorted(_stale(known, before, came.offers, barred, len(stories)))
    chosen = chosen_for(stale, line, came.offers, barred, limit)
    seek: Seek | None = None
    if again is not None and not known.explains:
        anew = partial(_arrived_anew, sizes)
        seek = SoughtLater([story.key for story in stories], again, came.arrivals, labels, known.lost, anew)
        sign = known.sign or (lambda place: sign_of_arrival(stories[place], came.arrivals[place]))
        whys = signed(chosen, sign, lambda place: stories[place].topics, labels)
    else:
        reasons = Reasons(stories, came.arrivals, telling or OneByOne(came.arrivals), terms, labels)
        whys = sought(chosen, known.reason, reasons, spread)
    made: dict[int, Listed] = {}
    for place in stale:
        entries = [(other, score, whys[place][other]) for other, score in chosen[place]]
        made[place] = Listed(entries, barred.get(place, _NONE), mark_of_list(stories, place, entries))
    lists = known.lists.with_others(made, len(stories))
    if recall is not None:
        recall.keep(language, came, carriers, lists)
    return lists, seek


def _arrived_anew(sizes: Sequence[int], stories: Sequence[Subject]) -> Arrivals:
    """How the stories in a language arrived, of which nothing is known any more."""
    came = Came([])
    let_arrive(Line(stories, seconds_of(stories), sizes), came, None, lambda place: None, Terms(), one_by_one)
    return came.arrivals


def seconds_of(stories: Iterable[Subject]) -> list[int]:
    """When each story appeared, in seconds since 1970."""
    return [(story.date - _EPOCH) // _SECOND for story in stories]


def _places_of(exclude: Mapping[str, Collection[str]], stories: Sequence[Subject]) -> dict[int, list[int]]:
    """By the place of a story, the places of those that must not be listed for it; nothing where there are none."""
    if not exclude:
        return {}
    places = {story.key: place for place, story in enumerate(stories)}
    found = {
        places[key]: sorted(places[other] for other in others if other in places)
        for key, others in exclude.items()
        if key in places
    }
    return {place: others for place, others in found.items() if others}


def _stale(known: Known, before: int, offers: Table, barred: Mapping[int, Sequence[int]], count: int) -> set[int]:
    """The places of the stories whose lists have to be made: all that have arrived now, were offered with one that did
    or had one that has left, and those from which others are barred now.
    """
    lists, kept = known.lists, range(min(before, len(known.lists)))
    stale = {*range(kept.stop, count), *offers.keys[offers.begins[before] :]}
    stale.update(place for place in kept if lists.barred(place) != barred.get(place, _NONE))
    stale.update(lists.reaching(before))
    if known.holds is not None:
        stale.update(place for place in kept if not known.holds(place))
    return {place for place in stale if place < count}


def chosen_for(
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
    for at, place in offers.places_of({*places}):
        offer(offers.keys[at], place, offers.values[at])
    return {to: [(each.place, -each.loss) for each in sorted(found[to])[:limit]] for to in places}


class _Offer(NamedTuple):
    """The story at ``place`` as an entry for a list; the best sorts first."""

    loss: int  # the score, negative
    gap: int  # seconds between the two
    key: str
    place: int
