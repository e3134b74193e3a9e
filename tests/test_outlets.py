"""Which outlets does a digest draw on, and for which stories?"""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from alsoread.news.names import SLUG, SLUG_LENGTH
from alsoread.news.outlets import Outlet, outlet_slug, outlets_in
from alsoread.story import Source, Story


def told(name: str, *outlets: str, day: int = 1) -> Story:
    sources = tuple(Source(outlet) for outlet in outlets)
    return Story(f"{name}.md", name, name, datetime(2025, 1, day, tzinfo=UTC), sources=sources)


def test_an_outlet_has_the_stories_that_draw_on_it_newest_first() -> None:
    found = outlets_in([told("c", "The Times"), told("b", "Le Monde"), told("a", "The Times", "Le Monde")])
    assert found["the-times"] == Outlet("the-times", "The Times", ("c.md", "a.md"))
    assert found["le-monde"].stories == ("b.md", "a.md")


def test_case_spaces_and_accents_do_not_part_an_outlet_and_the_oldest_story_spells_it() -> None:
    found = outlets_in([told("b", "THE  TIMES", "El País"), told("a", "The Times", "el pais")])
    assert [(outlet.name, outlet.stories) for outlet in found.values()] == [
        ("el pais", ("b.md", "a.md")),
        ("The Times", ("b.md", "a.md")),
    ]


def test_outlets_stand_from_a_to_z_whatever_their_case() -> None:
    found = outlets_in([told("a", "zeit", "Avvenire", "the Times", "BBC")])
    assert [outlet.name for outlet in found.values()] == ["Avvenire", "BBC", "the Times", "zeit"]


def test_a_story_counts_once_however_often_it_cites_an_outlet() -> None:
    assert outlets_in([told("a", "BBC", "bbc", "BBC")])["bbc"].stories == ("a.md",)


def test_a_name_without_a_letter_is_no_outlet() -> None:
    assert outlets_in([told("a", "—", "☀")]) == {}
    assert outlet_slug("—") == ""


def test_outlets_of_other_scripts_have_addresses_and_stay_apart() -> None:
    found = outlets_in([told("a", "朝日新聞", "Правда", "الجزيرة")])
    assert len(found) == 3
    assert all(SLUG.fullmatch(slug) for slug in found)


@given(st.lists(st.lists(st.text(max_size=120), max_size=3), max_size=5))
def test_every_outlet_has_an_address_of_a_bounded_length_and_at_least_one_story(names: list[list[str]]) -> None:
    listed = [told(f"s{number}", *outlets) for number, outlets in enumerate(names)]
    found = outlets_in(listed)
    for slug, outlet in found.items():
        assert SLUG.fullmatch(slug)
        assert len(slug) <= SLUG_LENGTH
        assert outlet_slug(outlet.name) == outlet.slug == slug
        assert outlet.stories
        assert [path for story in listed if (path := story.path) in outlet.stories] == list(outlet.stories)
