"""Which pages are fresh, which are stale, and why?

A page's record says what it read, in groups: one for each content it looked at, one for the names all pages share, one
for templates and functions. Groups are shared between pages and checked once in a build. A page is fresh if all it read
is as it was and its bytes are at hand; then Pelican is given those. Any other page is rendered, under a trace.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

import jinja2

from alsoread.press.asked import UNTOLD, Asked, Calls
from alsoread.press.calls import Call
from alsoread.press.carried import Carried, owner_of
from alsoread.press.digests import digest
from alsoread.press.fresh import Change, Freshness
from alsoread.press.keep import Keep
from alsoread.press.later import Later, Waiting
from alsoread.press.marks import Same, is_steady_again, was_unsteady
from alsoread.press.numbering import StablePaginator
from alsoread.press.parts import PartTeller
from alsoread.press.plan import Plan, Planned
from alsoread.press.rendering import Noted, render_traced
from alsoread.press.spoken import count_under
from alsoread.press.stamps import Stamp
from alsoread.press.store import Store, encoded
from alsoread.press.trace import Trace
from alsoread.press.world import World

__all__ = ["Memory", "Rendered"]

# the kind of the entry that has the recipe of a build that has written records and did not end
_AHEAD: Final = "ahead"
# characters of what was found that are held until they are written
_MUCH: Final = 8_000_000
# how many of the fresh pages are rendered again where that is asked for
_SHARE: Final = 0.1
_AT_LEAST: Final = 100


class Rendered(NamedTuple):
    """The outcome for one page: the name its bytes are kept under, and the text if it was rendered; or it is
    ``waiting`` for that.
    """

    page: str
    kept: str
    text: str | None
    waiting: Waiting | None = None


@dataclass(slots=True)
class Memory:
    """What the last build knew of each page, and what this one finds.

    ``foreign`` is set where other code may touch pages in the middle of a build; nothing is then taken for granted from
    one page to the next. Pages wait in ``later``, if there is such a place. With a ``seed`` some fresh pages, chosen by
    it, are rendered all the same. What was read of contents that are the ``same`` holds. ``hidden`` tells that a page
    looked at something that cannot be told. ``calls`` are how each page is rendered, where somebody wants them.
    """

    store: Store
    keep: Keep
    recipe: Mapping[str, str]
    world: World
    foreign: bool = False
    seed: str = ""
    reasons: Counter[str] = field(default_factory=Counter)
    different: list[str] = field(default_factory=list)
    rendered: int = 0
    reused: int = 0
    hidden: bool = False
    same: Same | None = None
    later: Later | None = None
    calls: dict[str, Call] | None = None
    _pages: dict[str, str] = field(default_factory=dict)
    _groups: set[str] = field(default_factory=set)
    # those of which this build has put the text into the store
    _put: set[str] = field(default_factory=set)
    _named: dict[str, str] = field(default_factory=dict)
    _because: dict[str, list[Change]] = field(default_factory=dict)
    _held: int = 0
    _ahead: Mapping[str, str] | None = None
    _is_behind: bool = False
    _plan: Plan = field(init=False)
    _fresh: Freshness = field(init=False)
    _calls: Calls = field(init=False)
    _bodies: Carried = field(init=False)

    def __post_init__(self) -> None:
        self._plan, self._calls, self._bodies = Plan(self.store), Calls(self.world), Carried(self.store)
        self._ahead = self.store.get(_AHEAD, "pages")
        self._is_behind = self._ahead is not None or not self._bodies.is_known
        if self._is_behind:
            # marks and plan are of another build than records: each of these is looked at
            self._plan.forget_all()
            self._bodies.forget()
            self.same = None if self.same is None else replace(self.same, contents=frozenset(), beyond=False)
        self._fresh = Freshness(self.store, self.keep, self.recipe, self.world, self._plan, self.same, self._ahead)
        if self._fresh.changed_recipe():
            # what leads beyond a content may have been told by other rules
            self._plan.about.clear()
            is_steady_again(self.store)

    def page(self, template: jinja2.Template, names: Mapping[str, Any]) -> Rendered:
        """One page: fresh, or rendered now."""
        page = str(names["output_file"])
        if self.foreign:
            self.world.forget()
            self._fresh.forget()
        local = self._local(names)
        if self.calls is not None:
            self.calls[page] = Call.of(template, self.world.context, {name: names[name] for name in local})
        record: dict[str, Any] | None = self.store.get("page", page) if page not in self._pages else None
        changes = self._fresh.changes(record, page, template, names, local)
        if record is not None and not changes and not self._is_sampled(page):
            self.reused += 1
            self._keep_record(page, record)
            return Rendered(page, record["kept"], None)
        own = {name: names[name] for name in local}
        lacking = frozenset(name for name in self.world.context if name not in names)
        waiting = self._put_by(page, template, own, lacking, changes)
        if waiting is not None:
            return Rendered(page, "", "", waiting)
        text, noted = self._noted(page, template, names, local, changes)
        self.note(noted)
        kept = noted.record["kept"]
        if record is not None and not changes and kept != record["kept"]:
            self.different.append(page)
        return Rendered(page, kept, text)

    def _put_by(
        self,
        page: str,
        template: jinja2.Template,
        own: Mapping[str, Any],
        lacking: frozenset[str],
        changes: list[Change],
    ) -> Waiting | None:
        """Let a page wait to be rendered; None where it cannot."""
        if self.later is None or self.seed:
            return None
        return self.later.put_by(page, template, own, lacking, changes)

    def asked(
        self, template: jinja2.Template, context: Mapping[str, Any], names: Mapping[str, Any], *more: object
    ) -> Asked:
        """How a page is asked for, by the names that are given with it."""
        return UNTOLD if self.foreign or self.seed else self._calls.asked(template, context, names, *more)

    def parts(
        self,
        template: jinja2.Template,
        context: Mapping[str, Any],
        names: Mapping[str, Any],
        paginators: Mapping[str, StablePaginator],
        *more: object,
    ) -> PartTeller | None:
        """How the pages of lists are asked for, by what is on each."""
        return None if self.foreign or self.seed else self._calls.parts(template, context, names, paginators, *more)

    def reusable(self, template: jinja2.Template, own: Mapping[str, Any], asked: Asked) -> Rendered | None:
        """A page that is fresh, or waits; None for one that has to be rendered now, or looked at in the other way.

        ``own`` are the names that are set for it alone, whatever all pages share. Call it only where no ``foreign``
        code is about.
        """
        page = str(own["output_file"])
        if page in self._pages or self._is_sampled(page):
            return None
        planned = self._plan.before(page, asked)
        if planned is not None and self._take({page: planned}, template, own):
            return Rendered(page, planned.kept, None)
        record: dict[str, Any] | None = self.store.get("page", page)
        local = self._local(own)
        changes = self._fresh.changes(record, page, template, own, local)
        names = {name: own[name] for name in local}
        waiting = self._put_by(page, template, names, frozenset(), changes) if changes else None
        if changes and waiting is None:
            return None
        if self.calls is not None:
            self.calls[page] = Call.of(template, self.world.context, names)
        if record is None or waiting is not None:
            return Rendered(page, "", "", waiting)
        self.reused += 1
        self._keep_record(page, record)
        return Rendered(page, record["kept"], None)

    def asked_again(self, page: str) -> None:
        """A page that was asked for before is to be written once more, in the place of the other one."""
        self._plan.forget(page)

    def pages_of(self, places: Iterable[str]) -> dict[str, str]:
        """By the places of articles that are as they were, so that their pages are asked for as they were, these pages;
        but for those that are not known without asking.
        """
        alike = self.same.contents if self.same is not None else frozenset()
        found = ((place, self._expected(self._plan.of(place))) for place in places if place in alike)
        return {place: page for place, page in found if page is not None}

    def page_known(self, mark: str) -> str | None:
        """The page that was known by a mark; None if it is not known without asking."""
        return self._expected(self._plan.known_by(mark))

    def page_asked(self, asked: Asked) -> str | None:
        """The page that was asked for in the same way; None if it is not known."""
        known = (self._plan.known_by(mark) for mark in asked.marks)
        return self._expected(next(filter(None, known), None))

    def _expected(self, found: tuple[str, Planned] | None) -> str | None:
        if found is None or self.foreign or self.seed or self.calls is not None or found[1].same:
            return None
        return found[0] if found[0] not in self._pages else None

    def reusable_pages(self, pages: Iterable[str], template: jinja2.Template) -> dict[str, str]:
        """Those of the expected pages that are fresh, with the names that their bytes are kept under."""
        taken = self._take({page: self._plan.at(page) for page in pages}, template, {})
        return {page: planned.kept for page, planned in taken.items()}

    def _take(
        self, pages: Mapping[str, Planned], template: jinja2.Template, own: Mapping[str, Any]
    ) -> dict[str, Planned]:
        """Those of the pages that are as they were, without a look at their records."""
        has = self.keep.has
        holding = self._fresh.holding(pages, template, own)
        taken = {page: planned for page, planned in holding.items() if has(planned.kept, page)}
        if self.calls is not None:
            call = Call.of(template, self.world.context, {name: own[name] for name in self._local(own)})
            self.calls.update(dict.fromkeys(taken, call))
        self.reused += len(taken)
        self._plan.keep(taken)
        self._pages.update((page, planned.kept) for page, planned in taken.items())
        self._groups.update(*(planned.groups for planned in taken.values()))
        return taken

    def _local(self, names: Mapping[str, Any]) -> frozenset[str]:
        """The names that a page does not share with all others."""
        shared = self.world.context
        return frozenset(name for name, value in names.items() if shared.get(name, _NOTHING) is not value)

    def _is_sampled(self, page: str) -> bool:
        if not self.seed:
            return False
        share = max(_SHARE, _AT_LEAST / max(1, len(self.store.names("page"))))
        return int(digest(page, self.seed)[:6], 16) < share * 0x1000000

    def _keep_record(self, page: str, record: dict[str, Any]) -> None:
        if self._is_behind:
            owner = owner_of(record)
            self._bodies.note(page, record, owner)
            for group in record["groups"]:
                self._was_unsteady(self.store.text("group", group) or "", owner)
        self._plan.note(page, record, self._leads_beyond)
        self._pages[page] = record["kept"]
        self._groups.update(record["groups"])

    def _leads_beyond(self, reads: str) -> bool:
        return self.same is None or self.same.leading.search(reads) is not None

    # rendering

    def render_later(self, waiting: Waiting, names: Mapping[str, Any]) -> tuple[str, Noted]:
        """The text of a page that has waited, and what is to be noted of it."""
        return self._noted(waiting.page, waiting.template, names, waiting.local, waiting.changes)

    def note(self, noted: Noted) -> None:
        """Let the store know of a page that was rendered."""
        page = noted.page
        # each name once: processes send their own
        groups = [self._named.setdefault(name, name) for name in noted.record["groups"]]
        record = {**noted.record, "groups": groups}
        self.rendered += 1
        self.hidden |= noted.hidden
        for reason in sorted({count_under(change[0]) for change in noted.changes}):
            self.reasons[reason] += 1
        self._because[page] = noted.changes
        owner = owner_of(record)
        for name, text in noted.groups.items():
            if name not in self._put:
                self._put.add(self._named.setdefault(name, name))
                self._held += len(text)
                self.store.put_anew("group", name, text)
            self._was_unsteady(text, owner)
            if self.same is not None:
                self._fresh.noted[name] = self.same.about(text)
        self._groups.update(groups)
        self._pages[page] = record["kept"]
        if not record["opaque"]:
            self._plan.note(page, record, self._leads_beyond)
        self._bodies.note(page, record, owner)
        written = encoded(record)
        self._held += len(written)
        self.store.put_anew("page", page, written)

    def _was_unsteady(self, group: str, owner: str) -> None:
        was_unsteady(self.store, 2 if self.same is None else self.same.unsteadiness(group, owner))

    def rest(self) -> None:
        """Between two pages, while no other process is at work: write down what was found, once it is much. It says
        what pages read, whether the site becomes what they are or not; but should this build not end, all else that is
        known is of the one before.
        """
        if self._held <= _MUCH:
            return
        self._held = 0
        # of two builds that did not end, which had other recipes, nobody knows whose a record is
        ahead = dict(self.recipe) if self._ahead in (None, self.recipe) else {}
        self.store.put(_AHEAD, "pages", ahead)
        self.store.release(_AHEAD, "group", "page")

    def _noted(
        self,
        page: str,
        template: jinja2.Template,
        names: Mapping[str, Any],
        local: frozenset[str],
        changes: list[Change],
    ) -> tuple[str, Noted]:
        return render_traced(
            page, template, names, Trace(self.world, names, local), self._fresh.of_environment, changes
        )

    # the end of a build

    def give_up(self, page: str) -> None:
        """The bytes of a page are not what was rendered: do not reuse them."""
        self._pages.pop(page, None)

    def save(self, *, also: set[str]) -> dict[str, Stamp]:
        """Hand what this build found to the store, and let go what belongs to pages that are no more; the stamps of the
        bytes that are kept, by their names. ``also`` are the names of others.
        """
        self._plan.save(self._pages, self._fresh.about if self.same is not None else None)
        self._bodies.save(self._pages)
        self.store.keep_only("page", self._pages)
        self.store.keep_only("group", self._groups)
        self.store.put("reasons", "pages", self._because)
        self.store.put("recipe", "pages", dict(self.recipe))
        self.store.put(_AHEAD, "pages", None)
        stamps = self.keep.sweep({*self._pages.values()} | also)
        self.store.put("stamps", "pages", stamps)
        return stamps


_NOTHING: Final = object()
