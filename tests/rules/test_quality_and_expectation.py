"""Experience, satisfaction and expectation: MODEL 3.2, 3.3; SCIENCE E1–E5, E34.

The breaks named in the docstrings were made in a copy of the tree and seen to fail the test.
"""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_worlds import record, table

from loyaltysim.rules import experience as x
from loyaltysim.rules import parameters as p
from loyaltysim.rules.state import CUSTOMER, TIE

scores = st.floats(0, 100)


def terms_of(**values):
    """Terms at MODEL 7's numbers."""
    given = {
        "beta_up": 0.2, "beta_down": 0.5, "kappa_up": 0.35, "kappa_down": 0.25, "zone": 5.0, "memory": 0.2,
        "wait_penalty": 40.0, "wait_tolerance": 5.0 / 1440.0, "time_attribute": 1,
        "service_attribute": 0,
    }  # fmt: skip
    return record(p.TERMS, **given | values)


@pytest.mark.parametrize(
    ("csi", "satisfaction"),
    [(80, 80 + 0.2 * 10), (75.0, 75), (75.1, 75.1 + 0.2 * 5.1), (70, 70), (65, 65), (64.9, 64.9 - 0.5 * 5.1),
     (40, 40 - 0.5 * 30), (100, 100), (10, 0)],
)  # fmt: skip
def test_gaps_outside_the_zone_count_in_full(csi, satisfaction):
    """E3 at E = 70: nothing within 5 points (the edges belong to the zone), the whole gap beyond, clipped.

    Break: only the part of the gap beyond the zone; beta+ and beta- exchanged.
    """
    assert x.encounter_satisfaction(terms_of(), float(csi), 70.0) == pytest.approx(satisfaction, rel=1e-12)


@given(csi=scores, expectation=scores)
@settings(max_examples=200, deadline=None)
def test_expectation_moves_towards_what_was_delivered(csi, expectation):
    """E5: by kappa+ up and kappa- down, never past it, without the zone.

    Break: a zone that silences expectation too.
    """
    after = x.next_expectation(terms_of(), csi, expectation)
    rate = 0.35 if csi > expectation else 0.25
    assert after == pytest.approx(expectation + rate * (csi - expectation), abs=1e-12)
    assert min(csi, expectation) - 1e-12 <= after <= max(csi, expectation) + 1e-12


def test_steady_quality_is_expected_in_the_end():
    """The delight treadmill (E6): the gap shrinks to nothing, and satisfaction is the quality itself."""
    terms, her, tie = terms_of(), record(CUSTOMER, expectation=60.0), record(TIE)
    felt = [x.feel(terms, her, tie, 60.0, 90.0, 0.0) for _ in range(60)]
    assert felt[0] == pytest.approx(90.0 + 0.2 * 30.0)
    assert felt[-1] == 90.0
    assert her.expectation == pytest.approx(90.0, abs=1e-6)
    assert tie.satisfaction == pytest.approx(90.0, abs=1e-4)


def test_the_first_visits_weigh_one_in_how_many():
    """E4: omega = max(omega_min, 1/(n + 1)), n with this visit; the reputation counts as one encounter.

    Satisfaction after n visits is the plain mean of reputation and visits while 1/(n + 1) > omega_min.
    Break: n without this visit.
    """
    found = [x.weight_of_visit(0.2, n) for n in (1.0, 2.0, 3.0, 4.0, 5.0, 99.0)]
    assert found == [1 / 2, 1 / 3, 1 / 4, 1 / 5, 1 / 5, 1 / 5]
    terms = terms_of(zone=100.0)
    her, tie = record(CUSTOMER, expectation=70.0), record(TIE)
    lived = [60.0]
    for csi in (90.0, 30.0, 80.0, 50.0):
        x.feel(terms, her, tie, 60.0, csi, 0.0)
        lived.append(csi)
        assert tie.satisfaction == pytest.approx(sum(lived) / len(lived), rel=1e-12)
    x.feel(terms, her, tie, 60.0, 100.0, 0.0)
    assert tie.satisfaction == pytest.approx(0.8 * sum(lived) / 5 + 0.2 * 100.0, rel=1e-12)
    assert tie.visits == 5.0


def csi_of(terms, weights, levels, spreads=(0.0, 0.0), price=0.0, fit=0.0, z=0.0, wait=0.0, shift=0.0):
    """CSI of a visit on plain numbers."""
    lost = x.wait_penalty(terms, wait)
    arrays = (np.array(a, float) for a in (weights, levels, spreads))
    return x.delivered(terms, record(p.SEGMENT, price_weight=0.75), *arrays, price, fit, z, lost, shift)


def test_csi_is_the_weighted_sum_of_what_was_delivered():
    """E1, and what moves it: one draw a visit, fit on every attribute, clip by attribute, price."""
    terms = terms_of()
    assert csi_of(terms, (0.6, 0.4), (80, 70)) == pytest.approx(76.0)
    assert csi_of(terms, (0.6, 0.4), (80, 70), spreads=(8, 4), z=-1.5) == pytest.approx(0.6 * 68 + 0.4 * 64)
    assert csi_of(terms, (0.6, 0.4), (80, 70), fit=5.0) == pytest.approx(81.0)
    assert csi_of(terms, (0.6, 0.4), (80, 70), fit=25.0) == pytest.approx(0.6 * 100 + 0.4 * 95)
    assert csi_of(terms, (0.6, 0.4), (80, 70), price=0.02) == pytest.approx(76.0 - 0.75 * 2)
    assert csi_of(terms, (0.6, 0.4), (0, 0), price=0.02) == pytest.approx(-0.75 * 2)


@pytest.mark.parametrize(("minutes", "points"), [(0, 0), (5, 40), (10, 40 * 2**1.5), (20, 70)])
def test_waiting_costs_points_of_time(minutes, points):
    """E34: b_w at the tolerated wait, growing as the wait to the power 1.5, down to 0 on `time` only."""
    lost = csi_of(terms_of(), (0.6, 0.4), (80, 70)) - csi_of(
        terms_of(), (0.6, 0.4), (80, 70), wait=minutes / 1440
    )
    assert lost == pytest.approx(0.4 * min(points, 70), rel=1e-9)


def test_between_visits_satisfaction_fades_to_reputation_and_expectation_to_the_norm():
    """Half-lives: after one of them half of the distance is left; where she has never been nothing fades.

    Break: a fade to a fixed neutral of 60.
    """
    terms = terms_of(decay=math.log(2.0) / 365.0, forgetting=math.log(2.0) / 100.0)
    clock = record(p.CLOCK, norm=50.0)
    her = record(CUSTOMER, expectation=90.0)
    providers = table(p.PROVIDER, {"reputation": 70.0}, {"reputation": 40.0})
    ties = table(TIE, {"satisfaction": 90.0, "visits": 3.0}, {"satisfaction": 0.0})
    x.fade(terms, clock, her, ties, providers, 365.0)
    assert ties[0].satisfaction == pytest.approx(80.0, rel=1e-12)
    assert ties[1].satisfaction == 0.0
    assert her.expectation == pytest.approx(50.0 + 40.0 * 0.5**3.65, rel=1e-12)
    assert her.felt_at == 365.0
    x.fade(terms, clock, her, ties, providers, 365.0)
    assert ties[0].satisfaction == pytest.approx(80.0, rel=1e-12)


@given(st.lists(st.floats(0.01, 300), min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_fading_does_not_depend_on_how_often_one_looks(steps):
    """The same in one step and in many, within rounding."""
    terms = terms_of(decay=0.003, forgetting=0.01)
    clock = record(p.CLOCK, norm=50.0)
    providers = table(p.PROVIDER, {"reputation": 70.0})
    ends = []
    for stops in ([sum(steps)], np.cumsum(steps)):
        her, ties = (
            record(CUSTOMER, expectation=90.0),
            table(TIE, {"satisfaction": 95.0, "visits": 1.0}),
        )
        for day in stops:
            x.fade(terms, clock, her, ties, providers, float(day))
        ends.append((float(ties[0].satisfaction), float(her.expectation)))
    assert ends[0] == pytest.approx(ends[1], rel=1e-9)


@given(scores)
@settings(max_examples=100, deadline=None)
def test_classes_of_satisfaction_begin_at_their_cut(satisfaction):
    """A cut belongs to the class above it."""
    cuts = np.array([20.0, 40.0, 60.0, 80.0])
    assert x.satisfaction_class(cuts, satisfaction) == sum(satisfaction >= cut for cut in cuts)
    assert [x.satisfaction_class(cuts, v) for v in (19.999, 20.0, 80.0)] == [0, 1, 4]
