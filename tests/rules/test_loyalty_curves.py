"""The curves from standing to staying: MODEL 3.5, SCIENCE E9 and E10, and the hazard made of them.

The breaks named in the docstrings were made in a copy of the tree and seen to fail the test.
"""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_worlds import record

from loyaltysim.rules import parameters as p
from loyaltysim.rules.draws import key_of
from loyaltysim.rules.loyalty import (
    crossing,
    hazard_of_period,
    kotler_curve,
    new_piece,
    new_spell,
    resistance,
    staying,
    threshold_curve,
)
from loyaltysim.rules.state import CUSTOMER

standings = st.floats(-300, 400)
THEORIES = [p.THRESHOLD, p.KOTLER, p.CONSTANT, p.BETA, p.NOBODY_LEAVES]


def terms_of(theory, low=0.15, high=0.98, tau=4.0, rate=0.84):
    """Terms with one theory and its numbers."""
    return record(
        p.TERMS,
        theory=theory,
        stay_low=low,
        stay_high=high,
        steepness=tau,
        stay_rate=rate,
    )


@pytest.mark.parametrize(
    ("standing", "leaves"),
    [(10, 0.80), (30, 0.40), (50, 0.20), (70, 0.10), (90, 0.015)],
)
def test_kotlers_anchors(standing, leaves):
    """E9: defection .80 .40 .20 .10 .015 at 10 30 50 70 90. Break: 1.5 % written as 2 %."""
    assert 1.0 - kotler_curve(float(standing)) == pytest.approx(leaves, abs=1e-12)


@pytest.mark.parametrize(("below", "above"), [(-40.0, 10.0), (90.0, 130.0)])
def test_kotlers_curve_goes_on_with_its_outer_slopes(below, above):
    """Beyond 10 and 90 the logit is a straight line. Break: a curve that is flat beyond its anchors."""

    def logit(standing):
        stays = kotler_curve(standing)
        return math.log(stays / (1.0 - stays))

    middle = logit((below + above) / 2.0)
    assert middle == pytest.approx((logit(below) + logit(above)) / 2.0, rel=1e-9)
    assert logit(above) - logit(below) > 1.0


@pytest.mark.parametrize("knot", [10.0, 30.0, 50.0, 70.0, 90.0])
def test_kotlers_curve_does_not_jump(knot):
    assert kotler_curve(knot + 1e-9) == pytest.approx(kotler_curve(knot - 1e-9), abs=1e-9)


@given(
    one=standings,
    other=standings,
    theory=st.sampled_from(THEORIES),
    threshold=st.floats(-20, 120),
)
@settings(max_examples=300, deadline=None)
def test_who_stands_better_stays_no_less(one, other, theory, threshold):
    """Every curve rises, within its bounds. Break: the sign of the standing turned round."""
    her = record(CUSTOMER, threshold=threshold, stays=0.7)
    low, high = sorted((one, other))
    terms = terms_of(theory)
    worse, better = (staying(terms, her, x) for x in (low, high))
    assert 0.0 <= worse <= better <= 1.0
    if theory == p.THRESHOLD:
        assert worse >= 0.15 and better <= 0.98 + 1e-15


def test_at_her_threshold_she_is_half_way():
    assert threshold_curve(52.0, 52.0, 4.0, 0.15, 0.98) == pytest.approx((0.15 + 0.98) / 2)


@pytest.mark.parametrize("tau", [1e-3, 1e-9, 1e-300])
def test_a_threshold_without_width_is_a_step(tau):
    """E10 as tau tends to 0: L_lo below, L_hi above, without overflow."""
    assert threshold_curve(52.0 - 0.1, 52.0, tau, 0.15, 0.98) == pytest.approx(0.15, abs=1e-15)
    assert threshold_curve(52.0 + 0.1, 52.0, tau, 0.15, 0.98) == pytest.approx(0.98, abs=1e-15)
    assert 0.15 <= threshold_curve(52.0, 52.0, tau, 0.15, 0.98) <= 0.98


def test_each_theory_reads_its_own_numbers():
    """constant: the rate, whatever the standing; beta: her own chance; no loyalty: nobody leaves."""
    her = record(CUSTOMER, threshold=45.0, stays=0.75)
    for standing in (-50.0, 0.0, 50.0, 150.0):
        assert staying(terms_of(p.CONSTANT), her, standing) == 0.84
        assert staying(terms_of(p.BETA), her, standing) == 0.75
        assert staying(terms_of(p.NOBODY_LEAVES), her, standing) == 1.0
        assert hazard_of_period(terms_of(p.NOBODY_LEAVES), her, standing) == 0.0
        assert staying(terms_of(p.KOTLER), her, standing) == kotler_curve(standing)


@given(
    standing=st.floats(-1e6, 1e6),
    theory=st.sampled_from(THEORIES),
    low=st.floats(0, 1),
    high=st.floats(0, 1),
)
@settings(max_examples=300, deadline=None)
def test_the_hazard_of_a_period_is_finite_and_never_negative(standing, theory, low, high):
    """-ln L of L >= 1e-300: a curve that reaches 0 costs 690.8 a period, not infinity.

    Break: the logarithm of L as it is.
    """
    low, high = sorted((low, high))
    hazard = hazard_of_period(terms_of(theory, low, high, rate=low), record(CUSTOMER, stays=0.0), standing)
    assert 0.0 <= hazard <= -math.log(1e-300)
    if hazard > 0.0 and hazard < 600.0:
        assert math.exp(-hazard) == pytest.approx(
            staying(
                terms_of(theory, low, high, rate=low),
                record(CUSTOMER, stays=0.0),
                standing,
            ),
            rel=1e-9,
        )


@given(
    rates=st.lists(st.floats(0, 0.5), min_size=1, max_size=8),
    lengths=st.lists(st.floats(0, 40), min_size=8, max_size=8),
    stands=st.floats(0.01, 20),
)
@settings(max_examples=200, deadline=None)
def test_she_leaves_when_the_hazard_has_used_up_her_resistance(rates, lengths, stands):
    """Over pieces of constant hazard, the crossing is where their integral reaches her resistance.

    Break: a crossing counted from the start of the spell.
    """
    her = record(CUSTOMER, resistance=stands, hazard_from=100.0)
    her.hazard_rate = rates[0]
    day, used = 100.0, 0.0
    for k, rate in enumerate(rates):
        end = day + lengths[k]
        expected = (
            day + (stands - used) / rate if rate > 0.0 and used + rate * (end - day) >= stands else math.inf
        )
        found = crossing(her, end)
        if expected < math.inf and abs(used + rate * (end - day) - stands) > 1e-9:
            assert found == pytest.approx(expected, abs=1e-6)
            return
        if used + rate * (end - day) < stands - 1e-9:
            assert found == math.inf
        used += rate * (end - day)
        new_piece(her, rates[k + 1] if k + 1 < len(rates) else 0.0, end)
        day = end
        assert her.hazard == pytest.approx(used, abs=1e-9) and her.hazard_from == end


def test_a_new_home_is_a_new_spell():
    """Hazard nil from the day of the crossing, and a resistance of its own, keyed by the homes left."""
    her = record(CUSTOMER, key=key_of(7, 0, 3), hazard=2.0, hazard_rate=0.1, spells=4)
    new_spell(her, 12.5)
    assert (her.hazard, her.hazard_rate, her.hazard_from, her.spells) == (
        0.0,
        0.0,
        12.5,
        5,
    )
    assert her.resistance == resistance(her.key, 5) != resistance(her.key, 4)


@pytest.mark.statistical
def test_constant_standing_gives_the_chance_of_the_curve():
    """Of 20,000 keys, the share whose resistance outlasts -ln L is L within 4 standard errors (.011)."""
    stays = 0.84
    outlast = sum(resistance(np.uint64(key_of(1, 0, i)), 0) > -math.log(stays) for i in range(20_000))
    assert outlast / 20_000 == pytest.approx(stays, abs=4 * math.sqrt(stays * (1 - stays) / 20_000))
