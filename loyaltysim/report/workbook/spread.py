"""What replications say beside their mean: liability and effect as distributions, net benefit, estimates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loyaltysim.experiments.finance import WORTHS, liabilities, worths
from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.metrics.effect import acceptability, net_benefit, paybacks, quantile_path
from loyaltysim.metrics.statistics import order_ranks
from loyaltysim.report.workbook.cells import Book, Cell, Page

if TYPE_CHECKING:
    from loyaltysim.experiments.results import Results
    from loyaltysim.metrics.terms import Terms

SHARES = ((0.05, "P5"), (0.5, "P50"), (0.95, "P95"))


def write_distribution(book: Book, results: Results, terms: Terms, paths: np.ndarray) -> tuple[Page, int]:
    """Contract liability and cumulative effect at each close: mean, P5, P50, P95 over replications."""
    page = book.page("Distribution", 8, *(14 for _ in range(8)))
    n = len(paths)
    few = "" if order_ranks(n, 0.95) else f" An interval for P95 needs 72 replications; these are {n}."
    page.text(0, 0, f"Over {n} replications, {terms.currency}", "title")
    page.text(
        1,
        0,
        f"Order statistics, none interpolated: {what_varies(results)}." + few,
        "note",
    )
    names = [
        f"{what}, {name}" for what in ("Liability", "Effect") for name in ("mean", *(x for _, x in SHARES))
    ]
    page.texts(3, ["Month", *names], "head")
    page.sheet.freeze_panes(4, 1)
    liability = liabilities(results, terms)
    for month in range(paths.shape[1]):
        page.number(4 + month, 0, month, "count")
        for first, table in ((1, liability), (5, paths)):
            page.number(4 + month, first, float(table[:, month].mean()))
            for column, (share, _) in enumerate(SHARES, start=first + 1):
                page.number(4 + month, column, float(quantile_path(table, share)[month]))
    return page, 4 + paths.shape[1] - 1


def what_varies(results: Results) -> str:
    """What replications differ by."""
    if results.outer is None:
        return "luck of customers only, the inputs taken as known"
    return "luck of customers, and a draw of what is not known"


def write_replications(book: Book, results: Results, terms: Terms, paths: np.ndarray) -> None:
    """Each replication's effect, cost and customers kept; net benefit by the worth of one, by formulas."""
    page = book.page("Net benefit", 16, *(18 for _ in range(8)))
    page.text(
        0, 0, f"Net benefit at a stated worth of a customer kept at month 12, {terms.currency}", "title"
    )
    page.text(
        1,
        0,
        "Net benefit = worth × customers kept − programme cost to month 12: it is there where cost per "
        "customer kept cannot be estimated. Acceptability: share of replications in which it is above 0.",
        "note",
    )
    page.texts(3, ("Replication", "Effect", "Payback, month", "Cost to month 12", "Customers kept"), "head")
    rows = pairs(results)
    when = paybacks(paths)
    for number, one in enumerate(results.measured):
        row = 4 + number
        page.number(row, 0, one.replication, "count")
        page.number(row, 1, float(paths[number, -1]))
        if when[number] is None:
            page.text(row, 2, "not within the horizon")
        else:
            page.number(row, 2, float(when[number] or 0), "count")
        if rows is not None:
            page.number(row, 3, float(rows[0][number]))
            page.number(row, 4, float(rows[1][number]))
    if rows is None:
        return
    cost, kept = rows
    page.texts(3, ("Worth of one", "Net benefit, mean", "Acceptability"), "head", first=6)
    last = 3 + len(results.measured)
    costs, gains = page.span(4, 3, last, 3), page.span(4, 4, last, 4)
    for number, worth in enumerate(worths(kept, cost)):
        row = 4 + number
        stated = page.number(row, 6, worth, "input")
        mean = float(net_benefit(kept, cost, worth).mean())
        page.formula(row, 7, Cell(f"{stated.text}*AVERAGE({gains})-AVERAGE({costs})", mean))
        part = acceptability(kept, cost, [worth])[0]
        count = f"SUMPRODUCT(--({stated.text}*{gains}-{costs}>0))/ROWS({gains})"
        page.formula(row, 8, Cell(count, part), "share")
    chart = book.writer.add_chart({"type": "line"})
    end = 4 + WORTHS - 1
    chart.add_series(
        {
            "name": "Acceptability",
            "categories": [page.name, 4, 6, end, 6],
            "values": [page.name, 4, 8, end, 8],
        }
    )
    chart.set_title({"name": "Share of replications in which it pays"})
    chart.set_x_axis({"name": f"Worth of a customer kept, {terms.currency}", "num_format": "0"})
    chart.set_y_axis({"min": 0, "max": 1, "num_format": "0%"})
    page.sheet.insert_chart(18, 6, chart)


def pairs(results: Results) -> tuple[np.ndarray, np.ndarray] | None:
    """Cost to month 12 and customers kept by replication; None where the horizon is too short."""
    parts = [one.parts.get(("cost_per_saved_customer", "effect")) for one in results.measured]
    if any(part is None for part in parts):
        return None
    cost = np.array([part.numerator for part in parts if part is not None])
    return cost, np.array([part.denominator or 0.0 for part in parts if part is not None])


def write_estimates(book: Book, results: Results) -> None:
    """Redemption rates of issue and of open points, what one point of them costs, time bands, errors."""
    page = book.page("Estimates", 34, 60, 14, 14, 14, 10)
    page.text(0, 0, "How many points are ever redeemed, and what the liability makes of it", "title")
    page.text(
        1,
        0,
        "Errors: share expected less the share that the simulation then showed. Values from the simulation.",
        "note",
    )
    page.texts(3, ("Figure", "Meaning", "Estimate", "Low", "High", "Unit"), "head")
    row = 4
    for one in results.kpis:
        if one["arm"] == "programme" and one["kpi"].startswith(
            ("ultimate", "breakage", "urr_", "liability", "refund_liability", "revenue_re", "revenue_catch")
        ):
            page.text(row, 0, CATALOGUE[one["kpi"]].label, "wrap")
            page.text(row, 1, CATALOGUE[one["kpi"]].definition, "wrap")
            for column, name in enumerate(("estimate", "low", "high"), start=2):
                page.number(row, column, one[name], "number")
            page.text(row, 5, one["unit"])
            row += 1
