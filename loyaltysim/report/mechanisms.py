"""Figures of what only some scenarios have: tiers, stages of loyalty, failures made good, a promised wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from loyaltysim.metrics.frames import stage_lives, transitions
from loyaltysim.metrics.terms import terms_of
from loyaltysim.report import series
from loyaltysim.report.bars import Bar, Bars
from loyaltysim.report.book import by_month
from loyaltysim.report.charts import Curves, Panel
from loyaltysim.report.layers_chart import Layers
from loyaltysim.report.over_time import BANDS, monthly_grid
from loyaltysim.report.picture import Grid, Picture, find
from loyaltysim.report.style import BLUE, GREEN, ORANGE, SKY, VERMILLION
from loyaltysim.report.wording import BLANK, digits, estimate, interval, number

if TYPE_CHECKING:
    from loyaltysim.experiments.results import Results

STAGES = ("devoted", "habitual", "preference", "none")
STAGE_NAMES = {"none": "no loyalty"}


def tiers(results: Results) -> Picture | None:
    """Who holds which tier, month by month, with the programme."""
    programme = results.loaded.scenario.programme
    if programme is None or programme.tiers is None:
        return None
    levels = programme.tiers.levels
    names = sorted(levels, key=lambda name: levels[name].start.amount)
    holders = {name: series.measure(results.monthly, f"tier_{k}") for k, name in enumerate(names, start=1)}
    tables = {name: _after_month_0(held) for name, held in holders.items()}
    total = _after_month_0(sum(holders.values()))
    ends = {name: table.iloc[-1] for name, table in tables.items()}
    told = ", ".join(f"{estimate(end['mean'], end['low'], end['high'])} {name}" for name, end in ends.items())
    month = number(float(ends[names[0]]["month"]))
    finding = f"At month {month} so many customers hold a tier: {told}"
    rows = by_month(tables)
    return Picture(
        "tiers",
        finding,
        "Stacked areas by month: the customers who hold each tier at the close, the highest tier on top",
        f"{_changes(results)}Dashes are the 95{BLANK}% t-interval of all who hold one, over replications.",
        Layers(tables, total, "customers with a tier"),
        Grid("Customers who hold a tier, at the closes", ("month", *names), rows),
    )


def _after_month_0(holders: pd.Series) -> pd.DataFrame:
    """Mean and interval of the programme's arm from month 0 on, by month."""
    table = series.bands(holders)
    return table[(table["arm"] == "programme") & (table["month"] >= 0)].reset_index(drop=True)


def _changes(results: Results) -> str:
    """How many rose and fell, in a sentence."""
    risen, fallen = (find(results.kpis, name, ("programme",)) for name in ("promoted", "demoted"))
    if risen is None or fallen is None:
        return ""
    up, down = (estimate(row["estimate"], row["low"], row["high"]) for row in (risen, fallen))
    return f"From month 0 to the horizon customers rose {up} times and fell {down} times. "


def pyramid(results: Results) -> Picture | None:
    """The stages of loyalty at the horizon, in both arms."""
    arms = {"programme": ("with", BLUE, ""), "twin": ("without", ORANGE, "//")}
    if results.loaded.scenario.programme is None:
        arms = {"programme": ("", BLUE, "")}
    shown = []
    for stage in STAGES:
        for arm, (word, color, hatch) in arms.items():
            row = find(results.kpis, f"pyramid_share.{stage}", (arm,))
            if row is None:
                return None
            name = f"{STAGE_NAMES.get(stage, stage)}{', ' + word if word else ''}"
            low, high = (None if row[end] is None else 100.0 * row[end] for end in ("low", "high"))
            shown.append(Bar(name, 100.0 * row["estimate"], low, high, color, hatch))
    top, bottom = shown[0], shown[-len(arms)]
    finding = (
        f"{estimate(top.value, top.low, top.high)}{BLANK}% of the firm's customers are devoted to it at the "
        f"horizon, {estimate(bottom.value, bottom.low, bottom.high)}{BLANK}% have no loyalty"
    )
    grid = Grid(
        "Stages of loyalty of the firm's customers at the horizon, %",
        ("stage", "%", "interval"),
        tuple((bar.name, number(bar.value), interval(bar.low, bar.high) or "–") for bar in shown),
    )
    return Picture(
        "pyramid",
        finding,
        "Bar chart of the pyramid of loyalty: the share of the firm's customers in each stage, devoted first",
        "Devoted: bound by affection and trust; habitual: by habit or by what leaving costs; preference: by "
        "affection alone. Black marks are 95 % intervals.",
        Bars(shown, "% of the firm's customers at the horizon"),
        grid,
    )


def lives(results: Results) -> Picture | None:
    """How long customers of each stage would stay, and the transitions behind it."""
    terms = terms_of(results.loaded.scenario)
    if not results.measured or not terms.feels:
        return None
    months, moved = stage_lives(results.measured, terms), transitions(results.measured, terms)
    looks = {"programme": ("with", BLUE, ""), "twin": ("without", ORANGE, "//")}
    if not terms.has_programme:
        looks = {"twin": ("", BLUE, "")}
    shown, rows = [], []
    for stage in STAGES:
        for arm, (word, color, hatch) in looks.items():
            (one,) = months[(months["arm"] == arm) & (months["stage"] == stage)].itertuples()
            if one.estimate != one.estimate:
                return None
            name = f"{STAGE_NAMES.get(stage, stage)}{', ' + word if word else ''}"
            low, high = (None if end != end else max(end, 0.0) for end in (one.low, one.high))
            shown.append(Bar(name, one.estimate, low, high, color, hatch))
            its = moved[(moved["arm"] == arm) & (moved["from_stage"] == stage)].set_index("to_stage")
            shares = (f"{digits(100 * its.loc[to, 'estimate'], 1)}{BLANK}%" for to in (*STAGES, "elsewhere"))
            rows.append((name, *shares, estimate(one.estimate, low, high)))
    top, bottom = shown[0], shown[-len(looks)]
    names = (*(STAGE_NAMES.get(stage, stage) for stage in STAGES), "elsewhere")
    return Picture(
        "lives",
        f"Who is devoted would stay {estimate(top.value, top.low, top.high)} months, who has no loyalty "
        f"{estimate(bottom.value, bottom.low, bottom.high)}",
        "Bar chart: the months that customers of each stage would stay with the firm",
        "If the pyramid went on moving from close to close as it has: (I − Q)⁻¹·1 of the transitions in the "
        "table. Black marks are 95 % intervals (jackknife over replications).",
        Bars(shown, "months until she goes elsewhere"),
        Grid("Of those in a stage at a close, who are in which at the next", ("stage", *names, "months"),
             tuple(rows)),
    )  # fmt: skip


def complaints(results: Results) -> Picture | None:
    """What went wrong, who said so, what was made good; with the programme."""
    if results.loaded.scenario.firm.failures is None:
        return None
    steps = (
        ("failures", "visits that failed", VERMILLION, "\\\\"),
        ("complaints", "complaints", SKY, ""),
        ("recovered", "made good", GREEN, "//"),
    )
    shown = []
    for measure, name, color, hatch in steps:
        monthly = series.measure(results.monthly, measure)
        months = monthly.index.get_level_values("month")
        total = monthly[months > 0].groupby(level=["arm", "replication"]).sum()
        total = total.rename_axis(["arm", "replication"]).to_frame("value").assign(month=0)
        table = series.bands(total.set_index("month", append=True)["value"])
        line = table[table["arm"] == "programme"].iloc[0]
        shown.append(Bar(name, line["mean"], line["low"], line["high"], color, hatch))
    failed, complained, good = (bar.value for bar in shown)
    if failed <= 0.0:
        return None
    finding = (
        f"Of {number(failed)} visits that failed {digits(100 * complained / failed, 0)}{BLANK}% led to a "
        f"complaint, and {digits(100 * good / failed, 0)}{BLANK}% were made good"
    )
    grid = Grid(
        "Failures from month 0 to the horizon",
        ("step", "number", "interval"),
        tuple((bar.name, number(bar.value), interval(bar.low, bar.high) or "–") for bar in shown),
    )
    return Picture(
        "complaints",
        finding,
        "Bar chart of visits that failed, complaints, and complaints made good",
        "From month 0 to the horizon, with the programme. Who is silent is not seen by the firm. Black marks "
        "are 95 % intervals of the mean over replications.",
        Bars(shown, "visits, month 0 to the horizon"),
        grid,
    )


def promise(results: Results) -> Picture | None:
    """How often a promised wait was broken, and how many serve themselves, by month."""
    service = results.loaded.scenario.firm.service
    if service is None or (service.promise is None and service.self_service is None):
        return None
    served = series.measure(results.monthly, "served")
    own = series.measure(results.monthly, "self_served")
    parts = []
    if service.promise is not None:
        broken = series.bands(series.ratio(series.measure(results.monthly, "promise_broken"), served))
        parts.append(
            (
                "promise broken",
                broken,
                f"of those served had waited longer than {service.promise.within:g}{BLANK}minutes",
            )
        )
    if service.self_service is not None:
        parts.append(("served themselves", series.bands(series.ratio(own, own + served)), "serve themselves"))
    arms = ["programme", "twin"] if results.loaded.scenario.programme else ["programme"]
    panels = tuple(Panel(table, arms, label, share=True) for label, table, _ in parts)
    told = []
    for _, table, words in parts:
        if not series.has(table, "programme"):
            return None
        end = series.last(table, "programme")
        told.append(f"{estimate(end['mean'], end['low'], end['high'], 'share')} {words}")
    finding = f"At month {end['month']:g}, " + ", and ".join(told)
    return Picture(
        "promise",
        finding,
        "Line charts by month, with and without the programme: the share of those served later than "
        "promised, and of those who serve themselves",
        BANDS,
        Curves(panels),
        monthly_grid(
            "The desks by month", tuple((f"{label}, ", table, "share") for label, table, _ in parts), arms
        ),
    )
