"""Does anybody build the site now?

Who builds it holds a file in the site's folder for what is to be remembered, until the process ends at the latest.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

__all__ = ["hold", "is_held", "not_held", "open_lock"]

_LOCK: Final = "lock"
# seconds: somebody may have looked at the lock just now
_MOMENT: Final = 0.05


def open_lock(work: str) -> int:
    """The file that is held, for :func:`hold`; whoever closes it lets go.

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
