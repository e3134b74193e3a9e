"""Where do the bars of a chart of stories a month stand?

Only geometry, in the units of an SVG's ``viewBox``; the template draws it and finds the words. Where months would be
too many for a line of the page, the bars stand for years.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

__all__ = ["Bar", "Chart", "chart_of"]

HEIGHT: Final = 48
STEP: Final = 5
_GAP: Final = 1
_MOST_MONTHS: Final = 72
_FEWEST_BARS: Final = 3


@dataclass(frozen=True, slots=True)
class Bar:
    """The stories of a month, or of a year where ``month`` is 0; ``x`` and ``y`` are its upper left corner."""

    year: int
    month: int
    count: int
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Chart:
    """A bar chart. ``busiest`` is the bar with the most stories, the earliest of several; ``unit`` is month or year."""

    width: int
    height: int
    unit: str
    bars: tuple[Bar, ...]
    busiest: Bar

    @property
    def years(self) -> tuple[Bar, ...]:
        """The first bar of every year, where its number is written."""
        return tuple(next(bars) for _, bars in groupby(self.bars, key=lambda bar: bar.year))


def chart_of(months: Sequence[tuple[int, int, int]]) -> Chart | None:
    """The chart for (year, month, number of stories) rows in order, or None where there is too little to see."""
    by_year = [(year, 0, sum(count for _, _, count in rows)) for year, rows in groupby(months, key=lambda row: row[0])]
    rows = by_year if len(months) > _MOST_MONTHS else list(months)
    if len(rows) < _FEWEST_BARS:
        return None
    most = max(count for _, _, count in rows)
    bars = tuple(_bar(place, row, most) for place, row in enumerate(rows))
    busiest = max(bars, key=lambda bar: bar.count)
    return Chart(STEP * len(bars) - _GAP, HEIGHT, "year" if rows is by_year else "month", bars, busiest)


def _bar(place: int, row: tuple[int, int, int], most: int) -> Bar:
    year, month, count = row
    # an empty month keeps a line to stand on
    height = max(1, round(HEIGHT * count / most))
    return Bar(year, month, count, STEP * place, HEIGHT - height, STEP - _GAP, height)
