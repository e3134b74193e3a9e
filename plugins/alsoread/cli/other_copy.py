"""Which copy of Alsoread does a site mean?"""

import importlib.machinery
import os
from collections.abc import Mapping
from typing import Any, Final

__all__ = ["GUARD", "other_copy"]

GUARD: Final = "ALSOREAD_COPY"
"""The variable that says that this is the copy which is meant."""


def other_copy(settings: Mapping[str, Any]) -> str:
    """The folder of a copy of Alsoread (a fork's own) in the site's ``PLUGIN_PATHS``; empty if this one is meant."""
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    spec = importlib.machinery.PathFinder.find_spec(
        "alsoread", [str(path) for path in settings.get("PLUGIN_PATHS") or []]
    )
    if spec is None or not spec.submodule_search_locations or os.environ.get(GUARD):
        return ""
    other = os.path.realpath(spec.submodule_search_locations[0])
    return "" if other == os.path.realpath(here) else other
