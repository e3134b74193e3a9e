"""What tells files from what they were, without a look inside?"""

import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from operator import attrgetter
from types import MappingProxyType
from typing import Final

__all__ = ["APART", "NotTold", "Stamp", "Stamped", "stamp_in", "stamp_of", "stamps_below", "written"]

Stamp = tuple[int, int, int, int]
"""Size, time of change of the bytes and of the entry (ns), and number of a file: if one differs, look inside."""

Stamped = tuple[str, object]
"""A path and its stamp; or of what has none what it is, or a digest of it."""

APART: Final = frozenset({".git", ".hg", ".svn", ".mypy_cache", ".ruff_cache", ".pytest_cache"})
"""Names of folders that hold nothing of a site."""

# the folder that Python keeps byte code in, and a part of the names of that
_CACHE: Final = "__pycache__"
_BYTE_CODE: Final = ".pyc"
# whether a folder may be told by a descriptor, from which its files are found in less time than from the root
_BY_DESCRIPTOR: Final = os.scandir in os.supports_fd
_NOTHING: Final[Mapping[int, Stamp]] = MappingProxyType({})


class NotTold(Exception):
    """What a build depends on cannot be told from files alone."""


def stamp_of(path: str) -> Stamp | None:
    """The stamp of a file; None if there is no such file."""
    try:
        found = os.stat(path, follow_symlinks=False)
    except OSError:
        return None
    return stamp_in(found)


def stamp_in(found: os.stat_result) -> Stamp:
    """The stamp of a file that was looked at."""
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def written(stamp: Stamp) -> tuple[int, int, int]:
    """What of a stamp is another where a file was written to, and not only moved or given a name more or less."""
    size, changed, _, number = stamp
    return size, changed, number


def stamps_below(root: str, apart: Collection[str], known: Mapping[int, Stamp] = _NOTHING) -> Iterator[Stamped]:
    """Every file of a folder with its stamp, and every folder in it, but for what is ``apart``; of a file that one; of
    nothing, nothing. Of files whose stamps are ``known``, by their numbers, these count.

    :raises NotTold: where a symbolic link leads to a folder.
    :raises OSError: if something cannot be looked at.
    """
    if not os.path.isdir(root):
        if os.path.lexists(root):
            yield root, stamp_in(os.stat(root))
        return
    folders = [root.rstrip("/") or root]
    while folders:
        folder = folders.pop()
        with _opened(folder) as place:
            with os.scandir(place) as entries:
                found = sorted(entries, key=attrgetter("name"))
            is_cache = os.path.basename(folder) == _CACHE
            for entry in found:
                path = f"{folder}/{entry.name}" if folder != "/" else f"/{entry.name}"
                if entry.name in APART or path in apart or (is_cache and _BYTE_CODE in entry.name):
                    continue
                if entry.is_file(follow_symlinks=False):
                    yield path, (known and known.get(entry.inode())) or stamp_in(entry.stat(follow_symlinks=False))
                elif entry.is_dir(follow_symlinks=False):
                    folders.append(path)
                    if entry.name != _CACHE:
                        yield path, "folder"
                elif not entry.is_symlink():
                    yield path, stamp_in(entry.stat(follow_symlinks=False))
                elif os.path.isdir(path):
                    raise NotTold(path)
                else:
                    yield path, os.readlink(path)
                    if os.path.exists(path):
                        yield path, stamp_in(os.stat(path))


@contextmanager
def _opened(folder: str) -> Iterator[str | int]:
    """By what a folder is told for the time of the block."""
    if not _BY_DESCRIPTOR:
        yield folder
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
