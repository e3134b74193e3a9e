"""Which pages carry bodies, besides the page of each article?

Most bodies stand on one page, that of their article. A front page may carry the newest in full, and a template may look
into a body to tell how long it takes to read. Whoever changes a body has to know these pages.
"""

from collections.abc import Collection, Mapping
from typing import Any, Final

from alsoread.press.store import Store

__all__ = ["Carried", "owner_of", "where_is"]

# what Pelican calls the content that a page is of, and how contents are told
_OWNERS: Final = ("article", "page")
_AT: Final = "@generated_content/"


def where_is(body: str | None, text: str) -> list[int] | None:
    """Where a body begins in the text of a page, and how long it is; None where it is not there just once."""
    begin = text.find(body) if body else -1
    # it may overlap itself
    return [begin, len(body)] if body and begin == text.rfind(body) >= 0 else None


def owner_of(record: Mapping[str, Any]) -> str:
    """The place of the content that a page is of, by its record; nothing where it is none's."""
    told = (rows[0][1] for kind, name, rows in record["own"] if kind == "local" and name in _OWNERS)
    return next((each.removeprefix(_AT) for each in told if each.startswith(_AT)), "")


class Carried:
    """By the place of a content, the pages besides its own that took its body, in the last build or in this one; if it
    ``is_known`` which did in the last one.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._places: dict[str, set[str]] = {}
        rows = store.get("bodies", "pages")
        self.is_known = isinstance(rows, dict)
        for page, places in rows.items() if isinstance(rows, dict) else ():
            self._places[page] = set(places)

    def note(self, page: str, record: Mapping[str, Any], owner: str) -> None:
        """Take note of a page that was rendered; ``owner`` is the place of the content that it is the page of."""
        places = set(record.get("bodies", ())) - {owner}
        if places:
            self._places[page] = places
        else:
            self._places.pop(page, None)

    def forget(self) -> None:
        """Take note of each page anew."""
        self._places.clear()

    def pages_of(self, place: str) -> list[str]:
        """The pages, besides its own, that took the body of a content."""
        return sorted(page for page, places in self._places.items() if place in places)

    def save(self, pages: Collection[str]) -> None:
        """Hand it to the store, as far as the pages are still there."""
        rows = {page: sorted(places) for page, places in sorted(self._places.items()) if page in pages}
        self._store.put("bodies", "pages", rows)
