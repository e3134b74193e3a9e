"""Processes beside a server: how they begin, what they answer, and that they end."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from alsoread.desk.nursery import Nursery, Worker
from serving import is_running


def echo(line: Any) -> None:
    while True:
        said = line.recv()
        if said == "hang":
            time.sleep(60)
        if said == "start":
            said = subprocess.Popen(["sleep", "60"]).pid
        if said == "die":
            os._exit(3)
        line.send((os.getpid(), said))


@contextmanager
def nursery() -> Iterator[Nursery]:
    made = Nursery(echo)
    try:
        yield made
    finally:
        made.close()


def gone(worker: Worker) -> bool:
    deadline = time.monotonic() + 10
    while is_running(worker.pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not is_running(worker.pid)


def test_each_worker_is_a_process_that_answers_on_a_line_of_its_own() -> None:
    with nursery() as made:
        workers = [made.worker() for _ in range(3)]
        answers = [worker.answer(number, 10) for number, worker in enumerate(workers)]
        assert answers == [(worker.pid, number) for number, worker in enumerate(workers)]
        assert len({os.getpid(), *(worker.pid for worker in workers)}) == 4


def test_one_that_dies_or_hangs_is_an_error_and_the_others_go_on() -> None:
    with nursery() as made:
        dying, hanging, sound = made.worker(), made.worker(), made.worker()
        with pytest.raises(ConnectionError):
            dying.answer("die", 10)
        with pytest.raises(TimeoutError):
            hanging.answer("hang", 0.05)
        made.end(hanging)
        assert gone(hanging)
        assert sound.answer("well?", 10) == (sound.pid, "well?")
        made.end(dying)
        assert made.worker().answer(1, 10)[1] == 1


def test_none_is_left_when_it_is_closed() -> None:
    with nursery() as made:
        workers = [made.worker() for _ in range(3)]
        workers[0].line.send("hang")
    assert not any(is_running(worker.pid) for worker in workers)


def test_what_a_worker_has_started_ends_with_it() -> None:
    with nursery() as made:
        worker = made.worker()
        started = Worker(worker.answer("start", 10)[1], worker.line)
        assert is_running(started.pid)
        made.end(worker)
        assert gone(started)


def test_one_ends_when_its_line_does() -> None:
    with nursery() as made:
        worker = made.worker()
        worker.line.close()
        # as a zombie, until the nursery is told something
        time.sleep(0.2)
        other = made.worker()
        assert gone(worker)
        assert is_running(other.pid)
