"""Does a story list a source, and name another one in its words?"""

from collections.abc import Iterator
from typing import Final

from alsoread.desk.check.outlets import is_named, unlisted
from alsoread.desk.check.saying import shown
from alsoread.desk.check.subject import Place, Subject
from alsoread.diagnostics import Diagnostic
from alsoread.news.frontmatter import Mapping, Scalar
from alsoread.story import Source

__all__ = ["CODE", "check"]

CODE: Final = "AR707"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Sources that are named nowhere in a text that draws on an outlet which is not listed."""
    named = unlisted(subject)
    if not named:
        return
    text = f"{subject.story.title} {subject.story.summary} {subject.body.text}"
    for source in subject.story.sources:
        if not is_named(source, text):
            message = f"the text names '{shown(named)}' as its source, and nowhere '{shown(source.name)}'"
            hint = "say in the text what comes from this source, or list the one that the text names"
            yield subject.found(CODE, _place(subject, source), message, hint)


def _place(subject: Subject, source: Source) -> Place:
    """Where the name of a source stands, or its address."""
    for item in subject.items("sources"):
        fields = {key.text: value for key, value in item.entries} if isinstance(item, Mapping) else {}
        name = fields.get("name")
        if isinstance(name, Scalar) and name.text.strip() == source.name:
            return name.line, name.column
    return subject.place("source" if subject.node("source") is not None else "source_url")
