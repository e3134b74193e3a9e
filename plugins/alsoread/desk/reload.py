"""When does a page in a browser want to be loaded again?

When its bytes are not those that the browser was given, or those of a style sheet, picture or script that it uses are
not. Each page is delivered with its *version*, which tells all of that in a word, and with a script that asks the
server whether it still holds.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from html import escape
from html.parser import HTMLParser
from importlib import resources
from typing import Final
from urllib.parse import urljoin, urlsplit

from alsoread.press.digests import digest

__all__ = ["EVENTS", "SCRIPT", "script", "used_by", "version", "with_script"]

EVENTS: Final = "/.alsoread/events"
SCRIPT: Final = "/.alsoread/preview.js"

# the attributes by which a page takes in another file, instead of leading to it
_TAKES_IN: Final = {
    "audio": ("src",),
    "embed": ("src",),
    "image": ("href",),
    "img": ("src", "srcset"),
    "input": ("src",),
    "link": ("href",),
    "object": ("data",),
    "script": ("src",),
    "source": ("src", "srcset"),
    "track": ("src",),
    "use": ("href",),
    "video": ("src", "poster"),
}
_LINKS: Final = frozenset({"stylesheet", "icon", "preload", "modulepreload", "manifest"})
_IN_CSS: Final = re.compile(r"""url\(\s*['"]?([^'")]+)|@import\s+['"]([^'"]+)""", re.IGNORECASE)


def script() -> bytes:
    """The script that pages are delivered with."""
    return resources.files("alsoread").joinpath("desk/preview.js").read_bytes()


def with_script(page: bytes, address: str, seen: str) -> bytes:
    """A page with the script at the end of its body; ``seen`` is its version."""
    told = f'<script src="{SCRIPT}" data-page="{escape(address)}" data-seen="{escape(seen)}" async></script>'
    end = page.lower().rfind(b"</body")
    return page[:end] + told.encode() + page[end:] if end >= 0 else page + told.encode()


def version(page: bytes, address: str, locate: Callable[[str], str]) -> str:
    """What a page and all that it uses are now; ``locate`` gives the file of an address."""
    told: list[bytes | str] = [page]
    todo, known = [*used_by(page.decode("utf-8", "replace"), address)], {address}
    while todo:
        used = todo.pop()
        if used in known:
            continue
        known.add(used)
        path = locate(used)
        told.append(f"{used} {_stamp(path)}")
        if path.endswith(".css"):
            todo += _in_css(_text(path), used)
    return digest(told[0], *sorted(told[1:], key=str))


def used_by(html: str, address: str) -> frozenset[str]:
    """The addresses on this server of the files that a page takes in."""
    parser = _Uses()
    # the library's way to say that it has never seen such a declaration
    with suppress(AssertionError):
        parser.feed(html)
        parser.close()
    return frozenset({*_local(parser.found, address), *_in_css(html, address)})


class _Uses(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "link" and not _LINKS & {*(given.get("rel") or "").lower().split()}:
            return
        for name in _TAKES_IN.get(tag, ()):
            value = given.get(name) or ""
            self.found += (
                [part.split()[0] for part in value.split(",") if part.split()] if name == "srcset" else [value]
            )


def _in_css(css: str, address: str) -> Iterator[str]:
    return _local([one or other for one, other in _IN_CSS.findall(css)], address)


def _local(found: list[str], address: str) -> Iterator[str]:
    """The addresses among ``found`` that lead to this server, as they are from its root."""
    for value in found:
        try:
            parts = urlsplit(urljoin(address, value.strip()))
        except ValueError:
            continue
        if value.strip() and not parts.scheme and not parts.netloc:
            yield parts.path


def _stamp(path: str) -> str:
    # a file that a build left as it was keeps its time and its number, so there is no need to read it
    try:
        found = os.stat(path)
    except OSError:
        return ""
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ino}"


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""
