"""The curves from standing to staying: MODEL 3.5, SCIENCE E8 to E11, and the hazard made of them.

Where a docstring says "Break", that break was made in a copy and seen to fail; "Catches" was not planted.
"""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_worlds import parameters, record

from loyaltysim.rules import parameters as p
from loyaltysim.rules.draws import key_of
from loyaltysim.rules.loyalty import (
    competitive_curve,
    crossing,
    hazard_of_period,
    inverted_u_curve,
    kotler_curve,
    new_piece,
    new_spell,
    resistance,
    staying,
    threshold_curve,
    two_threshold_curve,
)
from loyaltysim.rules.state import CUSTOMER

standings = st.floats(-300, 400)
RISING = [
    p.THRESHOLD,
    p.KOTLER,
    p.COMPETITIVE,
    p.TWO_THRESHOLD,
    p.CONSTANT,
    p.BETA,
    p.NOBODY_LEAVES,
]
THEORIES = [*RISING, p.INVERTED_U]


def terms_of(theory, low=0.15, high=0.98, tau=4.0, rate=0.84):
    """Terms with one theory and its numbers."""
    return record(
        p.TERMS,
        theory=theory,
        stay_low=low,
        stay_high=high,
        steepness=tau,
        stay_rate=rate,
        bend=bend_of(0.8),
        width=25.0,
        peak=73.5,
        drop=0.05,
    )


def bend_of(intensity):
    """The power of the competitive curve, as a scenario of that intensity gets it."""
    overrides = ("loyalty.theory=competitive", f"loyalty.intensity={intensity!r}")
    return float(parameters(*overrides).terms["bend"][0])


@pytest.mark.parametrize(("intensity", "power"), [(0.0, math.exp(-2.0)), (0.5, 1.0), (1.0, math.exp(2.0))])
def test_competition_bends_the_curve(intensity, power):
    """E8: captive customers' curve is concave, a line at one half, convex in free competition.

    Catches: 2 (2c - 1) written as 2c - 1.
    """
    bend = bend_of(intensity)
    assert bend == pytest.approx(power, rel=1e-12)
    middle = competitive_curve(50.0, bend, 0.1, 0.9)
    assert math.copysign(1.0, round(0.5 - middle, 9)) == math.copysign(1.0, round(intensity - 0.5, 9))
    assert middle == pytest.approx(0.1 + 0.8 * 0.5**power, rel=1e-12)


def test_totally_satisfied_are_six_times_as_likely_to_repurchase_as_merely_satisfied():
    """R5, Xerox (Jones & Sasser 1995): rating 5 against 4 of 5, (rating - 1) / 4 of the scale, L_lo 0.

    The intensity is worked out from the 6; 3.1 times for 4 against 3 follows. Catches: the standing not
    divided by 100.
    """
    bend = bend_of(0.5 + math.log(math.log(6.0) / math.log(4.0 / 3.0)) / 4.0)
    five, four, three = (competitive_curve(x, bend, 0.0, 0.6) for x in (100.0, 75.0, 50.0))
    assert bend == pytest.approx(6.23, abs=0.005)
    assert five / four == pytest.approx(6.0, rel=1e-9)
    assert four / three == pytest.approx(1.5**bend, rel=1e-9) and four / three > 6.0


def test_satisfaction_beyond_the_scale_counts_no_more_under_competition():
    """Standing is cut to 0-100. Catches: no cut at 100."""
    assert competitive_curve(140.0, 3.0, 0.1, 0.9) == competitive_curve(100.0, 3.0, 0.1, 0.9) == 0.9
    assert competitive_curve(-40.0, 3.0, 0.1, 0.9) == competitive_curve(0.0, 3.0, 0.1, 0.9) == 0.1


def test_the_more_intense_the_competition_the_higher_the_satisfaction_for_the_same_loyalty():
    """Row 51 of the founding documents: the standing at which 80 % stay rises with the intensity."""
    grid = np.arange(0.0, 100.01, 0.5)
    needed = [
        next(x for x in grid if competitive_curve(float(x), bend_of(c), 0.1, 0.95) >= 0.8)
        for c in (0.1, 0.3, 0.5, 0.7, 0.9)
    ]
    assert needed == sorted(set(needed))


def test_between_two_thresholds_staying_rises_and_then_levels_off():
    """E10, Ngobo (1999): nothing below the first, half way between, a plateau above the second.

    Catches: a second threshold below the first.
    """
    sharp = [two_threshold_curve(x, 50.0, 20.0, 1e-6, 0.2, 0.9) for x in (30.0, 49.9, 55.0, 60.0, 70.1, 95.0)]
    assert sharp == pytest.approx([0.2, 0.2, 0.375, 0.55, 0.9, 0.9], abs=1e-6)
    soft = [two_threshold_curve(x, 50.0, 20.0, 4.0, 0.2, 0.9) for x in (60.0, 30.0, 90.0)]
    assert soft[0] == pytest.approx(0.55, rel=1e-12)
    assert soft[1] - 0.2 == pytest.approx(0.9 - soft[2], rel=1e-9) and 0.2 < soft[1] < 0.21


def test_a_narrow_ramp_is_a_threshold():
    """As the width tends to 0 the ramp is the logistic threshold: its derivative, (f(x) - f(x - h)) / h."""
    for x in (30.0, 48.0, 50.0, 57.0):
        assert two_threshold_curve(x, 50.0, 1e-5, 4.0, 0.2, 0.9) == pytest.approx(
            threshold_curve(x, 50.0, 4.0, 0.2, 0.9), abs=1e-5
        )


def test_the_inverted_u_has_its_peak_where_it_is_said_and_falls_by_what_is_said():
    """E11: peak at 1.05 of par 70, 5 points lost at 1.5 of it. Catches: the drop at twice the peak."""
    peak = 1.05 * 70.0
    at = [inverted_u_curve(x, peak, 0.05, 0.15, 0.98) for x in (-5.0, 0.0, peak, 1.5 * 70.0, 1e4)]
    assert at == pytest.approx([0.15, 0.15, 0.98, 0.93, 0.15], abs=1e-12)
    grid = [inverted_u_curve(float(x), peak, 0.05, 0.15, 0.98) for x in np.arange(0.0, 150.0, 0.5)]
    assert np.argmax(grid) == round(peak / 0.5)


def test_the_inverted_u_is_one_parabola_when_both_arms_agree():
    """E11: L = a + b F - c F^2 with its peak at b / 2c."""
    peak, low, high = 70.0, 0.2, 0.9
    drop = (high - low) * (3.0 / 7.0) ** 2
    c = (high - low) / peak**2
    b = 2.0 * c * peak
    for x in (0.0, 30.0, 70.0, 95.0, 130.0):
        assert inverted_u_curve(x, peak, drop, low, high) == pytest.approx(low + b * x - c * x * x, rel=1e-12)


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
    theory=st.sampled_from(RISING),
    threshold=st.floats(-20, 120),
)
@settings(max_examples=300, deadline=None)
def test_who_stands_better_stays_no_less(one, other, theory, threshold):
    """All but the inverted U rise, within their bounds. Catches: the sign of the standing turned round."""
    her = record(CUSTOMER, threshold=threshold, stays=0.7)
    low, high = sorted((one, other))
    terms = terms_of(theory)
    worse, better = (staying(terms, her, x) for x in (low, high))
    assert 0.0 <= worse <= better + 1e-15 <= 1.0 + 2e-15
    if theory in (p.THRESHOLD, p.TWO_THRESHOLD, p.COMPETITIVE):
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
