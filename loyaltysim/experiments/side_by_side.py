"""A comparison in lines of text: the baseline's figures, and by how much each other file differs."""

from __future__ import annotations

from loyaltysim.experiments.answer import number
from loyaltysim.experiments.compare import Comparison
from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.metrics.summary import Row

SHOWN = (
    "retention_12m",
    "incremental_retained",
    "customers_end",
    "satisfaction_base",
    "revenue",
    "contribution",
    "profit",
    "programme_cost",
    "incremental_contribution",
    "programme_roi",
    "clv_mean",
    "wait_mean_min",
    "gave_up_share",
)


def lines(comparison: Comparison) -> list[str]:
    """One block a file: figure, baseline, difference with its interval, a star where that is clear of 0."""
    base = comparison.results[comparison.baseline]
    told = []
    for place, one in enumerate(comparison.results):
        if place == comparison.baseline:
            continue
        name, against = one.loaded.scenario.name, base.loaded.scenario.name
        told += ["", f"{name}, less {against} (paired over {one.replications} replications)"]
        its = [r for r in comparison.differences if r["scenario"] == name]
        told += [*block(its, base.kpis), *luck(its)]
    return [*told[1:], "", *best(comparison)]


def luck(differences: list[Row]) -> list[str]:
    """What common luck has gained for retention, beside what no pairing can beat."""
    row = next((r for r in differences if r["kpi"] == "retention_12m"), None)
    if row is None or row["pairing"] is None:
        return []
    limit = row["pairing_bound"]
    told = "" if limit is None else f" (no pairing of these shares can beat {limit:.1f})"
    return [f"common luck: the difference in retention varies {row['pairing']:.1f} times less{told}"]


def best(comparison: Comparison) -> list[str]:
    """Which files may be the best by each figure that is shown, at 95 % for all files at once."""
    told = ["Best by figure (95 % for all files at once; files named together cannot be told apart)"]
    for kpi in SHOWN:
        may = [r["scenario"] for r in comparison.best if r["kpi"] == kpi and r["may_be_best"]]
        if may:
            everybody = len(may) == len(comparison.results)
            told.append(f"  {CATALOGUE[kpi].label}: {'cannot be told' if everybody else ', '.join(may)}")
    return told


def block(differences: list[Row], base: list[Row]) -> list[str]:
    """The lines of one file, in aligned columns."""
    cells = [("figure", "baseline", "difference", "95 % interval", "")]
    there = {(row["kpi"], row["arm"]): row for row in base}
    for row in differences:
        if row["kpi"] in SHOWN:
            cells.append(line(row, there[row["kpi"], row["arm"]]))
    widths = [max(len(cell[k]) for cell in cells) for k in range(len(cells[0]))]
    return [
        "  ".join(text.ljust(width) for text, width in zip(cell, widths, strict=True)).rstrip()
        for cell in cells
    ]


def line(row: Row, base: Row) -> tuple[str, str, str, str, str]:
    """One figure's cells."""
    label = f"{CATALOGUE[row['kpi']].label}, {row['unit']}"
    if not row["estimable"]:
        return label, amount(base["estimate"]), "not estimable", "", ""
    if row["low"] is None:
        return label, amount(base["estimate"]), amount(row["estimate"]), "", ""
    clear = "" if row["low"] <= 0 <= row["high"] else "*"
    span = f"{amount(row['low'])} to {amount(row['high'])}"
    return label, amount(base["estimate"]), amount(row["estimate"]), span, clear


def amount(value: float | None) -> str:
    """A figure to about three digits."""
    if value is None:
        return "-"
    return number(value) if abs(value) >= 0.1 or value == 0 else f"{value:.4f}"
