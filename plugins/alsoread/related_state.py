"""How is it written down what is known of the stories of a language, besides what each of them says?

In one file: a line that tells the format, a checksum, and in front of each part its length. It is a memory and never
the truth: a file that is missing, damaged or of another format is as if nothing were known.
"""

import json
import os
import zlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from alsoread.news.arrivals import Table
from alsoread.news.list_columns import ListColumns
from alsoread.press.digests import digest

__all__ = ["NOTHING", "Counted", "State", "made_for", "read_state", "write_state"]

_MAGIC: Final = b"alsoread related 8\n"
_LINK: Final = len(digest())
_UNEXPLAINED: Final = " unexplained"
# no file's name has it
_BETWEEN: Final = "\0"


class Counted(NamedTuple):
    """How many stories carry each word or topic, and each pair; those of pairs are ``pairs`` alone, or those that are
    not what the ``file`` of that name has, whose pieces have ``checksums``.
    """

    single: dict[int, int]
    pairs: dict[int, int]
    file: str = ""
    checksums: "array[int]" = array("I")


class State(NamedTuple):
    """What is known of the stories of a language besides the rows: the chain, what each story told and with how many
    others it was compared, where its row is, under which terms it is entered and with which others it is offered, how
    many carry each term (None where it cannot be had), and the lists with what they depend on: a limit, and the labels
    of topics. The ``recipe`` is the builder's and that of the tools; ``idle`` are the words with which no pair was
    counted. The ``keys`` are those of the stories, and the ``seconds`` when each appeared.
    """

    chain: Sequence[str]
    told: Sequence[str]
    sizes: Sequence[int]
    offsets: Sequence[int]
    entries: Table
    offers: Table
    counted: Counted | None
    listed_for: str
    labels: Mapping[str, str]
    lists: ListColumns
    recipe: Sequence[str]
    idle: Sequence[int]
    keys: Sequence[str]
    seconds: Sequence[int]

    @property
    def limit(self) -> int:
        """How long a list is at most."""
        return int(self.listed_for.removesuffix(_UNEXPLAINED))

    @property
    def is_explained(self) -> bool:
        """Whether lists have reasons, and not only what tells these from others."""
        return not self.listed_for.endswith(_UNEXPLAINED)


def made_for(limit: int, *, is_explained: bool) -> str:
    """What lists depend on, as a state has it."""
    return f"{limit}{'' if is_explained else _UNEXPLAINED}"


NOTHING: Final = State((), (), (), (0,), Table(), Table(), None, "", {}, ListColumns(), (), (), (), ())


def write_state(path: str, state: State) -> None:
    """Write the state, all of it or nothing.

    :raises OSError: if it cannot be written.
    """
    parts = [_told(state), *_texts(state), *(column.tobytes() for column in _columns(state))]
    checksum = 0
    for part in parts:
        checksum = zlib.crc32(part, zlib.crc32(len(part).to_bytes(8, "big"), checksum))
    with open(f"{path}.new", "wb") as file:
        file.write(_MAGIC + checksum.to_bytes(4, "big"))
        for part in parts:
            file.write(len(part).to_bytes(8, "big"))
            file.write(part)
    os.replace(f"{path}.new", path)


def _told(state: State) -> bytes:
    """What is told of lists, and what is short."""
    marks, barred, _ = state.lists.texts()
    listed = (state.listed_for, dict(state.labels), marks, [[place, row] for place, row in enumerate(barred) if row])
    file = None if state.counted is None else state.counted.file
    return json.dumps((*listed, [*state.recipe], [*state.idle], file)).encode()


def _texts(state: State) -> Iterable[bytes]:
    """A text for each story: to write them one by one, as JSON has them, takes several times as long."""
    yield from ("".join(state.chain).encode(), "".join(state.told).encode())
    yield _BETWEEN.join(state.keys).encode("utf-8", "surrogatepass")
    # no reason has a character that no topic can have
    yield _BETWEEN.join(state.lists.texts()[2]).encode("utf-8", "surrogatepass")


def _columns(state: State) -> "Iterable[array[int]]":
    yield from (array("I", state.sizes), array("Q", state.offsets), array("q", state.seconds))
    for table in (state.entries, state.offers):
        yield from (table.begins, table.keys, table.values)
    yield from state.lists.columns()
    single, pairs, _, checksums = state.counted or Counted({}, {})
    yield from (array("I", single), array("I", single.values()))
    yield from (array("I", pairs), array("H", pairs.values()), checksums)


_KINDS: Final = "IQqQIIQIIQIIIIIHI"


def read_state(path: str) -> State:
    """The state as it was written; nothing where there is none, or something else."""
    try:
        with open(path, "rb") as file:
            data = memoryview(file.read())
        return _state(_parts(data))
    except (OSError, ValueError, TypeError, LookupError, OverflowError):
        return NOTHING


def _parts(data: memoryview) -> list[memoryview]:
    at = len(_MAGIC) + 4
    if bytes(data[: len(_MAGIC)]) != _MAGIC or zlib.crc32(data[at:]) != int.from_bytes(data[at - 4 : at], "big"):
        raise ValueError("not a state, or damaged")
    parts = []
    while at < len(data):
        length = int.from_bytes(data[at : at + 8], "big")
        parts.append(data[at + 8 : at + 8 + length])
        at += 8 + length
    return parts


def _state(parts: Sequence[memoryview]) -> State:
    listed_for, labels, marks, rows, recipe, idle, file = json.loads(bytes(parts[0]))
    links, told, keys, whys = (str(part, "utf-8", "surrogatepass") for part in parts[1:5])
    columns = [_array(kind, part) for kind, part in zip(_KINDS, parts[5:], strict=True)]
    sizes, offsets, seconds, *tables = columns[:9]
    begins, places, scores, terms, numbers, pairs, counts, checksums = columns[9:]
    single, of_pairs = zip(terms, numbers, strict=True), zip(pairs, counts, strict=True)
    counted = None if file is None else Counted(dict(single), dict(of_pairs), file, checksums)
    barred: list[list[int]] = [[]] * (len(begins) - 1)
    for place, row in rows:
        barred[place] = row
    lists = ListColumns(begins, places, scores, whys.split(_BETWEEN) if len(places) else (), barred, marks)
    return State(
        *(_cut(links), _cut(told), sizes, offsets, Table(*tables[:3]), Table(*tables[3:])),
        *(counted, listed_for, labels, lists, recipe, idle),
        keys.split(_BETWEEN) if len(seconds) else (),
        seconds,
    )


def _array(kind: Any, data: memoryview) -> "array[int]":
    column = array(kind)
    column.frombytes(data)
    return column


def _cut(digests: str) -> list[str]:
    return [digests[at : at + _LINK] for at in range(0, len(digests), _LINK)]
