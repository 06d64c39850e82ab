"""A programme that goes to some customers only: nobody else lives otherwise than in the twin (MODEL 3.7).

Where a docstring says "Break", that break was made in a copy and seen to fail.
"""

import numpy as np
import pytest
from small_worlds import ALONE, MARKET, differences, differing_fields, parameters, play, same

from loyaltysim.metrics.measure import measure
from loyaltysim.metrics.terms import terms_of
from loyaltysim.scenario.load import load

LEVELS = "{silver: {from: 3 visits, status: 2}, gold: {from: 7 visits, multiplier: 2, status: 5}}"
EVERYTHING = (  # a programme of many parts in the place of one that runs
    "status_quo={points: {earn: 1 / EUR, worth: 0.05 EUR, minimum: 20, step: 10, expiry: 4 months}, "
    "enrolment: {chance: 15 %, bonus: 25}, fixed: 20 EUR/month, "
    "tiers: {window: 3 months, review: rolling, dilution: 0, levels: {gold: {from: 6 visits, status: 3}}}}",
    "programme.enrolment={chance: 20 %, cost: 1 EUR, bonus: 10, identified: 80 %}",
    f"programme.tiers={{window: 3 months, dilution: 0, levels: {LEVELS}}}",
    "programme.points.goal={}",
    "programme.points.campaigns=[{from: day 100, to: day 140}]",
    "programme.points.changes=[{at: day 250, announced: day 220, worth: 0.04 EUR}]",
    "programme.member_price={discount: 3 %}",
    "programme.save={reach: 80 %, gift: 2 EUR, cost: 0.20 EUR, readiness: 1}",
    "programme.win_back={gift: 4 EUR, readiness: 1}",
    "programme.acquisition={spring: {at: month 3, gift: 4 EUR, readiness: 0}}",
)
APART = ("points_outside",)  # a line of the ledger that the twin has no use for
ANSWERED = ("rivals.Bean.reactions=[{to: programme, does: copy, lag: 60 days}]",)


def rolled_out(share):
    """The override of a rollout to a share of the customers."""
    return f"programme.rollout={{share: {share}}}"


@pytest.mark.parametrize(
    "others", [(), EVERYTHING, (*EVERYTHING, *ANSWERED)], ids=["plain", "rich", "rivals"]
)
def test_a_rollout_to_nobody_is_the_twin(engine, others):
    """Every record and every figure, money and fixed cost included.

    Break: offers that keep customers go to everybody; terms that change on a day fade those outside.
    """
    played = play(engine, *others, rolled_out("0 %"))
    assert differences(played.programme, played.twin, (), APART) == []
    assert (played.programme.members == played.twin.members).all()
    found = measure(played, terms_of(load(MARKET, (*others, rolled_out("0 %"))).scenario)).parts
    for name in ("incremental_contribution", "incremental_retained"):
        assert found[name, "effect"].value == 0.0
    for name in ("programme_cost", "clv_mean", "rollout_value_outside", "rollout_spend_outside"):
        assert found[name, "programme"] == found[name, "twin"]


@pytest.mark.parametrize(
    "others", [(), EVERYTHING, (*EVERYTHING, *ANSWERED)], ids=["plain", "rich", "rivals"]
)
def test_a_rollout_to_everybody_is_the_whole(engine, others):
    """Both arms, every record and every figure."""
    whole, rolled = play(engine, *others), play(engine, *others, rolled_out("100 %"))
    assert differences(whole.programme, rolled.programme) == []
    assert differences(whole.twin, rolled.twin) == []
    one, other = (
        measure(run, terms_of(load(MARKET, overrides).scenario)).parts
        for run, overrides in ((whole, others), (rolled, (*others, rolled_out("100 %"))))
    )
    assert {key: value for key, value in other.items() if key in one} == one


def test_each_lives_as_in_her_world(engine):
    """Where customers share nothing, who is in lives as if it went to all, who is not as if there were none.

    Catches: a draw made anew with another index for newcomers. Break: tiers of those outside are reset.
    """
    overrides = (*EVERYTHING, *ALONE)
    whole, half = play(engine, *overrides), play(engine, *overrides, rolled_out("50 %"))
    outside = half.programme.outside == 1
    assert 30 < outside.sum() < len(outside) - 30
    for who, other in ((~outside, whole.programme), (outside, whole.twin)):
        assert differing_fields(half.programme.customers[who], other.customers[who]) == []
        assert same(half.programme.satisfaction[who], other.satisfaction[who]).all()
        for name in ("since", "hazard", "seen", "before", "past"):
            assert (half.programme.members[name][who] == other.members[name][who]).all()
    assert differences(half.twin, whole.twin) == []
    terms = terms_of(load(MARKET, (*overrides, rolled_out("50 %"))).scenario)
    found = measure(half, terms).parts
    assert found["rollout_value_outside", "programme"] == found["rollout_value_outside", "twin"]
    assert found["rollout_value_inside", "programme"] != found["rollout_value_inside", "twin"]
    assert found["rollout_test", "effect"].value is not None


def test_a_larger_rollout_holds_the_smaller():
    """One draw a customer: who is in at 30 % is in at 60 %; of 136 customers as many as the share says."""
    few, many = (play("compiled", rolled_out(s)).programme.outside == 0 for s in ("30 %", "60 %"))
    assert (few <= many).all()
    for inside, share in ((few, 0.3), (many, 0.6)):
        assert abs(inside.mean() - share) < 4 * np.sqrt(share * (1 - share) / len(inside))


def test_named_sites_only(engine):
    """It goes to the customers of these sites, and with a share to that share of them."""
    three = ("firm.sites=3",)
    played = play(engine, *three, "programme.rollout={sites: [3, 1]}")
    assert ((played.programme.customers["site"] != 1) == (played.programme.outside == 0)).all()
    both = play(engine, *three, "programme.rollout={sites: [3, 1], share: 50 %}").programme
    half = play(engine, *three, rolled_out("50 %")).programme
    assert ((both.outside == 0) == ((half.outside == 0) & (both.customers["site"] != 1))).all()


def test_before_month_0_nobody_is_outside():
    """The past, and the twin's dilution of status, know of no rollout."""
    tiers = "tiers: {window: 3 months, review: rolling, levels: {gold: {from: 3 visits, status: 6}}}"
    shares = f"status_quo={{{tiers}}}"
    plain, half = (play("compiled", shares, *more) for more in ((), (rolled_out("50 %"),)))
    assert differences(plain.twin, half.twin) == []
    assert parameters(rolled_out("50 %")).rollout == (0.5, (0,))
