"""How does a person at a terminal see that long work goes on? With a bar, once it has taken a second."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

__all__ = ["Bar", "shown"]

_PATIENCE: Final = 1.0
_BETWEEN: Final = 0.1


class Bar:
    """A progress bar that shows itself on standard error after a second of work, and redraws ten times a second.

    Drawn from the caller's own thread: the reading of stories forks, and a thread that draws could hold a lock then.
    """

    def __init__(self) -> None:
        self._begun = self._drawn = time.monotonic()
        self._is_seen = sys.stderr.isatty()
        self._rich: RichProgress | None = None
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Note how far a stage is; ``total`` 0 means that nobody knows how far it goes."""
        if not self._is_seen:
            return
        now = time.monotonic()
        if now - self._begun < _PATIENCE:
            return
        if now - self._drawn < _BETWEEN and done != total:
            return
        self._drawn = now
        self._draw(stage, done, total)

    def close(self) -> None:
        """Take the bar off the screen."""
        if self._rich is not None:
            self._rich.stop()
            self._rich = None

    def _draw(self, stage: str, done: int, total: int) -> None:
        if self._rich is None:
            from rich.console import Console
            from rich.progress import Progress

            self._rich = Progress(console=Console(stderr=True), transient=True, auto_refresh=False)
            self._rich.start()
        if stage not in self._tasks:
            self._tasks[stage] = self._rich.add_task(stage, total=total or None)
        self._rich.update(self._tasks[stage], completed=done, total=total or None)
        self._rich.refresh()


@contextmanager
def shown() -> Iterator[Bar]:
    """A bar for the time of the block."""
    bar = Bar()
    try:
        yield bar
    finally:
        bar.close()
