"""What is a press told before it runs, and what does it tell afterwards?"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from alsoread.press.foreign import Hands
from alsoread.press.marks import Marking
from alsoread.press.store import Store

if TYPE_CHECKING:
    from alsoread.press.calls import Call
    from alsoread.press.stamps import Stamp, Stamped

__all__ = ["Press", "Report"]


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
    What is to be done ``at_end`` is done when all is remembered, and nobody else can build the site yet.

    ``clean`` uses nothing that an earlier build left. With a ``seed`` some of the fresh pages, chosen by it, are
    rendered all the same, to see whether they come out equal: a tenth of them, and a hundred if there are so many.
    ``progress`` is told how many of the pages that waited have been rendered. ``work`` is the folder for what is to be
    remembered, empty where nobody is building; ``marking`` may know the marks of contents, and ``moves`` which of them
    move files; ``rest`` lets them go back to what they were before pages were rendered. ``generators`` are those of
    the last run, and ``hands`` says whether other code had a hand in it. ``calls``, where somebody has put a mapping
    there, are how each page of it is rendered, by its file. ``seen`` are stamps of files, as somebody saw them before,
    and ``site`` those of the site.
    """

    clean: bool = False
    seed: str = ""
    report: Report = field(default_factory=Report)
    before_commit: list[Callable[[], None]] = field(default_factory=list)
    at_end: list[Callable[[], None]] = field(default_factory=list)
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
    seen: "Mapping[str, Stamp]" = field(default_factory=dict)
    site: "Sequence[Stamped]" = ()

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Add the block's wall time to a stage of the report."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            self.report.seconds[stage] = self.report.seconds.get(stage, 0.0) + time.perf_counter() - begun
