"""Each customer her own: what she is, her luck, the offers that reach her, what she pays (MODEL 0.4, 3.1).

Small enough to be run with the JIT off: bugs that these tests kill are planted by tests/planted.py.
"""

import numpy as np
import pytest
from scipy import stats
from small_worlds import MARKET, parameters

from loyaltysim.engines.simulate import simulate
from loyaltysim.record.world import open_world
from loyaltysim.rules import calls
from loyaltysim.rules.draws import keys_of
from loyaltysim.rules.ledger import CENT
from loyaltysim.rules.loyalty import own_staying, own_threshold
from loyaltysim.rules.occasions import own_basket, own_rate
from loyaltysim.rules.world import handle_of
from loyaltysim.validation.verdict import SCENARIOS

KEYS = keys_of(np.uint64(5), 0, 3000)
RARE = 6.3e-5  # the chance of a deviation beyond four standard errors
RENEWAL = (
    "loyalty={theory: beta, period: occasion, renewal: {alpha: 0.668, beta: 3.806}, never_returns: 0 %}",
)


def one(table):
    """The first record of a table, its fields by name, as plain Python reads them."""
    return table.view(np.recarray)[0]


def of_everybody(draw):
    """The trait of 3,000 customers."""
    return np.array([draw(key) for key in KEYS])


def test_her_own_rate_is_gamma():
    """NBD: 5 a month, shape 1.5."""
    numbers = parameters(file=MARKET)
    rates = of_everybody(lambda key: own_rate(key, one(numbers.segments), numbers.tables)) * 365.0 / 12.0
    assert stats.kstest(rates, stats.gamma(1.5, scale=5.0 / 1.5).cdf).pvalue > RARE


def test_her_own_mean_basket_is_inverse_gamma():
    """Gamma-gamma: mean 5.40, shape of the means 3.74; the copula with the rate leaves the law as it is."""
    numbers = parameters(file=MARKET)
    baskets = of_everybody(lambda key: own_basket(key, one(numbers.segments), numbers.tables)) / 100.0
    assert stats.kstest(baskets, stats.invgamma(3.74, scale=5.4 * 2.74).cdf).pvalue > RARE


def test_her_own_threshold_is_normal():
    """Her own switching threshold: mean 62, sd 12."""
    numbers = parameters(file=MARKET)
    thresholds = of_everybody(lambda key: own_threshold(key, one(numbers.segments)))
    assert stats.kstest(thresholds, stats.norm(62.0, 12.0).cdf).pvalue > RARE


def test_her_own_chance_of_staying_is_one_less_a_beta():
    """sBG: with everybody's chance the mean one, retention would not rise with tenure (DEL 2.35 for 3.70)."""
    numbers = parameters(*RENEWAL, file=MARKET)
    stays = of_everybody(lambda key: own_staying(key, one(numbers.terms), numbers.tables))
    assert stats.kstest(1.0 - stays, stats.beta(0.668, 3.806).cdf).pvalue > RARE
    years = np.array([(stays**t).mean() for t in range(8)])
    assert years[7] == pytest.approx(0.488945, abs=4.0 * 0.5 / len(KEYS) ** 0.5)
    assert (np.diff(years[1:] / years[:-1]) > 0.0).all(), "the retention of a cohort rises by sorting alone"


def test_no_two_customers_of_any_replication_share_a_stream():
    """Every customer has a key of her own, newcomers too, and another one in every replication and seed."""
    numbers = parameters(file=MARKET)
    worlds = [open_world(numbers, seed, k) for seed, k in ((7, 0), (7, 1), (7, 2), (8, 0))]
    keys = np.concatenate([w.customers["key"] for w in worlds])
    assert len(worlds[0].customers) > numbers.first + 20
    assert len(np.unique(keys)) == len(keys)


def test_an_offer_turns_for_those_in_the_market_only():
    """Who left, or has yet to come, has no standing that an offer could move."""
    world = open_world(parameters(file=MARKET), 7, 0)
    world.customers["present"][:20] = 2
    before = world.customers.copy()
    assert (before["present"] == 0).sum() > 20
    offer = int(np.argmax(world.offers["provider"] > 0))
    calls.stand_anew_all(handle_of(world), offer, float(world.offers["start"][offer]))
    touched = before["felt_at"] != world.customers["felt_at"]
    assert not touched[before["present"] != 1].any()
    assert touched[before["present"] == 1].any()


def test_five_payments_are_discounted_from_the_day_of_the_first():
    """C2 for three customers who stay: 100 at once and after 1, 2, 3 and 4 years, at 10 % a year."""
    file = SCENARIOS / "constant_retention.yaml"
    stays = ("loyalty.rate=100 %", "market.entries=[{on: day 0, customers: 3}]")
    customers = simulate(parameters(*stays, file=file), 0, 2, "simpy").twin.customers
    value = sum(100.0 * 1.1**-t for t in range(5))
    assert customers["purchases"].tolist() == [5, 5, 5]
    np.testing.assert_allclose(customers["value"] / CENT / 100.0, value, atol=1e-3)
