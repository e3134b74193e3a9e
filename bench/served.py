"""How long is it from the saving of a file to the page that a server delivers?

The page is asked for every 20 milliseconds until it shows what was saved; every wait has an end. Servers listen on the
loopback address only. Processor seconds are those of the server until it is quiet again.
"""

import signal
import socket
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import TypeVar

from measure import Peak, Taken, cpu_of, started
from peer_sites import Site
from site_edits import SENTENCE, edit_body

T = TypeVar("T")
__all__ = ["free_port", "saves"]

PAUSE, QUIET = 0.02, 0.5
START_PATIENCE, SAVE_PATIENCE = 3600.0, 600.0


def saves(site: Site, number: int) -> Iterator[Taken]:
    """Start the server of a peer and edit the body of its newest story so many times."""
    port = free_port()
    address = f"http://127.0.0.1:{port}/stories/{site.story.stem}.html"
    command = [word.format(port=port) for word in site.peer.serve]
    with (
        tempfile.TemporaryFile() as said,
        started(command, site.folder, site.peer.environment, said, said) as process,
    ):

        def served() -> str | None:
            if process.poll() is not None:
                said.seek(0)
                sys.exit(f"{' '.join(command)} in {site.folder} ended\n{said.read().decode(errors='replace')}")
            return page(address)

        before = wait(served, START_PATIENCE, f"{address} was never delivered").count(SENTENCE)
        for count in range(before + 1, before + 1 + number):
            cpu = when_quiet(process.pid)
            with Peak(process.pid) as peak:
                edit_body(site.story)
                begun = time.perf_counter()
                wait(partial(shows, served, count), SAVE_PATIENCE, f"{address} never showed the edit")
                wall = time.perf_counter() - begun
                yield Taken(wall, when_quiet(process.pid) - cpu, peak.megabytes)
        # a server tidies up after Ctrl-C; what it leaves running is killed
        process.send_signal(signal.SIGINT)
        with suppress(TimeoutError):
            wait(lambda: process.poll() is not None or None, 10, "")


def shows(served: Callable[[], str | None], count: int) -> bool | None:
    """True once the page has the sentence of the edit so many times."""
    text = served()
    return (text is not None and text.count(SENTENCE) >= count) or None


def page(address: str) -> str | None:
    try:
        with urllib.request.urlopen(address, timeout=SAVE_PATIENCE) as answer:
            return str(answer.read().decode())
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return None


def wait(ask: Callable[[], T | None], patience: float, otherwise: str) -> T:
    """The first answer that is not None."""
    end = time.monotonic() + patience
    while (answer := ask()) is None:
        if time.monotonic() > end:
            raise TimeoutError(otherwise)
        time.sleep(PAUSE)
    return answer


def when_quiet(session: int) -> float:
    """The processor seconds of a session, once half a second has passed in which it took next to none."""
    end, before = time.monotonic() + SAVE_PATIENCE, -1.0
    while (now := cpu_of(session)) - before > 0.1 * QUIET and time.monotonic() < end:
        before = now
        time.sleep(QUIET)
    return now


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])
