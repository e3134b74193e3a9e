"""What did files give a moment ago, within one command?

``--fix`` and ``--since`` judge the same site several times, with a few files changed between. What was known before the
command began is looked up once.
"""

from collections.abc import Iterable
from typing import Any, Generic, TypeVar

from alsoread.memory import Memory

__all__ = ["Recent"]

T = TypeVar("T")


class Recent(Generic[T]):
    """Remembers what was made of each file's bytes while the process lives; ``before`` knows what it does not."""

    def __init__(self, before: Memory[T] | None = None) -> None:
        self._before = before
        self._known: dict[tuple[str, bytes], T] = {}

    def unchanged(self, root: str, paths: Iterable[str]) -> dict[str, T]:
        """What those files gave whose stamps show that they are as they were."""
        return self._before.unchanged(root, paths) if self._before is not None else {}

    def get(self, path: str, data: bytes) -> T | None:
        """What a file with these bytes gave."""
        known = self._known.get((path, data))
        if known is None and self._before is not None:
            known = self._before.get(path, data)
            if known is not None:
                self._known[path, data] = known
        return known

    def packed(self, result: T) -> object:
        """A result as it goes to the process that remembers it."""
        return self._before.packed(result) if self._before is not None else result

    def put(self, path: str, data: bytes, packed: Any) -> T:
        """Remember what a file gave."""
        kept: T = self._before.put(path, data, packed) if self._before is not None else packed
        self._known[path, data] = kept
        return kept
