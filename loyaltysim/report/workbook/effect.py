"""The programme's effect month by month: present value, payback, return, break-even; all formulas."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from loyaltysim.report.workbook.cells import Book, Cell, Page, choice, literal, power, total
from loyaltysim.report.workbook.profit import GIVEN_UP, Arm

if TYPE_CHECKING:
    from loyaltysim.metrics.terms import Terms

NEVER = "not within the horizon"


class Effect(NamedTuple):
    """The cells of the effect that other sheets show."""

    page: Page
    npv: Cell
    cost: Cell
    roi: Cell
    break_even: Cell
    lift: Cell
    payback: Cell
    rows: tuple[int, int]


EFFECT_HEAD = (
    "Month", "Day of the close", "Discount factor, close", "Discount factor, middle of the month",
    "More contribution before owed", "More fixed cost", "More owed", "Present value of the month",
    "Cumulative effect, owed settled", "Not below 0 from here on", "Programme's variable cost, present value",
    "Programme's fixed cost, present value",
)  # fmt: skip


def write_effect(book: Book, terms: Terms, days: np.ndarray, ours: Arm, theirs: Arm) -> Effect:
    """With less without the programme: present value month by month, payback, return, break-even."""
    page = book.page("Effect", 8, *(17 for _ in EFFECT_HEAD[1:]))
    page.text(0, 0, f"The programme's effect, {terms.currency}", "title")
    page.text(
        1,
        0,
        "Discounted to month 0: flows from the middle of their month (the simulation discounts each at "
        "its own instant), fixed cost and what is owed from the closes.",
        "note",
    )
    page.texts(3, EFFECT_HEAD, "head")
    page.sheet.freeze_panes(4, 1)
    rate, a, b = book.inputs["discount_rate"], ours.cells["all"], theirs.cells["all"]
    lines: list[list[Cell]] = []
    for month in range(terms.horizon + 1):
        row = 4 + month
        day = page.number(row, 1, float(days[terms.warm_up + month]), "number")
        page.number(row, 0, month, "count")
        base = literal(1.0) + rate
        close = page.formula(row, 2, power(base, (literal(0.0) - day).over(365)), "number")
        owed = page.formula(row, 6, a[month]["Owed"] - b[month]["Owed"])
        if month == 0:
            lines.append(
                [day, close, close, literal(0.0), literal(0.0), owed, literal(0.0), page.number(row, 8, 0.0)]
            )
            continue
        last = lines[-1]
        middle = page.formula(row, 3, power(base, (literal(0.0) - day - last[0]).over(730)), "number")
        more = [x[month]["Contribution"] + x[month]["Change in owed"] for x in (a, b)]
        flow = page.formula(row, 4, more[0] - more[1])
        fixed = page.formula(row, 5, a[month]["Fixed"] - b[month]["Fixed"])
        value = page.formula(row, 7, flow * middle - fixed * close)
        values = total([line[6] for line in lines[1:]] + [value], page.span(5, 7, row, 7))
        so_far = page.formula(row, 8, values - owed * close + lines[0][5])
        page.formula(row, 10, a[month]["Variable cost of the programme"] * middle)
        page.formula(row, 11, (a[month]["Fixed"] - book.inputs["firm_fixed"]) * close)
        lines.append([day, close, middle, flow, fixed, owed, value, so_far])
    first, last_row = 5, 4 + terms.horizon
    flags = write_flags(page, first, last_row, [line[7] for line in lines[1:]])
    return write_results(book, page, terms, lines, a, ours, theirs, flags, (first, last_row))


def write_flags(page: Page, first: int, last: int, path: list[Cell]) -> list[Cell]:
    """1 from the month on from which the effect is not below 0 again, counted from the end."""
    flags: list[Cell] = [literal(0.0)] * len(path)
    after = literal(1.0)
    for place in range(len(path) - 1, -1, -1):
        holds = path[place].value >= 0.0 and after.value == 1.0
        told = f"AND({path[place].text}>=0,{after.text}=1)"
        flags[place] = page.formula(first + place, 9, choice(told, holds, literal(1.0), literal(0.0)), "flag")
        after = flags[place]
    assert first + len(path) - 1 == last
    return flags


def write_results(
    book: Book, page: Page, terms: Terms, lines: list[list[Cell]], a: list[dict[str, Cell]], ours: Arm,
    theirs: Arm, flags: list[Cell], rows: tuple[int, int],
) -> Effect:  # fmt: skip
    """The figures below the months."""
    row = rows[1] + 2
    npv = page.formula(row, 8, lines[-1][7])
    page.text(row, 0, "Net present value", "head")
    spent = [page.span(rows[0], column, rows[1], column) for column in (10, 11)]
    discounted = [_column_sum(page, rows, column, book, lines, a) for column in (10, 11)]
    variable, fixed = (Cell(f"SUM({span})", value) for span, value in zip(spent, discounted, strict=True))
    rewards = [a[m]["Owed"] - a[m]["Paid ahead, owed"] for m in (0, -1)]
    owed = rewards[1] * lines[-1][1] - rewards[0]
    cost = page.formula(row + 1, 8, variable + fixed + owed)
    page.text(row + 1, 0, "Programme cost, present value", "head")
    roi = page.formula(row + 2, 8, npv / cost, "share")
    page.text(row + 2, 0, "Return on the programme", "head")
    mine, other = ours.sums["all"], theirs.sums["all"]
    undiscounted = mine["Variable cost of the programme"] + rewards[1] - rewards[0]
    forgone = total([mine[name] for name in GIVEN_UP])
    margin = mine["Net sales"] + forgone - mine["Goods sold"] - undiscounted
    break_even = page.formula(row + 3, 8, undiscounted / margin, "share")
    page.text(row + 3, 0, "Break-even lift ρ / (g − ρ)", "head")
    without = other["Net sales"] + total([other[name] for name in GIVEN_UP])
    lift = page.formula(row + 4, 8, (mine["Net sales"] + forgone - without) / without, "share")
    page.text(row + 4, 0, "Lift in sales before rewards, measured", "head")
    when = sum(flag.value for flag in flags)
    span = page.span(rows[0], 9, rows[1], 9)
    text = f'IF(SUM({span})=0,"{NEVER}",{terms.horizon + 1}-SUM({span}))'
    payback = page.formula(
        row + 5, 8, Cell(text, terms.horizon + 1 - when if when else math.nan, words=NEVER), "count"
    )
    page.text(row + 5, 0, "Payback, month", "head")
    return Effect(page, npv, cost, roi, break_even, lift, payback, rows)


def _column_sum(
    page: Page,
    rows: tuple[int, int],
    column: int,
    book: Book,
    lines: list[list[Cell]],
    a: list[dict[str, Cell]],
) -> float:
    """The value of a sum of a column of present values."""
    months = range(1, len(lines))
    if column == 10:
        return float(sum(a[m]["Variable cost of the programme"].value * lines[m][2].value for m in months))
    firm = book.inputs["firm_fixed"].value
    return float(sum((a[m]["Fixed"].value - firm) * lines[m][1].value for m in months))
