"""How are many stories described?

The same as :func:`alsoread.news.describe.arrive` finds for each, with NumPy for all of them together. How many stories
carried a term on the day that one of these arrived is how many did before all of them, and how many of these do that
came up to it: what is the same comes together where it is sorted by the number of the story last.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alsoread.news.describe import (
    FULL,
    INDEXED,
    PAIR,
    PAIRS,
    SPARSE,
    STRIKING,
    TOPIC,
    WANTED,
    Carriers,
    Tally,
)
from alsoread.news.rows import Kinds, Whole, begins_of, in_order, kinds_in, rank_in
from alsoread.news.tallies import levels_up_to

__all__ = ["Counts", "Described", "Sought", "describe_all"]

_STORY_BITS: Final = 16
_WEIGHT_BITS: Final = 16


class Counts:
    """How many stories carry each term; pairs are counted in one array. ``carriers`` has the same when it is asked."""

    def __init__(self, carriers: Carriers) -> None:
        """Go on from ``carriers``, which are not to be used any more."""
        self._single, pairs = carriers.single, carriers.pairs
        if isinstance(pairs, Counter):
            self._places = np.zeros(PAIRS, np.uint16)
            self._places[np.fromiter(pairs, np.int64)] = np.fromiter(pairs.values(), np.uint16)
        else:
            whole = pairs if isinstance(pairs, array) else pairs.whole()
            self._places = np.frombuffer(whole, np.uint16)

    def carriers(self) -> Carriers:
        """The counts; those of pairs in a table where few places are taken."""
        taken = np.flatnonzero(self._places)
        if len(taken) > SPARSE:
            pairs = array("H")
            pairs.frombytes(self._places.data.cast("B"))
            return Carriers(self._single, pairs)
        return Carriers(self._single, Counter(dict(zip(taken.tolist(), self._places[taken].tolist(), strict=True))))

    def add(self, tallies: Sequence[Tally]) -> None:
        """Count stories in."""
        alone = np.array([tally.words + tally.topics for tally in tallies], np.int64)
        sizes = np.array([len(tally.terms) for tally in tallies], np.int64)
        owner = np.repeat(np.arange(len(tallies)), sizes)
        terms = np.frombuffer(b"".join(tally.terms for tally in tallies), np.uint32).astype(np.int64)
        is_pair = rank_in(owner, len(tallies)) >= alone[owner]
        self.single(terms[~is_pair], together=True)
        self.pairs(terms[is_pair], owner[is_pair], together=True)

    def single(self, terms: Whole, *, together: bool) -> Whole:
        """Count words and topics of stories, which have each once; how many carried each when its story had come."""
        values, order = in_order(terms)
        kinds = kinds_in(values)
        different = values[kinds.starts].tolist()
        before = np.array([self._single.get(term, 0) for term in different], np.int64)
        self._single.update(zip(different, (before + kinds.lengths).tolist(), strict=True))
        found = np.empty_like(order)
        found[order] = _up_to(before, kinds, together=together)
        return found

    def pairs(self, terms: Whole, owner: Whole, *, together: bool) -> Whole:
        """The same of pairs, of which a story may have two in one place, which count once."""
        keys, order = in_order((terms % PAIRS) << _STORY_BITS | owner)
        same = kinds_in(keys)
        places = keys[same.starts] >> _STORY_BITS
        kinds = kinds_in(places)
        before = self._places[places[kinds.starts]].astype(np.int64)
        self._places[places[kinds.starts]] = np.minimum(before + kinds.lengths, FULL)
        found = np.empty_like(order)
        found[order] = np.minimum(_up_to(before, kinds, together=together), FULL)[same.which]
        return found


def _up_to(before: Whole, kinds: Kinds, *, together: bool) -> Whole:
    """How many there are of each kind up to each, of which there were some before; or up to the last."""
    if together:
        return np.repeat(before + kinds.lengths, kinds.lengths)
    return np.repeat(before + 1, kinds.lengths) + kinds.rank


@dataclass(frozen=True, slots=True)
class Described:
    """Stories as they are described, in one row: story ``n`` has the terms from ``begins[n]`` to ``begins[n + 1]``.

    ``squares`` are those of the lengths of the whole descriptions. ``least`` is the weight from which on a term is one
    of those in which reasons are sought.
    """

    terms: NDArray[np.uint32]
    weights: NDArray[np.uint16]
    begins: Whole
    squares: Sequence[int]
    least: NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Sought:
    """The terms under which stories look for others, the strongest of each story first, with their weights; and those
    under which they are entered, with their shares. Story ``n`` has those from ``begins[n]`` to ``begins[n + 1]``.
    """

    wanted: NDArray[np.uint32]
    weights: NDArray[np.uint16]
    begins: Whole
    entries: NDArray[np.uint32]
    shares: NDArray[np.uint32]
    entry_begins: Whole


def describe_all(
    tallies: Sequence[Tally], so_far: Sequence[int], counts: Counts, *, together: bool
) -> tuple[Described, Sought]:
    """The descriptions of stories that come one after another, each among the stories ``so_far``; or that are weighed
    ``together``, all among the same.
    """
    sizes = np.array([len(tally.terms) for tally in tallies])
    alone = np.array([tally.words + tally.topics for tally in tallies])
    words = np.array([tally.words for tally in tallies])
    begins = begins_of(sizes)
    owner = np.repeat(np.arange(len(tallies)), sizes)
    place = rank_in(owner, len(tallies))
    terms = np.frombuffer(b"".join(tally.terms for tally in tallies), np.uint32)
    times = np.frombuffer(b"".join(tally.times for tally in tallies), np.uint8).astype(np.int64)
    is_pair = place >= alone[owner]
    is_word = place < words[owner]
    single, pairs = np.flatnonzero(~is_pair), np.flatnonzero(is_pair)
    carried = np.empty(len(terms), np.int64)
    carried[single] = counts.single(terms[single].astype(np.int64), together=together)
    carried[pairs] = counts.pairs(terms[pairs].astype(np.int64), owner[pairs], together=together)
    levels = levels_up_to(max(so_far)).astype(np.int64)
    known = levels[carried]
    top = (levels[np.array(so_far)] + 2)[owner]
    weights = np.where(is_word, 4 + times, TOPIC) * (top - known)
    squares = _sums(np.where(is_pair, 0, weights * weights), begins)
    left = begins[owner[pairs]] + np.frombuffer(b"".join(tally.left for tally in tallies), np.uint16)
    right = begins[owner[pairs]] + np.frombuffer(b"".join(tally.right for tally in tallies), np.uint16)
    beyond = np.maximum(np.maximum(known[left], known[right]) - known[pairs], 0)
    weights[pairs] = PAIR * (4 + times[pairs]) * beyond // 4
    if len(weights) and weights.max() >= 1 << _WEIGHT_BITS:
        raise OverflowError("a weight is too large")
    order = _by_weight(owner, weights)
    shared = carried[order] > 1
    wanted, wanted_begins = _first(order[shared], owner, WANTED, len(tallies))
    strong, strong_begins = _first(order[~is_pair[order]], owner, STRIKING, len(tallies))
    telling = ~is_pair[order] | shared | (times[order] > 0)
    entries, entry_begins = _first(order[telling], owner, INDEXED, len(tallies))
    length = np.array([isqrt(square) or 1 for square in squares])
    shares = (weights[entries] << 10) // length[owner[entries]]
    light = weights.astype(np.uint16)
    return (
        Described(terms, light, begins, squares, _least(weights, strong, strong_begins)),
        Sought(
            *(terms[wanted], light[wanted], wanted_begins),
            *(terms[entries], shares.astype(np.uint32), entry_begins),
        ),
    )


def _least(weights: Whole, strong: Whole, begins: Whole) -> NDArray[np.uint16]:
    """The weight of the last of the strongest words and topics of each story; 1 where it has not so many."""
    least = np.ones(len(begins) - 1, np.uint16)
    full = np.flatnonzero(np.diff(begins) == STRIKING)
    least[full] = weights[strong[begins[full + 1] - 1]]
    return least


def _sums(values: Whole, begins: Whole) -> list[int]:
    total = begins_of(values)
    sums: list[int] = (total[begins[1:]] - total[begins[:-1]]).tolist()
    return sums


def _by_weight(owner: Whole, weights: Whole) -> Whole:
    """The places in the row of terms that weigh something: story by story, the strongest first, then as they stand."""
    weighing = np.flatnonzero(weights)
    lighter = (1 << _WEIGHT_BITS) - 1 - weights[weighing]
    _, order = in_order(owner[weighing] << _WEIGHT_BITS | lighter)
    return weighing[order]


def _first(order: Whole, owner: Whole, most: int, stories: int) -> tuple[Whole, Whole]:
    """Of places in the row, the first few of each story; and from where to where these are."""
    of = owner[order]
    few = rank_in(of, stories) < most
    return order[few], begins_of(np.bincount(of[few], minlength=stories))
