"""Where do the bars of a chart of stories a month stand?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alsoread.outputs.chart import HEIGHT, STEP, Bar, chart_of


def months(*counts: int, year: int = 2024, month: int = 11) -> list[tuple[int, int, int]]:
    """Rows for months on end, beginning with November 2024."""
    first = 12 * year + month - 1
    return [((first + at) // 12, (first + at) % 12 + 1, count) for at, count in enumerate(counts)]


def test_the_month_with_the_most_stories_is_as_high_as_the_chart() -> None:
    chart = chart_of(months(1, 4, 2))
    assert chart is not None
    assert [(bar.year, bar.month, bar.count, bar.height, bar.y) for bar in chart.bars] == [
        (2024, 11, 1, 12, 36),
        (2024, 12, 4, 48, 0),
        (2025, 1, 2, 24, 24),
    ]
    assert (chart.unit, chart.height, chart.busiest) == ("month", HEIGHT, chart.bars[1])


def test_bars_stand_side_by_side_within_the_chart() -> None:
    chart = chart_of(months(1, 1, 1, 1))
    assert chart is not None
    assert [bar.x for bar in chart.bars] == [0, STEP, 2 * STEP, 3 * STEP]
    assert chart.bars[-1].x + chart.bars[-1].width == chart.width


def test_an_empty_month_keeps_a_line_and_a_busy_one_does_not_hide_a_quiet_one() -> None:
    chart = chart_of(months(1, 0, 1_000))
    assert chart is not None
    assert [bar.height for bar in chart.bars] == [1, 1, HEIGHT]


def test_of_several_busiest_months_the_earliest_is_named() -> None:
    chart = chart_of(months(2, 3, 3))
    assert chart is not None
    assert chart.busiest.month == 12


@pytest.mark.parametrize("rows", [[], months(5), months(5, 5)])
def test_one_or_two_bars_are_no_chart(rows: list[tuple[int, int, int]]) -> None:
    assert chart_of(rows) is None


def test_years_are_written_at_their_first_bar() -> None:
    chart = chart_of(months(1, 0, 1, *[0] * 12, 1))
    assert chart is not None
    assert [(bar.year, bar.month) for bar in chart.years] == [(2024, 11), (2025, 1), (2026, 1)]


def test_more_than_six_years_are_shown_by_year() -> None:
    assert getattr(chart_of(months(*[1] * 72)), "unit", "") == "month"
    chart = chart_of(months(*[1] * 73))
    assert chart is not None
    assert chart.unit == "year"
    assert [(bar.year, bar.month, bar.count) for bar in chart.bars][:2] == [(2024, 0, 2), (2025, 0, 12)]
    assert sum(bar.count for bar in chart.bars) == 73


@given(st.lists(st.integers(0, 50), min_size=1, max_size=200).filter(lambda counts: counts[0] and counts[-1]))
def test_every_bar_is_within_the_chart_and_no_story_is_lost(counts: list[int]) -> None:
    chart = chart_of(months(*counts))
    if chart is None:
        return
    assert sum(bar.count for bar in chart.bars) == sum(counts)
    for bar in chart.bars:
        assert isinstance(bar, Bar)
        assert 1 <= bar.height <= HEIGHT
        assert bar.y + bar.height == chart.height
        assert bar.x + bar.width <= chart.width
    assert chart.busiest.count == max(bar.count for bar in chart.bars)
