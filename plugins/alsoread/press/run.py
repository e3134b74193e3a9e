"""How is a Pelican site built, so that only what changed is made again and readers never see half of it?

:func:`attach` takes over ``run`` on one Pelican instance. For the time of a run the instance's generators get templates
that tell what they read, readers that remember what they parsed, and a writer that renders only what is stale; all of
it goes into a stage, and the stage becomes the site only if nothing stopped it. It works under Pelican's own command
too, because Pelican calls ``run`` by that name.
"""

import gc
import logging
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from alsoread.diagnostics import Refusal
from alsoread.press.digests import digest
from alsoread.press.foreign import Hands, foreign_hands, is_anybody_listening, is_foreign
from alsoread.press.marks import Marking
from alsoread.press.notes import write_note
from alsoread.press.output import Stage, staged
from alsoread.press.recipe import declared_pure, recipe_of
from alsoread.press.store import STORE, Store

if TYPE_CHECKING:
    from alsoread.press.calls import Call
    from alsoread.press.keep import Stamp
    from alsoread.press.trees import Site

__all__ = ["Different", "KeepOldSite", "Press", "Report", "attach", "forget_texts"]

logger = logging.getLogger(__name__)


class KeepOldSite(Exception):
    """Raised before the change-over by who finds that the new site must not be published."""


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
class Report:
    """What one build did. ``seconds`` is wall time by stage, in the order of the stages; ``reasons`` counts why pages
    were rendered. ``repeatable`` says that the same files would give the same site, as far as can be told; on the same
    ``day``, where one is given. ``stamps`` are those of the site's files that were looked at, by their numbers.
    """

    stories: int = 0
    pages: int = 0
    files: int = 0
    rendered: int = 0
    reused: int = 0
    removed: int = 0
    parsed: int = 0
    merged: bool = False
    repeatable: bool = False
    day: str = ""
    stamps: "Mapping[int, Stamp]" = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Press:
    """The press of one Pelican instance: how to build, the last report, and checks to run before a new site takes over.

    ``clean`` uses nothing that an earlier build left. With a ``seed`` some of the fresh pages, chosen by it, are
    rendered all the same, to see whether they come out equal: a tenth of them, and a hundred if there are so many.
    ``progress`` is told how many of the pages that waited have been rendered. ``work`` is the folder for what is to be
    remembered, empty where nobody is building; ``marking`` may know the marks of contents, and ``moves`` which of them
    move files; ``rest`` lets them go back to what they were before pages were rendered. ``generators`` are those of
    the last run, and ``hands`` says whether other code had a hand in it. ``calls``, where somebody has put a mapping
    there, are how each page of it is rendered, by its file.
    """

    clean: bool = False
    seed: str = ""
    report: Report = field(default_factory=Report)
    before_commit: list[Callable[[], None]] = field(default_factory=list)
    store: Store | None = None
    marking: Marking = lambda context: None
    moves: Callable[[Any], bool] | None = None
    rest: Callable[[], None] = lambda: None
    work: str = ""
    recipe: str = ""
    read: int = 0
    progress: Callable[[int, int], None] = lambda done, total: None
    generators: list[Any] = field(default_factory=list)
    hands: Hands | None = None
    calls: "dict[str, Call] | None" = None

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Add the block's wall time to a stage of the report."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            self.report.seconds[stage] = self.report.seconds.get(stage, 0.0) + time.perf_counter() - begun


def attach(pelican: Any) -> Press:
    """Give a Pelican instance a press; once given, it is the same one.

    Afterwards ``pelican.run()`` raises :class:`~alsoread.press.output.OutputRefused` where the output folder cannot be
    written, and :class:`KeepOldSite` where a check said so; in both cases the old site is untouched.
    """
    press: Press | None = getattr(pelican, "alsoread_press", None)
    if press is not None:
        return press
    press = pelican.alsoread_press = Press()
    original: Callable[[], None] = pelican.run
    # Pelican's cache is a pickle, which runs what it holds
    pelican.settings["CACHE_CONTENT"] = pelican.settings["LOAD_CONTENT_CACHE"] = False
    pelican.run = lambda: _run(pelican, press, original)
    return press


def _run(pelican: Any, press: Press, original: Callable[[], None]) -> None:
    within = _stage_around(pelican.output_path)
    if within:
        # a site in another's output, as plugins for several languages make them: the outer press is at work already
        with _writing_to(pelican, within):
            original()
        return
    report = press.report = Report()
    press.read = 0
    with staged(pelican.output_path, kept=pelican.output_retention) as stage, press.timed("total"):
        press.work = stage.work
        # should this build end in the middle, what it has remembered already is ahead of the site
        write_note(stage.work, None)
        press.store = store = Store(os.path.join(stage.work, STORE))
        if press.clean:
            store.forget()
        desk = _Desk(pelican, press, stage, store)
        with _being_staged(stage), _writing_to(pelican, stage.path), desk.at_work():
            original()
        desk.end_stage("writing")
        press.generators, press.hands = desk.generators, desk.hands
        with press.timed("settling"):
            site = desk.settle()
        for check in press.before_commit:
            check()
        with press.timed("changing over"):
            stage.ours = store.get("site", "files") or {}
            stage.commit(site)
            store.put("site", "files", stage.ours if stage.merged else {})
            report.merged, report.removed = stage.merged, stage.removed
            stage.clear()
        with press.timed("remembering"):
            desk.save()
        forget_texts()
        store.close()
    logger.info("%d pages rendered, %d reused, %d files removed", report.rendered, report.reused, report.removed)


@dataclass(slots=True)
class _Desk:
    """One run: what it puts into Pelican's hands, and takes back."""

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
        from alsoread.press.keep import Keep
        from alsoread.press.parses import ParseMemory, watching

        pelican, settings = self.pelican, self.pelican.settings
        recipe = recipe_of(settings)
        self.press.recipe = digest(*sorted(recipe.values()))
        stamps = {name: tuple(stamp) for name, stamp in (self.store.get("stamps", "pages") or {}).items()}
        self.keep = Keep(os.path.join(self.stage.work, "pages"), stamps)
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
        from alsoread.press.feeds import FeedMemory, has_known_feeds
        from alsoread.press.pages import Memory
        from alsoread.press.world import World
        from alsoread.press.writer import Pressroom, press_writer

        self.end_stage("reading")
        # what was read stays until the end, and need not be gone through each time that pages leave something behind
        gc.freeze()
        hands = self.hands = foreign_hands(self.generators, writer)

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
        self.room = Pressroom(memory, self.stage.folders.make, copies=hands.after, feeds=self.feeds)
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


_stages: Final[ContextVar[tuple[tuple[str, str], ...]]] = ContextVar("stages", default=())


@contextmanager
def _being_staged(stage: Stage) -> Iterator[None]:
    """For the time of the block, others who write to the output folder are known to mean the stage."""
    token = _stages.set((*_stages.get(), (stage.output, stage.path)))
    try:
        yield
    finally:
        _stages.reset(token)


def _stage_around(path: str) -> str:
    """The place in a stage that a folder in the output folder stands for; empty if nobody is building that."""
    real = os.path.realpath(path)
    for output, stage in _stages.get():
        for folder in (output, stage):
            if real == folder or real.startswith(folder + os.sep):
                return os.path.normpath(os.path.join(stage, os.path.relpath(real, folder)))
    return ""


@contextmanager
def _writing_to(pelican: Any, path: str) -> Iterator[None]:
    """Everything of Pelican's that knows the output folder, pointed at the stage, where there is nothing to delete."""
    settings = pelican.settings
    before = pelican.output_path, pelican.delete_outputdir, settings["OUTPUT_PATH"]
    pelican.output_path = settings["OUTPUT_PATH"] = path
    pelican.delete_outputdir = False
    try:
        yield
    finally:
        pelican.output_path, pelican.delete_outputdir, settings["OUTPUT_PATH"] = before
