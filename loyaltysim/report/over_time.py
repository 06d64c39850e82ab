"""The figures over the months: customers, satisfaction, waits; what each says and the numbers behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from loyaltysim.report import series
from loyaltysim.report.charts import Curves, Panel, Span, trend
from loyaltysim.report.offers import offers
from loyaltysim.report.picture import Grid, Picture
from loyaltysim.report.wording import BLANK, alike, deserved, estimate, interval, number, spelled, verdict

if TYPE_CHECKING:
    from loyaltysim.experiments.results import Results


BANDS = "Bands are 95 % t-intervals of the mean over replications."
PAIRED = (
    f"{BANDS} The difference is taken replication by replication; it may be clear where the bands overlap."
)


def customers(results: Results) -> Picture | None:
    """Home customers over time."""
    table = _table(results, series.measure(results.monthly, "home_customers"))
    if not series.has(table, "programme"):
        return None
    finding = _compared(table, "", "The firm has {} home customers")
    shaded = offers(results)
    return Picture(
        "customers",
        finding,
        "Line chart of the firm's home customers by month, with and without the programme, and of the "
        "difference",
        _reading(table) + _shading(shaded),
        trend(table, "home customers", shaded),
        monthly_grid("Home customers at the closes", (("", table, ""),)),
    )


def satisfaction(results: Results) -> Picture | None:
    """Mean satisfaction of home customers over time."""
    total = series.measure(results.monthly, "satisfaction")
    table = _table(results, series.ratio(total, series.measure(results.monthly, "home_customers")))
    if not series.has(table, "programme"):
        return None
    finding = _compared(table, "CSI points", "Home customers' satisfaction is {} of 100")
    shaded = offers(results)
    return Picture(
        "satisfaction",
        finding,
        "Line chart of the mean satisfaction of the firm's home customers by month, with and without the "
        "programme, and of the difference",
        f"Those present at each close; who left is no longer counted. {_reading(table)}{_shading(shaded)}",
        trend(table, "satisfaction, CSI points", shaded),
        monthly_grid("Mean satisfaction of home customers at the closes, CSI points", (("", table, ""),)),
    )


def waits(results: Results) -> Picture | None:
    """The mean wait and the share that gave up, when there is a service desk."""
    arrived = series.measure(results.monthly, "arrived")
    if not (arrived > 0).any():
        return None
    wait = _table(results, series.ratio(series.measure(results.monthly, "wait_min"), arrived))
    gave_up = _table(results, series.ratio(series.measure(results.monthly, "gave_up"), arrived))
    finding = _compared(wait, "min", "The mean wait is {} min")
    shaded = offers(results)
    arms = [arm for arm in ("programme", "twin") if series.has(wait, arm)]
    panels = (
        Panel(wait, arms, "mean wait, minutes"),
        Panel(gave_up, arms, "gave up", share=True, height=0.7),
    )
    return Picture(
        "wait",
        finding,
        "Two line charts by month, with and without the programme: the mean wait in minutes of everyone who "
        "arrived, and the share of them who gave up",
        f"{BANDS}{_shading(shaded)}",
        Curves(panels, shaded),
        monthly_grid(
            "Wait and giving up, by month",
            (("mean wait, min, ", wait, ""), ("gave up, ", gave_up, "share")),
            arms,
        ),
    )


def _table(results: Results, measured: pd.Series) -> pd.DataFrame:
    """Mean and interval by month; of one arm only where there is no programme and both are the same."""
    table = series.bands(measured)
    return table if results.loaded.scenario.programme else table[table["arm"] == "programme"]


def _reading(table: pd.DataFrame) -> str:
    """How to read the bands."""
    return PAIRED if series.has(table, "difference") else BANDS


def _compared(table: pd.DataFrame, unit: str, opening: str) -> str:
    """What the last month says of both arms: a sentence with the paired difference and its interval."""
    ends = {arm: series.last(table, arm) for arm in ("programme", "twin") if series.has(table, arm)}
    means = [end["mean"] for end in ends.values()]
    if not series.has(table, "difference"):
        end = ends["programme"]
        return f"{opening.format(number(end['mean']))} at month {end['month']:g}{_within(end)}"
    gap = series.last(table, "difference")
    places = 0 if verdict(gap["low"], gap["high"]) == "unknown" else deserved(gap["low"], gap["high"])
    ours, theirs = alike(means, places)
    apart = difference(gap["mean"], gap["low"], gap["high"], unit)
    return f"{opening.format(ours)} with the programme, {theirs} without, at month {gap['month']:g}: {apart}"


def _within(end: pd.Series) -> str:
    """The interval of a mean in brackets, if it has one."""
    span = interval(end["low"], end["high"])
    return f" ({span})" if span else ""


def difference(mean: float, low: float | None, high: float | None, unit: str) -> str:
    """A paired difference in words that claim no more than its interval."""
    found = verdict(low, high)
    if found == "same" or (found == "unknown" and mean == 0):
        return "no difference at all"
    amount, span = spelled(mean, low, high, sign=True)
    what = f"{amount}{BLANK}{unit}" if unit else amount
    if found == "unknown":
        return f"{what}, from one replication, without an interval"
    return f"{what} ({span})" + (", no clear difference" if found == "unclear" else "")


def monthly_grid(
    caption: str,
    measures: Sequence[tuple[str, pd.DataFrame, str]],
    arms: Sequence[str] = ("programme", "twin", "difference"),
) -> Grid:
    """A table of measures by month: for each its arms, as estimate and interval."""
    months = measures[0][1]["month"].drop_duplicates().sort_values()
    alone = not any(series.has(table, "twin") for _, table, _ in measures)
    names = {"programme": "mean" if alone else "with", "twin": "without", "difference": "difference"}
    columns, cells = ["month"], [[number(month) for month in months]]
    for prefix, table, unit in measures:
        for arm in arms:
            if not series.has(table, arm):
                continue
            rows = table[table["arm"] == arm].set_index("month").reindex(months)
            columns.append(prefix + names[arm])
            lines = zip(rows["mean"], rows["low"], rows["high"], strict=True)
            cells.append([estimate(mean, low, high, unit) for mean, low, high in lines])
    return Grid(caption, tuple(columns), tuple(zip(*cells, strict=True)))


def _shading(shaded: Sequence[Span]) -> str:
    """The offers, told to those who do not see the shading."""
    told = "; ".join(f"{span.name}, months {span.start:g} to {span.end:g}" for span in shaded)
    return f" Shaded: {told}." if told else ""
