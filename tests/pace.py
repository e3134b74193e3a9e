"""How many processor seconds may work take on the machine that runs the tests?

Limits are told in seconds of a quick machine. Others take several times as long, and more when they have other work.
"""

import re
import time
from collections.abc import Callable

QUICK = 0.02
"""What `_known_work` takes on the machine of the limits, in processor seconds."""

TRIES = 3


def within(seconds: float, work: Callable[[], object]) -> None:
    """Do `work`; it must take no more than `seconds` of a quick machine once in three times.

    Raises: AssertionError.
    """
    for _ in range(TRIES):
        allowed = seconds_here(seconds)
        took = processor_seconds(work)
        if took < allowed:
            return
    raise AssertionError(
        f"took {took:.2f} s of the processor; {allowed:.2f} s are allowed here, {seconds} on a quick machine"
    )


def seconds_here(seconds: float) -> float:
    """So many seconds of a quick machine, in seconds of this one as it is at the moment; never fewer."""
    return seconds * max(1.0, processor_seconds(_known_work) / QUICK)


def processor_seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _known_work() -> int:
    words = [(number, str(number)) for number in range(60_000)]
    return sum(match.end() for match in re.finditer(r"\d+", " ".join(word for _, word in words)))
