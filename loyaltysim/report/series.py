"""Monthly measures averaged over replications: the tables behind the curves.

A table has the columns month, arm (`programme`, `twin`, `difference`), mean, low, high: the mean over
replications and its 95 % t-interval, month by month. The difference is programme minus twin, taken
replication by replication, so that the luck both arms share cancels. One replication has no interval.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from loyaltysim.metrics.statistics.means import mean_interval


def measure(monthly: pd.DataFrame, name: str, group: str = "all") -> pd.Series:
    """One measure as a series over (arm, replication, month)."""
    rows = monthly[(monthly["measure"] == name) & (monthly["group"] == group)]
    rows = rows.assign(arm=rows["arm"].astype(str))
    series = rows.set_index(["arm", "replication", "month"])["value"].astype(float)
    return series.sort_index()


def ratio(over: pd.Series, under: pd.Series) -> pd.Series:
    """One measure per unit of another; nothing where the denominator is 0."""
    return over / under.where(under != 0)


def running(series: pd.Series) -> pd.Series:
    """The sum of all months so far, within each replication."""
    return series.groupby(level=["arm", "replication"]).cumsum()


def bands(series: pd.Series) -> pd.DataFrame:
    """Mean and interval by month of both arms and of their paired difference."""
    wide = series.unstack("arm")
    if {"programme", "twin"} <= set(wide.columns):
        wide = wide.assign(difference=wide["programme"] - wide["twin"])
    tables = [_band(wide[arm].unstack("month")).assign(arm=arm) for arm in wide.columns]
    columns = ["arm", "month", "mean", "low", "high"]
    return pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame(columns=columns)


def _band(values: pd.DataFrame) -> pd.DataFrame:
    """Mean and interval over rows (replications), one line a column (month)."""
    columns = values.to_numpy(dtype=float).T
    lines = [mean_interval(column[~np.isnan(column)].tolist()) for column in columns]
    return pd.DataFrame(
        {
            "month": np.asarray(values.columns, dtype=float),
            "mean": np.array([line.estimate for line in lines], dtype=float),
            "low": np.array([line.low for line in lines], dtype=float),
            "high": np.array([line.high for line in lines], dtype=float),
        }
    )


def last(table: pd.DataFrame, arm: str) -> pd.Series:
    """The last month of one arm in which there is a mean."""
    return table[(table["arm"] == arm) & table["mean"].notna()].iloc[-1]


def has(table: pd.DataFrame, arm: str) -> bool:
    """Is there anything to draw of this arm?"""
    return bool(((table["arm"] == arm) & table["mean"].notna()).any())


def drawable(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of a curve; a month that stands alone becomes a short level stretch: a point is not seen."""
    if len(table) != 1:
        return table
    return pd.concat([table.assign(month=table["month"] + aside) for aside in (-0.3, 0.3)], ignore_index=True)
