"""What does a run put into Pelican's hands, and what does it take back?"""

import gc
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from alsoread.diagnostics import Refusal
from alsoread.press.digests import digest
from alsoread.press.foreign import Hands, foreign_hands, is_anybody_listening, is_foreign
from alsoread.press.output import Stage
from alsoread.press.press import Press
from alsoread.press.recipe import declared_pure, recipe_of
from alsoread.press.store import Store

if TYPE_CHECKING:
    from alsoread.press.trees import Site

__all__ = ["Different", "Session", "forget_texts"]


class Different(Refusal):
    """Pages that were taken for fresh came out different when they were rendered: a defect of ours, or a function that
    was declared pure and is not.
    """

    def __init__(self, pages: list[str]) -> None:
        named = ", ".join(pages[:5]) + (f" and {len(pages) - 5} more" if len(pages) > 5 else "")
        super().__init__(
            f"taken for unchanged, but different when rendered: {named}; the old site stays. Either a function named "
            "in ALSOREAD_PURE depends on more than its arguments, or this is a mistake in Alsoread. Build with "
            "--clean, and report it"
        )
        self.pages = pages


@dataclass(slots=True)
class Session:
    """One run of a press, with the stage that its site is made in."""

    pelican: Any
    press: Press
    stage: Stage
    store: Store
    generators: list[Any] = field(default_factory=list)
    room: Any = None
    parses: Any = None
    feeds: Any = None
    keep: Any = None
    hands: Hands | None = None
    marks: tuple[Any] | None = None
    begun: float = field(default_factory=time.perf_counter)

    def end_stage(self, name: str) -> None:
        """What was done since the last stage ended was this one."""
        now = time.perf_counter()
        self.press.report.seconds[name] = now - self.begun
        self.begun = now

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Generators and writer of the instance are ours for the time of the block."""
        from alsoread.press.keep import KEPT_PAGES, Keep
        from alsoread.press.parses import ParseMemory, watching

        pelican, settings = self.pelican, self.pelican.settings
        recipe = recipe_of(settings)
        self.press.recipe = digest(*sorted(recipe.values()))
        stamps = {name: tuple(stamp) for name, stamp in (self.store.get("stamps", "pages") or {}).items()}
        self.keep = Keep(os.path.join(self.stage.work, KEPT_PAGES), stamps)
        with suppress(OSError):
            self.keep.saw(self.press.site, os.stat(self.stage.output).st_dev)
        self.press.site = ()
        self.parses = ParseMemory(
            self.store, settings, self.press.recipe, pelican.path, datetime.now().astimezone().date().isoformat()
        )
        classes, writer = pelican._get_generator_classes, pelican._get_writer
        pelican._get_generator_classes = lambda: [self._prepared(kind) for kind in classes()]
        pelican._get_writer = lambda: self._writer(writer(), recipe)
        try:
            with watching():
                yield
        finally:
            gc.unfreeze()
            pelican._get_generator_classes, pelican._get_writer = classes, writer

    def _prepared(self, kind: Callable[..., Any]) -> Callable[..., Any]:
        """A generator class, or what makes a generator, with the press's parts put in when it has been made."""
        from alsoread.press.sorted_files import sort_files
        from alsoread.press.templates import make_traced

        def make(*args: Any, **kwargs: Any) -> Any:
            generator = kind(*args, **kwargs)
            if hasattr(generator, "env"):
                make_traced(generator.env, declared_pure(self.pelican.settings))
            if hasattr(generator, "readers"):
                self.parses.attach(generator.readers)
            sort_files(generator)
            self.generators.append(generator)
            return generator

        return make

    def _writer(self, writer: Any, recipe: Mapping[str, str]) -> Any:
        from alsoread.press.collecting import uncollected
        from alsoread.press.feeds import FeedMemory, has_known_feeds
        from alsoread.press.pages import Memory
        from alsoread.press.pressroom import Pressroom
        from alsoread.press.world import World
        from alsoread.press.writer import press_writer

        self.end_stage("reading")
        # what was read stays until the end, and need not be gone through each time that pages leave something behind
        gc.freeze()
        hands = self.hands = foreign_hands(self.generators, writer)

        @uncollected()
        def memory(context: Mapping[str, Any]) -> Memory:
            shared = self.generators[0].context if self.generators else context
            world = World(shared, settled=not hands.between)
            later = self._later(shared) if not (hands.between or hands.after) else None
            seed, same, calls = self.press.seed, self._same(shared), self.press.calls
            return Memory(
                self.store, self.keep, recipe, world, hands.between, seed, same=same, later=later, calls=calls
            )

        if not hands.feeds and has_known_feeds(writer):
            self.feeds = FeedMemory(self.store, self.keep, self.press.recipe, hands.between, mark_of=self._mark_of)
        # Pelican asks which files are there
        are_asked_for = bool(self.pelican.settings["STATIC_CHECK_IF_MODIFIED"])
        self.room = Pressroom(memory, self.stage.folders.make, hands.after, are_asked_for, feeds=self.feeds)
        return press_writer(writer, self.room)

    def _same(self, context: Mapping[str, Any]) -> Any:
        """The contents that are as they were; None where others may have had their hands in them."""
        from alsoread.press.marks import same_since

        return same_since(self.store, self._marks(context))

    def _marks(self, context: Mapping[str, Any]) -> Any:
        """The marks of contents, once; None where others may have had their hands in them."""
        if self.marks is None:
            self.marks = (None if is_anybody_listening() else self.press.marking(context),)
        return self.marks[0]

    def _mark_of(self, content: Any) -> str | None:
        """The mark of one content, if it has one."""
        context: Mapping[str, Any] = self.generators[0].context if self.generators else {}
        marks, place = self._marks(context), content.get_relative_source_path()
        known = context.get("generated_content", {}).get(place)
        return None if marks is None or known is not content else marks.contents.get(place)

    def _later(self, context: Any) -> Any:
        """Where pages wait to be rendered by several processes; None where they cannot."""
        from pelican.settings import DEFAULT_CONFIG

        from alsoread.press.later import Later, can_wait, loaders_of
        from alsoread.press.pool import processes

        settings = self.pelican.settings
        wanted = settings.get("ALSOREAD_JOBS", 1)
        jobs = processes(wanted) if type(wanted) is int else 1
        if jobs < 2 or not can_wait(context, settings, DEFAULT_CONFIG["INTRASITE_LINK_REGEX"], self.press.moves):
            return None
        environments = [generator.env for generator in self.generators if hasattr(generator, "env")]
        loaders = {id(environment): loaders_of(environment) for environment in environments}
        return Later(context, loaders, jobs, self.press.progress, self._rest)

    def _rest(self) -> None:
        """Between two pages that were rendered: let go of what they left behind."""
        forget_texts()
        self.press.rest()
        if self.room is not None and self.room.memory is not None:
            self.room.memory.rest()

    def settle(self) -> "Site":
        """When the last foreign hand has left: what the site is now."""
        report, room = self.press.report, self.room
        if room is not None:
            room.settle()
        site = self.stage.made()
        if room is not None:
            site = room.site(site.made, self.keep)
        names = site.names
        report.files, report.pages = len(names), sum(name.endswith((".html", ".htm")) for name in names)
        memory = room.memory if room is not None else None
        if memory is not None:
            report.rendered, report.reused, report.reasons = memory.rendered, memory.reused, memory.reasons
            if memory.different:
                raise Different(memory.different)
        report.parsed = self.parses.parsed + self.press.read
        context: Mapping[str, Any] = self.generators[0].context if self.generators else {}
        report.stories = len(context.get("articles") or ())
        report.repeatable, report.day = self._is_repeatable(), self.parses.day
        return site

    def _is_repeatable(self) -> bool:
        """Whether nothing had a hand in the site of which nobody knows what it looks at."""
        hands, memory = self.hands, self.room.memory if self.room is not None else None
        if hands is None or memory is None or hands.between or hands.after or memory.hidden or not self.parses.all_kept:
            return False
        readers = [
            type(reader)
            for generator in self.generators
            for reader in getattr(getattr(generator, "readers", None), "readers", {}).values()
        ]
        kinds = [*readers, *(type(generator) for generator in self.generators), type(self.pelican)]
        return not is_anybody_listening() and not any(is_foreign(kind.__module__) for kind in kinds)

    def save(self) -> None:
        """Let the store know what this run found."""
        memory = self.room.memory if self.room is not None else None
        kept = self.feeds.save() if self.feeds is not None else set()
        # whether all feeds are known by what is in them
        self.store.put("recipe", "feeds", None if self.feeds is None else self.press.recipe)
        if memory is not None:
            stamps = memory.save(also=kept)
            self.press.report.stamps = {stamp[3]: stamp for stamp in stamps.values()}
        self.parses.save()
        self.store.save()


def forget_texts() -> None:
    """Let Pelican forget the texts that it remembers of each content, and with them whatever a content leads to."""
    from pelican.contents import Content

    for name in ("get_content", "get_summary"):
        # only as long as it is Pelican's: a plugin may have put another in its place
        remembered = getattr(vars(Content)[name], "cache", None)
        if isinstance(remembered, dict):
            remembered.clear()
