"""How are stories that have arrived written down, so that one of them can be read without the others?

Each is a row: a head with a checksum and the numbers of what follows, and columns of whole numbers. Rows are added at
the end of a file, and taken off from there. The file is a memory and never the truth: a row that is damaged is told.
"""

import os
import struct
import sys
import zlib
from array import array
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

from alsoread.news.arrivals import Arrived
from alsoread.news.describe import Profile, Tally
from alsoread.press.digests import digest

__all__ = ["Damaged", "Rows"]

# checksum, number of the row, terms, words, topics, square
_HEAD: Final = struct.Struct("=IIIIIQ")
_SIZES: Final = {kind: array(kind).itemsize for kind in "IBH"}
# the rest tells the arrival, these its place
_NUMBERS: Final = 8
_HELD: Final = 4 * 1024 * 1024
_KNOWN: Final = 512


class Damaged(OSError):
    """A row is not what was written."""


class Rows:
    """The arrivals in an open file; ``offsets`` are where rows begin and the last ends, and ``chain`` stands for what
    each arrival depends on, which is in the checksum of its row.

    A row that was read or added lately is at hand. Rows that were added are written in large pieces, or never where the
    file ``is_lent``.
    """

    def __init__(self, descriptor: int, offsets: Sequence[int], chain: Sequence[str], *, is_lent: bool = False) -> None:
        self._descriptor, self._chain, self._is_lent = descriptor, chain, is_lent
        self.offsets = array("Q", offsets)
        self._held = bytearray()
        self._written = self.offsets[-1]
        self._known: OrderedDict[int, Arrived] = OrderedDict()
        self._path = ""

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, place: int) -> Arrived:
        """The arrival at a place.

        :raises Damaged: if the file has something else there.
        """
        known = self._known.get(place)
        if known is None:
            known = _unpacked(self._bytes(place), place, self._chain[place])
            self._remember(place, known)
        return known

    def append(self, arrived: Arrived) -> None:
        """Add an arrival."""
        place = len(self)
        data = _packed(arrived, place, self._chain[place])
        self._held += data
        self.offsets.append(self.offsets[-1] + len(data))
        self._remember(place, arrived)
        if len(self._held) > _HELD and not self._is_lent:
            self.flush()

    def flush(self) -> None:
        """Write what was added, and cut off what the file had there before.

        :raises OSError: if that cannot be done.
        """
        if self._held or os.fstat(self._descriptor).st_size != self._written:
            os.ftruncate(self._descriptor, self._written)
            data = memoryview(bytes(self._held))
            while data:
                count = os.pwrite(self._descriptor, data, self._written)
                self._written += count
                data = data[count:]
            self._held.clear()

    def let_go(self, path: str) -> None:
        """The file at a path is about to be closed; what is asked for from now on is read there."""
        self._path = path
        self._known.clear()

    def mark(self, place: int) -> str:
        """What tells the arrival at a place from another, wherever that is."""
        return digest(self._bytes(place)[_NUMBERS:])

    def _bytes(self, place: int) -> bytes:
        if not 0 <= place < len(self):
            raise IndexError(place)
        begin, end = self.offsets[place], self.offsets[place + 1]
        if begin >= self._written:
            return bytes(self._held[begin - self._written : end - self._written])
        if not self._path:
            return os.pread(self._descriptor, end - begin, begin)
        descriptor = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        try:
            return os.pread(descriptor, end - begin, begin)
        finally:
            os.close(descriptor)

    def _remember(self, place: int, arrived: Arrived) -> None:
        self._known[place] = arrived
        if len(self._known) > _KNOWN:
            self._known.popitem(last=False)


def _packed(arrived: Arrived, place: int, link: str) -> bytes:
    tally, profile = arrived
    columns = (tally.terms, tally.times, tally.left, tally.right, profile.weights)
    data = b"".join(columns)
    head = _HEAD.pack(0, place, len(tally.terms), tally.words, tally.topics, profile.square)
    return _checksum(head[4:] + data, link).to_bytes(4, sys.byteorder) + head[4:] + data


def _checksum(data: bytes | memoryview, link: str) -> int:
    return zlib.crc32(data, zlib.crc32(link.encode()))


def _unpacked(data: bytes, place: int, link: str) -> Arrived:
    if len(data) < _HEAD.size:
        raise Damaged(f"row {place} is cut short")
    checksum, number, terms, words, topics, square = _HEAD.unpack_from(data)
    if number != place or _checksum(memoryview(data)[4:], link) != checksum:
        raise Damaged(f"row {place} is another one, or damaged")
    pairs = terms - words - topics
    columns = []
    at = _HEAD.size
    for kind, count in zip("IBHHH", (terms, terms, pairs, pairs, terms), strict=True):
        end = at + count * _SIZES[kind]
        columns.append(array(kind, data[at:end]))
        at = end
    said, times, left, right, weights = columns
    return Arrived(Tally(said, times, words, topics, left, right), Profile(said, weights, square))
