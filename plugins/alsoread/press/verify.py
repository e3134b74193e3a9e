"""Is what a page read still so?

Each read is done again on the values of this build and its fingerprint compared. What fails to be read compares as
different, so that the page is rendered and the failure shows where it belongs.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

import jinja2
from jinja2.utils import missing

from alsoread.press.digests import Untold
from alsoread.press.facts import fact_about
from alsoread.press.reads import ATTRIBUTE, CALL, ITEM, KEY, LOOKUP, SLICE, VALUE, Place, Read, Root, Step
from alsoread.press.rows import Row, of_content
from alsoread.press.values import ABSENT, Fingerprint, told
from alsoread.press.world import World

__all__ = ["Reader"]

_GONE: Final = Fingerprint("gone")
_ABSENT_VALUE: Final = jinja2.Undefined()


class Reader:
    """Reads places for one page: its names and its template's environment, in the world of this build."""

    def __init__(self, world: World, names: Mapping[str, Any], environment: jinja2.Environment) -> None:
        self._world = world
        self._names = names
        self._environment = environment
        self._met: dict[Place, object] = {}
        self._contents: dict[str, object] = {}

    def holds(self, read: Read, fingerprint: Fingerprint) -> bool:
        """Whether a read would give the same fingerprint now."""
        root, steps, fact = read
        if fact == "same":
            other_root, other_steps = json.loads(fingerprint)
            other = tuple(other_root), tuple(tuple(step) for step in other_steps)
            return self._is_same((root, steps), other)
        return self.now(read) == fingerprint

    def holds_simply(self, kind: str, location: str, row: Row) -> bool:
        """Whether a read is of an attribute of a content, the most frequent kind, and holds; else nobody knows yet."""
        if kind != "generated_content" or not of_content(row):
            return False
        if location not in self._contents:
            self._contents[location] = self._world.at((kind, location))
        try:
            value = getattr(self._contents[location], row[0])
            return bool(told(value, self._world.anchor) == row[1])
        except Exception:  # noqa: BLE001 - the general way will tell
            return False

    def now(self, read: Read) -> Fingerprint:
        """The fingerprint that a read gives now."""
        root, steps, fact = read
        try:
            value = self._at((root, steps))
            if value is missing or value is _ABSENT_VALUE:
                return ABSENT if fact == "value" else _GONE
            return fact_about(value, fact, self._world)
        except Untold:
            return _GONE
        except Exception:  # noqa: BLE001 - whatever a theme's or plugin's object raises, the page is rendered
            return _GONE

    def _is_same(self, place: Place, other: Place) -> bool:
        try:
            return self._at(place) is self._at(other)
        except Exception:  # noqa: BLE001 - as above
            return False

    def _at(self, place: Place) -> object:
        """The value at a place; each is looked up once, so that a property gives one object."""
        if place in self._met:
            return self._met[place]
        root, steps = place
        if not steps:
            value = self._root(root)
        else:
            before = self._at((root, steps[:-1]))
            gone = before is missing or before is _ABSENT_VALUE
            value = missing if gone else _taken(before, steps[-1])
        self._met[place] = value
        return value

    def _root(self, root: Root) -> object:
        kind, name = root
        if kind == "local":
            return self._names.get(name, missing)
        if kind == "global":
            return self._environment.globals.get(name, missing)
        return self._world.at(root)


def _taken(value: object, step: Step) -> object:
    """One step from a value, as Jinja's environment takes it."""
    anything: Any = value
    match step[0]:
        case str(kind) if kind == ATTRIBUTE:
            try:
                return getattr(anything, step[1])
            except AttributeError:
                return _item(anything, step[1])
        case str(kind) if kind == ITEM:
            found = _item(anything, step[1])
            if found is _ABSENT_VALUE and isinstance(step[1], str):
                return getattr(anything, step[1], _ABSENT_VALUE)
            return found
        case str(kind) if kind == LOOKUP:
            return anything.get(step[1], _ABSENT_VALUE)
        case str(kind) if kind == SLICE:
            return anything[slice(*step[1:])]
        case str(kind) if kind == CALL:
            return getattr(anything, step[1])(*step[2:])
        case str(kind) if kind == KEY:
            return list(anything.keys())[step[1]]
        case str(kind) if kind == VALUE:
            return list(anything.values())[step[1]]
        case _:
            return missing


def _item(value: Any, key: Any) -> object:
    try:
        return value[key]
    except (TypeError, LookupError, AttributeError):
        return _ABSENT_VALUE
