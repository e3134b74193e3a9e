"""Which offers are the best for each of many stories?

The same as :mod:`alsoread.news.related` chooses for a few, with NumPy for all of them together.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

import numpy as np

from alsoread.news.arrivals import Line, Table
from alsoread.news.rows import Whole, owners_in, rank_in

__all__ = ["chosen_for_all"]


def chosen_for_all(
    places: Sequence[int], line: Line, offers: Table, barred: Mapping[int, Collection[int]], limit: int
) -> dict[int, list[tuple[int, int]]]:
    """For the stories at some places the places of the others that are listed for each, best first, and the scores."""
    count = len(line.stories)
    newer, older, scores = owners_in(offers), np.array(offers.keys, np.int64), np.array(offers.values, np.int64)
    to, other = np.concatenate((newer, older)), np.concatenate((older, newer))
    scores = np.concatenate((scores, scores))
    is_asked = np.zeros(count, bool)
    is_asked[[*places]] = True
    open_to = np.flatnonzero(is_asked[to] & ~np.isin(to * count + other, _barred(barred, count)))
    to, other, scores = to[open_to], other[open_to], scores[open_to]
    seconds = np.array(line.seconds, np.int64)
    order = np.lexsort((_ranks(line)[other], np.abs(seconds[to] - seconds[other]), -scores, to))
    order = order[rank_in(to[order], count) < limit]
    cuts = np.searchsorted(to[order], [*places, count])
    best = [*zip(other[order].tolist(), scores[order].tolist(), strict=True)]
    return {place: best[a:b] for place, (a, b) in zip(places, pairwise(cuts), strict=True)}


def _barred(barred: Mapping[int, Collection[int]], count: int) -> Whole:
    return np.array([to * count + other for to, others in barred.items() for other in others], np.int64)


def _ranks(line: Line) -> Whole:
    """Which each story is when they are in the order of their keys."""
    order = sorted(range(len(line.stories)), key=lambda place: line.stories[place].key)
    ranks = np.empty(len(order), np.int64)
    ranks[order] = np.arange(len(order))
    return ranks
