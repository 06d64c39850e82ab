"""The page of finance: go or no-go, the bridge from face value to net effect, the fan of the liability."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from loyaltysim.metrics.lift import AFTER_MARGIN, OF_MARGIN
from loyaltysim.metrics.measure import Measured
from loyaltysim.metrics.statistics.means import mean_interval
from loyaltysim.report import series
from loyaltysim.report.bars import Bar, Bars
from loyaltysim.report.fan_chart import Fan
from loyaltysim.report.picture import Grid, Picture, find
from loyaltysim.report.style import GREEN, GREY, VERMILLION
from loyaltysim.report.wording import estimate, interval, measured, number, verdict

if TYPE_CHECKING:
    from loyaltysim.experiments.results import Results

DECISIONS = {
    "more": "Go: contribution after the programme's cost is higher with it, {}.",
    "less": "No-go: contribution after the programme's cost is lower with it, {}.",
    "unclear": "Neither go nor no-go: the change in contribution is {}, and its interval holds 0.",
    "same": "Neither go nor no-go: contribution does not change at all, {}.",
    "unknown": "Neither go nor no-go: one replication says {}, without an interval.",
}
ILLUSTRATIVE = "The contract liability is illustrative (IFRS 15), not accounting advice."


def decision(results: Results) -> list[str]:
    """Go or no-go, with the interval it rests on."""
    row = find(results.kpis, "incremental_contribution", ("effect",))
    if row is None or results.loaded.scenario.programme is None:
        return []
    told = estimate(row["estimate"], row["low"], row["high"], row["unit"])
    return [DECISIONS[verdict(row["low"], row["high"])].format(f"{told}, present value over the window")]


def bridge(results: Results) -> Picture | None:
    """From the face value of the points issued to what the programme costs net of its effect."""
    programme = results.loaded.scenario.programme
    points = programme.points if programme else None
    moved = any("worth" in path for event in results.loaded.scenario.events for path in event.set)
    if not results.units or points is None or points.changes or moved:
        return None  # one worth of a point, or there is no one face value
    worth = worths(results)
    steps = [parts_of(one, worth[k]) for k, one in enumerate(results.units)]
    if not any(step["face"] for step in steps):
        return None
    unit = results.loaded.scenario.currency
    at, shown = 0.0, []
    for name, (label, total) in BRIDGE.items():
        found = mean_interval([step[name] for step in steps])
        value = float(found.estimate or 0.0)
        if total:
            at = 0.0
        elif not (value or found.low or found.high):
            continue
        color, hatch = (GREY, "") if total else (VERMILLION, "//") if value > 0 else (GREEN, "")
        shown.append(Bar(label, value, found.low, found.high, color, hatch, at))
        at += value
    by_name = {bar.name: bar for bar in shown}
    face, used, cost, net = (by_name[BRIDGE[name][0]] for name in ("face", "redeemed", "cost", "net"))
    finding = (
        f"Of points worth {measured(face.value, unit)} customers redeem {number(used.value)}, which cost "
        f"{number(cost.value)}; {ending(net, unit)}"
    )
    rows = tuple((bar.name, number(bar.value), interval(bar.low, bar.high) or "–") for bar in shown)
    return Picture(
        "bridge",
        finding,
        "Waterfall chart from the face value of the points issued over breakage to what was redeemed, what "
        "that costs, and what is left net of the effect",
        "Grey bars are sums, green ones lower the cost, orange ones raise it. Rewards cost less than their "
        "face where goods cost less than their price and where they replace no purchase that would have been "
        "paid. The last bar is a net cost: below 0 the programme gains. Undiscounted. Black marks are 95 % "
        "intervals.",
        Bars(shown, f"{unit}, month 0 to the horizon"),
        Grid(f"From face value to net of effect, {unit}", ("step", "amount", "95 % interval"), rows),
    )


def worths(results: Results) -> list[float]:
    """What a point is worth, in the currency, one a draw: that of the draw where it is not known."""
    path, scenario = "programme.points.worth", results.loaded.scenario
    drawn = results.outer is not None and path in scenario.uncertainties
    found = []
    for draw, _ in enumerate(results.units):
        one = results.outer.at(draw) if drawn and results.outer else scenario
        assert one.programme is not None and one.programme.points is not None
        found.append(float(one.programme.points.worth.amount))
    return found


BRIDGE = {  # step: its name, and whether it is a sum that stands on the ground
    "face": ("Face value issued", True),
    "breakage": ("Expired or forfeited", False),
    "open": ("Not yet redeemed", False),
    "redeemed": ("Redeemed, at face value", True),
    "cheaper": ("Costs less than its face", False),
    "cost": ("Cost of rewards", True),
    "other": ("Fixed and other cost", False),
    "margin": ("Margin it brings", False),
    "net": ("Net of effect", True),
}


def parts_of(one: Measured, worth: float) -> dict[str, float]:
    """The steps of the bridge in one replication, in the currency."""

    def value(name: str, arm: str) -> float:
        part = one.parts[name, arm]
        return 0.0 if part is None else part.numerator

    def lift(names: Sequence[str]) -> float:
        return sum(value(f"lift_by_mechanism.{name}", "effect") for name in names)

    face, redeemed, expired, forfeited = (
        worth * value(f"points_{name}", "programme")
        for name in ("issued", "redeemed", "expired", "forfeited")
    )
    lapsed, cost = expired + forfeited, -lift(["rewards"])
    other = -lift([name for name in AFTER_MARGIN if name != "rewards"])
    margin = -lift(list(OF_MARGIN))
    return {
        "face": face,
        "breakage": -lapsed,
        "open": redeemed + lapsed - face,
        "redeemed": redeemed,
        "cheaper": cost - redeemed,
        "cost": cost,
        "other": other,
        "margin": margin,
        "net": cost + other + margin,
    }


def ending(net: Bar, unit: str) -> str:
    """What is left net of the effect, in a clause."""
    if net.low is None or net.high is None or net.low <= 0.0 <= net.high:
        return f"its cost net of its effect is {estimate(net.value, net.low, net.high, unit)}"
    if net.value < 0:
        return f"net of its effect the programme brings {estimate(-net.value, -net.high, -net.low, unit)}"
    return f"net of its effect the programme costs {estimate(net.value, net.low, net.high, unit)}"


def liability(results: Results) -> Picture | None:
    """The contract liability of the programme's arm, and how far single replications spread."""
    if not (results.monthly["measure"] == "contract_liability").any():
        return None
    held = series.measure(results.monthly, "contract_liability")
    table = series.bands(held)
    table = table[(table["arm"] == "programme") & (table["month"] >= 0)].reset_index(drop=True)
    if table.empty or not (table["mean"] != 0).any():
        return None
    wide = held.xs("programme", level="arm").unstack("month")[table["month"].tolist()]
    for low, high, share in (("low50", "high50", 0.25), ("low90", "high90", 0.05)):
        table[low], table[high] = wide.quantile(share).to_numpy(), wide.quantile(1 - share).to_numpy()
    unit, end = results.loaded.scenario.currency, table.iloc[-1]
    told = estimate(end["mean"], end["low"], end["high"], unit)
    spread = interval(end["low90"], end["high90"])
    return Picture(
        "liability",
        f"At month {end['month']:g}, {told} are owed to holders of points; nine replications in ten lie "
        f"within {spread}",
        "Fan chart of the contract liability by month: its mean, and the spread of single replications",
        f"{ILLUSTRATIVE} Dark: 95 % interval of the mean; middle: half of the replications; pale: nine in "
        "ten.",
        Fan(table, f"contract liability, {unit}"),
        Grid(
            f"Contract liability at the closes, {unit}",
            ("month", "mean", "half of replications", "nine in ten"),
            fan_rows(table),
        ),
    )


def fan_rows(table: pd.DataFrame) -> tuple[tuple[str, ...], ...]:
    """The fan as a table."""
    return tuple(
        (
            number(row.month),
            estimate(row.mean, row.low, row.high),
            interval(row.low50, row.high50) or "–",
            interval(row.low90, row.high90) or "–",
        )
        for row in table.itertuples()
    )
