"""Points held on the first day (MODEL 3.8): issued, in lots of the months before, and lapsing by their age.

Where a docstring says "Break", that break was made in a copy and seen to fail.
"""

import numpy as np
import pytest
from small_worlds import MARKET, advanced, differences, parameters, play

from loyaltysim.metrics.measure import measure
from loyaltysim.metrics.terms import terms_of
from loyaltysim.rules.ledger import M
from loyaltysim.rules.state import FIRM
from loyaltysim.scenario.load import load

TERMS = "earn: 1 / EUR, worth: 0.10 EUR, minimum: {minimum}, step: 10, expiry: {expiry}, hassle: 0.80 EUR"
OUT_OF_REACH = TERMS.format(minimum=100000, expiry="6 months").replace("earn: 1", "earn: 0")
NOBODY_PARTS = tuple(
    f"market.segments.{name}.lifetime={{mean: 900 years, shape: null, scale: null}}"
    for name in ("regulars", "visitors")
)


def opened(terms, opening, running=False):
    """The overrides of a programme that opens with balances, on trial or running already."""
    scheme = f"{{points: {{{terms}, opening: {opening}}}}}"
    if not running:
        return "programme=", f"programme={scheme}"
    return "programme=", f"programme={{points: {{{terms}}}}}", f"status_quo={scheme}"


@pytest.mark.parametrize("running", [False, True], ids=["on trial", "running"])
def test_each_lot_lapses_at_its_age(engine, running):
    """60 points each, a third of them four months old: at the closes 3 and 4 they lapse by 20 and by 40.

    With nothing earned and nothing redeemed the expiry of each close is known by hand.
    Break: lots are put into the months to come; a lot of a month before the run never lapses.
    """
    overrides = opened(OUT_OF_REACH, "{mean: 60, ages: [0, 0, 2, 1]}", running)
    played = play(engine, *overrides, *NOBODY_PARTS, "warm_up=0 months")
    money = played.programme.money.sum(axis=1)
    holders = int((played.programme.customers["base"] == 1).sum())
    assert holders > 20
    assert money[:, M.POINTS_ISSUED].tolist() == [60 * holders] + 12 * [0]
    assert money[0, M.POINTS_OPENING] == 60 * holders
    lapsed = [0, 0, 20 * holders, 40 * holders, *(9 * [0])]
    assert money[:, M.POINTS_EXPIRED].tolist() == lapsed
    assert (played.programme.customers["balance"] == 0).all()


def test_a_ring_of_lots_that_is_longer_than_the_run(engine):
    """Points valid for longer than anybody looks neither lapse nor are taken for those of other months."""
    long = OUT_OF_REACH.replace("6 months", "90 months")
    arm = play(engine, *opened(long, "{mean: 60, ages: [1, 1, 1, 1, 1, 1, 1, 1]}"), *NOBODY_PARTS).programme
    assert arm.money[..., M.POINTS_EXPIRED].sum() == 0
    assert arm.customers["balance"].sum() == arm.money[..., M.POINTS_ISSUED].sum() > 0


def test_rolling_points_lapse_by_the_youngest_lot(engine):
    """Who does not buy again loses everything `expiry` months after the month of her youngest lot.

    Break: a customer who has not bought counts as one who bought in the first month.
    """
    rolling = OUT_OF_REACH + ", expires: rolling"
    never = tuple(
        f"market.segments.{s}.occasions={{mean: null, shape: null, stages: 1, every: 90 years}}"
        for s in ("regulars", "visitors")
    )
    overrides = (*opened(rolling, "{mean: 60, ages: [0, 1, 1]}"), *NOBODY_PARTS, *never, "warm_up=0 months")
    money = play(engine, *overrides).programme.money.sum(axis=1)
    lapsed = money[:, M.POINTS_EXPIRED]
    assert lapsed[6 - 2] == lapsed.sum() == money[:, M.POINTS_ISSUED].sum() > 0


def test_who_holds_how_much():
    """The stated share of the home customers, and the stated mean, within four standard errors.

    Break: rivals' customers hold points.
    """
    few = "{share: 70 %, mean: 200, shape: 2}"
    overrides = (*opened(TERMS.format(minimum=20, expiry="24 months"), few), "market.customers=3000")
    world = advanced("compiled", parameters(*overrides), until=parameters(*overrides).warm_up)
    base = world.customers["base"] == 1
    balance = world.customers["balance"]
    assert (balance[~base] == 0).all()
    holds = balance[base] > 0
    n = base.sum()
    assert abs(holds.mean() - 0.7) < 4 * np.sqrt(0.7 * 0.3 / n)
    assert abs(balance[base][holds].mean() - 200) < 4 * 200 / np.sqrt(2 * holds.sum())
    assert (world.customers["home"][base] == FIRM).all()


def test_holders_are_members_at_no_cost(engine):
    """Where customers join, whoever holds points has joined on the first day, without cost and bonus."""
    club = "programme.enrolment={chance: 0, cost: 5 EUR, bonus: 50}"
    overrides = (*opened(TERMS.format(minimum=20, expiry="24 months"), "{share: 60 %, mean: 40}"), club)
    played = play(engine, *overrides)
    money, members = played.programme.money, played.programme.members
    joined = np.isfinite(members["since"])
    assert (members["since"][joined] == 0.0).all()
    assert money[..., M.ENROLLED].sum() == joined.sum() > 10
    assert 40 * joined.sum() == money[..., M.POINTS_OPENING].sum()
    assert money[..., M.ENROLMENT_COST].sum() == money[..., M.POINTS_GIVEN].sum() == 0
    assert money[..., M.POINTS_REDEEMED].sum() > 0
    assert not np.isfinite(played.twin.members["since"]).any()


def test_what_runs_already_is_there_in_both_worlds(engine):
    """The same programme as the one that runs, with its balances, is the twin; the debt is not its own."""
    terms = TERMS.format(minimum=20, expiry="24 months")
    overrides = (*opened(terms, "{mean: 300}", running=True), "warm_up=0 months")
    played = play(engine, *overrides)
    assert differences(played.programme, played.twin) == []
    found = measure(played, terms_of(load(MARKET, overrides).scenario)).parts
    new = measure(
        play(engine, *opened(terms, "{mean: 300}"), "warm_up=0 months"),
        terms_of(load(MARKET, (*opened(terms, "{mean: 300}"), "warm_up=0 months")).scenario),
    ).parts
    price = 0.8 * 0.10 * (0.4 + 0.6 * 0.32)  # of a point: redeemed x worth x (displacement + rest x goods)
    debt = played.twin.money[..., M.POINTS_OPENING].sum() * price
    given = new["programme_cost", "programme"].value - found["programme_cost", "programme"].value
    assert abs(given - debt) < 1e-6 * debt


def test_a_rollout_opens_the_books_of_those_it_reaches():
    """Nobody outside of a rollout holds points of the programme on trial."""
    overrides = (*opened(OUT_OF_REACH, "{mean: 60}"), "programme.rollout={share: 50 %}")
    arm = play("compiled", *overrides).programme
    base = arm.customers["base"] == 1
    assert arm.money[..., M.POINTS_OPENING].sum() == 60 * (base & (arm.outside == 0)).sum() > 0
