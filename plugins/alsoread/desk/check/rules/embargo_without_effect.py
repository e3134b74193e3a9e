"""Does an embargo end before there is anything to keep back?"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from alsoread.desk.check.subject import Subject
from alsoread.desk.check.typed import typed_in
from alsoread.diagnostics import Diagnostic

__all__ = ["CODE", "check"]

CODE: Final = "AR127"
_SLACK: Final = timedelta(days=1)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Embargoes that end more than a day before the story's date."""
    begun, until = subject.story.date, subject.story.embargo_until
    if begun is not None and until is not None and begun - _SLACK > until:
        typed = typed_in(subject, "date")
        message = f"'embargo_until' is {typed_in(subject, 'embargo_until')}, before the story's own date, {typed}"
        hint = f"embargo_until: {typed}  # or correct the date, or remove the embargo"
        yield subject.found(CODE, subject.place("embargo_until"), message, hint)
