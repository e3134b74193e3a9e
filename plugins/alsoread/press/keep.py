"""Where are the bytes of pages that need not be rendered again?

In files named by what they hold, which are hard links of the files of the site: they cost an entry in a folder and no
space. A file that was changed in place is noticed and given up.
"""

import os
import shutil
from collections.abc import Mapping
from contextlib import suppress

from alsoread.press.digests import digest

__all__ = ["Keep", "Stamp", "put_in_place", "stamp_of"]

Stamp = tuple[int, int, int, int]
"""Size, time of change of the bytes and of the entry (ns), and number of a file: if one differs, look inside."""


def stamp_of(path: str) -> Stamp | None:
    """The stamp of a file; None if there is no such file."""
    try:
        found = os.stat(path, follow_symlinks=False)
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


class Keep:
    """The kept bytes below ``folder``; ``stamps`` are those taken at the end of the last build, by name."""

    def __init__(self, folder: str, stamps: Mapping[str, Stamp]) -> None:
        self._folder = folder
        self._stamps = stamps
        self._intact: dict[str, bool] = {}

    @staticmethod
    def name_of(page: str, data: bytes) -> str:
        """The name that a page's bytes are kept under; no two pages share a file."""
        return digest(page, data)

    def path(self, name: str) -> str:
        """Where the bytes are, if they are."""
        return os.path.join(self._folder, name[:2], name[2:])

    def has(self, name: str, page: str) -> bool:
        """Whether the bytes of a page are here as they were kept. What is not intact is removed."""
        known = self._intact.get(name)
        if known is None:
            known = self._intact[name] = self._is_intact(name, page)
        return known

    def _is_intact(self, name: str, page: str) -> bool:
        path = self.path(name)
        stamp = stamp_of(path)
        if stamp is None:
            return False
        if stamp == self._stamps.get(name):
            return True
        try:
            if self.name_of(page, self.read(name)) == name:
                return True
        except OSError:
            pass
        with suppress(OSError):
            os.remove(path)
        return False

    def read(self, name: str) -> bytes:
        """The bytes.

        :raises OSError: if they cannot be read.
        """
        with open(self.path(name), "rb") as file:
            return file.read()

    def put(self, name: str, data: bytes) -> None:
        """Keep bytes in a file of their own."""
        path = self._room_for(name)
        with open(f"{path}.new", "wb") as file:
            file.write(data)
        os.replace(f"{path}.new", path)
        self._intact[name] = True

    def put_file(self, name: str, source: str) -> None:
        """Keep the bytes of a file of the stage, as a link to it."""
        put_in_place(source, self._room_for(name))
        self._intact[name] = True

    def _room_for(self, name: str) -> str:
        """A path where a file can be put, whatever somebody left there."""
        path = self.path(name)
        folder = os.path.dirname(path)
        for above in (os.path.dirname(self._folder), self._folder, folder):
            if os.path.lexists(above) and not os.path.isdir(above):
                os.remove(above)
        os.makedirs(folder, exist_ok=True)
        for file in (path, f"{path}.new", f"{path}.alsoread-new"):
            if os.path.isdir(file) and not os.path.islink(file):
                shutil.rmtree(file)
        return path

    def sweep(self, wanted: set[str]) -> dict[str, Stamp]:
        """Remove what is not wanted any more, and give the stamps of the rest."""
        stamps = {}
        with suppress(OSError):
            for folder in sorted(os.listdir(self._folder)):
                for ending in sorted(os.listdir(os.path.join(self._folder, folder))):
                    path = os.path.join(self._folder, folder, ending)
                    stamp = stamp_of(path)
                    if folder + ending in wanted and stamp is not None:
                        stamps[folder + ending] = stamp
                    elif os.path.isdir(path):
                        shutil.rmtree(path, ignore_errors=True)
                    else:
                        with suppress(OSError):
                            os.remove(path)
        return stamps


def put_in_place(source: str, target: str, *, anew: bool = False) -> None:
    """Make ``target`` the same file as ``source``, in one step; a copy of it where files cannot be linked.

    ``anew`` says that there should be no such file yet.
    """
    if anew:
        with suppress(OSError):
            os.link(source, target)
            return
    aside = f"{target}.alsoread-new"
    with suppress(FileNotFoundError):
        os.remove(aside)
    try:
        os.link(source, aside)
    except OSError:
        shutil.copyfile(source, aside)
    os.replace(aside, target)
    with suppress(FileNotFoundError):
        # two names of one file: replacing does nothing
        os.remove(aside)
