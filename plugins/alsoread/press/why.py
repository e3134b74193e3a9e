"""What was a page made from, and why was it rendered, or not, by the last build?

Answered from the store alone, without building anything.
"""

import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from alsoread.press.fresh import Change
from alsoread.press.reads import Read
from alsoread.press.rows import Group, reads_in
from alsoread.press.spoken import spoken
from alsoread.press.store import Store

__all__ = ["PageStory", "page_at", "pages_that_read", "pages_that_show", "story_of"]


@dataclass(frozen=True, slots=True)
class PageStory:
    """One page as the last build left it. ``read`` are (of what, which) pairs in the order of the first reading."""

    page: str
    template: str
    rendered: bool
    because: tuple[Change, ...]
    always: tuple[str, ...]
    read: tuple[tuple[str, tuple[str, ...]], ...]


def page_at(store: Store, address: str, site: str = "") -> str | None:
    """The page of an address: a URL of the site, a path on it, or a file of the output folder."""
    pages = store.names("page")
    path = unquote(urlsplit(address.removeprefix(site) if site else address).path).lstrip("/")
    for name in (path, posixpath.join(path, "index.html"), f"{path.rstrip('/')}.html", path or "index.html"):
        if posixpath.normpath(name) in pages:
            return posixpath.normpath(name)
    return None


def story_of(store: Store, page: str) -> PageStory | None:
    """What is known of a page; None if the last build did not make it."""
    record = store.get("page", page)
    if record is None:
        return None
    because = (store.get("reasons", "pages") or {}).get(page, ())
    read: dict[str, dict[str, None]] = {}
    for each in _reads(store, record):
        about, which = _about(each)
        read.setdefault(about, {})[which] = None
    return PageStory(
        page=page,
        template=record["template"],
        rendered=bool(because),
        because=tuple((what, old, new) for what, old, new in because),
        always=tuple(record["opaque"]),
        read=tuple((about, tuple(which)) for about, which in read.items()),
    )


def pages_that_read(store: Store, name: str) -> list[str]:
    """The pages that read a file of the content folder, or a template, by its name there."""
    return _pages(store, lambda group: any(root == name for _, root, _ in group), lambda record: _is_own(record, name))


def pages_that_show(store: Store, url: str) -> list[str]:
    """The pages that read the address of something that has one, as those do that show it."""
    return _pages(store, lambda group: _has_url(group, url), lambda record: _has_url(record["own"], url))


def _pages(
    store: Store, is_in_group: Callable[[Group], bool], is_in_record: Callable[[Mapping[str, Any]], bool]
) -> list[str]:
    """The pages of which a record, or a group of reads that it names, has what is sought; each group is asked once."""
    groups: dict[str, bool] = {}
    found = []
    for page in sorted(store.names("page")):
        record = store.get("page", page)
        for group in record["groups"]:
            if group not in groups:
                groups[group] = is_in_group(store.get("group", group) or [])
        if any(groups[group] for group in record["groups"]) or is_in_record(record):
            found.append(page)
    return found


def _has_url(group: Group, url: str) -> bool:
    told = (steps[-1:] for (_, steps, _), fingerprint in reads_in(group) if fingerprint == f"s:{url}")
    return any(step and step[0][1] == "url" for step in told)


def _is_own(record: Mapping[str, Any], name: str) -> bool:
    told = (fingerprint for _, fingerprint in reads_in(record["own"]))
    return any(each.startswith("@") and each.partition("/")[2] == name for each in told)


def _reads(store: Store, record: dict[str, Any]) -> Iterator[Read]:
    for group in (record["own"], *(store.get("group", name) or () for name in record["groups"])):
        yield from (read for read, _ in reads_in(group))


def _about(read: Read) -> tuple[str, str]:
    told = spoken(read)
    kind, name = read[0]
    if kind.endswith("_content"):
        return name, told.partition(": ")[2]
    return {"name": "names", "local": "names of this page"}.get(kind, f"{kind}s"), told.removeprefix(f"{kind} ")
