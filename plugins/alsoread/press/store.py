"""What does a build leave for the next one to know?

Entries of text, by kind and name, in one file. It is a memory and never the truth: what cannot be read is as if it had
never been there.
"""

import json
import logging
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from alsoread.press.entries import Changes, EntryFile, can_be_written
from alsoread.press.listing import LISTS, Listing, names_after

__all__ = ["STORE", "Store", "encoded"]

logger = logging.getLogger(__name__)

STORE: Final = "store.sqlite"
"""The name of a site's store, in the folder for what is to be remembered."""

# so many entries of a kind are read one by one, each of which takes some ten microseconds
_FEW: Final = 64


class Store:
    """The entries at ``path``. The first few of a kind that are asked for are read one by one, then all of it; what has
    changed is written at the end of a build.

    Reading and writing never raise: a store that cannot be used is an empty one. One that is only read says so:
    nothing that changes in it is written.
    """

    def __init__(self, path: str, *, only_read: bool = False) -> None:
        self._file = EntryFile(path)
        self._listing = Listing(self._file)
        self._only_read = only_read
        # whole kinds, and the names of their entries that are damaged
        self._read: dict[str, dict[str, str]] = {}
        self._damaged: dict[str, set[str]] = {}
        # of other kinds, what was asked for or put there; None where there is nothing
        self._some: dict[str, dict[str, str | None]] = {}
        self._changes: dict[tuple[str, str], str | None] = {}
        self._apart: set[str] = set()

    def _entries(self, kind: str) -> dict[str, str]:
        """The entries of a kind, in the order of their names."""
        known = self._read.get(kind)
        if known is None:
            known, self._damaged[kind] = self._file.whole(kind)
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
            return self._changes[changed] if changed in self._changes else self._file.look(kind, name).value
        some = self._some.setdefault(kind, {})
        if name in some:
            return some[name]
        if len(some) >= _FEW:
            return self._entries(kind).get(name)
        some[name] = self._file.look(kind, name).value
        return some[name]

    def keep_apart(self, kind: str) -> None:
        """The entries of a kind are large: each is read when it is asked for, and held only until it is written."""
        self._apart.add(kind)

    def _kinds(self) -> set[str]:
        return {*self._read, *(kind for kind, _ in self._changes), *self._file.kinds()} - LISTS

    def close(self) -> None:
        """Let go of the file; it is opened again where something is to be read."""
        self._file.close()

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
        if can_be_written(name) and self._entry(kind, name) != (text := _writable(text)):
            self._set(kind, name, text)

    def put_anew(self, kind: str, name: str, text: str) -> None:
        """The same, where nobody looks at what is there: of a kind that is released now and then, to know that an entry
        is as it was would be to read all of them each time.
        """
        if kind in self._read:
            self.put_text(kind, name, text)
        elif can_be_written(name):
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
        """The names of all entries of a kind, those that are damaged among them, as far as they are known."""
        if kind in self._read:
            return self._read[kind].keys() | self._damaged[kind]
        return names_after(self._listing.names(kind) or (), kind, self._changes)

    def _set(self, kind: str, name: str, text: str | None) -> None:
        self._changes[kind, name] = text
        if kind not in self._read:
            if kind not in self._apart:
                self._some.setdefault(kind, {})[name] = text
            return
        self._damaged[kind].discard(name)
        if text is None:
            self._read[kind].pop(name, None)
        else:
            self._read[kind][name] = text

    def forget(self) -> None:
        """Forget everything."""
        for kind in self._kinds():
            self.keep_only(kind, set())

    def save(self) -> None:
        """Write what has changed, all of it or nothing; if it cannot be written the next build takes its time."""
        self._save(self._changes, self._listing.after(self._changes))

    def save_few(self) -> None:
        """The same where little has changed: in time that goes with it, and not with all that there is."""
        self._save(self._changes, self._listing.beside(self._changes))
        self._listing.forget()

    def release(self, *kinds: str) -> None:
        """Write what has changed in some kinds, all of it or nothing, and let go what is held of them: they are not
        asked for any more for a while.
        """
        changes = {key: text for key, text in self._changes.items() if key[0] in kinds}
        lists: dict[tuple[str, str], str | None] = {}
        for kind in kinds:
            lists |= self._listing.without(kind, {key: text for key, text in changes.items() if key[0] == kind})
        self._save(changes, lists)
        for kind in {*kinds}.difference(changed for changed, _ in self._changes):
            self._read.pop(kind, None)
            self._some.pop(kind, None)

    def _save(self, changes: Changes, lists: Changes) -> None:
        self.close()
        if self._only_read or (not changes and not lists):
            return
        written = list(changes)
        try:
            try:
                self._file.write({**changes, **lists})
            except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
                if not self._file.is_damaged(error):
                    raise
                # begin another, with what can be read of this one
                whole = {kind: self._entries(kind) for kind in self._kinds()}
                self._file.remove()
                lists = self._listing.of(whole)
                self._listing.forget()
                entries = {(kind, name): text for kind, texts in whole.items() for name, text in texts.items()}
                self._file.write({**entries, **lists})
        except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
            self._listing.forget()
            logger.warning("%s cannot be written (%s): the next build will begin from nothing", self._file.path, error)
        else:
            self._listing.written(lists)
            for key in written:
                self._changes.pop(key, None)


def encoded(value: object) -> str:
    """A value that JSON can hold, as an entry has it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _writable(text: str) -> str:
    """A value that is JSON, in a form that can be written."""
    return text if can_be_written(text) else json.dumps(json.loads(text), separators=(",", ":"))
