"""With what may a site begin that was never built?

With what builds of another site remember that is made of the same, as a preview is: what it takes from there it checks
as it checks what an earlier build of its own has left. But all of it has to be of one moment. Marks of one build with
pages of the next would make pages fresh that are not.
"""

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress

from alsoread.press.notes import BUILT
from alsoread.press.stamps import Stamp, stamp_of
from alsoread.press.store import STORE

__all__ = ["seed"]


def seed(work: str, other: str, names: Iterable[str]) -> bool:
    """Copy into the folder ``work``, if it has no store, what builds remember in the folder ``other``: the store, and
    files and folders of some ``names``. Gives whether that was done.

    It is not, and nothing is left, where another build is at work, or there is no room.
    """
    store, fresh = os.path.join(work, STORE), os.path.join(work, f"{STORE}.new")
    before = _ended(other)
    if before is None or os.path.lexists(store):
        return False
    copied = [*names]
    try:
        os.makedirs(work, exist_ok=True)
        for name in copied:
            _discard(os.path.join(work, name))
            _copy(os.path.join(other, name), os.path.join(work, name))
        _copy_store(os.path.join(other, STORE), fresh)
        if _ended(other) == before:
            os.replace(fresh, store)
            return True
    except OSError:
        # also where something goes away meanwhile
        pass
    for name in (f"{STORE}.new", *copied):
        _discard(os.path.join(work, name))
    return False


def _ended(work: str) -> Stamp | None:
    """The stamp of the note of the last build, which each build takes away when it begins; None where there is none."""
    return stamp_of(os.path.join(work, BUILT.note))


def _copy_store(source: str, target: str) -> None:
    shutil.copyfile(source, target)


def _copy(source: str, target: str) -> None:
    """Links instead would give the files of the other site other stamps."""
    if os.path.isdir(source):
        shutil.copytree(source, target, symlinks=True, copy_function=shutil.copyfile)
    elif os.path.lexists(source):
        shutil.copyfile(source, target, follow_symlinks=False)


def _discard(path: str) -> None:
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            os.remove(path)
