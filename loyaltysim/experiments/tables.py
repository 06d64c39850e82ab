"""Measured replications as tables: one row a figure, one row a month; for people, files and charts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from loyaltysim.experiments.files import cell, csv_bytes
from loyaltysim.metrics.measure import Measured, Part
from loyaltysim.metrics.monthly import MEASURES

if TYPE_CHECKING:
    import pandas as pd

KPI_COLUMNS = ("scenario", "arm", "replication", "kpi", "value")
MONTHLY_COLUMNS = ("scenario", "arm", "replication", "month", "group", "measure", "value")
TOGETHER = "all"  # the group of all segments
WEEK, REPEATS = "week", "repeat_purchases_cumulative"  # rows by week, beside a published cohort


def samples(scenario: str, measured: Sequence[Measured], each: int | None = None) -> pd.DataFrame:
    """Every figure of every arm and replication; not a number where it is not defined.

    With `each`, the replications that share what is not known, the draw stands beside the replication.
    """
    import pandas as pd

    rows = [
        (arm, one.replication, kpi, value)
        for one in measured
        for arm, kpi, value in sorted(figures(one), key=lambda row: row[:2])
    ]
    table = pd.DataFrame(rows, columns=KPI_COLUMNS[1:]).astype({"value": float})
    table.insert(0, "scenario", scenario)
    if each is not None:
        table.insert(3, "draw", table["replication"] // each)
    return table


def figures(measured: Measured) -> Iterator[tuple[str, str, float | None]]:
    """Arm, figure, value; the effect of a figure that both arms have is its paired difference."""
    for (kpi, arm), part in measured.parts.items():
        yield arm, kpi, value_of(part)
        if arm == "programme":
            ours, theirs = value_of(part), value_of(measured.parts[kpi, "twin"])
            yield "effect", kpi, None if ours is None or theirs is None else ours - theirs


def value_of(part: Part | None) -> float | None:
    """The figure of one replication."""
    return None if part is None else part.value


def weekly(scenario: str, measured: Sequence[Measured]) -> pd.DataFrame:
    """Repeat purchases at the firm since month 0 by the end of week 1, 2, …, in rows of the monthly table."""
    import pandas as pd

    rows = [
        (scenario, arm, one.replication, week, WEEK, REPEATS, float(total))
        for one in measured
        for arm in sorted(one.weekly)
        for week, total in enumerate(np.cumsum(one.weekly[arm]).tolist(), start=1)
    ]
    return pd.DataFrame(rows, columns=MONTHLY_COLUMNS)


def monthly(
    scenario: str, measured: Sequence[Measured], segments: Sequence[str], warm_up: int
) -> pd.DataFrame:
    """Every measure of every month, group, arm and replication; rows that mean nothing are left out."""
    import pandas as pd

    blocks = [(arm, one.replication, one.monthly[arm]) for one in measured for arm in sorted(one.monthly)]
    values = np.stack([table for _, _, table in blocks])
    month, group, measure = np.meshgrid(*(np.arange(n) for n in values.shape[1:]), indexing="ij")
    known = ~np.isnan(values)
    size = values[0].size

    def repeated(codes: np.ndarray) -> np.ndarray:
        return np.tile(codes.ravel(), len(blocks))[known.ravel()]

    arms = np.repeat([0 if arm == "programme" else 1 for arm, _, _ in blocks], size)[known.ravel()]
    numbers = np.repeat([number for _, number, _ in blocks], size)[known.ravel()]
    return pd.DataFrame(
        {
            "scenario": pd.Categorical.from_codes(np.zeros(len(arms), int), [scenario]),
            "arm": pd.Categorical.from_codes(arms, ["programme", "twin"]),
            "replication": numbers,
            "month": repeated(month) + 1 - warm_up,
            "group": pd.Categorical.from_codes(repeated(group), names_of_groups(segments)),
            "measure": pd.Categorical.from_codes(repeated(measure), list(MEASURES)),
            "value": values[known],
        }
    )


def without_the_absent(monthly: pd.DataFrame) -> pd.DataFrame:
    """The rows of the measures that are not 0 in every month, group, arm and replication.

    One of a mechanism that the scenario lacks, or that nobody ever met, would be 0 a million times.
    """
    met = set(monthly["measure"][monthly["value"] != 0.0].unique())
    return monthly[monthly["measure"].isin(met)]


def names_of_groups(segments: Sequence[str]) -> list[str]:
    """The segments and `all`; a segment that bears a group's name is marked, so that names stay apart."""
    return [*(f"{name} (segment)" if name in (TOGETHER, WEEK) else name for name in segments), TOGETHER]


def table_bytes(table: pd.DataFrame) -> bytes:
    """A table as CSV, in the same bytes wherever and however often it is written."""
    return csv_bytes(table.columns, zip(*(cells(table[name]) for name in table.columns), strict=True))


def cells(column: pd.Series) -> list[str]:
    """A column's cells; values repeat, so each is put into words once."""
    codes, values = column.factorize(use_na_sentinel=False)
    words = np.array([cell(value) for value in values.tolist()], dtype=object)
    return words[codes].tolist()
