"""What does a build leave for the next one to know?

Entries of text, each with its kind, its name and a checksum, in one SQLite file. It is a memory and never the truth:
what is missing, damaged, cut short, foreign or of another format is as if it had never been there.
"""

import json
import logging
import os
import sqlite3
from collections.abc import Collection, Mapping
from contextlib import closing, suppress
from typing import Any, Final

from alsoread.press.values import digest

__all__ = ["Store"]

logger = logging.getLogger(__name__)

_FORMAT: Final = 1
_APPLICATION: Final = 0x414C534F  # "ALSO"
_TABLE: Final = (
    "CREATE TABLE entry (kind TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, sum TEXT NOT NULL, "
    "PRIMARY KEY (kind, name)) WITHOUT ROWID"
)


class Store:
    """The entries at ``path``, read whole at the beginning of a build and brought up to date at its end.

    Reading and writing never raise: a store that cannot be used is an empty one.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._entries: dict[str, dict[str, str]] = {}
        self._changes: dict[tuple[str, str], str | None] = {}
        with suppress(sqlite3.Error, OSError, UnicodeDecodeError):
            self._read()

    def _read(self) -> None:
        if not os.path.isfile(self._path):
            return
        with closing(self._connected()) as connection:
            if not _is_ours(connection):
                return
            for kind, name, value, checksum in connection.execute("SELECT kind, name, value, sum FROM entry"):
                if digest(str(kind), str(name), str(value)) == checksum:
                    self._entries.setdefault(kind, {})[name] = value

    def _connected(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None, timeout=1)
        connection.execute("PRAGMA trusted_schema = OFF")
        # a build does not wait for a busy disk: what a power failure damages is noticed by its checksum
        connection.execute("PRAGMA synchronous = OFF")
        return connection

    def get(self, kind: str, name: str) -> Any:
        """The value of an entry, decoded; None if there is none."""
        text = self._entries.get(kind, {}).get(name)
        if text is None:
            return None
        try:
            return json.loads(text)
        except ValueError:
            return None

    def names(self, kind: str) -> Collection[str]:
        """The names of all entries of a kind."""
        return self._entries.get(kind, {}).keys()

    def put(self, kind: str, name: str, value: object) -> None:
        """Set an entry to a value that JSON can hold."""
        self.put_text(kind, name, json.dumps(value, ensure_ascii=False, separators=(",", ":")))

    def put_text(self, kind: str, name: str, text: str) -> None:
        """Set an entry to a value that is JSON already."""
        if not _can_be_written(text):
            text = json.dumps(json.loads(text), separators=(",", ":"))
        if not _can_be_written(name):
            return
        entries = self._entries.setdefault(kind, {})
        if entries.get(name) != text:
            entries[name] = text
            self._changes[kind, name] = text

    def keep_only(self, kind: str, names: Mapping[str, object] | set[str]) -> None:
        """Forget the entries of a kind that have other names."""
        entries = self._entries.get(kind, {})
        for name in [name for name in entries if name not in names]:
            del entries[name]
            self._changes[kind, name] = None

    def forget(self) -> None:
        """Forget everything."""
        for kind in list(self._entries):
            self.keep_only(kind, set())

    def save(self) -> None:
        """Write what has changed, all of it or nothing; if it cannot be written the next build takes its time."""
        if not self._changes:
            return
        try:
            try:
                self._write(self._changes)
            except sqlite3.DatabaseError:
                # damaged, or not ours: begin another
                for ending in ("", "-journal", "-wal", "-shm"):
                    with suppress(OSError):
                        os.remove(self._path + ending)
                self._write(
                    {(kind, name): text for kind, texts in self._entries.items() for name, text in texts.items()}
                )
        except (sqlite3.Error, OSError) as error:
            logger.warning("%s cannot be written (%s): the next build will begin from nothing", self._path, error)
        else:
            self._changes.clear()

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
            rows = [(*key, text, digest(*key, text)) for key, text in changes.items() if text is not None]
            connection.executemany("INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?)", rows)
            gone = [key for key, text in changes.items() if text is None]
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


def _is_ours(connection: sqlite3.Connection) -> bool:
    made = connection.execute("SELECT type, sql FROM sqlite_master").fetchall()
    stamps = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
    return made == [("table", _TABLE)] and stamps == [_APPLICATION, _FORMAT]
