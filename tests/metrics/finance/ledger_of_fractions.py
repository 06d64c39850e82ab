"""Rights and their liability once more, in exact fractions, cohort by cohort: what the books are held to.

Nothing of the package is called. Points only; `estimate` is the share expected to be used in the end.
"""

from dataclasses import dataclass, field
from fractions import Fraction

NONE = Fraction(0)


@dataclass
class Lot:
    """A cohort: rights, what was paid for them, what is used and gone."""

    issued: Fraction = NONE
    used: Fraction = NONE
    gone: Fraction = NONE
    paid: Fraction = NONE
    expected: Fraction = NONE
    steps: int = 0  # roundings so far

    @property
    def open(self):
        return self.issued - self.used - self.gone

    @property
    def in_the_end(self):
        return min(max(self.expected, self.used), self.used + self.open)

    @property
    def owed(self):
        if self.open == 0:
            return NONE
        return self.paid if self.used == 0 else self.paid * (1 - self.used / self.in_the_end)


@dataclass
class Account:
    """What has come in, and what is still owed for it."""

    lots: dict = field(default_factory=dict)
    received: Fraction = NONE
    refunds_expected: Fraction = NONE
    partners: Fraction = NONE

    def lot(self, key):
        return self.lots.setdefault(key, Lot())

    @property
    def owed(self):
        return sum((lot.owed for lot in self.lots.values()), NONE)

    @property
    def revenue(self):
        return self.received - self.owed - self.refunds_expected - self.partners

    def sell(self, key, paid, goods, rights, face, estimate):
        price = face * estimate
        share = paid * price / (goods + price) if goods + price else NONE
        self.received += paid
        self.issue(key, rights, share, estimate)

    def issue(self, key, rights, paid, estimate):
        lot = self.lot(key)
        lot.issued += rights
        lot.paid += paid
        lot.expected += rights * estimate
        lot.steps += 1

    def take_back(self, key, rights):
        lot = self.lot(key)
        left = (lot.open - rights) / lot.open
        owed = lot.owed * (1 - left)
        lot.expected = lot.used + (lot.in_the_end - lot.used) * left
        lot.issued -= rights
        lot.paid -= owed
        lot.steps += 2
        return owed
