"""Books kept by double entry, month by month, for one segment after another (IFRS 15, ASC 606).

Every act of business is one posting or a few: an amount from the credit of one account to the debit of
another, so that a journal balances whatever is posted. What is *held to* be true, after every step, is told
by `broken`: received = revenue + contract liability + refund liability + payable to partners, to the cent,
and the liability of the ledger is that of its cohorts. Illustrative, not accounting advice.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from loyaltysim.metrics.finance.core import (
    ESCHEAT,
    PARTS,
    PROPORTIONAL,
    Cohort,
    allocated,
    portion,
    stand_alone,
)

ACCOUNTS = ("received", "goods", "rights", "liability", "refund_liability", "partners", "state")
POSTINGS = {  # what is posted: debit, credit; an amount below 0 goes the other way
    "sold": ("received", "goods"),
    "deferred": ("goods", "liability"),
    "used": ("liability", "rights"),
    "lapsed": ("liability", "rights"),
    "revised": ("liability", "rights"),
    "refunded": ("goods", "received"),
    "withdrawn": ("liability", "goods"),
    "restored": ("rights", "liability"),
    "returns_expected": ("goods", "refund_liability"),
    "brought_forward": ("received", "liability"),
    "topped_up": ("received", "liability"),
    "paid_back": ("liability", "received"),
    "remitted": ("liability", "state"),
    "remitted_more": ("goods", "state"),
    "fees_back_expected": ("liability", "refund_liability"),
    "fee_paid": ("received", "liability"),
    "fee_earned": ("liability", "rights"),
    "collected": ("goods", "partners"),
    "paid_on": ("partners", "received"),
}
LINES = tuple(POSTINGS)
Key = tuple[int, str, int]  # month of issue, instrument, segment


@dataclass(slots=True)
class Entry:
    """One posting of one month."""

    month: int
    segment: int
    line: str
    amount: int

    @property
    def accounts(self) -> tuple[str, str]:
        """Debit and credit."""
        return POSTINGS[self.line]


@dataclass(slots=True)
class Books:
    """The cohorts and the journal of a firm."""

    method: str = PROPORTIONAL
    likelihood: int = PARTS  # of use, of rights issued from now on
    month: int = 0
    cohorts: dict[Key, Cohort] = field(default_factory=dict)
    fees: int = 0  # paid for terms, not earned yet
    fees_back: int = 0  # of these, expected to be paid back: no contract liability, but a refund liability
    journal: list[Entry] = field(default_factory=list)
    balances: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ACCOUNTS, 0))
    released: dict[tuple[str, int], tuple[int, int]] = field(default_factory=dict)
    """Rights used and not restored, and their revenue, by instrument and segment."""

    def post(self, segment: int, line: str, amount: int) -> int:
        """Enter an amount; returns it."""
        if amount:
            debit, credit = POSTINGS[line]
            self.balances[debit] += amount
            self.balances[credit] -= amount
            self.journal.append(Entry(self.month, segment, line, amount))
        return amount

    def cohort(self, issue: int, instrument: str, segment: int) -> Cohort:
        """The cohort of a month of issue, opened when it is first asked for."""
        key = (issue, instrument, segment)
        if key not in self.cohorts:
            self.cohorts[key] = Cohort(method=self.method)
        return self.cohorts[key]

    # ---------------------------------------------------------------- sales and rights

    def sell(
        self, instrument: str, segment: int, paid: int, goods: int, rights: int, face: int, beside: int = 0
    ) -> int:
        """Goods are sold, and rights come with them; what is deferred for these.

        `beside`: stand-alone price of other rights that come with the same goods.
        """
        self.post(segment, "sold", paid)
        amount = allocated(paid, goods + beside, stand_alone(face, self.likelihood))
        self.cohort(self.month, instrument, segment).issue(rights, amount, self.likelihood)
        return self.post(segment, "deferred", amount)

    def give(self, instrument: str, segment: int, rights: int) -> None:
        """Rights without a purchase are no liability: a memo until they are used."""
        self.cohort(self.month, instrument, segment).issue(rights, 0, self.likelihood)

    def bring_forward(self, issue: int, instrument: str, segment: int, rights: int, face: int) -> int:
        """Rights from before the books began, at their stand-alone price: their price was received before."""
        amount = stand_alone(face, self.likelihood)
        self.cohort(issue, instrument, segment).issue(rights, amount, self.likelihood)
        return self.post(segment, "brought_forward", amount)

    def use(self, issue: int, instrument: str, segment: int, rights: int) -> int:
        """Rights of a cohort are used: liability becomes revenue."""
        amount = self.cohort(issue, instrument, segment).use(rights)
        used, revenue = self.released.get((instrument, segment), (0, 0))
        self.released[instrument, segment] = used + rights, revenue + amount
        return self.post(segment, "used", amount)

    def lapse(self, issue: int, instrument: str, segment: int, rights: int) -> int:
        """Rights of a cohort expire, or are forfeited."""
        cohort = self.cohort(issue, instrument, segment)
        before = cohort.remitted
        amount = cohort.lapse(rights)
        self.post(segment, "remitted", cohort.remitted - before)
        return self.post(segment, "lapsed", amount)

    def revise(self, issue: int, instrument: str, segment: int, expected: int) -> int:
        """Another estimate of a cohort's uses (× PARTS): the catch-up."""
        return self.post(segment, "revised", self.cohort(issue, instrument, segment).revise(expected))

    # ---------------------------------------------------------------- returns and refunds

    def refund(self, segment: int, amount: int) -> int:
        """Money is paid back."""
        return self.post(segment, "refunded", amount)

    def take_back(self, issue: int, instrument: str, segment: int, rights: int) -> int:
        """Open rights go back with the sale that they came with."""
        return self.post(segment, "withdrawn", self.cohort(issue, instrument, segment).withdraw(rights))

    def restore(self, instrument: str, segment: int, rights: int) -> int:
        """Rights that had paid for a sale are hers again: the revenue of their use goes back, at its mean."""
        used, revenue = self.released.get((instrument, segment), (0, 0))
        amount = portion(revenue, min(rights, used), used)
        self.released[instrument, segment] = used - min(rights, used), revenue - amount
        self.cohort(self.month, instrument, segment).issue(rights, amount, self.likelihood)
        return self.post(segment, "restored", amount)

    def expect_returns(self, segment: int, change: int) -> int:
        """The refunds still to be expected rise by this."""
        return self.post(segment, "returns_expected", change)

    # ---------------------------------------------------------------- stored value and partners

    def top_up(
        self, instrument: str, segment: int, cash: int, bonus: int, likelihood: int | None = None
    ) -> int:
        """Value is loaded: a liability in full, the bonus being more rights for the same cash."""
        likely = self.likelihood if likelihood is None else likelihood
        self.cohort(self.month, instrument, segment).issue(cash + bonus, cash, likely)
        return self.post(segment, "topped_up", cash)

    def pay_back(self, issue: int, instrument: str, segment: int, rights: int) -> int:
        """Stored value is paid back."""
        return self.post(segment, "paid_back", self.cohort(issue, instrument, segment).withdraw(rights))

    def take_fee(self, segment: int, amount: int) -> int:
        """A fee for a term is paid: a liability until it is earned."""
        self.fees += amount
        return self.post(segment, "fee_paid", amount)

    def earn_fee(self, segment: int, amount: int) -> int:
        """So much of fees has been earned by the days that have gone by (`core.straight_line`)."""
        self.fees -= amount
        return self.post(segment, "fee_earned", amount)

    def bring_fees(self, segment: int, amount: int) -> int:
        """What is not earned yet of fees from before the books began."""
        self.fees += amount
        return self.post(segment, "brought_forward", amount)

    def refund_fees(self, segment: int, amount: int) -> int:
        """What is left of fees is paid back."""
        self.fees -= amount
        return self.post(segment, "paid_back", amount)

    def expect_fees_back(self, segment: int, change: int) -> int:
        """The fees still expected to be paid back rise by this (IFRS 15.55)."""
        self.fees_back += change
        return self.post(segment, "fees_back_expected", change)

    def remit(self, issue: int, instrument: str, segment: int, rights: int) -> int:
        """Money that nobody asks for belongs to the state: a liability, never revenue (IFRS 15.B47)."""
        owed = self.post(segment, "remitted", self.cohort(issue, instrument, segment).withdraw(rights))
        self.post(segment, "remitted_more", rights - owed)
        return owed

    def sell_for_partner(self, segment: int, paid: int, payable: int) -> int:
        """Another operator's points are sold with goods: the firm is an agent and keeps the margin."""
        self.post(segment, "sold", paid)
        return self.post(segment, "collected", payable)

    def pay_partner(self, segment: int, amount: int) -> int:
        """What is owed to a partner is paid."""
        return self.post(segment, "paid_on", amount)

    def close(self) -> None:
        """The month ends."""
        self.month += 1

    # ---------------------------------------------------------------- what must hold

    @property
    def received(self) -> int:
        """Consideration received to date, net of what was paid back and paid on."""
        return self.balances["received"]

    @property
    def revenue(self) -> int:
        """Revenue to date, of goods and of rights."""
        return -self.balances["goods"] - self.balances["rights"]

    @property
    def liability(self) -> int:
        """Contract liability: the sum of the cohorts', and fees not earned that are not expected back."""
        return sum(cohort.liability for cohort in self.cohorts.values()) + self.fees - self.fees_back


def broken(books: Books) -> Iterator[str]:
    """Every identity of the books that does not hold (MODEL 5; TRUST L2, L6)."""
    if sum(books.balances.values()):
        yield "the journal does not balance"
    owed = books.liability - books.balances["refund_liability"] - books.balances["partners"]
    owed -= books.balances["state"]
    if books.received != books.revenue + owed:
        yield f"received {books.received} is not revenue {books.revenue} + owed {owed}"
    if books.liability != -books.balances["liability"]:
        yield f"the cohorts owe {books.liability}, the ledger {-books.balances['liability']}"
    if books.fees < 0:
        yield f"fees: {-books.fees} more are earned than were paid"
    if not 0 <= books.fees_back <= books.fees:
        yield f"fees: {books.fees_back} of {books.fees} not earned are expected back"
    for key, cohort in books.cohorts.items():
        if min(cohort.open, cohort.used, cohort.lapsed) < 0:
            yield f"{key}: more is used than was issued"
        if not 0 <= cohort.recognised + cohort.remitted <= cohort.allocation:
            yield f"{key}: revenue {cohort.recognised} of {cohort.allocation}"
        if cohort.open == 0 and cohort.liability:
            yield f"{key}: {cohort.liability} is owed for rights that are gone"
        if cohort.remitted and cohort.method != ESCHEAT:
            yield f"{key}: goes to the state without a law that says so"
