"""A figure with what a page needs beside it: its finding, its description, and its numbers as text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from matplotlib.figure import Figure

Row = dict[str, Any]  # a row of `Results.kpis`


@dataclass(frozen=True)
class Grid:
    """A table of finished text; the first cell of a row names it."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Chart(Protocol):
    """What is drawn, defined once: it can be set as a still figure and as an interactive view."""

    def figure(self, title: str, width: float) -> Figure:
        """The still figure with its title."""

    def view(self, grid: Grid) -> dict[str, Any]:
        """The interactive chart, in Vega-Lite; `grid` holds what is told at the pointer."""


@dataclass(frozen=True)
class Picture:
    """A chart with its words and its numbers."""

    name: str
    finding: str  # its title
    description: str  # what is drawn, for those who do not see it
    note: str  # how to read it
    chart: Chart
    grid: Grid

    def draw(self, width: float) -> Figure:
        """The still figure."""
        return self.chart.figure(self.finding, width)

    def view(self) -> dict[str, Any]:
        """The interactive chart."""
        return self.chart.view(self.grid)


def find(kpis: list[Row], name: str, arms: tuple[str, ...] = ("effect", "programme", "twin")) -> Row | None:
    """The row of a KPI that has an estimate, in the first of these arms that has one."""
    found = {row["arm"]: row for row in kpis if row["kpi"] == name and row["estimate"] is not None}
    return next((found[arm] for arm in arms if arm in found), None)
