"""A programme that runs already, and what changing it changes (MODEL 4), on both engines.

Where a docstring says "Break", that break was made in a copy and seen to fail; "Catches" was not planted.
"""

import numpy as np
from small_worlds import MARKET, differences, parameters, play

from loyaltysim.metrics.measure import measure
from loyaltysim.metrics.terms import terms_of
from loyaltysim.rules.ledger import CENT, M
from loyaltysim.scenario.load import load

POINTS = (
    "points: {earn: 1 / EUR, worth: 0.10 EUR, minimum: 20, step: 10, expiry: 4 months, rounding: nearest, "
    "hassle: 0.80 EUR, choice_scale: 0.50 EUR, fulfilment: 0.15 EUR}, fixed: 50 EUR/month"
)
CLUB = "enrolment: {chance: 15 %, cost: 1.50 EUR, bonus: 25, identified: 70 %}"
TIERS = (
    "tiers: {window: 3 months, review: rolling, levels: {silver: {from: 3 visits, status: 2}, "
    "gold: {from: 7 visits, multiplier: 2, status: 5, perks: {cost: 0.20 EUR, value: 2, keeps: 50 %}}}}"
)
SAME = f"{{{POINTS}, {CLUB}, {TIERS}}}"


def both(programme, status_quo):
    """The overrides of a programme on trial, and of one that runs already."""
    return "programme=", f"programme={programme}", f"status_quo={status_quo}"


def test_going_on_as_before_is_the_twin(engine):
    """The programme on trial is the one that runs: points, members, tiers, status, everything the same.

    Break: shares of the tiers are forgotten at month 0 in one arm; members have to join again.
    """
    played = play(engine, *both(SAME, SAME))
    assert played.programme.money[: played.warm_up, :, M.POINTS_ISSUED].sum() > 0
    assert played.programme.money[: played.warm_up, :, M.PROMOTED].sum() > 0
    assert differences(played.programme, played.twin) == []
    assert (played.programme.members == played.twin.members).all()
    scenario = load(MARKET, both(SAME, SAME)).scenario
    found = measure(played, terms_of(scenario)).parts
    for name in ("incremental_contribution", "incremental_retained"):
        assert found[name, "effect"].value == 0.0
    assert found["programme_cost", "programme"] == found["programme_cost", "twin"]
    assert found["programme_cost", "twin"].value > 0.0


def test_balances_and_members_outlast_a_change(engine):
    """Halving what a point earns takes nobody's points or membership; from then on less is issued.

    Catches: the fork empties the lots.
    """
    half = SAME.replace("earn: 1 / EUR", "earn: 0.5 / EUR")
    played = play(engine, *both(half, SAME))
    start = played.warm_up
    stocks = [arm.money[start - 1, :, M.POINTS_OUTSTANDING].sum() for arm in (played.programme, played.twin)]
    assert stocks[0] == stocks[1] > 0
    issued = [arm.money[start:, :, M.POINTS_ISSUED].sum() for arm in (played.programme, played.twin)]
    assert 0 < issued[0] < issued[1]
    before = np.isfinite(played.twin.members["since"]) & (played.twin.members["since"] <= 0.0)
    assert before.sum() > 3
    assert (played.programme.members["since"][before] == played.twin.members["since"][before]).all()


def test_other_tiers_begin_anew(engine):
    """With other thresholds nobody holds a tier at month 0; she has to reach the new ones."""
    other = SAME.replace("from: 7 visits", "from: 8 visits")
    played = play(engine, *both(other, SAME))
    month = played.warm_up
    held = [arm.money[month - 1, :, M.TIER_1 : M.TIER_2 + 1].sum() for arm in (played.programme, played.twin)]
    assert held[0] == held[1] > 0
    rises = [arm.money[month : month + 3, :, M.PROMOTED].sum() for arm in (played.programme, played.twin)]
    assert rises[0] > rises[1]


def test_owed_points_are_priced_by_what_then_holds():
    """Points open at month 0 cost what they did; at the end those of an arm cost what they do there."""
    worthless = SAME.replace("worth: 0.10 EUR", "worth: 0.05 EUR").replace(
        "fulfilment: 0.15", "fulfilment: 0"
    )
    played = play("compiled", *both(worthless, SAME))
    terms = terms_of(load(MARKET, both(worthless, SAME)).scenario)
    assert 0.0 < terms.cost_per_point < terms.status_quo_point
    found = measure(played, terms).parts
    open_then = played.twin.money[played.warm_up - 1, :, M.POINTS_OUTSTANDING].sum()
    for arm, price in (("programme", terms.cost_per_point), ("twin", terms.status_quo_point)):
        record = getattr(played, arm)
        later = record.money[-1, :, M.POINTS_OUTSTANDING].sum()
        factor = terms.factor(float(played.days[-1]))
        owed = (later * price * factor - open_then * terms.status_quo_point) / 100
        cash = record.money[played.warm_up :, :, M.REWARD_COST].sum() / CENT / 100
        fixed = sum(50.0 * terms.factor(float(day)) for day in played.days[played.warm_up + 1 :])
        assert abs(found["programme_cost", arm].value - (cash + owed + fixed)) < 1e-6


def test_without_a_status_quo_the_past_has_no_programme():
    """The parameters of the past are those of no programme at all."""
    numbers = parameters()
    assert numbers.status_quo["active"][0] == numbers.enrolment_before["active"][0] == 0
