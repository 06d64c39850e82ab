"""A figure with what a page needs beside it: its finding, its description, and its numbers as text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure

Row = dict[str, Any]  # a row of `Results.kpis`


@dataclass(frozen=True)
class Grid:
    """A table of finished text; the first cell of a row names it."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Picture:
    """A figure that can be drawn at any width."""

    name: str
    finding: str  # its title
    description: str  # what is drawn, for those who do not see it
    note: str  # how to read it
    draw: Callable[[float], Figure]
    grid: Grid


def find(kpis: list[Row], name: str, arms: tuple[str, ...] = ("effect", "programme", "twin")) -> Row | None:
    """The row of a KPI that has an estimate, in the first of these arms that has one."""
    found = {row["arm"]: row for row in kpis if row["kpi"] == name and row["estimate"] is not None}
    return next((found[arm] for arm in arms if arm in found), None)
