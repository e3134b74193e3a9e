"""Where do the folders of a stage come from, which each build makes and removes?

From the build before, which has laid them aside, empty. A folder changes its name in some microseconds; on some file
systems it takes a thousand times as long to remove one, and a site may have a folder for each page.
"""

import itertools
import os
import shutil
import stat
from contextlib import suppress

from alsoread.press.trees import read_tree

__all__ = ["Folders"]


class Folders:
    """Folders that are laid aside in ``aside``, for a stage in the folder ``stage``."""

    def __init__(self, aside: str, stage: str) -> None:
        self._aside = aside
        self._stage = stage
        self._made: set[str] = set()
        self._spare: list[str] | None = None

    def make(self, path: str) -> None:
        """Make a folder in the stage, and those above it, if they are not there.

        :raises OSError: if that cannot be done, as where a file has that name.
        """
        if path in self._made or os.path.isdir(path):
            return
        self.make(os.path.dirname(path))
        if self._spare is None:
            self._spare = self._laid_aside()
        try:
            os.rename(self._spare.pop(), path)
        except (IndexError, OSError):
            os.mkdir(path)
        self._made.add(path)

    def _laid_aside(self) -> list[str]:
        """Those that are as folders are that have just been made; whatever else lies there goes."""
        found: list[str] = []
        if os.path.islink(self._aside):
            os.remove(self._aside)
        wanted = stat.S_IMODE(os.lstat(self._stage).st_mode)
        with suppress(OSError), os.scandir(self._aside) as entries:
            for entry in entries:
                mode = entry.stat(follow_symlinks=False).st_mode
                if stat.S_ISDIR(mode) and stat.S_IMODE(mode) == wanted and not os.listdir(entry.path):
                    found.append(entry.path)
                elif stat.S_ISDIR(mode):
                    shutil.rmtree(entry.path, ignore_errors=True)
                else:
                    os.remove(entry.path)
        return found

    def clear(self) -> None:
        """Remove what is in the stage, as far as possible, and lay as many folders aside as were made."""
        if not self._made:
            return
        with suppress(OSError):
            tree = read_tree(self._stage)
            for name in tree.files:
                os.remove(os.path.join(self._stage, name))
            os.makedirs(self._aside, exist_ok=True)
            free = (path for path in map(self._path, itertools.count()) if not os.path.lexists(path))
            for folder in sorted(filter(None, tree.folders), reverse=True)[: len(self._made)]:
                os.rename(os.path.join(self._stage, folder), next(free))
        self._made.clear()
        self._spare = None

    def _path(self, number: int) -> str:
        return os.path.join(self._aside, str(number))
