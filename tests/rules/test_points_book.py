"""The points book against a ledger of lists and fractions: TRUST L1, L2, and the stateful fuzz of §2a.

The breaks named in the docstrings were made in a copy of the tree and seen to fail the test.
"""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from small_worlds import record

from loyaltysim.rules.ledger import USES, U
from loyaltysim.rules.parameters import SEGMENT
from loyaltysim.rules.programme import points as book
from loyaltysim.rules.programme.opening import issue_before
from loyaltysim.rules.programme.terms import DOWN, NEAREST, POINTS, UP

MONTHS = 30
ROUNDED = {
    DOWN: math.floor,
    NEAREST: lambda x: math.floor(x + Fraction(1, 2)),
    UP: math.ceil,
}
rates = st.fractions(min_value=0, max_value=50, max_denominator=1000)
positive_rates = st.fractions(min_value=Fraction(1, 1000), max_value=50, max_denominator=1000)


def blank(lots, gifts=()):
    """Rows that nobody reads: what becomes of points of each age."""
    return np.zeros((len(lots) + len(gifts), len(USES)), np.int64)


def scheme(
    earn,
    worth,
    minimum=1,
    step=1,
    validity=0,
    rolling=0,
    rounding=DOWN,
    per_visit=0,
    **more,
):
    """A points scheme whose rates are exact fractions."""
    return record(
        POINTS, active=1, earn=earn.numerator, earn_over=earn.denominator, worth=worth.numerator,
        worth_over=worth.denominator, minimum=minimum, step=step, validity=validity, rolling=rolling,
        rounding=rounding, per_visit=per_visit, **more,
    )  # fmt: skip


class Book(RuleBasedStateMachine):
    """{earn, redeem, close} in any order, against lots in a list: oldest first, lapsing by their month."""

    @initialize(
        validity=st.integers(0, 6), rolling=st.booleans(), minimum=st.integers(1, 60),
        part=st.integers(1, 60), earn=positive_rates, worth=rates,
        rounding=st.sampled_from([DOWN, NEAREST, UP]), held=st.integers(0, 500),
        weights=st.lists(st.integers(0, 3), max_size=4),
    )  # fmt: skip
    def open_book(self, validity, rolling, minimum, part, earn, worth, rounding, held, weights):
        self.rolling = rolling and validity > 0
        step = min(part, minimum)
        self.terms = scheme(earn, worth, minimum, step, validity, int(self.rolling), rounding)
        self.earn_rate, self.worth, self.rounding = earn, worth, rounding
        self.minimum, self.step, self.validity = minimum, step, validity
        fixed = validity > 0 and not self.rolling
        weights = weights[:validity] if fixed else weights
        months = MONTHS + len(weights)
        self.lots = np.zeros(min(validity + 1, months) if fixed else months, np.int32)
        self.model = []  # [month, points left, points issued, redeemed, expired] by lot, oldest first
        self.month = self.bought = self.balance = 0
        self.issued = self.redeemed = self.expired = 0
        if sum(weights):
            self.open_with(held, weights)

    def open_with(self, held, weights):
        """A balance from before the first month: its lots by exact fractions."""
        shares = np.cumsum(weights) / np.sum(weights)
        age = issue_before(self.terms, self.lots, shares, 0, held, blank(self.lots))
        before = 0
        for months, share in enumerate(shares, 1):
            so_far = math.floor(held * share)
            if so_far > before:
                self.model.insert(0, [-months, so_far - before, so_far - before, 0, 0])
            before = so_far
        assert before == held
        assert age == (-self.model[-1][0] if self.model else 0)
        self.bought = -age
        self.balance = self.issued = held

    @rule(net=st.integers(-5, 20_000))
    def earn(self, net):
        number = book.earned(self.terms, net)
        assert number == (ROUNDED[self.rounding](net * self.earn_rate) if net > 0 else 0)
        book.grant(self.lots, self.month, number)
        self.balance += number
        self.issued += number
        self.bought = self.month
        if not self.model or self.model[-1][0] != self.month:
            self.model.append([self.month, 0, 0, 0, 0])
        self.model[-1][1] += number
        self.model[-1][2] += number

    @rule(price=st.integers(0, 30_000))
    def redeem(self, price):
        number = book.redeemable(self.terms, self.balance, price)
        most = self.balance // self.step
        if self.worth > 0:
            most = min(most, math.floor(price / (self.step * self.worth)))
        expected = (
            most * self.step if self.balance >= self.minimum and most * self.step >= self.minimum else 0
        )
        assert number == expected <= self.balance
        assert book.face_value(self.terms, number) <= price or self.worth == 0 or number == 0
        if number == 0:
            return
        book.take_oldest(self.lots, self.lots[:0], self.month, number, blank(self.lots))
        self.balance -= number
        self.redeemed += number
        for lot in self.model:
            taken = min(number, lot[1])
            lot[1] -= taken
            lot[3] += taken
            number -= taken
        assert number == 0

    @precondition(lambda self: self.month < MONTHS - 1)
    @rule()
    def close(self):
        lapsed = book.lapsing(self.terms, self.lots, self.month, self.bought, blank(self.lots), 0)
        expected = 0
        for lot in self.model:
            if self.rolling:
                over = self.month - self.bought >= self.validity
            else:
                over = self.validity > 0 and self.month - lot[0] >= self.validity
            if over:
                expected += lot[1]
                lot[4] += lot[1]
                lot[1] = 0
        assert lapsed == expected
        self.balance -= lapsed
        self.expired += lapsed
        self.month += 1

    @precondition(lambda self: self.month > MONTHS // 2)
    @rule()
    def leave_the_market(self):
        forfeited = book.all_points(self.lots)
        assert forfeited == self.balance == sum(lot[1] for lot in self.model)
        self.expired += forfeited
        self.balance = 0
        for lot in self.model:
            lot[4] += lot[1]
            lot[1] = 0

    @invariant()
    def books_balance(self):
        if not hasattr(self, "lots"):
            return
        assert self.lots.min() >= 0
        assert self.lots.sum() == self.balance == self.issued - self.redeemed - self.expired
        for month, left, issued, redeemed, expired in self.model:
            assert issued == redeemed + expired + left  # L2, lot by lot
            if left:
                assert self.lots[month % len(self.lots)] == left


Book.TestCase.settings = settings(max_examples=100, stateful_step_count=50, deadline=None)
test_the_book_is_the_ledger_of_lists = Book.TestCase
"""Breaks: newest lot first; a lot lapsing one close early; face value that is rounded up beyond the price."""


@given(
    whole=st.integers(1, 10**4),
    beside=st.integers(-1, 1),
    rate=rates,
    rounding=st.sampled_from([DOWN, NEAREST, UP]),
)
@example(whole=2, beside=0, rate=Fraction(1, 49), rounding=DOWN)
@settings(max_examples=400, deadline=None)
def test_points_earned_are_rounded_exactly(whole, beside, rate, rounding):
    """Floor, half up or ceiling of the exact product, for rates that no float holds, at and beside the steps.

    Break: the product in float.
    """
    net = max(1, whole * rate.denominator // 2 + beside)
    assert book.earned(scheme(rate, Fraction(1), rounding=rounding), net) == ROUNDED[rounding](net * rate)


@settings(deadline=None)
@given(
    net=st.integers(-5, 2_000_000), rate=st.fractions(0, 50, max_denominator=100),
    mix=st.fractions(0, 100, max_denominator=1000), rounding=st.sampled_from([DOWN, NEAREST, UP]),
)  # fmt: skip
def test_a_basket_of_several_classes_is_rounded_once(net, rate, mix, rounding):
    """Points = net x rate x mean factor, rounded once. Break: rounded before the factor."""
    segment = record(SEGMENT, mix_times=mix.numerator, mix_over=mix.denominator, mix_times_before=3,
                     mix_over_before=2)  # fmt: skip
    terms = scheme(rate, Fraction(1), rounding=rounding, mixed=1)
    wanted = ROUNDED[rounding](net * rate * mix) if net > 0 else 0
    assert book.earned_by_class(terms, segment, net) == wanted
    before = scheme(rate, Fraction(1), rounding=rounding, mixed=2)
    wanted = ROUNDED[rounding](net * rate * Fraction(3, 2)) if net > 0 else 0
    assert book.earned_by_class(before, segment, net) == wanted
    assert book.mean_factor(terms, segment) == mix.numerator / mix.denominator


@pytest.mark.parametrize(("rounding", "points"), [(DOWN, 0), (NEAREST, 1), (UP, 1)])
def test_half_a_point(rounding, points):
    """50 cents at a point a euro."""
    assert book.earned(scheme(Fraction(1, 100), Fraction(1), rounding=rounding), 50) == points


def test_nothing_is_earned_on_nothing():
    """Nothing on a basket that points paid for in full, nor on a visit without pay; else once per visit."""
    per_visit = scheme(Fraction(1), Fraction(1), per_visit=1)
    assert [book.earned(per_visit, net) for net in (-1, 0, 1, 10_000)] == [0, 0, 1, 1]
    assert book.earned(scheme(Fraction(5), Fraction(1), rounding=UP), 0) == 0


@given(number=st.integers(0, 10**6), worth=rates)
@settings(max_examples=200, deadline=None)
def test_face_value_is_the_nearest_minor_unit(number, worth):
    assert book.face_value(scheme(Fraction(1), worth), number) == ROUNDED[NEAREST](number * worth)


@given(
    face=st.floats(0, 1e6),
    hassle=st.floats(0, 1e5),
    scale=st.floats(0.5, 1e5),
    valuation=st.floats(0, 3),
)
@settings(max_examples=300, deadline=None)
def test_the_hazard_of_redeeming_is_minus_log_of_not_redeeming(face, hassle, scale, valuation):
    """-ln(1 - P), P the logit of E22; finite and never below 0, also where 1 - P has no digits left.

    Break: -ln(1 - P) computed as written.
    """
    terms = record(POINTS, active=1, valuation=valuation, hassle=hassle, choice_scale=scale)
    p = book.chance_of_redeeming(terms, face)
    hazard = book.redeeming_hazard(terms, face)
    x = (valuation * face - hassle) / scale
    assert 0.0 <= p <= 1.0 and hazard >= 0.0 and math.isfinite(hazard)
    if abs(x) < 30.0:
        assert p == pytest.approx(1.0 / (1.0 + math.exp(-x)), rel=1e-12)
        assert hazard == pytest.approx(-math.log1p(-p), rel=1e-3 if x > 25 else 1e-6)
    elif x >= 30.0:
        assert hazard == pytest.approx(x, rel=1e-12)


def test_many_visits_redeem_as_independent_visits_would():
    """The share of resistances that two visits at P = .3 and .6 use up is 1 - .7 x .4 (E22 as a hazard)."""
    terms = record(POINTS, active=1, valuation=1.0, choice_scale=1.0)
    faces = [math.log(p / (1.0 - p)) for p in (0.3, 0.6)]
    total = sum(book.redeeming_hazard(terms, face) for face in faces)
    assert 1.0 - math.exp(-total) == pytest.approx(1.0 - 0.7 * 0.4, rel=1e-12)


@given(
    lots=st.lists(st.integers(0, 50), min_size=3, max_size=3),
    balance_part=st.floats(0, 1),
    month=st.integers(2, 40),
)
@settings(max_examples=100, deadline=None)
def test_a_redemption_never_touches_a_younger_lot_first(lots, balance_part, month):
    """L2: a lot has lost points only if every older one is empty.

    Break: the loop over ages turned round.
    """
    ring = np.zeros(3, np.int32)
    for age, number in enumerate(lots):  # age 0 is this month's
        ring[(month - age) % 3] = number
    number = int(balance_part * sum(lots))
    book.take_oldest(ring, ring[:0], month, number, blank(ring))
    left = [int(ring[(month - age) % 3]) for age in range(3)]
    assert sum(lots) - sum(left) == number
    for age in range(3):
        if left[age] < lots[age]:
            assert not any(left[age + 1 :])


@given(
    earned=st.lists(st.integers(0, 100), min_size=12, max_size=12),
    used=st.lists(st.integers(0, 60), min_size=12, max_size=12),
    lives=st.tuples(st.integers(1, 6), st.integers(1, 6)),
)
@settings(max_examples=150, deadline=None)
def test_points_that_live_longer_expire_less_if_used_alike(earned, used, lives):
    """M18 with redemptions: what the shorter life allows to be redeemed is redeemed under both lives."""
    short, long = sorted(lives)
    books = {
        life: (
            scheme(Fraction(1), Fraction(1), validity=life),
            np.zeros(life + 1, np.int32),
        )
        for life in lives
    }
    expired = dict.fromkeys(lives, 0)
    for month in range(12):
        number = min(used[month], int(books[short][1].sum()) + earned[month])
        for life, (terms, lots) in books.items():
            book.grant(lots, month, earned[month])
            book.take_oldest(lots, lots[:0], month, number, blank(lots))
            expired[life] += book.lapsing(terms, lots, month, month, blank(lots), 0)
        assert expired[long] <= expired[short]


def test_what_points_are_worth_to_her_in_her_choice_of_home():
    """Flow: worth x valuation per unit spent; stock: what she holds over the purchases of H, at least one."""
    terms = scheme(Fraction(1, 100), Fraction(5), valuation=0.8)
    assert book.flow_value(terms, 540.0, 1.0) == pytest.approx(0.8 * 5 / 100, rel=1e-15)
    assert book.stock_value(terms, 200, 540.0, 4.0, 1.0) == pytest.approx(0.8 * 200 * 5 / 540 / 4, rel=1e-15)
    assert book.stock_value(terms, 200, 540.0, 0.25, 1.0) == pytest.approx(0.8 * 200 * 5 / 540, rel=1e-15)
    stamps = scheme(Fraction(1), Fraction(50), per_visit=1, valuation=0.8)
    assert book.flow_value(stamps, 500.0, 1.0) == pytest.approx(0.8 * 50 / 500, rel=1e-15)
    none = record(POINTS, worth=5, worth_over=1, earn=1, earn_over=1, valuation=1.0)
    assert book.flow_value(none, 540.0, 1.0) == book.stock_value(none, 200, 540.0, 1.0, 1.0) == 0.0


@pytest.mark.parametrize("validity", [1, 3])
def test_a_lot_lapses_at_its_validity(validity):
    """At the close so many months after its own, not before and not after; gifts by the same rule."""
    terms = scheme(Fraction(1), Fraction(1), validity=validity)
    lots = np.zeros(validity + 1, np.int32)
    book.grant(lots, 0, 9)
    uses = blank(lots)
    gone = [book.lapsing(terms, lots, month, 0, uses, 0) for month in range(validity + 2)]
    assert gone == [0] * validity + [9, 0]
    assert uses[:, U.EXPIRED].tolist() == gone[:-1] and uses.sum() == 9


def test_a_shorter_validity_ends_older_lots_at_the_next_close():
    """Lots of months 0 to 3; from month 3 on they live two months. Break: only the lot of that age lapses."""
    lots = np.array([1, 2, 4, 8, 0], np.int32)
    uses = blank(lots)
    terms = scheme(Fraction(1), Fraction(1), validity=2)
    assert book.lapsing(terms, lots, 3, 3, uses, 0) == 3
    assert lots.tolist() == [0, 0, 4, 8, 0] and uses[:, U.EXPIRED].tolist() == [0, 0, 2, 1, 0]


@pytest.mark.parametrize("balance", [0, 4, 5, 9, 10, 14])
def test_nobody_redeems_more_than_she_holds(balance):
    """Whole steps from the minimum on."""
    number = book.redeemable(scheme(Fraction(1), Fraction(1), minimum=5, step=5), balance, 10**6)
    assert number == balance // 5 * 5


def test_given_points_of_a_month_are_used_after_its_earned_ones():
    """Oldest month first; within a month what was earned before what was given."""
    lots, gifts = np.array([2, 3, 0], np.int32), np.array([4, 1, 0], np.int32)
    uses = blank(lots, gifts)
    assert book.take_oldest(lots, gifts, 2, 7, uses) == 4  # 2 + 4 of month 0, then 1 earned in month 1
    assert uses[:, U.REDEEMED].tolist() == [0, 1, 2, 0, 0, 4] and uses.sum() == 7
    assert (lots.tolist(), gifts.tolist()) == ([0, 2, 0], [0, 1, 0])
