"""Does a heading skip a level, or claim that of the headline?"""

from collections.abc import Iterator
from typing import Final

from alsoread.desk.check.markdown import Heading
from alsoread.desk.check.saying import shown
from alsoread.desk.check.subject import Subject
from alsoread.diagnostics import Diagnostic

__all__ = ["CODE", "check"]

CODE: Final = "AR206"
_HEADLINE: Final = 1
_DEEPEST_FIRST: Final = 3


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Headings of level 1, and those more than one level below the heading before."""
    before = 0
    for heading in subject.markdown.headings:
        if not heading.words:
            continue
        message, hint = _about(heading, before, subject.front.body)
        if message:
            yield subject.found(CODE, subject.in_body(heading.at), message, hint)
        # one of level 1 is published as one of level 2
        before = max(heading.level, 2)


def _about(heading: Heading, before: int, body: str) -> tuple[str, str]:
    """What is to be said of a heading; ``before`` is the level of the one before it, 0 where it is the first."""
    words, deepest = shown(heading.words), before + 1 if before else _DEEPEST_FIRST
    if heading.level == _HEADLINE:
        is_word = body[heading.at] == "#" and not body[heading.at + 1].isspace()
        hint = f"\\#{heading.words}" if is_word else f"## {heading.words}"
        return f"'{words}' is a heading of level 1, which is the headline's", hint
    if heading.level <= deepest:
        return "", ""
    why = f"behind one of level {before}" if before else "and the first of the story"
    message = f"'{words}' is a heading of level {heading.level}, {why}"
    return message, f"{'#' * deepest} {heading.words}"
