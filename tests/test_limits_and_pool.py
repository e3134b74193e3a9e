"""How is work kept from taking for ever, and from taking its process down?"""

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

from alsoread.archive import Folders, read_archive
from alsoread.news import body
from alsoread.news.addresses import Address, Addresses
from alsoread.press import pool
from alsoread.press.limits import TimeLimitExceeded, cpu_limit
from alsoread.press.pool import as_ready, processes, run_over
from alsoread.story import Story
from reading import MARKDOWN, settings, story


def spin(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def test_work_within_its_limit_is_left_alone() -> None:
    with cpu_limit(5):
        spin(0.01)
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0, 0)


def test_work_beyond_its_limit_is_ended_soon_after() -> None:
    begun = time.process_time()
    with pytest.raises(TimeLimitExceeded), cpu_limit(0.1):
        spin(5)
    assert 0.05 < time.process_time() - begun < 0.5


def test_the_alarm_is_off_and_the_old_one_is_back_afterwards() -> None:
    def mine(number: int, frame: object) -> None: ...

    before = signal.signal(signal.SIGVTALRM, mine)
    try:
        with pytest.raises(TimeLimitExceeded), cpu_limit(0.05):
            spin(5)
        assert signal.getsignal(signal.SIGVTALRM) is mine
        assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0, 0)
        spin(0.15)
    finally:
        signal.signal(signal.SIGVTALRM, before)


def test_waiting_is_not_counted() -> None:
    with cpu_limit(0.1):
        time.sleep(0.3)


def spin_stubbornly() -> None:
    while True:
        with contextlib.suppress(Exception):
            spin(1)


def test_what_catches_all_exceptions_does_not_catch_the_alarm() -> None:
    with pytest.raises(TimeLimitExceeded), cpu_limit(0.1):
        spin_stubbornly()


def spin_through_one_alarm() -> None:
    with contextlib.suppress(TimeLimitExceeded):
        spin(5)
    spin(5)


def test_an_alarm_that_something_swallowed_rings_again() -> None:
    begun = time.process_time()
    with pytest.raises(TimeLimitExceeded), cpu_limit(0.05):
        spin_through_one_alarm()
    assert time.process_time() - begun < 1


def test_an_alarm_that_rings_while_it_is_being_turned_off_is_too_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise it would skip the rest, and ring again and again in work that has no limit."""
    setitimer = signal.setitimer

    def at_the_worst_moment(which: int, seconds: float, interval: float = 0.0) -> object:
        if not seconds:
            signal.raise_signal(signal.SIGVTALRM)
        return setitimer(which, seconds, interval)

    before = signal.getsignal(signal.SIGVTALRM)
    monkeypatch.setattr(signal, "setitimer", at_the_worst_moment)
    with cpu_limit(5):
        pass
    with pytest.raises(KeyError), cpu_limit(5):
        raise KeyError
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0, 0)
    assert signal.getsignal(signal.SIGVTALRM) == before


def test_in_another_thread_work_runs_without_a_limit() -> None:
    done = []

    def work() -> None:
        with cpu_limit(0.01):
            spin(0.1)
        done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]


# several processes


def deadly(item: int) -> int:
    if item in (7, 70):
        os.kill(os.getpid(), signal.SIGKILL)
    return item * item


def test_an_item_that_kills_its_process_loses_only_itself() -> None:
    expected = [None if item in (7, 70) else item * item for item in range(100)]
    assert run_over(deadly, range(100), jobs=3) == expected


def test_a_worker_that_dies_while_work_is_still_handed_out_loses_only_its_item(monkeypatch: pytest.MonkeyPatch) -> None:
    """With many shares the first may have died before the last is on its way."""

    class Hasty(ProcessPoolExecutor):
        handed_out = 0

        def submit(self, *args: Any, **kwargs: Any) -> Future[Any]:
            self.handed_out += 1
            if self.handed_out > 2:
                raise BrokenProcessPool
            return super().submit(*args, **kwargs)

    monkeypatch.setattr(pool, "ProcessPoolExecutor", Hasty)
    expected = [None if item in (7, 70) else item * item for item in range(200)]
    assert run_over(deadly, range(200), jobs=2) == expected


@pytest.mark.parametrize("count", [0, 1, 32, 33, 200])
def test_results_are_the_same_for_any_number_of_processes(count: int) -> None:
    def work(item: int) -> tuple[int, str]:
        time.sleep(0.001 * (item % 3 == 0))
        return item, "x" * item

    one, three, many = (run_over(work, range(count), jobs=jobs) for jobs in (1, 3, 50))
    assert one == three == many == [work(item) for item in range(count)]


def test_what_is_ready_is_there_while_the_rest_is_made(tmp_path: Path) -> None:
    taken = tmp_path / "taken"

    def work(item: int) -> bool:
        for _ in range(2000 if item == 99 else 0):
            if taken.exists():
                return True
            time.sleep(0.01)
        return False

    ready = as_ready(work, range(100), jobs=2)
    assert next(ready) == (0, False)
    taken.touch()
    assert dict(ready)[99]


def test_items_of_a_process_that_died_come_last(monkeypatch: pytest.MonkeyPatch) -> None:
    stock, asked = pool._result, []

    def result(future: Any) -> Any:
        asked.append(future)
        return None if len(asked) == 1 else stock(future)

    monkeypatch.setattr(pool, "_result", result)
    found = list(as_ready(abs, range(20), jobs=2, share=10))
    assert [number for number, _ in found] == [*range(10, 20), *range(10)]
    assert dict(found) == {item: item for item in range(20)}


def test_whoever_stops_early_leaves_no_process_behind(tmp_path: Path) -> None:
    made = tmp_path / "made"
    made.touch()

    def work(item: int) -> int:
        with made.open("a") as file:
            file.write("x")
        return item

    ready = as_ready(work, range(1_000_000), jobs=2)
    assert next(ready) == (0, 0)
    ready.close()  # type: ignore[attr-defined]
    assert multiprocessing.active_children() == []
    assert 0 < made.stat().st_size < 1_000_000


@pytest.mark.parametrize("jobs", [1, 3])
def test_progress_tells_of_every_item(jobs: int) -> None:
    told: list[int] = []
    run_over(abs, range(100), jobs=jobs, done=told.append)
    assert sum(told) == 100
    assert len(told) > 1


def test_an_error_in_the_work_is_a_bug_and_comes_out() -> None:
    with pytest.raises(ZeroDivisionError):
        run_over(lambda item: 1 // item, range(100), jobs=2)
    assert run_over(abs, range(-40, 0), jobs=2) == list(range(40, 0, -1))


def test_a_function_need_not_be_one_that_can_be_pickled() -> None:
    offset = 5
    assert run_over(lambda item: item + offset, range(50), jobs=2) == list(range(5, 55))


def test_no_processes_means_one_for_each_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    assert processes(0) == len(os.sched_getaffinity(0))
    assert (processes(1), processes(7)) == (1, 7)
    monkeypatch.setattr("multiprocessing.get_all_start_methods", lambda: ["spawn"])
    assert processes(7) == 1


def test_a_story_that_brings_its_process_down_is_reported_and_all_others_are_read(
    tmp_path: os.PathLike[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(40):
        with open(os.path.join(tmp_path, f"s{number:02}.md"), "w") as file:
            file.write(story(f"title: Story {number}\ndate: 2026-01-31\ntags: a", "DEADLY" if number == 20 else "fine"))
    cleaned = body.cleaned

    def fatal(source: str) -> tuple[str, tuple[str, ...]]:
        if "DEADLY" in source:
            os.kill(os.getpid(), signal.SIGKILL)
        return cleaned(source)

    monkeypatch.setattr(body, "cleaned", fatal)

    def address(each: Story) -> Address:
        return Address(f"{each.slug}.html", f"{each.slug}.html")

    found = read_archive(Folders(str(tmp_path)), settings(jobs=2, related=0), MARKDOWN, Addresses(address, address))
    assert [(finding.path, finding.code, finding.line, finding.column) for finding in found.findings] == [
        ("s20.md", "AR901", 0, 0)
    ]
    assert len(found.stories) == 39
