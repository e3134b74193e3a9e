"""Does anybody build the site now?

Who builds it holds a file in the site's folder for what is to be remembered, until the process ends at the latest. The
processes that it forks leave the file to it: a build that was killed holds nothing, whoever of them goes on.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

__all__ = ["hold", "is_held", "leave_to_parent", "let_go", "not_held", "open_lock"]

_LOCK: Final = "lock"
# seconds: somebody may have looked at the lock just now
_MOMENT: Final = 0.05

_held: set[int] = set()


def open_lock(work: str) -> int:
    """The file that is held, for :func:`hold`; to be closed by :func:`let_go`.

    :raises OSError: if it cannot be opened or made.
    """
    return os.open(os.path.join(work, _LOCK), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)


def hold(lock: int) -> None:
    """Hold the site.

    :raises OSError: if somebody else does (EWOULDBLOCK, EACCES), or it cannot be held.
    """
    try:
        _take(lock)
    except OSError:
        time.sleep(_MOMENT)
        _take(lock)
    _held.add(lock)


def let_go(lock: int) -> None:
    """Close the file, and hold the site no more."""
    _held.discard(lock)
    os.close(lock)


def leave_to_parent() -> None:
    """In a process that was forked: what its parent holds is the parent's alone."""
    while _held:
        os.close(_held.pop())


def is_held(work: str) -> bool:
    """Whether somebody builds the site whose folder ``work`` is; also where nobody knows."""
    with not_held(work) as is_free:
        return not is_free


@contextmanager
def not_held(work: str) -> Iterator[bool]:
    """Whether nobody builds the site whose folder ``work`` is; then nobody does for the time of the block, which is to
    be a moment.
    """
    try:
        # some network file systems lock for writing only what can be written
        lock = os.open(os.path.join(work, _LOCK), os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        yield False
        return
    try:
        try:
            _take(lock)
        except OSError:
            yield False
        else:
            yield True
    finally:
        os.close(lock)


def _take(lock: int) -> None:
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
