"""A fan: how far single replications spread around the mean, month by month."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.figure import Figure

from loyaltysim.report.charts import TIME, over_months
from loyaltysim.report.picture import Grid
from loyaltysim.report.series import drawable
from loyaltysim.report.style import BLUE, PAGE, canvas, drawn, settled
from loyaltysim.report.vega import Plot, View, rows, span, upward, whole
from loyaltysim.report.views import CURVE
from loyaltysim.report.views import over_months as months_axis

BANDS = (("low90", "high90", 0.15), ("low50", "high50", 0.25), ("low", "high", 0.45))


@dataclass(frozen=True)
class Fan:
    """A table of month, mean, low, high (of the mean) and low50, high50, low90, high90 (of replications)."""

    table: pd.DataFrame
    label: str

    def figure(self, title: str, width: float) -> Figure:
        """The still figure."""
        return fan_chart(title, self.table, self.label, width)

    def view(self, grid: Grid) -> View:
        """The interactive chart."""
        ends = [value for name in ("low90", "high90", "low", "high", "mean") for value in self.table[name]]
        plot = Plot(months_axis(self.table["month"], TIME), upward(*span(ends, zero=True), self.label), 240)
        shown = drawable(self.table)
        layers = [
            plot.band(rows(shown, {"x": "month", "low": low, "high": high}), BLUE, opacity)
            for low, high, opacity in BANDS
        ]
        layers.append(plot.line(rows(shown, CURVE), BLUE))
        return whole(
            grid.columns, plot.view([*layers, plot.pointer("at0", grid, self.table["month"].tolist())])
        )


@drawn
def fan_chart(title: str, table: pd.DataFrame, label: str, width: float = PAGE) -> Figure:
    """The mean within its interval, within the middle half and the middle nine tenths of replications."""
    figure, (area,) = canvas(width, 3.7, title)
    shown = drawable(table)
    for low, high, opacity in BANDS:
        area.fill_between(shown["month"], shown[low], shown[high], color=BLUE, alpha=opacity, linewidth=0)
    area.plot(shown["month"], shown["mean"], color=BLUE, linewidth=2)
    over_months(area, table["month"], width)
    lows = [float(table[name].min()) for name in ("low90", "low", "mean")]
    area.set_ylim(bottom=min([0.0, *(low for low in lows if low == low)]))
    area.set_xlabel(TIME)
    area.set_ylabel(label)
    return settled(figure)
