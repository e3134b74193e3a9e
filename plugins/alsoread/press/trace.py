"""What did one page read while it was rendered?

The values that templates work with are the real ones; the trace knows each object by its identity and remembers the
place where the page met it first. What no template can have got from a place is made of values that were read, and
needs no note. What other pages found at the same places is not found out again.

The shape is that of a verifying trace: Mokhov, Mitchell, Peyton Jones, "Build systems a la carte" (2018), 4.2.2.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from typing import Any, Final

from jinja2.runtime import Undefined
from jinja2.utils import missing
from markupsafe import Markup

from alsoread.press.digests import Untold
from alsoread.press.facts import children, fact_about, may_be_false
from alsoread.press.found import OWN, Found, Numbers, Spot
from alsoread.press.reads import ATTRIBUTE, CALL, SLICE, Place, Root, Step
from alsoread.press.rows import Group
from alsoread.press.shown import BODIES, Shown, is_of_body
from alsoread.press.values import ABSENT, EMPTY, SCALARS, Fingerprint, is_key, is_scalar, items_of, told
from alsoread.press.world import World

__all__ = ["Trace"]

_DEEP: Final = 20
_TEXTS: Final = frozenset({str, Markup})
_EMPTY_TUPLE: Final[tuple[object, ...]] = ()
_Met = tuple[object, Spot, Numbers]
"""An object that a page met, the spot where it did so first, and the rows of the page that belong to its group."""


# where what the template made is
_NOWHERE: Final = Spot(("nowhere", ""))


class Trace:
    """The reads of one page, in order.

    ``local`` are the names that the page does not share with the others, ``names`` all names it was rendered with.
    ``opaque`` says why a page must be rendered each time, if it must, and ``shown`` which bodies it took.
    """

    def __init__(self, world: World, names: Mapping[str, Any], local: frozenset[str]) -> None:
        self.opaque: dict[str, None] = {}
        self.shown = Shown()
        self.names = names
        self.resolved: dict[str, object] = {}
        self.used: set[Root] = set()
        self._world = world
        self.local = local
        self._spots = world.spots()
        self._of_page: dict[Root, Spot] = {}
        self._rows: dict[Root, Numbers] = {}
        self._met: dict[int, _Met] = {}
        self._fetched: dict[int, object] | None = None
        # kept for the time of the page, so that no other object gets the identity
        self._changed: list[object] = []

    def grouped(self) -> tuple[dict[str, str], Group]:
        """The reads in groups that other pages may share, as text by their names, and those that are the page's own."""
        shared = (rows for group, rows in self._rows.items() if rows and group is not OWN)
        return dict(map(self._spots.group, shared)), self._spots.written(self._rows.get(OWN, ()))

    # what templates look up

    def name(self, key: str, value: object, globals_: Mapping[str, Any]) -> None:
        """A name was looked up; a value that is neither the page's nor a global was made by the template."""
        self.resolved[key] = value
        if value is missing:
            if key not in self.names:
                self.note(self._root(key), "value", ABSENT)
            if key not in globals_:
                self.note(("global", key), "value", ABSENT)
        elif self.names.get(key, missing) is value:
            self._enter(value, self._spot(self._root(key)))
        elif globals_.get(key, missing) is value:
            self._enter(value, self._spot(("global", key)))

    def _root(self, key: str) -> Root:
        return ("local" if key in self.local else "name", key)

    def _spot(self, root: Root) -> Spot:
        if root[0] != "local":
            return self._spots.at(root)
        # under this name another page has something else
        spot = self._of_page.get(root)
        if spot is None:
            spot = self._of_page[root] = Spot(root)
        return spot

    def attribute(self, value: object, name: str, result: object) -> None:
        """An attribute was taken: a step as any other, and the most frequent one by far."""
        if name in BODIES or name[:1] == "_":
            self.shown.note(self._world.anchor(value), result)
        met = self._met.get(id(value))
        if met is None or met[0] is not value:
            if type(value) in SCALARS:
                return
            met = self._meet_content(value)
            if met is None:
                return
        _, spot, rows = met
        if spot is _NOWHERE:
            return
        found = spot.taken.get(name)
        if found is None or found[0] is not result:
            found = self._find(spot, name, (ATTRIBUTE, name), result)
        rows[found[2]] = None
        if found[3] is not None:
            self._meet(result, found[3], rows)

    def step(self, value: object, step: Step, result: object) -> None:
        """A step was taken from a value."""
        if type(value) in SCALARS:
            return
        if type(step[1]) is str and is_of_body(step[1]):
            self.shown.note(self._world.anchor(value), result)
        met = self._where(value)
        if met is None:
            return
        if not is_key(step[1]):
            self.hide(f"an item by a key of {type(step[1]).__name__}")
            return
        self._take(met, step, result)

    def sliced(self, value: object, cut: slice, result: object) -> None:
        """A slice was taken; what is in it counts, not what it was taken from."""
        met = self._where(value)
        if met is None:
            return
        bounds = (cut.start, cut.stop, cut.step)
        if not all(is_key(bound) for bound in bounds):
            self.hide("a slice with odd bounds")
            return
        self._take(met, (SLICE, *bounds), result)
        self.items(result)

    def called(self, value: object, name: str, arguments: Sequence[object], result: object) -> None:
        """A method that may be called again, with scalar arguments, gave a result."""
        met = self._where(value)
        if met is None or not all(is_key(argument) for argument in arguments):
            self.hide(f"{type(value).__qualname__}.{name}()")
            return
        self._take(met, (CALL, name, *arguments), result)

    def _take(self, met: _Met, step: Step, result: object) -> None:
        _, spot, rows = met
        found = spot.taken.get(step)
        if found is None or found[0] is not result:
            found = self._find(spot, step, step, result)
        rows[found[2]] = None
        if found[3] is not None:
            self._meet(result, found[3], rows)

    def _find(self, spot: Spot, key: str | Step, step: Step, result: object) -> Found:
        """What a step gave, for this page and those after it."""
        before = spot.taken.get(key)
        if before is not None and type(result) in _TEXTS and type(before[0]) is type(result) and before[0] == result:
            return before
        fingerprint = told(result, self._world.anchor)
        if before is not None and before[1] == fingerprint:
            number = before[2]
        else:
            number = self._spots.number(spot, "value", fingerprint, step)
        inside = None if _is_leaf(result, fingerprint) else spot.after(step)
        found = spot.taken[key] = result, fingerprint, number, inside
        return found

    # what is done with a value

    def items(self, value: object) -> None:
        """All items of a container were looked at, and each may be used."""
        if type(value) in SCALARS or value is None:
            return
        met = self._where(value)
        if met is None or not self._fact(met, "items"):
            return
        _, spot, rows = met
        for step, child in children(value):
            if not is_scalar(child) and self._world.anchor(child) is None:
                self._pass(child, spot.after(step), rows)

    def unpacked(self, value: object, depth: int) -> None:
        """A container was taken apart, and what was in it, down to a depth; 0 is the container alone."""
        self.items(value)
        if depth > 0 and type(value) not in SCALARS:
            for item in items_of(value) or ():
                self.unpacked(item, depth - 1)

    def length(self, value: object) -> None:
        """Only the number of items counts."""
        met = self._where(value)
        if met is not None:
            self._fact(met, "length")

    def truth(self, value: object) -> None:
        """Only whether the value is true counts."""
        if type(value) in SCALARS or not may_be_false(type(value)):  # type: ignore[arg-type]
            return
        met = self._where(value)
        if met is not None:
            self._fact(met, "truth")

    def text(self, value: object) -> None:
        """The value was turned into text."""
        if type(value) in SCALARS:
            return
        met = self._where(value)
        if met is not None:
            self._fact(met, "text")
        else:
            self._within(value, self.text)

    def whole(self, value: object) -> None:
        """Anything in the value may have been looked at, at any depth."""
        if type(value) in SCALARS:
            return
        met = self._where(value)
        if met is not None:
            if self._fact(met, "whole"):
                self._open(met, 0)
        else:
            self._within(value, self.whole)

    def _open(self, met: _Met, depth: int) -> None:
        """What is in a container that was looked at whole may be taken out of it by paths that nobody sees."""
        value, spot, rows = met
        if depth > _DEEP or not isinstance(value, Mapping | list | tuple | AbstractSet):
            return
        for step, child in children(value):
            if type(child) not in SCALARS and self._world.anchor(child) is None:
                within = spot.after(step)
                self._pass(child, within, rows)
                self._open((child, within, rows), depth + 1)

    def _within(self, value: object, look: Callable[[object], None]) -> None:
        """A container that the template made: look at what it put there."""
        if isinstance(value, Mapping):
            children: Sequence[object] = [*value.keys(), *value.values()]
        elif isinstance(value, list | tuple | set | frozenset):
            children = [*value]
        else:
            return
        for child in children:
            if type(child) not in SCALARS:
                look(child)

    @contextmanager
    def fetching(self, look: Callable[[object], None]) -> Iterator[None]:
        """A filter fetches attributes for its own use, to sort by them or test them, and looks at each in this way."""
        outer, self._fetched = self._fetched, {}
        try:
            yield
        finally:
            fetched, self._fetched = self._fetched, outer
            for value in fetched.values():
                look(value)

    def fetch(self, value: object, result: object) -> None:
        """A step was taken by such a filter; a value on the way to another is of no use to it."""
        if self._fetched is None:
            return
        self._fetched.pop(id(value), None)
        if type(result) not in SCALARS and not isinstance(result, Undefined):
            self._fetched[id(result)] = result

    def is_copy(self, value: object) -> bool:
        """Whether a list is a slice, which is the template's own."""
        place = self.place(value)
        return place is not None and bool(place[1]) and place[1][-1][0] == SLICE

    def disown(self, value: object) -> None:
        """From here on a value is not what it was at its place: the template has changed its own copy."""
        self._met.pop(id(value), None)
        self._changed.append(value)

    def is_content(self, value: object) -> bool:
        """Whether a value is a content of this build."""
        return self._world.anchor(value) is not None

    def hide(self, why: str) -> None:
        """The page did something that cannot be told, and is rendered each time."""
        self.opaque[why] = None

    def note(self, root: Root, fact: str, fingerprint: Fingerprint) -> None:
        """A fact about something that is no value: a template, a function."""
        spot = self._spot(root)
        known = spot.facts.get(fact)
        if known is None or known[1] != fingerprint:
            number = self._spots.number(spot, fact, fingerprint)
            known = spot.facts[fact] = fingerprint, fingerprint, number, None
        self._rows_of(spot)[known[2]] = None

    def place(self, value: object) -> Place | None:
        """Where the page met an object first."""
        met = self._where(value)
        return None if met is None else (met[1].root, met[1].steps)

    def _where(self, value: object) -> _Met | None:
        met = self._met.get(id(value))
        if met is None or met[0] is not value:
            return self._meet_content(value)
        return None if met[1] is _NOWHERE else met

    def _meet_content(self, value: object) -> _Met | None:
        root = self._world.anchor(value)
        if root is None:
            if self._world.settled:
                self._met[id(value)] = value, _NOWHERE, {}
            return None
        spot = self._spots.at(root)
        met = value, spot, self._rows_of(spot)
        if self._world.settled:
            self._met[id(value)] = met
        return met

    def _rows_of(self, spot: Spot) -> Numbers:
        rows = self._rows.get(spot.group)
        if rows is None:
            rows = self._rows[spot.group] = {}
        return rows

    def _enter(self, value: object, spot: Spot) -> None:
        """A value was found at a root."""
        found = spot.facts.get("value")
        if found is None or found[0] is not value:
            fingerprint = told(value, self._world.anchor)
            number = self._number(spot, "value", fingerprint)
            found = spot.facts["value"] = value, fingerprint, number, None if _is_leaf(value, fingerprint) else spot
        rows = self._rows_of(spot)
        rows[found[2]] = None
        if found[3] is not None:
            self._meet(value, spot, rows)

    def _pass(self, value: object, spot: Spot, rows: Numbers) -> None:
        """A value is in a container that was looked at."""
        if value is not _EMPTY_TUPLE and not isinstance(value, Undefined):
            self._meet(value, spot, rows)

    def _meet(self, value: object, spot: Spot, rows: Numbers) -> None:
        known = self._met.get(id(value))
        if known is None or known[0] is not value or known[1] is _NOWHERE:
            self._met[id(value)] = value, spot, rows
        elif known[1] is not spot:
            # two ways to one object: whether they still lead to the same one is a read of its own
            first = known[1]
            same = spot.facts.get("same")
            if same is None or same[0] is not first:
                fingerprint = Fingerprint(json.dumps([first.root, first.steps]))
                number = self._number(spot, "same", fingerprint)
                same = spot.facts["same"] = first, fingerprint, number, None
            self._rows.setdefault(OWN, {})[same[2]] = None

    def _number(self, spot: Spot, fact: str, fingerprint: Fingerprint) -> int:
        before = spot.facts.get(fact)
        if before is not None and before[1] == fingerprint:
            return before[2]
        return self._spots.number(spot, fact, fingerprint)

    def _fact(self, met: _Met, fact: str) -> bool:
        """Note a fact about a value; whether the page did not have it yet."""
        value, spot, rows = met
        found = spot.facts.get(fact)
        if found is None or found[0] is not value:
            try:
                fingerprint = fact_about(value, fact, self._world)
            except Untold as untold:
                self.hide(str(untold))
                return True
            found = spot.facts[fact] = value, fingerprint, self._number(spot, fact, fingerprint), None
        elif rows.get(found[2]) is value:
            return False
        rows[found[2]] = value
        return True


def _is_leaf(value: object, fingerprint: Fingerprint) -> bool:
    """Whether a value has no steps that would have to be told, or a place of its own that they are told from."""
    return type(value) in SCALARS or fingerprint is ABSENT or fingerprint is EMPTY or fingerprint[0] == "@"
