"""The frontier as a chart: what is spent against each gain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from loyaltysim.experiments.frontier import COST, Front, Frontier
from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.metrics.summary import Row
from loyaltysim.report.picture import Grid
from loyaltysim.report.style import BLACK, BLUE, GREY, ORANGE, PAGE, VERMILLION, Ticks, canvas, drawn, settled
from loyaltysim.report.vega import NUMBER, SHARE, TOLD, Plot, View, layer, scale, span, upward, whole

LESS, MORE = "left of", "not left of"


def finding(found: Frontier, gain: str) -> str:
    """What the picture shows, in a sentence."""
    label = CATALOGUE[gain].label
    if gain == "profit":
        peak = found.points[found.peak].name
        if found.alike:
            others = "others" if len(found.alike) > 1 else found.alike[0]
            return f"Profit peaks at {peak}, which cannot be told apart from {others}"
        side = LESS if found.profit_lies_left else MORE
        return f"Profit peaks at {peak}, {side} the peak of satisfaction"
    front = next(one for one in found.fronts if one.gain == gain)
    on = int(front.on_it.sum())
    most = "gives the most for what it spends" if on == 1 else "give the most for what they spend"
    return f"{label}: {on} of {len(found.points)} settings {most}"


def gain_label(gain: str, unit: str) -> str:
    """A gain with its unit, as an axis names it."""
    kind = CATALOGUE[gain].unit.replace("money", unit)
    return CATALOGUE[gain].label + ("" if kind == "share" else f", {kind}")


def peaks(found: Frontier) -> dict[str, int]:
    """The settings that stand out: the most profit, the most satisfaction."""
    return {"profit": found.peak, "satisfaction_base": found.best["satisfaction_base"]}


@dataclass(frozen=True)
class FrontChart:
    """What is spent against one gain, all settings."""

    found: Frontier
    front: Front
    unit: str

    def figure(self, title: str, width: float) -> Figure:
        """The still figure; its title is `finding`."""
        return front_chart(self.found, self.front, self.unit, width)

    def view(self, grid: Grid) -> View:
        """The interactive chart."""
        found, front = self.found, self.front
        lived = [(point.results.kpi(COST, "programme"), point.results.kpi(front.gain, "programme"))
                 for point in found.fresh.values()]  # fmt: skip
        known = [(a, b) for a, b in lived if a["low"] is not None and b["low"] is not None]
        ends = [
            span([*values.tolist(), *(pair[k][end] for pair in known for end in ("low", "high"))])
            for k, values in enumerate((front.spent, front.got))
        ]
        shown = SHARE if CATALOGUE[front.gain].unit == "share" else NUMBER
        across = scale(*ends[0], f"spending on customers, {self.unit}")
        plot = Plot(across, upward(*ends[1], gain_label(front.gain, self.unit), shown=shown), 300)
        rows: list[View] = [
            {"x": float(front.spent[k]), "y": float(front.got[k]), "told": list(grid.rows[k]),
             "size": 20 + 130 * float(front.probability[k])}
            for k in range(len(found.points))
        ]  # fmt: skip
        on = [rows[k] for k in np.argsort(front.spent) if front.on_it[k]]
        off = [row for k, row in enumerate(rows) if not front.on_it[k]]
        dot = {"type": "point", "filled": True, "opacity": 0.85}
        at = plot.at() | {"tooltip": TOLD}
        sized = {"size": {"field": "size", "type": "quantitative", "scale": None, "legend": None}}
        layers = [
            layer(off, dot | {"color": GREY, "size": 30, "opacity": 0.55}, at),
            plot.line(on, BLUE, width=1.3),
            layer(on, dot | {"color": BLUE}, at | sized),
        ]
        cross = {"type": "rule", "color": BLACK, "strokeWidth": 1.3}
        level = [{"x": a["low"], "x2": a["high"], "y": b["estimate"]} for a, b in known]
        up = [{"x": a["estimate"], "y": b["low"], "y2": b["high"]} for a, b in known]
        layers += [layer(level, cross, plot.at(x2="x2")), layer(up, cross, plot.at(y2="y2"))]
        ring = {"type": "point", "filled": False, "color": BLACK, "size": 34, "strokeWidth": 1.3}
        layers.append(layer([{"x": a["estimate"], "y": b["estimate"]} for a, b in known], ring, plot.at()))
        for name, (color, shape) in {
            "profit": (VERMILLION, "triangle-up"), "satisfaction_base": (ORANGE, "diamond")
        }.items():  # fmt: skip
            star = dot | {"color": color, "shape": shape, "size": 170, "stroke": BLACK, "opacity": 1}
            layers.append(layer([rows[peaks(found)[name]]], star, at))
        return whole(grid.columns, plot.view(layers))


@drawn
def front_chart(found: Frontier, front: Front, unit: str, width: float = PAGE) -> Figure:
    """All settings, the front with its probabilities, both optima, and the chosen ones on fresh luck."""
    figure, (area,) = canvas(width, 4.3, finding(found, front.gain))
    area.scatter(front.spent, front.got, s=22, color=GREY, alpha=0.55, label="dominated", zorder=2)
    order = [k for k in np.argsort(front.spent) if front.on_it[k]]
    area.plot(front.spent[order], front.got[order], color=BLUE, linewidth=1.2, zorder=3)
    area.scatter(
        front.spent[order], front.got[order], s=20 + 90 * front.probability[order], color=BLUE, zorder=4,
        label="not dominated (larger: more likely so)",
    )  # fmt: skip
    for name, color, mark in (("profit", VERMILLION, "^"), ("satisfaction_base", ORANGE, "D")):
        k = peaks(found)[name]
        area.scatter(
            front.spent[k], front.got[k], s=110 if mark == "^" else 75, marker=mark, color=color,
            edgecolor=BLACK, linewidth=0.8, zorder=6, label=f"most {CATALOGUE[name].label.lower()}",
        )  # fmt: skip
    crosses(area, found, front)
    axes_of(area, front.gain, unit)
    figure.legend(loc="outside lower center", ncols=2, fontsize=9, frameon=False)
    return settled(figure)


def crosses(area: Axes, found: Frontier, front: Front) -> None:
    """The chosen settings on fresh luck, with their 95 % intervals both ways."""
    label = "on fresh luck, 95 %"
    for point in found.fresh.values():
        spent, got = (point.results.kpi(name, "programme") for name in (COST, front.gain))
        if spent["low"] is None or got["low"] is None:
            continue
        area.errorbar(
            spent["estimate"], got["estimate"], xerr=sides(spent), yerr=sides(got), linestyle="none", ms=5,
            ecolor=BLACK, elinewidth=1.1, capsize=2, zorder=5, label=label, marker="o", mfc="white",
        )  # fmt: skip
        label = "_"


def sides(row: Row) -> list[list[float]]:
    """How far an interval reaches below and above its estimate."""
    return [[max(row["estimate"] - row["low"], 0.0)], [max(row["high"] - row["estimate"], 0.0)]]


def axes_of(area: Axes, gain: str, unit: str) -> None:
    """Labels and ticks of both axes."""
    area.xaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
    area.xaxis.set_major_formatter(Ticks())
    area.yaxis.set_major_formatter(Ticks("share" if CATALOGUE[gain].unit == "share" else ""))
    area.set_xlabel(f"Spending on customers, {unit}")
    area.set_ylabel(gain_label(gain, unit))


def apart(found: Frontier, ours: int, theirs: int, name: str) -> np.ndarray:
    """A figure of one chosen setting less that of another, replication by replication on fresh luck."""
    a, b = (
        np.array([one.parts[name, "programme"].numerator for one in found.fresh[k].results.units])  # type: ignore[union-attr]
        for k in (ours, theirs)
    )
    return a - b
