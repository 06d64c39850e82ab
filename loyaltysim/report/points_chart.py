"""The points book as a picture: what was issued is redeemed, expired, forfeited or still outstanding."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from loyaltysim.report.charts import TIME, over_months
from loyaltysim.report.picture import Grid
from loyaltysim.report.places import spread
from loyaltysim.report.series import drawable
from loyaltysim.report.style import BLACK, BLUE, GREEN, ORANGE, PAGE, SKY, canvas, drawn, settled
from loyaltysim.report.views import book_view

LAYERS = {  # from the bottom: colour and pattern
    "redeemed": (GREEN, ""),
    "expired": (ORANGE, "///"),
    "forfeited": (BLACK, "--"),
    "outstanding": (SKY, "\\\\"),
}


@dataclass(frozen=True)
class Book:
    """The points issued and where they are, as tables of month, mean, low, high."""

    tables: Mapping[str, pd.DataFrame]

    def figure(self, title: str, width: float) -> Figure:
        """The still figure."""
        return points_chart(title, self.tables, width)

    def view(self, grid: Grid) -> dict[str, Any]:
        """The interactive chart."""
        return book_view(self.tables, {name: look[0] for name, look in LAYERS.items()}, TIME, grid)


@drawn
def points_chart(title: str, tables: Mapping[str, pd.DataFrame], width: float = PAGE) -> Figure:
    """Above, the points issued so far and where they are, stacked; below, those outstanding at each close.

    `tables` maps `issued` and the four layers to month, mean, low, high; all but `outstanding` are sums
    since the first month.
    """
    figure, (book, outstanding) = canvas(width, 4.9, title, (1.0, 0.55))
    curves = {name: drawable(table) for name, table in tables.items()}
    _stack(book, curves)
    _issued(book, curves["issued"])
    _names(book, tables)
    book.set_ylabel("points since the start")
    _line(outstanding, curves["outstanding"], BLUE)
    outstanding.set_ylabel("points\noutstanding")
    outstanding.set_ylim(bottom=0)
    over_months(outstanding, tables["issued"]["month"], width)
    outstanding.set_xlabel(TIME)
    return settled(figure)


def _stack(area: Axes, tables: Mapping[str, pd.DataFrame]) -> None:
    """The layers, one upon the other."""
    months = tables["issued"]["month"]
    floor = pd.Series(0.0, index=months.index)
    for name, (color, hatch) in LAYERS.items():
        top = floor + tables[name]["mean"]
        area.fill_between(
            months, floor, top, facecolor=color, alpha=0.75, hatch=hatch, edgecolor="white", linewidth=0
        )
        floor = top


def _issued(area: Axes, table: pd.DataFrame) -> None:
    """The points issued as a line, its interval as thin dashes that leave the layers visible."""
    area.plot(table["month"], table["mean"], color=BLACK, linewidth=2)
    for edge in ("low", "high"):
        area.plot(table["month"], table[edge], color=BLACK, linewidth=0.9, linestyle=(0, (4, 2)))
    area.set_ylim(bottom=0)


def _names(area: Axes, tables: Mapping[str, pd.DataFrame]) -> None:
    """The names of the layers and of the line at the right, each near its place."""
    ends = [float(tables[name]["mean"].iloc[-1]) for name in LAYERS]
    tops = list(itertools.accumulate(ends))
    high = area.get_ylim()[1]
    middles = [(top - end / 2) / high for top, end in zip(tops, ends, strict=True)]
    names = [*LAYERS, "issued"]
    for name, place in zip(names, spread([*middles, tops[-1] / high], 0.14), strict=True):
        area.text(
            1.015,
            place,
            name,
            transform=area.transAxes,
            va="center",
            fontsize=9.5,
            fontweight="bold" if name == "issued" else "normal",
        )


def _line(area: Axes, table: pd.DataFrame, color: str) -> None:
    """A mean with its band."""
    area.fill_between(table["month"], table["low"], table["high"], color=color, alpha=0.25, linewidth=0)
    area.plot(table["month"], table["mean"], color=color, linewidth=2)
