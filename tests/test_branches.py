"""Which stories does a topic have, its sub-topics' with them, and what do they tell of it?"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alsoread.news.addresses import Address
from alsoread.news.branches import (
    NEIGHBOURS,
    Combination,
    Facts,
    Neighbours,
    combine,
    months_between,
    roll_up,
    walk_within,
)
from alsoread.news.digest import Digest, Files, assemble
from alsoread.news.hierarchy import Hierarchy
from alsoread.story import Story, Topic
from reading import places, read_as_topic, settings
from test_digest import ADDRESSES, digest, file

# space > planets > mars, space > moon; sea and ports stand alone
BRANCHES = Hierarchy({"planets": "space", "mars": "planets", "moon": "space"})


def topic(slug: str, *pinned: str) -> Topic:
    return Topic(slug, slug.capitalize(), pinned=pinned, curated=True, path=f"topics/{slug}.md")


def listing(*rows: tuple[str, str]) -> tuple[list[Story], dict[str, tuple[str, ...]]]:
    """Stories, newest first, from (name, slugs of its topics), and these slugs by path."""
    stories = [
        Story(f"{name}.md", name, name, datetime(2025, 1, len(rows) - place, tzinfo=UTC), id=f"id-{name}")
        for place, (name, _) in enumerate(rows)
    ]
    return stories, {f"{name}.md": tuple(slugs.split()) for name, slugs in rows}


def rolled(*rows: tuple[str, str], translations: tuple[str, ...] = ()) -> dict[str, list[str]]:
    stories, of_story = listing(*rows)
    found = roll_up(stories, of_story, BRANCHES, frozenset(f"{name}.md" for name in translations))
    return {slug: [path.removesuffix(".md") for path in paths] for slug, paths in found.items()}


def facts(*rows: tuple[str, str], topics: tuple[Topic, ...] = (), **outlets: tuple[str, ...]) -> Facts:
    stories, of_story = listing(*rows)
    known = {slug: topic(slug) for row in of_story.values() for slug in row} | {each.slug: each for each in topics}
    known |= {slug: known.get(slug, topic(slug)) for slug in ("space", "planets")}
    stories_of = roll_up(stories, of_story, BRANCHES)
    return Facts(
        known,
        stories_of,
        {story.path: story for story in stories},
        BRANCHES,
        {f"{name}.md": slugs for name, slugs in outlets.items()},
        walk_within(stories_of),
    )


def test_the_stories_of_a_sub_topic_are_the_stories_of_all_above_it_too() -> None:
    assert rolled(("c", "mars"), ("b", "moon"), ("a", "space")) == {
        "mars": ["c"],
        "moon": ["b"],
        "planets": ["c"],
        "space": ["c", "b", "a"],
    }


def test_a_story_counts_once_however_many_of_its_topics_stand_below_one() -> None:
    assert rolled(("b", "mars planets space moon"), ("a", "moon mars"))["space"] == ["b", "a"]


def test_a_translation_is_listed_only_where_no_other_story_is() -> None:
    found = rolled(("a", "mars"), ("a-de", "mars hafen"), ("b-de", "hafen"), translations=("a-de", "b-de"))
    assert found == {"mars": ["a"], "planets": ["a"], "space": ["a"], "hafen": ["a-de", "b-de"]}


def test_neighbours_share_two_stories_at_least_and_stand_in_no_branch_with_it() -> None:
    found = facts(("d", "mars sea"), ("c", "mars sea ports"), ("b", "mars ports"), ("a", "sea ice"))
    assert found["mars"].neighbours == (("ports", 2), ("sea", 2))
    assert found["sea"].neighbours == (("mars", 2), ("planets", 2), ("space", 2))
    assert found["ice"].neighbours == ()


def test_the_nearest_neighbours_come_first_and_are_not_without_end() -> None:
    rows = [(f"s{number}", "sea " + " ".join(f"t{other}" for other in range(number))) for number in range(14)]
    near = facts(*rows)["sea"].neighbours
    assert near == tuple((f"t{number}", 13 - number) for number in range(NEIGHBOURS))


def test_sources_are_counted_by_story_most_first() -> None:
    found = facts(("c", "mars"), ("b", "moon"), ("a", "sea"), c=("bbc", "zeit"), b=("zeit",), a=("bbc",))
    assert found["space"].sources == (("zeit", 2), ("bbc", 1))
    assert found["sea"].sources == (("bbc", 1),)


def test_first_and_last_are_the_dates_of_its_own_and_its_sub_topics_stories() -> None:
    found = facts(("c", "mars"), ("b", "sea"), ("a", "moon"))
    assert (found["space"].first.day, found["space"].last.day) == (1, 3)
    assert (found["sea"].first.day, found["sea"].last.day) == (2, 2)


@pytest.mark.parametrize(
    ("days", "months"),
    [
        (["2025-03-01"], [(2025, 3, 1)]),
        (["2024-11-30", "2025-02-01", "2025-02-28"], [(2024, 11, 1), (2024, 12, 0), (2025, 1, 0), (2025, 2, 2)]),
        (["2024-12-31", "2025-01-01"], [(2024, 12, 1), (2025, 1, 1)]),
        (["1000-01-01", "2025-01-01"], []),  # a mistyped year
        (["1925-01-01", "2025-01-01"], []),
    ],
)
def test_months_are_counted_with_the_empty_ones_between(days: list[str], months: list[tuple[int, int, int]]) -> None:
    assert months_between([datetime.fromisoformat(day).replace(tzinfo=UTC) for day in days]) == tuple(months)


def test_months_are_counted_over_a_hundred_years_but_no_more() -> None:
    assert len(months_between([datetime(1925, 2, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)])) == 1_200


def test_a_pinned_story_is_named_by_slug_or_id_and_need_not_be_of_the_topic() -> None:
    found = facts(("b", "sea"), ("a", "mars"), topics=(topic("mars", "b", "id-a"),))
    assert found["mars"].pinned == ("b.md", "a.md")


def test_combinations_share_enough_stories_and_stand_in_no_branch_together() -> None:
    rows = [(f"s{number}", "mars sea space") for number in range(3)] + [("x", "mars ice"), ("y", "sea ice")]
    stories, of_story = listing(*rows)
    stories_of = roll_up(stories, of_story, BRANCHES)
    shared = ("s0.md", "s1.md", "s2.md")
    assert combine(stories_of, BRANCHES, 3) == (
        Combination("mars", "sea", shared),
        Combination("planets", "sea", shared),
        Combination("sea", "space", shared),
    )
    assert combine(stories_of, BRANCHES, 4) == ()
    assert Combination("ice", "mars", ("x.md",)) in combine(stories_of, BRANCHES, 1)
    assert combine(stories_of, BRANCHES, 0) == ()


def test_stories_about_everything_make_no_combinations() -> None:
    paths = tuple(f"s{number}" for number in range(5))
    assert combine({f"t{number}": paths for number in range(21)}, BRANCHES, 5) == ()
    assert len(combine({f"t{number}": paths for number in range(20)}, BRANCHES, 5)) == 190


def test_each_story_has_its_neighbours_in_the_list_of_each_topic() -> None:
    found = walk_within({"sea": ("c", "b", "a"), "ice": ("b",)})
    assert found == {
        "c": (Neighbours("sea", earlier="b", later=""),),
        "b": (Neighbours("ice", "", ""), Neighbours("sea", earlier="a", later="c")),
        "a": (Neighbours("sea", earlier="", later="b"),),
    }


STORIES_OF = st.dictionaries(
    st.sampled_from(["mars", "planets", "space", "moon", "sea", "ports"]),
    st.lists(st.integers(0, 9), min_size=1, max_size=10, unique=True).map(
        lambda row: tuple(f"s{n}" for n in sorted(row))
    ),
    max_size=6,
)


@given(STORIES_OF, st.integers(1, 6))
def test_combinations_are_what_counting_every_pair_gives(stories_of: dict[str, tuple[str, ...]], fewest: int) -> None:
    expected = {
        (one, other)
        for one in stories_of
        for other in stories_of
        if one < other and len(set(stories_of[one]) & set(stories_of[other])) >= fewest
        if not BRANCHES.related(one, other)
    }
    found = combine(stories_of, BRANCHES, fewest)
    assert {(pair.first, pair.second) for pair in found} == expected
    assert all(set(pair.stories) == set(stories_of[pair.first]) & set(stories_of[pair.second]) for pair in found)


@given(STORIES_OF)
def test_going_later_and_then_earlier_leads_back(stories_of: dict[str, tuple[str, ...]]) -> None:
    walks = {(row.topic, path): row for path, rows in walk_within(stories_of).items() for row in rows}
    assert len(walks) == sum(map(len, stories_of.values()))
    for (slug, path), row in walks.items():
        if row.later:
            assert walks[slug, row.later].earlier == path
        if row.earlier:
            assert walks[slug, row.earlier].later == path


# the digest as a whole

MARS, PLANETS = (
    read_as_topic(f"---\nname: {name}\n{rest}---\n", path=f"topics/{name.lower()}.md")
    for name, rest in (("Mars", "parent: Planets\npinned: [a, none, hush, id-b]\n"), ("Planets", ""))
)
TRANSLATED = replace(
    ADDRESSES, of_story=lambda story: Address(f"{story.slug}.{story.lang}", f"{story.slug}.{story.lang}")
)


def test_a_pinned_story_that_readers_may_not_see_is_told_and_not_shown() -> None:
    found = digest(
        file("a", tags="Mars"),
        file("b", tags="Mars", id="id-b"),
        file("hush", tags="Mars", status="draft"),
        topics=[MARS, PLANETS],
    )
    assert found.facts["mars"].pinned == ("a.md", "b.md")
    assert [(finding.path, *places([finding])[0]) for finding in found.findings] == [
        ("topics/mars.md", "AR305", 4, 1),
        ("topics/mars.md", "AR305", 4, 1),
    ]
    assert ["'none'" in finding.message for finding in found.findings] == [False, True]


def test_a_parent_that_is_none_is_told_at_its_line() -> None:
    lost = read_as_topic("---\nname: Mars\ndescription: x\nparent: Nowhere\n---\n", path="topics/mars.md")
    found = digest(file("a", tags="Mars"), topics=[lost])
    assert places(found.findings) == [("AR304", 4, 1)]


def test_a_tag_that_no_file_knows_is_told_once_at_the_oldest_story_with_what_was_meant() -> None:
    found = digest(
        file("new", tags="Marz", date="2025-02-01"), file("old", tags="Marz", date="2025-01-01"), topics=[MARS, PLANETS]
    )
    told = [finding for finding in found.findings if finding.code == "AR303"]
    assert [(finding.path, *places([finding])[0]) for finding in told] == [("old.md", "AR303", 5, 1)]
    assert "2 stories" in told[0].message
    assert told[0].hint == 'tags: ["Mars"]'
    assert not digest(file("a", tags="Marz")).findings


def translated(*, tags: str = "Mars", **fields: str) -> Digest:
    stories = [
        file("a", tags="Mars", date="2025-01-01", source="BBC"),
        file("a-de", tags=tags, date="2025-01-02", slug="a", lang="de", source="Zeit", **fields),
        file("b", tags="Mars", date="2025-01-03"),
    ]
    return assemble(Files(stories), settings(related=0), TRANSLATED)


def test_a_translation_is_in_no_list_twice() -> None:
    found = translated()
    assert found.translations == {"a-de.md"}
    assert found.stories_of == {"mars": ("b.md", "a.md")}
    assert found.facts["mars"].months == ((2025, 1, 2),)
    assert found.facts["mars"].sources == (("bbc", 1),)
    assert list(found.outlets) == ["bbc"]
    assert "a-de.md" not in found.within
    assert found.within["b.md"] == (Neighbours("mars", "a.md", ""),)


def test_a_topic_that_only_translations_have_is_theirs() -> None:
    found = translated(tags="[Mars, Häfen]")
    assert found.stories_of == {"mars": ("b.md", "a.md"), "hafen": ("a-de.md",)}
    assert found.facts["hafen"].first.day == 2


def test_without_one_in_the_language_of_the_site_the_first_by_path_is_the_story() -> None:
    stories = [file("x-fr", slug="a", lang="fr", tags="Quais"), file("x-de", slug="a", lang="de")]
    found = assemble(Files(stories), settings(related=0), TRANSLATED)
    assert found.translations == {"x-fr.md"}
    assert found.stories_of == {"ports": ("x-de.md",), "quais": ("x-fr.md",)}


def test_a_hidden_original_leaves_its_place_to_its_translation() -> None:
    stories = [file("a", status="hidden"), file("a-de", slug="a", lang="de")]
    found = assemble(Files(stories), settings(related=0), TRANSLATED)
    assert found.translations == frozenset()
    assert found.stories_of == {"ports": ("a-de.md",)}


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "slug": st.sampled_from(["a", "b", "c", "d"]),
            "lang": st.sampled_from(["en", "en", "de", "fr"]),
            "status": st.sampled_from(["published", "published", "published", "hidden", "draft"]),
            "tags": st.lists(st.sampled_from(["Mars", "Planets", "Sea", "Ports"]), min_size=1, max_size=3),
            "day": st.integers(1, 28),
            "thread": st.sampled_from(["", "strike"]),
            "source": st.sampled_from(["", "BBC", "Zeit"]),
        }
    ),
    max_size=8,
)


@given(ROWS, st.booleans())
def test_whatever_the_stories_lists_and_facts_agree_and_hold_nobody_twice_and_no_secret(
    rows: list[dict[str, Any]], grouped: bool
) -> None:
    stories = [
        file(
            f"s{number}",
            slug=row["slug"],
            lang=row["lang"],
            status=row["status"],
            tags=str(row["tags"]),
            date=f"2025-01-{row['day']:02}",
            thread=row["thread"],
            source=row["source"],
        )
        for number, row in enumerate(rows)
    ]
    given_settings = settings(related=0, combination_stories=1, translations=grouped)
    found = assemble(Files(stories, topics=[MARS, PLANETS]), given_settings, TRANSLATED)
    listed = {story.path: story for story in found.listed}
    leading = {path: story for path, story in listed.items() if path not in found.translations}
    assert (
        set(found.facts) == set(found.stories_of) == {walk.topic for walks in found.within.values() for walk in walks}
    )
    assert not grouped or len({story.slug for story in leading.values()}) == len(leading)
    assert grouped or leading == listed
    for paths in found.stories_of.values():
        assert len(set(paths)) == len(paths) > 0
        assert set(paths) <= set(listed)
        assert set(paths) <= set(leading) or set(paths) <= found.translations
    for path, story in leading.items():
        assert {*found.vocabulary.of_story[path]} <= {
            slug for slug, paths in found.stories_of.items() if path in paths
        }, story
    for pair in found.combinations:
        assert set(pair.stories) <= set(found.stories_of[pair.first]) & set(found.stories_of[pair.second])
    in_threads = [path for row in found.threads.values() for path in row.stories]
    assert sorted(in_threads) == sorted(path for path, story in leading.items() if story.thread)
    assert {path for outlet in found.outlets.values() for path in outlet.stories} == {
        path for path, story in leading.items() if story.sources
    }
    assert (
        sum(count for _, _, count in found.facts["mars"].months) == len(found.stories_of["mars"])
        if "mars" in found.facts
        else True
    )
