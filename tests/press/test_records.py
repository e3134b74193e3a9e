"""A record is read back as the very same one, or not written at all."""

import datetime as dt
import json
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from pelican.utils import SafeDatetime

from alsoread.desk.check.examine import Examined
from alsoread.desk.check.past import Past
from alsoread.news.storyfile import StoryFile
from alsoread.press.digests import Untold
from alsoread.press.records import Records


@dataclass(frozen=True, slots=True)
class Leaf:
    text: str
    number: int = 0
    day: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Tree:
    name: str
    kind: Literal["oak", "elm"] = "oak"
    size: float = 1.0
    is_tall: bool = False
    planted: dt.datetime | None = None
    nicknames: tuple[str, ...] = ()
    places: tuple[tuple[str, int, int], ...] = ()
    crown: Leaf | None = None
    leaves: tuple[Leaf, ...] = ()
    parts: tuple[str | Leaf, ...] = ()
    range: tuple[int, int] = (0, 0)


RECORDS = Records(Tree)
zones = st.sampled_from(
    [None, dt.UTC, dt.timezone(dt.timedelta(hours=-3, minutes=-30)), ZoneInfo("Asia/Kolkata"), ZoneInfo("UTC")]
)
leaves = st.builds(Leaf, st.text(), st.integers(), st.none() | st.dates())
trees = st.builds(
    Tree,
    st.text(),
    st.sampled_from(["oak", "elm"]),
    st.floats(allow_nan=False),
    st.booleans(),
    st.none() | st.datetimes(timezones=zones),
    st.lists(st.text()).map(tuple),
    st.lists(st.tuples(st.text(), st.integers(), st.integers())).map(tuple),
    st.none() | leaves,
    st.lists(leaves).map(tuple),
    st.lists(st.text() | leaves).map(tuple),
    st.tuples(st.integers(), st.integers()),
)


@given(trees)
def test_a_record_is_read_back_as_it_was(tree: Tree) -> None:
    back = RECORDS.read(json.loads(json.dumps(RECORDS.written(tree))))
    assert back == tree
    if tree.planted is not None:
        assert back.planted is not None
        assert back.planted.isoformat() == tree.planted.isoformat()
        assert repr(back.planted.tzinfo) == repr(tree.planted.tzinfo)
        assert back.planted.fold == tree.planted.fold


def test_the_second_of_two_equal_hours_is_read_back() -> None:
    late = dt.datetime(2025, 10, 26, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Berlin"))
    back = RECORDS.read(json.loads(json.dumps(RECORDS.written(Tree("a", planted=late)))))
    assert back.planted is not None
    assert back.planted.utcoffset() == late.utcoffset() == dt.timedelta(hours=1)


@pytest.mark.parametrize(
    "change",
    [
        {"name": Markup("<b>")},
        {"name": 7},
        {"nicknames": ["a"]},
        {"nicknames": (Markup("a"),)},
        {"planted": SafeDatetime(2025, 1, 1)},
        {"planted": dt.date(2025, 1, 1)},
        {"crown": Tree("a")},
        {"crown": Leaf("a", day=dt.datetime(2025, 1, 1, tzinfo=dt.UTC))},
        {"leaves": ("a",)},
        {"parts": (3,)},
        {"size": b"x"},
    ],
)
def test_what_would_be_read_back_as_something_else_is_not_written(change: dict[str, Any]) -> None:
    with pytest.raises(Untold):
        RECORDS.written(replace(Tree("a"), **change))


@pytest.mark.parametrize(
    "damage", [[], ["a"], "text", None, 7, {"name": "a"}, [*RECORDS.written(Tree("a")), 1], [["a"]] * 11]
)
def test_what_was_not_written_here_is_refused(damage: Any) -> None:
    with pytest.raises((ValueError, LookupError, TypeError, AttributeError)):
        RECORDS.read(damage)


@dataclass(frozen=True, slots=True)
class Odd:
    anything: dict[str, int] = field(default_factory=dict)


def test_a_class_that_holds_what_cannot_be_written_is_refused_at_once() -> None:
    with pytest.raises(TypeError, match="records hold no dict"):
        Records(Odd)


@dataclass(frozen=True)
class Held:
    """Has what many records have."""

    tags: tuple[str, ...]
    places: tuple[tuple[str, int, int], ...]
    flags: tuple[tuple[str, bool], ...]


def test_what_many_records_have_is_held_once_and_no_number_becomes_another_thing() -> None:
    records = Records(Held)
    values = [Held(("Port of Call", "B"), (("title", 1, 2),), (("a", flag),)) for flag in (True, False)]
    one, two = (records.read(json.loads(json.dumps(records.written(value)))) for value in values)
    assert [one, two] == values
    assert one.tags[0] is two.tags[0]
    assert one.places[0] is two.places[0]
    like_one = json.loads('[["B"], [["title", 1, 2]], [["a", 1]]]')
    assert type(records.read(like_one).flags[0][1]) is int


@pytest.mark.parametrize("kind", [StoryFile, Examined, Past])
def test_there_are_functions_for_what_is_remembered(kind: type) -> None:
    assert callable(Records(kind).read)
