"""Does a story not say whose picture it shows?"""

from collections.abc import Iterator
from typing import Final

from alsoread.desk.check.saying import shown
from alsoread.desk.check.subject import Subject
from alsoread.diagnostics import Diagnostic

__all__ = ["CODE", "check"]

CODE: Final = "AR415"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Pictures of stories without a credit."""
    image = subject.story.image
    if image is not None and not image.credit.strip():
        message = f"nothing says whose picture '{shown(image.src)}' is"
        yield subject.found(CODE, subject.place("image"), message, "credit: Who made the picture")
