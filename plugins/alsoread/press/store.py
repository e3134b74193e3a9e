"""What does a build leave for the next one to know?

Entries of text, each with its kind, its name and a checksum, in one SQLite file. It is a memory and never the truth:
what is missing, damaged, cut short, foreign or of another format is as if it had never been there.
"""

import json
import logging
import os
import sqlite3
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, suppress
from typing import Any, Final

__all__ = ["Store"]

logger = logging.getLogger(__name__)

_FORMAT: Final = 3
_APPLICATION: Final = 0x414C534F  # "ALSO"
_TABLE: Final = (
    "CREATE TABLE entry (kind TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, sum INTEGER NOT NULL, "
    "PRIMARY KEY (kind, name)) WITHOUT ROWID"
)


class Store:
    """The entries at ``path``: those of a kind are read when the first of them is asked for, and all that has changed
    is written at the end of a build.

    Reading and writing never raise: a store that cannot be used is an empty one.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._read: dict[str, dict[str, str]] = {}
        self._changes: dict[tuple[str, str], str | None] = {}

    def _entries(self, kind: str) -> dict[str, str]:
        """The entries of a kind, in the order of their names."""
        known = self._read.get(kind)
        if known is None:
            known = self._read[kind] = {}
            query = "SELECT name, value, sum FROM entry WHERE kind = ?"
            for name, value, checksum in self._rows(query, kind):
                if _sum(kind, name, value) == checksum:
                    known[name] = value
        return known

    def _kinds(self) -> set[str]:
        return {*self._read, *(str(kind) for (kind,) in self._rows("SELECT DISTINCT kind FROM entry"))}

    def _rows(self, query: str, *values: str) -> Iterator[Any]:
        """What a query gives, as far as it can be read."""
        with suppress(sqlite3.Error, OSError, UnicodeDecodeError, UnicodeEncodeError, TypeError, AttributeError):
            if not os.path.isfile(self._path):
                return
            with closing(self._connected()) as connection:
                if _is_ours(connection):
                    yield from connection.execute(query, values)

    def _connected(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None, timeout=1)
        connection.execute("PRAGMA trusted_schema = OFF")
        # a build does not wait for a busy disk: what a power failure damages is noticed by its checksum
        connection.execute("PRAGMA synchronous = OFF")
        return connection

    def get(self, kind: str, name: str) -> Any:
        """The value of an entry, decoded; None if there is none."""
        text = self._entries(kind).get(name)
        if text is None:
            return None
        try:
            return json.loads(text)
        except ValueError:
            return None

    def text(self, kind: str, name: str) -> str | None:
        """The value of an entry as it is written; None if there is none."""
        return self._entries(kind).get(name)

    def names(self, kind: str) -> Collection[str]:
        """The names of all entries of a kind."""
        return self._entries(kind).keys()

    def put(self, kind: str, name: str, value: object) -> None:
        """Set an entry to a value that JSON can hold."""
        self.put_text(kind, name, json.dumps(value, ensure_ascii=False, separators=(",", ":")))

    def put_text(self, kind: str, name: str, text: str) -> None:
        """Set an entry to a value that is JSON already."""
        if not _can_be_written(text):
            text = json.dumps(json.loads(text), separators=(",", ":"))
        if not _can_be_written(name):
            return
        entries = self._entries(kind)
        if entries.get(name) != text:
            entries[name] = text
            self._changes[kind, name] = text

    def keep_only(self, kind: str, names: Mapping[str, object] | set[str]) -> None:
        """Forget the entries of a kind that have other names."""
        entries = self._entries(kind)
        for name in [name for name in entries if name not in names]:
            del entries[name]
            self._changes[kind, name] = None

    def forget(self) -> None:
        """Forget everything."""
        for kind in self._kinds():
            self.keep_only(kind, set())

    def save(self) -> None:
        """Write what has changed, all of it or nothing; if it cannot be written the next build takes its time."""
        self._save(self._changes)

    def release(self, kind: str) -> None:
        """Write what has changed in a kind, and let go what is held of it: it is not asked for any more for a while."""
        self._save({key: text for key, text in self._changes.items() if key[0] == kind})
        if not any(changed == kind for changed, _ in self._changes):
            self._read.pop(kind, None)

    def _save(self, changes: Mapping[tuple[str, str], str | None]) -> None:
        if not changes:
            return
        written = list(changes)
        try:
            try:
                self._write(changes)
            except sqlite3.DatabaseError:
                # damaged, or not ours: begin another
                whole = {kind: self._entries(kind) for kind in self._kinds()}
                for ending in ("", "-journal", "-wal", "-shm"):
                    with suppress(OSError):
                        os.remove(self._path + ending)
                self._write({(kind, name): text for kind, texts in whole.items() for name, text in texts.items()})
        except (sqlite3.Error, OSError) as error:
            logger.warning("%s cannot be written (%s): the next build will begin from nothing", self._path, error)
        else:
            for key in written:
                self._changes.pop(key, None)

    def _write(self, changes: Mapping[tuple[str, str], str | None]) -> None:
        with closing(self._connected()) as connection:
            fresh = connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
            if not fresh and not _is_ours(connection):
                raise sqlite3.DatabaseError("not a store of this format")
            connection.execute("BEGIN IMMEDIATE")
            if fresh:
                connection.execute(_TABLE)
                connection.execute(f"PRAGMA application_id = {_APPLICATION}")
                connection.execute(f"PRAGMA user_version = {_FORMAT}")
            rows = ((*key, text, _sum(*key, text)) for key, text in changes.items() if text is not None)
            connection.executemany("INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?)", rows)
            gone = (key for key, text in changes.items() if text is None)
            connection.executemany("DELETE FROM entry WHERE kind = ? AND name = ?", gone)
            connection.execute("COMMIT")


def _can_be_written(text: str) -> bool:
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


def _is_ours(connection: sqlite3.Connection) -> bool:
    made = connection.execute("SELECT type, sql FROM sqlite_master").fetchall()
    stamps = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
    return made == [("table", _TABLE)] and stamps == [_APPLICATION, _FORMAT]
