"""How is a story found to be like older ones when it arrives?

A pair is scored once, when its newer story arrives and with the weights of that day. An index from each story's
strongest terms to the newest stories under them names a bounded number of candidates.
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from heapq import nlargest
from itertools import compress
from math import sqrt
from typing import Any, Final, NamedTuple, Protocol, TypeAlias

from alsoread.news.describe import HEAD, Arrival, Carriers, Profile, Subject, Tally, Terms, arrive, idle_words, tally_of
from alsoread.news.numeric import load_numpy

__all__ = [
    "CANDIDATES",
    "FEW",
    "FRESH",
    "LEAST",
    "LOOKUPS",
    "RECENT",
    "Arrivals",
    "Arrived",
    "Came",
    "Line",
    "Spread",
    "Table",
    "Telling",
    "let_arrive",
    "one_by_one",
]

RECENT: Final = 24  # stories that a term leads to: the newest
LOOKUPS: Final = 500  # stories met on the way to the candidates, repeats included
CANDIDATES: Final = 12  # stories compared in full, or more where lists are longer
FRESH: Final = 10 * 86_400  # seconds apart at which half of the bonus for nearness is left
LEAST: Final = 50_000  # a lower score, in millionths, is chance
PIECE: Final = 4_096  # pairs of numbers of a table that are looked through together
FEW: Final = 16  # stories that arrive one by one, for which NumPy and an index of all terms are not worth their time


class Arrived(NamedTuple):
    """What was found when a story arrived: what it says, and its description."""

    tally: Tally
    profile: Profile


@dataclass(frozen=True, slots=True)
class Table:
    """For each story some pairs of whole numbers: those of the one at ``place`` are in both columns from
    ``begins[place]`` to ``begins[place + 1]``.
    """

    begins: array[int] = field(default_factory=lambda: array("Q", [0]))
    keys: array[int] = field(default_factory=lambda: array("I"))
    values: array[int] = field(default_factory=lambda: array("I"))

    def __len__(self) -> int:
        return len(self.begins) - 1

    def append(self, keys: Iterable[int], values: Iterable[int]) -> None:
        """Add those of the next story."""
        self.keys.extend(keys)
        self.values.extend(values)
        self.begins.append(len(self.keys))

    def up_to(self, count: int) -> Table:
        """Those of the first stories alone."""
        end = self.begins[count]
        return Table(self.begins[: count + 1], self.keys[:end], self.values[:end])

    def met_from(self, place: int) -> array[int]:
        """The keys of the stories from a place on."""
        return self.keys[self.begins[place] :]

    def places_of(self, keys: AbstractSet[int]) -> Iterator[tuple[int, int]]:
        """Where in the columns one of the keys stands, and the place of the story; from the newest to the oldest. A key
        that is taken out in the meantime is not looked for much longer.
        """
        place = len(self)
        for end in range(len(self.keys), 0, -PIECE):
            begin = max(0, end - PIECE)
            found = compress(range(begin, end), map(keys.__contains__, self.keys[begin:end]))
            for at in [*found][::-1]:
                while self.begins[place] > at:
                    place -= 1
                yield at, place


@dataclass(frozen=True, slots=True)
class Came:
    """Stories that have arrived: each as it did, under which terms it is entered, with the share that each has, and
    with which older stories it is offered, with the scores in millionths.
    """

    arrivals: Arrivals
    entries: Table = field(default_factory=Table)
    offers: Table = field(default_factory=Table)


class Line(NamedTuple):
    """The stories in one language, oldest first, when each appeared, and with how many older ones it is compared."""

    stories: Sequence[Subject]
    seconds: Sequence[int]
    sizes: Sequence[int]


class Arrivals(Protocol):
    """The stories in one language as they arrived, oldest first."""

    def __len__(self) -> int: ...
    def __getitem__(self, place: int, /) -> Arrived: ...
    def append(self, arrived: Arrived, /) -> None: ...


class Spread(Protocol):
    """Gives a function's results for many items, in their order. Several processes may take part."""

    def __call__(self, function: Callable[[Any], Any], items: Sequence[Any], /) -> Iterable[Any]: ...


def one_by_one(function: Callable[[Any], Any], items: Sequence[Any], /) -> Iterable[Any]:
    """All in this process."""
    return map(function, items)


class Telling(Protocol):
    """Tells in which terms the story at a place and others are alike."""

    def told(self, place: int, others: Sequence[int]) -> list[list[int]]:
        """For each of the others the words and pairs that tell most, the strongest first."""

    def topics(self, place: int) -> Mapping[int, int]:
        """The topics of a story as terms, and what they weigh."""


def let_arrive(
    line: Line,
    came: Came,
    carriers: Carriers | None,
    known: Callable[[int], Tally | None],
    terms: Terms,
    spread: Spread = one_by_one,
    idle: Collection[int] | None = None,
) -> tuple[Carriers, Telling | None]:
    """Let the stories arrive that have not come yet; give the counts over all of them, and what tells in which terms
    they are alike, if many have come.

    ``carriers`` are counted over those that have come before, or None where that is to be done; ``known`` is what the
    story at a place says, and ``idle`` are the words with which no pair is counted, if that is known. A few arrive one
    after another; many together, for which NumPy is loaded.
    """
    if len(line.stories) - len(came.arrivals) > FEW or (carriers is None and len(came.arrivals) > FEW):
        load_numpy()
        from alsoread.news.together import arrive_together

        return arrive_together(line, came, carriers, known, terms, spread, idle)
    return _arrive_one_by_one(line, came, carriers, known, terms, idle), None


def _arrive_one_by_one(
    line: Line,
    came: Came,
    carriers: Carriers | None,
    known: Callable[[int], Tally | None],
    terms: Terms,
    idle: Collection[int] | None,
) -> Carriers:
    arrivals, before = came.arrivals, len(came.arrivals)
    if carriers is None:
        carriers = Carriers()
        for place in range(before):
            carriers.add(arrivals[place].tally)
    weighed = _weighed_among(_tallies(line.stories, before, known, terms, idle), carriers)
    arriving = [(place, tally, arrive(tally, so_far, carriers)) for place, tally, so_far in weighed]
    newest = _newest(came.entries, {term for _, _, arrival in arriving for term in arrival.wanted})
    for place, tally, arrival in arriving:
        candidates = _candidates(arrival, newest, line, place)
        profiles = [arrivals[older].profile for older in candidates]
        gaps = [line.seconds[place] - line.seconds[older] for older in candidates]
        came.offers.append(*_scored(arrival.profile, candidates, profiles, gaps))
        came.entries.append(arrival.entries, arrival.shares)
        arrivals.append(Arrived(tally, arrival.profile))
        for term, share in zip(arrival.entries, arrival.shares, strict=True):
            if term in newest:
                newest[term].append((place, share))
    return carriers


def _tallies(
    stories: Sequence[Subject],
    before: int,
    known: Callable[[int], Tally | None],
    terms: Terms,
    idle: Collection[int] | None,
) -> dict[int, Tally]:
    """What the stories from a place on say."""
    found = {place: known(place) for place in range(before, len(stories))}
    unknown = [place for place, tally in found.items() if tally is None]
    if unknown and idle is None:
        idle = idle_words(stories[:HEAD], terms)
    found |= {place: tally_of(stories[place], terms, idle or ()) for place in unknown}
    return {place: tally for place, tally in found.items() if tally is not None}


def _weighed_among(tallies: Mapping[int, Tally], carriers: Carriers) -> Iterator[tuple[int, Tally, int]]:
    """Each story when it has been counted, and among how many it is weighed: of the first, all together."""
    together = min(HEAD, max(tallies, default=0) + 1)
    for place, tally in tallies.items():
        if place < together:
            carriers.add(tally)
    for place, tally in tallies.items():
        if place >= together:
            carriers.add(tally)
        yield place, tally, max(place + 1, together)


_Newest: TypeAlias = "dict[int, deque[tuple[int, int]]]"


def _newest(entries: Table, wanted: Collection[int]) -> _Newest:
    """For each of some terms the newest stories that are entered under it, oldest first, and its share in each."""
    found: _Newest = {term: deque(maxlen=RECENT) for term in wanted}
    left = {*wanted}
    for at, place in entries.places_of(left):
        known = found[entries.keys[at]]
        if len(known) < RECENT:
            known.appendleft((place, entries.values[at]))
        else:
            left.discard(entries.keys[at])
    return found


def _candidates(arrival: Arrival, newest: _Newest, line: Line, place: int) -> list[int]:
    """The older stories that share the most of this one's strongest terms."""
    met: dict[int, int] = {}
    left = LOOKUPS
    for term in arrival.wanted:
        if recent := newest[term]:
            weight = arrival.weights[term]
            for older, share in recent:
                met[older] = met.get(older, 0) + weight * share
            left -= len(recent)
            if left <= 0:
                break
    size, seconds = line.sizes[place], line.seconds
    likely = sorted(met, key=met.__getitem__, reverse=True)[: 4 * size]
    return nlargest(size, likely, key=lambda older: met[older] * _nearness(seconds[place] - seconds[older]))


_Offers: TypeAlias = "tuple[array[int], array[int]]"


def _scored(profile: Profile, candidates: Sequence[int], others: Sequence[Profile], gaps: Sequence[int]) -> _Offers:
    """The candidates that are related to a story, and how much, in millionths."""
    weights = {term: weight for term, weight in zip(profile.terms, profile.weights, strict=True) if weight}
    scores = [_score(weights, profile.square, other, gap) for other, gap in zip(others, gaps, strict=True)]
    found = [(place, score) for place, score in zip(candidates, scores, strict=True) if score >= LEAST]
    return array("I", [place for place, _ in found]), array("I", [score for _, score in found])


def _score(weights: Mapping[int, int], square: int, older: Profile, gap: int) -> int:
    pairs = zip(older.terms, older.weights, strict=True)
    shared = sum([weights[term] * weight for term, weight in pairs if term in weights])
    cosine = shared / (sqrt(square * older.square) or 1.0)
    return round(min(1.0, cosine) * _nearness(gap) * 1_000_000)


def _nearness(gap: int) -> float:
    """1 for stories of the same time, a half for stories far apart."""
    return (1 + FRESH / (FRESH + gap)) / 2
