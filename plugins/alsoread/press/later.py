"""Which pages wait to be rendered, and how are they rendered by several processes?

Pelican writes one page after the other. A stale page need not be rendered at that moment if nobody looks at its file
and nothing that it shows can change until the last page has been written: its names are put by, and what waits is
rendered by forked processes, which write the files and tell what the pages read. A page whose process fails, for
whatever reason, is rendered once more here, where its failure shows as it would have.
"""

import logging
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from math import sqrt
from typing import Any, Final

import jinja2
from pelican.log import FilteredMessage, LimitFilter

from alsoread.press.pool import SHARE, in_shares

__all__ = ["Later", "Outcome", "Waiting", "can_wait", "heard", "loaders_of", "moves_any", "moves_files", "tell"]

# what Pelican sets anew for each page
_CHANGING: Final = "localsiteurl"
# the file of a link that moves it is moved when the page is rendered, and copied by Pelican before pages that wait are
_MOVES: Final = re.compile(r"[{|]attach[|}]")
# so many groups of reads are met, in a site of so many contents, before new processes take the place of others: what
# one has met stays with it
_MET, _CONTENTS = 14_000, 10_000
# that many are met in a multiple of the time that it takes to start processes
_MANY: Final = 1000
_TELLING: Final = 32
# pages that are rendered in the time that it takes to start processes
_FEWEST: Final = 48

Log = tuple[str, int, str, tuple[str, ...], str, tuple[str, ...]]
"""A record: its logger, level, message and arguments, and the message and arguments of the group it belongs to."""


@dataclass(slots=True, eq=False)
class Waiting:
    """A page that waits: what it is rendered with, and the file that it goes to once that is known.

    ``own`` are its names that are not those of all pages, ``lacking`` those of all pages that it lacks.
    """

    page: str
    template: jinja2.Template
    own: Mapping[str, Any]
    lacking: frozenset[str]
    siteurl: Any
    local: frozenset[str]
    changes: list[tuple[str, str, str]]
    filename: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A page that was rendered before its turn: what its memory noted, and what was logged meanwhile."""

    noted: Any
    log: list[Log] = field(default_factory=list)


@dataclass(slots=True)
class Later:
    """The pages that wait in one build, with the names that all pages share.

    ``loaders`` are those of each environment when the build began: Pelican adds one for a single page. ``jobs`` is how
    many processes render, and ``progress`` is told how far they are. ``rest`` lets go of what pages left behind.
    """

    context: dict[str, Any]
    loaders: Mapping[int, tuple[int, ...]]
    jobs: int
    progress: Callable[[int, int], None] = lambda done, total: None
    rest: Callable[[], None] = lambda: None
    waiting: list[Waiting] = field(default_factory=list)
    _shared: dict[str, Any] = field(default_factory=dict)
    _names: dict[frozenset[str], frozenset[str]] = field(default_factory=dict)

    def put_by(
        self,
        page: str,
        template: jinja2.Template,
        own: Mapping[str, Any],
        lacking: frozenset[str],
        changes: list[tuple[str, str, str]],
    ) -> Waiting | None:
        """Let a page wait, with the names that are its ``own``, and those that all pages have but it is ``lacking``;
        None where it cannot, because of its template or of what others wait for.
        """
        environment = template.environment
        if self.loaders.get(id(environment)) != loaders_of(environment) or template.name is None:
            return None
        if not self.waiting:
            self._shared = dict(self.context)
        elif not self._is_as_it_was():
            return None
        # many pages have the same names
        local, lacking = map(self._once, (frozenset(own), lacking))
        waiting = Waiting(page, template, own, lacking, self.context.get(_CHANGING), local, changes)
        self.waiting.append(waiting)
        return waiting

    def _once(self, names: frozenset[str]) -> frozenset[str]:
        return self._names.setdefault(names, names)

    def names_of(self, waiting: Waiting) -> dict[str, Any]:
        """What a page is rendered with; what contents look up for themselves is as it was for this page."""
        if waiting.siteurl is not None or _CHANGING in self.context:
            self.context[_CHANGING] = waiting.siteurl
        names = {**self.context, **waiting.own}
        for name in waiting.lacking:
            names.pop(name, None)
        return names

    def outcomes(
        self, wanted: Iterable[Waiting], render: Callable[[Waiting], Any], weigh: Callable[[Any], int] = lambda noted: 1
    ) -> Iterator[tuple[Waiting, Outcome | None]]:
        """For each page, in their order, what ``render`` gave; None where it is to be rendered now, and may fail.
        ``weigh`` says of that how much the page met.

        The first page of each template is rendered by this process: what it compiles the others need not compile.
        """
        pages = list(wanted)
        if self.jobs < 2 or len(pages) < _FEWEST:
            yield from ((page, None) for page in pages)
            return
        for environment in {id(page.template.environment): page.template.environment for page in pages}.values():
            # each page would look at the files of the templates that its own is made of; whoever edits one is too late
            environment.auto_reload = False
        firsts = {id(page.template): page for page in reversed(pages)}.values()
        done = {page: _rendered(page, render) for page in firsts}
        # a page that lists stories meets many times as many as that of one
        weights = {id(page.template): weigh(outcome.noted) if outcome else 1 for page, outcome in done.items()}
        count = 0
        most = _most_met(len(self.context.get("generated_content", ())))
        for part in _rounds(pages, lambda page: weights[id(page.template)], most):
            others = [page for page in part if page not in done]
            self.rest()
            found = self._in_processes(others, render, sum(weights[id(page.template)] for page in others))
            for page in part:
                yield page, done.pop(page) if page in done else next(found)
                count += 1
                if count % _TELLING == 0 or count == len(pages):
                    self.progress(count, len(pages))
            # to the end, where the processes end
            deque(found, maxlen=0)

    def _in_processes(
        self, pages: Sequence[Waiting], render: Callable[[Waiting], Any], met: int
    ) -> Iterator[Outcome | None]:
        """What pages give that meet so many groups of reads together. If these are few, the pages are rendered here."""
        share = SHARE if met < _MANY else max(1, min(SHARE, len(pages) // (4 * self.jobs)))
        for part, found in in_shares(lambda page: _rendered(page, render), pages, jobs=self.jobs, share=share):
            yield from found or [None] * len(part)

    def _is_as_it_was(self) -> bool:
        """Whether the names that all pages share are those that the waiting ones need."""
        context, shared = self.context, self._shared
        return context.keys() == shared.keys() and all(
            context[name] is value for name, value in shared.items() if name != _CHANGING
        )


def loaders_of(environment: jinja2.Environment) -> tuple[int, ...]:
    """Which loaders an environment has now: Pelican puts one in for a single page."""
    return id(environment), *map(id, getattr(environment.loader, "loaders", ()))


def can_wait(
    context: Mapping[str, Any],
    settings: Mapping[str, Any],
    stock_link: str,
    moves: Callable[[Any], bool] | None = None,
) -> bool:
    """Whether the rendering of a site's pages does nothing but give their text. ``stock_link`` is Pelican's pattern;
    ``moves`` says of a content whether it moves files, where somebody knows without looking at all that it has.
    """
    if settings.get("INTRASITE_LINK_REGEX") != stock_link:
        return False
    contents = context.get("generated_content", {}).values()
    return not any((moves or moves_any)(content) for content in contents if content is not None)


def moves_any(content: Any) -> bool:
    """Whether anything that a content has as text moves files."""
    texts = (getattr(content, "_content", None) or "", *vars(content).values())
    return any(moves_files(text) for text in texts if isinstance(text, str))


def moves_files(text: str) -> bool:
    """Whether a body has a link that moves the file to which it leads."""
    return "attach" in text and _MOVES.search(text) is not None


def tell(outcome: Outcome) -> None:
    """Hand what was logged in another process to the loggers of this one."""
    for name, level, message, arguments, group, group_arguments in outcome.log:
        logger = logging.getLogger(name)
        group_of = {"limit_msg": group, "limit_args": group_arguments} if group else None
        with suppress(FilteredMessage):
            logger.handle(logger.makeRecord(name, level, "", 0, message, arguments, None, extra=group_of))


def _most_met(contents: int) -> int:
    """How many groups of reads are met before new processes begin: twice as many where there are sixteen times as many
    contents. Each process begins with all of these, and copies what it touches; fewer processes copy less, and hold
    more.
    """
    return max(_MET, int(_MET * sqrt(sqrt(contents / _CONTENTS))))


def _rounds(pages: Sequence[Waiting], weight: Callable[[Waiting], int], most: int) -> Iterator[Sequence[Waiting]]:
    """The pages in as many parts as there are times when new processes begin, after ``most`` groups of reads."""
    part: list[Waiting] = []
    met = 0
    for page in pages:
        part.append(page)
        met += weight(page)
        if met >= most:
            yield part
            part, met = [], 0
    if part:
        yield part


def _rendered(waiting: Waiting, render: Callable[[Waiting], Any]) -> Outcome | None:
    """Render, mostly in a child of the process that asks; whatever fails will fail there once more."""
    try:
        with heard() as log:
            return Outcome(render(waiting), log)
    except Exception:  # noqa: BLE001 - whatever a template raises
        return None


class _Ear(logging.Handler):
    """Notes what is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.log: list[Log] = []

    def emit(self, record: logging.LogRecord) -> None:
        arguments = record.args if isinstance(record.args, tuple) else ()
        message = str(record.msg) if isinstance(record.args, tuple) else record.getMessage()
        group, group_arguments = getattr(record, "limit_msg", ""), getattr(record, "limit_args", ())
        said = tuple(map(str, arguments)), str(group or ""), tuple(map(str, group_arguments))
        self.log.append((record.name, record.levelno, message, *said))


def _let_pass(limit: LimitFilter, record: logging.LogRecord) -> bool:
    return True


@contextmanager
def heard() -> Iterator[list[Log]]:
    """What is logged in the block, which nobody else hears of."""
    ear, root = _Ear(), logging.getLogger()
    handlers, stock = root.handlers, LimitFilter.filter
    # which of them are told is decided where those of all pages come together
    root.handlers, LimitFilter.filter = [ear], _let_pass
    try:
        yield ear.log
    finally:
        root.handlers, LimitFilter.filter = handlers, stock
