"""How does a digest write feeds without an object of the library's for each entry?

What a feed says of a story is gathered by Pelican's writer and ours, once a story. It becomes a text that all feeds of
the build share (``outputs.feeds``). Where the library would write anything that the texts have not, it writes itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import StringIO
from typing import Any, Final

from feedgenerator import Atom1Feed, Rss201rev2Feed

from alsoread.outputs.feeds import Channel, Entry, atom_entry, atom_feed, is_xml, rss_feed, rss_item

__all__ = ["FeedTexts", "TextFeed"]

_FORMS: Final[Mapping[type, tuple[Callable[[Entry], str], Callable[..., str]]]] = {
    Atom1Feed: (atom_entry, atom_feed),
    Rss201rev2Feed: (rss_item, rss_feed),
}
# what the library knows of a feed and of an item, and neither Pelican nor a digest says
_UNSAID: Final = {
    "language": None,
    "author_email": None,
    "author_name": None,
    "author_link": None,
    "categories": (),
    "feed_copyright": None,
    "ttl": None,
    "stylesheets": None,
}
_UNSAID_OF_ITEMS: Final = {
    "author_email": None,
    "author_link": None,
    "comments": None,
    "unique_id_is_permalink": None,
    "enclosures": (),
    "item_copyright": None,
    "ttl": None,
}


@dataclass(frozen=True, slots=True)
class _Told:
    """The text of an entry, and when it was last changed; no text where the library has to write it."""

    item: Any
    text: str | None
    latest: datetime


@dataclass(slots=True)
class FeedTexts:
    """The texts of a build: what each form of feed says of each story.

    ``add`` gives a story to a feed of the library, for a site at an address.
    """

    add: Callable[[Any, Any, str], None]
    _told: dict[tuple[object, ...], _Told] = field(default_factory=dict)
    _agreed: dict[type, bool] = field(default_factory=dict)

    def forget(self) -> None:
        """Let the texts go. For a feed that comes all the same they are made again."""
        self._told.clear()

    def can_write(self, feed: Any) -> bool:
        """Whether the library writes such a feed as we do; a newer one may not."""
        kind = type(feed)
        if kind not in self._agreed:
            self._agreed[kind] = kind in _FORMS and _agrees(kind)
        return self._agreed[kind]

    def told(self, feed: Any, item: Any, site: str, place: str) -> _Told:
        """What a feed says of a story. The summary's links depend on the ``place`` of the page written last."""
        key = (id(item), type(feed), site, place)
        told = self._told.get(key)
        if told is None:
            self.add(feed, item, site)
            told = self._told[key] = _tell(item, feed.items.pop(), _FORMS[type(feed)][0])
        return told


class TextFeed:
    """Stands for a feed of the library's. That is empty until somebody looks at it, and from then on is what counts."""

    def __init__(self, empty: Any, texts: FeedTexts, site: str) -> None:
        self._feed = empty
        self._texts = texts
        self._site = site
        self._told: list[_Told] = []
        self._is_full = False

    def add(self, item: Any, place: str) -> None:
        """Add a story."""
        if self._is_full:
            self._texts.add(self._feed, item, self._site)
        self._told.append(self._texts.told(self._feed, item, self._site, place))

    def write(self, outfile: Any, encoding: str) -> None:
        """Write the feed to a text file that has the encoding."""
        text = None if self._is_full else self._text(encoding)
        if text is None:
            self._full().write(outfile, encoding)
        else:
            outfile.write(text)

    def _text(self, encoding: str) -> str | None:
        texts = [told.text for told in self._told if told.text is not None]
        updated = max((told.latest for told in self._told), default=None)
        channel = _channel(self._feed.feed, updated or self._feed.latest_post_date())
        if channel is None or len(texts) < len(self._told):
            return None
        return _FORMS[type(self._feed)][1](channel, texts, encoding)

    def _full(self) -> Any:
        if not self._is_full:
            self._is_full = True
            for told in self._told:
                self._texts.add(self._feed, told.item, self._site)
        return self._feed

    def __getattr__(self, name: str) -> Any:
        return getattr(self._full(), name)


def _tell(item: Any, said: dict[str, Any], write: Callable[[Entry], str]) -> _Told:
    """The text for what the library was told of an item."""
    entry = Entry(
        title=said.pop("title"),
        link=said.pop("link"),
        identity=said.pop("unique_id"),
        author=said.pop("author_name"),
        published=said.pop("pubdate"),
        updated=said.pop("updateddate"),
        categories=tuple(said.pop("categories")),
        summary=said.pop("description"),
        content=said.pop("content"),
    )
    text = write(entry) if said == _UNSAID_OF_ITEMS else None
    if text is not None and not is_xml(text):
        text = None
    # of the same moment in two zones the library shows the one it meets first
    return _Told(item, text, max(entry.updated or entry.published, entry.published))


def _channel(said: Mapping[str, Any], updated: datetime) -> Channel | None:
    """What a feed says of itself; None where the library has to write it."""
    known = dict(said)
    channel = Channel(
        title=known.pop("title"),
        link=known.pop("link"),
        address=known.pop("feed_url"),
        about=known.pop("subtitle"),
        updated=updated,
    )
    about, identity = known.pop("description"), known.pop("id")
    if known != _UNSAID or identity != channel.address or (about or None) != (channel.about or None):
        return None
    return channel if is_xml(f"{channel.title}{channel.link}{channel.address}{channel.about}") else None


def _agrees(kind: type) -> bool:
    """Whether a feed that has something of everything comes out alike."""
    about = "a & b"
    feed: Any = kind("<&>", "/\"'", about, subtitle=about, feed_url="/é", feed_guid="/%C3%A9")
    moment = datetime(2024, 2, 29, 12, tzinfo=UTC)
    said = {"title": "<&>", "link": "/é?a&b", "unique_id": "t:&", "author_name": "A & B", "pubdate": moment}
    for categories, text, updated in (["'\"\t\n<&>"], "<p>&amp;</p>\n", moment), ([], None, None):
        feed.add_item(**said, categories=categories, description=text, content=text, updateddate=updated)
    written = StringIO()
    feed.write(written, "utf-8")
    write_entry, write_feed = _FORMS[kind]
    channel = _channel(feed.feed, moment)
    texts = [_tell(None, item, write_entry).text for item in feed.items]
    return channel is not None and None not in texts and write_feed(channel, texts) == written.getvalue()
