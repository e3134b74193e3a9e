"""Is a page asked for as it was the last time?

What a page shows is decided by how it is asked for, its template and the names that are its own, and by what it reads
from there on. How it is asked for is told in one line (``asked``). Where that line is the same, what the page read of
its own names is the same, and need not be read again; what it read of contents and of the names that all pages share is
known by groups, each of which is looked at once for all pages.
"""

import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any, Final, NamedTuple

from alsoread.press.asked import UNTOLD, Asked
from alsoread.press.planned import PAGES, PLAN, SINCE
from alsoread.press.rows import Group, Row
from alsoread.press.store import Store

__all__ = ["Plan", "Planned"]

# where no more than one page in so many is another, only these are written
_SHARE: Final = 20
_TOGETHER: Final = 512
_encoded: Final = json.JSONEncoder(separators=(",", ":")).encode

Same = tuple[str, str, Row]
"""That an object which a page met at one place is the one that it met at another: the root, and the row."""


class Planned(NamedTuple):
    """What the last build knew of a page: how it was asked for and of which article it is, the name of its bytes, its
    groups, which objects it met twice, and whether it read more of its own names than how it was asked for tells.
    """

    mark: str
    owner: str
    kept: str
    groups: Sequence[str]
    same: Sequence[Same]
    beyond: bool


class Plan:
    """The pages of the last build, and those of this one. ``about`` says of which content a group of reads is, and
    whether it goes beyond that.

    In the store they are as they were once, and what is another since. The second tells by a checksum which the first
    is: where one of the two is not what it was, nothing is known.
    """

    def __init__(self, store: Store) -> None:
        self.about: dict[str, tuple[str, bool]] = {}
        self._store = store
        self._now: dict[str, Planned] = {}
        self._asked: dict[str, Asked] = {}
        self._before: Mapping[str, Planned] = {}
        self._once: Mapping[str, Planned] = {}
        self._sum = 0
        self._owned: dict[str, tuple[str, Planned]] | None = None
        self._by_mark: dict[str, str] | None = None
        with suppress(ValueError, TypeError, LookupError, AttributeError):
            self._read(store.text(PLAN, PAGES), store.get(PLAN, SINCE))

    def _read(self, text: str | None, since: Any) -> None:
        before, more, newer, gone = since
        if text is None or before != _sum(text):
            return
        groups, rows = json.loads(text)
        names = [group for group, _, _ in groups]
        once = {
            page: Planned(mark, owner, kept, [names[number] for number in own], same, beyond)
            for page, mark, owner, kept, own, same, beyond in rows
        }
        now = {page: Planned(*row) for page, *row in newer}
        # most often nearly all are as they were once
        pages = dict(once)
        pages.update(now)
        for page in gone:
            if page not in now:
                pages.pop(page, None)
        about = {group: (place, bool(beyond)) for group, place, beyond in (*groups, *more) if beyond is not None}
        self._before = pages
        self._once, self._sum, self.about = once, before, about

    def forget_all(self) -> None:
        """Let nothing be known of the last build."""
        self.about, self._before, self._once = {}, {}, {}

    def of(self, owner: str) -> tuple[str, Planned] | None:
        """The page of the last build that was an article's; None if there was not just one."""
        if self._owned is None:
            times = Counter(planned.owner for planned in self._before.values())
            owned = ((page, planned) for page, planned in self._before.items() if times[planned.owner] == 1)
            self._owned = {planned.owner: (page, planned) for page, planned in owned if planned.owner}
        return self._owned.get(owner)

    def before(self, page: str, asked: Asked) -> Planned | None:
        """A page of the last build, if it was asked for in the same way."""
        if not asked.mark:
            return None
        self._asked[page] = asked
        planned = self._before.get(page)
        return planned if planned is not None and planned.mark in asked.marks else None

    def forget(self, page: str) -> None:
        """A page is asked for once more, and nobody knows how: what comes of it is not what was asked for at first."""
        self._asked.pop(page, None)

    def known_by(self, mark: str) -> tuple[str, Planned] | None:
        """The page of the last build that was known by a mark."""
        if self._by_mark is None:
            self._by_mark = {planned.mark: page for page, planned in self._before.items()}
        page = self._by_mark.get(mark) if mark else None
        return None if page is None else (page, self._before[page])

    def note(self, page: str, record: Mapping[str, Any], leads_beyond: Callable[[str], bool]) -> None:
        """Take note of a page's record; ``leads_beyond`` says of reads, as they are written, whether more decides them
        than how a page is asked for.
        """
        asked, own = self._asked.get(page, UNTOLD), record["own"]
        # names lead nowhere by themselves, only steps do
        beyond = asked.beyond and leads_beyond(_encoded([rows for _, _, rows in own]))
        self._now[page] = Planned(
            asked.mark_for(own), asked.owner, record["kept"], record["groups"], _same(own), beyond
        )

    def at(self, page: str) -> Planned:
        """A page of the last build."""
        return self._before[page]

    def keep(self, pages: Mapping[str, Planned]) -> None:
        """Take note of pages that are as they were."""
        self._now.update(pages)

    def save(self, pages: Iterable[str], about: Callable[[str], tuple[str, bool]] | None) -> None:
        """Hand the pages to the store; ``about`` says of what a group is, if that is known."""
        now = {page: self._now[page] for page in pages if page in self._now and self._now[page].mark}
        newer = {page: planned for page, planned in now.items() if planned != self._once.get(page)}
        gone = sorted(self._once.keys() - now.keys())
        # groups are known in the same way, or not at all
        is_known = (about is None) == (not self.about)
        if is_known and self._once and (len(newer) + len(gone)) * _SHARE <= len(self._once):
            used = dict.fromkeys(group for planned in newer.values() for group in planned.groups)
            named = [[page, *planned] for page, planned in newer.items()]
            self._store.put(PLAN, SINCE, [self._sum, [*_told_groups(used, about)], named, gone])
            return
        numbers: dict[str, int] = {}
        rows = (
            [
                page,
                *planned[:3],
                [numbers.setdefault(group, len(numbers)) for group in planned.groups],
                planned.same,
                int(planned.beyond),
            ]
            for page, planned in now.items()
        )
        pages = [*_pieces(rows)]
        text = "".join(["[[", *_pieces(_told_groups(numbers, about)), "],[", *pages, "]]"])
        del pages
        self._store.put_text(PLAN, PAGES, text)
        self._store.put(PLAN, SINCE, [_sum(text), [], [], []])


def _pieces(items: Iterable[object]) -> Iterator[str]:
    """Items as JSON has those of a list, some in each piece: all together are several times as large as the text."""
    items, comma = iter(items), ""
    while some := [*islice(items, _TOGETHER)]:
        yield comma + _encoded(some)[1:-1]
        comma = ","


def _told_groups(
    groups: Iterable[str], about: Callable[[str], tuple[str, bool]] | None
) -> Iterator[tuple[str, str, int | None]]:
    """Groups with what is known of them."""
    for group in groups:
        place, beyond = about(group) if about is not None else ("", None)
        yield group, place, None if beyond is None else int(beyond)


def _sum(text: str) -> int:
    return zlib.crc32(text.encode())


def _same(own: Group) -> list[Same]:
    return [(kind, name, row) for kind, name, rows in own for row in rows if len(row) > 2 and row[2] == "same"]
