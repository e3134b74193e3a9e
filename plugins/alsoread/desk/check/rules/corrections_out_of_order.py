"""Do corrections stand in the order in which they were made?"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from alsoread.desk.check.subject import Subject
from alsoread.desk.check.typed import days_within, typed_in
from alsoread.diagnostics import Diagnostic

__all__ = ["CODE", "check"]

CODE: Final = "AR129"
_SLACK: Final = timedelta(days=1)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Corrections of days that cannot be right, and the first that stands behind a later one."""
    if not subject.story.corrections:
        return
    last, is_told = date.min, False
    for day, _, entry in days_within(subject, "corrections", "date"):
        message, hint = _impossible(subject, day)
        if not message and day < last and not is_told:
            message, is_told = f"the correction of {day} stands behind one of {last}", True
            hint = f"put it before the one of {last}: the oldest first"
        if message:
            yield subject.found(CODE, (entry.line, entry.column), message, hint)
        else:
            last = max(last, day)


def _impossible(subject: Subject, day: date) -> tuple[str, str]:
    """Why a day cannot be that of a correction, and what to do."""
    begun, zone = subject.story.date, subject.settings.timezone
    today = subject.settings.now.astimezone(zone).date()
    if day > today + _SLACK:
        return f"the correction is of {day}, which is still to come", "correct its date"
    if begun is not None and day < min(begun.date(), begun.astimezone(zone).date()):
        typed = typed_in(subject, "date")
        return f"the correction is of {day}, before the story ('date' is {typed})", "correct one of the two dates"
    return "", ""
