"""The frontier as pictures: what is spent against each gain, and the plane of cost and effect."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from loyaltysim.experiments.frontier import COST, Front, Frontier
from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.metrics.summary import Row
from loyaltysim.report.style import BLACK, BLUE, GREY, ORANGE, PAGE, VERMILLION, Ticks, canvas, drawn, settled
from loyaltysim.report.wording import number

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
    return (
        f"{label}: {int(front.on_it.sum())} of {len(found.points)} settings give the most for what they spend"
    )


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
    for name, color, mark in (("profit", VERMILLION, "*"), ("satisfaction_base", ORANGE, "D")):
        k = found.peak if name == "profit" else found.best[name]
        area.scatter(
            front.spent[k], front.got[k], s=170 if mark == "*" else 75, marker=mark, color=color,
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
            spent["estimate"], got["estimate"], xerr=sides(spent), yerr=sides(got), fmt="none",
            ecolor=BLACK, elinewidth=1.1, capsize=2, zorder=5, label=label,
        )  # fmt: skip
        label = "_"


def sides(row: Row) -> list[list[float]]:
    """How far an interval reaches below and above its estimate."""
    return [[max(row["estimate"] - row["low"], 0.0)], [max(row["high"] - row["estimate"], 0.0)]]


def axes_of(area: Axes, gain: str, unit: str) -> None:
    """Labels and ticks of both axes."""
    area.xaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
    area.xaxis.set_major_formatter(Ticks())
    kind = CATALOGUE[gain].unit.replace("money", unit)
    area.yaxis.set_major_formatter(Ticks("share" if kind == "share" else ""))
    area.set_xlabel(f"Spending on customers, {unit}")
    area.set_ylabel(CATALOGUE[gain].label + ("" if kind == "share" else f", {kind}"))


@drawn
def plane(found: Frontier, unit: str, width: float = PAGE) -> Figure:
    """The plane of cost and effect: the best setting less the one that spends least, by replication."""
    chosen = list(found.fresh)
    cheap = min(chosen, key=lambda k: found.fresh[k].results.kpi(COST, "programme")["estimate"])
    best = found.peak if found.peak != cheap else found.best["satisfaction_base"]
    spent, kept = (apart(found, best, cheap, name) for name in (COST, "customers_end"))
    dearer = float(np.mean(spent > 0))
    title = (
        f"{found.points[best].name} against {found.points[cheap].name}: "
        f"{number(float(kept.mean()))} customers more for {number(float(spent.mean()))} {unit}"
    )
    figure, (area,) = canvas(width, 4.0, title)
    area.scatter(kept, spent, s=20, color=BLUE, alpha=0.6, label=f"a replication ({dearer:.0%} spend more)")
    area.scatter(
        [kept.mean()], [spent.mean()], s=110, marker="X", color=VERMILLION, edgecolor=BLACK, label="mean"
    )
    area.axhline(0, color=GREY, linewidth=1)
    area.axvline(0, color=GREY, linewidth=1)
    area.xaxis.set_major_formatter(Ticks())
    area.set_xlabel("Customers at the end, difference")
    area.set_ylabel(f"Spending, difference, {unit}")
    figure.legend(loc="outside lower center", ncols=2, fontsize=9, frameon=False)
    return settled(figure)


def apart(found: Frontier, ours: int, theirs: int, name: str) -> np.ndarray:
    """A figure of one chosen setting less that of another, replication by replication on fresh luck."""
    a, b = (
        np.array([one.parts[name, "programme"].numerator for one in found.fresh[k].results.units])  # type: ignore[union-attr]
        for k in (ours, theirs)
    )
    return a - b
