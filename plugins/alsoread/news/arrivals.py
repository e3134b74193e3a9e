"""How is a story found to be like older ones when it arrives?

A pair is scored once, when its newer story arrives and with the weights of that day. An index from each story's
strongest terms to the newest stories under them names a bounded number of candidates.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from heapq import nlargest
from math import sqrt
from typing import Final, NamedTuple, Protocol

from alsoread.news.describe import HEAD, Arrival, Carriers, Profile, Subject, Tally, Terms, arrive, idle_words, tally_of

__all__ = ["CANDIDATES", "Arrivals", "Arrived", "let_arrive"]

RECENT: Final = 24  # stories that a term leads to: the newest
LOOKUPS: Final = 500  # stories met on the way to the candidates, repeats included
CANDIDATES: Final = 12  # stories compared in full, or more where lists are longer
FRESH: Final = 10 * 86_400  # seconds apart at which half of the bonus for nearness is left
LEAST: Final = 50_000  # a lower score, in millionths, is chance
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


def let_arrive(
    stories: Sequence[Subject],
    seconds: Sequence[int],
    sizes: Sequence[int],
    arrivals: Arrivals,
    carriers: Carriers | None,
    known: Callable[[int], Tally | None],
    terms: Terms,
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
    for place, tally, so_far in _tallies(stories, before, known, terms, carriers):
        arrival = arrive(tally, so_far, carriers)
        found = _candidates(arrival, index, seconds, place, sizes[place])
        scored = [(older, _score(arrival, arrivals[older].profile, seconds[place] - seconds[older])) for older in found]
        older, scores = (array("I", column) for column in _columns(each for each in scored if each[1] >= LEAST))
        arrived = Arrived(tally, arrival.profile, arrival.entries, arrival.shares, older, scores)
        arrivals.append(arrived)
        index.enter(place, arrived)
    return carriers if countable else None


def _columns(pairs: Iterable[tuple[int, int]]) -> tuple[Sequence[int], Sequence[int]]:
    firsts, seconds = [*zip(*pairs, strict=True)] or ((), ())
    return firsts, seconds


def _tallies(
    stories: Sequence[Subject],
    before: int,
    known: Callable[[int], Tally | None],
    terms: Terms,
    carriers: Carriers,
) -> Iterator[tuple[int, Tally, int]]:
    """The place of each story that arrives, what it says, and among how many stories it is weighed."""
    idle: frozenset[int] = frozenset()

    def tally(place: int) -> Tally:
        nonlocal idle
        found = known(place)
        if found is None:
            idle = idle or idle_words(stories[:HEAD], terms)
            found = tally_of(stories[place], terms, idle)
        carriers.add(found)
        return found

    together = min(HEAD, len(stories))
    head = [(place, tally(place)) for place in range(before, together)]
    yield from ((place, said, together) for place, said in head)
    for place in range(max(before, HEAD), len(stories)):
        yield place, tally(place), place + 1


class _Index:
    """From each term to the newest stories that are entered under it, oldest first, and its share in each."""

    def __init__(self, arrivals: Arrivals, *, searched: bool) -> None:
        self._arrivals = arrivals
        self._searched = searched
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
        for place in range(len(self._arrivals) - 1, -1, -1):
            arrived = self._arrivals[place]
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


def _score(arrival: Arrival, older: Profile, gap: int) -> int:
    """How related a story is to an older one, in millionths."""
    weights = arrival.weights
    pairs = zip(older.terms, older.weights, strict=True)
    shared = sum([weights[term] * weight for term, weight in pairs if term in weights])
    cosine = shared / (sqrt(arrival.profile.square * older.square) or 1.0)
    return round(min(1.0, cosine) * _nearness(gap) * 1_000_000)


def _nearness(gap: int) -> float:
    """1 for stories of the same time, a half for stories far apart."""
    return (1 + FRESH / (FRESH + gap)) / 2
