"""The scenario in the units of the ledgers."""

import math
from decimal import Decimal
from types import SimpleNamespace

import pytest

from loyaltysim.metrics.terms import expected_cost_per_point, in_minor_units, terms_of
from loyaltysim.scenario.quantities import Amount
from loyaltysim.scenario.spec import PointEstimate

CENT_A_POINT = Amount(Decimal("0.01"), "EUR")


def points(**changes):
    values = dict(worth=CENT_A_POINT, minimum=100, step=None, displacement=0.4, fulfilment=None)
    return SimpleNamespace(points=SimpleNamespace(**(values | changes)), fixed=Amount(Decimal(2), "EUR"))


def test_a_point_is_expected_to_cost_its_displaced_face_or_its_goods():
    assert expected_cost_per_point(points(), 0.3, 0.8, 100) == pytest.approx(0.8 * (0.4 + 0.6 * 0.3))
    assert expected_cost_per_point(points(displacement=1.0), 0.3, 1.0, 100) == 1.0
    assert expected_cost_per_point(points(displacement=0.0), 0.3, 1.0, 100) == pytest.approx(0.3)


def test_handing_out_is_spread_over_the_points_of_the_smallest_reward():
    half_euro = Amount(Decimal("0.50"), "EUR")
    cost = expected_cost_per_point(points(fulfilment=half_euro, displacement=1.0), 0.0, 1.0, 100)
    assert cost == pytest.approx(1.0 + 50 / 100)
    stepped = expected_cost_per_point(points(fulfilment=half_euro, displacement=1.0, step=250), 0.0, 1.0, 100)
    assert stepped == pytest.approx(1.0 + 50 / 250)


def test_without_points_nothing_is_owed():
    assert expected_cost_per_point(None, 0.3, 0.8, 100) == 0
    assert expected_cost_per_point(SimpleNamespace(points=None), 0.3, 0.8, 100) == 0


def test_amounts_become_minor_units_exactly():
    assert in_minor_units(Amount(Decimal("0.07"), "EUR"), 100) == 7.0
    assert in_minor_units(None, 100) == 0.0


@pytest.mark.parametrize(("currency", "unit"), [("EUR", 100), ("JPY", 1), ("KWD", 1000)])
def test_every_price_arrives_in_minor_units_of_its_currency(currency, unit):
    def amount(value):
        return Amount(Decimal(value), currency)

    fixed = SimpleNamespace(fixed=amount(30))
    comfort = SimpleNamespace(per_minute=amount(1), fixed=amount(40))
    service = SimpleNamespace(comfort=comfort, information=fixed)
    scenario = SimpleNamespace(
        currency=currency,
        warm_up=12,
        horizon=36,
        market=SimpleNamespace(segments={"b": None, "a": None}, outside=None, represents=None),
        firm=SimpleNamespace(
            returns=None,
            failures=None,
            claims=(),
            records=SimpleNamespace(high_value=None),
            costs=SimpleNamespace(fixed=amount(900), clerk=amount(17), goods=0.3),
            service=service,
        ),
        programme=SimpleNamespace(
            points=None,
            fixed=amount(2),
            enrolment=None,
            tiers=None,
            rollout=None,
            surprise=None,
            stored_value=None,
            membership=None,
            contact=None,
            community=None,
        ),
        status_quo=None,
        finance=SimpleNamespace(
            tier_benefits="marketing",
            tier_expected=None,
            discount_rate=0.08,
            customer_worth=None,
            point=PointEstimate(redeemed=0.8),
            prepaid=SimpleNamespace(redeemed=1.0),
        ),
        satisfaction=SimpleNamespace(cuts=(20.0, 40.0, 60.0, 80.0)),
        events=(),
        survey=None,
        relationship=None,
        loyalty=None,
        rivals={},
        word_of_mouth=None,
        referrals=None,
    )
    terms = terms_of(scenario)
    assert (terms.fixed, terms.clerk, terms.programme_fixed) == (900 * unit, 17 * unit, 2 * unit)
    assert (terms.comfort_minute, terms.comfort_fixed) == (1 * unit, 70 * unit)
    assert (terms.segments, terms.classes, terms.has_programme) == (("a", "b"), 5, True)
    assert terms.factor(365.0) == pytest.approx(1 / 1.08, rel=1e-15)
    assert terms._replace(discount_rate=0.0).factor(1000.0) == 1.0
    assert math.isclose(terms.factor(-365.0), 1.08)
