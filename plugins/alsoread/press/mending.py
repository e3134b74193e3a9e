"""How is a site put right where nothing but bodies were edited, without building it?

A page that shows a body as it is, and does nothing else with it, is the same page around another body. So the new one
is put in the place of the old one, in pages and in feeds, and the records of these say what they would say if they had
been made anew. Whatever is not as it should be for that is left to a build.
"""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Final, Protocol

from alsoread.press.carried import Carried, where_is
from alsoread.press.digests import named_group, told_text
from alsoread.press.keep import KEPT_PAGES, Keep
from alsoread.press.marks import was_edited
from alsoread.press.notes import write_note
from alsoread.press.output import Seen, Stage
from alsoread.press.planned import drop_planned
from alsoread.press.reads import ATTRIBUTE, ITEM, At, Place
from alsoread.press.rows import Group, reads_in
from alsoread.press.store import Store

__all__ = ["CONTENTS", "CannotMend", "InFeed", "Item", "Mending", "Reprint", "Stand"]

CONTENTS: Final = "generated_content"
"""Where the context has the contents of stories and pages."""

_BODY: Final = "content"
_UNSEEN: Final = Seen((), -1)


class CannotMend(Exception):
    """Only a build can tell what the site is now; the message says why."""


Reprint = Callable[[str], str | None]
"""Gives what is to be printed in the place of a body that was printed; None where that cannot be told."""

InFeed = Callable[[str, int, int, Reprint], str | None]
"""Gives a feed with another body in the entry of a number, of so many; None where that cannot be told."""


Item = Mapping[str, object]
"""The attributes of an item of a list: texts, numbers, and contents as :class:`~alsoread.press.reads.At` has them."""


class Stand(Protocol):
    """What pages are rendered with that are rendered from their records."""

    def environment(self) -> tuple[Any, Mapping[str, Any]]:
        """The environment of the theme's templates, traced, and the names that settings give to all pages."""

    def known(self, place: str, name: str) -> object:
        """An attribute of a content, as its card has it.

        :raises LookupError: where the card does not have it.
        """

    def texts(self, place: str) -> Iterable[str]:
        """The longer texts that a content may have, plain or as HTML."""


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
    these files of the site have been ``touched``, by their paths. The site may have been ``seen`` before.
    """

    stage: Stage
    store: Store
    seen: Seen = _UNSEEN
    _keep: Keep = field(init=False)
    _carried: Carried = field(init=False)
    _pages: dict[str, _File] = field(default_factory=dict)
    _feeds: dict[str, _File] = field(default_factory=dict)
    _groups: dict[str, str] = field(default_factory=dict)
    _edited: list[str] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        if self.store.get("recipe", "feeds") is None:
            raise CannotMend("nobody knows what is in the feeds")
        self._keep = Keep(os.path.join(self.stage.work, KEPT_PAGES), {})
        self._carried = Carried(self.store)
        if not self._carried.is_known:
            raise CannotMend("which pages have bodies is not known")

    @property
    def pages(self) -> int:
        """How many pages are others now."""
        return len(self._pages)

    @property
    def reasons(self) -> Counter[str]:
        """For how many pages it was the body, and for how many a list."""
        told = ({what.rpartition(" ")[2] for what, _, _ in page.changes} for page in self._pages.values())
        return Counter(chain.from_iterable(map(sorted, told)))

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

    def relist(self, place: str, page: str, attribute: str, items: Sequence[Item], stand: Stand) -> None:
        """Let a list of the content at a place have other items, as many as before, on its own page; the page is
        rendered from its record.

        :raises CannotMend: where that is not enough.
        """
        file = self._pages.get(page) or self._page(page)
        named = file.record["groups"]
        groups = [json.loads(self._groups.get(name) or self.store.text("group", name) or "[]") for name in named]
        given = _other_items(groups, place, attribute, items)
        if not given:
            return
        from alsoread.press.replay import CannotReplay, Replay
        from alsoread.press.rerender import replayed

        environment, settings = stand.environment()
        bodies = {at: file.text[where[0] :][: where[1]] for at, where in file.record.get("bodies", {}).items() if where}

        def texts(at: str) -> Iterable[str]:
            return [bodies[at], *stand.texts(at)] if at in bodies else stand.texts(at)

        try:
            then, now = (Replay([file.record["own"], *groups], stand.known, texts, values) for values in ({}, given))
            if replayed(environment, file.record["template"], then, settings) != file.text:
                raise CannotMend(f"{page} does not come out as it was")
            file.text = replayed(environment, file.record["template"], now, settings)
        except CannotReplay as why:
            raise CannotMend(f"{page}: {why}") from why
        others = dict(map(named_group, now.groups_now()[1:]))
        self._groups |= others
        file.record["groups"] = list(others)
        file.record["bodies"] = {at: where_is(body, file.text) for at, body in now.bodies.items()}
        file.changes.append((f"{place}: {attribute}", "", ""))
        self._pages[page] = file
        # should the list be again what the last build knew, the page is not
        self._edited.append(place)

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
            own = (rows for kind, at, rows in reads if kind == CONTENTS and at == place)
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
        # should this end in the middle, what is remembered is not what the site is
        write_note(self.stage.work, None)
        files = {**self._pages, **self._feeds}
        made = {name: self._put(name, file.text) for name, file in files.items()}
        if made:
            kept = {os.path.normpath(name): kept for name, kept in made.items()}
            touched = self.stage.amend(kept, self._keep, self.seen)
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


def _other_items(groups: Iterable[Group], place: str, attribute: str, items: Sequence[Item]) -> dict[Place, object]:
    """The values that a page would read now in a list of the content at a place, by where it read others; those that
    it may read for the first time with them. Nothing where all that it read is the same.
    """
    root, step = (CONTENTS, place), (ATTRIBUTE, attribute)
    reads = [(steps, fact, told_as) for each in groups for (at, steps, fact), told_as in reads_in(each) if at == root]
    own = [(steps[1:], fact, told_as) for steps, fact, told_as in reads if steps[:1] == (step,)]
    if not own:
        return {}
    told = [{name: _told_item(value) for name, value in item.items()} for item in items]
    is_other = False
    for steps, fact, told_as in own:
        match steps, fact:
            case (), "items" if not told_as.startswith("items:["):
                raise CannotMend(f"{place}: what was in {attribute}")
            case (), "items" if len(json.loads(told_as[6:])) != len(items):
                raise CannotMend(f"{place}: {attribute} has more or less in it")
            case (), "value" | "items":
                pass
            case (), "truth" if told_as == f"truth:{bool(items)}":
                pass
            case (), "length" if told_as == f"length:{len(items)}":
                pass
            case ((kind, number), (taken, name)), "value" if (
                kind == ITEM and taken == ATTRIBUTE and number < len(items)
            ):
                if name not in told[number]:
                    raise CannotMend(f"{place}: {name} in {attribute}")
                is_other = is_other or told[number][name] != told_as
            case _:
                raise CannotMend(f"{place}: {attribute} is looked at in another way")
    if not is_other:
        return {}
    return {
        (root, (step, (ITEM, number), (ATTRIBUTE, name))): value
        for number, item in enumerate(items)
        for name, value in item.items()
    }


def _told_item(value: object) -> str:
    if isinstance(value, At):
        return "@" + "/".join(value)
    return told_text(value, is_html=False) if isinstance(value, str) else f"{type(value).__name__}:{value!r}"
