"""How are the reads of a page written down, in few letters and so that the most frequent kind is checked quickly?

A group is a list of ``[kind, name, rows]``, one for each root. A row is ``[steps, fingerprint]``, with the fact behind
them where it is another than the value itself. An attribute's step is its name alone, that of an item its number, and
of a single attribute the steps are that name.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from alsoread.press.reads import ATTRIBUTE, ITEM, Fingerprint, Read, Step

__all__ = ["Group", "Row", "of_content", "read_of", "reads_in", "row_of", "shortened"]

Row = list[Any]
Group = list[tuple[str, str, list[Row]]]


def row_of(short: list[Any], fact: str, fingerprint: Fingerprint) -> Row:
    """A read, by its :func:`shortened` steps from its root, and its fingerprint, as it is written."""
    where = short[0] if len(short) == 1 and isinstance(short[0], str) else short
    return [where, fingerprint] if fact == "value" else [where, fingerprint, fact]


def reads_in(group: Iterable[tuple[str, str, list[Row]]]) -> Iterator[tuple[Read, Fingerprint]]:
    """The reads that were written."""
    for kind, name, rows in group:
        for row in rows:
            yield read_of(kind, name, row), row[1]


def read_of(kind: str, name: str, row: Row) -> Read:
    """The read of one row."""
    where = [row[0]] if isinstance(row[0], str) else row[0]
    return (kind, name), tuple(map(_step, where)), row[2] if len(row) > 2 else "value"


def of_content(row: Row) -> bool:
    """Whether a row is about one attribute and its value."""
    return isinstance(row[0], str) and len(row) == 2


def shortened(step: Step) -> Any:
    """A step as it is written."""
    kind, *rest = step
    if kind == ATTRIBUTE and len(rest) == 1 and isinstance(rest[0], str):
        return rest[0]
    if kind == ITEM and len(rest) == 1 and type(rest[0]) is int:
        return rest[0]
    return list(step)


def _step(short: Any) -> Step:
    if isinstance(short, str):
        return (ATTRIBUTE, short)
    if type(short) is int:
        return (ITEM, short)
    return tuple(short)
