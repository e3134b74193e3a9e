"""How is one page of a list asked for, by what is on it?

Whoever adds a story asks for all pages of its topics with other lists than before. A page that looks only at its own
part of a list, at its number and at the addresses of its neighbours, is as it was where these are.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from alsoread.press.digests import digest
from alsoread.press.numbering import StablePaginator
from alsoread.press.reads import CALL
from alsoread.press.rows import Group, Row

__all__ = ["Part", "PartTeller", "is_of_part"]

# what the part and the number of a page decide, besides the settings
_OF_PAGE: Final = frozenset(
    {"object_list", "number", "url", "save_as", "has_next", "has_previous", "has_other_pages"}
    | {"next_page_number", "previous_page_number"}
)
# what the number of a neighbour decides
_OF_NEIGHBOUR: Final = frozenset({"number", "url", "save_as"})
_NOTHING: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Part:
    """How a page is asked for by a part of what it is asked for with: a line, the names of lists of which that says
    what is on one page, and the names of lists of which it says nothing.
    """

    mark: str
    keys: Sequence[str]
    lists: frozenset[str]

    def page(self, number: int) -> "Part":
        """The same for the page of a number."""
        return Part(f"{self.mark} {number}", self.keys, self.lists)


@dataclass(slots=True)
class PartTeller:
    """Tells the parts of one call's lists. ``told`` is what else the call says, and ``slices`` tells some items of a
    list in a line, which is empty where that cannot be done.
    """

    told: str
    lists: frozenset[str]
    paginators: Mapping[str, StablePaginator]
    slices: Callable[[Sequence[Any], int, int], str]

    def part(self, number: int) -> Part | None:
        """The page of a number; None where it cannot be told."""
        told: list[object] = []
        for key, paginator in self.paginators.items():
            items = self.slices(paginator.object_list, *paginator.bounds(number))
            if not items:
                return None
            pages = paginator.num_pages
            # the newest page leads to the one with the highest number, and that one to it
            told.append((key, items, pages if number == 1 else number == pages))
        return Part(f"part {digest(self.told, repr((number, told)))}", tuple(self.paginators), self.lists)


def is_of_part(own: Group, part: Part) -> bool:
    """Whether a page that read ``own`` of its names read nothing of lists but what its part decides."""
    known = dict.fromkeys(part.lists, _NOTHING)
    for key in part.keys:
        known[f"{key}_paginator"] = _NOTHING
        known[f"{key}_page"] = _OF_PAGE
        known[f"{key}_previous_page"] = known[f"{key}_next_page"] = _OF_NEIGHBOUR
    return all(
        _is_done_again(row) or (kind == "local" and (name not in known or _is_decided(row, known[name])))
        for kind, name, rows in own
        for row in rows
    )


def _is_done_again(row: Row) -> bool:
    """Whether a read is of two ways to one object: such reads are done again wherever a page is passed over."""
    return len(row) > 2 and row[2] == "same"


def _is_decided(row: Row, attributes: frozenset[str]) -> bool:
    """Whether a read is of what it is that stands under a name, or of one of its attributes."""
    steps = [row[0]] if isinstance(row[0], str) else row[0]
    if not steps:
        return len(row) == 2
    first = steps[0]
    if isinstance(first, list) and len(first) > 1 and first[0] == CALL:
        first = first[1]
    return isinstance(first, str) and first in attributes
