"""The books of one replication: cohorts, and the roll-forward in points and in money (IFRS 15, ASC 606)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loyaltysim.metrics.finance.core import PARTS, REMOTE
from loyaltysim.metrics.finance.lived import KINDS, Kept, entered, recognised_of
from loyaltysim.report.workbook.cells import Book, Cell, Page, choice, literal, median, rounded, total
from loyaltysim.rules.ledger import CENT, USES, U

if TYPE_CHECKING:
    from loyaltysim.metrics.terms import Terms
    from loyaltysim.record.outcome import Arm

COHORT_HEAD = (
    "Month of issue", "Segment", "Kind", "Issued", "Used", "Lapsed", "Open", "Face value", "Paid", "Goods",
    "Stand-alone price", "Allocation", "Expected uses", "Revenue to date", "Contract liability",
)  # fmt: skip
POINT_LINES = ("issued", "restored", "redeemed", "expired", "forfeited", "taken back")
MONEY_LINES = (
    ("brought_forward", 1, "Brought forward"), ("deferred", 1, "Deferred at issue"),
    ("restored", 1, "Restored"), ("topped_up", 1, "Paid ahead"), ("paid_back", -1, "Paid back"),
    ("used", -1, "Revenue, used"), ("lapsed", -1, "Revenue, lapsed"),
    ("fee_paid", 1, "Fees paid"), ("fee_earned", -1, "Revenue, fees"),
    ("fees_back_expected", -1, "Fees expected back"), ("remitted", -1, "To the state"),
    ("revised", -1, "Revenue, changed estimates"), ("withdrawn", -1, "Withdrawn with returns"),
)  # fmt: skip


def write_cohorts(book: Book, terms: Terms, arm: Arm, found: Kept) -> Cell:
    """One row a cohort; allocation and liability are formulas where nothing but the shares decides them."""
    page = book.page("Cohorts", 10, 18, 10, *(14 for _ in COHORT_HEAD[3:]))
    as_stated = abs(terms.redeemed / PARTS - book.inputs["redeemed"].value) < 1e-9
    live = terms.estimate == "fixed" and not terms.returning and as_stated
    page.text(
        0,
        0,
        f"Cohorts at the horizon, one run of the simulated customers, {terms.currency}",
        "title",
    )
    how = (
        "Allocation = paid × stand-alone / (goods + stand-alone)."
        if live
        else (
            "Allocation and expected uses come from the books: returns, reviews or a draw have changed them."
        )
    )
    page.text(
        1,
        0,
        f"{how} Revenue = allocation × used / expected. Month 0 of the table is the start of the run.",
        "note",
    )
    page.texts(3, COHORT_HEAD, "head")
    page.sheet.freeze_panes(4, 3)
    row = 4
    liabilities = []
    for (issue, kind, segment), cohort in sorted(found.books.cohorts.items()):
        page.number(row, 0, issue, "count")
        page.text(row, 1, terms.segments[segment])
        page.text(row, 2, kind)
        issued, used = page.number(row, 3, cohort.issued, "count"), page.number(row, 4, cohort.used, "count")
        lapsed = page.number(row, 5, cohort.lapsed, "count")
        left = page.formula(row, 6, issued - used - lapsed, "count")
        allocation = write_allocation(
            book, page, row, terms, arm, cohort.allocation, (issue, kind, segment), live
        )
        if live and kind in KINDS:
            middle = median(used, issued * book.inputs["redeemed"], used + left)
            expected = page.formula(row, 12, middle, "number")
        else:
            expected = page.number(row, 12, cohort.within_reach() / PARTS, "number")
        earned = rounded(allocation * used / expected, digits_of(terms.money_unit))
        if cohort.method == REMOTE:
            earned = rounded(allocation * (used + lapsed) / issued, digits_of(terms.money_unit))
        part = choice(f"{expected.text}=0", expected.value == 0, literal(0.0), earned)
        revenue = page.formula(row, 13, choice(f"{left.text}=0", left.value == 0, allocation, part))
        liabilities.append(page.formula(row, 14, allocation - revenue))
        row += 1
    page.text(row, 0, "Sum", "head")
    return page.formula(row, 14, total(liabilities, page.span(4, 14, row - 1, 14)))


def write_allocation(
    book: Book,
    page: Page,
    row: int,
    terms: Terms,
    arm: Arm,
    amount: int,
    key: tuple[int, str, int],
    live: bool,
) -> Cell:
    """What was paid for a cohort's points: by relative stand-alone prices, or as the books have it."""
    issue, kind, segment = key
    months = len(arm.cohorts)
    unit = terms.money_unit
    first = (
        arm.cohorts[issue, segment, 0]
        if 0 <= issue < months and kind == KINDS[0]
        else np.zeros(len(USES), np.int64)
    )
    before = [
        int(arm.cohorts[m, segment, m - issue, U.FACE])
        for m in range(months)
        if kind == KINDS[0] and 0 < m - issue < arm.open_lots.shape[2]
    ]
    if not live or kind != KINDS[0]:
        return page.number(row, 11, amount / unit)
    if any(before):
        face = page.number(row, 7, round(sum(before) / CENT) / unit)
        price = page.formula(row, 10, face * book.inputs["redeemed"])
        return page.formula(row, 11, rounded(price, digits_of(unit)))
    face = page.number(row, 7, round(int(first[U.FACE]) / CENT) / unit)
    paid, goods = (
        page.number(row, 8, int(first[U.PAID]) / unit),
        page.number(row, 9, int(first[U.GOODS]) / unit),
    )
    price = page.formula(row, 10, rounded(face * book.inputs["redeemed"], digits_of(unit)))
    whole = goods + price
    share = rounded(paid * price / whole, digits_of(unit))
    return page.formula(row, 11, choice(f"{whole.text}=0", whole.value == 0, literal(0.0), share))


def digits_of(unit: int) -> int:
    """Decimals of an amount of the currency."""
    return len(str(unit)) - 1


def write_roll_forward(
    book: Book, terms: Terms, arm: Arm, found: Kept, cohorts: Cell
) -> tuple[Page, tuple[int, int]]:
    """Points and money month by month, of the run of replication 0 from its start; each row must tie out."""
    head = (
        "Month", "Points, opening", *(f"Points {name}" for name in POINT_LINES), "Points, closing",
        "Liability, opening", *(name for _, _, name in MONEY_LINES), "Liability, closing",
        "Refund liability, and the state's", "Received to date", "Revenue to date", "Ties out (0)",
    )  # fmt: skip
    page = book.page("Roll-forward", 8, *(14 for _ in head[1:]))
    page.text(
        0,
        0,
        f"Contract liability, one run of the simulated customers, {terms.currency}",
        "title",
    )
    page.text(
        1,
        0,
        "Received to date = revenue to date + contract liability + refund liability, to the cent at "
        "every close; nothing is payable to partners. Months count from month 0.",
        "note",
    )
    page.texts(3, head, "head")
    page.sheet.freeze_panes(4, 1)
    points, lines = points_of(arm), found.lines.sum(axis=1)
    unit = terms.money_unit
    received = entered(found.lines, "received").sum(axis=1).cumsum()
    revenue = recognised_of(found.lines).sum(axis=1).cumsum()
    others = sum(entered(found.lines, account) for account in ("refund_liability", "state"))
    refunds = -np.sum(others, axis=1).cumsum()
    held, owed, off = literal(0.0), literal(0.0), []
    for month in range(len(lines)):
        row = 4 + month
        page.number(row, 0, month + 1 - terms.warm_up, "count")
        opening = page.formula(row, 1, held, "count")
        flows = [page.number(row, 2 + k, int(points[month, k]), "count") for k in range(len(POINT_LINES))]
        held = page.formula(
            row, 8, opening + flows[0] + flows[1] - flows[2] - flows[3] - flows[4] - flows[5], "count"
        )
        begins = page.formula(row, 9, owed)
        closing = begins
        after = 10 + len(MONEY_LINES)
        for column, (name, sign, _) in enumerate(MONEY_LINES, start=10):
            cell = page.number(row, column, int(found.line(name)[month].sum()) / unit)
            closing = closing + cell if sign > 0 else closing - cell
        owed = page.formula(row, after, rounded(closing, digits_of(unit)))
        refund = page.number(row, after + 1, int(refunds[month]) / unit)
        came, earned = (
            page.number(row, after + 2, int(received[month]) / unit),
            page.number(row, after + 3, int(revenue[month]) / unit),
        )
        off.append(page.formula(row, after + 4, rounded(came - earned - owed - refund, digits_of(unit))))
    last = 3 + len(lines)
    gap = Cell(
        f"SUMPRODUCT(ABS({page.span(4, after + 4, last, after + 4)}))", sum(abs(cell.value) for cell in off)
    )
    book.check("Roll-forward: received = revenue + liabilities at every close", gap, 0.0)
    points_left = literal(float(arm.open_lots.sum()))
    book.check("Roll-forward: points at the horizon are those in customers' lots", held - points_left, 0.0)
    book.check(
        "Cohorts: their liabilities are the roll-forward's",
        cohorts + (found.books.fees - found.books.fees_back) / terms.money_unit - owed,
        (0.005 if not terms.returning else 0.02) * len(found.books.cohorts),
        always=False,
    )
    return page, (4, last)


def points_of(arm: Arm) -> np.ndarray:
    """Flows of points by month: what came in, what went out, by POINT_LINES."""
    sums = arm.cohorts.sum(axis=(1, 2))
    came = sums[:, [U.EARNED, U.OPENING, U.GIVEN]].sum(axis=1)
    rest = [sums[:, use] for use in (U.RESTORED, U.REDEEMED, U.EXPIRED, U.FORFEITED, U.TAKEN_BACK)]
    return np.stack([came, *rest], axis=1)
