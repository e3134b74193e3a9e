"""Which files lie below a folder, and what do they hold, without ever leaving it?

A content folder comes by pull request, so nothing in it is trusted: symbolic links are not followed (neither files
nor folders on the way), and only regular files are opened. Names are returned sorted, whatever the file system's order.
"""

import fnmatch
import os
import posixpath
import re
import stat
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from alsoread.diagnostics import Diagnostic

__all__ = ["FileRefused", "Walk", "is_inside", "read_regular", "shortest", "suffix", "walk"]


class FileRefused(Exception):
    """A file that is not read; ``finding`` says which and why."""

    def __init__(self, finding: Diagnostic) -> None:
        super().__init__(finding.message)
        self.finding = finding


@dataclass(slots=True)
class Walk:
    """What a walk met: relative paths with ``/`` between their parts, and findings about what it passed over."""

    paths: list[str] = field(default_factory=list)
    findings: list[Diagnostic] = field(default_factory=list)


def suffix(path: str) -> str:
    """The ending of a file name in lower case, without the dot."""
    return os.path.splitext(path)[1][1:].lower()


def shortest(path: str) -> str:
    """The shortest way to say a path, as :func:`posixpath.normpath` has it, which takes ten times as long to find that
    there is none.
    """
    is_shortest = path and path[0] != "." and path[-1] != "/" and "//" not in path and "/." not in path
    return path if is_shortest else posixpath.normpath(path)


def walk(
    root: str,
    folders: Iterable[str],
    *,
    wanted: Callable[[str], bool],
    exclude: Iterable[str] = (),
    ignore: Sequence[str] = (),
) -> Walk:
    """The regular files below ``root``/``folders`` whose relative path is ``wanted``.

    ``exclude`` are folders (relative to ``root``) not to enter, ``ignore`` patterns of base names to pass over.
    Names that begin with a dot are passed over. A wanted symbolic link, FIFO, socket or device becomes a finding.
    """
    found = Walk()
    is_ignored = re.compile("|".join(map(fnmatch.translate, ignore)) or r"(?!)").match
    skipped = {_normal(folder) for folder in exclude}
    todo = [_normal(folder) for folder in folders]
    seen: set[str] = set()
    while todo:
        folder = todo.pop()
        if folder in seen or (folder in skipped and folder):
            continue
        seen.add(folder)
        for entry in _entries(root, folder, found):
            path = f"{folder}/{entry.name}" if folder else entry.name
            if entry.name.startswith(".") or is_ignored(os.path.normcase(entry.name)):
                continue
            if entry.is_dir(follow_symlinks=False):
                todo.append(path)
            elif entry.is_symlink() and os.path.isdir(entry.path):
                found.findings.append(_not_regular(_printable(path), "a symbolic link to a folder"))
            elif wanted(path):
                _sort_out(entry, path, found)
    found.paths = sorted(set(found.paths))
    return found


def read_regular(root: str, path: str, limit: int) -> bytes:
    """The bytes of the regular file ``path`` below ``root``.

    Every part of the path is opened relative to the one before it with ``O_NOFOLLOW`` (POSIX.1-2017, ``openat``), so
    that a link put there between a check and the reading is not followed either.

    :raises FileRefused: if a part is a symbolic link, the file is not a regular one, cannot be read, or holds more
        than ``limit`` bytes.
    """
    try:
        descriptor = _open_below(root, path)
    except OSError as error:
        raise FileRefused(_unreadable(root, path, error)) from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise FileRefused(_not_regular(path, "not a regular file"))
        if status.st_size > limit:
            raise FileRefused(_too_large(path, status.st_size, limit))
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise FileRefused(_unreadable(root, path, error)) from error
    finally:
        os.close(descriptor)
    if len(data) > limit:
        raise FileRefused(_too_large(path, len(data), limit))
    return data


def is_inside(root: str, path: str) -> bool:
    """Is ``path`` (relative to ``root``) a regular file below it, reached without any symbolic link?"""
    try:
        descriptor = _open_below(root, path)
    except OSError:
        return False
    try:
        return stat.S_ISREG(os.fstat(descriptor).st_mode)
    finally:
        os.close(descriptor)


def _entries(root: str, folder: str, found: Walk) -> list[os.DirEntry[str]]:
    """What a folder holds, sorted; one that is not there holds nothing."""
    parts = folder.split("/") if folder else []
    if any(os.path.islink(os.path.join(root, *parts[:end])) for end in range(1, len(parts) + 1)):
        found.findings.append(_not_regular(_printable(folder), "reached through a symbolic link"))
        return []
    try:
        with os.scandir(os.path.join(root, folder)) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        found.findings.append(_unreadable(root, folder, error))
        return []


def _sort_out(entry: os.DirEntry[str], path: str, found: Walk) -> None:
    name = _printable(path)
    if name != path:
        hint = "rename it with letters, digits, '-' and '_'"
        message = "the file's name is not UTF-8 or holds characters that cannot be shown"
        found.findings.append(Diagnostic(name, 0, 0, "AR010", message, hint))
    elif entry.is_symlink():
        found.findings.append(_not_regular(path, "a symbolic link"))
    elif entry.is_file(follow_symlinks=False):
        found.paths.append(path)
    else:
        found.findings.append(_not_regular(path, "not a regular file"))


def _open_below(root: str, path: str) -> int:
    *folders, name = path.split("/")
    if not name or any(part in ("", ".", "..") for part in (*folders, name)) or "\0" in path:
        raise OSError(f"not a path below the folder: {path!r}")
    here = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for folder in folders:
            below = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=here)
            os.close(here)
            here = below
        # O_NONBLOCK: opening a FIFO that nobody writes to would wait for ever
        return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=here)
    finally:
        os.close(here)


def _unreadable(root: str, path: str, error: OSError) -> Diagnostic:
    parts = path.split("/")
    for end in range(1, len(parts) + 1):
        if os.path.islink(os.path.join(root, *parts[:end])):
            return _not_regular(path, "reached through a symbolic link")
    return Diagnostic(path, 0, 0, "AR009", f"cannot be read: {error.strerror or error}", "check its permissions")


def _not_regular(path: str, what: str) -> Diagnostic:
    return Diagnostic(path, 0, 0, "AR001", f"{what}; only regular files are read", "put a copy of the file here")


def _too_large(path: str, size: int, limit: int) -> Diagnostic:
    message = f"the file has {size:,} bytes or more; at most {limit:,} are read"
    return Diagnostic(path, 0, 0, "AR002", message, f"split the story, or set ALSOREAD_MAX_BYTES = {size}")


def _normal(folder: str) -> str:
    path = os.path.normpath(folder).replace(os.sep, "/") if folder else ""
    return "" if path == "." else path


def _printable(path: str) -> str:
    """The path with what cannot be shown replaced (``?``), so that it differs exactly where something was wrong."""
    if path.isascii() and path.isprintable():
        return path
    text = path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join("?" if unicodedata.category(char) in {"Cc", "Cf", "Zl", "Zp", "Cs"} else char for char in text)
