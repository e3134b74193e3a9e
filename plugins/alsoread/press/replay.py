"""How would a page look with other values in a few places, where all else is as it was when it was rendered?

The record of the page says what it read. So it can be rendered from that: what it reads is given to it out of its
record, short texts and numbers as they were, objects as things of which nothing is known but what was read of them. Who
asks for more is told that there is no answer. The page is rendered in this way twice: once with nothing changed, to see
that it comes out as it was, and once with the other values.
"""

import ast
import datetime as dt
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn
from zoneinfo import ZoneInfo

from jinja2.utils import missing
from markupsafe import Markup
from pelican.utils import SafeDatetime

from alsoread.press.reads import ATTRIBUTE, ITEM, At, Place, Read, Root, Step
from alsoread.press.rows import Group, Row, read_of, reads_in, row_of, shortened
from alsoread.press.values import ABSENT, EMPTY, Fingerprint, told

__all__ = ["CannotReplay", "Replay", "Seen"]

_CONTENTS: Final = "generated_content"
_DIGEST: Final = re.compile(r"[sm]:#[0-9a-f]{24}")
_ZONE: Final = re.compile(r"zoneinfo\.ZoneInfo\(key='([\w/+-]+)'\)")
_DAY: Final = re.compile(r"date:datetime\.date\((\d+), (\d+), (\d+)\)")
_PLAIN: Final = ("NoneType:", "bool:", "int:", "float:")
_TIMES: Final = {"datetime": dt.datetime, "SafeDatetime": SafeDatetime}
_LISTS: Final = {"<builtins.list>": list, "<builtins.tuple>": tuple}

Given = Mapping[Place, object]
"""By their places values that are others than they were: scalars, and contents as :class:`At` has them."""


class CannotReplay(Exception):
    """The page wants to know what its record does not say; the message says what."""


@dataclass(slots=True, eq=False)
class Replay:
    """What a page read, by its ``groups``, with other values in the places of those that are ``given``.

    ``known`` gives an attribute of a content, by the place of that, where somebody knows it without the content; it
    raises LookupError where nobody does. ``texts`` gives what a content may have said that is long: it is known again
    by its digest. When the page has been rendered ``more`` are the reads that it makes now and did not make then, and
    ``bodies`` are as those of a trace.
    """

    groups: Sequence[Group]
    known: Callable[[str, str], object]
    texts: Callable[[str], Iterable[str]] = lambda place: ()
    given: Given = field(default_factory=dict)
    more: dict[Read, Fingerprint] = field(default_factory=dict)
    bodies: dict[str, str | None] = field(default_factory=dict)
    _facts: dict[Read, Fingerprint] = field(default_factory=dict)
    _values: dict[Place, object] = field(default_factory=dict)
    _contents: "dict[Root, Seen]" = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._facts = dict(reads_in(each for group in self.groups for each in group))

    @property
    def names(self) -> dict[str, object]:
        """The names that the page looked up, with their values; those that it did not find are left out."""
        found = {}
        for root, steps, fact in self._facts:
            if root[0] in ("name", "local") and not steps and fact == "value":
                value = self.value((root, ()))
                if value is not missing:
                    found[root[1]] = value
        return found

    def has(self, root: Root) -> bool:
        """Whether something was read at a root."""
        return (root, (), "value") in self._facts

    def fact(self, place: Place, fact: str) -> Fingerprint | None:
        """A fact about the value at a place, if the page looked at it."""
        return self._facts.get((*place, fact))

    def value(self, place: Place) -> Any:
        """The value at a place; :data:`jinja2.utils.missing` where there was none.

        :raises CannotReplay: where that is not known.
        """
        if place not in self._values:
            self._values[place] = self._found(place)
        return self._values[place]

    def _found(self, place: Place) -> object:
        recorded = self.fact(place, "value")
        if place in self.given:
            value = self.given[place]
            if isinstance(value, At):
                value = self._content(value, _fingerprint(value))
            self._note(place, recorded, _fingerprint(value))
            return value
        if recorded is not None:
            return self.made(recorded, place)
        value = self._on_card(place)
        self._note(place, recorded, _fingerprint(value))
        return value

    def _note(self, place: Place, recorded: Fingerprint | None, now: Fingerprint) -> None:
        if recorded != now:
            self.more[*place, "value"] = now

    def _on_card(self, place: Place) -> Any:
        (kind, name), steps = place
        if kind != _CONTENTS or len(steps) != 1 or steps[0][0] != ATTRIBUTE:
            raise CannotReplay(f"{place} was not read")
        try:
            return self.known(name, steps[0][1])
        except LookupError:
            raise CannotReplay(f"{place} was not read") from None

    def made(self, told_as: str, place: Place) -> object:
        """A value that has a fingerprint, at a place."""
        if told_as == ABSENT:
            return missing
        if told_as == EMPTY:
            return ()
        if told_as[:2] in ("s:", "m:") and not _DIGEST.fullmatch(told_as):
            return Markup(told_as[2:]) if told_as[0] == "m" else told_as[2:]  # noqa: S704 - as it was
        if told_as.startswith(_PLAIN):
            return ast.literal_eval(told_as.partition(":")[2])
        if told_as[0] == "@":
            kind, _, name = told_as[1:].partition("/")
            return self._content((kind, name), told_as)
        if told_as[0] == "<":
            return self._thing(told_as, place)
        return self._scalar(told_as, place)

    def _content(self, root: Root, told_as: str) -> "Seen":
        """A content is one object, wherever it is met."""
        return self._contents.setdefault((root[0], root[1]), Seen(self, ((root[0], root[1]), ()), told_as))

    def _thing(self, told_as: str, place: Place) -> object:
        same = self.fact(place, "same")
        if same is not None:
            # it was met at another place before, and what was read of it was read there
            root, steps = json.loads(same)
            return self._met((tuple(root), tuple(map(tuple, steps))))
        items = self.fact(place, "items")
        if told_as in _LISTS and items is not None and items.startswith("items:["):
            each = json.loads(items.removeprefix("items:"))
            return _LISTS[told_as](self._item(one, place, number) for number, one in enumerate(each))
        return Seen(self, place, told_as)

    def _met(self, place: Place) -> object:
        root, steps = place
        if steps and steps[-1][0] == ITEM and self.fact(place, "value") is None:
            # what was in a list is told with the list
            items = self._met((root, steps[:-1]))
            number = steps[-1][1]
            if isinstance(items, list | tuple) and type(number) is int and number < len(items):
                return items[number]
        return self.value(place)

    def _item(self, told_as: str, place: Place, number: int) -> object:
        root, steps = place
        return self.made(told_as, (root, (*steps, (ITEM, number))))

    def _scalar(self, told_as: str, place: Place) -> object:
        for candidate in self._candidates(told_as, place):
            if told(candidate, lambda value: None) == told_as:
                return candidate
        raise CannotReplay(f"what {place} was is known by its digest alone")

    def _candidates(self, told_as: str, place: Place) -> Iterator[object]:
        with suppress(CannotReplay):
            yield self._on_card(place)
        if _DIGEST.fullmatch(told_as) and place[0][0] == _CONTENTS:
            for text in self.texts(place[0][1]):
                yield Markup(text) if told_as[0] == "m" else text  # noqa: S704 - it has the digest of what was
        kind, _, text = told_as.partition(":")
        if kind in _TIMES:
            moment, _, zone = text.partition(" ")
            try:
                found = _TIMES[kind].fromisoformat(moment)
                yield found
                yield found.replace(tzinfo=None)
                if named := _ZONE.fullmatch(zone):
                    yield found.replace(tzinfo=ZoneInfo(named[1]))
            except (ValueError, LookupError, OSError):
                pass
        if day := _DAY.fullmatch(told_as):
            yield dt.date(*map(int, day.groups()))

    def groups_now(self) -> list[Group]:
        """The groups of reads as the page has them now, and perhaps a few that it had then and has not now."""
        left = dict(self.more)
        now: list[Group] = []
        for group in self.groups:
            roots: Group = []
            for kind, name, rows in group:
                root: Root = (kind, name)
                own = [self._row_now(root, row, left) for row in rows]
                roots.append((kind, name, own + [_row(read, left.pop(read)) for read in list(left) if read[0] == root]))
            now.append(roots)
        others: dict[Root, list[Row]] = {}
        for read, told_as in left.items():
            others.setdefault(read[0], []).append(_row(read, told_as))
        return now + [[(kind, name, rows)] for (kind, name), rows in others.items()]

    def _row_now(self, root: Root, row: Row, left: dict[Read, Fingerprint]) -> Row:
        read = read_of(root[0], root[1], row)
        if read in left:
            return _row(read, left.pop(read))
        if read[2] == "value" and read[:2] in self.given:
            return _row(read, _fingerprint(self.given[read[:2]]))
        return row


class Seen:
    """An object of which a page knows what it read of it then."""

    __slots__ = ("_place", "_replay", "_told")

    def __init__(self, replay: Replay, place: Place, told_as: str) -> None:
        self._replay, self._place, self._told = replay, place, told_as

    def _at(self, step: Step) -> Any:
        root, steps = self._place
        return self._replay.value((root, (*steps, step)))

    @property
    def root(self) -> Root | None:
        """The root of a content; None for what is none."""
        root, steps = self._place
        return None if steps or root[0] != _CONTENTS else root

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        value = self._at((ATTRIBUTE, name))
        if value is missing:
            raise AttributeError(name)
        return value

    def __getitem__(self, key: Any) -> Any:
        root, steps = self._place
        # who finds no attribute looks for an item
        is_absent = self._replay.fact((root, (*steps, (ATTRIBUTE, key))), "value") == ABSENT
        value = missing if is_absent else self._at((ITEM, key))
        if value is missing:
            raise LookupError(key)
        return value

    def __bool__(self) -> bool:
        truth = self._replay.fact(self._place, "truth")
        if truth is not None:
            return truth == "truth:True"
        return self._told[0] == "@" or _is_always_true(self._told) or self._unknown()

    def __len__(self) -> int:
        length = self._replay.fact(self._place, "length")
        return int(length.removeprefix("length:")) if length is not None else self._unknown()

    def __str__(self) -> str:
        text = self._replay.fact(self._place, "text")
        # behind a zero byte it has a say of its own in how it is escaped
        if text is None or text[:2] not in ("s:", "m:") or _DIGEST.fullmatch(text) or "\0" in text:
            self._unknown()
        return text[2:]

    def _unknown(self, *_: object) -> NoReturn:
        raise CannotReplay(f"more of {self._place} than was read")

    __iter__ = __contains__ = __call__ = __eq__ = __ne__ = __lt__ = __gt__ = __le__ = __ge__ = _unknown
    __add__ = __radd__ = __mul__ = __rmul__ = __mod__ = __format__ = _unknown
    __hash__ = _unknown


def _fingerprint(value: object) -> Fingerprint:
    if isinstance(value, Seen):
        return Fingerprint(value._told)
    if isinstance(value, At):
        return Fingerprint("@" + "/".join(value))
    return ABSENT if value is missing else told(value, lambda each: None)


def _row(read: Read, told_as: Fingerprint) -> Row:
    _, steps, fact = read
    return row_of([shortened(step) for step in steps], fact, told_as)


def _is_always_true(told_as: str) -> bool:
    """Whether an object of that class is true whatever it holds."""
    module, _, name = told_as[1:-1].rpartition(".")
    kind = getattr(sys.modules.get(module), name, None)
    return isinstance(kind, type) and not hasattr(kind, "__bool__") and not hasattr(kind, "__len__")
