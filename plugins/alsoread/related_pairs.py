"""Where are the counts of pairs of words, of which an edit changes a few?

There are 2^24 of them, 32 MB. They lie in a file that is written once and never changed; the counts that have become
others since, and a checksum of each piece of the file, are kept with all else that is known of related stories. An edit
reads the pieces that it needs, and writes the few counts that it changes.
"""

import os
import zlib
from array import array
from collections.abc import Mapping
from typing import Final

from alsoread.news.describe import PAIRS
from alsoread.related_columns import Damaged

__all__ = ["MOST_CHANGED", "PairCounts", "checksums_of"]

MOST_CHANGED: Final = 65_536  # counts that are kept beside a file; for more there is another file
_PIECE: Final = 2_048  # counts with one checksum
_SIZE: Final = array("H").itemsize


class PairCounts(dict[int, int]):
    """The counts in a ``file`` that is open, but for those that have ``changed`` since; what was asked for is at hand.

    Asking for others raises :class:`Damaged` where the file has something else than was written.
    """

    def __init__(self, file: str, descriptor: int, checksums: "array[int]", changed: Mapping[int, int]) -> None:
        super().__init__(changed)
        if len(checksums) * _PIECE != PAIRS:
            raise Damaged("pairs are counted in another way")
        self.file, self.checksums = file, checksums
        self._descriptor = descriptor
        self._read: dict[int, int] = {}

    def __missing__(self, place: int) -> int:
        number, at = divmod(place, _PIECE)
        self[place] = self._read[place] = count = self._pieces(number, 1)[at]
        return count

    def changed(self) -> dict[int, int]:
        """The counts that are not those in the file."""
        return {place: count for place, count in self.items() if self._read.get(place) != count}

    def whole(self) -> "array[int]":
        """All counts."""
        counts = self._pieces(0, len(self.checksums))
        for place, count in self.items():
            counts[place] = count
        return counts

    def _pieces(self, first: int, count: int) -> "array[int]":
        size = _PIECE * _SIZE
        data = os.pread(self._descriptor, count * size, first * size)
        if len(data) != count * size or checksums_of(data) != self.checksums[first : first + count]:
            raise Damaged(f"counts of pairs from {first * _PIECE} on")
        return array("H", data)


def checksums_of(counts: "bytes | array[int]") -> "array[int]":
    """The checksum of each piece of what is in a file."""
    data = memoryview(counts).cast("B")
    return array("I", [zlib.crc32(data[at : at + _PIECE * _SIZE]) for at in range(0, len(data), _PIECE * _SIZE)])
