"""What did a command take, with all the processes that it started?

They are in a session of their own, which says which they are. Processor seconds are the kernel's sums for the process
and the children that it waited for. Memory is the sum of the proportional set sizes of all processes of the session at
one moment: a page of memory that n of them share counts as a part of n, see proc_pid_smaps(5). It is looked at again
and again, but for no more than a twentieth of the time, and the largest sum is the peak. Where there is no /proc, it
is unknown.
"""

import math
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Self

__all__ = ["ROOT", "Peak", "Taken", "cpu_of", "measure", "measuring_ends_with_its_processes", "members", "started"]

ROOT = Path(__file__).resolve().parent.parent
PROC = Path("/proc")
SHORTEST, SHARE, DYING = 0.01, 20, 10.0


@dataclass(frozen=True, slots=True)
class Taken:
    """What one run took: seconds, seconds of processors, megabytes (2**20 bytes) of all processes together."""

    wall: float
    cpu: float
    memory: float


def members(session: int) -> Iterator[int]:
    """The processes of a session that live. One that has ended and was not yet waited for does not."""
    for entry in os.listdir(PROC) if PROC.is_dir() else ():
        with suppress(ProcessLookupError, PermissionError):
            if entry.isdigit() and os.getsid(int(entry)) == session and stat(int(entry))[0] != "Z":
                yield int(entry)


def stat(process: int) -> list[str]:
    """What the kernel tells of a process, from its state on: proc_pid_stat(5)."""
    with suppress(OSError):
        return (PROC / str(process) / "stat").read_text().rpartition(")")[2].split()
    return ["Z"]


def memory_of(session: int) -> int:
    """In kibibytes. A process that has just ended has none."""
    total = 0
    for process in members(session):
        with suppress(OSError):
            for line in (PROC / str(process) / "smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
    return total


def cpu_of(session: int) -> float:
    """Processor seconds so far of the processes that live, and of those that they have waited for."""
    ticks = sum(int(each) for process in members(session) for each in stat(process)[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


@dataclass
class Peak:
    """The largest memory of a session, while `with` lasts."""

    session: int
    kibibytes: int = 0
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread = field(init=False)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        pause = 0.0
        while PROC.is_dir() and not self._over.wait(pause):
            begun = time.perf_counter()
            self.kibibytes = max(self.kibibytes, memory_of(self.session))
            pause = max(SHORTEST, SHARE * (time.perf_counter() - begun))

    @property
    def megabytes(self) -> float:
        return self.kibibytes / 1024 if self.kibibytes else math.nan


@contextmanager
def started(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], output: int | IO[bytes], complaints: IO[bytes]
) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a session of its own. Whatever is left of the session at the end is killed."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=complaints,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        kill(process.pid)
        process.wait()


def kill(session: int) -> None:
    """Kill what lives of a session, and see it gone."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(session, signal.SIGKILL)
    end = time.monotonic() + DYING
    while (left := [*members(session)]) and time.monotonic() < end:
        for each in left:
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        time.sleep(SHORTEST)


def measure(
    command: Sequence[str],
    folder: Path,
    *,
    environment: Mapping[str, str] | None = None,
    fine: Collection[int] = (0,),
) -> Taken:
    """Run a command in a folder. It ends the benchmark if its exit code is not among the fine ones."""
    with tempfile.TemporaryFile() as complaints:
        begun = time.perf_counter()
        with started(command, folder, environment or {}, subprocess.DEVNULL, complaints) as process:
            with Peak(process.pid) as peak:
                _, status, usage = os.wait4(process.pid, 0)
                wall = time.perf_counter() - begun
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in fine:
            complaints.seek(0)
            told = complaints.read().decode(errors="replace")
            sys.exit(f"{' '.join(command)} in {folder} ended with {process.returncode}\n{told}")
    return Taken(wall, usage.ru_utime + usage.ru_stime, peak.megabytes)


def measuring_ends_with_its_processes() -> None:
    """A polite signal ends the benchmark as Ctrl-C does, so that nothing it started goes on."""
    for each in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, lambda number, _: sys.exit(128 + number))
