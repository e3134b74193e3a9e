"""What is to change in the files of the content folder, and how does all of it happen, or nothing?

Every new text is written beside its file before the first of them takes its place, in one step each, so that no file is
ever half written. No symbolic link is followed on the way to one (POSIX.1-2017, ``openat`` with ``O_NOFOLLOW``).
"""

import difflib
import os
import posixpath
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Final

from alsoread.diagnostics import Refusal
from alsoread.press.files import FileRefused, read_regular

__all__ = ["Changes", "as_diff", "changes_between", "write_changes"]

Changes = Mapping[str, tuple[str | None, str | None]]
"""By the path of a file below the content folder: its text before and after, None where there is no such file."""

_LARGEST: Final = 64 * 1024 * 1024
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def changes_between(before: Mapping[str, str], after: Mapping[str, str | None]) -> Changes:
    """What is to be done so that the files say what ``after`` says: those that stay as they are left out."""
    pairs = {path: (before.get(path), text) for path, text in after.items()}
    return {path: pair for path, pair in pairs.items() if pair[0] != pair[1]}


# -- shown


def as_diff(changes: Changes, folder: str) -> str:
    """A patch for ``git apply`` and ``patch -p1``; ``folder`` stands before every path."""
    return "".join(_diff(posixpath.join(folder, path), *changes[path]) for path in sorted(changes))


def _diff(path: str, before: str | None, after: str | None) -> str:
    old, new = _quoted(f"a/{path}"), _quoted(f"b/{path}")
    said = "new file mode 100644\n" if before is None else "deleted file mode 100644\n" if after is None else ""
    names = ("/dev/null" if before is None else _ended(old), "/dev/null" if after is None else _ended(new))
    # not splitlines: a patch knows no line end but this one
    lines = difflib.unified_diff(_lines(before or ""), _lines(after or ""), *names, lineterm="\n")
    return f"diff --git {old} {new}\n{said}" + "".join(map(_marked, lines))


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _marked(line: str) -> str:
    return line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _quoted(name: str) -> str:
    """A name as git writes it, where it holds a quote or a backslash."""
    if not re.search(r'["\\]', name):
        return name
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _ended(name: str) -> str:
    """A name with spaces, which a tab ends, as in git."""
    return f"{name}\t" if " " in name else name


# -- done


def write_changes(root: str, changes: Changes) -> None:
    """Change the files below the folder ``root``, in the order of ``changes``, those that go last.

    :raises Refusal: if a file is not what it was any more or cannot be written. No file is changed then.
    """
    staged: list[str] = []
    try:
        for path, (before, after) in changes.items():
            _check(root, path, before)
            if after is not None:
                staged.append(path)
                _stage(root, path, after, is_new=before is None)
        for path in staged:
            with _folder_of(root, path) as (folder, name):
                os.replace(_aside(name), name, src_dir_fd=folder, dst_dir_fd=folder)
        for path in (path for path, (_, after) in changes.items() if after is None):
            with _folder_of(root, path) as (folder, name):
                os.unlink(name, dir_fd=folder)
    except OSError as error:
        raise Refusal(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        _clear(root, staged)


def _check(root: str, path: str, before: str | None) -> None:
    """See that a file is still what the change was made from."""
    if before is None:
        if os.path.lexists(os.path.join(root, path)):
            raise Refusal(f"{path} is there already")
        return
    try:
        data = read_regular(root, path, _LARGEST)
    except FileRefused as refused:
        raise Refusal(f"{path}: {refused.finding.message}") from refused
    if data != before.encode():
        raise Refusal(f"{path} was changed in the meantime; nothing is written. Try again")


def _stage(root: str, path: str, text: str, *, is_new: bool) -> None:
    """Put a text beside its file, with the rights of that."""
    with _folder_of(root, path, make=is_new) as (folder, name):
        with suppress(FileNotFoundError):
            os.unlink(_aside(name), dir_fd=folder)
        with os.fdopen(os.open(_aside(name), _NEW, 0o666, dir_fd=folder), "wb") as file:
            if not is_new:
                mode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
                os.fchmod(file.fileno(), stat.S_IMODE(mode))
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())


def _clear(root: str, staged: Iterable[str]) -> None:
    """Take away what was put beside files and did not take their place."""
    for path in staged:
        with suppress(OSError), _folder_of(root, path) as (folder, name):
            os.unlink(_aside(name), dir_fd=folder)


def _aside(name: str) -> str:
    return f".{name}.alsoread-new"


@contextmanager
def _folder_of(root: str, path: str, *, make: bool = False) -> Iterator[tuple[int, str]]:
    """The open folder that a path leads to, and the name of its file there."""
    *folders, name = path.split("/")
    here = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for folder in folders:
            if make:
                with suppress(FileExistsError):
                    os.mkdir(folder, dir_fd=here)
            below = os.open(folder, _FOLDER, dir_fd=here)
            os.close(here)
            here = below
        yield here, name
    finally:
        os.close(here)
