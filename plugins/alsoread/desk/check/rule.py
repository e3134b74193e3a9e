"""What is a rule?

A module with a code and a function that finds what is wrong: in one file (``check(subject)``), or in all of them
together (``check(archive)``). A rule over files is asked about each file alone, so what it found is known as long as
the file and the settings stay as they are. What, why, a bad and a good example stand on the page of its code, and a
test holds the rule to them.
"""

from collections.abc import Iterable
from typing import Protocol

from alsoread.desk.check.repair import Repair
from alsoread.desk.check.subject import Archive, Subject
from alsoread.diagnostics import Diagnostic

__all__ = ["ArchiveRule", "FileRule", "Fixer"]


class FileRule(Protocol):
    """A rule over one file."""

    @property
    def CODE(self) -> str: ...  # noqa: N802 - a module's constant

    def check(self, subject: Subject) -> Iterable[Diagnostic]:
        """What is wrong with a file."""


class ArchiveRule(Protocol):
    """A rule over all files together."""

    @property
    def CODE(self) -> str: ...  # noqa: N802 - a module's constant

    def check(self, archive: Archive) -> Iterable[Diagnostic]:
        """What is wrong between files."""


class Fixer(Protocol):
    """What puts right something that is found elsewhere, or by the rule in the same module."""

    @property
    def CODE(self) -> str: ...  # noqa: N802 - a module's constant

    def fix(self, repair: Repair) -> str | None:
        """The text of the file as it should be, or None where that is in doubt."""
