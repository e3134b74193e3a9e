"""How is what a finding is about put right in the text of its file?

A rule that can do so has a function ``fix(repair)`` beside its ``check``. It gets the text as the file holds it, byte
order mark and line ends with it, and gives the text that should take its place, or None where it is in doubt.
"""

from dataclasses import dataclass

from alsoread.desk.check.subject import Archive
from alsoread.desk.rewrite import offset_of
from alsoread.diagnostics import Diagnostic

__all__ = ["Repair", "replaced"]


@dataclass(frozen=True, slots=True)
class Repair:
    """A file's text, a finding in it, and the archive that it was judged in."""

    text: str
    finding: Diagnostic
    archive: Archive


def replaced(repair: Repair, old: str, new: str) -> str | None:
    """The text with ``new`` for what stands at the finding's place, which must be ``old``."""
    at = offset_of(repair.text, repair.finding.line, repair.finding.column)
    return repair.text[:at] + new + repair.text[at + len(old) :] if repair.text.startswith(old, at) and old else None
