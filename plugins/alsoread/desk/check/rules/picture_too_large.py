"""Is a picture so large that readers wait for it?"""

from collections.abc import Iterator
from typing import Final

from alsoread.desk.check.inside import leads
from alsoread.desk.check.saying import shown
from alsoread.desk.check.subject import Archive
from alsoread.diagnostics import Diagnostic

__all__ = ["CODE", "check"]

CODE: Final = "AR416"
_LARGEST: Final = 1_000_000


def check(archive: Archive) -> Iterator[Diagnostic]:
    """Pictures that a story shows, of more than 1,000,000 bytes."""
    for path, target, lead in leads(archive, pictures=True):
        size = archive.files.get(lead.name, 0) if lead.state == "there" else 0
        if size > _LARGEST:
            message = f"the picture '{shown(target.address)}' has {size:,} bytes; more than {_LARGEST:,} take long"
            hint = "make it at most 1600 pixels wide, and save it again as JPEG or WebP"
            yield Diagnostic(path, target.line, target.column, CODE, message, hint)
