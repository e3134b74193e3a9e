"""How is a page asked for, in one line?

By its template, the names that are its own and what the writer is given. A content is told by where its file is, a list
by what is in it, and what a digest leads to by what it is known as.
"""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import jinja2
from markupsafe import Markup
from pelican.urlwrappers import Author, Category, Tag

from alsoread.press.digests import digest
from alsoread.press.numbering import StablePaginator
from alsoread.press.parts import Part, PartTeller, is_of_part
from alsoread.press.rows import Group
from alsoread.press.told import told_or_kind
from alsoread.press.world import World

__all__ = ["UNTOLD", "Asked", "Calls"]

# what Pelican calls the content that a page is of, and the list of all
_OWNER: Final = "article"
_ALL: Final = "all_articles"
_SCALARS: Final = frozenset({str, Markup, bool, int, type(None)})
_WRAPPERS: Final = frozenset({Category, Author, Tag})
# what Pelican gives them; a plugin may give them more, and pages may show it
_OF_WRAPPERS: Final = frozenset({"settings", "_name", "_slug", "_slug_from_name", "name", "slug"})
# settings that decide no page: the stage is another one each time
_NOWHERE: Final = frozenset({"OUTPUT_PATH", "ALSOREAD_JOBS"})
_NOTHING: Final = object()


class Asked(NamedTuple):
    """How a page is asked for: one line, empty where it cannot be told, and whether it is asked for with things that
    lead to what more than their names decides; the place of the article that it is the page of, if it is one's; and how
    it is asked for by a part of that, the smallest first.
    """

    mark: str
    beyond: bool = False
    owner: str = ""
    parts: tuple[Part, ...] = ()

    def page(self, number: int, teller: PartTeller | None) -> "Asked":
        """How one page of a list is asked for."""
        if not self.mark:
            return self
        parts = tuple(each.page(number) for each in self.parts)
        part = None if teller is None else teller.part(number)
        return Asked(f"{self.mark} {number}", self.beyond, "", parts if part is None else (part, *parts))

    @property
    def marks(self) -> tuple[str, ...]:
        """The lines by which it may be known."""
        return (*(part.mark for part in self.parts), self.mark)

    def mark_for(self, own: Group) -> str:
        """The line by which a page is known that read ``own`` of its names."""
        return next((part.mark for part in self.parts if is_of_part(own, part)), self.mark)


UNTOLD: Final = Asked("")


class _Untold(Exception):
    """A value that calls cannot be told apart by."""


@dataclass(slots=True)
class Calls:
    """Tells how pages are asked for, in the world of one build."""

    world: World
    _lists: dict[int, tuple[object, str]] = field(default_factory=dict)
    _numbers: dict[int, tuple[object, "array[int]"]] = field(default_factory=dict)
    _places: dict[int, str] | None = None
    _told_places: dict[bytes, str] = field(default_factory=dict)
    _settings: str = ""

    def asked(
        self, template: jinja2.Template, context: Mapping[str, Any], names: Mapping[str, Any], *more: object
    ) -> Asked:
        """How a page with these names of its own is asked for; ``more`` are scalars that decide it too."""
        if context is not self.world.context or not template.name:
            return UNTOLD
        beyond: list[object] = []
        try:
            told = [
                (name, context.get(name, _NOTHING) is value, self._told(value, beyond)) for name, value in names.items()
            ]
        except _Untold:
            return UNTOLD
        owner = self.world.anchor(names.get(_OWNER))
        called = (template.name, more)
        mark = self._mark(called, told)
        parts: tuple[Part, ...] = ()
        if _ALL in names:
            # what pages of lists get besides, and nearly none looks at
            shorter = self._mark(called, [row if row[0] != _ALL else row[:2] for row in told])
            parts = (Part(shorter, (), frozenset({_ALL})),)
        return Asked(mark, bool(beyond), owner[1] if owner is not None else "", parts)

    def _mark(self, called: object, told: object) -> str:
        return digest(self._told_settings(), repr((called, told)))

    def parts(
        self,
        template: jinja2.Template,
        context: Mapping[str, Any],
        names: Mapping[str, Any],
        paginators: Mapping[str, StablePaginator],
        *more: object,
    ) -> PartTeller | None:
        """How the pages of lists are asked for, by what is on each."""
        lists = frozenset(name for name, value in names.items() if type(value) is list)
        others = {name: value for name, value in names.items() if name not in lists}
        shared = sorted(name for name in lists if context.get(name, _NOTHING) is names[name])
        told = self.asked(template, context, others, *more).mark
        return PartTeller(repr((told, shared)), lists, paginators, self._told_slice) if told else None

    def _told_settings(self) -> str:
        """The settings, which decide the pages of a list and the addresses of categories, authors and tags."""
        if not self._settings:
            names = sorted(name for name in self.world.context if name.isupper() and name not in _NOWHERE)
            self._settings = digest(*(f"{name}={told_or_kind(self.world.context[name])}" for name in names))
        return self._settings

    def _told(self, value: Any, beyond: list[object]) -> str:
        kind = type(value)
        if kind in _SCALARS:
            return f"{kind.__name__} {value}"
        place = self.world.anchor(value)
        if place is not None:
            return f"@{place}"
        if kind is list or kind is tuple:
            return self._told_list(value)
        if kind is dict:
            return repr({name: self._told(each, beyond) for name, each in value.items()})
        if kind in _WRAPPERS and _OF_WRAPPERS.issuperset(vars(value)):
            return repr((kind.__name__, str(value.name), str(value.slug)))
        known_as = getattr(kind, "known_as", None)
        if known_as is None:
            raise _Untold
        beyond.append(value)
        return repr((kind.__name__, known_as(value)))

    def _told_list(self, items: Sequence[Any]) -> str:
        known = self._lists.get(id(items))
        if known is None or known[0] is not items:
            known = self._lists[id(items)] = (items, self._told_contents(self._numbers_of(items)))
        return known[1]

    def _told_slice(self, items: Sequence[Any], begin: int, end: int) -> str:
        """Some contents of a list in a line; empty where it holds anything else."""
        try:
            return self._told_contents(self._numbers_of(items)[begin:end])
        except _Untold:
            return ""

    def _numbers_of(self, items: Sequence[Any]) -> "array[int]":
        known = self._numbers.get(id(items))
        if known is None or known[0] is not items:
            known = self._numbers[id(items)] = (items, array("Q", map(id, items)))
        return known[1]

    def _told_contents(self, numbers: "array[int]") -> str:
        """Contents in their order, by their identities; topics have their stories twice, in lists of the same order."""
        if self._places is None:
            self._places = self.world.places()
        key = numbers.tobytes()
        known = self._told_places.get(key)
        if known is None:
            try:
                told = "\n".join(map(self._places.__getitem__, numbers))
            except KeyError:
                raise _Untold from None
            known = self._told_places[key] = digest(str(len(numbers)), told)
        return known
