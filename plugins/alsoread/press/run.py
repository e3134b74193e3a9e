"""How is a Pelican site built, so that only what changed is made again and readers never see half of it?

:func:`attach` takes over ``run`` on one Pelican instance. For the time of a run the instance's generators get templates
that tell what they read, readers that remember what they parsed, and a writer that renders only what is stale; all of
it goes into a stage, and the stage becomes the site only if nothing stopped it. It works under Pelican's own command
too, because Pelican calls ``run`` by that name.
"""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from alsoread.press.notes import write_note
from alsoread.press.output import Stage, staged
from alsoread.press.press import Press, Report
from alsoread.press.session import Session, forget_texts
from alsoread.press.store import STORE, Store

__all__ = ["KeepOldSite", "attach"]

logger = logging.getLogger(__name__)


class KeepOldSite(Exception):
    """Raised before the change-over by who finds that the new site must not be published."""


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
        session = Session(pelican, press, stage, store)
        with _being_staged(stage), _writing_to(pelican, stage.path), session.at_work():
            original()
        session.end_stage("writing")
        press.generators, press.hands = session.generators, session.hands
        with press.timed("settling"):
            site = session.settle()
        for check in press.before_commit:
            check()
        with press.timed("changing over"):
            stage.ours = store.get("site", "files") or {}
            stage.commit(site)
            store.put("site", "files", stage.ours if stage.merged else {})
            report.merged, report.removed = stage.merged, stage.removed
            stage.clear()
        with press.timed("remembering"):
            session.save()
        forget_texts()
        store.close()
        for do in press.at_end:
            do()
    logger.info("%d pages rendered, %d reused, %d files removed", report.rendered, report.reused, report.removed)


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
