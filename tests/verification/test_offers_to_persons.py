"""Acquisition, win-back and save offers: C21, R37, who pays and who accepts (E37, E38; MODEL 3.5)."""

import math

import numpy as np
import pytest
from small_worlds import MARKET, SEED, parameters

from loyaltysim.engines.simulate import run_arms, simulate
from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.metrics.terms import terms_of
from loyaltysim.metrics.view import views
from loyaltysim.rules.ledger import CENT, M
from loyaltysim.rules.state import FIRM
from loyaltysim.scenario.load import load
from loyaltysim.validation.verdict import Row, exactly, require, run, share

CEILING, RESPONSE, WORTH = 0.4, 0.05, 200.0  # C21: c, k, V
EVERYBODY = "readiness: 60"  # whoever is reached accepts


def campaign(spend):
    """The programme's arm after one campaign at so much a prospect, all of them at home with the rival."""
    text = f"at: month 1, reach: {CEILING}, response: {RESPONSE}, cost: {spend} EUR, {EVERYBODY}"
    (found,) = run("prospects", f"programme.acquisition={{spring: {{{text}}}}}")
    return found


@pytest.mark.statistical
@pytest.mark.parametrize("spend", [10.0, 27.73, 60.0])
def test_c21_acquisition_reaches_a_ceiling(spend):
    """a(A) = c (1 - exp(-k A)) of the prospects; every prospect costs A (Blattberg & Deighton 1996).

    Break: the response left out of the reach: 40 % whatever is spent.
    """
    arm = campaign(spend).programme
    won = (arm.customers["home"] == FIRM) & (arm.customers["present"] == 1)
    n = len(won)
    require(
        [
            share(f"acquired at {spend:g}", CEILING * (1.0 - math.exp(-RESPONSE * spend)), won, "prospects"),
            exactly("cost", round(n * spend * 100), arm.money[..., M.ACQUISITION_COST].sum(), f"{n}"),
            exactly("acquired", won.sum(), arm.money[..., M.ACQUIRED].sum(), f"{n}"),
        ]
    )


@pytest.mark.statistical
def test_c21_the_best_spend_is_ln_ckv_over_k():
    """A* = ln(ckV)/k = 27.73, profit 32.27 a prospect; less or more spent earns less, with the same luck."""
    best = math.log(CEILING * RESPONSE * WORTH) / RESPONSE
    assert best == pytest.approx(27.73, abs=5e-3)

    def profit(spend):
        won = campaign(spend).programme.customers["home"] == FIRM
        return float(won.mean()) * WORTH - spend, WORTH * float(won.std()) / math.sqrt(len(won)), len(won)

    found, error, n = profit(27.73)
    require([Row("profit a prospect", 32.27, found, error, f"{n} prospects")])
    assert found > profit(15.0)[0] and found > profit(45.0)[0]


@pytest.mark.statistical
def test_r37_the_sooner_the_more_come_back():
    """Asked at once, after two and after six months: ever fewer of those asked return (w2 of E37).

    Break: a logit that does not fade.
    """
    rates = []
    for delay in ("0 days", "2 months", "6 months"):
        offer = f"{{readiness: -0.5, fades: 0.5 / month, delay: {delay}}}"
        numbers = parameters(
            "market.customers=2000", "programme.points=", f"programme.win_back={offer}", *ALONE
        )
        arm = simulate(numbers, 0, SEED).programme
        asked, back = (int(arm.money[..., k].sum()) for k in (M.APPROACHED_WINBACK, M.ACCEPTED_WINBACK))
        assert asked > 100
        rates.append(back / asked)
    assert rates[0] > 1.3 * rates[1] and rates[1] > 2.0 * rates[2]


ALONE = ("firm.service=", "waiting=")


def test_offers_that_nobody_accepts_move_nobody():
    """Readiness so low that nobody accepts: the twin's customers; the contacts cost, to the cent."""
    never = "readiness: -900, cost: 2 EUR"
    numbers = parameters(
        "programme.points=",
        f"programme.acquisition={{spring: {{at: month 2, {never}}}}}",
        f"programme.win_back={{{never}}}",
        f"programme.save={{{never}}}",
    )
    programme, twin, _ = run_arms(numbers, 0, SEED, "simpy")
    for field in ("home", "hazard", "spend", "spells", "standing", "first_defection"):
        assert (programme.customers[field] == twin.customers[field]).all(), field
    asked = sum(programme.money[..., M.APPROACHED_ACQUISITION + kind].sum() for kind in range(3))
    cost = sum(programme.money[..., M.ACQUISITION_COST + kind].sum() for kind in range(3))
    assert cost == 200 * asked > 0
    assert programme.money[..., M.REWARD_COST].sum() <= cost * CENT
    assert twin.money[..., M.ACQUISITION_COST : M.SAVE_COST + 1].sum() == 0


def test_an_offer_that_everybody_accepts_keeps_everybody():
    """Nobody leaves the firm for another home, and every leaver is paid for."""
    numbers = parameters("programme.points=", f"programme.save={{{EVERYBODY}, gift: 7 EUR}}")
    programme, twin, _ = run_arms(numbers, 0, SEED, "simpy")
    after = slice(numbers.warm_up, None)
    assert programme.money[after, :, M.DEFECTIONS].sum() == 0 < twin.money[after, :, M.DEFECTIONS].sum()
    kept = programme.money[..., M.ACCEPTED_SAVE].sum()
    assert kept == programme.money[..., M.APPROACHED_SAVE].sum() > 0
    assert programme.money[..., M.SAVE_COST].sum() == 700 * kept


def test_every_leaver_is_asked_once_and_comes_back():
    """Asked at the first close, everybody returns: at every close nobody is away who left after month 0."""
    numbers = parameters(
        "programme.points=", f"programme.win_back={{{EVERYBODY}, fades: 0}}", "loyalty.never_returns=0 %"
    )
    programme, _, _ = run_arms(numbers, 0, SEED, "simpy")
    assert (programme.money[..., M.ACCEPTED_WINBACK] == programme.money[..., M.APPROACHED_WINBACK]).all()
    gone = np.isfinite(programme.departures["day"]) & (programme.customers["present"] == 1)
    assert not gone.any() and programme.money[..., M.ACCEPTED_WINBACK].sum() > 10


def test_the_figures_are_those_of_the_ledger():
    """Cost in the currency, accepted over addressed, and all of it within contribution."""
    overrides = (
        "programme.win_back={gift: 30 EUR, cost: 1 EUR, readiness: 0}",
        "programme.save={gift: 15 EUR, readiness: 0}",
        "programme.acquisition={spring: {at: month 3, gift: 20 EUR, cost: 0.5 EUR}}",
    )  # fmt: skip
    found = simulate(parameters(*overrides), 0, SEED)
    with_it, _ = views(found, terms_of(load(MARKET, overrides).scenario))
    plain, _ = views(simulate(parameters(), 0, SEED), terms_of(load(MARKET).scenario))
    for name in ("acquisition", "winback", "save"):
        cost = found.programme.money[4 - 1 :, :, getattr(M, f"{name.upper()}_COST")].sum() / 100
        assert CATALOGUE[f"{name}_cost"].formula(with_it) == pytest.approx(cost) and cost > 0
        assert CATALOGUE[f"{name}_cost"].formula(plain) == 0.0
        accepted, addressed = CATALOGUE[f"{name}_rate"].formula(with_it)
        assert 0 <= accepted <= addressed > 0
    gross = CATALOGUE["gross_margin"].formula(with_it)
    rest = with_it.money(with_it.flow("fulfilment")) + with_it.owed_change()
    costs = sum(CATALOGUE[f"{name}_cost"].formula(with_it) for name in ("acquisition", "winback", "save"))
    assert CATALOGUE["contribution"].formula(with_it) == pytest.approx(gross - rest - costs)
