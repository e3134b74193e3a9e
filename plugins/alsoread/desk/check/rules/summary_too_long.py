"""Is a summary longer than what it stands for in lists and feeds?"""

import re
from collections.abc import Iterator
from typing import Final

from alsoread.desk.check.saying import as_field
from alsoread.desk.check.subject import Subject
from alsoread.diagnostics import Diagnostic
from alsoread.news.sanitize import text_of

__all__ = ["CODE", "check"]

CODE: Final = "AR122"
_LONGEST: Final = 400
# the end of a sentence, but not that of "Dr." or "U.S."
_END: Final = re.compile(r"(?<![A-Z.][A-Za-z])(?<!\b[A-Z])[.!?…][\"”’')]*(?=\s)|[。？！]")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Summaries that show more than 400 characters; what only marks them up is not counted."""
    if len(subject.story.summary) <= _LONGEST:
        return
    length = len(text_of(subject.body.summary_html))
    if length > _LONGEST:
        message = f"the summary has {length} characters; lists and feeds have room for {_LONGEST}"
        short = _beginning(subject.story.summary)
        hint = "keep a sentence or two, and move the rest to the body"
        if short:
            hint = as_field("summary", short, fenced=subject.front.fenced)
        yield subject.found(CODE, subject.place("summary"), message, hint)


def _beginning(summary: str) -> str:
    """The first sentences, as many as there is room for; nothing where none ends outside of what is marked up."""
    flat = " ".join(summary.split())
    ends = [match.end() for match in _END.finditer(flat) if match.end() <= _LONGEST]
    return next((flat[:end] for end in reversed(ends) if _is_whole(flat[:end])), "")


def _is_whole(text: str) -> bool:
    """Whether what marks up a text ends where it begins."""
    pairs = all(text.count(begin) == text.count(end) for begin, end in ("[]", "()", "<>"))
    return pairs and all(text.count(mark) % 2 == 0 for mark in "*_`")
