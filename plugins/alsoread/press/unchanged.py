"""Is everything as it was at the end of the last build, so that there is nothing to do?

Answered from the stamps of files, without Pelican, Jinja or Markdown: a build leaves a note of what it had before it
and what it left behind. The note is no promise: it is believed only where all of it still holds.
"""

import json
import marshal
import os
import stat
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import blake2b
from types import MappingProxyType
from typing import Any, Final, cast

from alsoread.press.beside import found_beside
from alsoread.press.notes import BUILT, Names, inputs_in, note_in
from alsoread.press.stamps import NotTold, Stamp, Stamped, stamp_in, stamps_below, written
from alsoread.press.surroundings import environment, installed_packages

__all__ = ["Around", "Look", "Seen", "changed_since", "note_of", "read_note"]

# more that were edited at once are not told one by one
_FEW: Final = 16
# as in alsoread.memory: files younger than this when a build begins can change once more and keep their stamp
_RACY: Final = 2_000_000_000
# file systems take the time from a clock that may be so late
_TICK: Final = 20_000_000
# so many files of a site are looked at in the time that it takes to fork a process
_MANY: Final = 1000
# bytes that are read at once
_PIECE: Final = 1 << 20
# the last that writes the same things in the same way, however often they are referred to
_MARSHALLED: Final = 2

_NOTHING: Final[Mapping[int, Stamp]] = MappingProxyType({})


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
        stamps = [each for path in self.inputs for each in ((path, ""), *stamps_below(path, apart))]
        racy = [name for name, stamp in stamps if type(stamp) is tuple and max(stamp[1], stamp[2]) > begun - _RACY]
        return Seen(tuple(self.inputs), apart, stamps, {name: _bytes_of(name) for name in racy})

    def facts(self) -> str:
        """All of it but the inputs and the site, in one line."""
        facts = [*self.asked, self.settings, installed_packages(), repr(environment()), sys.version, sys.prefix]
        return _digest(json.dumps(facts).encode())

    def site(self, known: Mapping[int, Stamp] = _NOTHING) -> list[Stamped]:
        """The files of the site with their stamps, and its folders. Of those whose stamps are ``known``, by their
        numbers, these count.

        :raises NotTold, OSError: as for inputs.
        """
        return list(stamps_below(self.output, {self.work}, known))

    def site_again(self, seen: Iterable[Stamped], touched: Collection[str]) -> list[Stamped]:
        """The same, where it was ``seen``, and nothing has happened since but to the files that were ``touched``, by
        their paths below the output folder. Those at its top may have moved there; who has written to one is noticed.

        :raises OSError: if one of them cannot be looked at.
        """
        start = len(self.output) + 1

        def again(name: str, stamp: object) -> Stamped:
            is_touched, is_at_top = name[start:] in touched, os.sep not in name[start:]
            if not isinstance(stamp, tuple) or not (is_touched or is_at_top):
                return name, stamp
            now = stamp_in(os.stat(name, follow_symlinks=False))
            return name, now if is_touched or written(now) == written(stamp) else stamp

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
    stamps: Sequence[Stamped]
    racy: Mapping[str, str]

    def files(self) -> dict[str, Stamp]:
        """The stamps of files by their paths."""
        return {name: cast("Stamp", stamp) for name, stamp in self.stamps if type(stamp) is tuple}

    def told(self, racy: Mapping[str, str]) -> Sequence[Stamped]:
        """The inputs as they were seen; those that are ``racy`` count with the digests of their bytes."""
        return [(name, racy.get(name, stamp)) for name, stamp in self.stamps] if racy else self.stamps


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen by somebody who wants to know whether there is anything to do.

    ``said`` is what the last build said, if everything is as it was. If all but the bytes of some files is, these are
    ``edited``. In both cases the ``note`` that the build left holds for all else that was ``around``. ``site`` are the
    files of the site, where something has changed, and ``lines`` those of the inputs as they were ``told``.
    """

    seen: Seen | None = None
    said: Mapping[str, Any] | None = None
    around: Around | None = None
    note: Mapping[str, Any] = field(default_factory=dict)
    edited: tuple[str, ...] = ()
    site: Sequence[Stamped] = ()
    told: Sequence[Stamped] = ()
    lines: Sequence[str] = ()

    def holds(self, work: str) -> bool:
        """Whether the note is still there as it was read: nobody has built the site meanwhile."""
        try:
            return note_in(work, self.around.names if self.around is not None else BUILT) == self.note
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return False

    def settled(self, said: Mapping[str, Any]) -> dict[str, Any] | None:
        """The note of the last time, for files that can keep their stamps no more when they change; None where that is
        no other one.
        """
        if self.said is None or self.seen is None or self.seen.racy or not self.note["racy"]:
            return None
        return {**self.note, "racy": {}, **_inputs(self.seen.told({})), "said": dict(said)}

    def note_again(self, said: Mapping[str, Any], touched: Collection[str]) -> dict[str, Any]:
        """The note of the last build with the files of the site that were ``touched`` since, and those that were
        edited, as they are now.

        :raises NotTold, OSError: if that cannot be told.
        """
        if self.around is None or self.seen is None:
            raise NotTold("nothing was seen")
        told = self.seen.told(self.seen.racy)
        # most are written already
        known = zip(told, self.told, self.lines, strict=True)
        lines = [line if each == before else _line(*each) for each, before, line in known]
        inputs, outputs = _inputs(told, lines), _outputs(self.around.site_again(self.site, touched))
        return {**self.note, "racy": dict(self.seen.racy), **inputs, **outputs, "said": dict(said)}


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
    return {
        "inputs": list(seen.inputs),
        "racy": dict(seen.racy),
        "code": _code(code),
        "since": begun,
        "around": around.facts(),
        **_inputs(seen.told(seen.racy)),
        **_outputs(around.site(known)),
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
        with found_beside(lambda: _written(around.site()), is_worth_it=note["files"] > _MANY) as site_written:
            seen = around.look(begun)
            if around.facts() != note["around"]:
                return Look(seen)
            inputs = seen.told({name: seen.racy.get(name) or _bytes_of(name) for name in note["racy"]})
            is_unchanged = _told(inputs) == note["seen"]
            lines = [] if is_unchanged else _lines(inputs)
            edited = () if is_unchanged else _edited(lines, inputs_in(work, names), note["listed"])
            written = site_written()
        is_as_left = _digest(written) == note["site"]
        if is_unchanged and is_as_left:
            return Look(seen, note["said"], around, note)
        # written by this program a moment ago
        site: Sequence[Stamped] = marshal.loads(written)  # noqa: S302
        if not edited or not is_as_left:
            return Look(seen, site=site)
        return Look(seen, None, around, note, edited, site, inputs, lines)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, NotTold):
        return Look(seen)


def _inputs(told: Sequence[Stamped], lines: Sequence[str] = ()) -> dict[str, Any]:
    """What a note says of inputs: all together, and in lines that lie beside it, which may be known."""
    lines = lines or _lines(told)
    return {"seen": _told(told), "lines": lines, "listed": _listed(lines)}


def _outputs(site: Sequence[Stamped]) -> dict[str, Any]:
    """What a note says of the files of a site."""
    return {"site": _told(site), "files": len(site)}


def _edited(lines: Sequence[str], then: Sequence[str], listed: str) -> tuple[str, ...]:
    """The files that are not as they were ``then``, if that is all that has changed, and they are few; ``listed`` tells
    the lines of then.
    """
    if len(then) != len(lines):
        return ()
    changed = [(line, before) for line, before in zip(lines, then, strict=True) if line != before]
    names = [_name_in(line) for line, before in changed if _name_in(line) == _name_in(before)]
    is_all = len(names) == len(changed) <= _FEW
    return tuple(names) if is_all and _listed(then) == listed else ()


def _lines(stamps: Iterable[Stamped]) -> list[str]:
    return [_line(name, stamp) for name, stamp in stamps]


def _line(name: str, stamp: object) -> str:
    return f"{name}\n{stamp}"


def _name_in(line: str) -> str:
    return line.rpartition("\n")[0]


def _listed(lines: Sequence[str]) -> str:
    return _digest("\n".join(lines).encode("utf-8", "surrogatepass"))


def _told(stamps: Iterable[Stamped]) -> str:
    """What tells files and their stamps from others."""
    return _digest(_written(stamps))


def _written(stamps: Iterable[Stamped]) -> bytes:
    """Files and their stamps: thousands, so that to write them as text takes some time."""
    return marshal.dumps([*stamps], _MARSHALLED)


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=16).hexdigest()


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
