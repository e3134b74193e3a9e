"""What do two descriptions have in common?

The same as is found in :mod:`alsoread.news.arrivals` and :mod:`alsoread.news.reasons` term by term, with NumPy for one
story and many others. A table from a part of a term's number to the place at which the story has it says where to look.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alsoread.news.arrivals import FRESH
from alsoread.news.rows import Whole, begins_of, in_order

__all__ = ["Matcher", "nearness"]

_TABLE: Final = 1 << 16
_MASK: Final = np.uint32(_TABLE - 1)


class Matcher:
    """Finds the terms of one story in those of others."""

    def __init__(self) -> None:
        self._short = np.zeros(0, np.uint32)
        self._terms, self._weights = np.zeros(_TABLE, np.uint32), np.zeros(_TABLE, np.uint16)
        self._hidden: list[tuple[int, int]] = []

    def look_for(self, terms: NDArray[np.uint32], weights: NDArray[np.uint16]) -> None:
        """The terms that are looked for from now on."""
        self._terms[self._short] = 0
        self._short = terms & _MASK
        self._terms[self._short], self._weights[self._short] = terms, weights
        hidden = np.flatnonzero(self._terms[self._short] != terms)
        self._hidden = [*zip(terms[hidden].tolist(), weights[hidden].tolist(), strict=True)]

    def found(self, others: NDArray[np.uint32]) -> tuple[Whole, Whole]:
        """Where in a row of terms those looked for are, and the weight of each."""
        short = (others & _MASK).astype(np.int64)
        places = np.flatnonzero(self._terms.take(short, mode="clip") == others)
        weights = self._weights.take(short[places], mode="clip").astype(np.int64)
        if not self._hidden:
            return places, weights
        more = [np.flatnonzero(others == term) for term, _ in self._hidden]
        theirs = np.repeat([weight for _, weight in self._hidden], [*map(len, more)])
        places, order = in_order(np.concatenate((places, *more)))
        return places, np.concatenate((weights, theirs))[order]

    def shared(self, others: Sequence[tuple[NDArray[np.uint32], NDArray[np.uint16]]]) -> Whole:
        """How much each of other descriptions, terms and their weights, agrees with the one that is looked for."""
        places, own = self.found(np.concatenate([terms for terms, _ in others]))
        weights = np.concatenate([weights for _, weights in others])
        total = begins_of(own * weights[places])
        cuts = np.searchsorted(places, begins_of(np.array([len(terms) for terms, _ in others])))
        return total[cuts[1:]] - total[cuts[:-1]]


def nearness(gaps: Whole) -> NDArray[np.float64]:
    """1 for stories of the same time, a half for stories far apart; they are that many seconds apart."""
    return (1 + FRESH / (FRESH + gaps)) / 2
