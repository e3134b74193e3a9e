"""Builds in processes of their own that are killed at a chosen call which changes the file system.

`python kills.py` is a process that has imported Pelican and the press and forks for each build: a killed build costs
little more than a build. What counts as a call is what Python's audit events and its profiler tell of: files opened for
writing and closed, folders made, names changed and removed, statements sent to SQLite.
"""

import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Final

__all__ = ["Killed", "Killer"]

_HERE: Final = Path(__file__).resolve().parent
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_EVENTS: Final = frozenset(
    "os.rename os.link os.symlink os.mkdir os.remove os.rmdir os.truncate os.chmod os.utime sqlite3.connect "
    "ctypes.dlsym fcntl.flock shutil.rmtree shutil.move".split()
)
# what is written to a buffered file reaches it when it is closed
_CALLS: Final = frozenset("flush close __exit__ execute executemany executescript commit".split())
_WRITERS: Final = (
    io.TextIOWrapper,
    io.BufferedWriter,
    io.BufferedRandom,
    io.FileIO,
    sqlite3.Connection,
    sqlite3.Cursor,
)


@dataclass(frozen=True)
class Killed:
    """How a build in a process of its own ended: `code` is 0 if it was through, negative if it was killed."""

    code: int
    calls: int
    seconds: float
    said: str


class Killer:
    """The process that forks."""

    def __init__(self) -> None:
        from builds import ROOT

        path = os.pathsep.join([str(_HERE), str(_HERE.parent), str(ROOT / "plugins")])
        self._process = subprocess.Popen(
            [sys.executable, str(_HERE / "kills.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path},
            text=True,
        )

    def build(self, project: Any, *, at: int | None = None, after: float | None = None) -> Killed:
        """Build a project, killed before its call number `at` or when `after` seconds have gone."""
        job = {
            "root": str(project.root),
            "theme": project.theme,
            "plugins": project.plugins,
            "settings": project.settings,
            "at": at,
            "after": after,
        }
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps(job), file=self._process.stdin, flush=True)
        return Killed(**json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


def _serve() -> None:
    import tempfile

    from builds import Project

    for name in ("simple", "broadsheet"):
        # so that everything is imported
        with tempfile.TemporaryDirectory() as folder:
            plugins = ("alsoread",) if name == "broadsheet" else ("alsoread.press",)
            project = Project(Path(folder), name, plugins)
            project.write("content/a.md", "Title: A\nDate: 2024-01-01\nTags: b\n\nText.\n")
            project.build()
            project.build()
    while line := sys.stdin.readline():
        job = json.loads(line)
        print(json.dumps(_run(job)), flush=True)


def _run(job: dict[str, Any]) -> dict[str, Any]:
    reading, writing = os.pipe()
    begun = time.perf_counter()
    child = os.fork()
    if not child:
        os.close(reading)
        os._exit(_build(job, writing))
    os.close(writing)
    if job["after"] is not None:
        time.sleep(job["after"])
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read().decode("utf-8", "replace")
    _, status = os.waitpid(child, 0)
    calls, _, said = told.partition(" ")
    return {
        "code": os.waitstatus_to_exitcode(status),
        "calls": int(calls or 0),
        "seconds": time.perf_counter() - begun,
        "said": said,
    }


def _build(job: dict[str, Any], pipe: int) -> int:
    import traceback

    from builds import Project

    project = Project(Path(job["root"]), job["theme"], tuple(job["plugins"]), job["settings"])
    told = ""
    count = _count_calls(job["at"])
    try:
        project.build()
    except BaseException:  # noqa: BLE001 - the parent is told
        told = traceback.format_exc()
    finally:
        sys.setprofile(None)
    os.write(pipe, f"{count[0]} {told}".encode())
    return bool(told)


def _count_calls(at: int | None) -> list[int]:
    """Count what changes the file system from now on, and die at number `at`."""
    count, here = [0], os.getpid()

    def called() -> None:
        if os.getpid() == here:
            count[0] += 1
            if count[0] == at:
                os.kill(here, signal.SIGKILL)

    def heard(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _EVENTS or (event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING):
            called()

    def profiled(frame: FrameType, event: str, function: Any) -> None:
        if event == "c_call" and function.__name__ in _CALLS and isinstance(function.__self__, _WRITERS):
            called()

    sys.addaudithook(heard)
    sys.setprofile(profiled)
    return count


if __name__ == "__main__":
    _serve()
