"""Which topics fit a text?"""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alsoread.news.digest import Digest
from alsoread.news.suggest import Suggestion, suggest
from alsoread.news.topics import vocabulary
from alsoread.story import Body, Story, Topic

DAY = datetime(2025, 1, 1, tzinfo=UTC)
DREDGER = "The dredger Halcyon deepens the channel at Merrow, and the pilots wait for the tide."
ORCHESTRA = "The philharmonic plays Sibelius in the town hall, and the soloist comes from Turku."


def curated(slug: str, label: str, *aliases: str) -> Topic:
    return Topic(slug, label, aliases=aliases, curated=True, path=f"topics/{slug}.md")


def digest(
    *rows: tuple[str, str, tuple[str, ...]], topics: tuple[Topic, ...] = (), hidden: tuple[str, ...] = ()
) -> Digest:
    """A digest of (name, text, tags), a story a day."""
    stories = tuple(
        Story(
            f"{name}.md",
            name,
            f"Headline of {name}",
            DAY + timedelta(days=number),
            tags=tags,
            status="hidden" if name in hidden else "published",
        )
        for number, (name, _, tags) in enumerate(rows)
    )
    bodies = {f"{name}.md": Body((), text, text[:100]) for name, text, _ in rows}
    listed = [story for story in stories if story.status == "published"]
    return Digest(stories=stories, bodies=bodies, vocabulary=vocabulary(topics, listed))


def slugs(found: tuple[Suggestion, ...]) -> list[str]:
    return [each.slug for each in found]


HARBOUR = digest(
    ("dredger", DREDGER, ("Ports",)),
    ("orchestra", ORCHESTRA, ("Music",)),
    ("stuck", "The dredger Halcyon is stuck in the channel at Merrow.", ("Ports", "Accidents")),
    ("encore", "The philharmonic repeats its Sibelius evening in the town hall.", ("Music",)),
)


def test_the_topics_of_the_stories_that_a_text_is_like_are_suggested() -> None:
    found = suggest("A long night", "The Halcyon, a dredger, has left the channel at Merrow.", HARBOUR)
    assert slugs(found)[0] == "ports"
    assert "music" not in slugs(found)
    assert found[0].label == "Ports"
    assert found[0].reason == "2 of the 2 nearest stories have it"
    assert 0 < found[0].score < 1


def test_a_topic_that_is_named_is_suggested_and_more_so_in_the_headline() -> None:
    known = digest(topics=(curated("music", "Music"), curated("ports", "Ports", "Harbours and docks")))
    (in_text,) = suggest("News of the day", "Much music was heard.", known)
    (in_headline,) = suggest("A night of music", "It was heard.", known)
    assert (in_text.slug, in_text.reason) == ("music", "named in the text")
    assert (in_headline.slug, in_headline.reason) == ("music", "named in the headline")
    assert in_headline.score > in_text.score
    assert slugs(suggest("", "Of HARBOURS and docks.", known)) == ["ports"]


NAMED = [
    ("Ports", "the port's quay", True),
    ("Ports", "the PORTS", True),
    ("Ports", "a passport was sportsman's", False),
    ("News", "a new day", False),
    ("Glass", "the glas", False),
    ("Libraries", "one library", True),
    ("Open data", "open-data portals", True),
    ("Open data", "open the data", False),
    ("R&D", "money for R&D.", True),
    ("R&D", "r and d", False),
    ("C++", "written in C++, mostly", True),
    ("C++", "vitamin C", False),
    ("US", "the US said", True),
    ("US", "they told us", False),
    ("WHO", "The WHO warns", True),
    ("WHO", "who warns?", False),
    ("A$", "a harbour", False),
    ("A$", "paid A$ 5", True),
    ("München", "in Munchen", True),
    ("北京", "他在北京工作", True),
    ("北京", "他在南京工作", False),
]


@pytest.mark.parametrize(("label", "text", "is_named"), NAMED)
def test_only_whole_words_name_a_topic(label: str, text: str, is_named: bool) -> None:
    topic = Topic("it", label, curated=True, path="topics/it.md")
    found = suggest("", text, digest(topics=(topic,)))
    assert slugs(found) == (["it"] if is_named else [])


def test_the_longest_name_is_the_one_that_is_meant() -> None:
    known = digest(topics=(curated("data", "Data"), curated("open-data", "Open data")))
    assert slugs(suggest("Open data for all", "", known)) == ["open-data"]
    assert set(slugs(suggest("Open data for all data", "", known))) == {"data", "open-data"}


def test_what_speaks_for_a_topic_adds_up() -> None:
    text = "The Halcyon, a dredger, has left the channel at Merrow."
    plain = {each.slug: each for each in suggest("Quiet at Merrow", text, HARBOUR)}
    named = {each.slug: each for each in suggest("Accidents at Merrow", text, HARBOUR)}
    assert plain["accidents"].reason == "one of the 2 nearest stories has it"
    assert named["accidents"].reason == "named in the headline; one of the 2 nearest stories has it"
    assert plain["accidents"].score < named["accidents"].score < 1


def test_a_storys_own_tags_have_no_part_in_what_is_suggested_for_it() -> None:
    rows = [("a", DREDGER, ("Ports",)), ("b", DREDGER, ("Ships",)), ("c", ORCHESTRA, ("Only here",))]
    found = suggest("Headline of b", DREDGER, digest(*rows), own="b.md")
    assert slugs(found) == ["ports"]
    assert found[0].reason == "the nearest story has it"
    assert suggest("Headline of c, only here", ORCHESTRA, digest(*rows), own="c.md") == ()
    retagged = [rows[0], ("b", DREDGER, ("Quite", "Another")), rows[2]]
    assert suggest("Headline of b", DREDGER, digest(*retagged), own="b.md") == found


def test_a_hidden_story_has_no_vote() -> None:
    rows = (("a", DREDGER, ("Ports",)), ("b", DREDGER, ("Secret",)))
    assert slugs(suggest("x", DREDGER, digest(*rows))) == ["ports", "secret"]
    assert slugs(suggest("x", DREDGER, digest(*rows, hidden=("b",)))) == ["ports"]


def test_nothing_is_suggested_where_nothing_fits() -> None:
    assert suggest("", "", HARBOUR) == ()
    assert suggest("Zwiebelkuchen", "Federweisser und Speck.", HARBOUR) == ()
    assert suggest("A", "text", Digest()) == ()


def test_the_limit_is_kept() -> None:
    many = tuple(curated(f"t{number}", f"Word{number}") for number in range(8))
    text = " ".join(topic.label for topic in many)
    assert len(suggest("", text, digest(topics=many))) == 5
    assert len(suggest("", text, digest(topics=many), limit=2)) == 2
    assert suggest("", text, digest(topics=many), limit=0) == ()


WORDS = st.sampled_from("harbour dredger Sibelius Ports open data the of US Halcyon — 北京 é C++".split())
TEXTS = st.lists(WORDS, max_size=12).map(" ".join)
ROWS = st.lists(st.tuples(TEXTS, st.lists(st.sampled_from(["Ports", "Open data", "US", "é"]), max_size=2)), max_size=5)


@given(TEXTS, TEXTS, ROWS, st.randoms(use_true_random=False))
def test_any_text_gets_an_ordered_answer_that_does_not_depend_on_the_order_of_stories(
    title: str, text: str, rows: list[tuple[str, list[str]]], random: object
) -> None:
    given_rows = [(f"s{number}", words, tuple(tags)) for number, (words, tags) in enumerate(rows)]
    known = digest(*given_rows, topics=(curated("ports", "Ports"),))
    found = suggest(title, text, known)
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    assert all(0 < each.score <= 1 and each.reason and each.slug in known.vocabulary.topics for each in found)
    shuffled = list(known.stories)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    again = Digest(stories=tuple(shuffled), bodies=known.bodies, vocabulary=known.vocabulary)
    assert suggest(title, text, again) == found
