"""Is a feed as it was?

A feed reads its stories' attributes in Python, where no template tells what is read; but what Pelican's writer reads is
known. The key of a feed is all of it. Where a plugin has a hand in feeds they are made each time.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pelican import writers
from pelican.utils import sanitised_join
from pelican.writers import Writer

from alsoread.press.digests import digest
from alsoread.press.keep import Keep
from alsoread.press.store import Store
from alsoread.press.told import code_of

__all__ = ["FeedMemory", "has_known_feeds", "is_pelicans_writing"]

_METHODS: Final = ("write_feed", "_create_new_feed", "_add_item_to_the_feed")
_SETTINGS: Final = (
    "FEED_APPEND_REF",
    "FEED_MAX_ITEMS",
    "RSS_FEED_SUMMARY_ONLY",
    "TIMEZONE",
    "RELATIVE_URLS",
    "SITENAME",
)


def has_known_feeds(writer: Any) -> bool:
    """Whether a writer makes its feeds as Pelican's does, or as a writer of ours."""
    for name in _METHODS:
        for kind in type(writer).__mro__:
            if name in vars(kind) and kind is not Writer and not kind.__module__.startswith("alsoread."):
                return False
    return isinstance(writer, Writer)


def is_pelicans_writing() -> bool:
    """Whether no plugin has put its own in the place of what Pelican's writer makes feeds with."""
    return all(getattr(vars(Writer)[name], "__globals__", None) is vars(writers) for name in _METHODS)


@dataclass(slots=True)
class FeedMemory:
    """The feeds of the last build: the key, the name of the bytes and whose bodies are in each.

    With ``foreign`` code about, nothing that was told of a story is taken for granted from one feed to the next. Who
    knows what contents are made of may give the ``mark_of`` one. It stands for all that a feed can have of the content,
    also for its address and for those that its body and its summary link to, and saves asking for these.
    """

    store: Store
    keep: Keep
    recipe: str
    foreign: bool = False
    made: int = 0
    reused: int = 0
    mark_of: Callable[[Any], str | None] = lambda item: None
    _records: dict[str, list[Any]] = field(default_factory=dict)
    _items: dict[tuple[int, str, bool, str], str] = field(default_factory=dict)
    _methods: dict[type, str] = field(default_factory=dict)
    _alive: list[object] = field(default_factory=list)

    def write(
        self,
        writer: Any,
        make: Callable[..., Any],
        elements: Sequence[Any],
        context: Mapping[str, Any],
        path: str,
        *args: Any,
        **kwargs: Any,
    ) -> Any:
        """Make a feed, or put the one in its place that was made from the same."""
        site = str(context.get("SITEURL", ""))
        if self.foreign:
            self._items.clear()
            self._methods.clear()
        listed = elements[: writer.settings["FEED_MAX_ITEMS"]]
        summaries = kwargs.get("feed_type") == "rss" and bool(writer.settings.get("RSS_FEED_SUMMARY_ONLY"))
        # the links of a summary begin where the page is that was written last
        place = str(context.get("localsiteurl", ""))
        try:
            items = [self._item(item, "" if summaries else site, place, with_body=not summaries) for item in listed]
        except AttributeError:
            # no stories of Pelican's: whoever lists them knows what a feed can have of them
            return make(elements, context, path, *args, **kwargs)
        key = self._key(writer, items, context, path, args, kwargs)
        record = self.store.get("feed", path)
        if record and record[0] == key and self.keep.has(record[1], path):
            self.reused += 1
            self._records[path] = record
            if not self._place(writer, path, record[1], override=_override(args, kwargs)):
                with writer._open_w(_prepared(writer, path), "utf-8", _override(args, kwargs)) as file:
                    file.write(self.keep.read(record[1]).decode("utf-8", "surrogatepass"))
            return _LaterFeed(lambda: make(elements, context, None, *_with_url(path, args, kwargs), **kwargs))
        self.made += 1
        feed = make(elements, context, path, *args, **kwargs)
        try:
            with open(_prepared(writer, path), "rb") as file:
                data = file.read()
        except OSError:
            return feed
        kept = Keep.name_of(path, data)
        self.keep.put(kept, data)
        # whose bodies are in it, in the order of the entries
        bodies = [] if summaries else [str(item.get_relative_source_path()) for item in listed]
        self._records[path] = [key, kept, bodies]
        return feed

    def _place(self, writer: Any, path: str, kept: str, *, override: bool) -> bool:
        """Whether the bytes of a feed go where it belongs without a file being written, which nobody can tell then."""
        place: Callable[..., bool] | None = getattr(writer, "place_feed", None)
        return place is not None and not self.foreign and place(path, kept, override=override)

    def _key(
        self,
        writer: Any,
        items: Sequence[str],
        context: Mapping[str, Any],
        path: str,
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
    ) -> str:
        return digest(
            self.recipe,
            path,
            repr(args),
            repr(sorted(kwargs.items())),
            self._made_by(type(writer)),
            *(repr(writer.settings.get(name)) for name in _SETTINGS),
            *(repr(context.get(name)) for name in ("SITEURL", "SITENAME", "SITESUBTITLE", "FEED_DOMAIN")),
            *items,
        )

    def _made_by(self, kind: type) -> str:
        """The methods by which a class of writers makes feeds."""
        known = self._methods.get(kind)
        if known is None:
            methods = (getattr(each, name) for name in _METHODS for each in kind.__mro__ if name in vars(each))
            known = self._methods[kind] = digest(*map(code_of, methods))
        return known

    def _item(self, item: Any, site: str, place: str, *, with_body: bool) -> str:
        key = (id(item), site, with_body, place)
        known = self._items.get(key)
        if known is None:
            mark = None if self.foreign else self.mark_of(item)
            if mark is None:
                known = _told(item, site, with_body=with_body)
            else:
                # two contents may have a mark in common
                known = digest(str(item.relative_source_path), mark, place)
            self._items[key] = known
            self._alive.append(item)
        return known

    def save(self) -> set[str]:
        """Hand the feeds to the store; returns the names of their bytes."""
        for path, record in self._records.items():
            self.store.put("feed", path, record)
        self.store.keep_only("feed", self._records)
        return {kept for _, kept, _ in self._records.values()}


def _told(item: Any, site: str, *, with_body: bool) -> str:
    """All that a feed can have of a content."""
    return digest(
        str(item.title),
        str(item.url),
        str(item.get_content(site)) if with_body else "",
        str(item.summary),
        repr(item.date),
        repr(getattr(item, "modified", None)),
        str(getattr(item, "author", "")),
        str(getattr(item, "category", "")),
        *(str(tag) for tag in getattr(item, "tags", ())),
    )


class _LaterFeed:
    """What a writer returns for a feed that was not made: it is made when somebody looks at it."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make
        self._feed: Any = None

    def __getattr__(self, name: str) -> Any:
        if self._feed is None:
            self._feed = self._make()
        return getattr(self._feed, name)


def _with_url(path: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> tuple[Any, ...]:
    """The arguments behind the path, with an address where the path would have been it."""
    if args:
        return (args[0] or path, *args[1:])
    return () if "url" in kwargs else (path,)


def _override(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> bool:
    return bool(kwargs.get("override_output", args[2] if len(args) > 2 else False))


def _prepared(writer: Any, path: str) -> str:
    complete = str(sanitised_join(writer.output_path, path))
    os.makedirs(os.path.dirname(complete), exist_ok=True)
    return complete
