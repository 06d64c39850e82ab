"""What moves the main figures most, of all that is not known; and the same in lines of text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from loyaltysim.experiments.answer import number
from loyaltysim.experiments.outer import Outer, key_of
from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.metrics.measure import Measured, applicable
from loyaltysim.metrics.summary import values
from loyaltysim.metrics.terms import Terms

if TYPE_CHECKING:
    from loyaltysim.experiments.results import Results

MAIN = (
    "incremental_contribution",
    "programme_cost",
    "profit",
    "contribution",
    "retention_12m",
    "customers_end",
    "satisfaction_base",
)
SWING = ("estimate", "low", "high", "level", "estimator", "interval", "estimable")


def moves(outer: Outer | None, units: Sequence[Measured], terms: Terms) -> list[dict[str, Any]]:
    """A row a main figure and uncertain number, the figures in the order above, the largest part first.

    Numbers that are drawn together move a figure together: they share a row.
    """
    if outer is None:
        return []
    there = {kpi.name for kpi in applicable(terms)}
    rows = []
    for name in MAIN:
        kpi = CATALOGUE[name]
        arm = "effect" if kpi.paired else "programme"
        found = values(kpi, arm, units) if name in there else None
        if found is not None:
            rows += [{"kpi": name, "arm": arm, **row} for row in by_number(outer, found)]
    return rows


def by_number(outer: Outer, figure: Sequence[float]) -> list[dict[str, Any]]:
    """What each uncertain number, or those drawn together, does to a figure of one value a draw.

    `part` is its share of the variance, `swing` the change of the figure from its 2.5th to its 97.5th
    percentile along a straight line through the draws.
    """
    from loyaltysim.metrics.statistics.importance import first_order
    from loyaltysim.metrics.statistics.swings import swings

    together: dict[str, list[str]] = {}
    for path, law in outer.scenario.uncertainties.items():
        together.setdefault(key_of(path, law.together), []).append(path)
    drawn = [outer.shares(draw) for draw in range(len(figure))]
    columns = [[shares[paths[0]] for shares in drawn] for paths in together.values()]
    rows = []
    for paths, column, swing in zip(together.values(), columns, swings(columns, figure), strict=True):
        moved = first_order(column, figure, outer.seed)
        if moved is not None:
            ends = {key: value for key, value in swing._asdict().items() if key in SWING}
            rows.append({"paths": paths, **moved._asdict(), "clear": moved.clear, "swing": ends})
    return sorted(rows, key=lambda row: -float(row["part"]))


def alone(outer: Outer | None) -> list[str]:
    """That luck and what is not known cannot be told apart, where every replication has a draw of its own."""
    if outer is None or outer.each > 1:
        return []
    return [
        "one replication a draw: luck and what is not known are not told apart; replications_per_draw: 2 does"
    ]


def lines(results: Results) -> list[str]:
    """What is not known, in words: where the main figure may lie, whose share that is, what moves it most."""
    outer = results.outer
    if outer is None:
        return []
    count = len(outer.scenario.uncertainties)
    told = [
        "",
        f"What is not known: {count} {'number' if count == 1 else 'numbers'} of the scenario, "
        f"{len(results.units)} draws, {outer.each} {'replication' if outer.each == 1 else 'replications'} of "
        "each. Intervals above are the error of simulation, which more replications narrow; these are not:",
    ]
    for name in MAIN:
        row = next((r for r in results.kpis if r["kpi"] == name and r["arm"] != "twin" and "uncertainty" in r
                    and (r["arm"] == "effect") == CATALOGUE[name].paired), None)  # fmt: skip
        if row is None or row["uncertainty"] is None:
            continue
        told_apart = f"{split(row['uncertainty'])}{most(results, name)}"
        told.append(f"  {CATALOGUE[name].label}, {row['unit']}: {told_apart}")
    return told


def split(found: Mapping[str, Any]) -> str:
    """The parts of a figure's variance in words."""
    if found["share"] == 0.0:
        high = "" if not found["share_high"] else f"; at most {found['share_high']:.0%} of its variance"
        return f"what is not known cannot be told from luck here{high}"
    span = "" if found["share_low"] is None else f" ({found['share_low']:.0%} to {found['share_high']:.0%})"
    return (
        f"95 % of the draws lie between {figure(found['low'])} and {figure(found['high'])}; "
        f"{found['share']:.0%}{span} of its variance is what is not known, the rest luck"
    )


def most(results: Results, name: str) -> str:
    """What moves a figure most, if it can be told."""
    clear = [row for row in results.moves if row["kpi"] == name and row["clear"]]
    if not clear:
        return ""
    named = ", ".join(f"{' with '.join(row['paths'])} ({row['part']:.0%})" for row in clear[:3])
    return f"; moved most by {named}"


def figure(value: float) -> str:
    """A figure to about three digits."""
    return number(value) if abs(value) >= 0.1 or value == 0 else f"{value:.4f}"
