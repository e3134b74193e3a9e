"""Where is the theme that comes with the package?

Settings files ask for it, so this imports next to nothing.
"""

import os
from typing import Final

__all__ = ["bundled_theme"]

_PACKAGE: Final = os.path.dirname(os.path.abspath(__file__))


def bundled_theme() -> str:
    """The folder of the theme ``broadsheet``: in the installed package, or beside it in a checkout."""
    installed = os.path.join(_PACKAGE, "themes", "broadsheet")
    return (
        installed
        if os.path.isdir(installed)
        else os.path.join(os.path.dirname(os.path.dirname(_PACKAGE)), "themes", "broadsheet")
    )
