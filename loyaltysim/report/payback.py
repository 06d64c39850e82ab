"""Finance over time and at stake: payback, break-even, acceptability, when the liability falls due."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from loyaltysim.report.bars import Bars, bar_of
from loyaltysim.report.dots_chart import Dot
from loyaltysim.report.fan_chart import Fan
from loyaltysim.report.lines_chart import Line, Lines
from loyaltysim.report.picture import Grid, Picture
from loyaltysim.report.style import BLUE, GREEN, GREY, ORANGE, SKY
from loyaltysim.report.wording import BLANK, NOT_ESTIMABLE, estimate, interval, number

if TYPE_CHECKING:
    from loyaltysim.experiments.results import Results

DUE = {
    "liability_due_12m": ("within 12 months", BLUE, ""),
    "liability_due_24m": ("in 12 to 24 months", SKY, "//"),
    "liability_due_later": ("later", GREY, "--"),
}


def payback(results: Results) -> Picture | None:
    """What the effect has added up to by each close."""
    found = results.finance
    if found is None or len(found.effect) < 3 or not any(one["mean"] for one in found.effect):
        return None
    unit = results.loaded.scenario.currency
    table = pd.DataFrame(found.effect, dtype=float)
    end = table.iloc[-1]
    finding = f"{paid_back(found.rows['payback_month'])}; at month {end['month']:g} its effect adds up to "
    finding += estimate(end["mean"], end["low"], end["high"], unit)
    wide = table.assign(low90=table["p5"], high90=table["p95"], low50=table["low"], high50=table["high"])
    rows = tuple(
        (
            number(row.month),
            estimate(row.mean, row.low, row.high),
            number(row.p50),
            interval(row.p5, row.p95) or "–",
        )
        for row in table.itertuples()
    )
    return Picture(
        "payback",
        finding,
        "Fan chart of the programme's effect added up to each close: its mean, and the spread of single "
        "replications",
        "Contribution with − without the programme since month 0, after its cost and with what is owed "
        "for open "
        "promises settled at the close, discounted to month 0. Paid back: never below 0 again. Dark: "
        "95 % interval "
        "of the mean; pale: nine replications in ten."
        + (" For these, 20 replications are needed." if end["p5"] != end["p5"] else ""),
        Fan(wide, f"effect so far, {unit}"),
        Grid(
            f"The effect added up, {unit}, present value",
            ("month", "mean", "median replication", "nine in ten"),
            rows,
        ),
    )


def paid_back(row: dict[str, Any] | None) -> str:
    """When the programme has paid for itself, in a clause."""
    if row is None or row["estimate"] is None:
        return "In more than half of the replications the programme has not paid for itself by the horizon"
    month = f"In the median replication the programme has paid for itself by month {number(row['estimate'])}"
    if row["low"] is None:
        return month
    late = "beyond the horizon" if row["high"] is None else number(row["high"])
    return f"{month} ({number(row['low'])} to {late})"


def break_even(results: Results) -> Picture | None:
    """The lift in sales that the programme needs beside the one it has."""
    found = results.finance
    needed, got = (found.rows[name] for name in ("break_even_lift", "sales_lift")) if found else (None, None)
    if needed is None or got is None or got["estimate"] is None:
        return None
    if needed["estimate"] is None:
        return None
    rows = ((needed, "needed to break even", ORANGE, "//"), (got, "lift in sales, as lived", BLUE, ""))
    shown = [bar_of(row, name, color, hatch, 100.0) for row, name, color, hatch in rows]
    texts = [estimate(row["estimate"], row["low"], row["high"], "share") for row, *_ in rows]
    reached = "reaches" if got["estimate"] >= needed["estimate"] else "does not reach"
    sure = all(row[end] is not None for row in (needed, got) for end in ("low", "high"))
    if sure and got["low"] <= needed["high"] and needed["low"] <= got["high"]:
        reached = "cannot be told from"
    return Picture(
        "break-even",
        f"The lift in sales of {texts[1]} {reached} the {texts[0]} that the programme's variable cost needs",
        "Bar chart of the lift in sales that the programme needs to break even, and of the lift it has",
        "Needed: ρ/(g − ρ), ρ the programme's variable cost and g the gross margin before rewards, "
        "both over sales "
        "before rewards; undiscounted, without its fixed cost. Black marks are 95 % intervals.",
        Bars(shown, "lift in sales before rewards, %"),
        Grid("Break-even lift and lift in sales", ("", "lift", "95 % interval"), tuple(
            (bar.name, number(row["estimate"], "share"), interval(row["low"], row["high"], "share") or "–")
            for bar, (row, *_) in zip(shown, rows, strict=True)
        )),
    )  # fmt: skip


def acceptability(results: Results) -> Picture | None:
    """In how many replications the programme pays, by what a customer kept is worth."""
    found = results.finance
    if found is None or not found.acceptability:
        return None
    unit, points = results.loaded.scenario.currency, found.acceptability
    each = found.rows["cost_per_saved_customer"]
    ratio = NOT_ESTIMABLE if each is None or each["estimate"] is None else estimate(
        each["estimate"], each["low"], each["high"], unit
    )  # fmt: skip
    even = next((one["worth"] for one in points if one["above_0"]["estimate"] > 0.5), None)
    finding = (
        "The programme pays in more than half of the replications only where a customer kept is worth "
        "more than "
        f"{number(points[-1]['worth'])}{BLANK}{unit}"
        if even is None
        else f"From {number(even)}{BLANK}{unit} on for a customer kept the programme pays in more than half "
        "of the replications"
    )
    stated = results.loaded.scenario.finance.customer_worth
    dots = [
        Dot(one["worth"], one["above_0"]["estimate"], one["above_0"]["low"], one["above_0"]["high"])
        for one in points
    ]
    rows = tuple(
        (number(one["worth"]), spanned(one["net_benefit"]), spanned(one["above_0"], "share"))
        for one in points
    )
    return Picture(
        "acceptability",
        f"{finding}; cost per customer kept: {ratio}",
        "Curve: the share of replications in which the customers kept are worth more than the "
        "programme has cost, "
        "by what one of them is worth",
        "Net benefit = worth × customers kept at month 12 (saved − driven away) − programme cost to "
        "month 12. It is "
        "there where cost per customer kept cannot be estimated. Band: 95 % interval (Clopper & Pearson)."
        + ("" if stated is None else " Dots mark the worth that the scenario states."),
        Lines([Line("pays", BLUE, BLUE, (), dots)],
              f"worth of a customer kept, {unit}", "replications that pay",
              [one["worth"] for one in points],
              marks=() if stated is None else (float(stated.amount),), level=0.5),
        Grid(f"Net benefit by the worth of a customer kept, {unit}",
             ("worth", "net benefit, mean", "replications above 0"), rows),
    )  # fmt: skip


def spanned(found: dict[str, Any], unit: str = "") -> str:
    """An estimate with its interval."""
    return estimate(found["estimate"], found["low"], found["high"], unit)


def falls_due(results: Results) -> Picture | None:
    """When the contract liability is expected to become revenue, and what another redemption rate "
    "does to it.
    """
    found = results.finance
    parts = {name: found.rows[name] for name in DUE} if found else {}
    known = {name: row for name, row in parts.items() if row is not None and row["estimate"] is not None}
    if len(known) < len(DUE) or not any(row["estimate"] for row in known.values()):
        return None
    assert found is not None
    unit = results.loaded.scenario.currency
    shown = [bar_of(row, *DUE[name]) for name, row in known.items()]
    total, point = found.rows["liability_end"], found.rows["liability_per_urr_point"]
    first = known["liability_due_12m"]
    assert total is not None
    finding = (
        f"Of a contract liability of {number(total['estimate'])}{BLANK}{unit} at the horizon "
        f"{estimate(first['estimate'], first['low'], first['high'], unit)} becomes revenue within 12 months"
    )
    if point is not None and point["estimate"]:
        more = estimate(point["estimate"], point["low"], point["high"], unit)
        finding += f"; one point more of the redemption rate adds {more}"
        for name, sign in (("redemption +1 point", 1.0), ("redemption −1 point", -1.0)):
            shown.append(bar_of(point, name, GREEN if sign < 0 else ORANGE, "\\\\", sign))
    spread = {name: found.rows[f"liability_end_{name}"] for name in ("p5", "p50", "p95")}
    rows = [(bar.name, number(bar.value), interval(bar.low, bar.high) or "–") for bar in shown]
    rows += [
        (
            f"liability, {name.upper()} of replications",
            number(row["estimate"]),
            interval(row["low"], row["high"]) or "–",
        )
        for name, row in spread.items()
        if row is not None and row["estimate"] is not None
    ]
    few = "" if spread["p95"] is None or spread["p95"]["low"] is not None else (
        " Intervals of P5 and P95 need 72 replications."
    )  # fmt: skip
    return Picture(
        "due",
        finding,
        "Bar chart of the contract liability by when it is expected to become revenue, and of what one "
        "point of "
        "the redemption rate more or less would do to it",
        "By the uses of the last 12 months (IFRS 15.120). One point of redemption: the liability, and "
        "revenue the "
        "other way, if 1 in 100 more or fewer of all points issued were redeemed in the end. "
        "Illustrative, not "
        f"accounting advice. Black marks are 95 % intervals.{few}",
        Bars(shown, f"contract liability at the horizon, {unit}"),
        Grid(f"The contract liability at the horizon, {unit}", ("", "amount", "95 % interval"), tuple(rows)),
    )
