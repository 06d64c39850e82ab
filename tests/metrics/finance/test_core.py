"""IFRS 15's own examples to the cent (IE49, IE52, breakage), and what rounding must not lose."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyaltysim.metrics.finance.core import (
    ESCHEAT,
    PARTS,
    REMOTE,
    Cohort,
    allocated,
    portion,
    shared_out,
    stand_alone,
    straight_line,
    voucher_price,
)
from loyaltysim.metrics.finance.journal import Books, broken

amounts = st.integers(-(10**12), 10**12)


def test_illustrative_example_52_to_the_cent():
    """10,000 points on sales of 100,000 at 1 off each, 9,500 expected; then 9,700.

    Breaks: the ratio of the allocation rounded to 9 % gives 9,000.00 in place of 8,675.80; a changed estimate
    that acts from now on only gives another 3,492.92; the likelihood counted twice another 8,675.80.
    """
    books = Books(likelihood=950_000)
    deferred = books.sell("points", 0, 10_000_000, 10_000_000, 10_000, 1_000_000)
    assert (10_000_000 - deferred, deferred) == (9_132_420, 867_580)
    assert books.use(0, "points", 0, 4_500) == 410_959
    assert books.liability == 456_621
    books.close()
    after = books.revise(0, "points", 0, 9_700 * PARTS) + books.use(0, "points", 0, 4_000)
    assert (after, books.liability) == (349_292, 107_329)
    assert not list(broken(books))


def test_illustrative_example_49_to_the_cent():
    """A voucher of 40 % off on 50 on average, 80 % used, 10 % off for anybody: 12; then 89.29 and 10.71.

    Break: the whole discount in place of what is beyond anybody's gives a voucher of 16.
    """
    price = voucher_price(5_000, 400_000, 100_000, 800_000)
    assert price == 1_200
    assert (10_000 - allocated(10_000, 10_000, price), allocated(10_000, 10_000, price)) == (8_929, 1_071)


def test_breakage_is_revenue_in_proportion_to_use():
    """100 sold, 10 never to be used, 45 used: 50 is revenue, 50 is owed. Break: breakage at issue."""
    books = Books(likelihood=900_000)
    books.top_up("card", 0, 10_000, 0)
    assert books.revenue == 0
    assert books.use(0, "card", 0, 4_500) == 5_000
    assert books.liability == 5_000 and not list(broken(books))


def test_remote_method_recognises_breakage_when_it_happens():
    """100 sold, 45 used, 10 lapse, 45 used."""
    cohort = Cohort(method=REMOTE)
    cohort.issue(10_000, 10_000, PARTS)
    assert [cohort.use(4_500), cohort.lapse(1_000), cohort.use(4_500)] == [4_500, 1_000, 4_500]


def test_what_belongs_to_the_state_is_no_revenue():
    """100 sold, 45 used, the rest lapses."""
    books = Books(method=ESCHEAT)
    books.top_up("card", 0, 10_000, 0)
    books.use(0, "card", 0, 4_500)
    books.lapse(0, "card", 0, 5_500)
    assert (books.revenue, books.liability, -books.balances["state"]) == (4_500, 0, 5_500)
    assert not list(broken(books))


def test_a_sale_after_a_pool_has_run_off_takes_no_revenue_back():
    """TRUST conclusion 9: a pool took 22.22 back to 15.38 at a new sale. Break: one cohort for all."""
    books = Books(likelihood=800_000)
    books.sell("points", 0, 10_000, 10_000, 100, 2_500)
    books.use(0, "points", 0, 80)
    books.lapse(0, "points", 0, 20)
    before = books.revenue
    books.close()
    books.sell("points", 0, 10_000, 10_000, 100, 2_500)
    assert books.revenue > before and books.cohorts[0, "points", 0].liability == 0


def test_with_an_estimate_too_low_the_liability_is_gone_before_the_points():
    """The trap of SCIENCE 5.1: 80 of 100 expected, 80 used, 20 open; a review brings it back."""
    books = Books(likelihood=800_000)
    books.sell("points", 0, 10_000, 10_000, 100, 2_500)
    deferred = books.liability
    books.use(0, "points", 0, 80)
    assert books.liability == 0 and books.cohorts[0, "points", 0].open == 20
    caught_up = books.revise(0, "points", 0, 90 * PARTS)
    assert caught_up == -(deferred - portion(deferred, 80, 90)) and not list(broken(books))


def test_the_right_that_comes_with_goods_is_priced_once():
    """Nothing is deferred where nobody uses, the whole relative price where everybody does."""
    assert allocated(10_000, 10_000, stand_alone(1_000, 0)) == 0
    assert allocated(10_000, 10_000, stand_alone(1_000, PARTS)) == 909
    assert stand_alone(1_000, 950_000) == 950


def test_a_fee_is_earned_by_the_day():
    """Never before it begins, never more than it is."""
    assert [straight_line(1_200, day, 365) for day in (-1, 0, 73, 365, 400)] == [0, 0, 240, 1_200, 1_200]


@given(amounts, amounts, amounts)
def test_a_portion_is_the_nearest_whole_number(amount, part, whole):
    if whole == 0:
        assert portion(amount, part, whole) == 0
    else:
        exact = Fraction(amount) * part / whole
        assert abs(portion(amount, part, whole) - exact) <= Fraction(1, 2)
        assert portion(-amount, part, whole) == -portion(amount, part, whole)


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=20))
def test_shares_sum_to_the_whole_and_each_is_within_one_of_its_own(total, weights):
    shares = shared_out(total, weights)
    whole = sum(weights)
    assert sum(shares) == (total if whole else 0)
    assert all(abs(s - Fraction(total * w, whole)) < 1 for s, w in zip(shares, weights, strict=True) if whole)


@pytest.mark.parametrize("used", [0, 1, 50, 99, 100])
def test_nothing_is_owed_when_nothing_is_open(used):
    cohort = Cohort()
    cohort.issue(100, 333, 800_000)
    if used:
        cohort.use(used)
    cohort.lapse(100 - used)
    assert (cohort.open, cohort.liability, cohort.recognised) == (0, 0, 333)
