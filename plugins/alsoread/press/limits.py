"""How is a piece of work kept from taking for ever?

With the processor-time alarm of the operating system (POSIX ``setitimer``, ``ITIMER_VIRTUAL``), which counts this
process's own seconds, so that a busy machine does not fail a sound story. Alarms reach the main thread only; off it, or
where there are none, the work runs without a limit.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["TimeLimitExceeded", "cpu_limit"]


class TimeLimitExceeded(BaseException):
    """The work took longer than it may. No ``Exception``, so that no library's catch-all can swallow it."""


@contextmanager
def cpu_limit(seconds: float) -> Iterator[None]:
    """Run the block for at most ``seconds`` of this process's processor time.

    :raises TimeLimitExceeded: in the block, when they are used up.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    ended = False

    def alarm(_number: int, _frame: FrameType | None) -> None:
        if not ended:
            raise TimeLimitExceeded

    before = signal.signal(signal.SIGVTALRM, alarm)
    # it rings again: an alarm that lands in a destructor is swallowed by the interpreter
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, 0.05)
    try:
        try:
            yield
        finally:
            ended = True
    finally:
        # an alarm may have landed in the line above, and the next is a while away
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
