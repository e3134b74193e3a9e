"""Which settings did a site have before a change?

The old file is not run: it would want all that it imports as that was, and a place to stand in. It is read, and so is
what it takes everything of. A value that stands there is the value it had; of others nothing is told.
"""

import ast
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any, Final

from alsoread.settings_file import UNTOLD, Assigned, assignments, literal, path_beside, read_python

__all__ = ["are_the_same", "assignments_at", "settings_before"]

# where the content was is known otherwise, and the others are of the moment
_APART: Final = frozenset({"PATH", "OUTPUT_PATH", "ALSOREAD_NOW", "ALSOREAD_JOBS"})

Assignments = Mapping[str, tuple[Assigned, ...]]


def assignments_at(source: str, read_old: Callable[[str], str | None]) -> Assignments | None:
    """The assignments of a settings file as it was; None where that cannot be told.

    ``read_old`` gives the text that a file had then.
    """
    lost = []

    def taken(module: str) -> tuple[str, str] | None:
        beside = os.path.join(os.path.dirname(source), *module.split(".")) + ".py"
        there: str = getattr(sys.modules.get(module), "__file__", None) or beside
        # what is not the digest's own is as it is: a package that is installed
        text = read_old(there) or read_old(beside) or read_python(there)
        if text is None:
            lost.append(module)
            return None
        return text, path_beside(source, there)

    text = read_old(source)
    found = assignments(text, source, taken) if text is not None else {}
    return None if lost or not found else found


def settings_before(
    now: Assignments, then: Assignments, site: Mapping[str, Any], defaults: Mapping[str, Any]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The settings of a ``site`` as they were, and the names of those that are others now and cannot be told."""
    before, untold = dict(site), []
    for name in sorted({*now, *then}):
        if not name.isupper() or name in _APART or _said(now.get(name, ())) == _said(then.get(name, ())):
            continue
        value = _value(then[name]) if name in then else defaults.get(name)
        if value is UNTOLD or not _is_alike(name, value, site.get(name, defaults.get(name))):
            untold.append(name)
        elif name in then or name in defaults:
            before[name] = value
        else:
            before.pop(name, None)
    return before, tuple(untold)


def are_the_same(now: Assignments, then: Assignments) -> bool:
    """Whether every setting is assigned what it was assigned before."""
    return all(_said(now.get(name, ())) == _said(then.get(name, ())) for name in {*now, *then} if name.isupper())


def _said(sites: tuple[Assigned, ...]) -> list[str]:
    return [ast.dump(each.value) if each.value is not None else "" for each in sites]


def _value(sites: tuple[Assigned, ...]) -> object:
    return literal(sites[0]) if len(sites) == 1 else UNTOLD


def _is_alike(name: str, value: object, other: object) -> bool:
    """Whether a value can have been one of that setting. Ours are judged later; Pelican judges its own by running."""
    return name.startswith("ALSOREAD_") or value is None or other is None or type(value) is type(other)
