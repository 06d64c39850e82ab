"""A rollout that begins with a later month; tiers held on the first day; terms for some customers only."""

import numpy as np
import pytest
from small_worlds import MARKET, advanced, differences, differing_measures, parameters, play
from verdict_of import share_of

from loyaltysim.metrics.measure import measure
from loyaltysim.metrics.terms import terms_of
from loyaltysim.rules.ledger import M
from loyaltysim.rules.state import FIRM
from loyaltysim.scenario.load import load

LEVELS = "{silver: {from: 4 visits, status: 2}, gold: {from: 9 visits, multiplier: 2, status: 5}}"
TIERS = f"programme.tiers={{window: 3 months, levels: {LEVELS}}}"
RICH = (
    TIERS,
    "programme.cashback=2 %",
    "programme.points.opening={share: 50 %, mean: 40}",
    "programme.acceleration=1.2",
    "rivals.Bean.reactions=[{to: programme, does: copy, lag: 60 days}]",
    "programme.fixed=500 EUR/month",
)


def late(month, share="60 %"):
    """A rollout from that month on."""
    return f"programme.rollout={{share: {share}, from: month {month}}}"


@pytest.mark.parametrize("month", [1, 5])
def test_until_it_begins_its_world_is_the_twins(engine, month):
    """Every measure of every month before; something differs after. Catches: offers active from the start."""
    played = play(engine, *RICH, late(month))
    begins = played.warm_up + month
    before, after = slice(None, begins), slice(begins, None)
    assert differing_measures(played.programme.money[before], played.twin.money[before]) == []
    assert "points_issued" in differing_measures(played.programme.money[after], played.twin.money[after])
    assert (played.programme.customers["base"] == played.twin.customers["base"]).all()


def test_a_rollout_from_month_0_is_the_rollout(engine):
    """Both arms, bit for bit."""
    one, other = (play(engine, *RICH, text) for text in (late(0), late(0).replace(", from: month 0", "")))
    assert differences(one.programme, other.programme) == differences(one.twin, other.twin) == []


def test_its_fixed_cost_is_paid_from_its_first_month_on():
    """500 a month in the months that remain. Catches: paid from month 0 on."""
    overrides = (*RICH, late(5, "100 %"))
    scenario = load(MARKET, overrides).scenario
    both = [
        measure(
            play("compiled", *overrides, *more), terms_of(load(MARKET, (*overrides, *more)).scenario)
        ).parts
        for more in ((), ("programme.fixed=0 EUR/month",))
    ]
    paid, free = (found["profit", "programme"].value for found in both)
    assert free - paid == pytest.approx(500.0 * (scenario.horizon - 5))


def test_nobody_is_reached_by_a_late_rollout_to_nobody(engine):
    """The twin to the end."""
    played = play(engine, *RICH, late(4, "0 %"))
    assert differing_measures(played.programme.money, played.twin.money, ("points_outside",)) == []


def test_opening_tiers_are_those_of_a_window_before(engine):
    """Of everybody at home: a Poisson number at her own rate over 3 months reaches 4 or 9 visits (C14).

    Catches: the window in months taken for days; members of rivals hold tiers, too.
    """
    numbers = parameters(TIERS, "programme.tiers.opening=true", "market.customers=3000", "market.entrants=0")
    world = advanced(engine, numbers, until=numbers.warm_up)
    home = (world.customers["home"] == FIRM) & (world.customers["present"] == 1)
    tier = world.ranks["tier"]
    assert (tier[~home] == 0).all()
    mean = world.customers["rate"][home].astype(float) * 3.0 * 365.0 / 12.0
    for k, needed in ((1, 4), (2, 9)):
        share_of(mean, needed, tier[home] >= k)
    held = np.bincount(tier[home], minlength=3) / home.sum()
    assert world.tiers[0]["share"] == pytest.approx(held)


def test_points_for_some_are_earned_by_them_only(engine):
    """Visitors earn nothing, regulars as ever; `tiers.target` and `cashback_target` alike.

    Catches: the factor on earning is that of the status quo for those who are not meant.
    """
    target = "{segments: [regulars]}"
    played = play(
        engine,
        TIERS,
        "programme.cashback=2 %",
        "firm.records={known: 100 %}",
        f"programme.points.target={target}",
        f"programme.tiers.target={target}",
        f"programme.cashback_target={target}",
    )
    flows = played.programme.money.sum(axis=0)
    regulars, visitors = flows
    for measure_ in (M.POINTS_ISSUED, M.CASHBACK, M.PROMOTED):
        assert regulars[measure_] > 0
        assert visitors[measure_] == 0
    assert visitors[M.VISITS] > 0
