"""What is page 7 of a list?

Pelican counts from the newest story: each new one moves all the others along, and every page of the list changes. With
``ALSOREAD_NUMBER_FROM_OLDEST`` a page other than the first holds the same stories and keeps its address while no older
story comes or goes. The first page is the newest: it holds what does not fill a page yet and the newest full page.
"""

from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any

from pelican.paginator import Page, Paginator

__all__ = ["StablePage", "StablePaginator", "paginators_of", "write_paginated"]


class StablePaginator(Paginator):  # type: ignore[misc]
    """Pages of one list. From the newest to the oldest, their numbers are 1, the number of pages, and so down to 2."""

    def _get_num_pages(self) -> int:
        return max(1, self.count // self.per_page) if self.per_page else 1

    num_pages = property(_get_num_pages)

    @property
    def page_range(self) -> list[int]:
        """The numbers of all pages, from the newest to the oldest."""
        return [1, *range(self.num_pages, 1, -1)]

    def bounds(self, number: int) -> tuple[int, int]:
        """Where in the list the page of a number begins, and where it ends."""
        older = (self.num_pages - 1) * self.per_page
        begin, end = (
            (older, self.count) if number == 1 else ((number - 2) * self.per_page, (number - 1) * self.per_page)
        )
        return (begin, end) if _is_oldest_first(self.object_list) else (self.count - end, self.count - begin)

    def page(self, number: int) -> "StablePage":
        """The page of a number, which is the one in its address."""
        begin, end = self.bounds(number)
        return StablePage(self.name, self.url, self.object_list[begin:end], number, self, self.settings)

    def neighbours(self, number: int) -> "tuple[StablePage | None, StablePage | None]":
        """The next newer and the next older page."""
        page = self.page(number)
        newer = self.page(page.previous_page_number()) if page.has_previous() else None
        return newer, self.page(page.next_page_number()) if page.has_next() else None


class StablePage(Page):  # type: ignore[misc]
    """One page; the next one is older."""

    def has_next(self) -> bool:
        return bool(self.number > 2 if self.number != 1 else self.paginator.num_pages > 1)

    def next_page_number(self) -> int:
        return int(self.paginator.num_pages if self.number == 1 else self.number - 1)

    def previous_page_number(self) -> int:
        return int(1 if self.number == self.paginator.num_pages else self.number + 1)

    def start_index(self) -> int:
        """The place of the page's first story in the list, counted from 1; 0 if there is none."""
        if self.number == 1:
            return min(1, int(self.paginator.count))
        return int(self.paginator.count - (self.number - 1) * self.paginator.per_page + 1)

    def end_index(self) -> int:
        """The place of the page's last story in the list."""
        return self.start_index() + max(0, len(self.object_list) - 1)


def paginators_of(
    settings: Mapping[str, Any], name: str, template_name: str, lists: Mapping[str, Sequence[Any]], url: str | None
) -> dict[str, StablePaginator]:
    """The paginators of lists that are shown together, by the names of the lists."""
    per_page = settings["PAGINATED_TEMPLATES"][template_name] or settings["DEFAULT_PAGINATION"]
    return {key: StablePaginator(name, url, items, settings, per_page) for key, items in lists.items()}


def write_paginated(
    write: Callable[..., Any],
    passed: Container[int],
    name: str,
    paginators: Mapping[str, StablePaginator],
    variables: Mapping[str, Any],
) -> None:
    """Write all pages of a list, each by ``write(save_as, number, variables)``, with Pelican's names for the page, its
    neighbours and the paginator; but for those numbers that are ``passed``.
    """
    for number in next(iter(paginators.values())).page_range:
        if number in passed:
            continue
        paginated = dict(variables)
        save_as = name
        for key, paginator in paginators.items():
            page = paginator.page(number)
            newer, older = paginator.neighbours(number)
            paginated[f"{key}_paginator"], paginated[f"{key}_page"] = paginator, page
            paginated[f"{key}_previous_page"], paginated[f"{key}_next_page"] = newer, older
            save_as = page.save_as
        write(save_as, number, paginated)


def _is_oldest_first(items: Sequence[Any]) -> bool:
    if len(items) < 2:
        return False
    first, last = getattr(items[0], "date", None), getattr(items[-1], "date", None)
    return first is not None and last is not None and bool(first < last)
