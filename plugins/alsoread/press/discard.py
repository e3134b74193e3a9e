"""How is whatever there is removed?"""

import os
import shutil
from contextlib import suppress

__all__ = ["discard"]


def discard(path: str) -> None:
    """Remove a file, a link or a folder with all that is in it, as far as possible. No link is followed."""
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            os.remove(path)
