"""How is a site put right where nothing but bodies were edited, without building it?

A page that shows a body as it is, and does nothing else with it, is the same page around another body. So the new one
is put in the place of the old one, in pages and in feeds, and the records of these say what they would say if they had
been made anew. Whatever is not as it should be for that is left to a build.
"""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from alsoread.press.carried import Carried, where_is
from alsoread.press.digests import named_group, told_text
from alsoread.press.keep import Keep
from alsoread.press.marks import was_edited
from alsoread.press.output import Stage
from alsoread.press.planned import drop_planned
from alsoread.press.store import Store

__all__ = ["CannotMend", "InFeed", "Mending", "Reprint"]

_CONTENTS: Final = "generated_content"
_BODY: Final = "content"


class CannotMend(Exception):
    """Only a build can tell what the site is now; the message says why."""


Reprint = Callable[[str], str | None]
"""Gives what is to be printed in the place of a body that was printed; None where that cannot be told."""

InFeed = Callable[[str, int, int, Reprint], str | None]
"""Gives a feed with another body in the entry of a number, of so many; None where that cannot be told."""


@dataclass(slots=True)
class _File:
    """A page or feed as it will be: its text, and the name under which its bytes were kept. A page has a record, and a
    feed the places of the contents that it lists.
    """

    text: str
    was: str
    record: dict[str, Any] = field(default_factory=dict)
    listed: list[str] = field(default_factory=list)
    changes: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Mending:
    """The site of a ``stage``, in which bodies are replaced one by one and all together take their place. In the end
    these files of the site have been ``touched``, by their paths.
    """

    stage: Stage
    store: Store
    _keep: Keep = field(init=False)
    _carried: Carried = field(init=False)
    _pages: dict[str, _File] = field(default_factory=dict)
    _feeds: dict[str, _File] = field(default_factory=dict)
    _groups: dict[str, str] = field(default_factory=dict)
    _edited: list[str] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._keep = Keep(os.path.join(self.stage.work, "pages"), {})
        self._carried = Carried(self.store)

    @property
    def pages(self) -> int:
        """How many pages are others now."""
        return len(self._pages)

    def replace(self, place: str, page: str, reprint: Reprint, in_feed: InFeed) -> None:
        """Let the content at a place have another body, on its own page and wherever else it is printed.

        :raises CannotMend: where that is more than to print it.
        """
        for name in dict.fromkeys((page, *self._carried.pages_of(place))):
            self._replace_on(name, place, reprint)
        for name in self.store.names("feed"):
            self._replace_in(name, place, reprint, in_feed)
        self._edited.append(place)

    def _replace_on(self, name: str, place: str, reprint: Reprint) -> None:
        page = self._pages.get(name) or self._page(name)
        bodies: dict[str, Any] = page.record.get("bodies", {})
        if place not in bodies:
            return
        if bodies[place] is None:
            raise CannotMend(f"{name} looks into the body of {place}")
        begin, length = bodies[place]
        old = page.text[begin : begin + length]
        new = _told(reprint(old), name, place)
        self._read_anew(page, name, place, old, new)
        page.text = page.text[:begin] + new + page.text[begin + length :]
        for other, where in bodies.items():
            if where is not None:
                at = where[0] + (len(new) - length if where[0] > begin else 0)
                size = len(new) if other == place else where[1]
                bodies[other] = where_is(page.text[at : at + size], page.text)
        self._pages[name] = page

    def _page(self, name: str) -> _File:
        record = self.store.get("page", name)
        if record is None:
            raise CannotMend(f"nothing is known of {name}")
        return _File(self._text(name, record["kept"]), record["kept"], record)

    def _text(self, name: str, kept: str) -> str:
        """The text of a page or feed as it was made."""
        try:
            data = self._keep.read(kept)
        except OSError as error:
            raise CannotMend(f"the bytes of {name} are gone") from error
        if Keep.name_of(name, data) != kept:
            raise CannotMend(f"the bytes of {name} are others")
        return data.decode("utf-8", "surrogatepass")

    def _read_anew(self, page: _File, name: str, place: str, old: str, new: str) -> None:
        """Let the record of a page say that it read the other body."""
        for number, group in enumerate(page.record["groups"]):
            reads = json.loads(self._groups.get(group) or self.store.text("group", group) or "[]")
            own = (rows for kind, at, rows in reads if kind == _CONTENTS and at == place)
            for row in (row for rows in own for row in rows if row[0] == _BODY and len(row) == 2):
                was, row[1] = row[1], told_text(new, is_html=row[1].startswith("m:"))
                if was != told_text(old, is_html=was.startswith("m:")):
                    break
                page.changes.append((f"{place}: {_BODY}", was, row[1]))
                page.record["groups"][number], text = named_group(reads)
                self._groups[page.record["groups"][number]] = text
                return
        raise CannotMend(f"the record of {name} tells of another body of {place}")

    def _replace_in(self, name: str, place: str, reprint: Reprint, in_feed: InFeed) -> None:
        feed = self._feeds.get(name)
        if feed is None:
            _, kept, listed = self.store.get("feed", name)
            if place not in listed:
                return
            feed = _File(self._text(name, kept), kept, listed=listed)
        if place in feed.listed:
            if feed.listed.count(place) > 1:
                raise CannotMend(f"{name} has the body of {place} more than once")
            at, count = feed.listed.index(place), len(feed.listed)
            feed.text = _told(in_feed(feed.text, at, count, reprint), name, place)
            self._feeds[name] = feed

    def commit(self) -> None:
        """Put the pages and feeds in their place, all at once, and let the store know; it is not saved yet.

        :raises CannotMend: where the site has to be made whole for that; it is as it was.
        """
        files = {**self._pages, **self._feeds}
        made = {name: self._put(name, file.text) for name, file in files.items()}
        if made:
            touched = self.stage.amend({os.path.normpath(name): kept for name, kept in made.items()}, self._keep)
            if touched is None:
                raise CannotMend("the folder of the site cannot be amended")
            self.touched = touched
        for group, text in self._groups.items():
            self.store.put_text("group", group, text)
        for name, page in self._pages.items():
            self.store.put("page", name, {**page.record, "kept": made[name]})
        for name, feed in self._feeds.items():
            # by what it is known again is for the next build to tell
            self.store.put("feed", name, ["", made[name], feed.listed])
        drop_planned(self.store, self._pages)
        for place in self._edited:
            was_edited(self.store, place)
        self.store.put("reasons", "pages", {name: page.changes for name, page in self._pages.items()})
        for name, file in files.items():
            if file.was != made[name]:
                with suppress(OSError):
                    os.remove(self._keep.path(file.was))

    def _put(self, name: str, text: str) -> str:
        data = text.encode("utf-8", "surrogatepass")
        kept = Keep.name_of(name, data)
        self._keep.put(kept, data)
        return kept


def _told(text: str | None, name: str, place: str) -> str:
    if text is None:
        raise CannotMend(f"how {name} has the body of {place}")
    return text
