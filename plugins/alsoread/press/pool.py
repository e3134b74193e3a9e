"""How is one function run over many items in several processes, when an item may bring its process down?

Items go to the workers in shares. When a worker dies (out of memory, a fault in native code), its share is run again
item by item, each in a process of its own; only the item that kills its process is lost.
"""

import ctypes
import gc
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

__all__ = ["give_back", "processes", "run_over", "spread_over"]

Item = TypeVar("Item")
Result = TypeVar("Result")

_SHARE = 32


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
    share: int = _SHARE,
    done: Callable[[int], None] = lambda count: None,
) -> list[Result | None]:
    """``function`` of every item, in the order of the items; None where the item killed its process.

    With ``jobs`` above 1 the results must be picklable; the function and the items need not be, because the workers are
    forked. A ``share`` is so many items; ``done`` is told how many more are ready.
    """
    if jobs <= 1 or len(items) <= share:
        return list(_one_by_one(function, items, done))
    shares = [items[start : start + share] for start in range(0, len(items), share)]
    gathered: list[list[Result | None] | None] = []
    give_back()
    with _forked(function, shares, min(jobs, len(shares))) as executor:
        for items_in, future in zip(
            shares, [_submitted(executor, number) for number in range(len(shares))], strict=True
        ):
            part = _result(future)
            gathered.append(part)
            done(len(items_in) if part else 0)
    # only now: a fork while the executor's own thread is at work is not safe
    results: list[Result | None] = []
    for items_in, part in zip(shares, gathered, strict=True):
        results.extend(part or _again(function, items_in))
        done(0 if part else len(items_in))
    return results


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


def _one_by_one(
    function: Callable[[Item], Result], items: Sequence[Item], done: Callable[[int], None]
) -> Iterator[Result]:
    for item in items:
        yield function(item)
        done(1)


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


@contextmanager
def _forked(
    function: Callable[[Item], Result], shares: Sequence[Sequence[Item]], workers: int
) -> Iterator[ProcessPoolExecutor]:
    _inherited.append((function, shares))
    try:
        # a worker's collector leaves alone what it inherited: to look at a page is to copy it
        with ProcessPoolExecutor(
            workers, mp_context=multiprocessing.get_context("fork"), initializer=gc.freeze
        ) as executor:
            yield executor
    finally:
        _inherited.pop()
