"""The points book of a few customers, visit by visit, against what a person would reckon from the till.

Small enough to be run with the JIT off: bugs that these tests kill are planted by tests/planted_points.py.
"""

import numpy as np
from small_worlds import of_kind, worlds

from loyaltysim.rules.ledger import M

SEGMENTS = ("regulars", "visitors")
FEW = (
    "market.customers=6", "market.entries=[]", "market.entrants=0", "horizon=9 months", "warm_up=0",
    "loyalty=", "waiting=", "firm.service=", "firm.offers=[]", "market.season=[]",
    *(f"market.segments.{s}.home={{firm: 100 %, Bean: 0 %, Kiosk: 0 %}}" for s in SEGMENTS),
    *(f"market.segments.{s}.lifetime={{mean: 6 months, shape: null, scale: null}}" for s in SEGMENTS),
    "programme.points={earn: 3 / EUR, minimum: 5, step: 5, hassle: 0 EUR, displacement: 100 %, sign_up: 4}",
)  # fmt: skip


def test_points_are_earned_once_on_what_was_paid_and_never_on_what_points_paid():
    """Each visit: 3 points a euro of what she paid at the till, to the nearest whole one."""
    world = worlds("compiled", *FEW)[0]
    visits = of_kind(world.log, "visit")
    due = 3 * visits["paid"] / 100.0
    assert (np.abs(visits["earned"] - due) <= 0.5).all()
    assert (visits["redeemed"] > 0).sum() > 10
    money = world.money.sum(axis=(0, 1))
    assert money[M.POINTS_ISSUED] == visits["earned"].sum() + money[M.POINTS_GIVEN]
    assert money[M.POINTS_REDEEMED] == visits["redeemed"].sum()


def test_who_leaves_the_market_leaves_no_points_behind():
    """Lots and balances of those gone are empty, and what they held is forfeited."""
    world = worlds("compiled", *FEW)[0]
    gone = world.customers["present"] == 2
    assert gone.sum() >= 2
    assert world.lots[gone].sum() == world.gifts[gone].sum() == world.customers["balance"][gone].sum() == 0
    assert world.money[..., M.POINTS_FORFEITED].sum() > 0


def test_rolling_points_live_from_the_last_purchase_and_not_from_the_last_reward():
    """With a minimum out of reach nobody redeems, and nobody who goes on buying loses anything."""
    rolling = (
        "programme.points.minimum=1000000",
        "programme.points.expires=rolling",
        "programme.points.expiry=2 months",
    )
    often = tuple(
        f"market.segments.{s}.occasions={{mean: null, shape: null, stages: 1, every: 9 days}}"
        for s in ("regulars", "visitors")
    )
    world = worlds("compiled", *FEW, *rolling, *often)[0]
    assert world.money[..., M.POINTS_ISSUED].sum() > 0
    assert world.money[..., M.POINTS_EXPIRED].sum() == 0
