"""Is everything as it was at the end of the last build, so that there is nothing to do?

Answered from the stamps of files, without Pelican, Jinja or Markdown: a build leaves a note of what it had before it
and what it left behind. The note is no promise: it is believed only where all of it still holds.
"""

import json
import os
import stat
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import blake2b
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Final

from alsoread.press.keep import Stamp, stamp_in
from alsoread.press.notes import BUILT, Names, inputs_in, note_in
from alsoread.press.surroundings import environment, installed_packages

__all__ = ["APART", "Around", "Look", "NotTold", "Seen", "changed_since", "note_of", "read_note"]

# more that were edited at once are not told one by one
_FEW: Final = 16
# as in alsoread.memory: files younger than this when a build begins can change once more and keep their stamp
_RACY: Final = 2_000_000_000
# file systems take the time from a clock that may be so late
_TICK: Final = 20_000_000
APART: Final = frozenset({".git", ".hg", ".svn", ".mypy_cache", ".ruff_cache", ".pytest_cache"})
"""Names of folders that hold nothing of a site."""

# the folder that Python keeps byte code in, and a part of the names of that
_CACHE: Final = "__pycache__"
_BYTE_CODE: Final = ".pyc"
# bytes that are read at once
_PIECE: Final = 1 << 20


_NOTHING: Final[Mapping[int, Stamp]] = MappingProxyType({})


class NotTold(Exception):
    """What a build depends on cannot be told from files alone."""


@dataclass(frozen=True, slots=True)
class Around:
    """What a build has around it.

    ``asked`` is what was asked for, ``settings`` a digest of what the site's settings file gives, ``inputs`` are files
    and folders that are read, ``output`` is the folder of the site and ``work`` the press's own: these two are no
    inputs though they may lie among them. Where there is no output, nothing is asked of a site. ``names`` are those of
    the note.
    """

    asked: Sequence[str]
    settings: str
    inputs: Sequence[str]
    output: str
    work: str
    names: Names = BUILT

    def look(self, begun: int) -> "Seen":
        """The inputs as they are, for a build that began at an instant (ns since 1970) and has read none of them yet.

        :raises NotTold: where a symbolic link leads to a folder, which may change without showing it, and where what
            has just come is no regular file.
        :raises OSError: if something cannot be looked at.
        """
        apart = frozenset({self.output, self.work})
        stamps = [(name, stamp) for path in self.inputs for name, stamp in ((path, ""), *_stamps(path, apart))]
        racy = [name for name, stamp in stamps if type(stamp) is tuple and max(stamp[1], stamp[2]) > begun - _RACY]
        return Seen(tuple(self.inputs), apart, stamps, {name: _bytes_of(name) for name in racy})

    def digest(self, lines: Sequence[str]) -> str:
        """All of it but the site in one line; its inputs are told by :func:`_lines`."""
        facts = [*self.asked, self.settings, installed_packages(), repr(environment()), sys.version, sys.prefix]
        return _told([json.dumps(facts), *lines])

    def site(self, known: Mapping[int, Stamp] = _NOTHING) -> list[tuple[str, object]]:
        """The files of the site with their stamps, and its folders. Of those whose stamps are ``known``, by their
        numbers, these count.

        :raises NotTold, OSError: as for inputs.
        """
        return list(_stamps(self.output, {self.work}, known))

    def site_again(self, seen: Iterable[tuple[str, object]], touched: Collection[str]) -> list[tuple[str, object]]:
        """The same, where it was ``seen``, and nothing has happened since but to the files that were ``touched``, by
        their paths below the output folder, and to those at its top.

        :raises OSError: if one of them cannot be looked at.
        """
        start = len(self.output) + 1

        def again(name: str, stamp: object) -> tuple[str, object]:
            is_other = isinstance(stamp, tuple) and (name[start:] in touched or os.sep not in name[start:])
            return name, stamp_in(os.stat(name, follow_symlinks=False)) if is_other else stamp

        return [again(name, stamp) for name, stamp in seen]


@dataclass(frozen=True, slots=True)
class Seen:
    """The inputs of a build, but for what is ``apart``, as they were before it read them: files with their stamps, and
    digests of the bytes of those that can change once more and keep it.

    What a build leaves tells of this, and not of what is there when it ends: whoever edits a file while it is built is
    noticed by the next one.
    """

    inputs: tuple[str, ...]
    apart: frozenset[str]
    stamps: Sequence[tuple[str, object]]
    racy: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen by somebody who wants to know whether there is anything to do.

    ``said`` is what the last build said, if everything is as it was. If all but the bytes of some files is, these are
    ``edited``, and ``site`` are the files of the site. In both cases the ``note`` that the build left holds for all
    else that was ``around``.
    """

    seen: Seen | None = None
    said: Mapping[str, Any] | None = None
    around: Around | None = None
    note: Mapping[str, Any] = field(default_factory=dict)
    edited: tuple[str, ...] = ()
    site: Sequence[tuple[str, object]] = ()

    def holds(self, work: str) -> bool:
        """Whether the note is still there as it was read: nobody has built the site meanwhile."""
        try:
            return note_in(work, self.around.names if self.around is not None else BUILT) == self.note
        except (OSError, ValueError, LookupError, TypeError):
            return False

    def settled(self, said: Mapping[str, Any]) -> dict[str, Any] | None:
        """The note of the last time, for files that can keep their stamps no more when they change; None where that is
        no other one.
        """
        if self.said is None or self.seen is None or self.seen.racy or not self.note["racy"]:
            return None
        return self.note_again(said, ())

    def note_again(self, said: Mapping[str, Any], touched: Collection[str]) -> dict[str, Any]:
        """The note of the last build with the files of the site that were ``touched`` since, and those that were
        edited, as they are now.

        :raises NotTold, OSError: if that cannot be told.
        """
        if self.around is None or self.seen is None:
            raise NotTold("nothing was seen")
        lines = _lines(self.seen, self.seen.racy)
        site = _told(_each(self.around.site_again(self.site, touched)))
        told = {"around": self.around.digest(lines), "site": site, "lines": lines}
        return {**self.note, "racy": dict(self.seen.racy), **told, "said": dict(said)}


def note_of(
    around: Around,
    seen: Seen,
    *,
    begun: int,
    until: datetime | None,
    day: str,
    code: Collection[str],
    known: Mapping[int, Stamp],
    said: Mapping[str, Any],
) -> dict[str, Any]:
    """What a build that has just ended leaves: what was around it, and what it ``said``, to be said again.

    It holds until an instant and, where ``day`` is given, on that day only; ``code`` are files of Python's that it ran,
    and ``known`` stamps of files of the site, by their numbers.

    :raises NotTold, OSError: if that cannot be told, as where code has changed since the build began (ns since 1970).
    """
    if changed_since(begun, code):
        raise NotTold("code has changed")
    lines = _lines(seen, seen.racy)
    return {
        "inputs": list(seen.inputs),
        "racy": dict(seen.racy),
        "code": _code(code),
        "since": begun,
        "lines": lines,
        "around": around.digest(lines),
        "site": _told(_each(around.site(known))),
        "until": until.isoformat() if until is not None else None,
        "day": day,
        "said": dict(said),
    }


def read_note(
    asked: Sequence[str],
    settings: str,
    output: str,
    work: str,
    *,
    begun: int,
    now: datetime,
    today: date,
    names: Names = BUILT,
) -> Look:
    """What the last build said, if everything is as it was, and what was seen to know it. A build that has ``begun``
    (ns since 1970) because something is not need not look at its inputs again.
    """
    seen = None
    try:
        note = note_in(work, names)
        if begun < note["since"]:
            # the clock was put back
            return Look()
        if note["until"] is not None and now >= datetime.fromisoformat(note["until"]):
            return Look()
        if note["day"] not in ("", today.isoformat()) or _code(note["code"]) != note["code"]:
            return Look()
        around = Around(asked, settings, note["inputs"], output, work, names)
        seen = around.look(begun)
        lines = _lines(seen, {name: seen.racy.get(name) or _bytes_of(name) for name in note["racy"]})
        edited: tuple[str, ...] | None = ()
        if around.digest(lines) != note["around"]:
            edited = _edited(lines, around, note["around"])
        site = around.site() if edited is not None else []
        if edited is None or _told(_each(site)) != note["site"]:
            return Look(seen)
        return Look(seen, None, around, note, edited, site) if edited else Look(seen, note["said"], around, note)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, NotTold):
        return Look(seen)


def _edited(lines: Sequence[str], around: Around, told: str) -> tuple[str, ...] | None:
    """The files that are not as they were, if that is all that has changed, and they are few."""
    then = inputs_in(around.work, around.names)
    if len(then) != len(lines):
        return None
    changed = [(line, before) for line, before in zip(lines, then, strict=True) if line != before]
    names = [_name_in(line) for line, before in changed if _name_in(line) == _name_in(before)]
    is_all = len(names) == len(changed) <= _FEW
    return tuple(names) if is_all and around.digest(then) == told else None


def _lines(seen: Seen, racy: Mapping[str, str]) -> list[str]:
    """The inputs as they were ``seen``, each in a line, but for those that are ``racy``: these count with the digests
    of their bytes.
    """
    stamps = seen.stamps
    if racy:
        stamps = [(name, racy.get(name, stamp)) for name, stamp in stamps]
    return _each(stamps)


def _each(stamps: Iterable[tuple[str, object]]) -> list[str]:
    return [f"{name}\n{stamp}" for name, stamp in stamps]


def _name_in(line: str) -> str:
    return line.rpartition("\n")[0]


def _told(lines: Iterable[str]) -> str:
    hashed = blake2b(digest_size=16)
    hashed.update("\n".join(lines).encode("utf-8", "surrogatepass"))
    return hashed.hexdigest()


def changed_since(begun: int, paths: Iterable[str]) -> bool:
    """Whether any of some files has changed since a build began (ns since 1970), by the time that nobody can set: the
    build may have read what it was before.

    :raises OSError: if one cannot be looked at.
    """
    return any(os.stat(path).st_ctime_ns > begun - _TICK for path in paths)


def _code(paths: Iterable[str]) -> dict[str, str]:
    return {path: _bytes_of(path) for path in sorted(paths)}


def _bytes_of(path: str) -> str:
    """A digest of a regular file's bytes. Who opens anything else may wait for ever, and nobody knows what is in it."""
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise NotTold(path)
        hashed = blake2b(digest_size=12)
        while piece := file.read(_PIECE):
            hashed.update(piece)
        return hashed.hexdigest()


def _stamps(root: str, apart: Collection[str], known: Mapping[int, Stamp] = _NOTHING) -> Iterator[tuple[str, object]]:
    """Every file of a folder with its stamp, and every folder in it; of a file that one; of nothing, nothing."""
    if not os.path.isdir(root):
        if os.path.lexists(root):
            yield root, stamp_in(os.stat(root))
        return
    folders = [root]
    while folders:
        folder = folders.pop()
        with os.scandir(folder) as entries:
            found = sorted(entries, key=attrgetter("name"))
        is_cache = os.path.basename(folder) == _CACHE
        for entry in found:
            if entry.name in APART or entry.path in apart or (is_cache and _BYTE_CODE in entry.name):
                continue
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.path)
                if entry.name != _CACHE:
                    yield entry.path, "folder"
            elif entry.is_symlink():
                if os.path.isdir(entry.path):
                    raise NotTold(entry.path)
                yield entry.path, os.readlink(entry.path)
                if os.path.exists(entry.path):
                    yield entry.path, stamp_in(entry.stat())
            else:
                yield entry.path, known.get(entry.inode()) or stamp_in(entry.stat(follow_symlinks=False))
