"""Needs that change: weights of a segment that drift and wander, tastes of a person (MODEL 3.2)."""

import math
from pathlib import Path

import numpy as np
import pytest

from loyaltysim.engines.simulate import simulate
from loyaltysim.record.world import open_world
from loyaltysim.rules.ledger import CENT, M
from loyaltysim.scenario.load import load
from loyaltysim.scenario.lower import lower
from loyaltysim.validation.verdict import SCENARIOS, Row, mean, require

MONTHS = 24
SEGMENT = "market.segments.all"
TOWARD = f"{SEGMENT}.needs={{toward: {{quality: 20 %, speed: 80 %}}, half_life: 365 days}}"
WANDER = f"{SEGMENT}.needs={{wander: 0.3}}"
DRIFT = f"{SEGMENT}.fit={{sd: 10, taste_drift: 365 days}}"


def numbers(*overrides):
    """The parameters of the scenario."""
    return lower(load(SCENARIOS / "needs.yaml", overrides).scenario)


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
def test_a_firm_strong_in_what_mattered_loses_by_the_half_life(engine):
    """Weights A(t) = .2 + .6 * 2^(-t / 1 year) at the last close before a visit: CSI = 50 + 30 A(t).

    Catches: weights of the month before; half-life without the logarithm of 2.
    """
    parameters = numbers(TOWARD, "market.customers=40")
    arm = simulate(parameters, 0, 1, engine).twin
    days = parameters.closes[:-1] - parameters.closes[0]
    expected = 50.0 + 30.0 * (0.2 + 0.6 * 0.5 ** (days / 365.0))
    found = arm.money[:, 0, M.CSI] / arm.money[:, 0, M.VISITS] / CENT
    assert np.allclose(found, expected, atol=1e-4)
    assert found[0] == pytest.approx(74.0) and found[-1] < 62.0


def test_weights_wander_by_the_root_of_time():
    """ln(A_quality / A_speed) after t: N(ln 4, 2 * .3^2 * t / 365), over 2,000 replications.

    Catches: one draw for all attributes, the step of a month in place of its square root.
    """
    parameters = numbers(WANDER, "market.customers=0", "market.entries=[{on: day 1, customers: 1}]")
    ends = np.array([open_world(parameters, 5, r).needs[-1, 0] for r in range(2000)])
    ratio = np.log(ends[:, 0] / ends[:, 1]) - math.log(4.0)
    years = (parameters.closes[-1] - parameters.closes[0]) / 365.0
    var = 2.0 * 0.3**2 * years
    assert np.allclose(ends.sum(axis=1), 1.0)
    require(
        [
            mean("ln ratio", 0.0, ratio, "replications"),
            mean("its variance", var, ratio**2, "replications"),
        ]
    )


def test_needs_are_the_same_in_both_arms_and_begin_on_their_day():
    """Luck is the market's: no programme moves it. Before `from` the weights of the file hold exactly."""
    parameters = numbers(f"{SEGMENT}.needs={{wander: 0.3, from: month 6}}")
    drawn = open_world(parameters, 5, 0).needs
    assert (drawn[:9, 0] == parameters.weights[0]).all() and (drawn[9:, 0] != parameters.weights[0]).any()
    assert (open_world(parameters, 5, 0).needs == drawn).all()
    assert (open_world(parameters, 5, 1).needs != drawn).any()


def fits(world):
    """Fit of everybody with both providers."""
    return np.array(world.ties["fit"], float)


@pytest.mark.statistical
def test_tastes_forget_by_the_half_life_and_spread_as_before():
    """After two years: sd 10 as at the start, correlation 2^-2 with the first fit, none between providers.

    Break: the spread of the new part without its root; one draw for all providers.
    """
    from loyaltysim.engines.simulate import run_arms

    parameters = numbers(DRIFT)
    first = fits(open_world(parameters, 5, 0))
    world = run_arms(parameters, 0, 5, "compiled", -2)[1]
    last = fits(world)
    days = parameters.closes[-1] - parameters.closes[0]
    kept = 0.5 ** (days / 365.0)
    rows: list[Row] = []
    for j, name in enumerate(("firm", "other")):
        rows.append(mean(f"{name}: variance", 100.0, last[:, j] ** 2, "customers"))
        rows.append(
            mean(f"{name}: covariance with the start", 100.0 * kept, first[:, j] * last[:, j], "customers")
        )
    rows.append(mean("between providers", 0.0, last[:, 0] * last[:, 1], "customers"))
    require(rows)


BANK = Path(__file__).parents[2] / "scenarios" / "changing-needs.yaml"
STILL, NEVER = "events=[]", "market.segments.households.needs="


def test_a_bank_that_stands_still_loses_for_the_app_and_following_wins_back():
    """`scenarios/changing-needs.yaml`, 4 replications of 1,500, paired, 4 standard errors of each difference.

    Catches: needs that change nobody's standing; causes that are told by the size of a weight.
    """
    found = {}
    for name, overrides in {"follows": (), "stands still": (STILL,), "stays": (STILL, NEVER)}.items():
        scenario = load(BANK, overrides).scenario
        parameters = lower(scenario)
        arms = [simulate(parameters, r, scenario.seed).twin for r in range(4)]
        app = parameters.attribute_names.index("app")
        last = np.array([arm.money[-1].sum(axis=0) for arm in arms])
        left = np.array([arm.left_by[scenario.warm_up :].sum(axis=0) for arm in arms])
        found[name] = last[:, M.HOME_CUSTOMERS] / last[:, M.CUSTOMERS], left[:, app] / left.sum(axis=1)
    for better, worse in (("follows", "stands still"), ("stays", "stands still")):
        gap = found[better][0] - found[worse][0]
        assert gap.mean() > 4 * gap.std(ddof=1) / 2.0 > 0.0
        gap = found[worse][1] - found[better][1]
        assert gap.mean() > 4 * gap.std(ddof=1) / 2.0 > 0.0
    assert found["stands still"][1].mean() > 0.2 > 0.02 > found["stays"][1].mean()
