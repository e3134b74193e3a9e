"""Which topics stand above and below which?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alsoread.news.hierarchy import Hierarchy, hierarchy
from alsoread.news.topics import vocabulary
from alsoread.story import Topic
from reading import places


def topic(slug: str, parent: str = "", label: str = "", *aliases: str) -> Topic:
    return Topic(
        slug, label or slug.capitalize(), parent=parent, aliases=aliases, curated=True, path=f"topics/{slug}.md"
    )


def forest(*topics: Topic) -> Hierarchy:
    found, findings = hierarchy(topics, {each.slug: each.slug for each in topics})
    assert findings == ()
    return found


SPACE = forest(
    topic("space"), topic("planets", "space"), topic("mars", "planets"), topic("moon", "space"), topic("sea")
)


def test_above_goes_from_the_top_of_the_branch_down() -> None:
    assert SPACE.above("mars") == ("space", "planets")
    assert SPACE.above("space") == SPACE.above("sea") == SPACE.above("no-topic") == ()


def test_below_goes_from_a_to_z_by_label_whatever_its_case() -> None:
    found = forest(topic("top"), topic("a", "top", "zebra"), topic("b", "top", "Ant"), topic("c", "top", "bee"))
    assert found.children["top"] == ("b", "c", "a")
    assert "a" not in found.children


def test_two_topics_are_related_if_one_stands_above_the_other() -> None:
    assert SPACE.related("mars", "space")
    assert SPACE.related("space", "mars")
    assert not SPACE.related("mars", "moon")
    assert not SPACE.related("mars", "sea")


@pytest.mark.parametrize("name", ["planets", "Planets", "PLANETS", "The planets", "wanderers"])
def test_a_parent_is_named_by_slug_label_or_alias(name: str) -> None:
    files = [topic("planets", "", "The Planets", "Planets", "Wanderers"), topic("mars", name)]
    found = vocabulary(files, [])
    assert found.findings == ()
    assert found.branches.above("mars") == ("planets",)


REFUSED = [
    # parents, the topic that is told of it, a word of the message
    ({"a": "none"}, "a", "no topic of a file"),
    ({"a": "—"}, "a", "no topic of a file"),
    ({"a": "a"}, "a", "stands below"),
    ({"a": "b", "b": "a"}, "b", "stands below"),
    ({"a": "b", "b": "c", "c": "a"}, "c", "stands below"),
    ({"a": "b", "b": "c", "c": "b"}, "c", "stands below"),
]


@pytest.mark.parametrize(("parents", "told", "words"), REFUSED)
def test_a_parent_that_is_none_is_left_out_and_told(parents: dict[str, str], told: str, words: str) -> None:
    topics = [topic(slug, parents.get(slug, "")) for slug in "abc"]
    for order in (topics, topics[::-1]):
        found, findings = hierarchy(order, {slug: slug for slug in "abc"})
        assert places(findings) == [("AR304", 0, 0)]
        assert findings[0].path == f"topics/{told}.md"
        assert words in findings[0].message
        assert not findings[0].is_error
        assert told not in found.parent


def test_a_free_tag_is_no_parent() -> None:
    found = vocabulary([topic("mars", "space")], [])
    assert [finding.code for finding in found.findings] == ["AR304"]


PARENTS = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("abcdefx"), max_size=6)


@given(PARENTS, st.randoms(use_true_random=False))
def test_whatever_the_files_say_what_remains_is_a_forest(parents: dict[str, str], random: object) -> None:
    topics = [topic(slug, parents.get(slug, "")) for slug in "abcdef"]
    found, findings = hierarchy(topics, {slug: slug for slug in "abcdef"})
    for slug in "abcdef":
        above = found.above(slug)
        assert slug not in above
        assert len(set(above)) == len(above)
    assert {child for below in found.children.values() for child in below} == set(found.parent)
    assert len(found.parent) + len(findings) == len(parents)
    random.shuffle(topics)  # type: ignore[attr-defined]
    assert hierarchy(topics, {slug: slug for slug in "abcdef"}) == (found, findings)
