"""Named groups stacked upon one another over the months, and the interval of their sum."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from loyaltysim.report.charts import TIME, over_months
from loyaltysim.report.picture import Grid
from loyaltysim.report.places import spread
from loyaltysim.report.series import drawable
from loyaltysim.report.style import BLACK, BLUE, GREEN, ORANGE, PAGE, SKY, VERMILLION, canvas, drawn, settled
from loyaltysim.report.views import layers_view

LOOKS = ((SKY, "\\\\"), (BLUE, ""), (GREEN, "//"), (ORANGE, ""), (VERMILLION, "--"))


@dataclass(frozen=True)
class Layers:
    """Groups stacked upon one another (month, mean, low, high), and the interval of their sum."""

    tables: Mapping[str, pd.DataFrame]
    total: pd.DataFrame
    label: str

    def figure(self, title: str, width: float) -> Figure:
        """The still figure."""
        return layers_chart(title, self.tables, self.total, self.label, width)

    def view(self, grid: Grid) -> dict[str, Any]:
        """The interactive chart."""
        colors = [color for color, _ in LOOKS]
        return layers_view(self.tables, colors, self.total, self.label, TIME, grid)


@drawn
def layers_chart(
    title: str, tables: Mapping[str, pd.DataFrame], total: pd.DataFrame, label: str, width: float = PAGE
) -> Figure:
    """The means of the tables (month, mean, low, high) one upon the other, each named at its end.

    The interval of the total is drawn as thin dashes that leave the layers visible.
    """
    figure, (area,) = canvas(width, 3.6, title)
    curves = {name: drawable(table) for name, table in tables.items()}
    first = next(iter(curves.values()))
    floor = pd.Series(0.0, index=first.index)
    for (color, hatch), table in zip(LOOKS, curves.values(), strict=False):
        top = floor + table["mean"]
        area.fill_between(
            first["month"],
            floor,
            top,
            facecolor=color,
            alpha=0.75,
            hatch=hatch,
            edgecolor="white",
            linewidth=0,
        )
        floor = top
    whole = drawable(total)
    for edge in ("low", "high"):
        area.plot(whole["month"], whole[edge], color=BLACK, linewidth=0.9, linestyle=(0, (4, 2)))
    area.set_ylim(bottom=0)
    area.set_ylabel(label)
    over_months(area, next(iter(tables.values()))["month"], width)
    area.set_xlabel(TIME)
    ends = [float(table["mean"].iloc[-1]) for table in curves.values()]
    tops = itertools.accumulate(ends)
    high = area.get_ylim()[1]
    middles = [(top - end / 2) / high for top, end in zip(tops, ends, strict=True)]
    for name, place in zip(curves, spread(middles, 0.12), strict=True):
        area.text(1.015, place, name, transform=area.transAxes, va="center", fontsize=9.5)
    return settled(figure)
