"""Is a story older than what it draws on?"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from alsoread.desk.check.subject import Subject
from alsoread.desk.check.typed import days_within, typed_in
from alsoread.diagnostics import Diagnostic

__all__ = ["CODE", "check"]

CODE: Final = "AR124"
_SLACK: Final = timedelta(days=1)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Sources published more than a day after the story, and after everything that was changed in it since."""
    last = _last_change(subject)
    if last is None or not subject.story.sources:
        return
    for published, value, _ in days_within(subject, "sources", "published"):
        if published - _SLACK > last:
            message = (
                f"the source was published on {published}, after the story ('date' is {typed_in(subject, 'date')})"
            )
            hint = f"modified: {published}  # if the source came later; else correct one of the two dates"
            yield subject.found(CODE, (value.line, value.column), message, hint)


def _last_change(subject: Subject) -> date | None:
    story = subject.story
    if story.date is None:
        return None
    days = [instant.date() for instant in (story.date, story.modified) if instant is not None]
    return max(*days, *(correction.date for correction in story.corrections), date.min)
