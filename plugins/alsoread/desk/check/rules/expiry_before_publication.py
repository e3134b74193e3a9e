"""Does a story expire before anybody can read it?"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from alsoread.desk.check.subject import Subject
from alsoread.desk.check.typed import typed_in
from alsoread.diagnostics import Diagnostic

__all__ = ["CODE", "check"]

CODE: Final = "AR128"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Stories that expire at their date or before, or not after their embargo."""
    expires = subject.story.expires
    for name, begun in (("embargo_until", subject.story.embargo_until), ("date", subject.story.date)):
        if expires is not None and begun is not None and expires <= begun:
            message = (
                f"'expires' is {typed_in(subject, 'expires')}, not after '{name}' ({typed_in(subject, name)}): "
                "nobody would ever see the story"
            )
            after = begun.astimezone(subject.settings.timezone).date() + timedelta(days=1)
            yield subject.found(CODE, subject.place("expires"), message, f"expires: {after}")
            return
