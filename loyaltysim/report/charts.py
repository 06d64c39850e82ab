"""Curves over the months: both arms with their bands, month 0, and the rivals' offers.

A chart takes tables of `series.bands` and returns a figure; whoever calls it has put the finding into words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator

from loyaltysim.report.picture import Grid
from loyaltysim.report.places import spread, step
from loyaltysim.report.series import drawable, has, last
from loyaltysim.report.style import ARM_NAMES, ARMS, GREY, INK, PAGE, Ticks, canvas, drawn, settled
from loyaltysim.report.views import curves_view
from loyaltysim.report.wording import plain

TIME = "months since month 0"


class Span(NamedTuple):
    """A named stretch of months, shaded: an offer."""

    start: float
    end: float
    name: str


class Panel(NamedTuple):
    """One pair of axes: which arms of a table, in which unit."""

    table: pd.DataFrame
    arms: Sequence[str]
    label: str
    share: bool = False
    height: float = 1.0


@dataclass(frozen=True)
class Curves:
    """Panels of curves below one another over the same months, with the offers shaded."""

    panels: Sequence[Panel]
    offers: Sequence[Span] = ()

    def figure(self, title: str, width: float) -> Figure:
        """The still figure."""
        return curves(title, self.panels, self.offers, width)

    def view(self, grid: Grid) -> dict[str, Any]:
        """The interactive chart."""
        return curves_view(self.panels, self.offers, time_label(self.panels), grid)


def trend(table: pd.DataFrame, label: str, offers: Sequence[Span] = ()) -> Curves:
    """Both arms above, and below them the paired difference, which the bands of the arms do not show."""
    both = Panel(table, [arm for arm in ("programme", "twin") if has(table, arm)], label)
    difference = Panel(table, ("difference",), "with − without", height=0.6)
    return Curves((both, difference) if has(table, "difference") else (both,), offers)


def time_label(panels: Sequence[Panel]) -> str:
    """The name of the axis of months; where two arms are drawn it says what month 0 is."""
    both = any(len(panel.arms) > 1 for panel in panels)
    return TIME + (", where the two worlds part" if both else "")


@drawn
def curves(title: str, panels: Sequence[Panel], offers: Sequence[Span] = (), width: float = PAGE) -> Figure:
    """Panels of curves below one another over the same months; offers are named above the first."""
    height = 1.3 + 1.9 * sum(panel.height for panel in panels)
    figure, axes = canvas(width, height, title, [panel.height for panel in panels])
    for panel, area in zip(panels, axes, strict=True):
        _panel(area, panel)
        _month_0(area)
        for span in offers:
            area.axvspan(
                span.start,
                span.end,
                facecolor="#eeeeee",
                edgecolor="#c8c8c8",
                hatch="//",
                linewidth=0,
                zorder=0,
            )
    over_months(axes[-1], panels[0].table["month"], width)
    axes[-1].set_xlabel(time_label(panels))
    _name_offers(axes[0], offers, width)
    for panel, area in zip(panels, axes, strict=True):
        _name_curves(area, panel)
    return settled(figure)


def _panel(area: Axes, panel: Panel) -> None:
    """Curves and bands; up to month 0 the arms are one world and are drawn once."""
    area.set_ylabel(panel.label)
    if panel.share:
        area.yaxis.set_major_formatter(Ticks("share"))
    if "difference" in panel.arms:
        area.axhline(0, color=GREY, linewidth=0.9)
    for arm in panel.arms:
        rows = drawable(panel.table[(panel.table["arm"] == arm) & panel.table["mean"].notna()])
        style = ARMS[arm]
        area.fill_between(
            rows["month"], rows["low"], rows["high"], color=style["color"], alpha=0.2, linewidth=0
        )
        area.plot(rows["month"], rows["mean"], **style)
    past = panel.table[(panel.table["arm"] == panel.arms[0]) & (panel.table["month"] <= 0)]
    if "programme" in panel.arms:
        area.plot(past["month"], past["mean"], color="#333333", linewidth=2.6)


def _month_0(area: Axes) -> None:
    """A line where the arms part."""
    area.axvline(0, color=GREY, linewidth=1.2, linestyle=":")


def over_months(area: Axes, months: pd.Series, width: float) -> None:
    """The horizontal axis from the first month to the last; one month alone gets room beside it."""
    first, final = float(months.min()), float(months.max())
    room = 0.5 if first == final else 0.0
    area.set_xlim(first - room, final + room)
    area.xaxis.set_major_locator(MultipleLocator(step(final - first, width)))


def _name_curves(area: Axes, panel: Panel) -> None:
    """The arms' names at the ends of their curves, kept apart."""
    if len(panel.arms) < 2:
        return
    ends = {arm: last(panel.table, arm)["mean"] for arm in panel.arms if has(panel.table, arm)}
    low, high = area.get_ylim()
    order = sorted(ends, key=lambda arm: ends[arm])
    places = [(ends[arm] - low) / (high - low or 1) for arm in order]
    apart = 0.26 / panel.height  # two lines of text and some air, in heights of the panel
    for arm, place in zip(order, spread(places, apart), strict=True):
        area.text(
            1.015,
            place,
            ARM_NAMES[arm],
            transform=area.transAxes,
            va="center",
            ha="left",
            fontsize=9.5,
            fontweight="bold",
            color=INK[arm],
            linespacing=1.0,
        )


def _name_offers(area: Axes, offers: Sequence[Span], width: float) -> None:
    """The offers' names above the panel, in rows where they would run into each other."""
    low, high = area.get_xlim()
    per_letter = (high - low) * 0.064 / (width - 1.8)
    rows: list[float] = []  # where the last name of each row ends
    for span in sorted(span for span in offers if span.start < high and span.end > low):
        name = plain(span.name, 28)
        half = len(name) * per_letter / 2
        middle = min(max((max(span.start, low) + min(span.end, high)) / 2, low + half), high - half)
        row = next((i for i, end in enumerate(rows) if end < middle - half), len(rows))
        rows[row : row + 1] = [middle + half]
        area.annotate(
            name,
            (middle, 1.0),
            xytext=(0, 3 + 12 * row),
            textcoords="offset points",
            xycoords=area.get_xaxis_transform(),
            ha="center",
            va="bottom",
            fontsize=9,
            color="#333333",
            annotation_clip=False,
        )
