"""How do many stories arrive at once?

What :mod:`alsoread.news.arrivals` finds one story after another is found here for a block of them with NumPy, bit for
bit the same: numbers are whole, or made by the operations that IEEE 754 rounds in one way. What stories say, and how
much they agree with older ones, is found by several processes where there are some.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alsoread.news.arrivals import LEAST, Arrivals, Arrived, Came, Line, Spread, Telling
from alsoread.news.describe import (
    FIRST_TOPIC,
    HEAD,
    TOLD,
    Carriers,
    Profile,
    Subject,
    Tally,
    Terms,
    idle_words,
    least_striking,
)
from alsoread.news.matches import Matcher, nearness
from alsoread.news.postings import Postings
from alsoread.news.rows import begins_of, rank_in
from alsoread.news.tallies import CHUNK, tallies_of
from alsoread.news.weights import Counts, Described, Sought, describe_all

__all__ = ["arrive_together"]

BLOCK: Final = 8_192  # stories that are looked at in the meantime by several processes: new ones each time
SPELLINGS: Final = 200_000  # that are remembered from block to block
PIECE: Final = 256  # stories that are described together: in whole CHUNKs

_Row = tuple[NDArray[np.uint32], NDArray[np.uint16]]


class _Profiles:
    """The descriptions of stories by their places: those of the arrivals, and of the blocks that came since."""

    def __init__(self, arrivals: Arrivals) -> None:
        self._arrivals, self._before = arrivals, len(arrivals)
        self._starts: list[int] = []
        self._blocks: list[Described] = []

    def add(self, start: int, described: Described) -> None:
        self._starts.append(start)
        self._blocks.append(described)

    def __getitem__(self, place: int) -> _Row:
        """The terms of a story and their weights."""
        if place < self._before:
            profile = self._arrivals[place].profile
            return np.frombuffer(profile.terms, np.uint32), np.frombuffer(profile.weights, np.uint16)
        described, number = self._described(place)
        begin, end = described.begins[number], described.begins[number + 1]
        return described.terms[begin:end], described.weights[begin:end]

    def square(self, place: int) -> int:
        """The square of the length of a description."""
        if place < self._before:
            return self._arrivals[place].profile.square
        described, number = self._described(place)
        return described.squares[number]

    def least(self, place: int) -> int:
        """What a term weighs at least that is among the strongest of a story."""
        if place < self._before:
            arrived = self._arrivals[place]
            return least_striking(arrived.profile.weights[: arrived.tally.words + arrived.tally.topics])
        described, number = self._described(place)
        return int(described.least[number])

    def _described(self, place: int) -> tuple[Described, int]:
        block = bisect_right(self._starts, place) - 1
        return self._blocks[block], place - self._starts[block]


def arrive_together(
    line: Line,
    came: Came,
    carriers: Carriers | None,
    known: Callable[[int], Tally | None],
    terms: Terms,
    spread: Spread,
    idle: Collection[int] | None = None,
) -> tuple[Carriers, Telling]:
    """As :func:`alsoread.news.arrivals.let_arrive`."""
    counts = Counts(carriers) if carriers is not None else _counted(came.arrivals)
    profiles, postings = _Profiles(came.arrivals), Postings.of(came.entries)
    saying = _Saying(line.stories, known, terms, spread, idle)
    for block in _blocks(len(came.arrivals), len(line.stories)):
        tallies = saying.tallies(block)
        sought = []
        for at in range(0, len(block), PIECE):
            described, seeking = _described(block[at : at + PIECE], tallies[at : at + PIECE], counts)
            profiles.add(block[at], described)
            _add(came, tallies[at : at + PIECE], described, seeking)
            sought.append(seeking)
        postings.enter(sought, block.start)
        comparing = _Comparing(line, block.start, sought, postings, profiles)
        for part in spread(comparing.offers, [block[at : at + CHUNK] for at in range(0, len(block), CHUNK)]):
            for older, scores in part:
                came.offers.append(older, scores)
    return counts.carriers(), Told(profiles)


def _described(places: range, tallies: Sequence[Tally], counts: Counts) -> tuple[Described, Sought]:
    """The descriptions of the stories at some places."""
    if places.start < HEAD:
        return describe_all(tallies, [places.stop] * len(places), counts, together=True)
    return describe_all(tallies, range(places.start + 1, places.stop + 1), counts, together=False)


class _Comparing:
    """The stories of a block are compared with older ones; ``start`` is the place of the first."""

    def __init__(
        self, line: Line, start: int, sought: Sequence[Sought], postings: Postings, profiles: _Profiles
    ) -> None:
        self._start, self._sought, self._postings, self._profiles = start, sought, postings, profiles
        self._seconds, self._sizes = np.array(line.seconds, np.int64), line.sizes
        self._matcher = Matcher()

    def offers(self, places: range) -> list[tuple[array[int], array[int]]]:
        """With which older ones each at some places, which are in one piece, is offered, and the scores."""
        piece, first = divmod(places.start - self._start, PIECE)
        numbers = range(first, first + len(places))
        start = places.start - first
        found = self._postings.candidates(self._sought[piece], numbers, start, self._seconds, self._sizes)
        return [self._scored(place, older) for place, older in zip(places, found, strict=True)]

    def _scored(self, place: int, older: Sequence[int]) -> tuple[array[int], array[int]]:
        """The candidates that are related to a story, and how much, in millionths."""
        if not older:
            return array("I"), array("I")
        profiles = self._profiles
        self._matcher.look_for(*profiles[place])
        shared = self._matcher.shared([profiles[other] for other in older]).astype(np.float64)
        squares = np.array([profiles.square(other) for other in older], np.float64)
        length = np.sqrt(float(profiles.square(place)) * squares)
        cosine = shared / np.where(length == 0, 1.0, length)
        near = nearness(self._seconds[place] - self._seconds[[*older]])
        scores = np.rint(np.minimum(1.0, cosine) * near * 1_000_000).astype(np.int64).tolist()
        found = [(other, score) for other, score in zip(older, scores, strict=True) if score >= LEAST]
        return array("I", [other for other, _ in found]), array("I", [score for _, score in found])


def _counted(arrivals: Arrivals) -> Counts:
    counts = Counts(Carriers())
    for start in range(0, len(arrivals), BLOCK):
        counts.add([arrivals[place].tally for place in range(start, min(start + BLOCK, len(arrivals)))])
    return counts


def _blocks(start: int, stop: int) -> Iterator[range]:
    """The places of stories that are described together; the oldest, which are weighed together, by themselves."""
    head = min(HEAD, stop)
    if start < head:
        yield range(start, head)
    for at in range(max(start, head), stop, BLOCK):
        yield range(at, min(at + BLOCK, stop))


class _Saying:
    """What stories say: what is known of it, and what several processes find."""

    def __init__(
        self,
        stories: Sequence[Subject],
        known: Callable[[int], Tally | None],
        terms: Terms,
        spread: Spread,
        idle: Collection[int] | None,
    ) -> None:
        self._stories, self._known, self._terms, self._spread = stories, known, terms, spread
        self._known_idle = idle

    @cached_property
    def _idle(self) -> Collection[int]:
        return idle_words(self._stories[:HEAD], self._terms) if self._known_idle is None else self._known_idle

    def tallies(self, block: range) -> list[Tally]:
        """What the stories at some places say."""
        found = {place: self._known(place) for place in block}
        unknown = [place for place, tally in found.items() if tally is None]
        if unknown:
            idle = self._idle
            parts = [unknown[at : at + CHUNK] for at in range(0, len(unknown), CHUNK)]

            def told(places: Sequence[int]) -> tuple[list[Tally], dict[str, int]]:
                known = len(self._terms)
                tallies = tallies_of([self._stories[place] for place in places], self._terms, idle)
                return tallies, dict(islice(self._terms.items(), known, None))

            tallies: list[Tally] = []
            for part, spellings in self._spread(told, parts):
                tallies += part
                if len(self._terms) < SPELLINGS:  # so that the processes of the next block know them
                    self._terms.update(spellings)
            found |= zip(unknown, tallies, strict=True)
        return [tally for tally in found.values() if tally is not None]


def _add(came: Came, tallies: Sequence[Tally], described: Described, sought: Sought) -> None:
    """Add stories to those that have come, but for their offers."""
    weights, begins = described.weights.tobytes(), described.begins.tolist()
    for number, tally in enumerate(tallies):
        own = array("H", weights[2 * begins[number] : 2 * begins[number + 1]])
        came.arrivals.append(Arrived(tally, Profile(tally.terms, own, described.squares[number])))
    came.entries.begins.extend((sought.entry_begins[1:] + len(came.entries.keys)).tolist())
    came.entries.keys.frombytes(sought.entries.tobytes())
    came.entries.values.frombytes(sought.shares.tobytes())


class Told:
    """Tells in which terms stories are alike, as :class:`alsoread.news.reasons.OneByOne` does."""

    def __init__(self, profiles: _Profiles) -> None:
        self._profiles = profiles
        self._matcher = Matcher()

    def told(self, place: int, others: Sequence[int]) -> list[list[int]]:
        """For each of the others the words and pairs that tell most, the strongest first."""
        if not others:
            return []
        self._matcher.look_for(*self._profiles[place])
        rows = [self._profiles[other] for other in others]
        terms = np.concatenate([terms for terms, _ in rows])
        places, own = self._matcher.found(terms)
        weights = np.concatenate([weights for _, weights in rows])[places]
        found = terms[places]
        of = np.searchsorted(begins_of(np.array([len(terms) for terms, _ in rows])), places, side="right") - 1
        least = np.array([self._profiles.least(other) for other in others])
        keep = np.flatnonzero((weights >= least[of]) & (own > 0) & (found < FIRST_TOPIC))
        of, found, product = of[keep], found[keep], own[keep] * weights[keep]
        order = np.lexsort((-product, of))
        order = order[rank_in(of[order], len(others)) < TOLD]
        cuts = np.searchsorted(of[order], np.arange(len(others) + 1)).tolist()
        told = found[order].tolist()
        return [told[a:b] for a, b in pairwise(cuts)]

    def topics(self, place: int) -> Mapping[int, int]:
        """The topics of a story as terms, and what they weigh."""
        terms, weights = self._profiles[place]
        topical = np.flatnonzero(terms >= FIRST_TOPIC)
        return dict(zip(terms[topical].tolist(), weights[topical].tolist(), strict=True))
