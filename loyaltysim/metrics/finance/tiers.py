"""What a tier gives, as a right that sales earn (IFRS 15.B40): allocated at the sale, revenue as it is given.

Sales that count towards a tier promise the perks that tiers will bring: so many for a unit of sales as is
stated, or as the last year of the record shows to come of them. The stand-alone price of perks is their cost
with the margin of goods on top (IFRS 15.79b). Perks use the oldest promise first; one that can bring nothing
any more, its window and the time for which a tier is held being over, lapses. Perks beyond what was promised
are a cost without revenue. Illustrative, not accounting advice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loyaltysim.metrics.finance.core import PARTS, portion
from loyaltysim.rules.ledger import MONEY, U

if TYPE_CHECKING:
    from loyaltysim.metrics.finance.journal import Books
    from loyaltysim.metrics.terms import Terms
    from loyaltysim.record.outcome import Arm

TIER = "tier"  # perks, in minor units at their stand-alone price
YEAR = 12  # months from which the rate is taken
PERKS, LIST, GOODS, SPENT, REVENUE, REFUNDS = (
    MONEY.index(name)
    for name in ("perk_cost", "list_sales", "goods_sold", "member_spend", "revenue", "refunds")
)


def given(arm: Arm) -> np.ndarray:
    """Perks given by month and segment at their stand-alone price, int64."""
    money = arm.money
    found = np.zeros(money.shape[:2], np.int64)
    for month, segment in np.argwhere(money[:, :, PERKS] > 0).tolist():
        row = money[month, segment]
        priced = row[GOODS] > 0 and row[LIST] > row[GOODS]
        found[month, segment] = (
            portion(int(row[PERKS]), int(row[LIST]), int(row[GOODS])) if priced else int(row[PERKS])
        )
    return found


def counted(arm: Arm, terms: Terms) -> np.ndarray:
    """Sales that count towards a tier, less what was paid back in the month, by month and segment, int64."""
    money = arm.money
    if arm.cohorts.shape[2]:
        sales = arm.cohorts[:, :, 0, U.PAID]
    elif terms.has_members:
        sales = money[:, :, SPENT]
    else:
        sales = money[:, :, REVENUE] + money[:, :, REFUNDS]
    return np.asarray(np.maximum(sales - money[:, :, REFUNDS], 0))


def promised(arm: Arm, terms: Terms) -> np.ndarray:
    """Stand-alone price of the perks that the sales of a month are expected to bring, int64."""
    perks, sales = given(arm), counted(arm, terms)
    last = slice(max(len(sales) - YEAR, 0), None)
    found = np.zeros_like(perks)
    for month, segment in np.argwhere(sales > 0).tolist():
        part, whole = int(perks[last, segment].sum()), int(sales[last, segment].sum())
        if terms.tier_expected is not None:
            part, whole = terms.tier_expected, PARTS
        found[month, segment] = portion(int(sales[month, segment]), part, whole)
    return found


def promise(books: Books, segment: int, price: int, amount: int) -> None:
    """The sales of a month promise perks of this stand-alone price; what of what was paid is deferred."""
    books.cohort(books.month, TIER, segment).issue(price, amount, PARTS)
    books.post(segment, "deferred", amount)


def give(books: Books, segment: int, price: int, months: int) -> None:
    """Perks are given, the oldest promise first; what was promised longer ago than `months` has lapsed."""
    for (issue, kind, s), cohort in sorted(books.cohorts.items()):
        if kind != TIER or s != segment or not cohort.open:
            continue
        if books.month - issue > months:
            books.lapse(issue, kind, segment, cohort.open)
        elif price > 0:
            used = min(price, cohort.open)
            books.use(issue, kind, segment, used)
            price -= used
