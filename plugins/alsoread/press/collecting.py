"""When is not looked for what nobody can reach any more?

Python looks through what was made lately, again and again while much is made. What a build reads stays until its end.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["uncollected"]


@contextmanager
def uncollected() -> Iterator[None]:
    """For the time of the block nothing is looked through: what is made in it stays. Processes that are forked in it
    do look (``pool``).
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
