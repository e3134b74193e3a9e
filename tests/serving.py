"""`alsoread serve` as a process, and a browser's side of its events without the browser."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from sites import PLUGINS, Site

PATIENCE = 60.0


@dataclass
class Server:
    """A preview that runs: its address, its process, and what it has printed so far."""

    process: subprocess.Popen[str]
    address: str = ""
    printed: list[str] = field(default_factory=list)

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        request = urllib.request.Request(self.address + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def shows(self, path: str, words: str) -> str:
        """A page, as soon as it holds the words."""
        return until(lambda: (page := self.get(path)[1]) and words in page and page, f"{path} never showed {words!r}")

    def says(self, words: str) -> None:
        until(lambda: words in "".join(self.printed), f"{words!r} was never printed")

    def seen(self, path: str) -> str:
        """The version that a page is delivered with."""
        match = re.search(r'data-seen="([^"]+)"', self.get(path)[1])
        assert match is not None
        return match[1]

    def threads(self) -> int:
        return len(os.listdir(f"/proc/{self.process.pid}/task"))

    @contextmanager
    def listening(self, path: str, seen: str | None = None) -> Iterator["Events"]:
        """The events of a page that a browser has loaded now, or when its version was `seen`."""
        query = urlencode({"page": path, "seen": self.seen(path) if seen is None else seen})
        host, _, port = self.address.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), timeout=PATIENCE) as line:
            line.sendall(f"GET /.alsoread/events?{query} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            yield Events(line)


@dataclass
class Events:
    """What the server tells of one page."""

    line: socket.socket
    unread: str = ""

    def next(self, within: float = PATIENCE) -> tuple[str, Any]:
        """The next event and its data; ("", None) if none comes in that time."""
        deadline = time.monotonic() + within
        while True:
            block, found, rest = self.unread.replace("\r\n", "\n").partition("\n\n")
            if found:
                self.unread = rest
                event = re.search(r"^event: (.*)\ndata: (.*)$", block, re.MULTILINE)
                if event:
                    return event[1], json.loads(event[2]) if event[1] == "state" else event[2]
                continue
            left = deadline - time.monotonic()
            if left <= 0:
                return "", None
            self.line.settimeout(left)
            try:
                data = self.line.recv(65536)
            except TimeoutError:
                return "", None
            assert data, "the server hung up"
            self.unread += data.decode()

    def html(self, words: str) -> str:
        """What lies over the page, as soon as it holds the words."""
        told = []
        while True:
            kind, data = self.next()
            assert kind == "state", (kind, told)
            told.append(data["html"])
            if words in data["html"] and (words or not data["html"]):
                return data["html"]


def until(found: Any, otherwise: str) -> Any:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if value := found():
            return value
        time.sleep(0.05)
    pytest.fail(otherwise)


def is_running(pid: int) -> bool:
    """Whether a process is there, and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@contextmanager
def serving(site: Site, *options: str, port: int = 0, ready: str = "serving http", **env: str) -> Iterator[Server]:
    """`alsoread serve` in the folder of a site, from when it is ready to when Ctrl-C has ended it."""
    environment = {**os.environ, "PYTHONPATH": str(PLUGINS), "PYTHONUNBUFFERED": "1", **site.env, **env}
    process = subprocess.Popen(
        [sys.executable, "-m", "alsoread", "serve", *options, "-p", str(port)],
        cwd=site.root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    server = Server(process)
    assert process.stdout is not None
    reader = threading.Thread(target=server.printed.extend, args=(process.stdout,))
    reader.start()
    try:
        until(lambda: ready in "".join(server.printed) or process.poll() is not None, "the server was never ready")
        match = re.search(r"http://[\d.]+:\d+", "".join(server.printed))
        assert match is not None, "".join(server.printed)
        server.address = match[0]
        yield server
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        reader.join()
        process.stdout.close()
