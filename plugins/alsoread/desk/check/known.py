"""What did the check make of each file the last time?

Kept beside what the last build knew, and only where there is such a place: a check of a site that was never built
writes nothing.
"""

import os
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from alsoread.desk.check.examine import Examined, day_of
from alsoread.memory import FileMemory, scope_of
from alsoread.press.digests import digest
from alsoread.press.records import Records
from alsoread.press.store import Store
from alsoread.settings import DigestSettings
from alsoread.shelf import is_slow

__all__ = ["STORE", "known_files"]

STORE: Final = "checked.sqlite"
# what no rule over files looks at
_APART: Final = frozenset({"now", "jobs", "related", "drafts", "places", "ignore"})


def known_files(
    folder: str, recipe: str, root: str, settings: DigestSettings, markdown: Mapping[str, Any]
) -> tuple[Store, FileMemory[Examined]] | None:
    """What is known, and the store to save when the check is over; None where there is no place for one.

    ``folder`` is the press's own, beside the output; ``root`` holds the content.
    """
    if not os.path.isdir(folder):
        return None
    scope = scope_of(recipe, settings, markdown)
    # rules know the day, not the hour: so a verdict is good for a day
    told = [
        f"{each.name}={_told(getattr(settings, each.name))}" for each in fields(settings) if each.name not in _APART
    ]
    store = Store(os.path.join(folder, STORE))
    scope = digest(scope, day_of(settings.now).isoformat(), *told) if scope else ""
    return store, FileMemory(store, "checked", scope, root, Records(Examined), _is_lasting)


def _is_lasting(examined: Examined) -> bool:
    return not is_slow((*examined.file.findings, *examined.findings))


def _told(value: object) -> str:
    return repr(sorted(value) if isinstance(value, frozenset) else value)
