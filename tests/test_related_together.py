"""What is found for many stories together, with NumPy, is what is found for one after another."""

import random
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alsoread.news import arrivals, describe, related, tallies
from alsoread.news.describe import Carriers, Subject, Tally, Terms, arrive, idle_words, tally_of
from alsoread.news.matches import Matcher
from alsoread.news.related import relate
from alsoread.news.rows import in_order
from alsoread.news.tallies import levels_up_to, tallies_of
from alsoread.news.weights import Counts, describe_all
from sites import PLUGINS

DAY = datetime(2025, 1, 1, tzinfo=UTC)
SAID = st.lists(
    st.sampled_from(
        "crane ferry Halcyon's halcyon the of 'quay quay' rock'n'roll ' '' o’clock “storm” naïve 北京 _x_ a\u00a0b tide's "
        "don't 7 x2 ﬁne e\u0301te – … O’Hara storm-tide".split(" ")
    ),
    max_size=40,
).map(" ".join)


def story(number: int, text: str, topics: tuple[str, ...] = (), lang: str = "en") -> Subject:
    return Subject(f"k{number:03}", DAY + timedelta(hours=number // 2), text[:30], text[5:60], text, topics, lang)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(SAID, st.sets(st.sampled_from("abc")), st.sampled_from(["en", "zh"])), max_size=9))
def test_what_many_stories_say_is_what_each_says(rows: list[tuple[str, set[str], str]]) -> None:
    stories = [story(n, text, tuple(sorted(topics)), lang) for n, (text, topics, lang) in enumerate(rows)]
    terms = Terms()
    idle = idle_words(stories, terms)
    assert tallies_of(stories, Terms(), idle) == [tally_of(each, terms, idle) for each in stories]


def test_a_story_too_long_for_a_row_is_read_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tallies, "_LONGEST_ROW", 40)
    stories = [story(n, "crane ferry quay " * n) for n in range(5)]
    assert tallies_of(stories, Terms(), {0}) == [tally_of(each, Terms(), {0}) for each in stories]


def made_up(count: int, seed: int = 1) -> list[Subject]:
    chance = random.Random(seed)
    words = [f"{one}{two}" for one in ("Ba", "ce", "di", "Fo", "gu", "ha") for two in "bcdfghklmnprstvwxz"]
    topics = [f"t{number}" for number in range(9)]
    return [
        replace(
            story(n, " ".join(chance.choices(words, k=chance.randint(0, 120))), tuple(chance.sample(topics, 3))),
            key=f"{chance.random()}",
        )
        for n in range(count)
    ]


def test_many_are_described_as_each_is() -> None:
    stories, terms = made_up(200), Terms()
    idle = idle_words(stories[:64], terms)
    said = [tally_of(each, terms, idle) for each in stories]
    carriers, counts = Carriers(), Counts(Carriers())
    for tally in said[:64]:
        carriers.add(tally)
    parts = [describe_all(said[:64], [64] * 64, counts, together=True)]
    parts += [describe_all(said[at : at + 50], range(at + 1, at + 51), counts, together=False) for at in (64, 114)]
    found = [(part, number) for part in parts for number in range(len(part[0].squares))]
    for place, (tally, ((described, sought), number)) in enumerate(zip(said, found, strict=False)):
        if place >= 64:
            carriers.add(tally)
        one = arrive(tally, max(64, place + 1), carriers)
        cut = slice(described.begins[number], described.begins[number + 1])
        wanted = slice(sought.begins[number], sought.begins[number + 1])
        entries = slice(sought.entry_begins[number], sought.entry_begins[number + 1])
        assert described.weights[cut].tolist() == one.profile.weights.tolist()
        assert described.squares[number] == one.profile.square
        assert sought.wanted[wanted].tolist() == one.wanted
        assert sought.entries[entries].tolist() == one.entries.tolist()
        assert sought.shares[entries].tolist() == one.shares.tolist()
    assert place == 163
    again = counts.carriers()
    assert (again.single, again.pairs) == (carriers.single, carriers.pairs)


@pytest.mark.parametrize("sparse", [0, 10**6])
def test_counts_are_continued_and_a_full_place_stays_full(monkeypatch: pytest.MonkeyPatch, sparse: int) -> None:
    monkeypatch.setattr(describe, "SPARSE", sparse)
    said = [tally_of(each, Terms(), {0}) for each in made_up(9)]
    place = said[0].terms[-1] % describe.PAIRS
    carriers = [Carriers(pairs=Counter({place: describe.FULL - 1})) for _ in range(2)]
    counts = Counts(carriers[1])
    counts.add(said)
    for tally in said:
        carriers[0].add(tally)
    found = counts.carriers()
    assert found.single == carriers[0].single
    assert [found.pairs[each % describe.PAIRS] for tally in said for each in tally.terms] == [
        carriers[0].pairs[each % describe.PAIRS] for tally in said for each in tally.terms
    ]


def test_two_pairs_of_a_story_in_one_place_count_once() -> None:
    pairs = [describe.PAIRS * 130 + 5, describe.PAIRS * 131 + 5]
    tally = Tally(
        terms=describe.array("I", [7, 8, *pairs]),
        times=describe.array("B", bytes(4)),
        words=2,
        topics=0,
        left=describe.array("H", [0, 1]),
        right=describe.array("H", [1, 0]),
    )
    carriers, counts = Carriers(), Counts(Carriers())
    carriers.add(tally)
    counts.add([tally])
    assert counts.carriers().pairs == carriers.pairs == {5: 1}


def test_terms_that_share_a_place_in_the_table_are_all_found() -> None:
    own = np.array([3, 3 + (1 << 16), 9, 3 + (5 << 16)], np.uint32)
    matcher = Matcher()
    matcher.look_for(own, np.array([2, 3, 5, 7], np.uint16))
    others = np.array([9, 3 + (2 << 16), 3, 3 + (5 << 16), 3 + (1 << 16)], np.uint32)
    places, weights = matcher.found(others)
    assert [*zip(places.tolist(), weights.tolist(), strict=True)] == [(0, 5), (2, 2), (3, 7), (4, 3)]
    matcher.look_for(own[:0], np.zeros(0, np.uint16))
    assert not len(matcher.found(others)[0])


@given(st.lists(st.integers(0, 2**63 - 1) | st.integers(0, 3)))
def test_numbers_in_order_know_where_they_stood(numbers: list[int]) -> None:
    values, places = in_order(np.array(numbers, np.int64))
    assert values.tolist() == sorted(numbers)
    assert places.tolist() == sorted(range(len(numbers)), key=numbers.__getitem__)


def test_levels_are_those_of_each_number() -> None:
    assert levels_up_to(70_000).tolist()[1:] == [(count**4).bit_length() - 1 for count in range(1, 70_001)]


@pytest.mark.parametrize("count", [1, 2, 63, 64, 65, 150])
@pytest.mark.parametrize("limit", [0, 5, 30])
def test_many_are_related_as_each_is(monkeypatch: pytest.MonkeyPatch, count: int, limit: int) -> None:
    stories = made_up(count, seed=count)
    barred = {each.key: {stories[0].key, stories[n // 2].key} for n, each in enumerate(stories)}
    found = []
    for few in (-1, 10**6):
        monkeypatch.setattr(arrivals, "FEW", few)
        monkeypatch.setattr(related, "MANY", few)
        found.append([relate(stories, limit=limit), relate(stories, limit=limit, exclude=barred)])
    assert found[0] == found[1]
    assert count < 60 or not limit or any(found[0][0].values())


def test_numpy_is_not_loaded_for_a_few() -> None:
    code = "import sys, test_related as t; t.relate(t.digest()); assert 'numpy' not in sys.modules"
    path = f"{PLUGINS}:{PLUGINS.parent}/tests"
    subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": path}, check=True)
