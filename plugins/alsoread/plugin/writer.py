"""What does a digest's writer do that Pelican's does not?

Its feeds say the same whatever the clock, with names as a reader reads them; and an address that a story took from a
page of the site goes back to that page, instead of ending the build.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from alsoread.diagnostics import Diagnostic
from alsoread.news.sanitize import unescaped
from alsoread.plugin.feeds import FeedTexts, TextFeed
from alsoread.plugin.state import State
from alsoread.press.feeds import is_pelicans_writing

__all__ = ["digest_writer"]

_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


def digest_writer(writer: Any, state: State) -> Any:
    """The writer that Pelican or another plugin chose, with ours in front of it."""
    kind = type("DigestWriter", (_DigestWriter, type(writer)), {})
    writer.__class__ = kind
    writer.state = state
    writer.story_files = {}
    writer.texts = state.feeds = FeedTexts(writer.describe)
    return writer


class _DigestWriter:
    state: State
    settings: dict[str, Any]
    story_files: dict[str, str]
    texts: FeedTexts
    site_url: str
    _written_files: set[str]
    _writing: str = ""

    def write_file(self, name: Any, *args: Any, **kwargs: Any) -> None:
        """Write a page; remember which story it is of."""
        story = getattr(kwargs.get("article"), "story", None)
        self._writing = story.path if story is not None else ""
        super().write_file(name, *args, **kwargs)  # type: ignore[misc]
        self.state.on_page(str(name))

    def passed_over(self, filename: str, name: str, names: Mapping[str, Any]) -> None:
        """Take note of a page that need not be written."""
        story = getattr(names.get("article"), "story", None)
        if story is not None:
            self.story_files[filename] = story.path
        self.state.on_page(name)

    def has(self, filename: str) -> bool:
        """Whether something was written to a file of that path, or will be at the end."""
        return filename in self._written_files

    def _open_w(self, filename: str, encoding: str, override: bool = False) -> Any:
        owner = self.story_files.pop(filename, None)
        if owner is not None and not self._writing:
            message = "the story's address is one that the site needs for itself"
            self.state.report(Diagnostic(owner, 0, 0, "AR502", message, "choose another slug"))
            self._written_files.discard(filename)
        if self._writing:
            self.story_files[filename] = self._writing
        return super()._open_w(filename, encoding, override)  # type: ignore[misc]

    def write_feed(self, *args: Any, **kwargs: Any) -> Any:
        """Write a feed, which is of no story."""
        self._writing = ""
        return super().write_feed(*args, **kwargs)  # type: ignore[misc]

    def _create_new_feed(self, *args: Any, **kwargs: Any) -> Any:
        feed = super()._create_new_feed(*args, **kwargs)  # type: ignore[misc]
        latest = feed.latest_post_date
        # a feed without entries would carry the time of the build
        feed.latest_post_date = lambda: latest() if feed.items else _NEVER
        # each feed its own id (RFC 4287, 4.2.6); the library would give all of them the site's address
        feed.feed["id"] = feed.feed["feed_url"]
        return TextFeed(feed, self.texts, self.site_url) if self._writes_texts(feed) else feed

    def _writes_texts(self, feed: Any) -> bool:
        """Whether only Pelican and a digest have a hand in a feed, and it comes out the same as a text."""
        room = getattr(self, "pressroom", None)
        memory = room.feeds if room is not None else None
        return memory is not None and not memory.foreign and is_pelicans_writing() and self.texts.can_write(feed)

    def _add_item_to_the_feed(self, feed: Any, item: Any) -> None:
        if isinstance(feed, TextFeed):
            feed.add(item, item.get_siteurl())
        else:
            self.describe(feed, item, self.site_url)

    def describe(self, feed: Any, item: Any, site: str) -> None:
        """Add a story to a feed of the library's, for a site at an address."""
        self.site_url = site
        super()._add_item_to_the_feed(feed, item)  # type: ignore[misc]
        entry = feed.items[-1]
        if entry.get("categories"):
            entry["categories"] = [unescaped(each) for each in entry["categories"]]
        # an entry needs an author (RFC 4287, 4.1.2); where the story names none, it is the digest's
        entry["author_name"] = unescaped(entry.get("author_name") or self.settings["SITENAME"])
