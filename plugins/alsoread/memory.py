"""What did a file give the last time that it had these bytes?

Kept in a store of the press, under the file's bytes and all else that decides what it gives: the tools, Markdown's
settings and extensions, and the settings of the digest that its reading looks at.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, Literal, Protocol, TypeVar

from alsoread.press.parses import has_local_extensions, markdown_sources
from alsoread.press.plain import Plain
from alsoread.press.store import Store
from alsoread.press.told import told_setting
from alsoread.press.values import Untold, digest
from alsoread.settings import DigestSettings

__all__ = ["FileMemory", "Memory", "scope_of"]

T = TypeVar("T")
Kind = Literal["story", "page"]

# the settings that what a file gives depends on
_DECIDE: Final = ("body_engine", "labels", "extra_fields", "time_limit", "timezone", "lang", "max_bytes")


class Memory(Protocol[T]):
    """Knows what files gave that were read before."""

    def get(self, path: str, data: bytes) -> T | None:
        """What a file with these bytes gave."""

    def put(self, path: str, data: bytes, result: T) -> None:
        """Remember what a file gave."""


def scope_of(recipe: str, settings: DigestSettings, markdown: Mapping[str, Any]) -> str:
    """All that decides what a file gives besides its bytes; empty where that cannot be told, and nothing is known.

    ``recipe`` stands for the tools and plugins, ``markdown`` is Pelican's setting of that name.
    """
    if has_local_extensions({"MARKDOWN": markdown}):
        return ""
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
    """What files gave, in the entries of one ``table`` of a store.

    ``plain`` writes and reads what they give, which is of the class ``result``; ``is_lasting`` tells what is worth
    keeping from what may have been the machine's doing. ``read`` counts the files that were not known.
    """

    def __init__(
        self,
        store: Store,
        table: str,
        scope: str,
        plain: Plain,
        result: type[T],
        is_lasting: Callable[[T], bool] = lambda result: True,
    ) -> None:
        self._store, self._table, self._scope = store, table, scope
        self._plain, self._result, self._is_lasting = plain, result, is_lasting
        self._used: set[str] = set()
        self.read = 0

    def of(self, kind: Kind) -> Memory[T]:
        """What it knows of stories, or of pages."""
        return _OfKind(self, kind)

    def get(self, kind: str, path: str, data: bytes) -> T | None:
        """What a file with these bytes gave."""
        name = digest(self._scope, kind, path, data)
        written = self._store.get(self._table, name) if self._scope else None
        if written is None:
            self.read += 1
            return None
        try:
            result = self._plain.read(written)
        except (ValueError, LookupError, TypeError):
            return None
        self._used.add(name)
        return result if isinstance(result, self._result) else None

    def put(self, kind: str, path: str, data: bytes, result: T) -> None:
        """Remember what a file gave."""
        if not self._scope or not self._is_lasting(result):
            return
        name = digest(self._scope, kind, path, data)
        try:
            self._store.put(self._table, name, self._plain.written(result))
        except (Untold, UnicodeEncodeError):
            return
        self._used.add(name)

    def close(self) -> None:
        """Forget what no file of this reading gave."""
        self._store.keep_only(self._table, self._used)


@dataclass(frozen=True, slots=True)
class _OfKind(Generic[T]):
    memory: FileMemory[T]
    kind: Kind

    def get(self, path: str, data: bytes) -> T | None:
        return self.memory.get(self.kind, path, data)

    def put(self, path: str, data: bytes, result: T) -> None:
        self.memory.put(self.kind, path, data, result)
