"""How do two folders change names?

In one step by Linux's ``renameat2`` (renameat2(2), RENAME_EXCHANGE); elsewhere in several.
"""

import ctypes
import os
import shutil
from typing import Final

__all__ = ["exchange", "exchange_in_two_steps"]

_RENAME_EXCHANGE: Final = 2
_AT_FDCWD: Final = -100


def exchange(first: str, second: str) -> None:
    """Let two folders change names, in one step where the system can."""
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        exchange_in_two_steps(first, second)
        return
    done = renameat2(_AT_FDCWD, os.fsencode(first), _AT_FDCWD, os.fsencode(second), _RENAME_EXCHANGE)
    if done != 0:
        exchange_in_two_steps(first, second)


def exchange_in_two_steps(first: str, second: str) -> None:
    """The same where the system cannot: whoever is stopped between leaves the second with ``.old`` behind the first."""
    aside = f"{first}.old"
    shutil.rmtree(aside, ignore_errors=True)
    os.rename(second, aside)
    os.rename(first, second)
    os.rename(aside, first)
