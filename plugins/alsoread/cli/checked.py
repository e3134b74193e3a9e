"""Is the verdict on a site what it was the last time? Asked before anything is imported that judges a story.

A check leaves a note of what it had before it, as a build does, and of what it told. Where only a few stories were
edited since, they alone are judged again.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final

from alsoread.cli.unchanged import Asked
from alsoread.diagnostics import Diagnostic
from alsoread.press.notes import Names
from alsoread.press.surroundings import work_folder
from alsoread.press.unchanged import read_note

__all__ = ["NOTE", "Told", "as_said", "last_check"]

NOTE: Final = Names("checked.json", "checked-inputs")
"""The note of the last check."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a site: the ``findings`` about so many ``files`` below the content folder ``root``, and about
    files ``elsewhere``. ``mendable`` says of the findings that there is a repair for whether it can be made; None where
    nobody has tried. The ``folders`` have to be there.
    """

    files: int
    root: str
    elsewhere: frozenset[str] = frozenset()
    findings: tuple[Diagnostic, ...] = ()
    mendable: Mapping[Diagnostic, bool | None] = field(default_factory=dict)
    folders: tuple[str, ...] = ()

    def is_tried(self, wanted: Sequence[Diagnostic]) -> bool:
        """Whether it is known of all of some findings if they can be mended."""
        return all(self.mendable.get(finding, False) is not None for finding in wanted)


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
        "folders": list(told.folders),
    }


_FIELDS: Final = ("path", "line", "column", "code", "message", "hint")


def _told_in(said: Mapping[str, Any]) -> Told:
    findings = tuple(Diagnostic(*row) for row in said["findings"])
    mendable = {findings[number]: state for number, state in said["mendable"]}
    root, folders = said["root"], tuple(said["folders"])
    return Told(said["files"], root, frozenset(said["elsewhere"]), findings, mendable, folders)


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
        if not all(map(os.path.isdir, told.folders)):
            return None, asked
        if look.edited:
            from alsoread.cli.checked_again import checked_again

            return checked_again(asked, told, content, settings, now), asked
        return told, asked
    except (LookupError, TypeError, ValueError):
        return None, asked
