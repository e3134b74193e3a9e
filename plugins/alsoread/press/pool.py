"""How is one function run over many items in several processes, when an item may bring its process down?

Items go to the workers in shares. When a worker dies (out of memory, a fault in native code), its share is run again
item by item, each in a process of its own; only the item that kills its process is lost.
"""

import ctypes
import gc
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from typing import Any, Final, TypeVar

from alsoread.press.lock import leave_to_parent

__all__ = ["SHARE", "as_ready", "give_back", "in_shares", "processes", "run_over", "spread_over"]

Item = TypeVar("Item")
Result = TypeVar("Result")

_PR_SET_PDEATHSIG: Final = 1  # <linux/prctl.h>
SHARE: Final = 32
"""So many items are handed over together, where nobody says otherwise."""


def processes(jobs: int) -> int:
    """How many processes ``jobs`` means here: 0 is one a processor; without ``fork`` it is always 1."""
    if "fork" not in multiprocessing.get_all_start_methods():
        return 1
    return jobs or len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else jobs or os.cpu_count() or 1


def run_over(
    function: Callable[[Item], Result],
    items: Sequence[Item],
    *,
    jobs: int,
    share: int = SHARE,
    done: Callable[[int], None] = lambda count: None,
) -> list[Result | None]:
    """``function`` of every item, in the order of the items; None where the item killed its process.

    With ``jobs`` above 1 the results must be picklable; the function and the items need not be, because the workers are
    forked. A ``share`` is so many items; ``done`` is told how many more are ready.
    """
    results: dict[int, Result | None] = {}
    for number, result in as_ready(function, items, jobs=jobs, share=share):
        results[number] = result
        done(1)
    return [results[number] for number in range(len(items))]


def as_ready(
    function: Callable[[Item], Result], items: Sequence[Item], *, jobs: int, share: int = SHARE
) -> Iterator[tuple[int, Result | None]]:
    """The number of each item and ``function`` of it, as soon as it is there, while the workers go on with others; in
    the order of the items, but for the shares whose worker died: they come last.

    As for the rest, see :func:`run_over`. While this waits to go on nothing may be forked.
    """
    lost: list[tuple[int, Sequence[Item]]] = []
    begin = 0
    for items_in, part in in_shares(function, items, jobs=jobs, share=share):
        if part is None:
            lost.append((begin, items_in))
        else:
            yield from enumerate(part, begin)
        begin += len(items_in)
    # only now: a fork while the executor's own thread is at work is not safe
    for begin, items_in in lost:
        yield from enumerate(_again(function, items_in), begin)


def in_shares(
    function: Callable[[Item], Result], items: Sequence[Item], *, jobs: int, share: int = SHARE
) -> Iterator[tuple[Sequence[Item], list[Result] | None]]:
    """Each share of the items, in order, and ``function`` of each item in it, as soon as that is there; None where the
    worker died, of this share or of another one.
    """
    if jobs <= 1 or len(items) <= share:
        yield from ((items[number : number + 1], [function(item)]) for number, item in enumerate(items))
        return
    shares = [items[start : start + share] for start in range(0, len(items), share)]
    give_back()
    with _forked(function, shares, min(jobs, len(shares))) as executor:
        # what was handed over is let go of
        futures = deque(_submitted(executor, number) for number in range(len(shares)))
        yield from ((items_in, _result(futures.popleft())) for items_in in shares)


def spread_over(jobs: int) -> Callable[[Callable[[Item], Result], Sequence[Item]], Iterable[Result]]:
    """A function that does as ``map`` over a few large items, in as many processes as ``jobs`` means; what kills its
    process is tried here.
    """

    def spread(function: Callable[[Item], Result], items: Sequence[Item], /) -> Iterable[Result]:
        results = run_over(function, items, jobs=processes(jobs), share=1)
        return (function(item) if result is None else result for item, result in zip(items, results, strict=True))

    return spread


def give_back() -> None:
    """Let the system have what this process does not need any more, where the C library can do that (glibc's
    ``malloc_trim``): it is kept for later otherwise, and forked processes begin with it too.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def _submitted(executor: ProcessPoolExecutor, number: int) -> "Future[list[Any]] | None":
    """A share on its way; None where a worker has died already, after which nothing more is taken on."""
    try:
        return executor.submit(_share, number)
    except BrokenProcessPool:
        return None


def _result(future: "Future[list[Any]] | None") -> "list[Any] | None":
    try:
        return future.result() if future else None
    except BrokenProcessPool:
        return None


def _again(function: Callable[[Item], Result], share: Sequence[Item]) -> list[Result | None]:
    """A share whose worker died, or died with another's: all of it, and failing that item by item."""
    try:
        with _forked(function, [share], 1) as executor:
            future: Future[list[Result]] = executor.submit(_share, 0)
            return list(future.result())
    except BrokenProcessPool:
        return [None] if len(share) == 1 else [result for item in share for result in _again(function, [item])]


# What the workers run, and over which shares: set before they are forked, so that it is inherited and never pickled.
_inherited: list[tuple[Callable[..., Any], Sequence[Sequence[Any]]]] = []


def _share(number: int) -> list[Any]:
    function, shares = _inherited[-1]
    return [function(item) for item in shares[number]]


def _begin(parent: int) -> None:
    """What a worker does first."""
    leave_to_parent()
    # the collector leaves alone what was inherited: to look at a page is to copy it
    gc.freeze()
    gc.enable()
    # who waits for work of a parent that was killed waits for ever (Linux, prctl(2))
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


@contextmanager
def _forked(
    function: Callable[[Item], Result], shares: Sequence[Sequence[Item]], workers: int
) -> Iterator[ProcessPoolExecutor]:
    _inherited.append((function, shares))
    try:
        with ProcessPoolExecutor(
            workers, mp_context=multiprocessing.get_context("fork"), initializer=_begin, initargs=(os.getpid(),)
        ) as executor:
            try:
                yield executor
            except BaseException:
                executor.shutdown(cancel_futures=True)
                raise
    finally:
        _inherited.pop()
