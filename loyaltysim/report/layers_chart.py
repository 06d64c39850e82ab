"""Named groups stacked upon one another over the months, and the interval of their sum."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from loyaltysim.report.charts import TIME, over_months, spread
from loyaltysim.report.series import drawable
from loyaltysim.report.style import BLACK, BLUE, GREEN, ORANGE, PAGE, SKY, VERMILLION, canvas, drawn, settled

LOOKS = ((SKY, "\\\\"), (BLUE, ""), (GREEN, "//"), (ORANGE, ""), (VERMILLION, "--"))


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
