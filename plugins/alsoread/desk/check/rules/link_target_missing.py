"""Does a link lead to something inside the site that is not there?"""

from collections.abc import Iterator
from typing import Final

from alsoread.desk.check.inside import Lead, leads
from alsoread.desk.check.saying import shown
from alsoread.desk.check.subject import Archive
from alsoread.diagnostics import Diagnostic

__all__ = ["CODE", "check"]

CODE: Final = "AR411"


def check(archive: Archive) -> Iterator[Diagnostic]:
    """Links to what is not in the site, or not seen by its readers."""
    for path, target, lead in leads(archive, pictures=False):
        what = _what(lead, is_draft=_is_draft(archive, path))
        if what:
            message = f"the link to '{shown(target.address)}' leads to {what}"
            hint = lead.better or "the address of a story, a page or a file that is there"
            yield Diagnostic(path, target.line, target.column, CODE, message, hint)


def _is_draft(archive: Archive, path: str) -> bool:
    story = archive.stories.get(path) or archive.pages[path]
    return story.status == "draft"


def _what(lead: Lead, *, is_draft: bool) -> str:
    """What is wrong with where a link leads. What will be published by and by may be linked by a draft."""
    if lead.state == "missing":
        return f"'{shown(lead.name)}', and nothing is there"
    if lead.state == "not published" and lead.story is not None and not is_draft:
        return "a draft" if lead.story.status == "draft" else f"{lead.story.path}, which is not published"
    return ""
