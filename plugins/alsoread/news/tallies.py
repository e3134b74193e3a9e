"""What do many stories say?

The same as :func:`alsoread.news.describe.tally_of` finds for each, with NumPy for all of them together: the words of
the stories stand in one row, and what is the same comes together where it is sorted.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Sequence
from itertools import chain
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from alsoread.news.describe import (
    LEAD,
    TITLE,
    Subject,
    Tally,
    Terms,
    pair_number,
    read_words,
    tally_of,
    topic_number,
)
from alsoread.news.rows import Whole, begins_of, in_order, kinds_in, rank_in

__all__ = ["CHUNK", "levels_up_to", "tallies_of"]

CHUNK: Final = 128  # stories that are read together: with the bits of a word and of a place they are a whole number
_WORD_BITS: Final = 31
_PLACE_BITS: Final = 16
_LONGEST_ROW: Final = (1 << _PLACE_BITS) - 1


class _Found(NamedTuple):
    """The different ones of some whole numbers in the order in which they were met, how often each was, and for each
    of the numbers which of the different ones it is.
    """

    each: Whole
    times: Whole
    which: Whole


def levels_up_to(count: int) -> NDArray[np.uint8]:
    """The binary logarithms of the numbers up to ``count`` in quarters, rounded down."""
    steps = [0, 1]
    while steps[-1] <= count:
        level = len(steps) - 1
        root = int(2 ** (level / 4))
        steps.append(next(each for each in range(max(1, root - 1), root + 3) if each**4 >= 1 << level))
    return np.repeat(np.arange(len(steps) - 1) - 1, np.diff(steps)).clip(0)[: count + 1].astype(np.uint8)


def tallies_of(stories: Sequence[Subject], terms: Terms, idle: Collection[int]) -> list[Tally]:
    """What each of the stories says."""
    rows = [_row(story, terms) for story in stories]
    short = [number for number, row in enumerate(rows) if len(row) < _LONGEST_ROW]
    found: dict[int, Tally] = {}
    for start in range(0, len(short), CHUNK):
        numbers = short[start : start + CHUNK]
        topics = [[*dict.fromkeys(map(topic_number, stories[number].topics))] for number in numbers]
        found |= zip(numbers, _tallies([rows[number] for number in numbers], topics, idle), strict=True)
    return [found.get(number) or tally_of(story, terms, idle) for number, story in enumerate(stories)]


def _row(story: Subject, terms: Terms) -> array[int]:
    """The words of a story, those of the headline as often as they count; 0 is in the place of what says nothing."""
    title, lead, text = read_words(story, terms)
    return array("q", chain(*[[*title, 0]] * TITLE, *[[*lead, 0]] * LEAD, text, (0,)))


def _tallies(rows: Sequence[array[int]], topics: Sequence[Sequence[int]], idle: Collection[int]) -> list[Tally]:
    row = np.frombuffer(b"".join(rows), np.int64)
    owner = np.repeat(np.arange(len(rows)), [*map(len, rows)])
    told = np.flatnonzero(row)
    words = _found((owner << _WORD_BITS | row)[told])
    alone = words.each & ((1 << _WORD_BITS) - 1)
    of = words.each >> _WORD_BITS
    local = rank_in(of, len(rows))
    local[np.isin(alone, [*idle])] = -1
    stands = np.full(len(row), -1)
    stands[told] = local[words.which]
    return _cut(alone, of, words.times, topics, _pairs(stands, owner))


def _pairs(stands: Whole, owner: Whole) -> _Found:
    """The pairs of words that stand side by side: each a story, and the places of two words among its terms."""
    beside = np.flatnonzero((stands[:-1] >= 0) & (stands[1:] >= 0))
    return _found((owner[beside] << _PLACE_BITS | stands[beside]) << _PLACE_BITS | stands[beside + 1])


def _found(each: Whole) -> _Found:
    """Of numbers, each with that of its story in front, the different ones."""
    values, order = in_order(each)
    kinds = kinds_in(values)
    _, met = in_order(order[kinds.starts])
    rank = np.empty_like(met)
    rank[met] = np.arange(len(met))
    which = np.empty_like(order)
    which[order] = np.repeat(rank, kinds.lengths)
    return _Found(values[kinds.starts][met], kinds.lengths[met], which)


def _cut(alone: Whole, of: Whole, times: Whole, topics: Sequence[Sequence[int]], pairs: _Found) -> list[Tally]:
    """The tallies of the stories, of words and pairs in one row."""
    mask = (1 << _PLACE_BITS) - 1
    levels = levels_up_to(_LONGEST_ROW)
    begins = begins_of(np.bincount(of, minlength=len(topics))).tolist()
    owner = pairs.each >> 2 * _PLACE_BITS
    left, right = pairs.each >> _PLACE_BITS & mask, pairs.each & mask
    base = np.array(begins)[owner]
    numbers = pair_number(alone[base + left], alone[base + right]).astype(np.uint32).tobytes()
    words, said, together = alone.astype(np.uint32).tobytes(), levels[times].tobytes(), levels[pairs.times].tobytes()
    one, two = left.astype(np.uint16).tobytes(), right.astype(np.uint16).tobytes()
    split = np.searchsorted(owner, np.arange(len(topics) + 1)).tolist()
    return [
        Tally(
            array("I", words[4 * begins[n] : 4 * begins[n + 1]] + array("I", own).tobytes() + numbers[4 * a : 4 * b]),
            array("B", said[begins[n] : begins[n + 1]] + bytes(len(own)) + together[a:b]),
            begins[n + 1] - begins[n],
            len(own),
            array("H", one[2 * a : 2 * b]),
            array("H", two[2 * a : 2 * b]),
        )
        for n, (own, a, b) in enumerate(zip(topics, split, split[1:], strict=False))
    ]
