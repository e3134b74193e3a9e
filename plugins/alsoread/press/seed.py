"""With what may a site begin that was never built?

With what builds of another site remember that is made of the same, as a preview is: what it takes from there it checks
as it checks what an earlier build of its own has left. But all of it has to be of one moment. Marks of one build with
pages of the next would make pages fresh that are not.
"""

import os
import shutil
from collections.abc import Iterable, Iterator
from typing import Final

from alsoread.press.discard import discard
from alsoread.press.lock import is_held
from alsoread.press.notes import BUILT
from alsoread.press.stamps import Stamp, stamp_of
from alsoread.press.store import STORE

__all__ = ["seed"]

# times as much as is copied: what changes is made anew beside it
_ROOM: Final = 2
# bytes of a block, by which files are measured (POSIX, `st_blocks`)
_BLOCK: Final = 512


def seed(work: str, other: str, names: Iterable[str]) -> bool:
    """Copy into the folder ``work``, if it has no store, what builds remember in the folder ``other``: the store, and
    files and folders of some ``names``. Gives whether that was done.

    It is not, and nothing is left, where another build is at work, or there is little room.
    """
    store, fresh = os.path.join(work, STORE), os.path.join(work, f"{STORE}.new")
    if os.path.lexists(store):
        return False
    before = _ended(other)
    if before is None:
        return False
    copied = [*names]
    try:
        os.makedirs(work, exist_ok=True)
        for name in copied:
            discard(os.path.join(work, name))
        if _has_room(work, [os.path.join(other, name) for name in (STORE, *copied)]):
            for name in copied:
                _copy(os.path.join(other, name), os.path.join(work, name))
            _copy_store(os.path.join(other, STORE), fresh)
            if _ended(other) == before:
                os.replace(fresh, store)
                return True
    except OSError:
        # also where something goes away meanwhile
        pass
    for name in (f"{STORE}.new", *copied):
        discard(os.path.join(work, name))
    return False


def _ended(work: str) -> Stamp | None:
    """The stamp of the note of the last build; None where there is none, as each build takes it away when it begins, or
    where one is at work: the one before it may still write its own.
    """
    return None if is_held(work) else stamp_of(os.path.join(work, BUILT.note))


def _has_room(work: str, paths: Iterable[str]) -> bool:
    size = sum(os.lstat(file).st_blocks * _BLOCK for path in paths for _, file in _files_in(path))
    return shutil.disk_usage(work).free >= _ROOM * size


def _copy_store(source: str, target: str) -> None:
    shutil.copyfile(source, target)


def _copy(source: str, target: str) -> None:
    """The bytes alone: links would give the files of the other site other stamps, and permissions are not ours."""
    for below, file in _files_in(source):
        copy = os.path.join(target, below) if below else target
        os.makedirs(os.path.dirname(copy), exist_ok=True)
        shutil.copyfile(file, copy, follow_symlinks=False)


def _files_in(path: str) -> Iterator[tuple[str, str]]:
    """The files in a folder, by where they are below it; or a file alone. Links are not followed.

    :raises OSError: if a folder cannot be looked at.
    """

    def fail(error: OSError) -> None:
        raise error

    if os.path.isdir(path) and not os.path.islink(path):
        for folder, _, names in os.walk(path, onerror=fail):
            yield from ((os.path.relpath(os.path.join(folder, name), path), f"{folder}/{name}") for name in names)
    elif os.path.lexists(path):
        yield "", path
