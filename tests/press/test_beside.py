"""What is found beside other work is what would have been found here, whatever befalls who finds it."""

import errno
import os
import signal
import threading
import time
from collections.abc import Callable

import pytest

from alsoread.press.beside import found_beside

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing can be forked here")


@pytest.fixture(autouse=True)
def two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 1}, raising=False)
    # those of the test runner are none of the command's
    monkeypatch.setattr(threading, "active_count", lambda: 1)


def process() -> bytes:
    return str(os.getpid()).encode()


def nobody_is_left() -> bool:
    try:
        return os.waitpid(-1, os.WNOHANG) == (0, 0)
    except ChildProcessError:
        return True


def in_a_child(do: Callable[[], object]) -> Callable[[], bytes]:
    """Does something in a forked process, and nothing in this one."""
    here = os.getpid()

    def find() -> bytes:
        if os.getpid() != here:
            do()
        return process()

    return find


def test_another_process_finds_it() -> None:
    with found_beside(process) as found:
        answer = found()
    assert answer.isdigit()
    assert answer != process()
    assert nobody_is_left()


def test_what_is_found_comes_whole() -> None:
    text = b"a \0\n" * 100_000
    with found_beside(lambda: text) as found:
        assert found() == text
    with found_beside(lambda: b"") as found:
        assert found() == b""


@pytest.mark.parametrize(
    "befalls", [lambda: os.kill(os.getpid(), signal.SIGKILL), lambda: os._exit(0), lambda: 1 / 0], ids=["9", "0", "1/0"]
)
def test_this_process_finds_what_another_one_did_not(befalls: Callable[[], object]) -> None:
    with found_beside(in_a_child(befalls)) as found:
        assert found() == process()
    assert nobody_is_left()


def test_what_goes_wrong_goes_wrong_here() -> None:
    def fail() -> bytes:
        raise OSError(errno.EIO, "broken")

    with pytest.raises(OSError, match="broken"), found_beside(fail) as found:
        found()
    assert nobody_is_left()


def test_where_nobody_wants_to_hear_of_children_it_is_found_as_well() -> None:
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        with found_beside(process) as found:
            assert found() != process()
        with found_beside(in_a_child(lambda: time.sleep(600))):
            pass
    finally:
        signal.signal(signal.SIGCHLD, before)
    assert nobody_is_left()


def test_who_does_not_ask_does_not_wait() -> None:
    begun = time.monotonic()
    with found_beside(in_a_child(lambda: time.sleep(600))):
        pass
    assert time.monotonic() - begun < 300
    assert nobody_is_left()


def test_whoever_leaves_the_block_leaves_nobody_behind() -> None:
    with pytest.raises(KeyboardInterrupt), found_beside(in_a_child(lambda: time.sleep(600))):
        raise KeyboardInterrupt
    assert nobody_is_left()


def test_this_process_finds_it_where_another_would_not_help(monkeypatch: pytest.MonkeyPatch) -> None:
    with found_beside(process, is_worth_it=False) as found:
        assert found() == process()
    with monkeypatch.context() as patched:
        patched.setattr(threading, "active_count", lambda: 2)
        with found_beside(process) as found:
            assert found() == process()
    with monkeypatch.context() as patched:
        patched.setattr(os, "sched_getaffinity", lambda process: {0})
        with found_beside(process) as found:
            assert found() == process()

    def no_more() -> int:
        raise OSError(errno.EAGAIN, "no more processes")

    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    monkeypatch.setattr(os, "fork", no_more)
    with found_beside(process) as found:
        assert found() == process()
    assert not before or len(os.listdir("/proc/self/fd")) == before
