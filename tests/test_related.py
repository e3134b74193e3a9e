"""Related stories: what is compared, what is offered, and in which words."""

import random
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alsoread.news.listed import Related
from alsoread.news.related import Subject, relate
from sites import PLUGINS

DAY = datetime(2025, 1, 1, tzinfo=UTC)
FILLER = ("Nobody knows yet what the council will decide.", "The weather stayed dry.", "Prices went up a little again.")


def story(
    key: str, text: str, *, day: int = 0, topics: tuple[str, ...] = (), title: str = "", lang: str = "en"
) -> Subject:
    return Subject(key, DAY + timedelta(days=day), title or f"Headline of {key}", text[:80], text, topics, lang)


def digest() -> list[Subject]:
    """Two stories about a dredger, two about an orchestra, and others that say little."""
    return [
        story("dredger", "The dredger Halcyon deepens the channel at Port Merrow.", day=0, topics=("ports",)),
        story("orchestra", "The Merrow Philharmonic plays Sibelius in the town hall.", day=1, topics=("music",)),
        story("stuck", "The dredger Halcyon is stuck on a sandbank off Port Merrow.", day=2, topics=("ports",)),
        story("encore", "The Philharmonic repeats its Sibelius evening.", day=3, topics=("music",)),
        *(story(f"other-{number}", FILLER[number % 3] * 3, day=4 + number) for number in range(6)),
    ]


def keys(entries: tuple[Related, ...]) -> list[str]:
    return [entry.key for entry in entries]


def test_stories_of_the_same_matter_find_each_other() -> None:
    lists = relate(digest())
    assert keys(lists["dredger"])[0] == "stuck"
    assert keys(lists["encore"])[0] == "orchestra"
    assert set(lists) == {subject.key for subject in digest()}


def test_older_is_background_and_newer_is_later_coverage() -> None:
    lists = relate(digest())
    assert lists["dredger"][0].kind == "later"
    assert lists["stuck"][0].kind == "background"


def test_the_reason_names_what_both_mention_and_the_topic_by_its_label() -> None:
    first = relate(digest(), labels={"ports": "Ports & harbours"})["stuck"][0]
    assert "Ports & harbours" in first.reason
    assert "Halcyon" in first.reason or "Port Merrow" in first.reason
    assert len(first.reason) <= 80


def test_every_entry_has_a_reason_and_a_score_between_0_and_1_best_first() -> None:
    for entries in relate(digest()).values():
        assert all(entry.reason and 0 < entry.score <= 1 and round(entry.score, 6) == entry.score for entry in entries)
        assert [entry.score for entry in entries] == sorted((entry.score for entry in entries), reverse=True)


def test_both_words_and_topics_count() -> None:
    """The same text without the topic scores less, and a topic alone is enough to be found."""
    same = [story("a", "Cranes unload timber."), story("b", "Cranes unload timber.", day=1), *digest()]
    topical = [replace(each, topics=("timber",)) if each.key in "ab" else each for each in same]
    bare = [
        story("a", "Red paint.", topics=("timber",)),
        story("b", "Blue glass.", day=1, topics=("timber",)),
        *digest(),
    ]
    assert relate(topical)["a"][0].score >= relate(same)["a"][0].score
    assert "b" in keys(relate(bare)["a"])


def test_a_topic_that_nearly_every_story_has_says_little() -> None:
    crowd = [
        story(f"s{number}", f"Text number {number} about thing{number}.", day=number, topics=("news",))
        for number in range(40)
    ]
    rare = [
        story("x", "Something quite else.", day=41, topics=("news", "bells")),
        story("y", "An unlike matter.", day=42, topics=("news", "bells")),
    ]
    lists = relate([*crowd, *rare])
    assert keys(lists["x"])[0] == "y"
    assert "bells" in lists["x"][0].reason


def test_the_limit_holds_and_0_is_none() -> None:
    about = [
        story(f"s{n}", f"The dredger Halcyon deepens channel {n}.", title=f"Dredging part {n}", day=n) for n in range(6)
    ]
    subjects = [*about, *(story(f"t{n}", f"{FILLER[n % 3]} Item {n}.", title=f"Note {n}", day=n) for n in range(30))]
    assert {len(relate(subjects, limit=3)[subject.key]) for subject in about} == {3}
    assert {len(relate(subjects, limit=5)[subject.key]) for subject in about} == {5}
    assert {len(entries) for entries in relate(subjects, limit=0).values()} == {0}


def test_no_story_lists_itself_what_is_barred_or_another_language() -> None:
    subjects = [*digest(), story("bagger", "The dredger Halcyon at Port Merrow.", day=2, lang="de")]
    lists = relate(subjects, exclude={"dredger": {"stuck"}})
    assert all(key not in keys(entries) for key, entries in lists.items())
    assert "stuck" not in keys(lists["dredger"])
    assert "dredger" in keys(lists["stuck"])
    assert all("bagger" not in keys(entries) for entries in lists.values())


def test_regional_forms_of_a_language_are_one_language() -> None:
    pair = [story("a", "The dredger Halcyon sails."), story("b", "The dredger Halcyon sinks.", day=1, lang="en-GB")]
    assert keys(relate(pair)["a"]) == ["b"]


def test_on_equal_scores_the_nearer_day_goes_first_then_the_lower_key() -> None:
    text = "The dredger Halcyon deepens the channel."
    same = [story(key, text, title="Same", day=day) for key, day in (("far", -3000), ("b", -1), ("a", -1), ("now", 0))]
    entries = relate(same)["now"]
    assert keys(entries) == ["a", "b", "far"]
    assert entries[0].score == entries[1].score >= entries[2].score


def test_of_two_that_are_as_good_as_equally_far_the_nearer_goes_first() -> None:
    text = "The dredger Halcyon deepens the channel."
    days = {"now": 0, "b": -700_000, "a": -700_001}  # so long ago that the scores are the same
    same = [story(key, text, title="Same", day=day) for key, day in days.items()]
    entries = relate(same)["now"]
    assert entries[0].score == entries[1].score
    assert keys(entries) == ["b", "a"]


@pytest.mark.parametrize(
    "subjects",
    [
        [],
        [story("only", "One story.")],
        [story("empty", "", title="..."), story("void", "... --- !!!", title="?", day=1)],
    ],
)
def test_little_to_compare_gives_empty_lists(subjects: list[Subject]) -> None:
    assert relate(subjects) == {subject.key: () for subject in subjects}


def test_the_order_of_the_stories_does_not_matter() -> None:
    assert relate(digest()) == relate(list(reversed(digest()))) == relate(sorted(digest(), key=lambda each: each.title))


def test_the_hash_seed_does_not_matter() -> None:
    code = "import test_related as t; print(sorted(t.relate(t.digest()).items()))"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": f"{PLUGINS}:{PLUGINS.parent}/tests"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(outputs) == 1


def test_a_newcomer_changes_no_score_between_older_stories() -> None:
    """Beyond the first stories of a digest, which are weighed together."""
    old = [
        *digest(),
        *(
            story(f"old-{n}", f"{FILLER[n % 3]} Matter {n}, Halcyon.", title=f"Matter {n}", day=20 + n)
            for n in range(80)
        ),
    ]
    before = relate(old)
    newcomer = story("new", "The dredger Halcyon leaves Port Merrow with the Philharmonic.", day=300, topics=("ports",))
    after = relate([*old, newcomer])
    assert "new" in {entry.key for entries in after.values() for entry in entries}
    for key, entries in before.items():
        others = tuple(entry for entry in after[key] if entry.key != "new")
        assert others == entries[: len(others)]  # scores and reasons too


@pytest.mark.parametrize(
    "text",
    [
        "word " * 60_000,
        "A" * 500_000,
        "Ab " * 30_000,
        "\u0e01" * 20_000,
        "A-B " * 20_000,
        "'" * 100_000,
        "Mr. " * 20_000,
    ],
)
def test_hostile_texts_are_read_within_reason(text: str) -> None:
    subjects = [story("a", text, title=text[:300]), story("b", text, day=1), *digest()]
    lists = relate(subjects, labels={"ports": text})
    assert all(len(entry.reason) <= 80 for entries in lists.values() for entry in entries)


def test_a_thousand_topics_are_no_more_than_topics() -> None:
    many = tuple(f"topic-{number}" for number in range(1000))
    lists = relate([story("a", "One.", topics=many), story("b", "Two.", day=1, topics=many), *digest()])
    assert keys(lists["a"])[0] == "b"


TEXTS = st.lists(st.sampled_from("crane ferry quay Halcyon Merrow port the of storm".split()), max_size=12).map(
    " ".join
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(TEXTS, st.integers(0, 5), st.sets(st.sampled_from("abc"))), max_size=12),
    st.randoms(use_true_random=False),
)
def test_whatever_the_stories_the_lists_are_sound(rows: list[tuple[str, int, set[str]]], chance: object) -> None:
    subjects = [
        story(f"k{n}", text, day=day, topics=tuple(sorted(topics))) for n, (text, day, topics) in enumerate(rows)
    ]
    lists = relate(subjects, limit=4)
    shuffled = list(subjects)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert relate(shuffled, limit=4) == lists
    order = {subject.key: (subject.date, subject.key) for subject in subjects}
    for key, entries in lists.items():
        assert key not in keys(entries)
        assert len(entries) == len(set(keys(entries))) <= 4
        assert all((entry.kind == "background") == (order[entry.key] < order[key]) for entry in entries)
    scores = {frozenset((key, entry.key)): entry.score for key, entries in lists.items() for entry in entries}
    for key, entries in lists.items():
        assert all(scores[frozenset((key, entry.key))] == entry.score for entry in entries)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(TEXTS, st.sets(st.sampled_from("abc"))), min_size=70, max_size=80), st.integers(1, 5))
def test_taking_the_newest_story_away_only_takes_it_away(rows: list[tuple[str, set[str]]], limit: int) -> None:
    subjects = [story(f"k{n:02}", text, day=n, topics=tuple(sorted(topics))) for n, (text, topics) in enumerate(rows)]
    newest = subjects[-1].key
    before, after = relate(subjects[:-1], limit=limit), relate(subjects, limit=limit)
    for key, entries in before.items():
        others = tuple(entry for entry in after[key] if entry.key != newest)
        assert others == entries[: len(others)]
        assert len(others) == len(entries) or len(after[key]) == limit


def test_a_newcomer_only_enters_lists_however_much_the_stories_have_in_common() -> None:
    chance = random.Random(1)
    words = [f"{one}{two}" for one in ("ba", "ce", "di", "fo", "gu", "ha") for two in "bcdfghklmnprstvwxz"]
    subjects = [story(f"k{n:03}", " ".join(chance.choices(words, k=90)), title="-", day=n) for n in range(110)]
    before = relate(subjects[:80])
    for number in range(80, 110):
        after = relate(subjects[: number + 1])
        for key, entries in before.items():
            others = tuple(entry for entry in after[key] if entry.key != subjects[number].key)
            assert others == entries[: len(others)]
        before = after


def crowd() -> list[Subject]:
    """Two dozen stories about one dredger, among as many others."""
    return [
        *(story(f"s{n:02}", "The dredger Halcyon deepens the channel.", title="Dredging", day=n) for n in range(24)),
        *(story(f"t{n:02}", f"{FILLER[n % 3]} Matter {n}.", title=f"Matter {n}", day=n) for n in range(24)),
    ]


def test_what_is_barred_leaves_its_place_to_the_next_best() -> None:
    barred = {f"s{n:02}" for n in range(3, 23)}
    assert set(keys(relate(crowd(), limit=3, exclude={"s23": barred})["s23"])) == {"s00", "s01", "s02"}


def test_long_lists_are_filled_as_well() -> None:
    lists = relate(crowd(), limit=20)
    assert {len(lists[f"s{n:02}"]) for n in range(24)} == {20}


def test_stories_of_one_instant_are_ordered_by_key_whatever_their_zones() -> None:
    text = "The dredger Halcyon deepens the channel."
    late = replace(story("b", text), date=DAY.astimezone(timezone(timedelta(hours=9))))
    lists = relate([late, story("a", text)])
    assert (lists["a"][0].kind, lists["b"][0].kind) == ("later", "background")


REASONS = [
    # text of one, text of the other, what the first one's reason says
    (
        "A ranger of the National Park Service saw it.",
        "Fees go to the National Park Service alone.",
        "both mention National Park Service",
    ),
    ("The Supreme Court rules on eels.", "Eels return, the Supreme Court hears.", "both mention Supreme Court"),
    ("Then DART struck the moonlet.", "A probe named DART was built.", "both mention DART"),
    ("Harvest of the algae.", "Divers find algae here.", "both mention algae"),
    ("Rain fell in Oslo’s harbour.", "Boats leave Oslo at noon.", "both mention Oslo"),
]


@pytest.mark.parametrize(("one", "other", "reason"), REASONS)
def test_a_reason_shows_terms_as_the_story_writes_them(one: str, other: str, reason: str) -> None:
    pair = [story("one", one, title="..."), story("other", other, title="...", day=1)]
    assert relate([*pair, *digest()[4:]])["one"][0].reason == reason


def test_a_language_without_spaces_is_compared_too() -> None:
    subjects = [
        story("a", "天文学家在北京观测到小行星。", title="小行星", lang="zh"),
        story("b", "北京的小行星会议结束了。", title="会议", day=1, lang="zh"),
        *(story(f"c{n}", text, title=text, day=2, lang="zh") for n, text in enumerate(["今天下雨。", "粮价上涨。"])),
    ]
    assert keys(relate(subjects)["a"])[0] == "b"


def test_a_topic_whose_label_is_too_long_is_cut() -> None:
    pair = [story("a", "Red paint.", topics=("t",)), story("b", "Blue glass.", day=1, topics=("t",)), *digest()]
    reason = relate(pair, labels={"t": "A label " * 20})["a"][0].reason
    assert reason.startswith("same topic: A label")
    assert reason.endswith("…")
    assert len(reason) <= 80


def test_of_topics_that_are_too_many_the_first_are_shown_whole() -> None:
    slugs = ("t", "u", "v")
    one = story("a", "Red paint.", title="...", topics=slugs)
    other = story("b", "Blue glass.", title="...", day=1, topics=slugs)
    labels = {slug: f"The rather long label of the topic {slug.upper()}" for slug in slugs}
    reason = relate([one, other, *digest()], labels=labels)["a"][0].reason
    assert reason == "same topic: The rather long label of the topic T"
