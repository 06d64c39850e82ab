"""The books of one arm: what the engine has recorded, entered month by month (MODEL 5; IFRS 15, ASC 606).

Portfolio approach (IFRS 15.4): the sales of a month to a segment are one contract. Allocated at their issue,
points become revenue as they are used; what is expected never to be used becomes revenue in proportion.
Points with and without a purchase that share a lot share its uses. Illustrative, not accounting advice.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from loyaltysim.metrics.finance import journal, tiers
from loyaltysim.metrics.finance.core import PARTS, PROPORTIONAL, REMOTE, portion, stand_alone
from loyaltysim.metrics.finance.estimates import METHODS, Flows, Outlook, flows_of, outlook
from loyaltysim.metrics.finance.journal import LINES, POSTINGS, Books
from loyaltysim.rules.ledger import CENT, MONEY, U

if TYPE_CHECKING:
    from loyaltysim.metrics.terms import Terms
    from loyaltysim.record.outcome import Arm

KINDS = ("points", "given")  # of purchases, and those that come without one
STORED = "stored"  # value, money and bonus, in minor units
Rows = list[list[int]]  # of one month and segment: what became of points, by age
FIXED = int(CENT)
REVENUE, REFUNDS = MONEY.index("revenue"), MONEY.index("refunds")
STORES = (
    "prepaid_in", "bonus_granted", "prepaid_spent", "bonus_spent", "prepaid_refunded", "prepaid_forfeited",
    "bonus_forfeited", "prepaid_outstanding", "bonus_outstanding", "prepaid_opening",
)  # fmt: skip
IN, BONUS, SPENT, BONUS_SPENT, BACK, GONE, BONUS_GONE, HELD, BONUS_HELD, OPENING = map(MONEY.index, STORES)
FEES, FEES_EARNED, FEES_OPEN, FEES_BACK, FEES_BEFORE = (
    MONEY.index(f"fees_{name}") for name in ("received", "earned", "deferred", "refunded", "opening")
)
REMITTED = MONEY.index("prepaid_remitted")
YEAR = 12  # months from which it is estimated how many fees are paid back


class Kept(NamedTuple):
    """The books of an arm, closed at the horizon."""

    books: Books
    lines: np.ndarray  # int64 [month, segment, LINES], minor units
    liability: np.ndarray  # int64 [month, segment], at the closes
    chance: np.ndarray  # float64 [month]: of use, of the points open at a close; as estimated, or as stated
    flows: tuple[Flows, ...]  # by KINDS
    expires: bool  # whether a point lapses at its last age at the latest

    def line(self, name: str) -> np.ndarray:
        """One line by month and segment."""
        return np.asarray(self.lines[:, :, LINES.index(name)])


def kept(arm: Arm, terms: Terms, days: np.ndarray) -> Kept | None:
    """The books of an arm; none where nobody ever held points or stored value."""
    keeps, charges = (bool(arm.money[..., what].any()) for what in ([IN, OPENING], [FEES, FEES_BEFORE]))
    perks = tiers.given(arm) if terms.tier_months else None
    owes = perks is not None and bool(perks.any())
    if not (arm.cohorts[..., : U.REDEEMED].any() or keeps or charges or owes):
        return None
    beside = tiers.promised(arm, terms) if owes else np.zeros(arm.money.shape[:2], np.int64)
    counts = tiers.counted(arm, terms) if owes else beside
    width = arm.open_lots.shape[2]
    firsts = range(0, arm.cohorts.shape[2], max(width, 1))
    flows = tuple(flows_of(arm.cohorts[:, :, first : first + width]) for first in firsts)
    expires = 0 < terms.validity < width
    months, segments = arm.cohorts.shape[:2]
    remote = terms.estimate == REMOTE
    books = Books(method=REMOTE if remote else PROPORTIONAL, likelihood=PARTS if remote else terms.redeemed)
    back = refunds_expected(arm, terms, days)
    fees_back = fees_expected_back(arm)
    rows, refunds = arm.cohorts.tolist(), arm.money[:, :, REFUNDS].tolist()
    sold = (arm.money[:, :, REVENUE] + arm.money[:, :, REFUNDS]).tolist()
    stored = arm.money.tolist() if keeps or charges else []
    likely = round(terms.prepaid_redeemed * PARTS)
    chance = np.full(months, terms.redeemed / PARTS)
    for month in range(months):
        for segment in range(segments):
            cash = sold[month][segment] - (stored[month][segment][SPENT] if keeps else 0)
            also = int(beside[month, segment])
            if also:
                first = rows[month][segment][0] if rows[month][segment] else []
                paid, goods = (first[U.PAID], first[U.GOODS]) if first else (int(counts[month, segment]),) * 2
                face = stand_alone(portion(first[U.FACE], 1, FIXED), books.likelihood) if first else 0
                tiers.promise(books, segment, also, portion(paid, also, goods + face + also))
            enter(books, rows[month][segment], cash, refunds[month][segment], segment, width, also)
            if perks is not None:
                tiers.give(books, segment, int(perks[month, segment]), terms.tier_months)
            if keeps:
                enter_stored(books, stored[month][segment], segment, likely)
            if charges:
                books.bring_fees(segment, stored[month][segment][FEES_BEFORE])
                books.take_fee(segment, stored[month][segment][FEES])
                books.earn_fee(segment, stored[month][segment][FEES_EARNED])
                books.refund_fees(segment, stored[month][segment][FEES_BACK])
                books.expect_fees_back(segment, int(fees_back[month, segment]))
            books.expect_returns(segment, int(back[month, segment]))
        if terms.estimate in METHODS and (month + 1) % terms.review == 0:
            review(books, flows, terms.estimate, expires)
        if terms.estimate in METHODS:
            chance[month] = expected_uses(books)
        books.close()
    lines = as_table(books, months, segments)
    return Kept(books, lines, liability_of(lines), chance, flows, expires)


def broken(found: Kept, arm: Arm) -> Iterator[str]:
    """Every identity between the books and the record that does not hold."""
    yield from journal.broken(found.books)
    ahead = arm.money[:, :, IN] - arm.money[:, :, SPENT] - arm.money[:, :, BACK] + arm.money[:, :, FEES]
    ahead = ahead - arm.money[:, :, FEES_BACK]
    if found.books.fees != arm.money[-1, :, FEES_OPEN].sum():
        yield f"books: fees of {found.books.fees} not earned, the ledger says otherwise"
    cash = arm.money[:, :, REVENUE] + ahead + found.line("brought_forward")
    for month, segment in np.argwhere(entered(found.lines, "received") != cash)[:1].tolist():
        yield f"books: received is not what customers of segment {segment} paid in month {month}"
    others = sum(entered(found.lines, account) for account in ("refund_liability", "partners", "state"))
    owed = found.liability - np.cumsum(others, axis=0)
    if (cash.cumsum(axis=0) != recognised_of(found.lines).cumsum(axis=0) + owed).any():
        yield "books: at some close received is not revenue + what is owed"
    if int(found.liability[-1].sum()) != found.books.liability:
        yield "books: the journal's liability is not the cohorts'"
    for segment, row in enumerate(arm.money[-1]):
        left = sum(
            c.open for (_, kind, s), c in found.books.cohorts.items() if kind == STORED and s == segment
        )
        if left != row[HELD] + row[BONUS_HELD]:
            yield f"books: {left} of stored value open, customers hold {row[HELD] + row[BONUS_HELD]}"
    months = len(found.lines)
    for kind, held in zip(KINDS, arm.open_lots, strict=False):
        for segment, by_age in enumerate(held.tolist()):
            for age, number in enumerate(by_age):
                cohort = found.books.cohorts.get((months - 1 - age, kind, segment))
                if number != (cohort.open if cohort else 0):
                    yield f"books: {kind} issued {age} months ago: {number} held, the books say otherwise"


def enter(
    books: Books, rows: Rows, sold: int, refunded: int, segment: int, width: int, beside: int = 0
) -> None:
    """A month of a segment, in the order in which its points can have come and gone."""
    if not rows:
        books.post(segment, "sold", sold)
        books.refund(segment, refunded)
        return
    month, first = books.month, rows[0]
    for age in range(1, width):
        if rows[age][U.OPENING]:
            face = portion(rows[age][U.FACE], 1, FIXED)
            books.bring_forward(month - age, KINDS[0], segment, rows[age][U.OPENING], face)
    books.post(segment, "sold", sold - first[U.PAID])
    face = portion(first[U.FACE], 1, FIXED)
    books.sell(KINDS[0], segment, first[U.PAID], first[U.GOODS], first[U.EARNED], face, beside)
    for place in range(0, len(rows), width):
        if rows[place][U.GIVEN]:
            books.give(KINDS[place // width], segment, rows[place][U.GIVEN])
    for place, row in enumerate(rows):
        if place % width:
            use_up(books, month - place % width, KINDS[place // width], segment, row)
    if first[U.RESTORED]:
        books.restore(KINDS[0], segment, first[U.RESTORED])
    for place in range(0, len(rows), width):
        use_up(books, month, KINDS[place // width], segment, rows[place])
    books.refund(segment, refunded)


def enter_stored(books: Books, row: list[int], segment: int, likelihood: int) -> None:
    """A month of stored value: loads with their bonus, uses and lapses of the oldest first, cash paid back.

    Bonus is more value for the same cash, so that each unit used is revenue at what was paid for it.
    """
    if row[OPENING]:
        books.cohort(books.month - 1, STORED, segment).issue(row[OPENING], row[OPENING], likelihood)
        books.post(segment, "brought_forward", row[OPENING])
    if row[IN] or row[BONUS]:
        books.top_up(STORED, segment, row[IN], row[BONUS], likelihood)
    used = row[SPENT] + row[BONUS_SPENT]
    if used < 0:
        books.restore(STORED, segment, -used)
    for issue, number in oldest(books, segment, used):
        books.use(issue, STORED, segment, number)
    for issue, number in oldest(books, segment, row[BACK]):
        books.refund(segment, number - books.pay_back(issue, STORED, segment, number))
    for issue, number in oldest(books, segment, row[REMITTED]):
        books.remit(issue, STORED, segment, number)
    for issue, number in oldest(books, segment, row[GONE] - row[REMITTED] + row[BONUS_GONE]):
        books.lapse(issue, STORED, segment, number)


def oldest(books: Books, segment: int, number: int) -> list[tuple[int, int]]:
    """So much stored value of a segment by month of issue, the oldest first."""
    found = []
    for (issue, kind, s), cohort in sorted(books.cohorts.items()):
        if number > 0 and kind == STORED and s == segment and (there := min(cohort.open, number)) > 0:
            found.append((issue, there))
            number -= there
    return found


def use_up(books: Books, issue: int, kind: str, segment: int, row: list[int]) -> None:
    """What became of one cohort's points in a month."""
    if number := row[U.REDEEMED]:
        books.use(issue, kind, segment, number)
    if number := row[U.TAKEN_BACK]:
        books.take_back(issue, kind, segment, number)
    if number := row[U.EXPIRED] + row[U.FORFEITED]:
        books.lapse(issue, kind, segment, number)


def review(books: Books, flows: tuple[Flows, ...], method: str, expires: bool) -> None:
    """The estimates are made anew from what has happened: a catch-up, and other prices of points to come."""
    for kind, part in zip(KINDS, flows, strict=False):
        found = outlook(method, part.to(books.month), expires)
        for (issue, instrument, segment), cohort in books.cohorts.items():
            if instrument == kind and cohort.open:
                likely = round(found.open[segment, books.month - issue] * PARTS)
                books.revise(issue, instrument, segment, cohort.used * PARTS + cohort.open * likely)
        if kind == KINDS[0]:
            books.likelihood = round(likelihood_of(found, part.to(books.month)) * PARTS)


def likelihood_of(found: Outlook, known: Flows) -> float:
    """The rate of issue of all segments together, by what they have been issued."""
    issued = known.issued.sum(axis=(0, 2))
    return float((found.issue * issued).sum() / issued.sum()) if issued.sum() > 0 else 0.0


def expected_uses(books: Books) -> float:
    """Points expected to be used over points open, by the books' estimates."""
    ahead = open_points = 0
    for (_, kind, _), cohort in books.cohorts.items():
        if kind in KINDS and (left := cohort.open):
            ahead += cohort.within_reach() - cohort.used * PARTS
            open_points += left
    return ahead / PARTS / open_points if open_points else 0.0


def refunds_expected(arm: Arm, terms: Terms, days: np.ndarray) -> np.ndarray:
    """Change of the refunds still to be expected at each close, int64 [month, segment].

    A sale comes back with the chance `returned`, on a day spread evenly over the next `return_within`: at a
    close T days after it the part max(0, 1 − T / within) of that is still to come, on average over its month.
    """
    months = len(arm.money)
    still = np.zeros((months, arm.money.shape[1]), np.int64)
    if terms.returned == 0.0:
        return still
    sold = arm.money[:, :, REVENUE] + arm.money[:, :, REFUNDS]
    for month in range(months):
        begins, ends, close = days[: month + 1], days[1 : month + 2], days[month + 1]
        early = np.minimum(close - begins, terms.return_within)
        late = np.minimum(close - ends, terms.return_within)
        within = terms.return_within
        part = ((early - early**2 / (2 * within)) - (late - late**2 / (2 * within))) / (ends - begins)
        still[month] = np.rint((sold[: month + 1] * (terms.returned * part)[:, None]).sum(axis=0)).astype(
            np.int64
        )
    return np.diff(still, axis=0, prepend=0)


def fees_expected_back(arm: Arm) -> np.ndarray:
    """Change of the fees expected to be paid back at each close, int64 [month, segment].

    Of what is deferred the share that was paid back, of all that was earned or paid back in the last year.
    """
    still = np.zeros(arm.money.shape[:2], np.int64)
    for month, segment in np.argwhere(arm.money[:, :, FEES_OPEN] > 0).tolist():
        year = arm.money[max(month + 1 - YEAR, 0) : month + 1, segment]
        back, earned = int(year[:, FEES_BACK].sum()), int(year[:, FEES_EARNED].sum())
        still[month, segment] = portion(int(arm.money[month, segment, FEES_OPEN]), back, back + earned)
    return np.diff(still, axis=0, prepend=0)


def as_table(books: Books, months: int, segments: int) -> np.ndarray:
    """The journal added up by month, segment and line."""
    lines = np.zeros((months, segments, len(LINES)), np.int64)
    place = {name: number for number, name in enumerate(LINES)}
    for entry in books.journal:
        lines[entry.month, entry.segment, place[entry.line]] += entry.amount
    return lines


def recognised_of(lines: np.ndarray) -> np.ndarray:
    """Revenue by month and segment, of goods and of rights."""
    return -entered(lines, "goods") - entered(lines, "rights")


def liability_of(lines: np.ndarray) -> np.ndarray:
    """Contract liability at the closes: what the lines have put into its account."""
    return -entered(lines, "liability").cumsum(axis=0)


def entered(lines: np.ndarray, account: str) -> np.ndarray:
    """What the lines of each month debit to an account, less what they credit to it; by segment."""
    total = np.zeros(lines.shape[:2], np.int64)
    for number, name in enumerate(LINES):
        debit, credit = POSTINGS[name]
        total += lines[:, :, number] * ((debit == account) - (credit == account))
    return total
