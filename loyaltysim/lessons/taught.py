"""What lessons share: a scenario lived, a finding, a figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from loyaltysim.experiments.run import run
from loyaltysim.metrics.terms import Terms, terms_of
from loyaltysim.scenario.load import load

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from loyaltysim.experiments.results import Results


@dataclass(frozen=True)
class Finding:
    """What a lesson shows, the figures behind it, and whether it holds."""

    text: str
    table: pd.DataFrame
    holds: bool


def lived(file: str, *overrides: str, replications: int | None = None) -> tuple[Results, Terms]:
    """A scenario that lies beside the lessons, lived in this process."""
    loaded = load(Path(__file__).parent / file, overrides=overrides)
    return run(loaded, replications=replications, workers=1), terms_of(loaded.scenario)


def row_of(table: pd.DataFrame, **where: object) -> pd.Series:
    """The one row with these values."""
    for column, value in where.items():
        table = table[table[column] == value]
    assert len(table) == 1, where
    return table.iloc[0]


def percent(share: float) -> str:
    """A share in whole per cent."""
    return f"{100.0 * share:.0f} %"


def lines(table: pd.DataFrame, by: str, x: str, y: str, labels: tuple[str, str, str]) -> Figure:
    """One line a value of `by`, with its 95 % intervals; labels: of the title, of x, of y."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.0, 4.2), layout="constrained")
    area = figure.add_subplot()
    for name, rows in table.groupby(by, sort=False):
        (line,) = area.plot(rows[x], rows[y], marker="o", label=str(name))
        area.fill_between(rows[x], rows["low"], rows["high"], alpha=0.2, color=line.get_color(), linewidth=0)
    finish(area, labels)
    area.legend(frameon=False)
    return figure


def bars(names: Sequence[str], table: pd.DataFrame, labels: tuple[str, str, str]) -> Figure:
    """One bar a row with its 95 % interval."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.0, 3.6), layout="constrained")
    area = figure.add_subplot()
    aside = [table["estimate"] - table["low"], table["high"] - table["estimate"]]
    area.bar(list(names), table["estimate"], yerr=aside, capsize=4, color="#0072b2")
    finish(area, labels)
    return figure


def finish(area: object, labels: tuple[str, str, str]) -> None:
    """Title and axes."""
    title, x, y = labels
    area.set(title=title, xlabel=x, ylabel=y)  # type: ignore[attr-defined]
