"""How is a Pelican site built, so that readers never see half of it?

:func:`attach` takes over ``run`` on one Pelican instance: the site is made in a stage, and the stage becomes the site
only if nothing stopped it. It works under Pelican's own command too, because Pelican calls ``run`` by that name.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from alsoread.press.output import MARKER, Stage, staged

__all__ = ["KeepOldSite", "Press", "Report", "attach"]


class KeepOldSite(Exception):
    """Raised before the change-over by who finds that the new site must not be published."""


@dataclass(slots=True)
class Report:
    """What one build did. ``seconds`` is wall time by stage, in the order of the stages."""

    pages: int = 0
    files: int = 0
    merged: bool = False
    seconds: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class Press:
    """The press of one Pelican instance: its last report, and checks to run before a new site takes over."""

    report: Report = field(default_factory=Report)
    before_commit: list[Callable[[], None]] = field(default_factory=list)

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

    def run() -> None:
        press.report = Report()
        with staged(pelican.output_path, kept=pelican.output_retention) as stage:
            with press.timed("total"):
                with _writing_to(pelican, stage.path):
                    original()
                _count(stage, press.report)
                for check in press.before_commit:
                    check()
                with press.timed("changing over"):
                    stage.commit()
            press.report.merged = stage.merged

    pelican.run = run
    return press


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


def _count(stage: Stage, report: Report) -> None:
    names = [name for _, _, names in os.walk(stage.path) for name in names if name != MARKER]
    report.files = len(names)
    report.pages = sum(name.endswith((".html", ".htm")) for name in names)
