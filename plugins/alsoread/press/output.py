"""How does a finished site take the place of the one before it?

Whole. A build writes into a stage beside the output folder; when it is complete the two folders change names in one
step (Linux ``renameat2`` with ``RENAME_EXCHANGE``; elsewhere in two), and what the publisher keeps in the folder moves
over. A folder with files that are not ours is never emptied: new files go into it one by one, nothing is removed.
A lock keeps a second build of the same folder away.
"""

import ctypes
import errno
import fcntl
import filecmp
import os
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Final

from alsoread.diagnostics import Refusal
from alsoread.press.files import is_inside
from alsoread.press.keep import put_in_place
from alsoread.press.surroundings import work_folder

__all__ = ["KEPT", "MARKER", "OutputRefused", "Stage", "staged"]

MARKER: Final = ".alsoread-output"
KEPT: Final = frozenset({".git", ".gitignore", ".gitkeep", ".nojekyll", "CNAME"})

_MARKER_TEXT: Final = "This folder is made by Alsoread, and replaced whole by each build.\n"
_RENAME_EXCHANGE: Final = 2
_AT_FDCWD: Final = -100


class OutputRefused(Refusal):
    """The output folder cannot be written to now; the message says why and what to do."""


class Stage:
    """A new site on its way: ``path`` is where to write, :meth:`commit` what makes it the site.

    ``ours`` are the files, by size and time, that an earlier build put into a folder with files of others; what is not
    made any more and still as we left it goes.
    """

    def __init__(self, output: str, work: str, kept: frozenset[str]) -> None:
        self.work = work
        self.path = os.path.join(work, "stage")
        self.merged = False
        self.removed = 0
        self.ours: dict[str, tuple[int, int]] = {}
        self.output = output
        self._kept = kept

    def share_unchanged(self, shared: Callable[[str], None] = lambda path: None) -> None:
        """Let files that are as they were be the old files, which keep their time and number; ``shared`` is told of
        each that was not the old one yet.
        """
        if not os.path.isdir(self.output):
            return
        for folder, _, names in os.walk(self.path):
            old_folder = os.path.join(self.output, os.path.relpath(folder, self.path))
            for name in names:
                if _share(os.path.join(folder, name), os.path.join(old_folder, name)):
                    shared(os.path.join(folder, name))

    def clear(self) -> None:
        """Remove what the exchange left in the stage: the site before this one."""
        shutil.rmtree(self.path, ignore_errors=True)

    def commit(self) -> None:
        """Put the stage in place of the output folder; ``merged`` then tells whether foreign files stayed there."""
        with open(os.path.join(self.path, MARKER), "w", encoding="utf-8") as marker:
            marker.write(_MARKER_TEXT)
        if not os.path.lexists(self.output):
            os.rename(self.path, self.output)
        elif _is_ours(self.output, self._kept) and not os.path.ismount(self.output):
            self.removed = len(_files(self.output, self._kept) - _files(self.path, self._kept))
            _exchange(self.path, self.output)
            _bring_back(self.path, self.output, self._kept)
        else:
            os.remove(os.path.join(self.path, MARKER))
            made = _files(self.path, frozenset())
            _merge(self.path, self.output)
            self.removed = _remove_ours(self.output, {name: self.ours[name] for name in self.ours.keys() - made})
            self.ours = {name: stamp for name in sorted(made) if (stamp := _brief(os.path.join(self.output, name)))}
            self.merged = True


@contextmanager
def staged(output: str, *, kept: Iterable[str] = ()) -> Iterator[Stage]:
    """A stage for the folder ``output``. Left without a commit, it is thrown away and the old site stays.

    ``kept`` are names at the top of the output folder that outlive every build, besides :data:`KEPT`.

    :raises OutputRefused: if another build holds the folder, or it (or its parent) is no folder that can be written.
    """
    output = os.path.realpath(output)
    names = KEPT | frozenset(kept)
    if os.path.exists(output) and not os.path.isdir(output):
        raise OutputRefused(f"{output} is not a folder; choose another output folder with -o")
    parent, name = os.path.split(output)
    if not name:
        raise OutputRefused("the root of the file system is no output folder; choose another with -o")
    work = work_folder(output)
    try:
        os.makedirs(work, exist_ok=True)
        lock = os.open(os.path.join(work, "lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise OutputRefused(
            f"{parent} cannot be written to: {error.strerror}; choose another output folder with -o"
        ) from error
    try:
        _hold(lock, output)
        stage = Stage(output, work, names)
        _recover(stage.path, output, names)
        os.mkdir(stage.path)
        yield stage
        shutil.rmtree(stage.path, ignore_errors=True)
    except BaseException:
        shutil.rmtree(os.path.join(work, "stage"), ignore_errors=True)
        raise
    finally:
        os.close(lock)


def _files(site: str, kept: frozenset[str]) -> set[str]:
    """The files of a site by their paths in it, without those that the publisher keeps there, and the mark."""
    found = set()
    for folder, folders, names in os.walk(site):
        if folder == site:
            folders[:] = [name for name in folders if name not in kept]
            names = [name for name in names if name not in kept and name != MARKER]  # noqa: PLW2901
        below = folder[len(site) :].lstrip(os.sep)
        found |= {os.path.join(below, name) for name in names}
    return found


def _brief(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path, follow_symlinks=False)
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def _remove_ours(output: str, gone: Mapping[str, tuple[int, int]]) -> int:
    removed = 0
    for name, stamp in gone.items():
        path = os.path.join(output, name)
        if is_inside(output, name) and _brief(path) == tuple(stamp):
            os.remove(path)
            removed += 1
            with suppress(OSError):
                os.removedirs(os.path.dirname(path))
    return removed


def _share(new: str, old: str) -> bool:
    """Put the old file in the place of the new one, if that is another one which holds the same."""
    try:
        fresh, known = os.stat(new, follow_symlinks=False), os.stat(old, follow_symlinks=False)
    except OSError:
        return False
    if not (stat.S_ISREG(fresh.st_mode) and stat.S_ISREG(known.st_mode)) or os.path.samestat(fresh, known):
        return False
    is_same = fresh.st_size == known.st_size and fresh.st_mode == known.st_mode
    if is_same and filecmp.cmp(new, old, shallow=False):
        put_in_place(old, new)
        return True
    return False


def _hold(lock: int, output: str) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
            raise OutputRefused(f"another build is writing {output}; wait for it to end") from error
        raise OutputRefused(f"{output} cannot be locked: {error.strerror}") from error


def _recover(stage: str, output: str, kept: frozenset[str]) -> None:
    """What a build that was killed left behind: the publisher's own files go back, the rest goes away."""
    aside = f"{stage}.old"
    if os.path.isdir(aside) and not os.path.lexists(output):
        os.rename(aside, output)
    if os.path.isdir(stage):
        if not os.path.lexists(output) and os.path.exists(os.path.join(stage, MARKER)):
            os.rename(stage, output)
        else:
            os.makedirs(output, exist_ok=True)
            _bring_back(stage, output, kept)
    shutil.rmtree(stage, ignore_errors=True)
    shutil.rmtree(aside, ignore_errors=True)


def _is_ours(output: str, kept: frozenset[str]) -> bool:
    names = set(os.listdir(output))
    return MARKER in names or names <= kept


def _bring_back(old: str, new: str, kept: frozenset[str]) -> None:
    for name in sorted(kept & set(os.listdir(old))):
        if not os.path.lexists(os.path.join(new, name)):
            os.rename(os.path.join(old, name), os.path.join(new, name))


def _merge(stage: str, output: str) -> None:
    """Move every file of the stage into the folder, each in one step, and leave all other files there alone."""
    for folder, _, names in os.walk(stage):
        target = os.path.join(output, os.path.relpath(folder, stage))
        os.makedirs(target, exist_ok=True)
        for name in sorted(names):
            source, destination = os.path.join(folder, name), os.path.join(target, name)
            if os.path.isdir(destination) and not os.path.islink(destination):
                raise OutputRefused(f"{destination} is a folder where the site has a file; move it away")
            try:
                os.replace(source, destination)
            except OSError as error:
                if error.errno != errno.EXDEV:
                    raise
                shutil.copyfile(source, f"{destination}.new")
                os.replace(f"{destination}.new", destination)


def _exchange(first: str, second: str) -> None:
    """Let two folders change names, in one step where the system can."""
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        _exchange_in_two_steps(first, second)
        return
    done = renameat2(_AT_FDCWD, os.fsencode(first), _AT_FDCWD, os.fsencode(second), _RENAME_EXCHANGE)
    if done != 0:
        _exchange_in_two_steps(first, second)


def _exchange_in_two_steps(first: str, second: str) -> None:
    aside = f"{first}.old"
    shutil.rmtree(aside, ignore_errors=True)
    os.rename(second, aside)
    os.rename(first, second)
    os.rename(aside, first)
