"""How are rows of whole numbers cut into what belongs together?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from alsoread.news.arrivals import Table

__all__ = ["Kinds", "Whole", "begins_of", "in_order", "kinds_in", "owners_in", "rank_in"]

Whole = NDArray[np.int64]


class Kinds(NamedTuple):
    """Of sorted numbers: where each different one begins, how many of it there are, and which of its kind each is."""

    starts: Whole
    lengths: Whole
    rank: Whole

    @property
    def which(self) -> Whole:
        """Of which kind each number is."""
        return np.repeat(np.arange(len(self.starts)), self.lengths)


def kinds_in(numbers: Whole) -> Kinds:
    """The kinds of sorted numbers."""
    different = np.empty(len(numbers), bool)
    different[:1] = True
    np.not_equal(numbers[1:], numbers[:-1], out=different[1:])
    starts = np.flatnonzero(different)
    lengths = np.diff(starts, append=len(numbers))
    return Kinds(starts, lengths, np.arange(len(numbers)) - np.repeat(starts, lengths))


def in_order(numbers: Whole) -> tuple[Whole, Whole]:
    """Numbers, none of them negative, as they are when they are sorted, and at which places these were; of those that
    are equal the first goes first. Whole numbers that hold their places are sorted several times quicker than places.
    """
    bits = len(numbers).bit_length()
    if len(numbers) and int(numbers.max()) >> (63 - bits):
        order = np.argsort(numbers, kind="stable")
        return numbers[order], order
    keys = numbers << bits | np.arange(len(numbers))
    keys.sort()
    return keys >> bits, keys & ((1 << bits) - 1)


def owners_in(table: Table) -> Whole:
    """Of which story each pair of numbers in a table is."""
    begins: Whole = np.array(table.begins, np.int64)
    return np.repeat(np.arange(len(table)), begins[1:] - begins[:-1])


def begins_of(lengths: Whole) -> Whole:
    """Where parts of such lengths begin when they stand one after another, and where the last one ends."""
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths)))


def rank_in(owner: Whole, owners: int) -> Whole:
    """Which of those of its owner each is; what belongs to one owner stands together, and owners are in order."""
    counts = np.bincount(owner, minlength=owners)
    return np.arange(len(owner)) - (np.cumsum(counts) - counts)[owner]
