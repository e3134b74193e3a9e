"""Which topics does a digest have, and which of them does a tag mean?"""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alsoread.news.names import SLUG, SLUG_LENGTH
from alsoread.news.topics import Vocabulary, nearest, vocabulary
from alsoread.story import Story, Topic
from reading import places


def told(name: str, *tags: str, year: int = 2026) -> Story:
    return Story(f"{name}.md", name, name, datetime(year, 1, 1, tzinfo=UTC), tags=tags)


def curated(slug: str, label: str, *aliases: str) -> Topic:
    return Topic(slug, label, aliases=aliases, curated=True, path=f"topics/{slug}.md")


def slugs(found: Vocabulary, name: str) -> list[str]:
    return list(found.of_story[f"{name}.md"])


def test_a_tag_means_the_topic_that_has_its_label_slug_or_alias() -> None:
    moon = curated("moon", "The Moon", "Luna", "Lunar exploration")
    for tag in ("moon", "MOON", "the moon", "Luna", "lunar  exploration", "Lunar-Exploration"):
        found = vocabulary([moon], [told("a", tag)])
        assert found.topics_of("a.md") == (moon,), tag
        assert set(found.topics) == {"moon"}


def test_a_tag_without_a_file_is_a_free_topic_spelt_as_its_oldest_story_spells_it() -> None:
    found = vocabulary(
        [], [told("new", "PORTS", year=2026), told("old", "Ports", year=2020), told("older", "pórts", year=2019)]
    )
    assert found.topics["ports"] == Topic("ports", "pórts", curated=False)
    assert slugs(found, "new") == ["ports"]


def test_topics_stand_in_the_order_of_the_tags_and_once() -> None:
    found = vocabulary([curated("moon", "Moon", "Luna")], [told("a", "Ports", "Luna", "Moon", "ports")])
    assert slugs(found, "a") == ["ports", "moon"]


def test_a_story_without_a_date_is_the_last_to_name_a_topic() -> None:
    undated = Story("a.md", "a", "a", None, tags=("PORTS",))
    assert vocabulary([], [undated, told("b", "Ports")]).topics["ports"].label == "Ports"
    assert vocabulary([], [undated, Story("b.md", "b", "b", None, tags=("ports",))]).topics["ports"].label == "PORTS"


TAKEN = [
    ([curated("moon", "Moon"), Topic("moon", "Mond", curated=True, path="topics/z.md")], "topics/z.md", "moon"),
    ([curated("a", "Same"), curated("b", "same")], "topics/b.md", "same"),
    ([curated("a", "A", "Luna"), curated("b", "B", "LUNA")], "topics/b.md", "LUNA"),
    ([curated("a", "A", "B"), curated("b", "B")], "topics/a.md", "B"),
]


@pytest.mark.parametrize(("topics", "path", "name"), TAKEN)
def test_a_name_that_two_topics_claim_is_reported_where_it_comes_second(
    topics: list[Topic], path: str, name: str
) -> None:
    for order in (topics, topics[::-1]):
        (finding,) = vocabulary(order, []).findings
        assert places([finding]) == [("AR301", 0, 0)]
        assert finding.path == path
        assert f"'{name}'" in finding.message
        assert next(topic.path for topic in topics if topic.path != path) in finding.message
        assert finding.hint == f"remove '{name}' from one of the two files"


def test_a_tag_without_a_letter_is_passed_over_with_a_warning() -> None:
    found = vocabulary([], [told("a", "—", "Ports")])
    assert slugs(found, "a") == ["ports"]
    (finding,) = found.findings
    assert (finding.path, finding.code, finding.is_error) == ("a.md", "AR302", False)
    assert "'—'" in finding.message
    assert "letters" in finding.hint


def test_an_alias_without_a_letter_does_not_claim_all_tags_without_one() -> None:
    found = vocabulary([curated("moon", "Moon", "🌙"), curated("sun", "—", "☀")], [told("a", "★")])
    assert slugs(found, "a") == []
    assert [finding.code for finding in found.findings] == ["AR302"]


def test_a_long_tag_has_an_address_of_a_bounded_length() -> None:
    (topic,) = vocabulary([], [told("a", "word " * 40)]).topics_of("a.md")
    assert len(topic.slug) <= SLUG_LENGTH
    assert SLUG.fullmatch(topic.slug)


NAMES = st.sampled_from(["moon", "Moon", "Luna", "Ports", "pórts", "—", "C", "C#"])
STORIES = st.lists(st.lists(NAMES, max_size=3), max_size=4)
TOPICS = st.lists(st.tuples(st.sampled_from(["moon", "ports", "c"]), NAMES, NAMES), max_size=4)


@given(STORIES, TOPICS, st.randoms(use_true_random=False))
def test_the_order_of_files_does_not_matter(
    tags: list[list[str]], rows: list[tuple[str, str, str]], random: object
) -> None:
    stories = [told(f"s{number}", *names, year=2020 + number % 2) for number, names in enumerate(tags)]
    topics = [
        Topic(slug, label, aliases=(alias,), curated=True, path=f"topics/{number}.md")
        for number, (slug, label, alias) in enumerate(rows)
    ]
    before = vocabulary(topics, stories)
    random.shuffle(stories)  # type: ignore[attr-defined]
    random.shuffle(topics)  # type: ignore[attr-defined]
    after = vocabulary(topics, stories)
    assert (after.topics, after.of_story, sorted(after.findings)) == (
        before.topics,
        before.of_story,
        sorted(before.findings),
    )
    assert all(SLUG.fullmatch(slug) for slug in after.topics)


def test_every_name_of_a_topic_means_it() -> None:
    found = vocabulary([curated("moon", "The Moon", "Luna", "Lunar exploration", "—")], [])
    assert found.means == {"moon": "moon", "the-moon": "moon", "luna": "moon", "lunar-exploration": "moon"}


def test_a_free_tag_means_nothing_but_itself() -> None:
    found = vocabulary([curated("moon", "Moon")], [told("a", "Ports")])
    assert found.means == {"moon": "moon"}
    assert (found.topics["moon"].curated, found.topics["ports"].curated) == (True, False)


def test_a_name_that_two_topics_claim_means_the_one_whose_file_comes_first() -> None:
    found = vocabulary([curated("a", "A", "Luna"), curated("b", "B", "Luna")], [told("s", "LUNA")])
    assert slugs(found, "s") == ["a"]


def test_a_long_name_of_a_file_means_its_topic_whole() -> None:
    label = "word " * 30
    found = vocabulary([Topic("short", label, curated=True, path="topics/short.md")], [told("a", label.upper())])
    assert slugs(found, "a") == ["short"]


UNKNOWN = [
    ("Mooon", 'tags: ["The Moon"]'),
    ("Lunar explorations", 'tags: ["The Moon"]'),
    ("luna landers", 'tags: ["The Moon"]'),
    ("Zoology", "a file for it: zoology.md with name: Zoology"),
]


@pytest.mark.parametrize(("tag", "hint"), UNKNOWN)
def test_a_tag_that_no_file_knows_has_a_page_and_a_note_with_what_was_meant(tag: str, hint: str) -> None:
    found = vocabulary([curated("moon", "The Moon", "Luna", "Lunar exploration")], [told("a", tag), told("b", "Luna")])
    assert len(found.of_story["a.md"]) == 1
    (finding,) = found.findings
    assert (finding.path, finding.code, finding.is_error, finding.hint) == ("a.md", "AR303", False, hint)
    assert f"'{tag}'" in finding.message
    assert "one story has it" in finding.message
    assert ("did you mean The Moon?" in finding.message) is hint.startswith("tags")


def test_the_other_tags_of_the_story_stay_in_what_is_offered() -> None:
    files = [curated("moon", "The Moon"), curated("mars", 'Mars, "the red"'), curated("sun", "Sun")]
    (finding,) = vocabulary(files, [told("a", "Sun", "mooon", 'Mars, "the red"')]).findings
    assert finding.hint == 'tags: ["Sun", "The Moon", "Mars, \\"the red\\""]'
    (finding,) = vocabulary(files, [told("a", "The Moon", "mooon")]).findings
    assert finding.hint == 'tags: ["The Moon"]'


def test_an_unknown_tag_is_told_of_once_at_its_oldest_story() -> None:
    stories = [told("new", "Ports", year=2026), told("old", "ports", year=2019), told("mid", "PORTS", year=2020)]
    (finding,) = vocabulary([curated("moon", "Moon")], stories).findings
    assert (finding.path, finding.code) == ("old.md", "AR303")
    assert "'ports'; 3 stories have it" in finding.message


def test_a_digest_without_topic_files_wants_none() -> None:
    assert vocabulary([], [told("a", "Ports"), told("b", "Prots")]).findings == ()


def test_the_nearest_topics_are_named_once_best_first_and_three_at_the_most() -> None:
    topics = [
        curated("ports", "Ports", "Port", "Porto"),
        curated("sports", "Sports"),
        curated("a", "Airports"),
        curated("p", "Porthos"),
    ]
    near = nearest("port", topics)
    assert near[0] == "Ports"
    assert len(near) == len(set(near)) == 3
    assert nearest("port", topics[::-1]) == near
    assert nearest("xyz", topics) == ()


def test_a_parent_is_no_topic_of_a_story_by_itself() -> None:
    ports = Topic("ports", "Ports", parent="transport", curated=True, path="topics/ports.md")
    found = vocabulary([ports, curated("transport", "Transport")], [told("a", "Ports")])
    assert slugs(found, "a") == ["ports"]
    assert found.branches.above("ports") == ("transport",)
