"""The points book once more, of one customer, by lists and exact fractions: what rules are held to.

Whole numbers and `Fraction` only; nothing of the package is called.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction

EARNED, GIVEN = 0, 1  # of one month, points of purchases are used before those given
DOWN, NEAREST, UP = range(3)
ROUNDED = {DOWN: math.floor, NEAREST: lambda x: math.floor(x + Fraction(1, 2)), UP: math.ceil}
PLACES = 8  # sales that may be on their way back at once


@dataclass
class Terms:
    """A scheme as a person would write it down."""

    earn: Fraction
    per_visit: bool
    worth: Fraction  # minor units a point
    minimum: int
    step: int
    validity: int
    rolling: bool
    rounding: int
    cashback: Fraction
    member_price: Fraction
    pays: bool  # rewards pay for what she would have bought
    sign_up: int
    endowed: int
    birthday: int
    fickle: bool  # she puts her card aside unless a purchase takes her to a reward
    charges: bool
    tier_at: int  # visits
    tier_times: Fraction


@dataclass
class Sale:
    """A sale that is going to come back."""

    due: float
    net: int
    earned: int
    tender: int  # points that paid for it
    counted: bool


@dataclass
class Account:
    """One customer's points, month by month."""

    terms: Terms
    member: bool
    bonus: int
    lots: dict[tuple[int, int], int] = field(default_factory=dict)  # (month, kind) -> points
    debt: int = 0
    month: int = 0
    bought: int = 0
    joined_card: bool = False
    reached: bool = False
    aside: bool = False
    visits: int = 0
    tier: bool = False
    spent: int = 0
    places: list[Sale | None] = field(default_factory=lambda: [None] * PLACES)
    books: dict[str, int] = field(default_factory=dict)

    def book(self, name: str, number: int) -> None:
        """Enter a flow."""
        self.books[name] = self.books.get(name, 0) + number

    @property
    def balance(self) -> int:
        """Points that she holds."""
        return sum(self.lots.values())

    def open(self, number: int, ages: list[int]) -> None:
        """Points held on the first day, by these weights of the months before; she is a member now."""
        before, whole = 0, sum(ages)
        for age in range(1, len(ages) + 1):
            so_far = number * sum(ages[:age]) // whole
            if so_far > before:
                self.lots[self.month - age, EARNED] = so_far - before
                self.bought = max(m for m, _ in self.lots)
            before = so_far
        self.book("issued", number)
        self.book("opening", number)
        self.joined_card = self.reached = self.member = True

    def credit(self, number: int, kind: int) -> None:
        """Points come in: a debt first, the rest a lot of this month."""
        paid = min(self.debt, number)
        self.debt -= paid
        key = (self.month, kind)
        self.lots[key] = self.lots.get(key, 0) + number - paid

    def take(self, number: int, youngest: bool) -> None:
        """Points go out, oldest or youngest month first, of a month those earned before those given."""
        for key in sorted(self.lots, key=lambda k: (-k[0] if youngest else k[0], k[1])):
            out = min(self.lots[key], number)
            self.lots[key] -= out
            number -= out
        assert number == 0

    def give(self, number: int) -> None:
        """Points without a purchase."""
        self.credit(number, GIVEN)
        self.book("issued", number)
        self.book("given", number)

    def redeemable(self, due: int) -> int:
        """Most points that she may use."""
        t, steps = self.terms, self.balance // self.terms.step
        if t.worth > 0:
            steps = min(steps, math.floor(due / (t.worth * t.step)))
        return steps * t.step if self.balance >= t.minimum and steps * t.step >= t.minimum else 0

    def face(self, number: int) -> int:
        """Worth of so many points, minor units."""
        return math.floor(number * self.terms.worth + Fraction(1, 2))

    def buy(self, price: int, willing: bool) -> Sale:
        """A purchase; returns what it would take to undo it."""
        t = self.terms
        shows = self.member
        off = ROUNDED[NEAREST](price * t.member_price) if shows else 0
        due = price - off
        part = shows and not self.aside
        used = self.redeemable(due) if part and willing else 0
        paid = min(self.face(used), due) if t.pays else 0
        if used:
            self.take(used, youngest=False)
            self.book("redeemed", used)
        earned = 0
        if part and due - paid > 0:
            earned = ROUNDED[t.rounding](t.earn if t.per_visit else (due - paid) * t.earn)
        cash = ROUNDED[NEAREST]((due - paid) * t.cashback) if shows else 0
        net = due - paid - cash
        if shows:
            earned = math.floor(earned * (t.tier_times if self.tier else 1))
            self.visits += 1
            self.tier = self.tier or self.visits >= t.tier_at
        if part:
            if not self.joined_card:
                self.joined_card = True
                self.give(t.sign_up + t.endowed)
            self.credit(earned, EARNED)
            self.book("issued", earned)
            if not self.reached:
                self.reached = self.balance >= t.minimum or used > 0
                self.aside = t.fickle and not self.reached
        self.bought = self.month
        self.spent += net
        if not self.member:
            self.member = True
            self.credit(self.bonus, EARNED)
            self.book("issued", self.bonus)
            self.book("given", self.bonus)
        return Sale(math.nan, net, earned, used if paid > 0 else 0, shows)

    def undo(self, sale: Sale) -> None:
        """A sale is brought back."""
        t = self.terms
        self.credit(sale.tender, EARNED)
        self.book("restored", sale.tender)
        there = min(self.balance, sale.earned)
        self.take(there, youngest=True)
        self.book("taken_back", sale.earned)
        missing, charge = sale.earned - there, 0
        if missing and t.charges:
            charge = min(self.face(missing), sale.net)
            self.book("charged", missing)
        else:
            self.debt += missing
        self.spent -= sale.net - charge
        if sale.counted:
            self.visits -= 1

    def undo_due(self, now: float) -> None:
        """Everything that is due has come back."""
        for place, sale in enumerate(self.places):
            if sale is not None and sale.due <= now:
                self.places[place] = None
                self.undo(sale)

    def place_for_one(self) -> int:
        """Where the next sale waits; the one due first makes room."""
        for place, sale in enumerate(self.places):
            if sale is None:
                return place
        first = min(range(PLACES), key=lambda k: self.places[k].due)  # type: ignore[union-attr]
        sale, self.places[first] = self.places[first], None
        assert sale is not None
        self.undo(sale)
        return first

    def close(self, birth_month: int) -> None:
        """Expiry, then the birthday."""
        t = self.terms
        gone = []
        if t.validity:
            if t.rolling:
                gone = list(self.lots) if self.month - self.bought >= t.validity else []
            else:
                gone = [key for key in self.lots if self.month - key[0] >= t.validity]
        self.book("expired", sum(self.lots.pop(key) for key in gone))
        if t.birthday and self.joined_card and self.month % 12 == birth_month:
            self.give(t.birthday)
        self.month += 1

    def leave(self) -> None:
        """She leaves the market: points are forfeited, a debt is written off."""
        self.book("forfeited", self.balance)
        self.book("written_off", self.debt)
        self.lots, self.debt = {}, 0
