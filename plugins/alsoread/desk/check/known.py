"""What did the check make of each file the last time?

Kept beside what the last build knew, and only where there is such a place: a check of a site that was never built
writes nothing.
"""

import os
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from alsoread.archive import is_slow
from alsoread.desk.check.examine import Examined, day_of
from alsoread.desk.check.subject import Card, Target
from alsoread.diagnostics import Diagnostic
from alsoread.memory import FileMemory, scope_of
from alsoread.news.ignores import Ignore
from alsoread.news.storyfile import StoryFile
from alsoread.press.plain import Plain
from alsoread.press.store import Store
from alsoread.press.values import digest
from alsoread.settings import DigestSettings
from alsoread.story import Body, Contributor, Correction, CrossLink, Image, Link, Source, Story

__all__ = ["STORE", "known_files"]

STORE: Final = "checked.sqlite"
_PLAIN: Final = Plain(
    *(Examined, Card, Target, StoryFile, Story, Body, CrossLink, Source, Correction, Link, Image, Contributor),
    *(Diagnostic, Ignore),
)
# what no rule over files looks at
_APART: Final = frozenset({"now", "jobs", "related", "drafts", "places", "ignore"})


def known_files(
    folder: str, recipe: str, settings: DigestSettings, markdown: Mapping[str, Any]
) -> tuple[Store, FileMemory[Examined]] | None:
    """What is known, and the store to save when the check is over; None where there is no place for one.

    ``folder`` is the press's own, beside the output.
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
    return store, FileMemory(store, "checked", scope, _PLAIN, Examined, _is_lasting)


def _is_lasting(examined: Examined) -> bool:
    return not is_slow((*examined.file.findings, *examined.findings))


def _told(value: object) -> str:
    return repr(sorted(value) if isinstance(value, frozenset) else value)
