"""Tiers in a lively market, on both engines (MODEL 3.7; E24; R22, R23).

Where a docstring says "Break", that break was made in a copy and seen to fail; "Catches" was not planted.
"""

import numpy as np
import pytest
from small_worlds import CALM, POINTS_FIELDS, POINTS_MEASURES, differences, of_kind, play, worlds

from loyaltysim.rules.ledger import CENT, M
from loyaltysim.rules.state import FIRM

LEVELS = "{silver: {from: 4 visits, %s}, gold: {from: 9 visits, multiplier: 2, %s}}"
NOTHING = LEVELS % ("status: 0", "status: 0")
STATUS = LEVELS % ("status: 3", "status: 6, perks: {cost: 0.20 EUR, value: 2}")
FREE = ("programme.points.worth=0 EUR", "programme.points.fulfilment=0 EUR")
TIER_MEASURES = ("promoted", "demoted", "goals_missed", "tier_1", "tier_2")


def tiers(levels, *terms):
    """The override that gives the programme tiers."""
    return f"programme.tiers={{window: 3 months, {', '.join(terms)}, levels: {levels}}}"


@pytest.mark.parametrize("review", ["calendar", "rolling"])
def test_tiers_that_give_nothing_change_nothing_but_their_books(engine, review):
    """Multipliers on points worth nothing, no status, no perks, no goals: bit for bit the twin.

    Catches: a review that ends a piece of hazard.
    """
    played = play(engine, *FREE, tiers(NOTHING, f"review: {review}", "failure: 0"))
    money = played.programme.money.sum(axis=(0, 1))
    assert money[M.PROMOTED] > 20
    assert money[M.DEMOTED] > 5
    fields, measures = (*POINTS_FIELDS, "earns", "shows"), (*POINTS_MEASURES, *TIER_MEASURES)
    assert differences(played.programme, played.twin, fields, measures) == []


def test_a_demoted_customer_stands_below_one_never_promoted(engine):
    """R23 (Wagner et al. 2009): where nothing else moves standing, who fell out of the tiers stands lower.

    Break: a demotion takes back what the promotion gave, and no more.
    """
    calm = tuple(o for o in CALM if o != "programme.points=")
    for ratio, lower in ((2, True), (1, False)):
        world, _ = worlds(engine, *calm, *FREE, tiers(STATUS, "review: rolling", f"demotion: {ratio}"))
        ranks, status = world.ranks, world.customers["status"]
        out = (ranks["tier"] == 0) & (world.customers["present"] == 1)
        fell, never = out & (ranks["fell"] > 0.0), out & (ranks["since"] == 0.0)
        assert fell.sum() > 3
        assert never.sum() > 3
        assert (status[never] == 0.0).all()
        assert (status[fell] < 0.0).all() if lower else (status[fell] == 0.0).all()


def test_a_higher_share_of_holders_dilutes_status(engine):
    """Dreze & Nunes (2009): the same tier is worth less the more hold it; dilution 0 leaves it whole."""
    value = {}
    for dilution in ("0 %", "100 %"):
        world, _ = worlds(engine, tiers(LEVELS % ("status: 0", "status: 6"), f"dilution: {dilution}"))
        gold = world.ranks["tier"] == 2
        assert gold.sum() > 5
        value[dilution] = world.customers["status"][gold]
    assert (value["0 %"] == 6.0).all()
    assert (value["100 %"] < 6.0).all()
    share = float(world.tiers["share"][0, 2])
    assert np.allclose(value["100 %"][-1], 6.0 * (1.0 - share), atol=2.0)


def test_points_are_multiplied_and_perks_paid(engine):
    """A gold visit earns twice; perks cost what they say, in the tier alone, and lower her value."""
    world, _ = worlds(engine, tiers(STATUS, "failure: 0"))
    visits = of_kind(world.log, "visit")
    visits = visits[(visits["provider"] == FIRM) & (visits["time"] > 0.0)]
    rises = of_kind(world.log, "promoted")
    assert len(rises) == world.money[..., M.PROMOTED].sum()
    simple = np.floor(visits["paid"] / 100 + 0.5).astype(int)
    doubled = visits["earned"] == 2 * simple
    assert (doubled | (visits["earned"] == simple)).all()
    paid = (doubled & (simple > 0)).sum()
    cost = world.money[..., M.PERK_COST].sum()
    assert 20 * paid <= cost <= 20 * (paid + (simple == 0).sum())
    cheap, _ = worlds(engine, tiers(STATUS.replace("0.20 EUR", "0 EUR"), "failure: 0"))
    lost = (cheap.customers["value"] - world.customers["value"]).sum()
    assert lost == (world.customers["reward_cost"] - cheap.customers["reward_cost"]).sum()
    assert 0.9 * cost < lost / CENT <= cost


def test_a_soft_landing_takes_one_tier_at_a_time(engine):
    """From gold nobody falls to none at once."""
    for soft, held in (("true", True), ("false", False)):
        world, _ = worlds(engine, tiers(NOTHING, "review: rolling", f"soft_landing: {soft}"))
        falls = of_kind(world.log, "demoted")
        stocks = world.money.sum(axis=1)
        assert len(falls) == stocks[:, M.DEMOTED].sum()
        rises = of_kind(world.log, "promoted")
        height = {}
        changes = np.concatenate([rises, falls])
        dropped_two = False
        for event in changes[np.argsort(changes["time"], kind="stable")]:
            height.setdefault(int(event["customer"]), []).append(int(event["kind"]))
        for who, kinds in height.items():
            up = kinds.count(int(rises["kind"][0]))
            down = len(kinds) - up
            dropped_two |= up - down != int(world.ranks["tier"][who])
        assert dropped_two != held


def test_a_missed_goal_slows_her_down_until_the_next_review(engine):
    """R22 (Wang et al. 2016): who missed a goal that was near comes less often; others do not."""
    played = play(engine, tiers(NOTHING, "failure: -50 %", "near: 60 %"))
    money = played.programme.money.sum(axis=(0, 1))
    assert money[M.GOALS_MISSED] > 5
    zeal = played.programme.customers["zeal"]
    assert set(np.unique(zeal)) == {0.5, 1.0}
    none = play(engine, tiers(NOTHING, "failure: 0", "near: 60 %"))
    assert played.programme.customers["occasions"].sum() < none.programme.customers["occasions"].sum()
