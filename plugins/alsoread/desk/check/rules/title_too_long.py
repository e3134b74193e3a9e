"""Is a headline too long to be read at a glance?"""

from collections.abc import Iterator
from typing import Final

from alsoread.desk.check.subject import Subject
from alsoread.diagnostics import Diagnostic

__all__ = ["CODE", "check"]

CODE: Final = "AR120"
_LONGEST: Final = 120


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Headlines of more than 120 characters."""
    length = len(subject.story.title)
    if length > _LONGEST:
        message = f"the headline has {length} characters; more than {_LONGEST} are cut short by readers and feeds"
        yield subject.found(CODE, subject.place("title"), message, "move what can wait to 'summary'")
