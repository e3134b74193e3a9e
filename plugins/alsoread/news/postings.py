"""Which older stories are worth comparing with each of many?

The same as the index of :mod:`alsoread.news.arrivals` names, with NumPy. What a term leads to stands in one row that is
sorted by term and story, so that the stories which were there when one of many arrived are found within it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alsoread.news.arrivals import LOOKUPS, RECENT, Table
from alsoread.news.matches import nearness
from alsoread.news.rows import Whole, begins_of, in_order, kinds_in, owners_in, rank_in
from alsoread.news.weights import Sought

__all__ = ["Postings"]

_PLACE_BITS: Final = 31
_MET_BITS: Final = 10  # of the places in a row of at most LOOKUPS + RECENT
_MET_MASK: Final = (1 << _MET_BITS) - 1
_SHARED_BITS: Final = 46  # of the sum of at most 2 ** 8 weights (14 bits) by shares (24)
_SHARED_MASK: Final = (1 << _SHARED_BITS) - 1
_LIKELY: Final = 4


class Postings:
    """Under which terms stories are entered: the newest of each term, and all that came with the last ones."""

    def __init__(self) -> None:
        self._keys = np.zeros(0, np.int64)
        self._shares = np.zeros(0, np.uint32)

    @classmethod
    def of(cls, entries: Table) -> Postings:
        """With all that are entered already."""
        postings = cls()
        postings._enter(np.array(entries.keys, np.uint32), owners_in(entries), np.array(entries.values, np.uint32))
        return postings

    def enter(self, sought: Sequence[Sought], start: int) -> None:
        """Make stories findable, of which the first is at the place ``start``."""
        counts = np.concatenate([np.diff(each.entry_begins) for each in sought])
        self._enter(
            np.concatenate([each.entries for each in sought]),
            np.repeat(np.arange(start, start + len(counts)), counts),
            np.concatenate([each.shares for each in sought]),
        )

    def _enter(self, terms: NDArray[np.uint32], places: Whole, shares: NDArray[np.uint32]) -> None:
        """Add to the newest of each term."""
        came, order = in_order(terms.astype(np.int64) << _PLACE_BITS | places)
        newest = np.ones(len(self._keys), bool)
        newest[:-RECENT] = self._keys[RECENT:] >> _PLACE_BITS != self._keys[:-RECENT] >> _PLACE_BITS
        keys = self._keys[newest]
        at = np.searchsorted(keys, came)
        self._keys = np.insert(keys, at, came)
        self._shares = np.insert(self._shares[newest], at, shares[order])

    def candidates(
        self, sought: Sought, numbers: range, start: int, seconds: NDArray[np.int64], sizes: Sequence[int]
    ) -> list[list[int]]:
        """The older stories that share most with some of those described, of which the first is at ``start``."""
        begins = sought.begins[numbers.start : numbers.stop + 1]
        part = slice(begins[0], begins[-1])
        owner = np.repeat(np.arange(len(numbers)), np.diff(begins))
        places = range(start + numbers.start, start + numbers.stop)
        met = self._met(owner, begins - begins[0], sought.wanted[part], sought.weights[part], places.start)
        return self._likely(*met, places, seconds, sizes)

    def _met(
        self, owner: Whole, begins: Whole, wanted: NDArray[np.uint32], weights: NDArray[np.uint16], start: int
    ) -> tuple[Whole, Whole, Whole]:
        """For stories that want terms: for each posting that is looked at the story, the place of the older one, and
        what it counts.
        """
        terms = wanted.astype(np.int64) << _PLACE_BITS
        ends = np.searchsorted(self._keys, terms | (owner + start))
        count = np.minimum(ends - np.searchsorted(self._keys, terms), RECENT)
        total = begins_of(count)
        met = total[:-1] - total[begins[:-1]][owner]
        count[met >= LOOKUPS] = 0
        at = np.repeat(ends - np.cumsum(count), count) + np.arange(count.sum())
        counted = np.repeat(weights.astype(np.int64), count) * self._shares[at]
        return np.repeat(owner, count), self._keys[at] & ((1 << _PLACE_BITS) - 1), counted

    def _likely(
        self,
        owner: Whole,
        older: Whole,
        counted: Whole,
        places: range,
        seconds: NDArray[np.int64],
        sizes: Sequence[int],
    ) -> list[list[int]]:
        """Of what was met, the stories that count most: by what they share, then by that and how near they are."""
        if not len(owner):
            return [[] for _ in places]
        begins = np.searchsorted(owner, np.arange(len(places)))
        met = np.arange(len(owner)) - begins[owner]
        keys = (owner << _PLACE_BITS | older) << _MET_BITS | met
        keys.sort()
        starts = kinds_in(keys >> _MET_BITS).starts
        of, first = keys[starts] >> (_PLACE_BITS + _MET_BITS), keys[starts] & _MET_MASK
        shared = np.add.reduceat(counted[begins[keys >> (_PLACE_BITS + _MET_BITS)] + (keys & _MET_MASK)], starts)
        keys = (of << _SHARED_BITS | (_SHARED_MASK - shared)) << _MET_BITS | first
        keys.sort()
        most = np.array(sizes[places.start : places.stop])
        of = keys >> (_SHARED_BITS + _MET_BITS)
        few = rank_in(of, len(places)) < _LIKELY * most[of]
        keys, of = keys[few], of[few]
        shared, who = _SHARED_MASK - (keys >> _MET_BITS & _SHARED_MASK), older[begins[of] + (keys & _MET_MASK)]
        near = shared * nearness(seconds[of + places.start] - seconds[who])
        final = np.lexsort((-near, of))
        final = final[rank_in(of[final], len(places)) < most[of[final]]]
        split = np.searchsorted(of[final], np.arange(len(places) + 1)).tolist()
        chosen = who[final].tolist()
        return [chosen[a:b] for a, b in pairwise(split)]
