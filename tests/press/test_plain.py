"""What is written down is read back as the very same value, or not written at all."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import dateutil.tz
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from pelican.utils import SafeDatetime

from alsoread.press.digests import Untold
from alsoread.press.plain import Plain


@dataclass(frozen=True, slots=True)
class Card:
    title: str
    tags: tuple[str, ...] = ()
    date: dt.datetime | None = None
    within: "Card | None" = None


class Name:
    def __init__(self, text: str) -> None:
        self.text = text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Name) and other.text == self.text

    __hash__ = None  # type: ignore[assignment]


PLAIN = Plain(Card, others={Name: (lambda name: name.text, Name)})
ZONES = [None, dt.UTC, dt.timezone(dt.timedelta(hours=-3, minutes=-30)), ZoneInfo("Asia/Kolkata"), dateutil.tz.tzutc()]
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
moments = (
    st.datetimes(timezones=st.sampled_from(ZONES))
    | st.dates()
    | st.builds(SafeDatetime, st.integers(1900, 2100), st.integers(1, 12), st.integers(1, 28))
)
values = st.recursive(
    scalars | moments | st.text().map(Markup) | st.text().map(Name),
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(st.text(), inner)
        | st.builds(Card, st.text(), st.lists(st.text()).map(tuple))
    ),
    max_leaves=20,
)


def there_and_back(value: object) -> Any:
    return PLAIN.read(json.loads(json.dumps(PLAIN.written(value))))


def same(one: object, other: object) -> bool:
    """Equal, and of the same types all the way down."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, dt.datetime) and isinstance(other, dt.datetime):
        return one.isoformat() == other.isoformat() and repr(one.tzinfo) == repr(other.tzinfo)
    return one == other


@given(values)
def test_a_value_is_read_back_as_it_was(value: object) -> None:
    assert same(there_and_back(value), value)


def test_records_within_records_are_read_back() -> None:
    card = Card("A", ("x",), dt.datetime(2024, 1, 1, tzinfo=ZoneInfo("Europe/Paris")), Card("B"))
    assert there_and_back(card) == card
    assert there_and_back(card).date.tzinfo.key == "Europe/Paris"


@pytest.mark.parametrize("zone", [dateutil.tz.tzoffset("EST", -18000), dateutil.tz.tzoffset(None, 3600)])
def test_zones_of_dates_that_pelican_parses_are_read_back(zone: dt.tzinfo) -> None:
    moment = dt.datetime(2024, 1, 1, tzinfo=zone)
    assert repr(there_and_back(moment).tzinfo) == repr(zone)


@pytest.mark.parametrize("value", [object(), {1, 2}, dateutil.tz.tzlocal(), lambda: 1, b"bytes", [object()]])
def test_what_cannot_be_read_back_is_not_written(value: object) -> None:
    with pytest.raises(Untold):
        PLAIN.written(value)


@pytest.mark.parametrize("written", [["os.system", "x"], ["Path", "/"], ["Card", 1, 2, 3, 4, 5], ["datetime", "x"], []])
def test_what_was_not_written_here_is_refused(written: list[object]) -> None:
    with pytest.raises((ValueError, LookupError, TypeError)):
        PLAIN.read(written)
