"""How is a story found to be like older ones when it arrives?

A pair is scored once, when its newer story arrives and with the weights of that day. An index from each story's
strongest terms to the newest stories under them names a bounded number of candidates.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from heapq import nlargest
from itertools import chain
from math import sqrt
from typing import Any, Final, NamedTuple, Protocol, TypeAlias

from alsoread.news.describe import HEAD, Arrival, Carriers, Profile, Subject, Tally, Terms, arrive, idle_words, tally_of

__all__ = ["CANDIDATES", "Arrivals", "Arrived", "Spread", "let_arrive", "one_by_one"]

RECENT: Final = 24  # stories that a term leads to: the newest
LOOKUPS: Final = 500  # stories met on the way to the candidates, repeats included
CANDIDATES: Final = 12  # stories compared in full, or more where lists are longer
FRESH: Final = 10 * 86_400  # seconds apart at which half of the bonus for nearness is left
LEAST: Final = 50_000  # a lower score, in millionths, is chance
BLOCK: Final = 2_000  # stories that are looked at together by several processes, more than are weighed together
FEW: Final = 48  # stories that arrive, for which an index of all terms is not worth making


class Arrived(NamedTuple):
    """What was found when a story arrived: what it says, its description, and under which terms it is entered, with the
    share of each. ``older`` are the places of the stories that it is offered with, ``scores`` are in millionths.
    """

    tally: Tally
    profile: Profile
    entries: array[int]
    shares: array[int]
    older: array[int]
    scores: array[int]


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


def let_arrive(
    stories: Sequence[Subject],
    seconds: Sequence[int],
    sizes: Sequence[int],
    arrivals: Arrivals,
    carriers: Carriers | None,
    known: Callable[[int], Tally | None],
    terms: Terms,
    spread: Spread = one_by_one,
) -> Carriers | None:
    """Add the stories that are not among the arrivals yet; give the counts over all of them, None where some are too
    high to be counted out again.

    ``seconds`` is when each appeared, and ``sizes`` with how many it is compared. ``carriers`` are counted over the
    arrivals so far, or None where that is to be done; ``known`` is what the story at a place says, if that is known.
    """
    before = len(arrivals)
    countable = True
    if carriers is None:
        carriers = Carriers()
        for place in range(before):
            countable &= carriers.add(arrivals[place].tally)
    index = _Index.of(arrivals, all_terms=len(stories) - before > FEW)
    idle = _Idle(stories, terms)
    for block in _blocks(before, len(stories)):
        tallies = _tallies(stories, block, known, terms, idle, spread)
        came: list[tuple[Arrived, Sequence[int]]] = []
        for place, tally, so_far in _weighed_among(block, tallies, carriers, min(HEAD, len(stories))):
            arrival = arrive(tally, so_far, carriers)
            candidates = _candidates(arrival, index, seconds, place, sizes[place])
            arrived = Arrived(tally, arrival.profile, arrival.entries, arrival.shares, array("I"), array("I"))
            came.append((arrived, candidates))
            index.enter(place, arrived)

        def offers(
            place: int, came: Sequence[tuple[Arrived, Sequence[int]]] = came, start: int = block.start
        ) -> _Offers:
            arrived, candidates = came[place - start]
            others = (arrivals[other] if other < start else came[other - start][0] for other in candidates)
            gaps = [seconds[place] - seconds[other] for other in candidates]
            return _scored(arrived.profile, candidates, [other.profile for other in others], gaps)

        for (arrived, _), (older, scores) in zip(came, spread(offers, block), strict=True):
            arrivals.append(arrived._replace(older=older, scores=scores))
    return carriers if countable else None


def _blocks(start: int, stop: int) -> Iterator[range]:
    """The places of the stories that arrive, so many at once that it is worth while to spread them."""
    return (range(at, min(at + BLOCK, stop)) for at in range(start, stop, BLOCK))


class _Idle:
    """The words with which no pair is worth counting, found when they are asked for."""

    def __init__(self, stories: Sequence[Subject], terms: Terms) -> None:
        self._stories, self._terms = stories, terms

    @cached_property
    def words(self) -> frozenset[int]:
        return idle_words(self._stories[:HEAD], self._terms)


def _tallies(
    stories: Sequence[Subject],
    block: range,
    known: Callable[[int], Tally | None],
    terms: Terms,
    idle: _Idle,
    spread: Spread,
) -> list[Tally]:
    """What the stories at some places say."""
    found = {place: known(place) for place in block}
    unknown = [place for place, tally in found.items() if tally is None]
    if unknown:
        words = idle.words
        found |= zip(unknown, spread(lambda place: tally_of(stories[place], terms, words), unknown), strict=True)
    return [tally for tally in found.values() if tally is not None]


def _weighed_among(
    block: range, tallies: Sequence[Tally], carriers: Carriers, together: int
) -> Iterator[tuple[int, Tally, int]]:
    """Each story when it has been counted, and among how many it is weighed: of the first, all ``together``."""
    head = [place for place in block if place < together]
    for place in head:
        carriers.add(tallies[place - block.start])
    for place, tally in zip(block, tallies, strict=True):
        if place >= together:
            carriers.add(tally)
        yield place, tally, max(place + 1, together)


class _Index:
    """From each term to the newest stories that are entered under it, oldest first, and its share in each."""

    def __init__(self, arrivals: Arrivals, *, searched: bool) -> None:
        self._arrivals = arrivals
        self._searched = searched
        self._before = len(arrivals)
        self._since: list[tuple[int, Arrived]] = []
        self._found: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)

    @classmethod
    def of(cls, arrivals: Arrivals, *, all_terms: bool) -> _Index:
        """An index of the arrivals: of all their terms, or one that looks through them for the terms of each story."""
        index = cls(arrivals, searched=not all_terms)
        if all_terms:
            for place in range(len(arrivals)):
                index.enter(place, arrivals[place])
        return index

    def enter(self, place: int, arrived: Arrived) -> None:
        """Make a story findable under its terms."""
        if self._searched:
            self._since.append((place, arrived))
            return
        for term, share in zip(arrived.entries, arrived.shares, strict=True):
            found = self._found[term]
            if len(found) >= 2 * RECENT:
                del found[:-RECENT]
            found.append((place, share))

    def among(self, wanted: Collection[int]) -> Callable[[int], Sequence[tuple[int, int]]]:
        """What gives, for each of some terms, the stories under it."""
        found = self._found if not self._searched else self._search(frozenset(wanted))
        return lambda term: found.get(term, ())

    def _search(self, terms: frozenset[int]) -> Mapping[int, Sequence[tuple[int, int]]]:
        found: dict[int, list[tuple[int, int]]] = {}
        before = ((place, self._arrivals[place]) for place in range(self._before - 1, -1, -1))
        for place, arrived in chain(reversed(self._since), before):
            if not terms.isdisjoint(arrived.entries):
                for term, share in zip(arrived.entries, arrived.shares, strict=True):
                    if term in terms and len(known := found.setdefault(term, [])) < RECENT:
                        known.append((place, share))
        return {term: known[::-1] for term, known in found.items()}


def _candidates(arrival: Arrival, index: _Index, seconds: Sequence[int], place: int, size: int) -> list[int]:
    """The older stories that share the most of this one's strongest terms."""
    met: dict[int, int] = {}
    left = LOOKUPS
    found = index.among(arrival.wanted)
    for term in arrival.wanted:
        if recent := found(term)[-RECENT:]:
            weight = arrival.weights[term]
            for older, share in recent:
                met[older] = met.get(older, 0) + weight * share
            left -= len(recent)
            if left <= 0:
                break
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
