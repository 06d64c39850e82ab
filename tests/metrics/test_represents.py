"""A market on the scale 1 : k: what its figures say of the real one."""

import pytest
from small_worlds import MARKET

from loyaltysim.experiments.run import run
from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.metrics.kpi import SUMMED
from loyaltysim.metrics.unknown import apart, of_the_real
from loyaltysim.scenario.load import load

K = 10
SHORT = (
    "horizon=13 months",
    "events=[{at: month 2, set: {firm.attributes.quality.level: 80}, cost: 600 EUR}]",
)
STATED = ("firm.costs.fixed={} EUR/month", "programme.fixed={} EUR/month")


def lived(*overrides):
    """The small market, a few replications."""
    return run(load(MARKET, (*SHORT, *overrides)), replications=4, workers=1)


@pytest.fixture(scope="module")
def both():
    """As it is, and as one that stands for ten times as many."""
    plain = lived(*(text.format(700) for text in STATED))
    return plain, lived(*(text.format(700) for text in STATED), f"market.represents={90 * K}")


def test_flows_are_those_of_the_real_market_and_ratios_stay(both):
    """Sums of customers times k, ratios and moods as they were; nobody lives otherwise.

    Catches: every figure times k.
    """
    plain, real = both
    assert plain.digests == real.digests
    bear_fixed = {"profit", "spending", "programme_cost", "incremental_contribution", "event_cost"}
    bear_fixed |= {"programme_roi", "cost_per_saved_customer", "lift_by_mechanism.fixed", "paid_back_share"}
    told = 0
    for one, other in zip(plain.kpis, real.kpis, strict=True):
        kpi = CATALOGUE[one["kpi"]]
        if one["estimate"] is None or kpi.name in bear_fixed:
            continue
        factor = K if kpi.extensive else 1.0
        for name in ("estimate", "low", "high", "sd"):
            assert other[name] == pytest.approx(factor * one[name], rel=1e-9, abs=1e-9), (kpi.name, name)
        told += 1
    assert told > 60


def test_what_the_firm_states_is_real(both):
    """Profit = k x (profit before what is stated) - what is stated; events cost what they cost.

    Catches: fixed costs times k.
    """
    plain, real = both
    stated = 13 * 700 + 600
    at = "programme"
    own = plain.kpi("profit", at)["estimate"] + stated + 13 * 700  # the programme's fixed cost, too
    assert real.kpi("profit", at)["estimate"] == pytest.approx(K * own - stated - 13 * 700)
    assert real.kpi("event_cost", at)["estimate"] == pytest.approx(600.0)
    variable = [
        one.kpi("subsidy_leak")["estimate"] / one.kpi("subsidy_leak_share")["estimate"] for one in both
    ]
    assert variable[1] == pytest.approx(K * variable[0])
    fixed = [one.kpi("programme_cost", at)["estimate"] for one in both]
    assert fixed[1] - variable[1] == pytest.approx(fixed[0] - variable[0])


def test_monthly_tables_add_up_to_the_figures(both):
    """Sales of the months after month 0 are those of the window, real ones."""
    real = both[1]
    rows = real.monthly.query("arm == 'programme' and group == 'all' and measure == 'revenue' and month > 0")
    assert rows["value"].sum() / 4 == pytest.approx(real.kpi("revenue", "programme")["estimate"])
    profit = real.monthly.query("arm == 'programme' and measure == 'profit' and month > 0")["value"].sum() / 4
    assert profit == pytest.approx(real.kpi("profit", "programme")["estimate"])


def test_luck_is_that_of_k_markets_side_by_side_and_what_is_not_known_that_of_one(both):
    """Luck's variance times k, the parameters' times k^2 (of a flow): k independent markets of one draw.

    Catches: luck times k^2.
    """
    row = both[1].kpi("revenue", "programme")
    assert row["luck_sd"] == pytest.approx(K**0.5 * both[0].kpi("revenue", "programme")["sd"])
    values = [1.0, 3.0, 5.0, 7.0, 6.0, 8.0]  # luck 2, parameters 6
    of_k = apart([K * value for value in values], 2, 0.95, K)
    assert of_k["luck_sd"] ** 2 == pytest.approx(2 * K)
    assert of_k["parameters_sd"] ** 2 == pytest.approx(6 * K**2)
    assert of_k["share"] == pytest.approx(6 * K**2 / (6 * K**2 + 2 * K))
    assert of_the_real(1.0, K) == 1.0 and of_the_real(0.0, K) == 0.0 and of_the_real(None, K) is None


def test_every_figure_is_known_to_be_a_sum_or_not():
    """A figure by the mean in another unit is no sum over customers; a new unit needs a look at `SUMMED`."""
    other = {kpi.unit for kpi in CATALOGUE.values() if kpi.estimator == "mean"} - set(SUMMED)
    assert other == {"CSI points", "money a head", "ratio", "share"}
