"""Terms that change on a day, cash back and member prices: TRUST M1, M11, MODEL 6.

What each is meant to catch is named in its docstring; those breaks have not been planted.
"""

import numpy as np
import pytest
from small_worlds import (
    CALM,
    differences,
    differing_fields,
    differing_measures,
    of_kind,
    parameters,
    play,
    same,
    worlds,
)

from loyaltysim.rules.ledger import CENT, M

NO_FADING = ("experience={decay: null, forgetting: 0}", "firm.offers=[]", "rivals.Bean.offers=[]")
CHANGES = "programme.points.changes"


def test_a_change_that_changes_nothing_changes_nothing(engine):
    """M11: the same worth anew, announced or not, is bit for bit the same run.

    Without offers, that is: their time left moves her standing wherever she is looked at.

    Catches: an announcement that ends a piece of hazard.
    """
    plain = play(engine, *NO_FADING)
    for change in ("announced: month 4, at: month 7", "at: day 200"):
        changed = play(engine, *NO_FADING, f"{CHANGES}=[{{{change}, worth: 0.10 EUR, rush: 3}}]")
        assert differences(plain.programme, changed.programme, ("felt_at",)) == []
        assert differences(plain.twin, changed.twin) == []


def test_terms_hold_from_their_day_on_and_in_their_arm_only(engine):
    """Points earned follow the new rate from the day on; the twin, and what came before, are as they were."""
    plain = play(engine, *NO_FADING)
    changed = play(engine, *NO_FADING, f"{CHANGES}=[{{at: month 7, earn: 3 / EUR}}]")
    assert differences(plain.twin, changed.twin) == []
    until = parameters(*NO_FADING).warm_up + 7
    assert (plain.programme.money[:until] == changed.programme.money[:until]).all()
    events = worlds(engine, *NO_FADING, f"{CHANGES}=[{{at: month 7, earn: 3 / EUR}}]")[0]
    visits = of_kind(events.log, "visit")
    visits = visits[(visits["provider"] == 0) & (visits["paid"] > 500) & (visits["time"] >= 0.0)]
    rate = visits["earned"] / (visits["paid"] / 100.0)
    day = parameters(*NO_FADING).closes[until]
    assert (np.abs(rate[visits["time"] < day] - 1.0) < 0.1).all()
    assert (np.abs(rate[visits["time"] > day] - 3.0) < 0.1).all()
    assert (visits["time"] > day).sum() > 50


def test_double_points_days_are_two_changes_of_the_rate_and_end(engine):
    """A campaign is the rate doubled on its first day, known to be single again from its last day on.

    Catches: the multiplier on the worth in place of the rate.
    """
    double = "programme.points.campaigns=[{from: month 4, to: month 7}]"
    campaign = play(engine, *NO_FADING, double).programme
    changes = play(
        engine, *NO_FADING,
        f"{CHANGES}=[{{at: month 4, earn: 2 / EUR}}, {{announced: month 4, at: month 7, earn: 1 / EUR}}]",
    ).programme  # fmt: skip
    assert differences(campaign, changes) == []
    visits = of_kind(worlds(engine, *NO_FADING, double)[0].log, "visit")
    visits = visits[(visits["provider"] == 0) & (visits["paid"] > 500) & (visits["time"] > 0.0)]
    rate = visits["earned"] / (visits["paid"] / 100.0)
    first, last = parameters(*NO_FADING).closes[[7, 10]]
    inside = (visits["time"] > first) & (visits["time"] < last)
    assert (np.abs(rate[inside] - 2.0) < 0.1).all() and (np.abs(rate[~inside] - 1.0) < 0.1).all()
    assert inside.sum() > 50


def redeemed_by(engine, change):
    """Points redeemed by month in a market that nothing else moves, where redeeming is a choice."""
    stockpile = (
        "programme.points.hassle=4 EUR", "programme.points.choice_scale=0.60 EUR", "programme.points.expiry=",
        "programme.points.minimum=10", "market.customers=400",
    )  # fmt: skip
    return play(engine, *stockpile, *change).programme.money[..., M.POINTS_REDEEMED].sum(axis=1)


def test_an_announced_devaluation_starts_a_run_and_none_without_it():
    """More is redeemed between announcement and change than without; unannounced, exactly as much as without.

    Catches: the loss avoided left out of the choice.
    """
    silent = redeemed_by("compiled", (f"{CHANGES}=[{{at: month 8, worth: 0.02 EUR}}]",))
    told = redeemed_by("compiled", (f"{CHANGES}=[{{announced: month 5, at: month 8, worth: 0.02 EUR}}]",))
    none = redeemed_by("compiled", ())
    assert silent[:11].tolist() == none[:11].tolist()
    assert told[:8].tolist() == none[:8].tolist()
    assert told[8] > 1.5 * none[8]
    assert told[8:11].sum() > 1.1 * none[8:11].sum()


def test_a_raise_in_worth_starts_no_run():
    """There is no loss to avoid. Catches: the difference taken without its sign."""
    raised = redeemed_by("compiled", (f"{CHANGES}=[{{announced: month 5, at: month 8, worth: 0.15 EUR}}]",))
    told = redeemed_by("compiled", ())
    assert raised[8:11].sum() <= 1.1 * told[8:11].sum()


ONE_WEIGHT = ("market.segments.visitors.price_weight=0.75",)  # what people say is the same to all
PRICED = (*ONE_WEIGHT, *(o for o in CALM if o != "firm.price_level=0"))


@pytest.mark.parametrize("part", ["2 %", "10 %"])
def test_cash_back_and_a_price_cut_retain_alike(engine, part):
    """MODEL 6: cash back of x % and a price cut of x % at rest hold the same customers to the same day.

    Expectation has settled: the lower price was there from the start. Catches: a valuation of .8 for cash.
    """
    back = play(engine, *CALM, *ONE_WEIGHT, f"programme.cashback={part}", "warm_up=0").programme.customers
    cut = play(engine, *PRICED, f"firm.price_level=-{part}", "warm_up=0").twin.customers
    plain = play(engine, *CALM, *ONE_WEIGHT, "warm_up=0").twin.customers
    np.testing.assert_allclose(back["first_defection"], cut["first_defection"], rtol=1e-9)
    assert (back["home"] == cut["home"]).all()
    assert (back["first_defection"] > plain["first_defection"]).sum() > 3


def test_a_member_price_and_cash_back_without_offers_cost_alike(engine):
    """7 % off and 7 % back leave the same hazards, visits and margin, within the rounding of each basket."""
    off, back = (
        play(engine, *CALM, f"programme.{what}").programme
        for what in ("member_price={discount: 7 %}", "cashback=7 %")
    )
    assert differing_fields(off.customers, back.customers, ("value", "reward_cost", "spend", "spend_year",
                                                            "spend_year_all")) == []  # fmt: skip
    cost = off.money[..., M.MEMBER_DISCOUNTS] - back.money[..., M.CASHBACK]
    assert (np.abs(cost) <= off.money[..., M.VISITS]).all()
    assert off.money[..., M.CASHBACK].sum() == back.money[..., M.MEMBER_DISCOUNTS].sum() == 0


def test_price_cuts_do_not_add_up(engine):
    """The deeper of an offer and the member price counts: within the same offer, 10 % stays 10 %.

    Catches: the member price taken off what the offer leaves.
    """
    offer = ("loyalty=", "firm.offers=[{from: month 0, to: month 13, depth: 10 %, reach: 100 %}]")
    both, offer_only, deeper = (
        play(engine, *CALM[:-1], *offer, f"programme.member_price={{discount: {part}}}").programme
        for part in ("4 %", "0 %", "12 %")
    )
    assert differing_measures(both.money, offer_only.money) == []
    assert deeper.money[..., M.MEMBER_DISCOUNTS].sum() > 0


def test_what_they_cost_is_in_the_value_and_in_the_reward_cost(engine):
    """At a discount rate of 0 the value falls short of the margin at list price by exactly what was given."""
    free = "finance.discount_rate=0 %"
    played = play(engine, *CALM, free, "programme.cashback=3 %", "programme.member_price={discount: 5 %}")
    after = played.programme.money[3:].sum(axis=(0, 1))
    given = after[M.MEMBER_DISCOUNTS] + after[M.CASHBACK]
    assert after[M.REWARD_COST] == given * int(CENT)
    assert after[M.VALUE] == (after[M.LIST_SALES] - given - after[M.GOODS_SOLD]) * int(CENT)
    assert same(played.twin.money, play(engine, *CALM, free).twin.money).all()
