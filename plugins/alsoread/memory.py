"""What did a file give the last time that it had these bytes?

Kept in a store of the press, with a digest of the file's bytes and all else that decides what it gives: the tools,
Markdown's settings and extensions, and the settings of the digest that its reading looks at. A file whose stamp is what
it was (size, times, number) need not be opened to know that its bytes are; in a copy of the folder they are looked at.
"""

import json
import os
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Generic, Literal, Protocol, TypeVar

from alsoread.press.digests import Untold, digest
from alsoread.press.markdown_extensions import has_local_extensions, markdown_sources
from alsoread.press.stamps import Stamp, stamp_of
from alsoread.press.store import Store
from alsoread.press.told import told_setting
from alsoread.settings import DigestSettings

__all__ = ["FileMemory", "Memory", "Writing", "scope_of"]

T = TypeVar("T")
Kind = Literal["story", "page"]
# the coarsest clock of a file system that is in use (FAT's, in ns)
_RACY: Final = 2_000_000_000

# the kind of the entries that have what decides what files gave, besides their bytes
_SCOPE: Final = "scope"

# what is known of a file of which nothing is
_UNKNOWN: Final[list[Any]] = [""]

_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))

# the settings that what a file gives depends on
_DECIDE: Final = ("body_engine", "labels", "extra_fields", "time_limit", "timezone", "lang", "max_bytes")
# the extension that Pelican adds to any others
_ADDED: Final = ("markdown.extensions.meta",)


class Memory(Protocol[T]):
    """Knows what files gave that were read before."""

    def unchanged(self, root: str, paths: Iterable[str]) -> dict[str, T]:
        """What those files gave whose stamps show that they are as they were; their bytes are not looked at."""

    def get(self, path: str, data: bytes) -> T | None:
        """What a file with these bytes gave."""

    def packed(self, result: T) -> object:
        """A result as it goes from the process that read a file to the one that remembers it."""

    def put(self, path: str, data: bytes, packed: Any) -> T:
        """Remember what a file gave; what is to be used of it from now on."""


class Writing(Protocol[T]):
    """Writes what files give, and reads it back, as :class:`~alsoread.press.records.Records` does."""

    @property
    def written(self) -> Callable[[T], list[Any]]:
        """A result as JSON has it."""

    @property
    def read(self) -> Callable[[Any], T]:
        """The result that was written."""


def scope_of(recipe: str, settings: DigestSettings, markdown: Mapping[str, Any]) -> str:
    """All that decides what a file gives besides its bytes; empty where that cannot be told, and nothing is known.

    ``recipe`` stands for the tools and plugins, ``markdown`` is Pelican's setting of that name.
    """
    if has_local_extensions({"MARKDOWN": markdown}):
        return ""
    # Pelican adds those that are configured to the list when it begins to read
    named = dict.fromkeys((*markdown.get("extensions", ()), *markdown.get("extension_configs", ()), *_ADDED))
    markdown = {**markdown, "extensions": list(named)}
    told = [
        f"{name}={sorted(value) if isinstance(value, frozenset) else value!r}"
        for name in _DECIDE
        for value in [getattr(settings, name)]
    ]
    try:
        return digest(recipe, told_setting(markdown), *told, *markdown_sources({"MARKDOWN": markdown}))
    except Untold:
        # some extension of Markdown's holds what cannot be told
        return ""


class FileMemory(Generic[T]):
    """What files below ``root`` gave, in the entries of one ``table`` of a store.

    ``records`` writes and reads what they give; ``is_lasting`` tells what is worth keeping from what may have been the
    machine's doing. ``read`` counts the files that were not known. ``seen`` may have stamps of files, by their paths,
    that somebody saw before anything was read.
    """

    def __init__(
        self,
        store: Store,
        table: str,
        scope: str,
        root: str,
        records: Writing[T],
        is_lasting: Callable[[T], bool] = lambda result: True,
    ) -> None:
        self._store, self._table, self._scope, self._root = store, table, scope, os.path.abspath(root)
        self._records, self._is_lasting = records, is_lasting
        self._begun = time.time_ns()
        self._stamps: dict[str, Stamp] = {}
        self._marks: dict[str, str] = {}
        self._spared = 0
        self.read = 0
        self.seen: Mapping[str, Stamp] = {}

    @cached_property
    def _before(self) -> dict[str, list[Any]]:
        """By their names, the marks and stamps of the last time."""
        return _stamps_in(self._store.get("stamps", self._table), self._scope)

    @property
    def is_told(self) -> bool:
        """Whether it is known what decides what files give, so that something is remembered."""
        return bool(self._scope)

    @property
    def marks(self) -> Mapping[str, str]:
        """By the kind and path of each file, what tells its bytes and all else that decides what it gives."""
        return self._marks

    def of(self, kind: Kind) -> Memory[T]:
        """What it knows of stories, or of pages."""
        return _OfKind(self, kind)

    def unchanged(self, kind: str, root: str, paths: Iterable[str]) -> dict[str, T]:
        """What those files gave whose stamps show that they are as they were."""
        if not self._scope or (root != self._root and os.path.abspath(root) != self._root):
            return {}
        found: dict[str, T] = {}
        stamps, seen, known = self._stamps, self.seen, self._before
        for path in paths:
            name, file = f"{kind}:{path}", f"{root}/{path}"
            mark, *row = known.get(name, _UNKNOWN)
            before, stamp = tuple(row), seen.get(file)
            if stamp is None or stamp != before:
                # what is read now is to be known by what it is now
                stamp = stamp_of(file)
            if stamp is None:
                continue
            stamps[name] = stamp
            result = self._result(name, mark) if before == stamp else None
            if result is not None:
                found[path] = result
        self._spared += len(found)
        return found

    def get(self, kind: str, path: str, data: bytes) -> T | None:
        """What a file with these bytes gave."""
        result = self._result(f"{kind}:{path}", self._mark(kind, path, data)) if self._scope else None
        self.read += result is None
        return result

    def packed(self, result: T) -> object:
        """A result as it goes to the process that remembers it."""
        return result

    def before(self, kind: str, path: str) -> T | None:
        """What a file gave when that was last remembered, whatever it holds now; None also where all else that decides
        it is other.
        """
        if not self._scope or self._store.get(_SCOPE, self._table) != self._scope:
            return None
        entry = self._store.get(self._table, f"{kind}:{path}")
        return self._result(f"{kind}:{path}", entry[0]) if isinstance(entry, list) and entry else None

    def together(self, kind: str, path: str) -> T | None:
        """What a file gave when all of them were last read and remembered together; None also where another reading,
        such as that of an older state, has put something else in its place since.
        """
        mark, *_ = self._before.get(f"{kind}:{path}", [""])
        entry = self._store.get(self._table, f"{kind}:{path}")
        return self.before(kind, path) if isinstance(entry, list) and entry[:1] == [mark] else None

    def put(self, kind: str, path: str, data: bytes, packed: Any) -> T:
        """Remember what a file gave; what is to be used of it from now on."""
        result: T = packed
        if not self._scope or not self._is_lasting(result):
            return result
        with suppress(Untold, UnicodeEncodeError):
            self._remember(kind, path, data, _ENCODER.encode(self._records.written(result)))
        return result

    def _remember(self, kind: str, path: str, data: bytes, written: str) -> None:
        name, mark = f"{kind}:{path}", self._mark(kind, path, data)
        self._store.put_text(self._table, name, f'["{mark}",{written}]')
        self._marks[name] = mark

    def close(self) -> bool:
        """Forget what no file of this reading gave, and keep the stamps of those that did; whether anything had
        changed.
        """
        if self._scope and self._spared == len(self._marks) == len(self._before):
            return False
        self._store.keep_only(self._table, self._marks)
        self._store.put(_SCOPE, self._table, self._scope)
        if self._scope:
            stamps = {name: [mark, *self._lasting(name)] for name, mark in sorted(self._marks.items())}
            self._store.put("stamps", self._table, [self._scope, stamps])
        return True

    def _lasting(self, name: str) -> tuple[int, ...]:
        """The stamp of a file, if it can be known again by that."""
        stamp = self._stamps.get(name)
        return stamp if stamp is not None and not self._is_racy(stamp) else ()

    def _mark(self, kind: str, path: str, data: bytes) -> str:
        return digest(self._scope, kind, path, data)

    def _result(self, name: str, mark: str) -> T | None:
        """What is known by a name, if it was made of the same."""
        entry = self._store.get(self._table, name)
        if not isinstance(entry, list) or entry[:1] != [mark]:
            return None
        try:
            result = self._records.read(entry[1])
        except (ValueError, LookupError, TypeError, AttributeError):
            return None
        self._marks[name] = mark
        return result

    def _is_racy(self, stamp: Stamp) -> bool:
        """Whether a file is so new that it could change once more and keep its stamp; git has the same rule."""
        _, changed, entered, _ = stamp
        return max(changed, entered) > self._begun - _RACY


def _stamps_in(entry: Any, scope: str) -> dict[str, list[Any]]:
    """By a file's name, the mark of what it gave and the stamp that it had; nothing if that was with another scope."""
    match entry:
        case [before, dict(stamps)] if before == scope:
            return stamps
    return {}


@dataclass(frozen=True, slots=True)
class _OfKind(Generic[T]):
    memory: FileMemory[T]
    kind: Kind

    def unchanged(self, root: str, paths: Iterable[str]) -> dict[str, T]:
        return self.memory.unchanged(self.kind, root, paths)

    def get(self, path: str, data: bytes) -> T | None:
        return self.memory.get(self.kind, path, data)

    def packed(self, result: T) -> object:
        return self.memory.packed(result)

    def put(self, path: str, data: bytes, packed: Any) -> T:
        return self.memory.put(self.kind, path, data, packed)
