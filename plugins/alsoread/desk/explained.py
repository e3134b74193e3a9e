"""What does the page of a code say?

The pages are those of the documentation: in the installed package, or beside it in a checkout.
"""

import os
from typing import Final

from alsoread.diagnostics import CODES

__all__ = ["page_of"]

_PACKAGE: Final = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def page_of(code: str) -> str:
    """The page of a code, in Markdown.

    :raises KeyError: if there is no such code.
    """
    installed = os.path.join(_PACKAGE, "explained")
    beside = os.path.join(os.path.dirname(os.path.dirname(_PACKAGE)), "docs", "diagnostics")
    folder = installed if os.path.isdir(installed) else beside
    with open(os.path.join(folder, f"{CODES[code].name}.md"), encoding="utf-8") as file:
        return file.read()
