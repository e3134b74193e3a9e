"""How is a piece of work kept from taking for ever?

With the processor-time alarm of the operating system (POSIX ``setitimer``, ``ITIMER_VIRTUAL``), which counts this
process's own seconds, so that a busy machine does not fail a sound story. Alarms reach the main thread only; off it, or
where there are none, the work runs without a limit.
"""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any, Final, TypeVar

__all__ = ["TimeLimitExceeded", "called_back", "cpu_limit"]

Function = TypeVar("Function", bound=Callable[..., Any])
_CALLED_BACK: Final[set[CodeType]] = set()


class TimeLimitExceeded(BaseException):
    """The work took longer than it may. No ``Exception``, so that no library's catch-all can swallow it."""


def called_back(function: Function) -> Function:
    """A function that native code calls and whose exceptions it swallows: an alarm waits until that code returns."""
    _CALLED_BACK.add(function.__code__)
    return function


@contextmanager
def cpu_limit(seconds: float) -> Iterator[None]:
    """Run the block for at most ``seconds`` of this process's processor time.

    :raises TimeLimitExceeded: in the block, when they are used up.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    ended = rang = False

    def alarm(_number: int, frame: FrameType | None) -> None:
        nonlocal rang
        rang = True
        if not ended and not _is_called_back(frame):
            raise TimeLimitExceeded

    before = signal.signal(signal.SIGVTALRM, alarm)
    # it rings again: an alarm that lands in a destructor is swallowed by the interpreter
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, 0.05)
    try:
        try:
            yield
        finally:
            ended = True
        if rang:
            raise TimeLimitExceeded
    finally:
        # an alarm may have landed in the line above, and the next is a while away
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _is_called_back(frame: FrameType | None) -> bool:
    """Whether the code that was interrupted was called by native code."""
    while frame is not None:
        if frame.f_code in _CALLED_BACK:
            return True
        frame = frame.f_back
    return False
