"""Does a story say that it draws on an outlet, and not list it?"""

import re
from collections.abc import Iterator
from typing import Final

from alsoread.desk.check.outlets import unlisted
from alsoread.desk.check.saying import as_field, shown
from alsoread.desk.check.subject import Subject
from alsoread.diagnostics import Diagnostic

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
        yield subject.found(CODE, where, message, f"- {as_field('name', name)}")
