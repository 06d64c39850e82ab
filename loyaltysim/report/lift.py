"""Where the effect comes from: lift by mechanism, by source of volume, and what a naive analyst would say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loyaltysim.metrics.frames import lift_by_mechanism, lift_by_source, naive_beside_truth
from loyaltysim.metrics.terms import terms_of
from loyaltysim.report.bars import Bar, Bars
from loyaltysim.report.picture import Grid, Picture
from loyaltysim.report.style import BLUE, GREEN, GREY, ORANGE, SKY, VERMILLION
from loyaltysim.report.wording import estimate, interval, measured, number, verdict

if TYPE_CHECKING:
    import pandas as pd

    from loyaltysim.experiments.results import Results

Line = dict[str, Any]
TOTAL = "profit"


def mechanisms(results: Results) -> Picture | None:
    """The effect on profit as a waterfall: what each mechanism adds, and what each cost takes."""
    rows = lines(results, lift_by_mechanism)
    total = next((row for row in rows if row["row"] == TOTAL), None)
    parts = [row for row in rows if row["row"] != TOTAL and moves(row)]
    if total is None or not parts:
        return None
    unit, so_far, shown = total["unit"], 0.0, []
    for row in parts:
        color, hatch = (BLUE, "") if row["estimate"] >= 0 else (VERMILLION, "//")
        shown.append(bar(row, color, hatch, so_far))
        so_far += row["estimate"]
    shown.append(bar(total, GREY, "", 0.0))
    finding = f"Profit changes by {whole(total)}{doubt(total)}: {told_most(parts)}"
    label = f"{unit}, month 0 to the horizon, undiscounted"
    return Picture(
        "lift-mechanism",
        finding,
        "Waterfall chart of the effect on profit: each bar starts where the one above ends, the last is "
        "the sum",
        "Margin at list prices by how it came about, then what is taken from it; the bars sum to the last. "
        "Retention, capture and acquisition are months in which home is the firm in one world only, "
        "frequency and basket the months with the same home in both. Black marks are 95 % intervals, paired.",
        Bars(shown, label),
        grid(f"Lift by mechanism, {unit}", "mechanism", [*parts, total]),
    )


def told_most(parts: list[Line]) -> str:
    """The mechanism that adds most and the cost that takes most, in a clause."""
    most = max(parts, key=lambda row: row["estimate"])
    least = min(parts, key=lambda row: row["estimate"])
    told = []
    for row, word in ((most, "added"), (least, "taken")):
        if (row["estimate"] > 0) == (word == "added"):
            amount = measured(abs(row["estimate"]), row["unit"])
            told.append(f"most is {word} by {row['label'].lower()} ({amount})")
    return ", ".join(told)


def sources(results: Results) -> Picture | None:
    """Where the extra purchases come from."""
    rows = {row["row"]: row for row in lines(results, lift_by_source)}
    parts = [rows[name] for name in ("from_rivals", "new_to_category") if name in rows]
    if len(parts) < 2 or not any(moves(row) for row in (rows["extra_visits"], *parts)):
        return None
    extra, rivals, new = rows["extra_visits"], *parts
    finding = (
        f"The firm gains {whole(extra)}: {number(rivals['estimate'])} from rivals, "
        f"{number(new['estimate'])} new to the category"
    )
    if extra["estimate"] < 0:
        finding = finding.replace("gains", "changes by")
    shown = [
        bar(extra, GREY, "", 0.0),
        bar(rivals, BLUE, "", 0.0),
        bar(new, GREEN, "//", 0.0),
        *([bar(rows["paid_back"], ORANGE, "\\\\", 0.0)] if moves(rows.get("paid_back")) else []),
    ]
    return Picture(
        "lift-source",
        finding,
        "Bar chart of the extra purchases at the firm and of where they come from",
        "Extra purchases = from rivals + new to the category; what is paid back later is already taken off "
        "what is new. Black marks are 95 % intervals, paired.",
        Bars(shown, "purchases, month 0 to the horizon, with − without"),
        grid("Lift by source of volume, purchases", "source", list(rows.values())),
    )


def naive(results: Results) -> Picture | None:
    """The lift that a comparison of members with others would show, beside the true one."""
    rows = [row for row in lines(results, naive_beside_truth) if row["estimate"] is not None]
    if len(rows) < 2:
        return None
    by_name = {row["row"]: spoken(row, "share") for row in rows}
    if not {"member_lift", "naive_lift"} <= set(by_name):
        return None
    finding = (
        f"Members against others show a lift of {by_name['naive_lift']}; what the programme adds to the same "
        f"persons is {by_name['member_lift']}"
    )
    looks = (ORANGE, GREEN, SKY, BLUE, VERMILLION)
    shown = [per_cent(row, looks[k % len(looks)]) for k, row in enumerate(rows)]
    return Picture(
        "naive",
        finding,
        "Bar chart of naive estimates of the programme's lift beside the true one",
        "Who joins a programme would have bought more anyway; only the twin shows what the programme adds.",
        Bars(shown, "lift, %"),
        grid("Naive estimates beside the truth, lift", "estimate", rows, "share"),
    )


FOUND = ("estimate", "low", "high")


def lines(results: Results, frame: Any) -> list[Line]:
    """The rows of a table, with nothing where there is no number."""
    if not results.units or results.loaded.scenario.programme is None:
        return []
    table: pd.DataFrame = frame(results.units, terms_of(results.loaded.scenario))
    return [
        {key: None if key in FOUND and value != value else value for key, value in row.items()}
        for row in table.to_dict("records")
    ]


def moves(row: Line | None) -> bool:
    """Is there anything to show: an estimate, or an interval, that is not 0?"""
    return row is not None and any(row[key] for key in FOUND)


def bar(row: Line, color: str, hatch: str, start: float) -> Bar:
    """A row as a bar from where it starts."""
    return Bar(row["label"], row["estimate"], row["low"], row["high"], color, hatch, start)


def per_cent(row: Line, color: str) -> Bar:
    """A share as a bar in per cent."""
    low, high = (None if row[end] is None else 100 * row[end] for end in ("low", "high"))
    return Bar(row["label"], 100 * row["estimate"], low, high, color)


def whole(row: Line) -> str:
    """A figure with its unit and interval."""
    unit = "purchases" if row["unit"] == "visits" else row["unit"]
    return estimate(row["estimate"], row["low"], row["high"], unit)


def spoken(row: Line, unit: str) -> str:
    """A figure of a unit with its interval."""
    return estimate(row["estimate"], row["low"], row["high"], unit)


def doubt(row: Line) -> str:
    """What an interval that holds 0 adds to a sentence."""
    return ", not clearly different from none" if verdict(row["low"], row["high"]) == "unclear" else ""


def grid(caption: str, first: str, rows: list[Line], unit: str = "") -> Grid:
    """The rows as a table."""
    cells = tuple(
        (row["label"], number(row["estimate"], unit), interval(row["low"], row["high"], unit) or "–")
        for row in rows
    )
    return Grid(caption, (first, "estimate", "95 % interval"), cells)
