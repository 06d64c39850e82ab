"""The logit of joining (E31), by hand."""

import math

import pytest
from small_worlds import record

from loyaltysim.rules.parameters import SEGMENT as SEGMENT_OF
from loyaltysim.rules.programme.enrolment import joining_hazard
from loyaltysim.rules.programme.terms import ENROLMENT, POINTS
from loyaltysim.rules.state import CUSTOMER
from loyaltysim.scenario.lower_enrolment import logit

MONTH = 365.0 / 12.0
SEGMENT = record(SEGMENT_OF, mix_times=1, mix_over=1)
NO_POINTS = record(POINTS, earn_over=1, worth_over=1)
POINT = record(
    POINTS, active=1, earn=1, earn_over=100, worth=5, worth_over=1, valuation=0.8, minimum=1, step=1
)  # a point an euro, 5 cents each


def chance(occasions, points=NO_POINTS, **terms):
    """P of joining at a visit, of a customer with so many occasions a month and a basket of 10 EUR."""
    enrolment = record(ENROLMENT, **{"active": 1, "identified": 1.0, **terms})
    customer = record(CUSTOMER, rate=occasions / MONTH, basket=1000.0)
    return -math.expm1(-joining_hazard(enrolment, points, SEGMENT, customer))


def test_the_chance_is_that_of_a_customer_with_one_occasion_a_month():
    """Break: ln of the rate a day."""
    assert chance(1.0, logit=logit(0.05), slope=1.0) == pytest.approx(0.05, rel=1e-6)


def test_odds_grow_with_the_rate_to_the_power_of_the_slope():
    odds = [p / (1 - p) for p in (chance(x, logit=logit(0.05), slope=1.5) for x in (2.0, 6.0))]
    assert odds[1] / odds[0] == pytest.approx(3**1.5, rel=1e-6)
    assert chance(8.0, logit=logit(0.3)) == pytest.approx(0.3)


def test_the_promise_counts_at_her_own_valuation_less_the_trouble():
    """4 visits of 10 EUR promise 40 points of 5 cents at .8: 1.60 EUR; a bonus of 50 points 2 EUR more."""
    terms = dict(logit=0.0, appeal=0.01, friction=60.0, bonus=50, identified=0.5)
    promised = 0.5 * 160.0 + 0.8 * 250.0 - 60.0
    p = chance(4.0, POINT, **terms)
    assert math.log(p / (1 - p)) == pytest.approx(0.01 * promised, rel=1e-6)


def test_never_and_always():
    assert chance(3.0, logit=logit(0.0)) < 1e-300
    assert chance(3.0, logit=logit(1.0)) == 1.0
