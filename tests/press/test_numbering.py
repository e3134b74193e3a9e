"""Page 7 of a list holds the same stories for as long as nothing older comes or goes."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pelican.paginator import PaginationRule

from alsoread.press.numbering import StablePaginator

PATTERNS = [PaginationRule(1, "{url}", "{save_as}"), PaginationRule(2, "{name}{number}.html", "{name}{number}.html")]


@dataclass(frozen=True)
class Listed:
    date: datetime


def listed(number: int, *, oldest_first: bool = False) -> list[Listed]:
    """So many stories, a day apart."""
    stories = [Listed(datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=day)) for day in range(number)]
    return stories if oldest_first else stories[::-1]


def paginator(stories: Sequence[Listed], per_page: int) -> StablePaginator:
    settings = {"DEFAULT_ORPHANS": 0, "PAGINATION_PATTERNS": PATTERNS}
    return StablePaginator("index.html", "index.html", stories, settings, per_page)


def pages(stories: Sequence[Listed], per_page: int) -> dict[str, list[Listed]]:
    paged = paginator(stories, per_page)
    return {paged.page(number).save_as: paged.page(number).object_list for number in paged.page_range}


@given(st.integers(0, 60), st.integers(1, 9), st.booleans())
def test_each_story_is_on_one_page(number: int, per_page: int, oldest_first: bool) -> None:
    stories = listed(number, oldest_first=oldest_first)
    shown = [story for page in pages(stories, per_page).values() for story in page]
    assert sorted(shown, key=lambda story: story.date) == sorted(stories, key=lambda story: story.date)


@given(st.integers(0, 60), st.integers(1, 9), st.booleans())
def test_a_new_story_leaves_all_pages_but_the_first_as_they_are(number: int, per_page: int, oldest_first: bool) -> None:
    before = pages(listed(number, oldest_first=oldest_first), per_page)
    after = pages(listed(number + 1, oldest_first=oldest_first), per_page)
    assert {name: after[name] for name in before if name != "index.html"} == {
        name: page for name, page in before.items() if name != "index.html"
    }


@given(st.integers(0, 60), st.integers(1, 9))
def test_the_first_page_holds_a_page_and_what_does_not_fill_one(number: int, per_page: int) -> None:
    first = pages(listed(number), per_page)["index.html"]
    assert len(first) == number if number < per_page else per_page <= len(first) < 2 * per_page
    assert first == listed(number)[: len(first)]


@given(st.integers(0, 60), st.integers(1, 9))
def test_neighbours_lead_from_the_newest_to_the_oldest_and_back(number: int, per_page: int) -> None:
    paged = paginator(listed(number), per_page)
    way = [1]
    while paged.page(way[-1]).has_next():
        way.append(paged.page(way[-1]).next_page_number())
    assert way == paged.page_range
    assert not paged.page(1).has_previous()
    for newer, older in itertools.pairwise(way):
        assert paged.page(older).previous_page_number() == newer
        found_newer, _ = paged.neighbours(older)
        _, found_older = paged.neighbours(newer)
        assert found_newer is not None
        assert found_older is not None
        assert (found_newer.number, found_older.number) == (newer, older)


@given(st.integers(1, 60), st.integers(1, 9))
def test_places_in_the_list_are_counted_from_the_newest(number: int, per_page: int) -> None:
    stories = listed(number)
    paged = paginator(stories, per_page)
    for page in map(paged.page, paged.page_range):
        assert page.object_list == stories[page.start_index() - 1 : page.end_index()]


@pytest.mark.parametrize(("number", "addresses"), [(0, 1), (3, 1), (5, 1), (6, 2), (9, 3), (11, 3)])
def test_addresses_count_up_with_the_full_pages(number: int, addresses: int) -> None:
    assert sorted(pages(listed(number), 3)) == ["index.html", *(f"index{n}.html" for n in range(2, addresses + 1))]
