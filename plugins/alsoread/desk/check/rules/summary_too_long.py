"""Is a summary longer than what it stands for in lists and feeds?"""

from collections.abc import Iterator
from typing import Final

from alsoread.desk.check.subject import Subject
from alsoread.diagnostics import Diagnostic
from alsoread.news.sanitize import text_of

__all__ = ["CODE", "check"]

CODE: Final = "AR122"
_LONGEST: Final = 400


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Summaries that show more than 400 characters; what only marks them up is not counted."""
    if len(subject.story.summary) <= _LONGEST:
        return
    length = len(text_of(subject.body.summary_html))
    if length > _LONGEST:
        message = f"the summary has {length} characters; lists and feeds have room for {_LONGEST}"
        hint = "keep a sentence or two, and move the rest to the body"
        yield subject.found(CODE, subject.place("summary"), message, hint)
