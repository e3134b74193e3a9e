"""What does a build leave for the next one to know?

Entries of text, each with its kind, its name and a checksum, in one SQLite file. It is a memory and never the truth:
what is missing, damaged, cut short, foreign or of another format is as if it had never been there.
"""

import json
import logging
import os
import sqlite3
import zlib
from collections.abc import Collection, Iterable, Mapping
from contextlib import closing, suppress
from typing import Any, Final

__all__ = ["Store"]

logger = logging.getLogger(__name__)

_FORMAT: Final = 5
# so many entries of a kind are read one by one, each of which takes some ten microseconds
_FEW: Final = 64
_APPLICATION: Final = 0x414C534F  # "ALSO"
_TABLE: Final = (
    "CREATE TABLE entry (kind TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, sum INTEGER NOT NULL, "
    "PRIMARY KEY (kind, name)) WITHOUT ROWID"
)


class Store:
    """The entries at ``path``. The first few of a kind that are asked for are read one by one, then all of it; what has
    changed is written at the end of a build.

    Reading and writing never raise: a store that cannot be used is an empty one.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        # whole kinds
        self._read: dict[str, dict[str, str]] = {}
        # of other kinds, what was asked for or put there; None where there is nothing
        self._some: dict[str, dict[str, str | None]] = {}
        self._changes: dict[tuple[str, str], str | None] = {}
        self._apart: set[str] = set()
        self._reader: tuple[int, sqlite3.Connection] | None = None
        self._inherited: list[object] = []

    def _entries(self, kind: str) -> dict[str, str]:
        """The entries of a kind, in the order of their names."""
        known = self._read.get(kind)
        if known is None:
            known = {}
            for name, value, checksum in self._rows("SELECT name, value, sum FROM entry WHERE kind = ?", kind):
                if _is_sound(kind, name, value, checksum):
                    known[name] = value
            for (changed, name), text in self._changes.items():
                if changed == kind:
                    known.pop(name, None)
                    if text is not None:
                        known[name] = text
            self._read[kind] = known
            self._some.pop(kind, None)
        return known

    def _entry(self, kind: str, name: str) -> str | None:
        """One entry."""
        if kind in self._read:
            return self._read[kind].get(name)
        if kind in self._apart:
            changed = (kind, name)
            return self._changes[changed] if changed in self._changes else self._one(kind, name)
        some = self._some.setdefault(kind, {})
        if name in some:
            return some[name]
        if len(some) >= _FEW:
            return self._entries(kind).get(name)
        some[name] = self._one(kind, name)
        return some[name]

    def _one(self, kind: str, name: str) -> str | None:
        query = "SELECT value, sum FROM entry WHERE kind = ? AND name = ?"
        rows = self._rows(query, kind, name)
        return next((value for value, checksum in rows if _is_sound(kind, name, value, checksum)), None)

    def keep_apart(self, kind: str) -> None:
        """The entries of a kind are large: each is read when it is asked for, and held only until it is written."""
        self._apart.add(kind)

    def _kinds(self) -> set[str]:
        return {
            *self._read,
            *(kind for kind, _ in self._changes),
            *(str(kind) for (kind,) in self._rows("SELECT DISTINCT kind FROM entry")),
        }

    def _rows(self, query: str, *values: str) -> list[Any]:
        """What a query gives, as far as it can be read."""
        rows: list[Any] = []
        with suppress(sqlite3.Error, OSError, UnicodeDecodeError, UnicodeEncodeError, TypeError, AttributeError):
            reader = self._open_reader()
            if reader is not None:
                rows.extend(reader.execute(query, values))
        return rows

    def _open_reader(self) -> sqlite3.Connection | None:
        """What reads the file in this process; None where there is nothing to read."""
        if self._reader is not None and self._reader[0] == os.getpid():
            return self._reader[1]
        if self._reader is not None:
            # SQLite forbids to touch what another process has opened, and to let go of it is to touch it
            self._inherited.append(self._reader)
            self._reader = None
        if not os.path.isfile(self._path):
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
        connection = sqlite3.connect(self._path, isolation_level=None, timeout=1, check_same_thread=False)
        connection.execute("PRAGMA trusted_schema = OFF")
        # a build does not wait for a busy disk: what a power failure damages is noticed by its checksum
        connection.execute("PRAGMA synchronous = OFF")
        return connection

    def get(self, kind: str, name: str) -> Any:
        """The value of an entry, decoded; None if there is none."""
        text = self._entry(kind, name)
        if text is None:
            return None
        try:
            return json.loads(text)
        except ValueError:
            return None

    def text(self, kind: str, name: str) -> str | None:
        """The value of an entry as it is written; None if there is none."""
        return self._entry(kind, name)

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
        if self._entry(kind, name) != text:
            self._set(kind, name, text)

    def keep_only(self, kind: str, names: Mapping[str, object] | set[str]) -> None:
        """Forget the entries of a kind that have other names."""
        for name in [name for name in self._names(kind) if name not in names]:
            self._set(kind, name, None)

    def drop(self, kind: str, names: Iterable[str]) -> None:
        """Forget the entries of a kind that have these names."""
        for name in names:
            self._set(kind, name, None)

    def _names(self, kind: str) -> Collection[str]:
        """The names of all entries of a kind, those that are damaged among them."""
        if kind in self._read:
            return self._read[kind].keys()
        names = {str(name) for (name,) in self._rows("SELECT name FROM entry WHERE kind = ?", kind)}
        changed = {name: text for (of_kind, name), text in self._changes.items() if of_kind == kind}
        return sorted(names.union(changed) - {name for name, text in changed.items() if text is None})

    def _set(self, kind: str, name: str, text: str | None) -> None:
        self._changes[kind, name] = text
        if kind not in self._read:
            if kind not in self._apart:
                self._some.setdefault(kind, {})[name] = text
        elif text is None:
            self._read[kind].pop(name, None)
        else:
            self._read[kind][name] = text

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
            self._some.pop(kind, None)

    def _save(self, changes: Mapping[tuple[str, str], str | None]) -> None:
        self.close()
        if not changes:
            return
        written = list(changes)
        try:
            try:
                self._write(changes)
            except (sqlite3.DatabaseError, UnicodeDecodeError):
                # damaged, or not ours, or so damaged that SQLite's message cannot be read: begin another
                whole = {kind: self._entries(kind) for kind in self._kinds()}
                self.close()
                for ending in ("", "-journal", "-wal", "-shm"):
                    with suppress(OSError):
                        os.remove(self._path + ending)
                self._write({(kind, name): text for kind, texts in whole.items() for name, text in texts.items()})
        except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
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


def _is_sound(kind: str, name: object, value: object, checksum: object) -> bool:
    return type(name) is str and type(value) is str and _sum(kind, name, value) == checksum


def _is_ours(connection: sqlite3.Connection) -> bool:
    made = connection.execute("SELECT type, sql FROM sqlite_master").fetchall()
    stamps = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
    return made == [("table", _TABLE)] and stamps == [_APPLICATION, _FORMAT]
