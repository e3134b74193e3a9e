"""Is a page asked for as it was the last time?

What a page shows is decided by how it is asked for, its template and the names that are its own, and by what it reads
from there on. How it is asked for can be told in one line. Where that line is the same, what the page read of its own
names is the same, and need not be read again; what it read of contents and of the names that all pages share is known
by groups, each of which is looked at once for all pages.
"""

import json
import zlib
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final, NamedTuple

import jinja2
from markupsafe import Markup
from pelican.urlwrappers import Author, Category, Tag

from alsoread.press.digests import digest
from alsoread.press.numbering import StablePaginator
from alsoread.press.parts import Part, PartTeller, is_of_part
from alsoread.press.planned import PAGES, PLAN, SINCE
from alsoread.press.rows import Group, Row
from alsoread.press.store import Store
from alsoread.press.told import told_or_kind
from alsoread.press.world import World

__all__ = ["UNTOLD", "Asked", "Calls", "Plan", "Planned"]

# where no more than one page in so many is another, only these are written
_SHARE: Final = 20
_TOGETHER: Final = 512
# what Pelican calls the content that a page is of, and the list of all
_OWNER: Final = "article"
_ALL: Final = "all_articles"
_encoded: Final = json.JSONEncoder(separators=(",", ":")).encode
_SCALARS: Final = frozenset({str, Markup, bool, int, type(None)})
_WRAPPERS: Final = frozenset({Category, Author, Tag})
# what Pelican gives them; a plugin may give them more, and pages may show it
_OF_WRAPPERS: Final = frozenset({"settings", "_name", "_slug", "_slug_from_name", "name", "slug"})
# settings that decide no page: the stage is another one each time
_NOWHERE: Final = frozenset({"OUTPUT_PATH", "ALSOREAD_JOBS"})
_NOTHING: Final = object()

Same = tuple[str, str, Row]
"""That an object which a page met at one place is the one that it met at another: the root, and the row."""


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


class Planned(NamedTuple):
    """What the last build knew of a page: how it was asked for and of which article it is, the name of its bytes, its
    groups, which objects it met twice, and whether it read more of its own names than how it was asked for tells.
    """

    mark: str
    owner: str
    kept: str
    groups: Sequence[str]
    same: Sequence[Same]
    beyond: bool


class Plan:
    """The pages of the last build, and those of this one. ``about`` says of which content a group of reads is, and
    whether it goes beyond that.

    In the store they are as they were once, and what is another since. The second tells by a checksum which the first
    is: where one of the two is not what it was, nothing is known.
    """

    def __init__(self, store: Store) -> None:
        self.about: dict[str, tuple[str, bool]] = {}
        self._store = store
        self._now: dict[str, Planned] = {}
        self._asked: dict[str, Asked] = {}
        self._before: Mapping[str, Planned] = {}
        self._once: Mapping[str, Planned] = {}
        self._sum = 0
        self._owned: dict[str, tuple[str, Planned]] | None = None
        self._by_mark: dict[str, str] | None = None
        with suppress(ValueError, TypeError, LookupError, AttributeError):
            self._read(store.text(PLAN, PAGES), store.get(PLAN, SINCE))

    def _read(self, text: str | None, since: Any) -> None:
        before, more, newer, gone = since
        if text is None or before != _sum(text):
            return
        groups, rows = json.loads(text)
        names = [group for group, _, _ in groups]
        once = {
            page: Planned(mark, owner, kept, [names[number] for number in own], same, beyond)
            for page, mark, owner, kept, own, same, beyond in rows
        }
        now = {page: Planned(*row) for page, *row in newer}
        about = {group: (place, bool(beyond)) for group, place, beyond in (*groups, *more) if beyond is not None}
        left = set(gone)
        self._before = {**{page: planned for page, planned in once.items() if page not in left}, **now}
        self._once, self._sum, self.about = once, before, about

    def forget_all(self) -> None:
        """Let nothing be known of the last build."""
        self.about, self._before, self._once = {}, {}, {}

    def of(self, owner: str) -> tuple[str, Planned] | None:
        """The page of the last build that was an article's; None if there was not just one."""
        if self._owned is None:
            times = Counter(planned.owner for planned in self._before.values())
            owned = ((page, planned) for page, planned in self._before.items() if times[planned.owner] == 1)
            self._owned = {planned.owner: (page, planned) for page, planned in owned if planned.owner}
        return self._owned.get(owner)

    def before(self, page: str, asked: Asked) -> Planned | None:
        """A page of the last build, if it was asked for in the same way."""
        if not asked.mark:
            return None
        self._asked[page] = asked
        planned = self._before.get(page)
        return planned if planned is not None and planned.mark in asked.marks else None

    def forget(self, page: str) -> None:
        """A page is asked for once more, and nobody knows how: what comes of it is not what was asked for at first."""
        self._asked.pop(page, None)

    def asked_so(self, asked: Asked) -> tuple[str, Planned] | None:
        """The page of the last build that was asked for in this way."""
        if self._by_mark is None:
            self._by_mark = {planned.mark: page for page, planned in self._before.items()}
        for mark in asked.marks if asked.mark else ():
            page = self._by_mark.get(mark)
            if page is not None:
                return page, self._before[page]
        return None

    def note(self, page: str, record: Mapping[str, Any], leads_beyond: Callable[[str], bool]) -> None:
        """Take note of a page's record; ``leads_beyond`` says of reads, as they are written, whether more decides them
        than how a page is asked for.
        """
        asked, own = self._asked.get(page, UNTOLD), record["own"]
        # names lead nowhere by themselves, only steps do
        beyond = asked.beyond and leads_beyond(_encoded([rows for _, _, rows in own]))
        self._now[page] = Planned(
            asked.mark_for(own), asked.owner, record["kept"], record["groups"], _same(own), beyond
        )

    def at(self, page: str) -> Planned:
        """A page of the last build."""
        return self._before[page]

    def keep(self, page: str, planned: Planned) -> None:
        """Take note of a page that is as it was."""
        self._now[page] = planned

    def save(self, pages: Iterable[str], about: Callable[[str], tuple[str, bool]] | None) -> None:
        """Hand the pages to the store; ``about`` says of what a group is, if that is known."""
        now = {page: self._now[page] for page in pages if page in self._now and self._now[page].mark}
        newer = {page: planned for page, planned in now.items() if planned != self._once.get(page)}
        gone = sorted(self._once.keys() - now.keys())
        # groups are known in the same way, or not at all
        is_known = (about is None) == (not self.about)
        if is_known and self._once and (len(newer) + len(gone)) * _SHARE <= len(self._once):
            used = dict.fromkeys(group for planned in newer.values() for group in planned.groups)
            named = [[page, *planned] for page, planned in newer.items()]
            self._store.put(PLAN, SINCE, [self._sum, [*_told_groups(used, about)], named, gone])
            return
        numbers: dict[str, int] = {}
        rows = (
            [
                page,
                *planned[:3],
                [numbers.setdefault(group, len(numbers)) for group in planned.groups],
                planned.same,
                int(planned.beyond),
            ]
            for page, planned in now.items()
        )
        pages = [*_pieces(rows)]
        text = "".join(["[[", *_pieces(_told_groups(numbers, about)), "],[", *pages, "]]"])
        del pages
        self._store.put_text(PLAN, PAGES, text)
        self._store.put(PLAN, SINCE, [_sum(text), [], [], []])


def _pieces(items: Iterable[object]) -> Iterator[str]:
    """Items as JSON has those of a list, some in each piece: all together are several times as large as the text."""
    items, comma = iter(items), ""
    while some := [*islice(items, _TOGETHER)]:
        yield comma + _encoded(some)[1:-1]
        comma = ","


def _told_groups(
    groups: Iterable[str], about: Callable[[str], tuple[str, bool]] | None
) -> Iterator[tuple[str, str, int | None]]:
    """Groups with what is known of them."""
    for group in groups:
        place, beyond = about(group) if about is not None else ("", None)
        yield group, place, None if beyond is None else int(beyond)


def _sum(text: str) -> int:
    return zlib.crc32(text.encode())


def _same(own: Group) -> list[Same]:
    return [(kind, name, row) for kind, name, rows in own for row in rows if len(row) > 2 and row[2] == "same"]
