"""Stamp cards as lived in time, to the last digit: gaps by stamp, gifts, in both engines (E19, E20, E21)."""

from itertools import pairwise

import numpy as np
import pytest
from small_worlds import ENGINES, of_kind, worlds

from loyaltysim.rules.ledger import M

REGULAR = (  # everybody buys every 40 days at the firm, at its pace and nothing else
    "loyalty=", "market.entries=[]", "market.entrants=0", "market.season=[]", "firm.service=",
    "waiting=", "firm.offers=[]", "horizon=36 months", "warm_up=0",
    *(
        f"market.segments.{segment}.{field}"
        for segment in ("regulars", "visitors")
        for field in (
            "home={firm: 100 %, Bean: 0 %, Kiosk: 0 %}", "lifetime=",
            "occasions={mean: null, shape: null, stages: 1, every: 40 days}",
            "basket={mean: 9 EUR, shape: null, spread: null, correlation: 0}",
        )
    ),
    "programme.points={earn: 1 / visit, worth: 0.30 EUR, minimum: 10, step: null, expiry: null, "
    "hassle: 0 EUR, choice_scale: 0.01 EUR, displacement: 100 %}",
)  # fmt: skip


def gaps_by_balance(world):
    """Of each visit but the last: points held after it, and days to the next."""
    visits = of_kind(world.log, "visit")
    visits = visits[np.lexsort((visits["time"], visits["customer"]))]
    same = visits["customer"][1:] == visits["customer"][:-1]
    return visits[:-1][same], np.diff(visits["time"])[same]


@pytest.mark.parametrize("engine", ENGINES)
def test_gaps_shorten_stamp_by_stamp_and_are_long_again_after_the_reward(engine):
    """With regular occasions each gap is exactly 40 days over 1 + g p^k: the rate changes at her visits only.

    Catches: a gap spent at the pace before the visit.
    """
    goal = "programme.points.goal={strength: 0.6, power: 2, heavy: 1000000 / day}"
    before, days = gaps_by_balance(worlds(engine, *REGULAR, goal)[0])
    stamps = before["balance"] % 10
    np.testing.assert_allclose(days, 40.0 / (1.0 + 0.6 * (stamps / 10.0) ** 2), rtol=1e-6)
    redeemed = before["redeemed"] > 0
    assert redeemed.sum() > 50
    assert days[redeemed].min() > 39.7  # one stamp on the new card: the old pace again
    assert set(stamps.tolist()) == set(range(10))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_reward_lifts_the_pace_and_the_lift_fades(engine):
    """The gap is spent at 1 + a 2^(-days since the reward / half-life), read at visits and at closes.

    Break: a lift that counts from month 0.
    """
    lift = "programme.points.lift={strength: 50 %, half_life: 20 days}"
    world = worlds(engine, *REGULAR, lift)[0]
    before, days = gaps_by_balance(world)
    closes = np.arange(37) * 365.0 / 12.0 if world.closes[1] == 365 / 12 else world.closes
    checked = 0
    for visit, gap in zip(before[before["redeemed"] > 0], days[before["redeemed"] > 0], strict=True):
        start, end = visit["time"], visit["time"] + gap
        cuts = [start, *(c for c in closes if start < c < end), end]
        spent = sum((b - a) * (1.0 + 0.5 * 2.0 ** (-(a - start) / 20.0)) for a, b in pairwise(cuts))
        assert spent == pytest.approx(40.0, rel=1e-6)
        checked += 1
    assert checked > 50


@pytest.mark.parametrize("engine", ENGINES)
def test_given_progress_is_given_once_and_counted_apart(engine):
    """Two stamps with the first purchase of each customer, in the books as points without a purchase.

    The first reward comes after ten purchases, as with a card of ten. Break: given on every card.
    """
    twelve = ("programme.points.minimum=12", "programme.points.worth=0.25 EUR")
    endowed = "programme.points.endowed={points: 2, haste: 50 %}"
    world = worlds(engine, *REGULAR, *twelve, endowed)[0]
    before, days = gaps_by_balance(world)
    buyers = len(set(of_kind(world.log, "visit")["customer"].tolist()))
    assert world.money[..., M.POINTS_GIVEN].sum() == 2 * buyers
    first = before[np.unique(before["customer"], return_index=True)[1]]
    assert set(first["balance"].tolist()) == {3}
    on_first_card = before["occasion"] < 9
    np.testing.assert_allclose(days[on_first_card], 40.0 / 1.5, rtol=1e-6)
    np.testing.assert_allclose(days[~on_first_card], 40.0, rtol=1e-6)
    assert set(before["occasion"][before["redeemed"] > 0] % 12) == {10}
    assert world.gifts.sum() == 0  # the oldest points went first


@pytest.mark.parametrize("engine", ENGINES)
def test_birthdays_bring_points_once_a_year(engine):
    """At the close of her month, to those who have bought by then. Break: in every month."""
    world = worlds(engine, *REGULAR, "programme.points.birthday=7", "programme.points.sign_up=4")[0]
    given = world.money[..., M.POINTS_GIVEN].sum(axis=1)
    customers = len(world.customers)
    assert given.sum() == 4 * customers + 7 * (3 * customers - np.sum(given_before_joining(world)))
    months = np.bincount(world.cards["birthday"], minlength=12)
    assert (given[12:] == 7 * np.tile(months, 2)).all()


def given_before_joining(world):
    """Whether her first birthday fell before her first purchase."""
    visits = of_kind(world.log, "visit")
    first = np.full(len(world.customers), np.inf)
    np.minimum.at(first, visits["customer"], visits["time"])
    return first > world.closes[1:][world.cards["birthday"]]
