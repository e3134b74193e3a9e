"""How does a file lose the byte order mark that it begins with?

The finding is made where files are decoded (``news.characters``); here is what puts it right.
"""

from typing import Final

from alsoread.desk.check.repair import Repair

__all__ = ["CODE", "fix"]

CODE: Final = "AR006"


def fix(repair: Repair) -> str | None:
    """The text without its byte order mark."""
    return repair.text.removeprefix("\ufeff")
