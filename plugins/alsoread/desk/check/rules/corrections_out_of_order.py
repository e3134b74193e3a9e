"""Do corrections stand in the order in which they were made?"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from alsoread.desk.check.saying import as_field
from alsoread.desk.check.subject import Subject
from alsoread.desk.check.typed import days_within, typed_in
from alsoread.diagnostics import Diagnostic

__all__ = ["CODE", "check"]

CODE: Final = "AR129"
_LONGEST_LINE: Final = 1_000
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
            hint = _in_order(subject) or f"put it before the one of {last}: the oldest first"
        if message:
            yield subject.found(CODE, (entry.line, entry.column), message, hint)
        else:
            last = max(last, day)


def _impossible(subject: Subject, day: date) -> tuple[str, str]:
    """Why a day cannot be that of a correction, and what to do."""
    begun, zone = subject.story.date, subject.settings.timezone
    today = subject.settings.now.astimezone(zone).date()
    if day > today + _SLACK:
        return f"the correction is of {day}, which is still to come", f"date: {today}"
    if begun is not None and day < min(begun.date(), begun.astimezone(zone).date()):
        typed = typed_in(subject, "date")
        return f"the correction is of {day}, before the story ('date' is {typed})", f"date: {begun.date()}"
    return "", ""


def _in_order(subject: Subject) -> str:
    """The corrections with the oldest first, on a line of YAML; nothing where that would be a long one."""
    made = sorted(subject.story.corrections, key=lambda each: each.date)
    fields = (f"{{date: {each.date}, kind: {each.kind}, {as_field('text', each.text)}}}" for each in made)
    line = f"corrections: [{', '.join(fields)}]"
    return line if len(line) <= _LONGEST_LINE else ""
