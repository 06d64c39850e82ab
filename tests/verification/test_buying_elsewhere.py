"""Buying elsewhere (MODEL 3.6): its chance, where to (C17) and a faster pace (Liu & Yang 2009)."""

import math

import numpy as np
import pytest
from small_worlds import SEED, parameters

from loyaltysim.engines.simulate import run_arms
from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.metrics.terms import terms_of
from loyaltysim.metrics.view import views
from loyaltysim.rules.ledger import M
from loyaltysim.rules.occasions import next_occasion
from loyaltysim.rules.state import CUSTOMER
from loyaltysim.scenario.load import load
from loyaltysim.scenario.lower import lower
from loyaltysim.validation.verdict import SCENARIOS, Row, counts, require, run, share

CHANCE = 1.0 / (1.0 + math.exp(-(math.log(0.3 / 0.7) + 12.5 / 20.0)))
LOGIT = (math.exp(1.0), math.exp(0.5), 1.0)  # Near, Middle, Far: 12.5, 6.25 and 0 points above par
PURCHASES = 3000 * 36.0  # expected in a year


def purchases(*overrides):
    """Purchases of both arms by measure, from the ledgers."""
    (found,) = run("away", *overrides)
    return [
        {name: int(arm.money[..., getattr(M, name)].sum()) for name in ("OCCASIONS", "VISITS", "VISITS_AWAY")}
        for arm in (found.programme, found.twin)
    ]


@pytest.mark.statistical
def test_c17_the_chance_and_the_shares_of_a_logit():
    """sigma(logit(.3) + 12.5/20) of all purchases; .5065, .3072, .1863 of them by utility 1, .5, 0.

    Customers differ by luck alone. Break: one draw for all purchases of a customer.
    """
    numbers = lower(load(SCENARIOS / "away.yaml").scenario)
    _, twin, _ = run_arms(numbers, 0, SEED, "simpy")
    visits = twin.ties["visits"].sum(axis=0)
    bought = np.repeat([False, True], [int(twin.money[..., M.VISITS].sum()), int(visits[1:].sum())])
    names = numbers.names
    where = np.repeat([0, 1, 2], [int(visits[names.index(n)]) for n in ("Near", "Middle", "Far")])
    some = twin.customers["occasions"] > 0
    each, elsewhere = twin.customers["occasions"][some], twin.ties["visits"][some, 1:].sum(axis=1)
    spread = (elsewhere - each * CHANCE) ** 2 / (each * CHANCE * (1.0 - CHANCE))
    n = len(spread)
    of = sum(LOGIT)
    assert [u / of for u in LOGIT] == pytest.approx([0.5065, 0.3072, 0.1863], abs=1e-4)
    require(
        [
            share("bought elsewhere", CHANCE, bought, "purchases"),
            Row("spread between customers", 1.0, float(spread.mean()), math.sqrt(2.0 / n), f"{n} customers"),
            counts("where to", [u / of for u in LOGIT], where, "purchases elsewhere"),
        ]
    )


@pytest.mark.statistical
@pytest.mark.parametrize("e", [0.0, 0.4, 1.0])
def test_a_faster_pace_is_new_to_the_category_or_taken_from_rivals(e):
    """x = (h - 1)(1 - p) more purchases at the firm: e x new, the others no longer bought elsewhere.

    Break: a chance of buying away that the programme does not lower.
    """
    with_it, without = purchases("programme={acceleration: 1.4}", f"market.category_expandability={e}")
    extra = 0.4 * (1.0 - CHANCE)
    left = CHANCE - (1.0 - e) * extra
    assert left > 0.0
    for name, expected, found in (
        ("occasions", 1.0 + e * extra, with_it["OCCASIONS"]),
        ("at the firm", 1.4 * (1.0 - CHANCE), with_it["VISITS"]),
        ("elsewhere", left, with_it["VISITS_AWAY"]),
        ("without the programme", 1.0, without["OCCASIONS"]),
    ):
        away = (found - expected * PURCHASES) / math.sqrt(expected * PURCHASES)  # Poisson
        assert abs(away) <= 4.0, (
            f"{name}: {found} is {away:+.1f} standard errors from {expected * PURCHASES:.0f}"
        )


@pytest.mark.parametrize("e", ["0 %", "35 %"])
def test_a_pace_that_is_no_faster_changes_nothing(e):
    """A programme of factor 1 leaves the twin's record, bit for bit."""
    numbers = parameters(
        "loyalty.away={at_par: 25 %, slope: 30}", f"market.category_expandability={e}", "programme.points="
    )
    programme, twin, _ = run_arms(numbers, 0, SEED, "simpy")
    assert (programme.money == twin.money).all() and twin.money[..., M.VISITS_AWAY].sum() > 100


def test_who_gives_her_whole_wallet_has_nothing_to_move():
    """In a rigid category, and with nobody who buys elsewhere, a faster pace changes nothing, bit for bit."""
    numbers = parameters(
        "market.category_expandability=0 %", "programme.points=", "programme.acceleration=1.6"
    )
    programme, twin, _ = run_arms(numbers, 0, SEED, "simpy")
    assert (programme.money == twin.money).all()


@pytest.mark.parametrize("borrowed", [0.0, 0.3, 1.0])
def test_what_is_borrowed_is_paid_back(borrowed):
    """Gaps spent = lambda T (1 + f (1 - borrowed)) + debt, at every moment; it tends to 90 borrowed lambda f.

    Break: a debt that is paid but not lowered.
    """
    rate, more = 0.25, 0.6
    closes = np.arange(0.0, 1500.0, 30.0)
    her = np.zeros(1, CUSTOMER).view(np.recarray)[0]
    her.rate, her.gap, her.counted_from = rate, 1.0, 0.0
    debt, occasions = 0.0, 0
    seasons = np.ones(len(closes))
    for month in range(len(closes) - 1):
        while True:
            day, debt, _ = next_occasion(her, closes, seasons, month, 1.0 + more, debt, borrowed)
            if math.isnan(day):
                break
            occasions += 1
            her.counted_from, her.gap = day, 1.0
            spent = rate * day * (1.0 + more * (1.0 - borrowed)) + debt
            assert occasions == pytest.approx(spent, rel=1e-9)
    assert debt == pytest.approx(90.0 * borrowed * rate * more, rel=1e-4)


@pytest.mark.statistical
def test_the_share_bought_elsewhere_is_the_chance():
    """`away_share` of the firm's customers: the closed form, too. Nobody drops in."""
    (found,) = run("away")
    programme, _ = views(found, terms_of(load(SCENARIOS / "away.yaml").scenario))
    away, bought = CATALOGUE["away_share"].formula(programme)
    assert away == CATALOGUE["visits_away"].formula(programme) == programme.flow("visits_rivals")
    assert CATALOGUE["visits_drop_in"].formula(programme) == 0.0
    assert abs(away / bought - CHANCE) <= 4.0 * math.sqrt(CHANCE * (1.0 - CHANCE) / bought)
