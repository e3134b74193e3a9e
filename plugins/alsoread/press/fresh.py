"""Is all that a page read as it was?

What was read is kept in groups, which pages share: one for each content, one for the names that all pages share, one
for templates and functions. Each is compared with what there is now once in a build, if marks do not tell of it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import jinja2

from alsoread.press.keep import Keep
from alsoread.press.later import loaders_of
from alsoread.press.marks import Same
from alsoread.press.plan import Plan, Planned
from alsoread.press.recipe import changed_parts
from alsoread.press.rows import Group, Row, read_of
from alsoread.press.spoken import spoken
from alsoread.press.store import Store
from alsoread.press.templates import TracedEnvironment
from alsoread.press.told import code_of
from alsoread.press.values import ABSENT, Fingerprint
from alsoread.press.verify import Reader
from alsoread.press.world import World

__all__ = ["Change", "Freshness"]

_ENVIRONMENT: Final = frozenset({"template", "filter", "test", "global"})
_TOLD: Final = 12

# the base of addresses, and the loaders of templates
_Scope = tuple[Any, tuple[int, ...]]

Change = tuple[str, str, str]
"""What made a page stale: what it is about, what it was, what it is."""


@dataclass(slots=True)
class Freshness:
    """What this build knows of the reads of the last one. What was read of contents that are the ``same`` holds.

    Of groups that were ``noted`` by this build it is known of which content they are, and whether they go beyond it.
    Where a build did not end, ``ahead`` is its recipe: records may be its or those of the one before.
    """

    store: Store
    keep: Keep
    recipe: Mapping[str, str]
    world: World
    plan: Plan
    same: Same | None = None
    ahead: Mapping[str, str] | None = None
    noted: dict[str, tuple[str, bool]] = field(default_factory=dict)
    _verdicts: dict[tuple[str, _Scope], list[Change]] = field(default_factory=dict)
    _holding: dict[_Scope, set[str]] = field(default_factory=dict)
    _sources: dict[tuple[object, ...], Fingerprint] = field(default_factory=dict)
    _recipe_changes: list[str] | None = None

    def forget(self) -> None:
        """Other code may have touched anything: take nothing for granted that was found of groups."""
        self._verdicts.clear()
        self._holding.clear()

    def changed_recipe(self) -> list[str]:
        """The parts of the recipe that are others than they were; any of them makes all pages stale."""
        if self._recipe_changes is None:
            before = self.store.get("recipe", "pages") or {}
            is_known = self.ahead is None or self.ahead == before
            self._recipe_changes = changed_parts(before if is_known else {}, self.recipe)
        return self._recipe_changes

    def holding(
        self, pages: Mapping[str, Planned], template: jinja2.Template, own: Mapping[str, Any]
    ) -> dict[str, Planned]:
        """Those of the pages, which are asked for as they were, that would read what they read."""
        environment = template.environment
        if self.changed_recipe() or not isinstance(environment, TracedEnvironment):
            return {}
        scope, reader = self._scope(template), Reader(self.world, own, environment)
        holding = self._holding_in(scope)
        are_beyond = self.same is not None and self.same.beyond

        def holds(planned: Planned) -> bool:
            for group in planned.groups:
                if group not in holding and self._verdict(group, scope, reader, environment):
                    return False
            return all(reader.holds(read_of(*each), each[2][1]) for each in planned.same)

        return {
            page: planned
            for page, planned in pages.items()
            if (are_beyond or not planned.beyond)
            and ((not planned.same and holding.issuperset(planned.groups)) or holds(planned))
        }

    def changes(
        self,
        record: dict[str, Any] | None,
        page: str,
        template: jinja2.Template,
        names: Mapping[str, Any],
        local: frozenset[str],
    ) -> list[Change]:
        """What is not as the record has it; nothing if the page is fresh."""
        if record is None:
            return [("new page", "", "")]
        if self.changed_recipe():
            return [(f"recipe: {part}", "", "") for part in self.changed_recipe()]
        if record["opaque"]:
            return [(f"always: {why}", "", "") for why in record["opaque"]]
        if record["template"] != template.name or not isinstance(template.environment, TracedEnvironment):
            return [("template", record["template"], str(template.name))]
        if record["local"] != sorted(local):
            return [("names of the page", "", "")]
        reader = Reader(self.world, names, template.environment)
        changes = self._changed(record["own"], reader, template.environment)
        scope = self._scope(template)
        holding = self._holding_in(scope)
        for group in record["groups"]:
            if group not in holding:
                changes += self._verdict(group, scope, reader, template.environment)
                if len(changes) >= _TOLD:
                    break
        if not changes and not self.keep.has(record["kept"], page):
            return [("bytes of the page", "", "")]
        return changes[:_TOLD]

    def _verdict(self, group: str, scope: _Scope, reader: Reader, environment: TracedEnvironment) -> list[Change]:
        known = self._verdicts.get((group, scope))
        if known is None:
            known = self._judged(group, reader, environment)
            if known:
                self._verdicts[group, scope] = known
            else:
                self._holding_in(scope).add(group)
        return known

    def _judged(self, group: str, reader: Reader, environment: TracedEnvironment) -> list[Change]:
        if self.same is not None and self.same.holds(*self.about(group)):
            return []
        reads = self.store.get("group", group)
        return self._changed(reads, reader, environment) if reads else [("record of the page", "", "")]

    def about(self, group: str) -> tuple[str, bool]:
        """Of which content a group of reads is, and whether it goes beyond that."""
        known = self.plan.about.get(group)
        if known is None and self.same is not None:
            told = self.noted.get(group) or self.same.about(self.store.text("group", group) or "")
            known = self.plan.about[group] = told
        return known or ("", True)

    def _changed(self, group: Group, reader: Reader, environment: TracedEnvironment) -> list[Change]:
        changes: list[Change] = []
        for kind, name, row in _each(group):
            if reader.holds_simply(kind, name, row):
                continue
            read, fingerprint = read_of(kind, name, row), row[1]
            if read[0][0] in _ENVIRONMENT and read[0][0] != "global":
                now = self.of_environment(read[0], environment)
            elif read[2] == "same":
                now = fingerprint if reader.holds(read, fingerprint) else reader.now(read)
            else:
                now = reader.now(read)
            if now != fingerprint:
                changes.append((spoken(read), fingerprint, now))
                if len(changes) >= _TOLD:
                    break
        return changes

    def of_environment(self, root: tuple[str, ...], environment: TracedEnvironment) -> Fingerprint:
        kind, name = root
        if kind == "template":
            return environment.source_of(name)
        function = dict.get(environment.filters if kind == "filter" else environment.tests, name)
        known_as = (kind, name, id(function))
        if known_as not in self._sources:
            self._sources[known_as] = ABSENT if function is None else Fingerprint(f"function:{code_of(function)}")
        return self._sources[known_as]

    def _scope(self, template: jinja2.Template) -> _Scope:
        return self.world.context.get("localsiteurl"), loaders_of(template.environment)

    def _holding_in(self, scope: _Scope) -> set[str]:
        """The groups of reads that are known to hold; those that marks tell of hold everywhere."""
        known = self._holding.get(scope)
        if known is None:
            known = set() if self.same is None else self.same.holding(self.plan.about)
            self._holding[scope] = known
        return known


def _each(group: Group) -> Iterator[tuple[str, str, Row]]:
    return ((kind, name, row) for kind, name, rows in group for row in rows)
