"""In which order are files read?

Pelican collects them in a set, and the order of a set changes from run to run: stories of the same instant, and files
that claim one address, would change places. Here the order is that of their names.
"""

from collections.abc import Iterator
from typing import Any

__all__ = ["SortedSet", "sort_files"]


class SortedSet(set[Any]):
    """A set that is iterated over in order."""

    def __iter__(self) -> Iterator[Any]:
        return iter(sorted(super().__iter__(), key=str))

    def __or__(self, other: Any) -> "SortedSet":
        return SortedSet(super().__or__(set(other)))

    def __ror__(self, other: Any) -> "SortedSet":
        return SortedSet(set(other) | set(super().__iter__()))


def sort_files(generator: Any) -> None:
    """Let a generator find its files in order."""
    get_files = getattr(generator, "get_files", None)
    if get_files is None:
        return

    def in_order(*args: Any, **kwargs: Any) -> Any:
        found = get_files(*args, **kwargs)
        return SortedSet(found) if type(found) is set else found

    generator.get_files = in_order
