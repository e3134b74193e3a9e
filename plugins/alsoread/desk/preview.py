"""How does an editor see the site while writing?

In a browser of this machine, by a server over a folder of the preview's own. The site there may hold what readers must
not see yet, so the folder is never the one that is published. Pages are delivered with a script that loads them again
when a build has changed them, and shows what the build found; what lies in the folder stays as the build left it.
"""

import ipaddress
import json
import os
import selectors
import socket
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from alsoread.desk.claims import MARK
from alsoread.desk.errorpage import Outcome, banner, message_page
from alsoread.desk.reload import EVENTS, SCRIPT, script, version, with_script
from alsoread.press.digests import digest

__all__ = ["Preview", "make_server"]

_HEARTBEAT: Final = 20.0
_PATIENCE: Final = 10.0


# -- what is shown


@dataclass(frozen=True, slots=True)
class _Now:
    """The folder of the site (empty where there is none yet), what the last build said (None before the first), and by
    their files below the folder the pages that look otherwise since: with the number of the change that it was.
    """

    folder: str = ""
    outcome: Outcome | None = None
    looks: Mapping[str, tuple[int, bytes]] = field(default_factory=dict)


@dataclass(slots=True)
class Preview:
    """What browsers are shown now, and who waits to be told of the next. ``run`` tells one start of it from another."""

    run: str
    now: _Now = field(default_factory=_Now)
    _waiting: dict[socket.socket, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def open(self, folder: str) -> None:
        """Show what an earlier preview left in a folder, if it did."""
        with suppress(OSError):
            if set(os.listdir(folder)) - {MARK}:
                self._become(replace(self.now, folder=folder))

    def look(self, pages: Mapping[str, bytes], change: int) -> None:
        """Show pages, by their files below the folder, as they look after a change, until a build knows it too."""
        looks = {os.path.normpath(name): (change, data) for name, data in pages.items()}
        self._become(replace(self.now, looks={**self.now.looks, **looks}))

    def built(self, folder: str, outcome: Outcome, known: int = 0) -> None:
        """Show a site that has just been built, and knows the changes up to a number."""
        later = {name: look for name, look in self.now.looks.items() if look[0] > known}
        self._become(_Now(folder, outcome, later))

    def failed(self, why: str) -> None:
        """Say why a build failed, over the site that there is."""
        self._become(replace(self.now, outcome=Outcome(failure=why)))

    def _become(self, now: _Now) -> None:
        self.now = now
        with self._lock:
            for wake in self._waiting:
                # one that has not been woken yet needs no second call
                with suppress(BlockingIOError):
                    wake.send(b"!")

    def viewed(self) -> tuple[str, ...]:
        """The files below the folder that browsers show."""
        with self._lock:
            return tuple(sorted({*self._waiting.values()} - {""}))

    @contextmanager
    def waiting(self, file: str = "") -> Iterator[socket.socket]:
        """A socket that can be read each time that something else is shown; for a browser that shows a file."""
        ours, theirs = socket.socketpair()
        for end in (ours, theirs):
            end.setblocking(False)  # noqa: FBT003 - the library's way
        with self._lock:
            self._waiting[theirs] = file
        try:
            yield ours
        finally:
            with self._lock:
                del self._waiting[theirs]
            ours.close()
            theirs.close()


# -- the server


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    preview: Preview

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing where a browser hung up, which is its right."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


def make_server(preview: Preview, host: str, port: int) -> ThreadingHTTPServer:
    """A server of what is shown, not yet started.

    :raises OSError: if the address cannot be listened on.
    """
    return _Server((host, port), partial(_Handler, preview))


@dataclass(frozen=True, slots=True)
class _Page:
    status: HTTPStatus
    data: bytes


class _Handler(SimpleHTTPRequestHandler):
    """Files as a plain web server gives them, pages with the script, and nothing kept by browsers or searched."""

    def __init__(self, preview: Preview, *args: Any) -> None:
        self.preview = preview
        super().__init__(*args, directory=preview.now.folder or os.devnull)

    def parse_request(self) -> bool:
        """As the library does; but a page of another site must not read drafts here by a name of its own for us."""
        if not super().parse_request():
            return False
        if self._is_meant():
            return True
        self.send_error(HTTPStatus.MISDIRECTED_REQUEST, explain="this preview is for this machine only")
        return False

    def do_GET(self) -> None:
        """A file, a page, the script, or the events."""
        address = urlsplit(self.path).path
        if address == EVENTS:
            with suppress(OSError):
                self._tell_events()
        elif address == SCRIPT:
            self._send(HTTPStatus.OK, script(), "text/javascript; charset=utf-8")
        else:
            super().do_GET()

    def send_head(self) -> Any:
        """The head of the answer; what follows it is returned."""
        address = urlsplit(self.path).path
        page = self._page(address)
        if page is None:
            return super().send_head()
        seen = self._version(page, address)
        data = with_script(page.data, address, seen)
        self._head(page.status, len(data), "text/html; charset=utf-8")
        return BytesIO(data)

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Robots-Tag", "noindex")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Nothing: requests are of no interest here."""

    def _is_meant(self) -> bool:
        """Whether it was asked for by a name of this machine, if it came from this machine."""
        own = ipaddress.ip_address(self.connection.getsockname()[0])
        host = self.headers.get("Host")
        return host is None or not own.is_loopback or _is_this_machine(host)

    def _page(self, address: str) -> _Page | None:
        """The page at an address; None where it is another kind of file, or a folder named without its slash."""
        now = self.preview.now
        if not now.folder:
            return _without_a_site(now.outcome)
        path = self._file(address)
        if os.path.isdir(path):
            return None
        if not os.path.isfile(path):
            return self._missing(address)
        if self.guess_type(path) != "text/html":
            return None
        look = now.looks.get(os.path.relpath(path, self.directory))
        return _Page(HTTPStatus.OK, look[1] if look is not None else _read(path))

    def _file(self, address: str) -> str:
        """The file that stands for an address; a folder where it is named without its slash."""
        path = self.translate_path(address)
        return os.path.join(path, "index.html") if os.path.isdir(path) and address.endswith("/") else path

    def _missing(self, address: str) -> _Page:
        path = os.path.join(self.directory, "404.html")
        if os.path.isfile(path):
            return _Page(HTTPStatus.NOT_FOUND, _read(path))
        words = message_page("There is no such page", f"The site has nothing at {unquote(address)}.")
        return _Page(HTTPStatus.NOT_FOUND, words.encode())

    def _version(self, page: _Page, address: str) -> str:
        return f"{self.preview.run}-{page.status}-{version(page.data, address, self.translate_path)}"

    # events (HTML, 9.2 Server-sent events)

    def _tell_events(self) -> None:
        """Tell a browser what its page should do, until it has gone."""
        asked = parse_qs(urlsplit(self.path).query)
        address, seen = (asked.get(name, [""])[0] for name in ("page", "seen"))
        self.connection.settimeout(_PATIENCE)
        self._head(HTTPStatus.OK, None, "text/event-stream")
        file = os.path.relpath(self._file(address), self.directory)
        with self.preview.waiting(file) as wake, selectors.DefaultSelector() as selector:
            selector.register(self.connection, selectors.EVENT_READ)
            selector.register(wake, selectors.EVENT_READ)
            told = ""
            while True:
                news = self._news(address, seen)
                self.wfile.write(b": still here\n\n" if news == told else news.encode())
                told = news
                ready = {key.fileobj for key, _ in selector.select(_HEARTBEAT)}
                # a browser says nothing more on this line but that it has gone
                if self.connection in ready and not self.connection.recv(1024):
                    return
                if wake in ready:
                    wake.recv(1024)

    def _news(self, address: str, seen: str) -> str:
        now = self.preview.now
        self.directory = now.folder or os.devnull
        page = self._page(address)
        if page is not None and self._version(page, address) != seen:
            return "retry: 500\nevent: reload\ndata: now\n\n"
        html = banner(now.outcome) if now.folder and now.outcome is not None else ""
        data = json.dumps({"id": digest(html), "html": html})
        return f"retry: 500\nevent: state\ndata: {data}\n\n"

    def _send(self, status: HTTPStatus, data: bytes, kind: str) -> None:
        self._head(status, len(data), kind)
        self.wfile.write(data)

    def _head(self, status: HTTPStatus, length: int | None, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()


def _is_this_machine(host: str) -> bool:
    with suppress(ValueError):
        name = urlsplit(f"//{host}").hostname or ""
        if name == "localhost" or name.endswith(".localhost"):
            return True
        return ipaddress.ip_address(name).is_loopback
    return False


def _without_a_site(outcome: Outcome | None) -> _Page:
    """What stands at every address until there is a site."""
    if outcome is None:
        words = message_page("The site is being built", "It shows itself here when it is there.")
    else:
        words = message_page(
            "The site cannot be built",
            "Mend what is wrong: the site shows itself here as soon as it is there.",
            outcome,
        )
    return _Page(HTTPStatus.SERVICE_UNAVAILABLE, words.encode())


def _read(path: str) -> bytes:
    """What a file holds; nothing where a build has just taken it away."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""
