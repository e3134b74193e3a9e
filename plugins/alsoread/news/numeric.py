"""How is NumPy loaded?

Only where many stories are related anew, for it takes longer than a few do; and without the threads that its linear
algebra would start at once: we have no use for them, they double the time, and a process with threads is not to be
forked.
"""

import os
import sys
from typing import Final

__all__ = ["load_numpy"]

_THREADS: Final = "OPENBLAS_NUM_THREADS"


def load_numpy() -> None:
    """Load NumPy, if nobody has."""
    if "numpy" in sys.modules:
        return
    given = os.environ.get(_THREADS)
    os.environ[_THREADS] = "1"
    try:
        import numpy  # noqa: F401, ICN001
    finally:
        if given is None:
            del os.environ[_THREADS]
        else:
            os.environ[_THREADS] = given
