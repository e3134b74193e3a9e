"""How is something found out while this process does something else?"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final, NoReturn

from alsoread.press.lock import leave_to_parent

__all__ = ["found_beside"]

# before an answer stands how long it is, in so many bytes
_LENGTH: Final = 8


@contextmanager
def found_beside(find: Callable[[], bytes], *, is_worth_it: bool = True) -> Iterator[Callable[[], bytes]]:
    """What ``find`` gives, for who asks in the block: it is found by a forked process meanwhile, or in this one where
    there is no second processor, or whatever befalls the other process.

    Who does not ask does not wait for it. ``find`` does nothing else than to find.
    """
    if not is_worth_it or not _has_room():
        yield find
        return
    reader, writer = os.pipe()
    try:
        process = os.fork()
    except OSError:
        # there is no memory, or there are too many processes
        os.close(reader)
        os.close(writer)
        yield find
        return
    if process == 0:
        _find(find, writer)
    os.close(writer)

    def answer() -> bytes:
        with open(reader, "rb", closefd=False) as pipe:
            found = pipe.read()
        told = found[_LENGTH:]
        return told if found[:_LENGTH] == _length_of(told) else find()

    try:
        yield answer
    finally:
        os.close(reader)
        # where nobody wants to hear of children (SIGCHLD is ignored) the system has taken it away itself when it ended
        with suppress(ChildProcessError, ProcessLookupError):
            if os.waitpid(process, os.WNOHANG) == (0, 0):
                os.kill(process, signal.SIGKILL)
                os.waitpid(process, 0)


def _find(find: Callable[[], bytes], writer: int) -> NoReturn:
    """What the other process does; it ends here, and takes nothing of its parent's apart."""
    try:
        leave_to_parent()
        with open(writer, "wb") as pipe:
            found = find()
            pipe.write(_length_of(found))
            pipe.write(found)
    finally:
        os._exit(0)


def _length_of(answer: bytes) -> bytes:
    return len(answer).to_bytes(_LENGTH, "big")


def _has_room() -> bool:
    """Whether another process can be forked, and has a processor of its own. To fork where there are threads is not
    safe: https://docs.python.org/3/library/os.html#os.fork.
    """
    if not hasattr(os, "fork") or not hasattr(os, "sched_getaffinity"):
        return False
    threading = sys.modules.get("threading")
    return len(os.sched_getaffinity(0)) > 1 and (threading is None or threading.active_count() == 1)
