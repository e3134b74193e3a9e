"""What is the text of a feed?

In Atom (RFC 4287) or RSS 2.0 (RSS Advisory Board, version 2.0.11), byte for byte as feedgenerator writes it, which is
the library that Pelican uses; but an entry is a text of its own, which all feeds that carry it can share.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Final

__all__ = ["Channel", "Entry", "atom_entry", "atom_feed", "is_xml", "rss_feed", "rss_item", "with_another_body"]

_ATOM: Final = "http://www.w3.org/2005/Atom"
_DUBLIN_CORE: Final = "http://purl.org/dc/elements/1.1/"
_CONTENT: Final = re.compile('(?:<summary type="html">([^<]*)</summary>)?<content type="html"(?:/>|>([^<]*)</content>)')
# what XML 1.0 has no way to write (section 2.2), as far as the library asks
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0B-\x0C\x0E-\x1F]")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a feed says of a story: texts that have not been escaped, and HTML in ``summary`` and ``content``.

    ``summary`` is what an item of RSS has for its description; ``content`` is Atom's alone.
    """

    title: str
    link: str
    identity: str
    author: str
    published: datetime
    updated: datetime | None
    categories: tuple[str, ...]
    summary: str | None
    content: str | None


@dataclass(frozen=True, slots=True)
class Channel:
    """What a feed says of itself. ``address`` is its own, which is its ``id`` too (RFC 4287, 4.2.6)."""

    title: str
    link: str
    address: str
    about: str | None
    updated: datetime


def is_xml(text: str) -> bool:
    """Whether a text has none of the control characters that XML cannot say."""
    return _CONTROLS.search(text) is None


def atom_feed(channel: Channel, entries: Iterable[str], encoding: str = "utf-8") -> str:
    """An Atom feed; the ``entries`` are texts by :func:`atom_entry`."""
    return (
        f'<?xml version="1.0" encoding="{encoding}"?>\n<feed xmlns="{_ATOM}">{_element("title", channel.title)}'
        f'<link href={_quoted(channel.link)} rel="alternate"/><link href={_quoted(channel.address)} rel="self"/>'
        f"{_element('id', channel.address)}<updated>{_rfc3339(channel.updated)}</updated>"
        f"{_element('subtitle', channel.about) if channel.about else ''}{''.join(entries)}</feed>"
    )


def atom_entry(entry: Entry) -> str:
    """An ``atom:entry`` (RFC 4287, 4.1.2)."""
    categories = "".join(f"<category term={_quoted(each)}/>" for each in entry.categories)
    published, updated = entry.published, entry.updated or entry.published
    return (
        f'<entry>{_element("title", entry.title)}<link href={_quoted(entry.link)} rel="alternate"/>'
        f"<published>{_rfc3339(published)}</published><updated>{_rfc3339(updated)}</updated>"
        f"<author>{_element('name', entry.author)}</author>{_element('id', entry.identity)}"
        f"{_html('summary', entry.summary)}{_html('content', entry.content)}{categories}</entry>"
    )


def with_another_body(feed: str, number: int, count: int, change: Callable[[str], str | None]) -> str | None:
    """An Atom feed of so many entries, in which ``change`` gives another content for that of the entry of a number.

    None where it gives none, where XML cannot say it, or where the feed is no such one; also where the entry has no
    summary, which is how Pelican's writer says that the content and the summary are the same, or should have none now.
    """
    contents = [*_CONTENT.finditer(feed)]
    if len(contents) != count:
        return None
    summary, content = contents[number].groups()
    if summary is None or content is None:
        return None
    begin, end = contents[number].span(2)
    body = _unescaped(content)
    new = change(body) if _escaped(body) == content else None
    if not new or not is_xml(new) or _escaped(new) == summary:
        return None
    return feed[:begin] + _escaped(new) + feed[end:]


def rss_feed(channel: Channel, items: Iterable[str], encoding: str = "utf-8") -> str:
    """A feed in RSS 2.0; the ``items`` are texts by :func:`rss_item`."""
    return (
        f'<?xml version="1.0" encoding="{encoding}"?>\n<rss version="2.0" xmlns:atom="{_ATOM}"><channel>'
        f"{_element('title', channel.title)}{_element('link', channel.link)}"
        f'{_element("description", channel.about or "")}<atom:link href={_quoted(channel.address)} rel="self"/>'
        f"<lastBuildDate>{format_datetime(channel.updated)}</lastBuildDate>{''.join(items)}</channel></rss>"
    )


def rss_item(entry: Entry) -> str:
    """An ``item`` of RSS 2.0. The author stands in an element of Dublin Core, as RSS has mail addresses only."""
    author = f'<dc:creator xmlns:dc="{_DUBLIN_CORE}">{_escaped(entry.author)}</dc:creator>' if entry.author else ""
    return (
        f"<item>{_element('title', entry.title)}{_element('link', entry.link)}"
        f"{'' if entry.summary is None else _element('description', entry.summary)}{author}"
        f"<pubDate>{format_datetime(entry.published)}</pubDate>{_element('guid', entry.identity)}"
        f"{''.join(_element('category', each) for each in entry.categories)}</item>"
    )


def _element(name: str, text: str) -> str:
    return f"<{name}>{_escaped(text)}</{name}>" if text else f"<{name}/>"


def _html(name: str, text: str | None) -> str:
    """A text construct of type ``html`` (RFC 4287, 3.1.1.2); nothing where there is none."""
    if text is None:
        return ""
    return f'<{name} type="html">{_escaped(text)}</{name}>' if text else f'<{name} type="html"/>'


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace(">", "&gt;").replace("<", "&lt;")


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _quoted(text: str) -> str:
    """An attribute's value in whichever quotes it has not, by preference double ones."""
    escaped = _escaped(text).replace("\n", "&#10;").replace("\r", "&#13;").replace("\t", "&#9;")
    if '"' not in escaped:
        return f'"{escaped}"'
    return f"'{escaped}'" if "'" not in escaped else '"' + escaped.replace('"', "&quot;") + '"'


def _rfc3339(time: datetime) -> str:
    """A date of RFC 3339; without a zone it is called one of UTC, as the library does."""
    return time.isoformat() + ("Z" if time.utcoffset() is None else "")
