"""Paid ahead: stored value with its bonus, and the fees and renewals of a paid club."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from loyaltysim.report import series
from loyaltysim.report.bars import Bars, bar_of
from loyaltysim.report.book import by_month
from loyaltysim.report.layers_chart import Layers
from loyaltysim.report.picture import Grid, Picture, find
from loyaltysim.report.style import BLUE, GREEN, VERMILLION
from loyaltysim.report.wording import BLANK, estimate, interval, number

if TYPE_CHECKING:
    from loyaltysim.experiments.results import Results

ILLUSTRATIVE = "Illustrative, not accounting advice."
CLUB = {
    "renewal_rate": ("programme", "terms renewed", GREEN, ""),
    "trial_conversion": ("programme", "trials that ended in a paid term", BLUE, "//"),
    "club_lift": ("effect", "lift of the members, as it is", BLUE, ""),
    "naive_club_lift": ("effect", "members against others (naive)", VERMILLION, "\\\\"),
}


def stored(results: Results) -> Picture | None:
    """What customers have stored with the firm, cash and bonus apart, month by month."""
    programme = results.loaded.scenario.programme
    if programme is None or programme.stored_value is None:
        return None
    parts = {
        "cash paid in": series.measure(results.monthly, "prepaid_outstanding"),
        "bonus on top": series.measure(results.monthly, "bonus_outstanding"),
    }
    tables = {name: after_month_0(held) for name, held in parts.items()}
    if not any((table["mean"] > 0).any() for table in tables.values()):
        return None
    total = after_month_0(parts["cash paid in"].add(parts["bonus on top"], fill_value=0.0))
    unit = results.loaded.scenario.currency
    ends = [table.iloc[-1] for table in tables.values()]
    told = [estimate(end["mean"], end["low"], end["high"], unit) for end in ends]
    month = number(float(ends[0]["month"]))
    held = find(results.kpis, "float_months", ("programme",))
    stays = "" if held is None else (
        f"; money stays for {estimate(held['estimate'], held['low'], held['high'], 'months')}"
    )  # fmt: skip
    return Picture(
        "stored-value",
        f"At month {month} customers have {told[0]} of their own stored with the firm and {told[1]} of "
        f"bonus{stays}",
        "Stacked areas by month: the cash that customers have stored with the firm, and the bonus on top",
        f"{flows(results, unit)}Cash is a liability until it is spent; the bonus is a price cut to "
        "come. Dashes are "
        f"the 95{BLANK}% t-interval of both together, over replications. {ILLUSTRATIVE}",
        Layers(tables, total, f"stored at the close, {unit}"),
        Grid(f"Stored value at the closes, {unit}", ("month", *tables), by_month(tables)),
    )


def flows(results: Results, unit: str) -> str:
    """What was paid in and what became of it, in a sentence."""
    words = {
        "prepaid_in": "paid in", "prepaid_spent": "spent", "prepaid_refunded": "paid back",
        "prepaid_forfeited": "forfeited", "bonus_granted": "granted as bonus", "bonus_spent": "of it spent",
    }  # fmt: skip
    told = []
    for name, word in words.items():
        row = find(results.kpis, name, ("programme",))
        if row is not None and row["estimate"]:
            told.append(f"{number(row['estimate'])}{BLANK}{unit} {word}")
    return f"From month 0 to the horizon: {', '.join(told)}. " if told else ""


def fees(results: Results) -> Picture | None:
    """The fees of the paid club so far: earned, and received for days to come."""
    programme = results.loaded.scenario.programme
    if programme is None or programme.membership is None:
        return None
    received, earned = (
        series.running(series.measure(results.monthly, f"fees_{x}")) for x in ("received", "earned")
    )
    parts = {"earned": earned, "not yet earned": series.measure(results.monthly, "fees_deferred")}
    tables = {name: after_month_0(amount) for name, amount in parts.items()}
    total = after_month_0(received)
    if not (total["mean"] > 0).any():
        return None
    unit, end = results.loaded.scenario.currency, total.iloc[-1]
    rest = tables["not yet earned"].iloc[-1]
    members = find(results.kpis, "paid_members_end", ("programme",))
    who = "" if members is None else (
        f"; {estimate(members['estimate'], members['low'], members['high'])} customers are members then"
    )  # fmt: skip
    finding = (
        f"By month {number(float(end['month']))} members have paid "
        f"{estimate(end['mean'], end['low'], end['high'], unit)} in fees, of which "
        f"{number(rest['mean'])}{BLANK}{unit} are not yet earned{who}"
    )
    rows = by_month({"received": total, **tables})
    return Picture(
        "fees",
        finding,
        "Stacked areas by month: the fees of the paid club that are earned so far, and those received "
        "for days to "
        "come",
        "Received = earned + not yet earned; a fee is earned by the days of its term. Dashes are the 95"
        f"{BLANK}% t-interval of the fees received, over replications. {ILLUSTRATIVE}",
        Layers(tables, total, f"fees since the start, {unit}"),
        Grid(f"Fees of the paid club, {unit}, sums since the start", ("month", "received", *tables), rows),
    )


def club(results: Results) -> Picture | None:
    """Renewals, trials, and what the club does to its members beside what it seems to do."""
    programme = results.loaded.scenario.programme
    if programme is None or programme.membership is None:
        return None
    shown, told = [], {}
    for name, (arm, label, color, hatch) in CLUB.items():
        row = find(results.kpis, name, (arm,))
        if row is None:
            continue
        shown.append(bar_of(row, label, color, hatch, 100.0))
        told[name] = estimate(row["estimate"], row["low"], row["high"], "share")
    if not shown:
        return None
    renewed = f"{told['renewal_rate']} of paid terms are renewed" if "renewal_rate" in told else ""
    lift = (
        f"members spend {told['naive_club_lift']} more than others, of which the club makes "
        f"{told['club_lift']}"
        if {"club_lift", "naive_club_lift"} <= set(told)
        else ""
    )
    finding = "; ".join(text for text in (renewed, lift) if text) or "The paid club"
    return Picture(
        "club",
        finding[0].upper() + finding[1:],
        "Bar chart of the paid club: terms renewed, trials converted, and the lift of its members as "
        "it is and as "
        "it seems",
        "Lift as it is: spend of the members since they joined, over that of the same persons in the "
        "same days "
        "without the club, minus 1. Naive: spend a day of members over that of home customers who are "
        "none, minus "
        "1; a fee is worth it to who buys much anyway. Black marks are 95 % intervals.",
        Bars(shown, "%"),
        Grid("The paid club, %", ("share", "%", "95 % interval"), tuple(
            (bar.name, number(bar.value), interval(bar.low, bar.high) or "–") for bar in shown
        )),
    )  # fmt: skip


def after_month_0(amount: pd.Series) -> pd.DataFrame:
    """Mean and interval of the programme's arm from month 0 on, by month."""
    table = series.bands(amount)
    return table[(table["arm"] == "programme") & (table["month"] >= 0)].reset_index(drop=True)
