"""Is everything as it was at the end of the last build, so that there is nothing to do?

Answered from the stamps of files, without Pelican, Jinja or Markdown: a build leaves a note of what it had before it
and what it left behind. The note is no promise: it is believed only where all of it still holds.
"""

import json
import os
import sys
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from typing import Any, Final

from alsoread.press.digests import digest
from alsoread.press.surroundings import environment, installed_packages

__all__ = ["Around", "NotTold", "note_of", "read_note", "write_note"]

_NAME: Final = "nothing-to-do.json"
_FORMAT: Final = 1
# as in alsoread.memory: files younger than this when a build begins can change once more and keep their stamp
_RACY: Final = 2_000_000_000
_APART: Final = frozenset({".git", ".hg", ".svn", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache"})


class NotTold(Exception):
    """What a build depends on cannot be told from files alone."""


@dataclass(frozen=True, slots=True)
class Around:
    """What a build has around it.

    ``asked`` is what was asked for, ``settings`` a digest of what the site's settings file gives, ``inputs`` are files
    and folders that are read, ``output`` is the folder of the site and ``work`` the press's own.
    """

    asked: Sequence[str]
    settings: str
    inputs: Sequence[str]
    output: str
    work: str

    def digest(self, racy: Mapping[str, str]) -> str:
        """All of it in one line; a file that is ``racy`` counts with its bytes, and any other with its stamp.

        :raises NotTold: where a symbolic link leads to a folder, which may change without showing it.
        :raises OSError: if something cannot be looked at.
        """
        hashed = blake2b(digest_size=16)
        facts = [*self.asked, self.settings, installed_packages(), repr(environment()), sys.version, sys.prefix]
        hashed.update(json.dumps(facts).encode("utf-8", "surrogatepass"))
        for path in (*self.inputs, self.output):
            hashed.update(f"\0{path}\n".encode("utf-8", "surrogatepass"))
            for name, stamp in _stamps(path, self._apart):
                known = racy.get(name)
                told = stamp if known is None else _bytes_of(name)
                hashed.update(f"{name}\n{told}\n".encode("utf-8", "surrogatepass"))
        return hashed.hexdigest()

    def racy(self, begun: int) -> dict[str, str]:
        """The inputs that had changed just before a build began (ns since 1970), with digests of their bytes."""
        return {
            name: _bytes_of(name)
            for path in self.inputs
            for name, stamp in _stamps(path, self._apart)
            if isinstance(stamp, tuple) and max(stamp[1], stamp[2]) > begun - _RACY
        }

    @property
    def _apart(self) -> frozenset[str]:
        """Folders that are no inputs though they lie among them."""
        return frozenset({self.output, self.work})


def note_of(
    around: Around, *, begun: int, until: datetime | None, day: str, code: Collection[str], said: Mapping[str, Any]
) -> dict[str, Any]:
    """What a build that has just ended leaves: what was around it, and what it ``said``, to be said again.

    It holds until an instant and, where ``day`` is given, on that day only; ``code`` are files of Python's that it ran.

    :raises NotTold, OSError: if that cannot be told.
    """
    racy = around.racy(begun)
    return {
        "inputs": list(around.inputs),
        "racy": racy,
        "code": _code(code),
        "around": around.digest(racy),
        "until": until.isoformat() if until is not None else None,
        "day": day,
        "said": dict(said),
    }


def write_note(work: str, note: Mapping[str, Any] | None) -> None:
    """Leave a note for the next build, or none."""
    path = os.path.join(work, _NAME)
    with suppress(OSError):
        if note is None:
            os.remove(path)
            return
        text = json.dumps(note, separators=(",", ":"))
        with open(f"{path}.new", "w", encoding="utf-8") as file:
            json.dump({"format": _FORMAT, "sum": zlib.crc32(text.encode()), "note": text}, file)
        os.replace(f"{path}.new", path)


def read_note(
    asked: Sequence[str], settings: str, output: str, work: str, *, now: datetime, today: date
) -> dict[str, Any] | None:
    """What the last build said, if everything is as it was when that ended."""
    try:
        with open(os.path.join(work, _NAME), encoding="utf-8") as file:
            written = json.load(file)
        if written["format"] != _FORMAT or written["sum"] != zlib.crc32(written["note"].encode()):
            return None
        note = json.loads(written["note"])
        if note["until"] is not None and now >= datetime.fromisoformat(note["until"]):
            return None
        if note["day"] not in ("", today.isoformat()) or _code(note["code"]) != note["code"]:
            return None
        around = Around(asked, settings, note["inputs"], output, work)
        said: dict[str, Any] = note["said"]
        return said if around.digest(note["racy"]) == note["around"] else None
    except (OSError, ValueError, LookupError, TypeError, AttributeError, NotTold):
        return None


def _code(paths: Iterable[str]) -> dict[str, str]:
    return {path: _bytes_of(path) for path in sorted(paths)}


def _bytes_of(path: str) -> str:
    with open(path, "rb") as file:
        return digest(file.read())


def _stamps(root: str, apart: Collection[str]) -> Iterator[tuple[str, object]]:
    """Every file of a folder with its stamp, and every folder in it; of a file that one; of nothing, nothing."""
    if not os.path.isdir(root):
        if os.path.lexists(root):
            yield root, _stamp(os.stat(root))
        return
    folders = [root]
    while folders:
        folder = folders.pop()
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
        for entry in found:
            if entry.name in _APART or entry.path in apart:
                continue
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.path)
                yield entry.path, "folder"
            elif entry.is_symlink():
                if os.path.isdir(entry.path):
                    raise NotTold(entry.path)
                yield entry.path, os.readlink(entry.path)
                if os.path.exists(entry.path):
                    yield entry.path, _stamp(entry.stat())
            else:
                yield entry.path, _stamp(entry.stat(follow_symlinks=False))


def _stamp(found: os.stat_result) -> tuple[int, int, int, int, int]:
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_mode
