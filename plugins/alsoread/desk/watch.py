"""When does something change that a site is made of?

Folders are watched by the operating system. Files named by themselves, such as the settings, are looked at now and
then: many editors put a new file in the place of the old one, and may only be about to make it.
"""

import os
import time
from collections.abc import Iterator, Sequence
from typing import Final

from alsoread.diagnostics import Refusal

__all__ = ["turns"]

_PASSED_OVER: Final = (".", "#")
# milliseconds: how long nothing must happen before a change is told, and how often single files are looked at
_QUIET: Final = 15
_TURN: Final = 30


def turns(places: Sequence[str], apart: Sequence[str] = ()) -> Iterator[frozenset[str] | None]:
    """Every now and then the paths that changed, or None; the first set is empty: from then on no change is missed.

    ``places`` are absolute paths of folders and files, some of which may not be there yet; what is below ``apart`` does
    not count, nor do files of editors and of version control.
    """
    told: frozenset[str] = frozenset()
    while True:
        folders = [place for place in places if os.path.isdir(place)]
        stamps = {place: _stamp(place) for place in places}
        begun = False
        for changed in _below(folders):
            now = {place: _stamp(place) for place in places}
            others = {place for place in places if now[place] != stamps[place]}
            replaced = others.intersection(folders) | changed.intersection(folders)
            counted = {path for path in changed if _counts(path, folders, apart)} | others
            stamps = now
            if replaced or any(os.path.isdir(place) for place in others):
                # another folder under the name of the old one: watch that, and tell of it when it is watched
                told |= counted | replaced
                break
            if counted or not begun:
                yield frozenset(counted) | told
                told, begun = frozenset(), True
            else:
                yield None


def _below(folders: Sequence[str]) -> Iterator[set[str]]:
    """What changed below the folders, every now and then; often nothing."""
    if not folders:
        while True:
            yield set()
            time.sleep(_TURN / 1000)
    from watchfiles import watch

    try:
        for changes in watch(*folders, watch_filter=None, step=_QUIET, rust_timeout=_TURN, yield_on_timeout=True):
            yield {path for _, path in changes}
    except FileNotFoundError:
        # gone since it was looked for
        time.sleep(_TURN / 1000)
    except OSError as error:
        raise Refusal(f"the folders of the site cannot be watched: {error}") from error


def _stamp(place: str) -> tuple[int, ...]:
    """What tells a folder from another of its name, and a file from what it was."""
    try:
        found = os.stat(place)
    except OSError:
        return ()
    if os.path.isdir(place):
        return (found.st_dev, found.st_ino)
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


def _counts(path: str, folders: Sequence[str], apart: Sequence[str]) -> bool:
    if any(path == place or path.startswith(place + os.sep) for place in apart):
        return False
    below = next((path[len(folder) + 1 :] for folder in folders if path.startswith(folder + os.sep)), "")
    *above, name = below.split(os.sep)
    return not any(part.startswith(_PASSED_OVER) for part in (*above, name)) and _is_kept(name)


def _is_kept(name: str) -> bool:
    """Not one that an editor puts beside a file while it is open or being saved."""
    return bool(name) and not name.endswith(("~", ".swp", ".swx", ".tmp")) and not name.isdigit()
