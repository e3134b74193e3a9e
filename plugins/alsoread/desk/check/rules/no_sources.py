"""Does a story not say where it has its facts from?"""

from collections.abc import Iterator
from typing import Final

from alsoread.desk.check.subject import Subject
from alsoread.diagnostics import Diagnostic

__all__ = ["CODE", "check"]

CODE: Final = "AR701"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Stories, drafts excepted, without any source."""
    if not subject.is_page and subject.story.status != "draft" and not subject.story.sources:
        yield subject.found(CODE, subject.place("sources"), "the story names no source", "source: Harbour Post")
