"""Self-service, comfort, information, the promise, the profile of arrivals: the rules by themselves."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_worlds import record

from loyaltysim.rules import desk
from loyaltysim.rules import parameters as p
from loyaltysim.rules.draws import keys_of
from loyaltysim.rules.occasions import peaked

MINUTE = 1.0 / 1440.0
KEY = keys_of(1, 0, 1)[0]


def terms_of(**values):
    """Terms with a penalty of 40 points at 5 minutes; nothing else unless given."""
    given = {
        "wait_penalty": 40.0,
        "wait_tolerance": 5 * MINUTE,
        "felt_share": 1.0,
        "promise_within": math.inf,
    }
    return record(p.TERMS, **given | values)


def lost(minutes, gave_up=False, **values):
    """Points of `time` that a visit costs."""
    return desk.time_lost(terms_of(**values), KEY, 3, minutes * MINUTE, gave_up)


def test_comfort_and_information_shorten_the_wait_that_is_felt():
    """A wait of which half is felt costs what half of it would; the shares left over multiply."""
    assert lost(10.0) == pytest.approx(40 * 2**1.5)
    assert lost(10.0, felt_share=0.5) == pytest.approx(lost(5.0)) == pytest.approx(40)
    assert lost(0.0, felt_share=0.5) == 0.0


def test_a_broken_promise_gives_back_at_most_what_the_wait_has_cost():
    """And only to who was served later than promised."""
    promise = {"promise_within": 5 * MINUTE, "promise_eases": 30.0}
    assert lost(10.0, **promise) == pytest.approx(lost(10.0) - 30)
    assert lost(10.0, gave_up=True, **promise) == lost(10.0)
    assert lost(5.0, **promise) == lost(5.0)  # exactly as promised
    assert lost(6.0, **promise | {"promise_eases": 500.0}) == 0.0


def test_self_service_costs_effort_and_takes_the_share_of_visits_that_was_stated():
    """20,000 visits, within four standard errors; a larger share takes the same visits and some more."""
    assert lost(0.0, self_share=1.0, self_effort=7.0) == 7.0
    few, many = terms_of(self_share=0.3, self_fails=0.25), terms_of(self_share=0.6, self_fails=0.25)
    keys = keys_of(5, 0, 20_000)
    herself = np.array([desk.tries_herself(few, key, 2) for key in keys])
    more = np.array([desk.tries_herself(many, key, 2) for key in keys])
    alone = np.array([not desk.needs_a_clerk(few, key, 2) for key in keys])
    assert herself.mean() == pytest.approx(0.3, abs=4 * math.sqrt(0.21 / 20_000))
    assert (more | ~herself).all()
    assert alone.sum() / herself.sum() == pytest.approx(0.75, abs=4 * math.sqrt(0.1875 / herself.sum()))
    assert (herself | ~alone).all()


def test_nobody_serves_herself_where_there_is_no_self_service():
    assert desk.needs_a_clerk(terms_of(), KEY, 0)
    assert not desk.needs_a_clerk(terms_of(self_share=1.0), KEY, 0)


PROFILE = np.array([0.0, 0.1, 0.1, 0.7, 1.0])  # a tenth, nobody, six tenths, the rest


@pytest.mark.parametrize(
    ("fraction", "moved"),
    [(0.0, 0.0), (0.05, 0.125), (0.25, 0.5625), (0.4, 0.625), (0.7, 0.75), (0.85, 0.875)],
)
def test_the_profile_puts_an_occasion_where_its_share_of_the_day_has_come(fraction, moved):
    assert peaked(PROFILE, 12.0 + fraction) == pytest.approx(12.0 + moved, abs=1e-12)


def test_without_a_profile_the_occasion_stays_where_it_is():
    assert peaked(np.zeros(0), 12.3456789) == 12.3456789


@given(st.floats(-400, 400), st.floats(0, 1))
def test_the_order_of_occasions_is_kept_and_the_day_too(first, later):
    second = first + later
    assert peaked(PROFILE, first) <= peaked(PROFILE, second)
    assert math.floor(first) <= peaked(PROFILE, first) <= math.floor(first) + 1
