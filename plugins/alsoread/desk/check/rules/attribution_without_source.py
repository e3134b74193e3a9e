"""Does a story say that it draws on an outlet, and not list it?"""

import re
from collections.abc import Iterator
from typing import Final

from alsoread.desk.check.outlets import unlisted
from alsoread.desk.check.saying import as_field, shown
from alsoread.desk.check.subject import Subject
from alsoread.diagnostics import Diagnostic
from alsoread.news.frontmatter import Sequence as Items

__all__ = ["CODE", "check"]

CODE: Final = "AR706"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Stories with sources whose words name another one as where they have it from."""
    name = unlisted(subject)
    if name:
        pattern = r"[\s\[\]*_!]+".join(map(re.escape, name.split()))
        match = re.search(pattern, subject.markdown.prose)
        where = subject.in_body(match.start()) if match else (subject.front.body_line, 1)
        message = f"the text draws on '{shown(name)}', which is none of the story's sources"
        yield subject.found(CODE, where, message, _with_source(subject, name))


def _with_source(subject: Subject, name: str) -> str:
    """What makes an outlet one of the story's sources: an entry of their list, or the list for the short form."""
    entry = as_field("name", name)
    listed = subject.node("sources")
    if isinstance(listed, Items):
        return f"{{{entry}}}" if listed.flow else f"- {entry}"
    given = ", ".join(
        "{" + ", ".join(as_field(key, value) for key, value in (("name", each.name), ("url", each.url)) if value) + "}"
        for each in subject.story.sources
    )
    line = f"sources: [{given}, {{{entry}}}]"
    return line if subject.front.fenced else f"put the fields between lines '---', with {line}"
