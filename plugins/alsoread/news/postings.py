"""Which older stories are worth comparing with each of many?

The same as the index of :mod:`alsoread.news.arrivals` names, with NumPy. What a term leads to stands in one row that is
sorted by term and story, so that the stories which were there when one of many arrived are found within it.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alsoread.news.arrivals import LOOKUPS, RECENT, Table
from alsoread.news.matches import nearness
from alsoread.news.rows import Whole, begins_of, in_order, kinds_in, owners_in, rank_in
from alsoread.news.weights import Described

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
        self._rank = np.zeros(0, np.uint8)

    @classmethod
    def of(cls, entries: Table) -> Postings:
        """With all that are entered already."""
        postings = cls()
        places = owners_in(entries)
        postings._enter(_view(entries.keys), places, _view(entries.values))
        return postings

    def enter(self, described: Described, start: int) -> None:
        """Make stories findable, of which the first is at the place ``start``."""
        places = np.arange(start, start + len(described.squares))
        owners = np.repeat(places, np.diff(described.entry_begins))
        self._enter(described.terms[described.entries], owners, described.shares)

    def _enter(self, terms: NDArray[np.uint32], places: Whole, shares: NDArray[np.generic]) -> None:
        kinds = kinds_in(self._keys >> _PLACE_BITS)
        newest = np.repeat(kinds.lengths, kinds.lengths) - kinds.rank <= RECENT
        keys = np.concatenate((self._keys[newest], terms.astype(np.int64) << _PLACE_BITS | places))
        self._keys, order = in_order(keys)
        self._shares = np.concatenate((self._shares[newest], shares.astype(np.uint32)))[order]
        self._rank = np.minimum(kinds_in(self._keys >> _PLACE_BITS).rank, RECENT - 1).astype(np.uint8)

    def candidates(
        self, described: Described, places: range, start: int, seconds: NDArray[np.int64], sizes: Sequence[int]
    ) -> list[list[int]]:
        """The older stories that share most with each at ``places``; the first that is described is at ``start``."""
        first, last = described.wanted_begins[[places.start - start, places.stop - start]]
        wanted = described.wanted[first:last]
        begins = described.wanted_begins[places.start - start : places.stop - start + 1] - first
        owner = np.repeat(np.arange(len(places)), np.diff(begins))
        ends = np.searchsorted(
            self._keys, described.terms[wanted].astype(np.int64) << _PLACE_BITS | (owner + places.start)
        )
        weights = described.weights[wanted].astype(np.int64)
        return self._likely(*self._met(owner, begins, ends, described.terms[wanted], weights), places, seconds, sizes)

    def _met(
        self, owner: Whole, begins: Whole, ends: Whole, terms: NDArray[np.uint32], weights: Whole
    ) -> tuple[Whole, Whole, Whole]:
        """For stories that want terms, of which the postings end somewhere: for each posting that is looked at the
        story, the place of the older one and what it counts.
        """
        if not len(self._keys):
            return owner[:0], owner[:0], owner[:0]
        before = np.maximum(ends - 1, 0)
        is_found = (self._keys[before] >> _PLACE_BITS == terms) & (ends > 0)
        count = np.where(is_found, self._rank[before].astype(np.int64) + 1, 0)
        total = begins_of(count)
        met = total[:-1] - total[begins[:-1]][owner]
        count[met >= LOOKUPS] = 0
        at = np.repeat(ends - count - np.cumsum(count) + count, count) + np.arange(count.sum())
        counted = np.repeat(weights, count) * self._shares[at]
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


def _view(column: array[int]) -> NDArray[np.uint32]:
    return np.frombuffer(column, np.uint32) if column else np.zeros(0, np.uint32)
