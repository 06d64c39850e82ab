"""The figures of whole windows: the five cells, the money; what each says and the numbers behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from loyaltysim.report.bars import Bar, Bars
from loyaltysim.report.picture import Grid, Picture, Row, find
from loyaltysim.report.style import BLUE, GREEN, GREY, ORANGE, SKY, VERMILLION
from loyaltysim.report.wording import MINUS, estimate, interval, measured, number, spelled, verdict

if TYPE_CHECKING:
    from loyaltysim.experiments.results import Results

CELLS = {
    "stayed_anyway": ("stayed anyway", SKY, ""),
    "saved": ("saved", GREEN, "//"),
    "driven_away": ("driven away", VERMILLION, "\\\\"),
    "lost_anyway": ("lost anyway", GREY, "--"),
    "left_market": ("left the market", "white", "xx"),
}
MONEY = {
    "programme_cost": ("programme cost", ("effect", "programme"), ORANGE, "//"),
    "incremental_contribution": ("incremental contribution", ("effect",), BLUE, ""),
}


def cells(results: Results) -> Picture | None:
    """Where the base cohort is after 12 months: the five cells of MODEL 4."""
    if results.loaded.scenario.programme is None:
        return None
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
        "Bar chart of the five cells of the base cohort",
        "Black marks are 95 % intervals. Saved: with the firm only thanks to the programme. Driven away: "
        "with the firm only without it.",
        Bars(shown, label),
        _grid("The base cohort 12 months after month 0, customers", shown),
    )


def kept(kpis: list[Row], base: float) -> str:
    """The net effect on retention in a sentence."""
    net = find(kpis, "incremental_retained")
    if net is None:
        return f"Where the {number(base)} customers of month 0 are a year later"
    low, high, amount = net["low"], net["high"], net["estimate"]
    text, span = spelled(amount, low, high)
    inside = f" ({span})" if span else ""
    found = verdict(low, high)
    if found == "same" or amount == 0:
        return f"The programme keeps as many of the {number(base)} customers as it drives away{inside}"
    unclear = ", not clearly different from none" if found == "unclear" else ""
    if amount > 0:
        return f"The programme keeps {text} of {number(base)} customers{inside}{unclear}"
    net_of = inside.replace("(", "(net ")
    return f"The programme loses {text.lstrip(MINUS)} of {number(base)} customers{net_of}{unclear}"


def composition(results: Results) -> list[str]:
    """The effect on satisfaction over the same persons, beside the mean of whoever is present."""
    row = find(results.kpis, "satisfaction_base", ("effect",))
    if row is None or results.loaded.scenario.programme is None:
        return []
    told = estimate(row["estimate"], row["low"], row["high"], row["unit"])
    return [
        "A programme that keeps the lukewarm lowers the mean satisfaction of those present. The effect on "
        f"the same persons, the customers of month 0 after 12 months, leavers included, is {told}."
    ]


def net_first(results: Results) -> list[str]:
    """The figures that need no pairing of luck, in a sentence each."""
    told = []
    for name, words in (
        ("incremental_retained", "Net: saved minus driven away is {}."),
        (
            "retained_months_gained",
            "Months with the firm gained per customer of month 0 in the first year: {}.",
        ),
    ):
        row = find(results.kpis, name)
        if row is not None:
            told.append(words.format(estimate(row["estimate"], row["low"], row["high"], row["unit"])))
    return told


def money(results: Results) -> Picture | None:
    """What the programme costs against what it brings in."""
    if results.loaded.scenario.programme is None:
        return None
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
        "Bar chart of the programme's cost and of what it adds to contribution after that cost",
        "Black marks are 95 % intervals. The programme's cost is already taken off incremental contribution.",
        Bars(shown, label),
        _grid(f"Cost and contribution, {label}", shown),
    )


def _paid(rows: dict[str, Row]) -> str:
    """Whether the programme pays, in a sentence."""
    cost, gain = rows.get("programme_cost"), rows.get("incremental_contribution")
    price = "" if cost is None else f"its cost of {measured(cost['estimate'], cost['unit'])}"
    if gain is None:
        return f"The programme has {price}"
    told = estimate(gain["estimate"], gain["low"], gain["high"], gain["unit"])
    after = f" after {price}" if price else ""
    found = verdict(gain["low"], gain["high"])
    if found == "more":
        return f"The programme adds {told} to contribution{after}"
    if found == "less":
        return f"The programme lowers contribution{after}: {told}"
    return f"Contribution changes by {told}{after}" + (", no clear change" if found == "unclear" else "")


def _grid(caption: str, shown: Sequence[Bar]) -> Grid:
    """The bars as a table."""
    rows = tuple((bar.name, number(bar.value), interval(bar.low, bar.high) or "–") for bar in shown)
    return Grid(caption, ("", "estimate", "95 % interval"), rows)
