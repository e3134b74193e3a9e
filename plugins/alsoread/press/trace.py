"""What did one page read while it was rendered?

A *read* is a place and a fact about what is there. A place begins at a root (a name of the page's context, a content
by its file, a template by its name) and takes steps from there: an attribute, an item, a slice, a call. The values
that templates work with are the real ones; the trace knows each object by its identity and remembers the place where
the page met it first. What no template can have got from a place is made of values that were read, and needs no note.

The shape is that of a verifying trace: Mokhov, Mitchell, Peyton Jones, "Build systems a la carte" (2018), 4.2.2.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from jinja2.runtime import Undefined
from jinja2.utils import missing

from alsoread.press.digests import Untold
from alsoread.press.values import (
    ABSENT,
    SCALARS,
    Fingerprint,
    is_key,
    is_scalar,
    items_of,
    told,
    told_items,
    told_whole,
)

__all__ = [
    "ATTRIBUTE",
    "CALL",
    "ITEM",
    "KEY",
    "LOOKUP",
    "SLICE",
    "VALUE",
    "Place",
    "Read",
    "Root",
    "Step",
    "Trace",
    "World",
]

Root = tuple[str, ...]
Step = tuple[Any, ...]
Place = tuple[Root, tuple[Step, ...]]
Read = tuple[Root, tuple[Step, ...], str]
"""A root, the steps from it, and which fact about the value there."""

_DEEP: Final = 20
_EMPTY_TUPLE: Final[tuple[object, ...]] = ()
_TABLES: Final = ("generated_content", "static_content")

# the steps
ATTRIBUTE: Final = "a"  # getattr, else item
ITEM: Final = "i"  # item, else getattr
LOOKUP: Final = "g"  # `mapping.get`, which changes nothing where an item of a defaultdict would
SLICE: Final = "s"
CALL: Final = "c"  # a method that may be called again
KEY: Final = "k"  # the nth key of a mapping
VALUE: Final = "v"  # the nth value of a mapping


@dataclass(slots=True)
class World:
    """What all pages of one build share: the context, and where its contents are.

    ``settled`` is set where nobody can put another content in the place of one while pages are written.
    """

    context: Mapping[str, Any]
    settled: bool = False
    _anchors: dict[int, tuple[object, Root]] = field(default_factory=dict)
    _known: dict[tuple[Root, tuple[Step, ...], str], tuple[object, Fingerprint]] = field(default_factory=dict)
    _size: int = 0

    def __post_init__(self) -> None:
        for table in _TABLES:
            for location, content in self.context.get(table, {}).items():
                if content is not None:
                    self._anchors.setdefault(id(content), (content, (table, str(location))))
        self._size = self._count()

    def _count(self) -> int:
        return sum(len(self.context.get(table, ())) for table in _TABLES)

    def anchor(self, value: object) -> Root | None:
        """Where a content is known from."""
        found = self._anchors.get(id(value))
        if found is None or found[0] is not value:
            return None
        if self.settled:
            return found[1]
        table, location = found[1]
        return found[1] if self.context[table].get(location) is value else None

    def at(self, root: Root) -> object:
        """The value at a root of this kind; :data:`jinja2.runtime.missing` if there is none."""
        kind, name = root
        if kind == "name":
            return self.context.get(name, missing)
        content = self.context.get(kind, {}).get(name)
        return missing if content is None or self.anchor(content) != root else content

    def forget(self) -> None:
        """After foreign code has run: contents may have come, gone or changed."""
        self._known.clear()
        if self._count() != self._size:
            self._anchors.clear()
            self.__post_init__()

    def remembered(self, read: Read, value: object) -> Fingerprint | None:
        """The fingerprint that this read gave another page, if it was of this very object."""
        known = self._known.get(read)
        return known[1] if known is not None and known[0] is value else None

    def remember(self, read: Read, value: object, fingerprint: Fingerprint) -> None:
        """Let other pages have the fingerprint."""
        self._known[read] = (value, fingerprint)


class Trace:
    """The reads of one page, in order.

    ``local`` are the names that the page does not share with the others, ``names`` all names it was rendered with.
    ``opaque`` says why a page must be rendered each time, if it must.
    """

    def __init__(self, world: World, names: Mapping[str, Any], local: frozenset[str]) -> None:
        self.reads: dict[Read, Fingerprint] = {}
        self.opaque: dict[str, None] = {}
        self.names = names
        self._world = world
        self._local = local
        self._places: dict[int, tuple[object, Place]] = {}
        self._fetched: dict[int, object] | None = None
        # kept for the time of the page, so that no other object gets the identity
        self._changed: list[object] = []

    # what templates look up

    def name(self, key: str, value: object, globals_: Mapping[str, Any]) -> None:
        """A name was looked up; a value that is neither the page's nor a global was made by the template."""
        if value is missing:
            if key not in self.names:
                self._note((self._root(key), (), "value"), ABSENT)
            if key not in globals_:
                self._note((("global", key), (), "value"), ABSENT)
        elif self.names.get(key, missing) is value:
            self._enter(value, (self._root(key), ()))
        elif globals_.get(key, missing) is value:
            self._enter(value, (("global", key), ()))

    def _root(self, key: str) -> Root:
        return ("local" if key in self._local else "name", key)

    def step(self, value: object, step: Step, result: object) -> None:
        """A step was taken from a value."""
        if type(value) in SCALARS:
            return
        place = self.place(value)
        if place is None:
            return
        if not is_key(step[1]):
            self.hide(f"an item by a key of {type(step[1]).__name__}")
            return
        self._enter(result, (place[0], (*place[1], step)))

    def sliced(self, value: object, cut: slice, result: object) -> None:
        """A slice was taken; what is in it counts, not what it was taken from."""
        place = self.place(value)
        if place is None:
            return
        bounds = (cut.start, cut.stop, cut.step)
        if not all(is_key(bound) for bound in bounds):
            self.hide("a slice with odd bounds")
            return
        self._enter(result, (place[0], (*place[1], (SLICE, *bounds))))
        self.items(result)

    def called(self, value: object, name: str, arguments: Sequence[object], result: object) -> None:
        """A method that may be called again, with scalar arguments, gave a result."""
        place = self.place(value)
        if place is None or not all(is_key(argument) for argument in arguments):
            self.hide(f"{type(value).__qualname__}.{name}()")
            return
        self._enter(result, (place[0], (*place[1], (CALL, name, *arguments))))

    # what is done with a value

    def items(self, value: object) -> None:
        """All items of a container were looked at, and each may be used."""
        if type(value) in SCALARS or value is None:
            return
        place = self.place(value)
        if place is None:
            return
        root, steps = place
        self._fact(value, (root, steps, "items"))
        for step, child in _children(value):
            if not is_scalar(child) and self._world.anchor(child) is None:
                self._enter(child, (root, (*steps, step)), note=False)

    def unpacked(self, value: object, depth: int) -> None:
        """A container was taken apart, and what was in it, down to a depth; 0 is the container alone."""
        self.items(value)
        if depth > 0 and type(value) not in SCALARS:
            for item in items_of(value) or ():
                self.unpacked(item, depth - 1)

    def length(self, value: object) -> None:
        """Only the number of items counts."""
        place = self.place(value)
        if place is not None:
            self._fact(value, (*place, "length"))

    def truth(self, value: object) -> None:
        """Only whether the value is true counts."""
        kind = type(value)
        if kind in SCALARS or not (hasattr(kind, "__bool__") or hasattr(kind, "__len__")):
            return
        place = self.place(value)
        if place is not None:
            self._fact(value, (*place, "truth"))

    def text(self, value: object) -> None:
        """The value was turned into text."""
        if type(value) in SCALARS:
            return
        place = self.place(value)
        if place is None:
            place = self._anchored(value)
        if place is not None:
            self._fact(value, (*place, "text"))
        else:
            self._within(value, self.text)

    def whole(self, value: object) -> None:
        """Anything in the value may have been looked at, at any depth."""
        if type(value) in SCALARS:
            return
        place = self.place(value)
        if place is not None:
            self._fact(value, (*place, "whole"))
            self._open(value, place, 0)
        else:
            self._within(value, self.whole)

    def _open(self, value: object, place: Place, depth: int) -> None:
        """What is in a container that was looked at whole may be taken out of it by paths that nobody sees."""
        if depth > _DEEP or not isinstance(value, Mapping | list | tuple | AbstractSet):
            return
        root, steps = place
        for step, child in _children(value):
            if type(child) not in SCALARS and self._world.anchor(child) is None:
                within = (root, (*steps, step))
                self._enter(child, within, note=False)
                self._open(child, within, depth + 1)

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
        self._places.pop(id(value), None)
        self._changed.append(value)

    def hide(self, why: str) -> None:
        """The page did something that cannot be told, and is rendered each time."""
        self.opaque[why] = None

    def note(self, root: Root, fact: str, fingerprint: Fingerprint) -> None:
        """A fact about something that is no value: a template, a function."""
        self._note((root, (), fact), fingerprint)

    def place(self, value: object) -> Place | None:
        """Where the page met an object first."""
        found = self._places.get(id(value))
        if found is not None and found[0] is value:
            return found[1]
        return self._anchored(value)

    def _anchored(self, value: object) -> Place | None:
        root = self._world.anchor(value)
        return None if root is None else (root, ())

    def _enter(self, value: object, place: Place, *, note: bool = True) -> None:
        root, steps = place
        if note:
            self._note((root, steps, "value"), told(value, self._world.anchor))
        if (
            type(value) in SCALARS
            or value is _EMPTY_TUPLE
            or isinstance(value, Undefined)
            or self._world.anchor(value) is not None
        ):
            return
        known = self._places.get(id(value))
        if known is None or known[0] is not value:
            self._places[id(value)] = (value, place)
        elif known[1] != place:
            # two ways to one object: whether they still lead to the same one is a read of its own
            other_root, other_steps = known[1]
            self._note((root, steps, "same"), Fingerprint(json.dumps([other_root, other_steps])))

    def _fact(self, value: object, read: Read) -> None:
        if read in self.reads:
            return
        if read[0][0] == "local":
            self._note(read, self._found(value, read[2]))
            return
        fingerprint = self._world.remembered(read, value)
        if fingerprint is None:
            fingerprint = self._found(value, read[2])
            self._world.remember(read, value, fingerprint)
        self._note(read, fingerprint)

    def _found(self, value: object, fact: str) -> Fingerprint:
        try:
            return fact_about(value, fact, self._world)
        except Untold as untold:
            self.hide(str(untold))
            return ABSENT

    def _note(self, read: Read, fingerprint: Fingerprint) -> None:
        self.reads.setdefault(read, fingerprint)


def fact_about(value: object, fact: str, world: World) -> Fingerprint:
    """One fact about a value.

    :raises Untold: if it cannot be told.
    """
    anything: Any = value
    match fact:
        case "value":
            return told(value, world.anchor)
        case "items":
            return told_items(value, world.anchor)
        case "length":
            return Fingerprint(f"length:{len(anything)}")
        case "truth":
            return Fingerprint(f"truth:{bool(anything)}")
        case "text":
            html = getattr(anything, "__html__", None)
            return told(f"{anything}\0{html()}" if html is not None else str(anything), world.anchor)
        case _:
            return told_whole(value, world.anchor)


def _children(value: object) -> Iterator[tuple[Step, object]]:
    if isinstance(value, Mapping):
        for place, (key, item) in enumerate(value.items()):
            yield (KEY, place), key
            yield ((ITEM, key) if is_key(key) else (VALUE, place)), item
    else:
        for place, item in enumerate(items_of(value) or ()):
            yield (ITEM, place), item
