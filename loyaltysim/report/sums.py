"""The figures of whole windows: the five cells, the money; what each says and the numbers behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from loyaltysim.report.bars import Bar, bars
from loyaltysim.report.picture import Grid, Picture, Row, find
from loyaltysim.report.style import BLUE, GREEN, GREY, ORANGE, SKY, VERMILLION
from loyaltysim.report.wording import estimate, interval, measured, number, verdict

if TYPE_CHECKING:
    from loyaltysim.experiments.run import Results

CELLS = {
    "stayed_anyway": ("stayed anyway", SKY, ""),
    "saved": ("saved", GREEN, "//"),
    "driven_away": ("driven away", VERMILLION, "\\\\"),
    "lost_anyway": ("lost anyway", GREY, ".."),
    "left_market": ("left the market", "white", "xx"),
}
MONEY = {
    "programme_cost": ("programme cost", ("effect", "programme"), ORANGE, "//"),
    "incremental_contribution": ("incremental contribution", ("effect",), BLUE, ""),
}


def cells(results: Results) -> Picture | None:
    """Where the base cohort is after 12 months: the five cells of MODEL 4."""
    found = {name: find(results.kpis, name) for name in CELLS}
    rows = {name: row for name, row in found.items() if row is not None}
    if len(rows) < len(CELLS):
        return None
    finding = kept(results.kpis, sum(row["estimate"] for row in rows.values()))
    shown = [Bar(CELLS[n][0], r["estimate"], r["low"], r["high"], *CELLS[n][1:]) for n, r in rows.items()]
    label = "customers of the base cohort, 12 months after month 0"
    return Picture(
        "cells",
        finding,
        f"Bar chart of the five cells. {finding}. Marks are 95 % intervals.",
        lambda width: bars(finding, shown, label, width),
        _grid("The base cohort 12 months after month 0, customers", shown),
    )


def kept(kpis: list[Row], base: float) -> str:
    """The net effect on retention in a sentence."""
    net = find(kpis, "incremental_retained")
    if net is None:
        return f"Where the {number(base)} customers of month 0 are a year later"
    span = interval(net["low"], net["high"])
    inside = f" ({span})" if span else ""
    amount, found = net["estimate"], verdict(net["low"], net["high"])
    if found == "same" or amount == 0:
        return f"The programme neither keeps nor loses any of {number(base)} customers{inside}"
    if found == "unclear":
        return (
            f"Of {number(base)} customers the programme keeps {number(amount, sign=True)} net{inside}: "
            f"not told apart from none"
        )
    verb = "keeps" if amount > 0 else "loses"
    within = inside if amount > 0 or not inside else f" (net {span})"
    return f"The programme {verb} {number(abs(amount))} of {number(base)} customers{within}"


def money(results: Results) -> Picture | None:
    """What the programme costs against what it brings in."""
    found = {name: find(results.kpis, name, MONEY[name][1]) for name in MONEY}
    rows = {name: row for name, row in found.items() if row is not None}
    if not rows or all(row["estimate"] == 0 for row in rows.values()):
        return None
    shown = [Bar(MONEY[n][0], r["estimate"], r["low"], r["high"], *MONEY[n][2:]) for n, r in rows.items()]
    unit = next(iter(rows.values()))["unit"]
    finding = _paid(rows)
    label = f"{unit}, present value over {number(results.loaded.scenario.horizon)} months"
    return Picture(
        "money",
        finding,
        f"Bar chart of the programme's cost and of what it adds to contribution after that cost. {finding}. "
        f"Marks are 95 % intervals.",
        lambda width: bars(finding, shown, label, width),
        _grid(f"Cost and contribution, {label}", shown),
    )


def _paid(rows: dict[str, Row]) -> str:
    """Whether the programme pays, in a sentence."""
    cost, gain = rows.get("programme_cost"), rows.get("incremental_contribution")
    parts = []
    if gain is not None:
        told = estimate(gain["estimate"], gain["low"], gain["high"], gain["unit"])
        parts.append(
            {
                "more": f"The programme adds {told} to contribution, its cost paid",
                "less": f"The programme takes {told} from contribution",
            }.get(
                verdict(gain["low"], gain["high"]),
                f"Contribution changes by {told}"
                + ("" if gain["low"] is None else ": not told apart from nothing"),
            )
        )
    if cost is not None:
        parts.append(f"{'at a' if parts else 'The programme has a'} cost of {measured(cost['estimate'], cost['unit'])}")
    return ", ".join(parts)


def _grid(caption: str, shown: Sequence[Bar]) -> Grid:
    """The bars as a table."""
    rows = tuple((bar.name, number(bar.value), interval(bar.low, bar.high) or "–") for bar in shown)
    return Grid(caption, ("", "estimate", "95 % interval"), rows)
