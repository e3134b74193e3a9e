"""How does a finished site take the place of the one before it?

Whole. A build writes into a stage beside the output folder; when it is complete the two folders change names in one
step (Linux ``renameat2`` with ``RENAME_EXCHANGE``; elsewhere in two), and what the publisher keeps in the folder moves
over. A folder with files that are not ours is never emptied: new files go into it one by one, nothing is removed.
A lock keeps a second build of the same folder away.
"""

import errno
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Final, NamedTuple

from alsoread.diagnostics import Refusal
from alsoread.press.discard import discard
from alsoread.press.exchange import exchange
from alsoread.press.files import is_inside
from alsoread.press.folders import Folders
from alsoread.press.keep import Keep
from alsoread.press.lock import hold, let_go, open_lock
from alsoread.press.surroundings import work_folder
from alsoread.press.trees import Site, Tree, bring_up, read_names, read_tree, tree_seen

__all__ = ["KEPT", "MARKER", "OutputRefused", "Seen", "Stage", "staged"]

MARKER: Final = ".alsoread-output"
KEPT: Final = frozenset({".git", ".gitignore", ".gitkeep", ".nojekyll", "CNAME"})

_MARKER_TEXT: Final = "This folder is made by Alsoread, and replaced whole by each build.\n"
# of a site that is complete and may be in its place, while the one before it is still to be cleared of what is kept
_TAKING_OVER: Final = f"{_MARKER_TEXT}It is taking its place now.\n"
_STAGE: Final = "stage"
_OTHER: Final = "other"
# there is no room on the disk, or none for this user or file
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


# a file stands where there should be a folder, or the other way round
_TWO_KINDS: Final = frozenset({errno.EEXIST, errno.ENOTDIR, errno.EISDIR})


class OutputRefused(Refusal):
    """The output folder cannot be written to now; the message says why and what to do."""


class Seen(NamedTuple):
    """What was seen of a site: its files with their stamps, and its folders; and how many files it has."""

    files: Sequence[tuple[str, object]]
    number: int


_UNSEEN: Final = Seen((), -1)


class Stage:
    """A new site on its way: ``path`` is where to write, :meth:`commit` what makes it the site.

    Its ``folders`` are made and removed by themselves. ``ours`` are the files, by size and time, that an earlier build
    put into a folder with files of others; what is not made any more and still as we left it goes. ``in_service`` tells
    that the site has taken its place.
    """

    def __init__(self, output: str, work: str, kept: frozenset[str]) -> None:
        self.work = work
        self.path = os.path.join(work, _STAGE)
        self.merged = False
        self.removed = 0
        self.in_service = False
        self.ours: dict[str, tuple[int, int]] = {}
        self.output = output
        self.folders = Folders(os.path.join(work, "folders"), self.path)
        self._other = os.path.join(work, _OTHER)
        self._kept = kept

    def made(self) -> Site:
        """What is in the stage now, as a site."""
        discard(os.path.join(self.path, MARKER))
        return Site(read_tree(self.path), Keep(self.work, {}))

    def clear(self) -> None:
        """Remove what was written for the site, unless that is an old one with something of the publisher's in it."""
        if _mark_of(self.path) != _MARKER_TEXT:
            self.folders.clear()
            discard(self.path)

    def commit(self, site: Site | None = None) -> None:
        """Put a site in place of the output folder, by default what is in the stage; ``merged`` then tells whether
        foreign files stayed there.
        """
        site = site or self.made()
        is_there = os.path.lexists(self.output)
        had: set[str] = set()
        if is_there and (os.path.ismount(self.output) or not _is_ours(self.output, self._kept)):
            self._add(site)
            return
        tree = self._brought_up(site)
        if is_there:
            had = read_names(self.output, self._kept | {MARKER})
            self.removed = len(had - site.names)
            self._take_over(tree)
        else:
            _mark(tree)
            os.rename(tree, self.output)
            self.in_service = True
        if not had:
            self._make_other()
        elif tree == self.path:
            discard(self._other)
            with suppress(OSError):
                os.rename(tree, self._other)

    def _make_other(self) -> None:
        """Let there be a second folder that holds the site, as after each other build. Who makes it later waits for it
        after an edit, and each file that gets a second name has another stamp then. Where there are no links, or no
        room, there is none.
        """
        trial = f"{self._other}.new"
        discard(self._other)
        discard(trial)
        try:
            os.link(os.path.join(self.output, MARKER), trial)
            live = read_tree(self.output, self._kept | {MARKER})
            bring_up(Tree(self._other), Site(live, Keep(self.work, {})), self.output)
        except OSError:
            discard(self._other)
        discard(trial)

    def amend(self, kept: Mapping[str, str], keep: Keep, seen: Seen = _UNSEEN) -> set[str] | None:
        """Put kept bytes in the place of some files of the site, by their paths; all else stays. Gives the paths of
        files that were touched for that; None where the whole site has to be made: it is then as it was.

        If the site has as many files as were ``seen``, it need not be looked at again.
        """
        if os.path.ismount(self.output) or not os.path.isfile(os.path.join(self.output, MARKER)):
            return None
        apart = self._kept | {MARKER}
        try:
            if not os.path.lexists(self._other):
                os.mkdir(self._other)
            live = tree_seen(self.output, seen.files, apart)
            if live is None or len(live.files) != seen.number:
                live = read_tree(self.output, apart)
            tree = read_tree(self._other, apart)
            if not live.files.keys() >= kept.keys():
                return None
            touched = bring_up(tree, Site(live, keep, kept), self.output)
        except OSError:
            return None
        self._take_over(tree.root)
        return touched

    def _take_over(self, tree: str) -> None:
        """Let a folder that holds the whole site take the place of the one that is there."""
        _mark(self.output)
        _mark(tree, _TAKING_OVER)
        exchange(tree, self.output)
        self.in_service = True
        _finish(tree, self.output, self._kept)

    def _brought_up(self, site: Site) -> str:
        """A folder that holds the whole site: the one that was in service before the last, or else the stage."""
        try:
            bring_up(read_tree(self._other), site, self.output)
        except OSError:
            # there is none, or not one that can be mended
            bring_up(site.made, site, self.output)
            return self.path
        return self._other

    def _add(self, site: Site) -> None:
        """Put the files of a site into a folder with those of others."""
        bring_up(site.made, site, self.output)
        self.merged = True
        _merge(self.path, self.output)
        made = site.names
        self.removed = _remove_ours(self.output, {name: self.ours[name] for name in self.ours.keys() - made})
        self.ours = {name: stamp for name in sorted(made) if (stamp := _brief(os.path.join(self.output, name)))}


@contextmanager
def staged(output: str, *, kept: Iterable[str] = ()) -> Iterator[Stage]:
    """A stage for the folder ``output``. Left without a commit, it is thrown away and the old site stays.

    ``kept`` are names at the top of the output folder that outlive every build, besides :data:`KEPT`.

    :raises OutputRefused: if another build holds the folder, or it (or its parent) is no folder that can be written;
        or if a disk is full that the build writes to.
    """
    output = os.path.realpath(output)
    names = KEPT | frozenset(kept)
    if os.path.exists(output) and not os.path.isdir(output):
        raise OutputRefused(f"{output} is not a folder; choose another output folder with -o")
    parent, name = os.path.split(output)
    if not name:
        raise OutputRefused("the root of the file system is no output folder; choose another with -o")
    work = work_folder(output)
    try:
        os.makedirs(work, exist_ok=True)
        lock = open_lock(work)
    except OSError as error:
        raise OutputRefused(
            f"{parent} cannot be written to: {error.strerror}; choose another output folder with -o"
        ) from error
    try:
        _hold(lock, output)
        stage = Stage(output, work, names)
        _recover(work, output, names)
        os.mkdir(stage.path)
        try:
            yield stage
        except OSError as error:
            begin, found = stage.path + os.sep, str(error.filename or "")
            if error.errno in _TWO_KINDS and found.startswith(begin):
                name = found.removeprefix(begin)
                raise OutputRefused(
                    f"the site has both a file and a folder named {name}; give one of the two another address, "
                    f"such as another slug{_stays(stage)}"
                ) from error
            if error.errno not in _FULL:
                raise
            where = error.filename or output
            raise OutputRefused(
                f"{where} cannot be written: {error.strerror}; make room, and build again{_stays(stage)}"
            ) from error
        finally:
            stage.clear()
    finally:
        let_go(lock)


def _stays(stage: Stage) -> str:
    """Which site is in service when a build has ended early."""
    if stage.merged:
        return ": part of the new site is in its place"
    if stage.in_service:
        return ": the new site is in its place"
    return "; the old site stays" if os.path.lexists(stage.output) else ""


def _brief(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path, follow_symlinks=False)
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def _remove_ours(output: str, gone: Mapping[str, tuple[int, int]]) -> int:
    removed = 0
    for name, stamp in gone.items():
        path = os.path.join(output, name)
        if is_inside(output, name) and _brief(path) == tuple(stamp):
            os.remove(path)
            removed += 1
            with suppress(OSError):
                os.removedirs(os.path.dirname(path))
    return removed


def _hold(lock: int, output: str) -> None:
    try:
        hold(lock)
    except OSError as error:
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
            raise OutputRefused(f"another build is writing {output}; wait for it to end") from error
        raise OutputRefused(f"{output} cannot be locked: {error.strerror}") from error


def _recover(work: str, output: str, kept: frozenset[str]) -> None:
    """End what a build that was killed has begun: a change-over goes on to its end, the rest goes away."""
    for tree in (os.path.join(work, _STAGE), os.path.join(work, _OTHER)):
        aside = f"{tree}.old"
        if os.path.isdir(aside) and not os.path.lexists(output):
            os.rename(aside, output)
        elif os.path.isdir(aside) and not os.path.lexists(tree):
            os.rename(aside, tree)
        discard(aside)
        mark = _mark_of(tree)
        if mark and not os.path.lexists(output):
            os.rename(tree, output)
        elif mark == _MARKER_TEXT and _is_ours(output, kept):
            _finish(tree, output, kept)
    discard(os.path.join(work, _STAGE))
    if _mark_of(output) == _TAKING_OVER:
        # what was in service before is lost
        os.remove(os.path.join(output, MARKER))
        _mark(output)


def _mark(site: str, text: str = _MARKER_TEXT) -> None:
    """Leave the mark by which a folder is known as ours, if there is none."""
    with suppress(FileExistsError), open(os.path.join(site, MARKER), "x", encoding="utf-8") as marker:
        marker.write(text)


def _mark_of(site: str) -> str:
    """What the mark of a folder says; nothing if it has none."""
    if os.path.islink(site):
        return ""
    try:
        with open(os.path.join(site, MARKER), encoding="utf-8") as marker:
            return marker.read()
    except (OSError, ValueError):
        return ""


def _finish(old: str, new: str, kept: frozenset[str]) -> None:
    """What is left to do when two sites have changed names: until the mark has moved, it can be done once more.

    The old site keeps nothing of the publisher's, or what is taken out of the new one would come back.
    """
    _bring_back(old, new, kept)
    for name in sorted(kept & set(os.listdir(old))):
        discard(os.path.join(old, name))
    os.replace(os.path.join(old, MARKER), os.path.join(new, MARKER))


def _is_ours(output: str, kept: frozenset[str]) -> bool:
    names = set(os.listdir(output))
    return MARKER in names or names <= kept


def _bring_back(old: str, new: str, kept: frozenset[str]) -> None:
    for name in sorted(kept & set(os.listdir(old))):
        if not os.path.lexists(os.path.join(new, name)):
            os.rename(os.path.join(old, name), os.path.join(new, name))


def _merge(stage: str, output: str) -> None:
    """Move every file of the stage into the folder, each in one step, and leave all other files there alone."""
    for folder, _, names in os.walk(stage):
        target = os.path.join(output, os.path.relpath(folder, stage))
        os.makedirs(target, exist_ok=True)
        for name in sorted(names):
            source, destination = os.path.join(folder, name), os.path.join(target, name)
            if os.path.isdir(destination) and not os.path.islink(destination):
                raise OutputRefused(f"{destination} is a folder where the site has a file; move it away")
            try:
                os.replace(source, destination)
            except OSError as error:
                if error.errno != errno.EXDEV:
                    raise
                shutil.copyfile(source, f"{destination}.new")
                os.replace(f"{destination}.new", destination)
