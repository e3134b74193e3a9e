"""Where is it noted what was done the last time, so that it need not be done again?

A note is a file of its own, and beside it lie the inputs of what was done, one by one: they are many, and only wanted
where something has changed.
"""

import json
import os
import zlib
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final, NamedTuple

__all__ = ["BUILT", "Names", "inputs_in", "note_in", "write_note"]

_FORMAT: Final = 5
_SEPARATOR: Final = "\0"


class Names(NamedTuple):
    """The names of the two files of a note."""

    note: str
    inputs: str


BUILT: Final = Names("nothing-to-do.json", "inputs")
"""The note of the last build."""


def write_note(work: str, note: Mapping[str, Any] | None, names: Names = BUILT) -> None:
    """Leave a note for the next time in the folder ``work``, or none. Its ``lines`` are the inputs."""
    path = os.path.join(work, names.note)
    with suppress(OSError):
        if note is None:
            os.remove(path)
            return
        _replace(os.path.join(work, names.inputs), _SEPARATOR.join(note["lines"]))
        text = json.dumps({name: value for name, value in note.items() if name != "lines"}, separators=(",", ":"))
        _replace(path, json.dumps({"format": _FORMAT, "sum": zlib.crc32(text.encode()), "note": text}))


def _replace(path: str, text: str) -> None:
    with open(f"{path}.new", "wb") as file:
        file.write(text.encode("utf-8", "surrogateescape"))
    os.replace(f"{path}.new", path)


def note_in(work: str, names: Names = BUILT) -> Mapping[str, Any]:
    """The note as it was written, without its lines.

    :raises OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError: where there is none, or it is
        damaged.
    """
    with open(os.path.join(work, names.note), encoding="utf-8") as file:
        written = json.load(file)
    if written["format"] != _FORMAT or written["sum"] != zlib.crc32(written["note"].encode()):
        raise ValueError("the note is damaged, or of another format")
    note: Mapping[str, Any] = json.loads(written["note"])
    return note


def inputs_in(work: str, names: Names = BUILT) -> list[str]:
    """The lines that were written with the note; nobody knows whether they are of this one.

    :raises OSError, ValueError: where they cannot be read.
    """
    with open(os.path.join(work, names.inputs), "rb") as file:
        return file.read().decode("utf-8", "surrogateescape").split(_SEPARATOR)
