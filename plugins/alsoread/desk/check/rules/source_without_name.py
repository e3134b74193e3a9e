"""Has a source an address and no name?"""

from collections.abc import Iterator
from typing import Final

from alsoread.desk.check.saying import shown
from alsoread.desk.check.subject import Subject
from alsoread.diagnostics import Diagnostic
from alsoread.news.frontmatter import Scalar

__all__ = ["CODE", "check"]

CODE: Final = "AR702"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """A ``source_url`` without ``source``; an entry of ``sources`` cannot be without a name."""
    url, name = subject.node("source_url"), subject.node("source")
    has_name = isinstance(name, Scalar) and bool(name.text.strip().strip("~"))
    if isinstance(url, Scalar) and subject.story.sources and not has_name:
        first = subject.story.sources[0]
        if first.url == url.text.strip() and first.name in url.text:
            message = f"the source has no name, and readers see '{shown(first.name)}'"
            yield subject.found(CODE, subject.place("source_url"), message, "source: The outlet")
