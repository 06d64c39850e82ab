"""The figures that add up over time: the points book, and a real cohort beside the simulated one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysim.metrics.statistics.moments import t_quantile
from loyaltysim.record.observed import Cohort
from loyaltysim.report import series
from loyaltysim.report.cohort_chart import CohortChart
from loyaltysim.report.picture import Grid, Picture
from loyaltysim.report.points_chart import LAYERS, Book
from loyaltysim.report.wording import BLANK, digits, estimate, interval, number

if TYPE_CHECKING:
    from loyaltysim.experiments.results import Results

CUMULATIVE = "repeat_purchases_cumulative"


def points(results: Results) -> Picture | None:
    """The points book of the programme's arm; nothing where no point was ever issued."""
    sums = {
        name: series.running(series.measure(results.monthly, f"points_{name}"))
        for name in ("issued", "redeemed", "expired", "forfeited")
    }
    sums["outstanding"] = series.measure(results.monthly, "points_outstanding")
    if not (sums["issued"] > 0).any():
        return None
    tables = {name: _programme(total) for name, total in sums.items()}
    ends = {name: table.iloc[-1] for name, table in tables.items()}
    shares = ", ".join(
        f"{digits(100 * ends[name]['mean'] / ends['issued']['mean'], 1)}{BLANK}% {name}" for name in LAYERS
    )
    issued = estimate(ends["issued"]["mean"], ends["issued"]["low"], ends["issued"]["high"])
    finding = f"Of {issued} points issued, {shares}"
    grid = Grid(
        "The points book since the start, points at the closes",
        ("month", "issued", *LAYERS),
        by_month(tables),
    )
    return Picture(
        "points",
        finding,
        "Stacked areas by month: points issued so far, split into redeemed, expired, forfeited and "
        "outstanding; below, the points outstanding",
        "Issued = redeemed + expired + forfeited + outstanding. Bands are 95 % t-intervals of the mean over "
        "replications.",
        Book(tables),
        grid,
    )


def by_month(tables: Mapping[str, pd.DataFrame]) -> tuple[tuple[str, ...], ...]:
    """A row a month: the month, and every table's figure with its interval."""
    months = [number(month) for month in next(iter(tables.values()))["month"].tolist()]
    cells = [
        [estimate(*line) for line in table[["mean", "low", "high"]].to_numpy().tolist()]
        for table in tables.values()
    ]
    return tuple(zip(months, *cells, strict=True))


def _programme(total: pd.Series) -> pd.DataFrame:
    """Mean and interval of the programme's arm from month 0 on, by month."""
    table = series.bands(total)
    return table[(table["arm"] == "programme") & (table["month"] >= 0)].reset_index(drop=True)


def published(results: Results, cohort: Cohort) -> Picture | None:
    """The real cohort's cumulative repeat purchases over the simulated ones, by week."""
    weekly = series.measure(results.monthly, CUMULATIVE, group="week")
    if weekly.empty:
        return None
    simulated = _weeks(weekly)
    weeks = min(len(cohort.repeats), len(simulated))
    end, real = simulated.iloc[weeks - 1], int(cohort.repeats[weeks - 1])
    finding = (
        f"After {weeks} weeks the real customers had made {number(real)} repeat purchases, the simulated "
        f"{estimate(end['mean'], end['low'], end['high'])}: the real are {_apart(real, end)}"
    )
    rows = tuple(
        (
            f"{line.week:g}",
            number(float(cohort.repeats[int(line.week) - 1])),
            estimate(line.mean, line.low, line.high),
            interval(line.least, line.most) or "–",
        )
        for line in simulated.iloc[:weeks].itertuples()
    )
    return Picture(
        "cohort",
        finding,
        f"Line chart by week: cumulative repeat purchases of {number(cohort.customers)} real customers "
        f"({cohort.name}) over the simulated mean, its 95 % interval, and the range of single cohorts",
        f"Read from {cohort.source}. Judge the real line by the pale band: it is one cohort, not a mean.",
        CohortChart(simulated, cohort.repeats[:weeks], f"real: {cohort.name}"),
        Grid(
            f"Cumulative repeat purchases; real: {cohort.source}",
            ("week", "real", "simulated", "95 % of single cohorts"),
            rows,
        ),
    )


def _weeks(weekly: pd.Series) -> pd.DataFrame:
    """Mean, its interval, and the range in which 95 % of single cohorts are expected (t), by week."""
    arm = (
        weekly.xs("programme", level="arm") if "programme" in weekly.index.levels[0] else weekly.droplevel(0)
    )
    table = series.bands(pd.concat({"programme": arm}, names=["arm"])).rename(columns={"month": "week"})
    values = arm.unstack("month")
    n, sd = len(values), values.std(ddof=1).to_numpy()
    reach = t_quantile(0.95, max(n - 1, 1)) * sd * np.sqrt(1 + 1 / n)
    means = table["mean"].to_numpy()
    return table.assign(sd=sd, least=np.maximum(means - reach, 0), most=means + reach)


def _apart(real: int, end: pd.Series) -> str:
    """The distance between real and simulated, in standard deviations of single cohorts."""
    if not end["sd"] > 0:
        return f"{number(real - end['mean'], sign=True)} apart"
    z = (real - end["mean"]) / end["sd"]
    return (
        f"{number(abs(z))} standard deviations {'above' if z > 0 else 'below'} (z = {number(z, sign=True)})"
    )
