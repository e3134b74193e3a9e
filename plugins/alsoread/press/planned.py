"""Where is the plan of the last build in the store, and how is a page taken out of it?"""

from collections.abc import Collection
from typing import Final

from alsoread.press.store import Store

__all__ = ["PAGES", "PLAN", "SINCE", "drop_planned"]

PLAN: Final = "plan"
"""The kind of its entries."""

PAGES: Final = "pages"
"""The pages as they were planned once."""

SINCE: Final = "since"
"""What is another since: the checksum of the pages, groups, pages that are others now, and names of those that went."""


def drop_planned(store: Store, pages: Collection[str]) -> None:
    """Let nothing be known of how some pages were asked for."""
    match store.get(PLAN, SINCE):
        case [checksum, groups, list(newer), list(gone)]:
            left = [row for row in newer if row[0] not in pages]
            store.put(PLAN, SINCE, [checksum, groups, left, sorted({*gone, *pages})])
