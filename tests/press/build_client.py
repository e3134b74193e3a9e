"""Builds of sites by the `pelican` command, many for the price of a few.

Importing Pelican takes longer than building a small site: a builder is a process that has done so and forks for each
build. Builders differ in how they hash strings, so that what depends on it comes to light.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from sites import PLUGINS

SERVER = Path(__file__).with_name("build_server.py")


@dataclass(frozen=True)
class Build:
    """One run of `pelican` with some arguments in a folder; what it says goes to a file."""

    folder: Path
    arguments: tuple[str, ...]
    log: Path
    environment: dict[str, str] = field(default_factory=dict)


class Builder:
    """A process that forks off builds, one after another."""

    def __init__(self, hash_seed: int) -> None:
        environment = {
            **os.environ,
            "PYTHONPATH": str(PLUGINS),
            "PYTHONHASHSEED": str(hash_seed),
            # settings and plugins are rewritten within a second, which compiled copies do not notice
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        self._process = subprocess.Popen(
            [sys.executable, str(SERVER)], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def begin(self, build: Build) -> None:
        job = asdict(build) | {"folder": str(build.folder), "log": str(build.log)}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()

    def exit_code(self) -> int:
        """Wait for the build that was begun."""
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate(timeout=60)


class Builders:
    """Three builders that take turns: whose turn it is has nothing to do with what is built. They start when needed."""

    def __init__(self) -> None:
        self._all: list[Builder] = []
        self._turns = 0

    def _next(self) -> Builder:
        if not self._all:
            self._all = [Builder(hash_seed) for hash_seed in (1, 2, 3)]
        self._turns += 1
        return self._all[self._turns % 3]

    def run(self, builds: Sequence[Build], *, succeed: bool = True) -> None:
        """Run at most three builds side by side; each must succeed, or else each must fail."""
        assert len(builds) <= 3
        at_work = [(build, self._next()) for build in builds]
        for build, builder in at_work:
            builder.begin(build)
        exit_codes = [builder.exit_code() for _, builder in at_work]
        for build, exit_code in zip(builds, exit_codes, strict=True):
            assert (exit_code == 0) is succeed, build.log.read_text("utf-8", "replace")

    def close(self) -> None:
        for builder in self._all:
            builder.close()
