"""Does a picture say nothing to those who cannot see it?"""

import re
from collections.abc import Iterator
from typing import Final

from alsoread.desk.check.saying import shown
from alsoread.desk.check.subject import Subject
from alsoread.diagnostics import Diagnostic

__all__ = ["CODE", "check"]

CODE: Final = "AR414"
_BY_NAME: Final = re.compile(r"!\[[ \t]*\][ \n]?\[[^\[\]\n]{1,200}\]")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Pictures without an alternative text; in HTML an empty one says that the picture is for looks only."""
    image = subject.story.image
    if image is not None and not image.alt.strip():
        message = f"the picture '{shown(image.src)}' has no alternative text"
        yield subject.found(CODE, subject.place("image"), message, "alt: What the picture shows")
    for reference in subject.markdown.references:
        if reference.kind != "picture" or reference.title.strip():
            continue
        is_html = subject.front.body.startswith("<", reference.start)
        if reference.words is None or (not is_html and not reference.words.strip()):
            message = f"the picture '{shown(reference.target)}' has no alternative text"
            hint = 'alt="What the picture shows"' if is_html else f"![What the picture shows]({reference.target})"
            yield subject.found(CODE, subject.in_body(reference.start), message, hint)
    for match in _BY_NAME.finditer(subject.markdown.prose):
        message = f"the picture '{shown(match[0])}' has no alternative text"
        hint = match[0].replace(match[0][: match[0].index("]") + 1], "![What the picture shows]", 1)
        yield subject.found(CODE, subject.in_body(match.start()), message, hint)
