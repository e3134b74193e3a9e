"""Is a story dated on a day to come, though nothing keeps it back?"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from alsoread.desk.check.subject import Subject
from alsoread.desk.check.typed import typed_in
from alsoread.diagnostics import Diagnostic

__all__ = ["CODE", "check"]

CODE: Final = "AR123"
# a day, and another because rules know what day it is and not what hour
_SLACK: Final = timedelta(days=2)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Dates more than a day ahead, unless the story is a draft, has an embargo, or waits for its date."""
    story, settings = subject.story, subject.settings
    if story.date is None or story.status == "draft" or story.embargo_until or not settings.future_dates:
        return
    if story.date - _SLACK > settings.now:
        typed = typed_in(subject, "date")
        message = f"'date' is {typed}, which is still to come, and the story is published already"
        hint = f"embargo_until: {typed}  # or correct the date"
        yield subject.found(CODE, subject.place("date"), message, hint)
