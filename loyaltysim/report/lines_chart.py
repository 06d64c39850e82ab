"""Curves along a scale with their bands, and dots with their intervals beside them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, MaxNLocator

from loyaltysim.report.dots_chart import Dot
from loyaltysim.report.picture import Grid
from loyaltysim.report.places import spread
from loyaltysim.report.style import BLUE, GREY, PAGE, VERMILLION, Ticks, canvas, drawn, settled
from loyaltysim.report.vega import NUMBER, SHARE, Plot, Row, View, layer, scale, span, upward, whole


class Line(NamedTuple):
    """Places in order, each with its interval: a curve within its band, or dots, each with its interval."""

    name: str
    color: str
    ink: str  # of its name: dark enough to read
    dashes: tuple[float, ...]
    places: Sequence[Dot]
    dots: bool = False


LOOKS = {"programme": (BLUE, BLUE, ()), "twin": (VERMILLION, "#A34700", (5.0, 2.0))}
NAMES = {"programme": "with programme", "twin": "without"}


@dataclass(frozen=True)
class Lines:
    """Curves and dots on one pair of axes."""

    lines: Sequence[Line]
    across: str
    label: str
    places: Sequence[float]  # of the rows of the table
    shares: tuple[bool, bool] = (False, True)  # whether the axes are in per cent: across, upward
    marks: Sequence[float] = ()  # upright lines
    level: float | None = None  # a level line

    def figure(self, title: str, width: float) -> Figure:
        """The still figure."""
        return lines_chart(title, self, width)

    def view(self, grid: Grid) -> View:
        """The interactive chart."""
        (left, right), (low, high) = self.ends()
        shown = [SHARE if share else NUMBER for share in self.shares]
        plot = Plot(
            scale(left, right, self.across, shown=shown[0], ticks=self.whole_places()),
            upward(low, high, self.label, shown=shown[1]),
            260,
        )
        layers: list[View] = [plot.upright(x) for x in self.marks]
        layers += [] if self.level is None else [plot.level(self.level)]
        for one in self.lines:
            layers += dots_of(plot, one) if one.dots else curve_of(plot, one)
        if len(self.lines) > 1:
            named = {one.name: one for one in self.lines if one.places}
            apart = self.tall_names() / plot.height
            for name, place in zip(*self.names(named, low, high, apart), strict=True):
                layers.append(plot.name(right, low + place * (high - low), name, named[name].ink))
        return whole(grid.columns, plot.view([*layers, plot.pointer("at0", grid, self.places)]))

    def whole_places(self) -> Sequence[float]:
        """The ticks, where the places are a few whole numbers: years, tenths."""
        few = len(self.places) <= 12 and all(float(x).is_integer() for x in self.places)
        return self.places if few and not self.shares[0] else ()

    def tall_names(self) -> float:
        """Room for a name, px."""
        return 34.0 if any("\n" in one.name for one in self.lines) else 18.0

    def ends(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """What the axes show."""
        every = [dot for one in self.lines for dot in one.places]
        ups = itertools.chain(
            *((d.y, d.low, d.high) for d in every), () if self.level is None else (self.level,)
        )
        return span([*(d.x for d in every), *self.marks], air=0.02), span(ups)

    def names(
        self, named: dict[str, Line], low: float, high: float, apart: float
    ) -> tuple[list[str], list[float]]:
        """The names from the lowest, and how high each stands, 0 to 1."""
        order = sorted(named, key=lambda name: named[name].places[-1].y)
        heights = [(named[name].places[-1].y - low) / (high - low) for name in order]
        return order, spread(heights, apart)


def curve_of(plot: Plot, one: Line) -> list[View]:
    """A curve within its band."""
    rows: list[Row] = [dot._asdict() for dot in one.places]
    return [
        plot.band(rows, one.color),
        plot.line([{"x": r["x"], "y": r["y"]} for r in rows], one.color, one.dashes),
    ]


def dots_of(plot: Plot, one: Line) -> list[View]:
    """Dots, each with its interval."""
    rows: list[Row] = [dot._asdict() for dot in one.places]
    known = [row for row in rows if row["low"] is not None and row["high"] is not None]
    rule = {"type": "rule", "color": one.color, "strokeWidth": 1.6, "clip": True}
    mark = {"type": "point", "filled": True, "size": 46, "opacity": 1, "color": one.color}
    return [layer(known, rule, plot.at(y="low", y2="high")), layer(rows, mark, plot.at())]


@drawn
def lines_chart(title: str, chart: Lines, width: float = PAGE) -> Figure:
    """The curves with their bands, the dots with their intervals, each named at its end."""
    figure, (area,) = canvas(width, 3.7, title)
    for x in chart.marks:
        area.axvline(x, color=GREY, linewidth=1.2, linestyle=":")
    if chart.level is not None:
        area.axhline(chart.level, color=GREY, linewidth=1)
    for one in chart.lines:
        draw(area, one)
    (left, right), (low, high) = chart.ends()
    area.set_xlim(left, right)
    area.set_ylim(low, high)
    ticks = chart.whole_places()
    area.xaxis.set_major_locator(FixedLocator(ticks) if ticks else MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
    area.xaxis.set_major_formatter(Ticks("share" if chart.shares[0] else ""))
    area.yaxis.set_major_formatter(Ticks("share" if chart.shares[1] else ""))
    area.set_xlabel(chart.across)
    area.set_ylabel(chart.label)
    if len(chart.lines) > 1:
        named = {one.name: one for one in chart.lines if one.places}
        for name, place in zip(*chart.names(named, low, high, chart.tall_names() / 240), strict=True):
            area.text(1.015, place, name, transform=area.transAxes, va="center", fontsize=9.5,
                      fontweight="bold", color=named[name].ink)  # fmt: skip
    return settled(figure)


def draw(area: Axes, one: Line) -> None:
    """A curve within its band, or dots with their intervals."""
    xs, ys = [dot.x for dot in one.places], [dot.y for dot in one.places]
    known = [(dot.x, dot.low, dot.high) for dot in one.places if dot.low is not None and dot.high is not None]
    at, lows, highs = zip(*known, strict=True) if known else ((), (), ())
    if one.dots:
        area.plot(xs, ys, color=one.color, linestyle="none", marker="o", markersize=5)
        area.vlines(at, lows, highs, color=one.color, linewidth=1.4)
        return
    area.fill_between(at, lows, highs, color=one.color, alpha=0.2, linewidth=0)
    area.plot(xs, ys, color=one.color, linestyle=(0, one.dashes) if one.dashes else "-", linewidth=2)
