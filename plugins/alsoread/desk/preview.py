"""How does an editor see the site while writing?

A server for this machine's browser over the output folder, and a watch over the folders that the site is made of.
"""

import os
from collections.abc import Iterable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

__all__ = ["make_server", "watched"]

_PASSED_OVER: Final = (".", "#")


def make_server(output: str, host: str, port: int) -> ThreadingHTTPServer:
    """A server over the folder ``output``, not yet started.

    :raises OSError: if the address cannot be listened on.
    """
    return ThreadingHTTPServer((host, port), partial(_Handler, directory=output))


class _Handler(SimpleHTTPRequestHandler):
    """Files as a plain web server gives them, the site's own error page, and nothing kept by the browser."""

    def send_head(self) -> object:  # type: ignore[override]
        path = self.translate_path(self.path)
        if os.path.isdir(path) and not os.path.isfile(os.path.join(path, "index.html")):
            return self._not_found()
        if not os.path.exists(path):
            return self._not_found()
        return super().send_head()

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Nothing: requests are of no interest here."""

    def _not_found(self) -> object:
        page = os.path.join(self.directory, "404.html")
        if not os.path.isfile(page):
            self.send_error(404)
            return None
        file = open(page, "rb")  # noqa: SIM115 - closed by the caller, as the library does
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(os.fstat(file.fileno()).st_size))
        self.end_headers()
        return file


def watched(places: Iterable[str]) -> Iterator[set[str]]:
    """The paths that changed below the places, each time some did; editors' temporary files do not count."""
    from watchfiles import watch

    for changes in watch(*places, raise_interrupt=True):
        changed = {path for _, path in changes if _counts(os.path.basename(path))}
        if changed:
            yield changed


def _counts(name: str) -> bool:
    return not name.startswith(_PASSED_OVER) and not name.endswith(("~", ".swp", ".tmp")) and not name.isdigit()
