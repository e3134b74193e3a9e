"""Where are the bytes of pages that need not be rendered again?

In files named by what they hold, which are hard links of the files of the site: they cost an entry in a folder and no
space. A file that was changed in place is noticed and given up.
"""

import os
import shutil
import stat
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Final

from alsoread.press.digests import digest
from alsoread.press.discard import discard
from alsoread.press.stamps import Stamp, Stamped, stamp_in, written

__all__ = ["KEPT_PAGES", "Identity", "Keep", "put_in_place"]

KEPT_PAGES: Final = "pages"
"""The name of the folder of a site's kept bytes, in the folder for what is to be remembered."""

Identity = tuple[int, int]
"""The device and the number of a file: two files that are there at once are one if these are the same."""

_Facts = tuple[Stamp, Identity]


def _facts(path: str) -> _Facts | None:
    """What is to be known of a regular file; of anything else, nothing."""
    try:
        found = os.lstat(path)
    except OSError:
        return None
    return (stamp_in(found), (found.st_dev, found.st_ino)) if stat.S_ISREG(found.st_mode) else None


class Keep:
    """The kept bytes below ``folder``; ``stamps`` are those taken at the end of the last build, by name."""

    def __init__(self, folder: str, stamps: Mapping[str, Stamp]) -> None:
        self._folder = folder
        self._stamps = stamps
        self._intact: dict[str, bool] = {}
        self._found: dict[str, _Facts] = {}
        self._changed: set[str] = set()

    def saw(self, site: Iterable[Stamped], device: int) -> None:
        """Let it be known what was seen of the files of the site, which are links to those that are kept, before this
        build began; the folder of the site is on a ``device``. To find their numbers in folders takes a tenth of the
        time of looking at each.
        """
        seen: dict[int, Stamp] = {stamp[3]: stamp for _, stamp in site if type(stamp) is tuple}
        for folder in _names(self._folder) if seen else ():
            path = os.path.join(self._folder, folder)
            with suppress(OSError), os.scandir(path) as entries:
                for entry in entries if os.stat(path).st_dev == device else ():
                    name, stamp = folder + entry.name, seen.get(entry.inode())
                    if stamp is not None and stamp == self._stamps.get(name):
                        self._found[name] = stamp, (device, stamp[3])

    @staticmethod
    def name_of(page: str, data: bytes) -> str:
        """The name that a page's bytes are kept under; no two pages share a file."""
        return digest(page, data)

    def path(self, name: str) -> str:
        """Where the bytes are, if they are."""
        return f"{self._folder}/{name[:2]}/{name[2:]}"

    def has(self, name: str, page: str) -> bool:
        """Whether the bytes of a page are here as they were kept. What is not intact is removed."""
        known = self._intact.get(name)
        if known is None:
            known = self._intact[name] = self._is_intact(name, page)
        return known

    def _is_intact(self, name: str, page: str) -> bool:
        found = self._look(name)
        if found is None:
            return False
        if found[0] == self._stamps.get(name):
            return True
        try:
            if self.name_of(page, self.read(name)) == name:
                return True
        except OSError:
            pass
        self.changed(name)
        with suppress(OSError):
            os.remove(self.path(name))
        return False

    def _look(self, name: str) -> _Facts | None:
        """What was seen of a file when it was first looked at; of one that this build has changed, what is seen now."""
        if name in self._changed:
            return _facts(self.path(name))
        known = self._found.get(name)
        if known is None:
            known = _facts(self.path(name))
            if known is not None:
                self._found[name] = known
        return known

    def identity(self, name: str) -> Identity | None:
        """Which file holds the bytes; None if there is none."""
        found = self._look(name)
        return None if found is None else found[1]

    def changed(self, name: str) -> None:
        """Let it be known that a file was put there anew, or was given a name more or less, which changes its stamp."""
        self._changed.add(name)

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
        self.came(name)

    def put_file(self, name: str, source: str) -> None:
        """Keep the bytes of a file of the stage, as a link to it."""
        try:
            os.link(source, self.path(name))
        except OSError:
            # there is no folder yet, or something in the way
            put_in_place(source, self._room_for(name))
        self.came(name)

    def came(self, name: str) -> None:
        """Let it be known that bytes have just been put there; it may have been another process that did it."""
        self._intact[name] = True
        found = _facts(self.path(name))
        if found is not None:
            self._found[name] = found
        self.changed(name)

    def give(self, name: str, target: str, *, anew: bool) -> None:
        """Put the file in a place of the site, as a link; ``anew`` says that there is nothing yet.

        :raises OSError: if that cannot be done.
        """
        put_in_place(self.path(name), target, anew=anew)
        self.changed(name)

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
        """Remove what is not wanted any more, and give the stamps of the rest.

        A file that was looked at in this build, and not changed by it since, has the stamp that it had then. So it is
        not looked at twice, and what somebody else did to it meanwhile will be noticed. So it is where this build gave
        it another name, but somebody else has written to it.
        """
        for folder in _names(self._folder):
            for ending in _names(os.path.join(self._folder, folder)):
                if folder + ending not in wanted:
                    discard(os.path.join(self._folder, folder, ending))
        found = ((name, self._settled(name)) for name in sorted(wanted))
        return {name: stamp for name, stamp in found if stamp is not None}

    def _settled(self, name: str) -> Stamp | None:
        """The stamp by which a file is to be known."""
        before, now = self._found.get(name), self._look(name)
        if now is None or before is None or written(before[0]) == written(now[0]):
            return None if now is None else now[0]
        return before[0]


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


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
        with suppress(OSError):
            shutil.copystat(source, aside)
    os.replace(aside, target)
    with suppress(FileNotFoundError):
        # two names of one file: replacing does nothing
        os.remove(aside)
