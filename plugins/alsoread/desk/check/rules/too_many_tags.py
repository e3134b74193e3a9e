"""Does a story have so many tags that they say nothing any more?"""

from collections.abc import Iterator
from typing import Final

from alsoread.desk.check.saying import as_list
from alsoread.desk.check.subject import Subject
from alsoread.diagnostics import Diagnostic

__all__ = ["CODE", "check"]

CODE: Final = "AR310"
_MOST: Final = 10


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Stories with more than ten tags; the first are likely those that a reader would look for it under."""
    tags = subject.story.tags
    count = len(tags)
    if count > _MOST:
        message = f"the story has {count} tags; with more than {_MOST} it is near to everything"
        yield subject.found(
            CODE, subject.place("tags"), message, as_list("tags", tags[:_MOST], fenced=subject.front.fenced)
        )
