"""Points with their intervals along a scale, a curve for each arm; and replications in a plane."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from loyaltysim.report.picture import Grid, Row
from loyaltysim.report.places import spread
from loyaltysim.report.style import BLACK, BLUE, GREY, PAGE, VERMILLION, Ticks, canvas, drawn, settled
from loyaltysim.report.vega import NUMBER, SHARE, TOLD, Plot, View, layer, scale, span, upward, whole


class Dot(NamedTuple):
    """A figure at a place of the scale, with its interval."""

    x: float
    y: float
    low: float | None
    high: float | None


class Series(NamedTuple):
    """Dots that belong together: their name, colour, dashes and mark, those of both renderings."""

    name: str
    color: str
    ink: str  # of its name: dark enough to read
    dashes: tuple[float, ...]
    marks: tuple[str, str]
    dots: Sequence[Dot]


WITH = ("with programme", BLUE, BLUE, (), ("o", "circle"))
WITHOUT = ("without", VERMILLION, "#A34700", (5.0, 2.0), ("s", "square"))


@dataclass(frozen=True)
class Dots:
    """Shares along a scale, a curve of dots for each series."""

    series: Sequence[Series]
    across: str
    label: str
    places: Sequence[float]  # of the rows of the table
    aside: float = 0.0  # how far the series stand beside one another, so that their intervals are seen

    def figure(self, title: str, width: float) -> Figure:
        """The still figure."""
        return dots_chart(title, self, width)

    def shifted(self) -> list[tuple[Series, list[Dot]]]:
        """The dots where they are drawn."""
        first = -self.aside * (len(self.series) - 1) / 2
        return [
            (one, [dot._replace(x=dot.x + first + k * self.aside) for dot in one.dots])
            for k, one in enumerate(self.series)
        ]

    def view(self, grid: Grid) -> View:
        """The interactive chart."""
        dots = [dot for one in self.series for dot in one.dots]
        low, high = span(itertools.chain(*((d.y, d.low, d.high) for d in dots)))
        left, right = span([*self.places], air=0.04)
        plot = Plot(scale(left, right, self.across), upward(max(low, 0.0), min(high, 1.02), self.label), 250)
        plot.y["axis"]["format"] = SHARE
        layers = []
        for one, shown in self.shifted():
            rows: list[Row] = [dot._asdict() for dot in shown]
            layers.append(plot.line([{"x": r["x"], "y": r["y"]} for r in rows], one.color, one.dashes, 1.6))
            known = [r for r in rows if r["low"] is not None and r["high"] is not None]
            rule = {"type": "rule", "color": one.color, "strokeWidth": 1.6, "clip": True}
            layers.append(layer(known, rule, plot.at(y="low", y2="high")))
            mark = {"type": "point", "filled": True, "size": 46, "opacity": 1, "color": one.color}
            layers.append(layer(rows, mark | {"shape": one.marks[1]}, plot.at()))
        ends = {one.name: (one, one.dots[-1].y) for one in self.series if one.dots}
        order = sorted(ends, key=lambda name: ends[name][1])
        below, above = plot.y["scale"]["domain"]
        heights = spread([(ends[n][1] - below) / (above - below) for n in order], 36 / plot.height)
        for name, height in zip(order, heights, strict=True):
            y = below + height * (above - below)
            layers.append(plot.name(right, y, "\n".join(name.split()), ends[name][0].ink))
        return whole(grid.columns, plot.view([*layers, plot.pointer("at0", grid, self.places)]))


@drawn
def dots_chart(title: str, dots: Dots, width: float = PAGE) -> Figure:
    """Dots with their intervals, joined by a thin line, named in a legend below."""
    figure, (area,) = canvas(width, 3.9, title)
    for one, shown in dots.shifted():
        xs, ys = [dot.x for dot in shown], [dot.y for dot in shown]
        style = (0, one.dashes) if one.dashes else "-"
        area.plot(xs, ys, color=one.color, linestyle=style, linewidth=1.4, marker=one.marks[0], markersize=5,
                  label=one.name)  # fmt: skip
        known = [dot for dot in shown if dot.low is not None and dot.high is not None]
        if known:
            lows, highs = [dot.low for dot in known], [dot.high for dot in known]
            area.vlines([dot.x for dot in known], lows, highs, color=one.color, linewidth=1.4)  # type: ignore[arg-type]
    every = [value for one in dots.series for d in one.dots for value in (d.y, d.low, d.high)]
    low, high = span(every)
    area.set_ylim(max(low, 0.0), min(high, 1.02))
    area.yaxis.set_major_formatter(Ticks("share"))
    area.set_xlabel(dots.across)
    area.set_ylabel(dots.label)
    area.xaxis.set_major_formatter(Ticks())
    if len(dots.series) > 1:
        area.legend(loc="lower right", frameon=False, fontsize=9.5)
    return settled(figure)


class Axis(NamedTuple):
    """A mean and its interval along one axis of a plane."""

    label: str
    mean: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Plane:
    """Replications in a plane of two figures, and their mean with its interval both ways."""

    points: Sequence[tuple[float, float]]
    x: Axis
    y: Axis

    def figure(self, title: str, width: float) -> Figure:
        """The still figure."""
        return plane_chart(title, self, width)

    def view(self, grid: Grid) -> dict[str, Any]:
        """The interactive chart."""
        axes = (self.x, self.y)
        ends = [span([*(p[k] for p in self.points), a.low, a.high], zero=True) for k, a in enumerate(axes)]
        plot = Plot(scale(*ends[0], self.x.label, shown=NUMBER), upward(*ends[1], self.y.label), 260)
        rows: list[Row] = [
            {"x": x, "y": y, "told": list(told)}
            for (x, y), told in zip(self.points, grid.rows[1:], strict=True)
        ]
        dot = {"type": "point", "filled": True, "size": 40, "opacity": 0.55, "color": BLUE}
        x, y = self.x, self.y
        cross = {"type": "rule", "color": BLACK, "strokeWidth": 2}
        level = [{"x": x.low, "x2": x.high, "y": y.mean}] if x.low is not None and x.high is not None else []
        up = [{"x": x.mean, "y": y.low, "y2": y.high}] if y.low is not None and y.high is not None else []
        centre = {"type": "point", "filled": True, "size": 90, "shape": "diamond", "opacity": 1}
        mean: list[Row] = [{"x": x.mean, "y": y.mean, "told": list(grid.rows[0])}]
        layers = [
            plot.upright(0.0, ()),
            plot.level(0.0),
            layer(rows, dot, plot.at() | {"tooltip": TOLD}),
            layer(level, cross, plot.at(x2="x2")),
            layer(up, cross, plot.at(y2="y2")),
            layer(mean, centre | {"color": VERMILLION, "stroke": BLACK}, plot.at() | {"tooltip": TOLD}),
        ]
        return whole(grid.columns, plot.view(layers))


@drawn
def plane_chart(title: str, plane: Plane, width: float = PAGE) -> Figure:
    """Replications as dots, the mean as a diamond with its interval both ways, and both zero lines."""
    figure, (area,) = canvas(width, 3.9, title)
    area.axhline(0, color=GREY, linewidth=1)
    area.axvline(0, color=GREY, linewidth=1)
    xs, ys = zip(*plane.points, strict=True)
    area.scatter(xs, ys, s=22, color=BLUE, alpha=0.55, label="a replication", zorder=3)
    cross(area, plane.x, plane.y)
    area.xaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
    area.xaxis.set_major_formatter(Ticks())
    area.set_xlabel(plane.x.label)
    area.set_ylabel(plane.y.label)
    area.legend(loc="best", frameon=False, fontsize=9.5)
    return settled(figure)


def cross(area: Axes, x: Axis, y: Axis) -> None:
    """The mean and its interval both ways."""
    if x.low is not None and x.high is not None:
        area.plot([x.low, x.high], [y.mean, y.mean], color=BLACK, linewidth=2, zorder=4)
    if y.low is not None and y.high is not None:
        area.plot([x.mean, x.mean], [y.low, y.high], color=BLACK, linewidth=2, zorder=4)
    area.scatter([x.mean], [y.mean], s=70, marker="D", color=VERMILLION, edgecolor=BLACK, zorder=5,
                 label="mean, with its 95 % interval both ways")  # fmt: skip
