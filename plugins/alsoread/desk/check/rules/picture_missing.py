"""Is a picture of a story not there?"""

from collections.abc import Iterator
from typing import Final

from alsoread.desk.check.inside import leads
from alsoread.desk.check.saying import shown
from alsoread.desk.check.subject import Archive
from alsoread.diagnostics import Diagnostic

__all__ = ["CODE", "check"]

CODE: Final = "AR413"


def check(archive: Archive) -> Iterator[Diagnostic]:
    """Pictures inside the site that no file is there for."""
    for path, target, lead in leads(archive, pictures=True):
        if lead.state == "missing":
            message = f"the picture '{shown(target.address)}' is not there: no file is called '{shown(lead.name)}'"
            story = archive.stories.get(path) or archive.pages[path]
            is_card = story.image is not None and story.image.src == target.address
            better = lead.better.partition("}/")[2] if is_card else lead.better
            hint = better or "put the file below " + " or ".join(archive.static)
            yield Diagnostic(path, target.line, target.column, CODE, message, hint)
