"""The pull of a reward and the lift after it: E19, E20, E21, E25, as rules and as lived in time.

The breaks named in the docstrings were made in a copy of the tree and seen to fail the test.
"""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_worlds import record, table

from loyaltysim.rules.holdings import CARD
from loyaltysim.rules.programme import goals
from loyaltysim.rules.programme.terms import POINTS
from loyaltysim.rules.state import CUSTOMER

CAFE = dict(minimum=10, step=10, acceleration=1.0, carded=1, gradient_power=1.0, heavy_rate=24 * 12 / 365)


def test_ten_stamps_shorten_the_gap_by_a_fifth():
    """R18: with g = .323 the gap before the last stamp is 20 % shorter than the one after the first.

    The default, .45 fading over 24 occasions a month, is .322 at a cafe's 8 a month.
    Break: progress counted over the stamps still lacking.
    """
    points = record(POINTS, **{**CAFE, "heavy_rate": math.inf}, gradient=0.323)
    first, last = (goals.nearness(points, 0.1, stamps) for stamps in (1, 9))
    assert first / last == pytest.approx(0.80, abs=0.001)
    cafe = record(POINTS, **CAFE, gradient=0.45)
    assert goals.own_gradient(cafe, 8 * 12 / 365) == pytest.approx(0.3225, abs=0.0001)


def test_progress_begins_anew_where_a_reward_is_reached():
    """Up to the minimum from nothing, beyond it from the last step; endowed 2 of 12 is ahead of 0 of 10."""
    card = record(POINTS, minimum=10, step=10)
    assert [goals.progress(card, n) for n in (0, 5, 9, 10, 13, 20)] == [0.0, 0.5, 0.9, 0.0, 0.3, 0.0]
    uneven = record(POINTS, minimum=20, step=10)
    assert [goals.progress(uneven, n) for n in (0, 10, 19, 20, 25)] == [0.0, 0.5, 0.95, 0.0, 0.5]
    linear = record(POINTS, minimum=1, step=1)
    assert {goals.progress(linear, n) for n in range(50)} == {0.0}
    assert goals.progress(record(POINTS, minimum=12, step=12), 2) > goals.progress(card, 0)


@given(rates=st.tuples(st.floats(0.01, 5), st.floats(0.01, 5)), stamps=st.integers(0, 9))
@settings(max_examples=100, deadline=None)
def test_heavy_buyers_hurry_less(rates, stamps):
    """E25. Break: a gradient that grows with the rate."""
    points = record(POINTS, **CAFE, gradient=0.8)
    light, heavy = sorted(rates)
    assert goals.nearness(points, light, stamps) >= goals.nearness(points, heavy, stamps) >= 1.0


def test_the_lift_after_a_reward_halves():
    """E21. Break: a half-life read as a mean life."""
    points = record(POINTS, **CAFE, lift=0.2, lift_decay=math.log(2.0) / 30.0)
    assert [goals.afterglow(points, d) for d in (0.0, 30.0, 60.0)] == pytest.approx([1.2, 1.1, 1.05])
    assert goals.afterglow(points, math.inf) == 1.0
    assert goals.afterglow(record(POINTS, **CAFE), math.inf) == 1.0


def test_all_parts_multiply_and_none_is_exactly_one():
    """h = acceleration x gradient x haste x lift; a programme without a card has its lever only."""
    her = record(CUSTOMER, rate=0.2, balance=5)
    cards = table(CARD, {"rewarded": 10.0, "joined": 1}, {"rewarded": -math.inf, "joined": 1, "reached": 1},
                  {"rewarded": 10.0, "joined": 1, "aside": 1})  # fmt: skip
    points = record(POINTS, **{**CAFE, "acceleration": 1.1, "heavy_rate": math.inf}, gradient=0.4,
                    endowed=2, haste=0.2, lift=0.1, lift_decay=math.log(2.0) / 30.0)  # fmt: skip
    assert goals.acceleration(points, her, cards, 0, 40.0) == pytest.approx(1.1 * 1.2 * 1.2 * 1.05)
    assert goals.acceleration(points, her, cards, 1, 40.0) == pytest.approx(1.1 * 1.2)
    assert goals.acceleration(points, her, cards, 2, 40.0) == pytest.approx(1.1 * 1.05)
    none = record(POINTS, acceleration=1.0)
    assert goals.acceleration(none, her, table(CARD), 0, 40.0) == 1.0


@pytest.mark.parametrize(("balance", "redeemed", "reached"), [(3, 0, 0), (10, 0, 1), (3, 10, 1)])
def test_the_first_reward_is_reached_once(balance, redeemed, reached):
    """Break: a first reward that is counted with every later one."""
    card = record(CARD, rewarded=-math.inf)
    points = record(POINTS, minimum=10, kept=1.0)
    assert goals.mark(points, 1, card, balance, redeemed, 7.0) == bool(reached)
    assert (card.reached, card.rewarded) == (reached, 7.0 if redeemed else -math.inf)
    assert not goals.mark(points, 1, card, 30, 0, 9.0) or not reached


def test_given_progress_multiplies_the_odds_of_keeping_the_card():
    """E20: .8125 a step becomes .8738 with eta = ln 1.60, and 8 steps .19 become .34 (Nunes & Dreze 2006)."""
    points = record(POINTS, kept=0.19 ** (1 / 8), endowed=2, commitment=0.47)
    alone, spurred = record(CARD, joined=1, reached=1), record(CARD, joined=1)
    assert goals.keeping(points, alone) ** 8 == pytest.approx(0.19)
    assert goals.keeping(points, spurred) ** 8 == pytest.approx(0.34, abs=0.002)
