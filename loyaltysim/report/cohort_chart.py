"""A real cohort's repeat purchases over the simulated band."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from loyaltysim.report.picture import Grid
from loyaltysim.report.style import BLUE, PAGE, VERMILLION, canvas, drawn, settled
from loyaltysim.report.views import cohort_view


@dataclass(frozen=True)
class CohortChart:
    """A real cohort's weeks over the simulated mean, its interval and the range of single cohorts."""

    simulated: pd.DataFrame
    observed: np.ndarray
    name: str

    def figure(self, title: str, width: float) -> Figure:
        """The still figure."""
        return cohort_chart(title, self.simulated, self.observed, self.name, width)

    def view(self, grid: Grid) -> dict[str, Any]:
        """The interactive chart."""
        return cohort_view(self.simulated, self.observed.tolist(), self.name, grid)


@drawn
def cohort_chart(
    title: str, simulated: pd.DataFrame, observed: np.ndarray, name: str, width: float = PAGE
) -> Figure:
    """Cumulative repeat purchases by week.

    `simulated` has week, mean, low, high (95 % t-interval of the mean) and least, most (the range in which
    95 % of single simulated cohorts are expected); `observed` holds weeks 1, 2, ...
    """
    figure, (area,) = canvas(width, 3.9, title)
    weeks = np.arange(1, len(observed) + 1)
    area.fill_between(
        simulated["week"], simulated["least"], simulated["most"], color=BLUE, alpha=0.15, linewidth=0
    )
    area.fill_between(
        simulated["week"], simulated["low"], simulated["high"], color=BLUE, alpha=0.4, linewidth=0
    )
    area.plot(simulated["week"], simulated["mean"], color=BLUE, linewidth=2, label="simulated: mean")
    area.plot(
        weeks,
        observed,
        color=VERMILLION,
        linewidth=1.6,
        linestyle=(0, (5, 2)),
        marker="o",
        markersize=3.2,
        markevery=4,
        label=name,
    )
    area.fill_between([], [], color=BLUE, alpha=0.4, label="95 % interval of the mean")
    area.fill_between([], [], color=BLUE, alpha=0.15, label="95 % of single cohorts")
    area.legend(loc="upper left", frameon=False, fontsize=9.5)
    area.set_xlim(0, len(observed))
    area.set_ylim(bottom=0)
    area.set_xlabel("weeks")
    area.set_ylabel("repeat purchases so far")
    return settled(figure)
