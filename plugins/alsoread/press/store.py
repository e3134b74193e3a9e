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

__all__ = ["STORE", "Store", "encoded"]

logger = logging.getLogger(__name__)

STORE: Final = "store.sqlite"
"""The name of a site's store, in the folder for what is to be remembered."""

_FORMAT: Final = 9
# bytes: most entries are then whole on one page, and to read one is not to read many others
_PAGE: Final = 16384
# the kind of the entries that tell which names each other kind has; to look through all of these takes longer
_NAMES: Final = "names"
# and that of those which tell by what names these lists are others since: names that came, names that went
_NAMED: Final = "named since"
# so many entries of a kind are read one by one, each of which takes some ten microseconds
_FEW: Final = 64
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


class Store:
    """The entries at ``path``. The first few of a kind that are asked for are read one by one, then all of it; what has
    changed is written at the end of a build.

    Reading and writing never raise: a store that cannot be used is an empty one. One that is only read says so:
    nothing that changes in it is written.
    """

    def __init__(self, path: str, *, only_read: bool = False) -> None:
        self._path = path
        self._only_read = only_read
        # whole kinds
        self._read: dict[str, dict[str, str]] = {}
        # of other kinds, what was asked for or put there; None where there is nothing
        self._some: dict[str, dict[str, str | None]] = {}
        self._changes: dict[tuple[str, str], str | None] = {}
        self._apart: set[str] = set()
        # the names of each kind in the file, where somebody has asked
        self._listed: dict[str, set[str]] = {}
        # the kinds whose list has been taken out of the file, and is to be written in the end
        self._unlisted: set[str] = set()
        self._reader: tuple[int, sqlite3.Connection] | None = None
        self._inherited: list[object] = []

    def _entries(self, kind: str) -> dict[str, str]:
        """The entries of a kind, in the order of their names."""
        known = self._read.get(kind)
        if known is None:
            known = {}
            for name, value, checksum in self._rows(
                "SELECT name, value, sum FROM entry WHERE kind = ? ORDER BY name", kind
            ):
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
        } - {_NAMES, _NAMED}

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
        self.put_text(kind, name, encoded(value))

    def put_text(self, kind: str, name: str, text: str) -> None:
        """Set an entry to a value that is JSON already."""
        if _can_be_written(name) and self._entry(kind, name) != (text := _writable(text)):
            self._set(kind, name, text)

    def put_anew(self, kind: str, name: str, text: str) -> None:
        """The same, where nobody looks at what is there: of a kind that is released now and then, to know that an entry
        is as it was would be to read all of them each time.
        """
        if kind in self._read:
            self.put_text(kind, name, text)
        elif _can_be_written(name):
            self._set(kind, name, _writable(text))

    def keep_only(self, kind: str, names: Mapping[str, object] | set[str]) -> None:
        """Forget the entries of a kind that have other names."""
        for name in sorted(set(self._names(kind)).difference(names)):
            self._set(kind, name, None)

    def drop(self, kind: str, names: Iterable[str]) -> None:
        """Forget the entries of a kind that have these names."""
        for name in names:
            self._set(kind, name, None)

    def _names(self, kind: str) -> Collection[str]:
        """The names of all entries of a kind, those that are damaged among them."""
        return self._read[kind].keys() if kind in self._read else _after(self._names_in_file(kind), kind, self._changes)

    def _names_in_file(self, kind: str) -> set[str]:
        """The same, as they are in the file: its own list if there is one, and else by a look at each entry."""
        known = self._listed.get(kind)
        if known is None:
            known = _with(_listed_in(self._one(_NAMES, kind)), self._since(kind))
            if known is None:
                known = {str(name) for (name,) in self._rows("SELECT name FROM entry WHERE kind = ?", kind)}
            self._listed[kind] = known
        return known

    def _lists(self, changes: Mapping[tuple[str, str], str | None]) -> dict[tuple[str, str], str | None]:
        """The lists of names, as they have to be when changes are written; but for those that stay as they are."""
        lists: dict[tuple[str, str], str | None] = {}
        for kind in self._unlisted.union(kind for kind, _ in changes):
            before = self._names_in_file(kind)
            after = _after(before, kind, changes)
            since = self._one(_NAMED, kind) is not None
            if after != before or since or self._one(_NAMES, kind) is None:
                lists[_NAMES, kind] = _list_of(after)
                self._listed[kind] = after
            if since:
                lists[_NAMED, kind] = None
        return lists

    def _since(self, kind: str) -> tuple[set[str], set[str]]:
        """The names that came to a kind since its list was written, and those that went."""
        try:
            came, went = json.loads(self._one(_NAMED, kind) or "[[],[]]")
            return set(came), set(went)
        except (ValueError, TypeError):
            return set(), set()

    def _changed_names(self, changes: Mapping[tuple[str, str], str | None]) -> dict[tuple[str, str], str | None]:
        """By what names lists are others when changes are written, without a look at the lists."""
        since: dict[tuple[str, str], str | None] = {}
        for kind in dict.fromkeys(kind for kind, _ in changes):
            came, went = self._since(kind)
            for (of_kind, name), text in changes.items():
                if of_kind == kind:
                    (went if text is None else came).add(name)
                    (came if text is None else went).discard(name)
            since[_NAMED, kind] = json.dumps([sorted(came), sorted(went)], ensure_ascii=False, separators=(",", ":"))
        return since

    def _without_list(
        self, kind: str, changes: Mapping[tuple[str, str], str | None]
    ) -> dict[tuple[str, str], str | None]:
        """That a kind has no list, where changes in it make it another one: it is not written each time."""
        names = self._names_in_file(kind)
        came = {name for (_, name), text in changes.items() if text is not None} - names
        went = {name for (_, name), text in changes.items() if text is None} & names
        if not came and not went:
            return {}
        names |= came
        names -= went
        self._unlisted.add(kind)
        return {(_NAMES, kind): None}

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
        self._save(self._changes, self._lists(self._changes))

    def save_few(self) -> None:
        """The same where little has changed: in time that goes with it, and not with all that there is."""
        self._save(self._changes, self._changed_names(self._changes))
        self._listed.clear()

    def release(self, *kinds: str) -> None:
        """Write what has changed in some kinds, all of it or nothing, and let go what is held of them: they are not
        asked for any more for a while.
        """
        changes = {key: text for key, text in self._changes.items() if key[0] in kinds}
        lists: dict[tuple[str, str], str | None] = {}
        for kind in kinds:
            lists |= self._without_list(kind, {key: text for key, text in changes.items() if key[0] == kind})
        self._save(changes, lists)
        for kind in {*kinds}.difference(changed for changed, _ in self._changes):
            self._read.pop(kind, None)
            self._some.pop(kind, None)

    def _save(self, changes: Mapping[tuple[str, str], str | None], lists: dict[tuple[str, str], str | None]) -> None:
        self.close()
        if self._only_read or (not changes and not lists):
            return
        written = list(changes)
        try:
            try:
                self._write({**changes, **lists})
            except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
                if getattr(error, "sqlite_errorcode", 0) & 0xFF in _NO_DAMAGE:
                    raise
                # damaged, or not ours, or so damaged that SQLite's message cannot be read: begin another
                whole = {kind: self._entries(kind) for kind in self._kinds()}
                self.close()
                for ending in ("", "-journal", "-wal", "-shm"):
                    with suppress(OSError):
                        os.remove(self._path + ending)
                lists = {(_NAMES, kind): _list_of(texts) for kind, texts in whole.items()}
                self._listed.clear()
                entries = {(kind, name): text for kind, texts in whole.items() for name, text in texts.items()}
                self._write({**entries, **lists})
        except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
            self._listed.clear()
            logger.warning("%s cannot be written (%s): the next build will begin from nothing", self._path, error)
        else:
            self._unlisted.difference_update(kind for (_, kind), text in lists.items() if text is not None)
            for key in written:
                self._changes.pop(key, None)

    def _write(self, changes: Mapping[tuple[str, str], str | None]) -> None:
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


def encoded(value: object) -> str:
    """A value that JSON can hold, as an entry has it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _after(names: set[str], kind: str, changes: Mapping[tuple[str, str], str | None]) -> set[str]:
    """The names of a kind after changes."""
    changed = {name: text for (of_kind, name), text in changes.items() if of_kind == kind}
    return names.union(changed) - {name for name, text in changed.items() if text is None}


def _with(names: set[str] | None, since: tuple[set[str], set[str]]) -> set[str] | None:
    return None if names is None else (names | since[0]) - since[1]


def _listed_in(text: str | None) -> set[str] | None:
    """The names in a list, if it is one."""
    try:
        names = json.loads(text or "")
    except ValueError:
        return None
    return set(names) if isinstance(names, list) and all(type(name) is str for name in names) else None


def _list_of(names: Iterable[str]) -> str:
    return json.dumps(sorted(names), ensure_ascii=False, separators=(",", ":"))


def _writable(text: str) -> str:
    """A value that is JSON, in a form that can be written."""
    return text if _can_be_written(text) else json.dumps(json.loads(text), separators=(",", ":"))


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
    made = connection.execute("SELECT type, sql FROM sqlite_master ORDER BY sql DESC").fetchall()
    stamps = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
    return made == [("table", _TABLE), ("index", None)] and stamps == [_APPLICATION, _FORMAT]
