"""Is the verdict on a site what it was the last time? Asked before anything is imported that judges a story.

A check leaves a note of what it had before it, as a build does, and of what it told. Where only a few stories were
edited since, they alone are judged again.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final

from alsoread.cli.other_copy import other_copy
from alsoread.cli.unchanged import Asked
from alsoread.diagnostics import Diagnostic
from alsoread.press.notes import Names, write_note
from alsoread.press.surroundings import work_folder
from alsoread.press.told import origin_of
from alsoread.press.unchanged import read_note

__all__ = ["MOST_TRIED", "NOTE", "Told", "as_said", "last_check"]

NOTE: Final = Names("checked.json", "checked-inputs")
"""The note of the last check."""


MOST_TRIED: Final = 300
"""Of more findings that there is a repair for it is not tried if it can be made."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a site: the ``findings`` about so many ``files`` below the content folder ``root``, and about
    files ``elsewhere``. ``mendable`` says of the findings that there is a repair for whether it can be made; None where
    nobody has tried. The ``folders`` have to be there, modules in the files that are their ``origins``, and no other
    copy of Alsoread in ``plugin_paths``. What was found, and is kept elsewhere, is known by the ``key``.
    """

    files: int
    root: str
    elsewhere: frozenset[str] = frozenset()
    findings: tuple[Diagnostic, ...] = ()
    mendable: Mapping[Diagnostic, bool | None] = field(default_factory=dict)
    folders: tuple[str, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)
    plugin_paths: tuple[str, ...] = ()
    key: str = ""

    def mendable_among(self, wanted: Sequence[Diagnostic]) -> int | None:
        """How many of some findings can be mended, or have a repair at least, where they are very many; None where
        somebody has to try.
        """
        known = [self.mendable[finding] for finding in wanted if finding in self.mendable]
        if len(known) > MOST_TRIED:
            return len(known)
        return None if None in known else known.count(True)

    def stands(self) -> bool:
        """Whether all is there that it was told with, as far as that is in no file that was looked at."""
        return (
            all(map(os.path.isdir, self.folders))
            and all(origin_of(name) == origin for name, origin in self.origins.items())
            and not other_copy({"PLUGIN_PATHS": self.plugin_paths})
        )


def as_said(told: Told) -> dict[str, Any]:
    """What was told, as a note has it."""
    return {
        "files": told.files,
        "root": told.root,
        "elsewhere": sorted(told.elsewhere),
        "findings": [[getattr(finding, name) for name in _FIELDS] for finding in told.findings],
        "mendable": [
            [number, told.mendable[finding]] for number, finding in enumerate(told.findings) if finding in told.mendable
        ],
        "folders": told.folders,
        "origins": dict(told.origins),
        "plugin_paths": told.plugin_paths,
        "key": told.key,
    }


_FIELDS: Final = ("path", "line", "column", "code", "message", "hint")


def _told_in(said: Mapping[str, Any]) -> Told:
    findings = tuple(Diagnostic(*row) for row in said["findings"])
    mendable = {findings[number]: state for number, state in said["mendable"]}
    folders, paths = tuple(said["folders"]), tuple(said["plugin_paths"])
    elsewhere = frozenset(said["elsewhere"])
    origins, key = said["origins"], said["key"]
    return Told(said["files"], said["root"], elsewhere, findings, mendable, folders, origins, paths, key)


def last_check(asked: Asked, content: str | None, settings: str | None, now: str | None) -> tuple[Told | None, Asked]:
    """What the last check told, if another one would tell the same, or what is to be told now that a few stories were
    edited; and what is asked, with what was seen meanwhile.
    """
    if not asked.told:
        return None, asked
    clock, work = datetime.now(UTC), work_folder(asked.output)
    look = read_note(asked.words, asked.told, "", work, begun=asked.begun, now=clock, today=clock.date(), names=NOTE)
    asked = replace(asked, look=look)
    try:
        if look.said is None and not look.edited:
            return None, asked
        told = _told_in(look.note["said"])
        if not told.stands():
            return None, asked
        settled = look.settled(as_said(told))
        if settled is not None:
            write_note(work, settled, NOTE)
        if look.edited:
            from alsoread.cli.checked_again import checked_again

            return checked_again(asked, told, content, settings, now), asked
        return told, asked
    except (LookupError, TypeError, ValueError):
        return None, asked
