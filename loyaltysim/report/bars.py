"""Figures side by side, each with its interval: the five cells, and money spent against money earned."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from loyaltysim.report.picture import Grid
from loyaltysim.report.style import BLACK, GREY, PAGE, PHONE, Ticks, canvas, drawn, settled
from loyaltysim.report.views import bars_view
from loyaltysim.report.wording import estimate


class Bar(NamedTuple):
    """One figure: its name, its value and interval, its colour and pattern."""

    name: str
    value: float
    low: float | None
    high: float | None
    color: str
    hatch: str = ""
    start: float = 0.0  # where the bar begins


def bar_of(row: Mapping[str, Any], name: str, color: str, hatch: str = "", times: float = 1.0) -> Bar:
    """A figure as a bar from 0, times a factor: 100 for per cent, −1 for its opposite."""
    low, high = row["low"], row["high"]
    if low is not None and high is not None:
        low, high = sorted((times * low, times * high))
    return Bar(name, times * row["estimate"], low, high, color, hatch)


@dataclass(frozen=True)
class Bars:
    """Bars from 0 on one axis, each with its interval."""

    rows: Sequence[Bar]
    label: str

    def figure(self, title: str, width: float) -> Figure:
        """The still figure."""
        return bars(title, self.rows, self.label, width)

    def view(self, grid: Grid) -> dict[str, Any]:
        """The interactive chart."""
        return bars_view(self.rows, self.label, grid, [told(row) for row in self.rows])


def told(row: Bar) -> str:
    """A bar's value and its interval."""
    return estimate(row.value, row.low, row.high)


@drawn
def bars(title: str, rows: Sequence[Bar], label: str, width: float = PAGE) -> Figure:
    """Horizontal bars from 0 with their intervals, name at the left and value at the right of each."""
    figure, (area,) = canvas(width, 1.25 + 0.47 * len(rows), title)
    area.grid(False)
    area.grid(axis="x", color="#dddddd", linewidth=0.8)
    for place, row in enumerate(rows):
        area.barh(
            place,
            row.value,
            left=row.start,
            height=0.62,
            color=row.color,
            edgecolor=BLACK,
            linewidth=0.7,
            hatch=row.hatch,
        )
    _intervals(area, rows)
    area.axvline(0, color=GREY, linewidth=1)
    area.set_yticks(range(len(rows)), [_wrapped(row.name, width) for row in rows], fontsize=10)
    area.tick_params(axis="y", length=0)
    area.invert_yaxis()
    area.xaxis.set_major_locator(MaxNLocator(nbins=4 if width <= PHONE else 7, steps=[1, 2, 5, 10]))
    area.xaxis.set_major_formatter(Ticks())
    area.set_xlabel(label)
    area.spines["left"].set_visible(False)
    _values(area, rows, width)
    return settled(figure)


def _wrapped(name: str, width: float) -> str:
    """A bar's name, on two lines where the page is narrow."""
    return textwrap.fill(name, 14 if width <= PHONE else 24)


def _intervals(area: Axes, rows: Sequence[Bar]) -> None:
    """The intervals as lines with end marks, white below black so that they show on any bar."""
    known = [
        (place, row.start + row.low, row.start + row.high)
        for place, row in enumerate(rows)
        if row.low is not None and row.high is not None and math.isfinite(row.low) and math.isfinite(row.high)
    ]
    if not known:
        return
    places, lows, highs = (list(column) for column in zip(*known, strict=True))
    for color, thick in (("white", 4.0), (BLACK, 1.6)):
        area.hlines(places, lows, highs, color=color, linewidth=thick, zorder=4)
    bottoms, tops = ([place + aside for place in places] * 2 for aside in (-0.13, 0.13))
    area.vlines(lows + highs, bottoms, tops, color=BLACK, linewidth=1.6, zorder=5)


def _values(area: Axes, rows: Sequence[Bar], width: float) -> None:
    """The values in a column at the right, where nothing is drawn."""
    for place, row in enumerate(rows):
        text = told(row)
        text = text.replace(" (", "\n(") if width <= PHONE else text
        area.text(
            1.02, place, text, transform=area.get_yaxis_transform(), va="center", ha="left", fontsize=9.5
        )
