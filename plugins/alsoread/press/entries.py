"""How do entries stand in a file?

Each with its kind, its name and a checksum, in one table of SQLite. What is damaged, cut short, foreign or of another
format is not there.
"""

import os
import sqlite3
import zlib
from collections.abc import Mapping
from contextlib import closing, suppress
from typing import Any, Final, NamedTuple

__all__ = ["Changes", "EntryFile", "Found", "can_be_written"]

Changes = Mapping[tuple[str, str], str | None]
"""By kind and name, the values of entries; None for one that goes."""

_FORMAT: Final = 9
# bytes: most entries are then whole on one page, and to read one is not to read many others
_PAGE: Final = 16384
# what keeps a file from being written that is as it should be: https://www.sqlite.org/rescode.html
_NO_DAMAGE: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL})
_APPLICATION: Final = 0x414C534F  # "ALSO"
# values stay where they were put, and their names stand in an index that is small: https://www.sqlite.org/withoutrowid.html
_TABLE: Final = (
    "CREATE TABLE entry (kind TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, sum INTEGER NOT NULL, "
    "UNIQUE (kind, name))"
)
_PUT: Final = (
    "INSERT INTO entry VALUES (?, ?, ?, ?) "
    "ON CONFLICT (kind, name) DO UPDATE SET value = excluded.value, sum = excluded.sum"
)


class Found(NamedTuple):
    """The value of an entry, None where there is none; and whether that is sure: it is not where the entry is damaged,
    or the file could not be read.
    """

    value: str | None
    is_sure: bool


class EntryFile:
    """The entries in the file at ``path``. Reading never raises; what writing raises says whether the file is to be
    made anew (:meth:`is_damaged`).
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._reader: tuple[int, sqlite3.Connection] | None = None
        self._inherited: list[object] = []

    def look(self, kind: str, name: str) -> Found:
        """One entry."""
        rows, is_all = self._rows("SELECT value, sum FROM entry WHERE kind = ? AND name = ?", kind, name)
        values = [value for value, checksum in rows if _is_sound(kind, name, value, checksum)]
        return Found(values[0], is_sure=True) if values else Found(None, is_all and not rows)

    def whole(self, kind: str) -> tuple[dict[str, str], set[str]]:
        """All entries of a kind, in the order of their names; and the names of those that are damaged."""
        rows, _ = self._rows("SELECT name, value, sum FROM entry WHERE kind = ? ORDER BY name", kind)
        sound = {name: value for name, value, checksum in rows if _is_sound(kind, name, value, checksum)}
        return sound, {str(name) for name, _, _ in rows} - sound.keys()

    def names(self, kind: str) -> set[str] | None:
        """The names of all entries of a kind, those that are damaged among them; None where nobody knows."""
        rows, is_all = self._rows("SELECT name FROM entry WHERE kind = ?", kind)
        return {str(name) for (name,) in rows} if is_all else None

    def kinds(self) -> set[str]:
        """The kinds of which there are entries."""
        return {str(kind) for (kind,) in self._rows("SELECT DISTINCT kind FROM entry")[0]}

    def _rows(self, query: str, *values: str) -> tuple[list[Any], bool]:
        """What a query gives, as far as it can be read; and whether that is all."""
        rows: list[Any] = []
        with suppress(sqlite3.Error, OSError, UnicodeDecodeError, UnicodeEncodeError, TypeError, AttributeError):
            reader = self._open()
            if reader is not None:
                rows.extend(reader.execute(query, values))
            return rows, True
        return rows, False

    def _open(self) -> sqlite3.Connection | None:
        """What reads the file in this process; None where there is nothing to read."""
        if self._reader is not None and self._reader[0] == os.getpid():
            return self._reader[1]
        if self._reader is not None:
            # SQLite forbids to touch what another process has opened, and to let go of it is to touch it
            self._inherited.append(self._reader)
            self._reader = None
        if not os.path.isfile(self.path):
            return None
        connection = self._connected()
        if not _is_ours(connection):
            connection.close()
            return None
        self._reader = (os.getpid(), connection)
        return connection

    def close(self) -> None:
        """Let go of the file; it is opened again where something is to be read."""
        if self._reader is not None and self._reader[0] == os.getpid():
            self._reader[1].close()
            self._reader = None

    def _connected(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, isolation_level=None, timeout=1, check_same_thread=False)
        connection.execute("PRAGMA trusted_schema = OFF")
        # a build does not wait for a busy disk: what a power failure damages is noticed by its checksum
        connection.execute("PRAGMA synchronous = OFF")
        return connection

    def write(self, changes: Changes) -> None:
        """Write what has changed, all of it or nothing.

        :raises sqlite3.Error, OSError, UnicodeDecodeError: if it cannot be written.
        """
        self.close()
        with closing(self._connected()) as connection:
            fresh = connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
            if not fresh and not _is_ours(connection):
                raise sqlite3.DatabaseError("not a store of this format")
            if fresh:
                connection.execute(f"PRAGMA page_size = {_PAGE}")
            connection.execute("BEGIN IMMEDIATE")
            if fresh:
                connection.execute(_TABLE)
                connection.execute(f"PRAGMA application_id = {_APPLICATION}")
                connection.execute(f"PRAGMA user_version = {_FORMAT}")
            # in the order of their names: neighbours share a page
            rows = ((*key, text, _sum(*key, text)) for key, text in sorted(changes.items()) if text is not None)
            connection.executemany(_PUT, rows)
            gone = (key for key, text in changes.items() if text is None)
            connection.executemany("DELETE FROM entry WHERE kind = ? AND name = ?", gone)
            connection.execute("COMMIT")

    @staticmethod
    def is_damaged(error: Exception) -> bool:
        """Whether what :meth:`write` raised is of a file that is damaged, or not ours."""
        # a message of SQLite's about a damaged file may be damaged itself
        if not isinstance(error, sqlite3.DatabaseError | UnicodeDecodeError):
            return False
        return getattr(error, "sqlite_errorcode", 0) & 0xFF not in _NO_DAMAGE

    def remove(self) -> None:
        """Remove the file, and what SQLite has put beside it, as far as possible."""
        self.close()
        for ending in ("", "-journal", "-wal", "-shm"):
            with suppress(OSError):
                os.remove(self.path + ending)


def can_be_written(text: str) -> bool:
    """Whether a text has a form in UTF-8; half of a surrogate pair, as in odd file names, has none."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _sum(kind: str, name: str, value: str) -> int:
    """CRC-32 (ISO 3309) of an entry: against damage, not against malice."""
    return zlib.crc32(value.encode(), zlib.crc32(f"{kind}\0{name}\0".encode()))


def _is_sound(kind: str, name: object, value: object, checksum: object) -> bool:
    return type(name) is str and type(value) is str and _sum(kind, name, value) == checksum


def _is_ours(connection: sqlite3.Connection) -> bool:
    made = connection.execute("SELECT type, sql FROM sqlite_master ORDER BY sql DESC").fetchall()
    stamps = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
    return made == [("table", _TABLE), ("index", None)] and stamps == [_APPLICATION, _FORMAT]
