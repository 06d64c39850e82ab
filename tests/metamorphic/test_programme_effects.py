"""What a programme may change, customer by customer: MODEL 6, TRUST M1, M5, M16–M19.

The breaks named in the docstrings were made in a copy of the tree and seen to fail the test.
"""

from itertools import pairwise

import numpy as np
import pytest
from small_worlds import (
    ALONE,
    CALM,
    POINTS_FIELDS,
    POINTS_MEASURES,
    differences,
    differing_fields,
    differing_measures,
    of_kind,
    parameters,
    play,
    same,
    story,
    worlds,
)

from loyaltysim.rules.ledger import CENT, M
from loyaltysim.rules.state import FIRM

NO_EFFECT = (
    "programme.points.worth=0 EUR",
    "programme.points.fulfilment=0 EUR",
    "programme.fixed=0 EUR/month",
    "programme.acceleration=1",
)
VISITS = (  # what a visit writes, whatever it leaves of her loyalty
    "arrival", "occasion", "gap", "counted_from", "last_purchase", "felt_at", "decided", "newcomer",
    "occasions", "purchases", "spend", "spend_year", "spend_year_all", "value", "index_purchase",
    "active_month", "repeated", "came_back", "margin",
)  # fmt: skip


def cells(replication):
    """Numbers of the customers of the base cohort who are saved, and who are driven away, at 12 months."""
    programme, twin = replication.programme.customers, replication.twin.customers
    base = twin["base"] == 1
    with_it, without = programme["home_12"] == FIRM, twin["home_12"] == FIRM
    return np.flatnonzero(base & with_it & ~without), np.flatnonzero(base & ~with_it & without)


CALM_WITH_POINTS = tuple(override for override in CALM if override != "programme.points=")


@pytest.mark.parametrize("replication", range(3))
@pytest.mark.parametrize("expires", ["fixed", "rolling"])
@pytest.mark.parametrize("market", [(), CALM_WITH_POINTS], ids=["lively", "calm"])
def test_a_programme_without_effect_changes_nothing_but_the_points_book(engine, market, replication, expires):
    """M1: both arms equal bit for bit in every customer field and every measure, the points book apart.

    Break: a programme under which every visit ends a piece of hazard (seen in the calm market); a
    redemption that draws her resistance anew.
    """
    played = play(engine, *market, *NO_EFFECT, f"programme.points.expires={expires}", replication=replication)
    assert played.programme.money[..., M.POINTS_ISSUED].sum() > 0
    assert played.programme.money[..., M.REWARDS].sum() > 0
    assert differences(played.programme, played.twin, POINTS_FIELDS, POINTS_MEASURES) == []


def test_without_a_programme_the_arms_are_one(engine):
    """M2."""
    played = play(engine, "programme=")
    assert differences(played.programme, played.twin) == []


def test_the_base_cohort_and_all_traits_are_the_same_in_both_arms(engine):
    """MODEL 0.7: ids, traits, dates of entering and leaving the market do not depend on the arm."""
    played = play(engine)
    for field in (
        "key",
        "exits",
        "rate",
        "basket",
        "threshold",
        "segment",
        "site",
        "base",
        "class_0",
    ):
        assert same(played.programme.customers[field], played.twin.customers[field]).all(), field
    assert 0 < played.twin.customers["base"].sum() < len(played.twin.customers)


@pytest.mark.parametrize("replication", range(3))
def test_visiting_more_often_changes_nobodys_loyalty(engine, replication):
    """Visits x 1.1 at equal standing: saved = driven away = 0, and the hazard is the same to the last bit.

    Break: a piece of hazard that ends at every visit.
    """
    played = play(engine, *CALM, "programme.acceleration=1.1", replication=replication)
    saved, driven_away = cells(played)
    assert saved.size == driven_away.size == 0
    assert differing_fields(played.programme.customers, played.twin.customers, VISITS) == []
    moved = played.twin.customers["first_defection"] < np.inf
    assert moved.sum() > 3
    more, before = (arm.customers["purchases"].sum() for arm in (played.programme, played.twin))
    assert 1.05 < more / before < 1.15


def test_the_pace_of_the_programme_counts_from_month_0(engine):
    """What is left of a gap at month 0 is spent at the new pace: twice the pace, half the time.

    Break: customers who plan before the fork (as an earlier version did).
    """
    played = play(
        engine, *CALM, "loyalty=", "programme.acceleration=2", "market.season=[]",
        "market.segments.regulars.occasions={mean: null, shape: null, every: 40 days}",
        "market.segments.visitors.occasions={mean: null, stages: 1, every: 40 days}",
    )  # fmt: skip
    twice, once = (arm.customers["index_purchase"] for arm in (played.programme, played.twin))
    known = ~np.isnan(once) & (np.arange(len(once)) < parameters().first)
    assert known.sum() > 20
    np.testing.assert_allclose(twice[known], once[known] / 2.0, rtol=1e-12)


FIRM_IS_LEFT_FOR_GOOD = (  # the only rival to be seen is so much better that L = 1 exactly with its customers
    *ALONE,
    "firm.offers=[]",
    "rivals.Bean.offers=[]",
    "rivals.Bean.attributes={quality: {level: 98}, time: {level: 98}, price: {level: 98}}",
    "rivals.Kiosk.awareness=0",
    "loyalty.softness=0",
    "loyalty.stay=[15 %, 100 %]",
    "loyalty.steepness=0.5",
    "market.entrants=0",
    "market.entries=[]",
    "programme.points.worth=0.15 EUR",
    *(
        f"market.segments.{segment}.{field}"
        for segment in ("regulars", "visitors")
        for field in (
            "home={firm: 70 %, Bean: 30 %, Kiosk: 0 %}", "fit.sd=2", "threshold={mean: 47, sd: 5}",
        )
    ),
)  # fmt: skip


@pytest.mark.parametrize("replication", range(3))
def test_a_lower_hazard_at_every_moment_drives_nobody_away(engine, replication):
    """M16: points hold the firm's customers, a rival's never come back: everyone leaves later, or never.

    Break: a redemption that draws her resistance to leaving anew.
    """
    played = play(engine, *FIRM_IS_LEFT_FOR_GOOD, replication=replication)
    programme, twin = played.programme.customers, played.twin.customers
    assert played.twin.money[..., (M.WINBACKS, M.ACQUIRED)].sum() == 0
    saved, driven_away = cells(played)
    assert saved.size > 0
    assert driven_away.size == 0
    assert (programme["first_defection"] >= twin["first_defection"]).all()
    assert (programme["retained_months"] >= twin["retained_months"]).all()
    assert (programme["first_defection"] > twin["first_defection"]).sum() > 3


def test_points_counted_in_tenths_change_no_money(engine):
    """M5: ten times the points at a tenth of the worth: every measure of money and customers is the same.

    The rates are such that no points are rounded away. Break: a minimum in bare points.
    """
    one = ("earn=100 / EUR", "worth=0.0010 EUR", "minimum=2000", "step=1000")
    ten = ("earn=1000 / EUR", "worth=0.0001 EUR", "minimum=20000", "step=10000")
    few, many = (play(engine, *(f"programme.points.{p}" for p in points)) for points in (one, ten))
    points = tuple(m for m in POINTS_MEASURES if m.startswith("points_"))
    assert differing_measures(few.programme.money, many.programme.money, points) == []
    for k in (
        M.POINTS_ISSUED,
        M.POINTS_REDEEMED,
        M.POINTS_EXPIRED,
        M.POINTS_FORFEITED,
        M.POINTS_OUTSTANDING,
    ):
        assert (10 * few.programme.money[..., k] == many.programme.money[..., k]).all()
    assert few.programme.money[..., M.REWARDS].sum() > 0


def test_a_dearer_reward_costs_exactly_its_difference(engine):
    """M17: no choice reads the cost of fulfilment, so value falls by exactly 75 cents a reward.

    Break: fulfilment left out of the value.
    """
    cheap, dear = (
        play(
            engine,
            "finance.discount_rate=0 %",
            f"programme.points.fulfilment={euros} EUR",
        ).programme
        for euros in ("0.15", "0.90")
    )
    rewards = cheap.money[..., M.REWARDS]
    assert rewards.sum() > 0
    assert differing_measures(cheap.money, dear.money) == [
        "fulfilment",
        "value",
        "reward_cost",
    ]
    assert (dear.money[..., M.FULFILMENT] - cheap.money[..., M.FULFILMENT] == 75 * rewards).all()
    assert (cheap.money[..., M.VALUE] - dear.money[..., M.VALUE] == 75 * rewards * int(CENT)).all()
    assert (
        dear.money[..., M.REWARD_COST] - cheap.money[..., M.REWARD_COST] == 75 * rewards * int(CENT)
    ).all()


def expired(world):
    """Points expired by customer, from the story."""
    lapses = of_kind(story(world), "expired")
    return np.bincount(lapses["customer"], weights=lapses["redeemed"], minlength=len(world.customers))


def test_points_that_live_longer_expire_less_customer_by_customer(engine):
    """M18: with nobody redeeming (a minimum beyond reach) and points worth nothing to her.

    Break: points of a short life that never lapse.
    """
    fixed = ("programme.points.minimum=1000000", "programme.points.valuation=0")
    lives = [f"programme.points.expiry={months} months" for months in (2, 3, 5, 12)]
    by_life = [expired(worlds(engine, *fixed, life)[0]) for life in lives]
    for shorter, longer in pairwise(by_life):
        assert (longer <= shorter).all()
    assert by_life[0].sum() > by_life[1].sum() > by_life[2].sum() > 0


def test_points_lapse_at_the_close_so_many_months_after_their_own(engine):
    """A lot of month m lapses at the close of month m + T: what expired to date is what was issued by then.

    Break: a lot that lapses one month early.
    """
    fixed = (
        "programme.points.minimum=1000000",
        "programme.points.valuation=0",
        "programme.points.expiry=4 months",
    )
    staying = (
        *fixed,
        *(f"market.segments.{s}.lifetime=" for s in ("regulars", "visitors")),
    )
    money = play(engine, *staying).programme.money.sum(axis=1)
    issued, lapsed = money[:, M.POINTS_ISSUED], money[:, M.POINTS_EXPIRED]
    assert lapsed[4:].tolist() == issued[:-4].tolist()
    assert issued[3:].all()


def test_money_later_is_worth_less(engine):
    """M19: with margins that are never negative, value falls in the rate; at 0 it is the undiscounted sum.

    Break: a discount per month at the yearly rate.
    """
    rates = (0, 8, 30)
    twins = [play(engine, f"finance.discount_rate={rate} % / year").twin for rate in rates]
    for low, high in pairwise(twins):
        assert differing_measures(low.money, high.money) == ["value"]
        assert (high.customers["value"] <= low.customers["value"]).all()
        assert (high.customers["value"] < low.customers["value"]).sum() > 20
    plain = twins[0].money[3:].sum(axis=(0, 1))
    assert plain[M.VALUE] == (plain[M.REVENUE] - plain[M.GOODS_SOLD]) * int(CENT)
    months = np.arange(13) / 12.0
    flow = twins[0].money[3:, :, M.VALUE].sum(axis=1)
    roughly = (flow * 1.30 ** -(months + 1 / 24)).sum()
    assert twins[2].money[3:, :, M.VALUE].sum() == pytest.approx(roughly, rel=0.01)
