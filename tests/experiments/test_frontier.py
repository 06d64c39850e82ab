"""Sweeps over levers, and the frontier of what is spent and what it brings."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from loyaltysim.errors import UsageError
from loyaltysim.experiments.frontier import FRESH, front, frontier, not_dominated
from loyaltysim.experiments.optimum import found_by, neighbours
from loyaltysim.experiments.run import run
from loyaltysim.experiments.sweep import grid, latin_hypercube, set_to, settings_of, shortened, sweep, table
from loyaltysim.metrics.measure import Part
from loyaltysim.scenario.load import ScenarioFaults, load

COFFEE = Path(__file__).resolve().parents[2] / "scenarios" / "coffee.yaml"
SMALL = (
    "market.customers=60",
    "horizon=12 months",
    "warm_up=1 month",
    "checks=[]",
    "rivals.Bean House.offers=[]",
)
WORTH = "programme.points.worth: {from: 0.02 EUR, to: 0.10 EUR, steps: 2}"
LEVERS = f"levers={{firm.service.desks: {{from: 1, to: 3}}, {WORTH}}}"


def coffee(*overrides):
    """The coffee scenario, small."""
    return load(COFFEE, (*SMALL, *overrides))


def test_a_grid_is_every_combination_and_whole_numbers_come_once():
    """Desks are whole: five steps from 1 to 3 are 1, 2, 3; points are worth the two ends."""
    found = grid(coffee(LEVERS))
    assert [tuple(one.values()) for one in found] == [
        (desks, worth) for desks in ("1", "2", "3") for worth in ("0.02 EUR", "0.1 EUR")
    ]


def test_a_latin_hypercube_meets_every_part_of_every_lever_once():
    """McKay et al. 1979: 20 samples, each twentieth of each range once. Catches plain random numbers."""
    levers = (
        "levers={programme.points.worth: {from: 0.02 EUR, to: 0.10 EUR}, loyalty.steepness: {from: 1, to: 9}}"
    )
    found = latin_hypercube(coffee(levers), 20, seed=3)
    worth = sorted((float(one["programme.points.worth"].split()[0]) - 0.02) / 0.08 for one in found)
    steep = sorted((float(one["loyalty.steepness"]) - 1) / 8 for one in found)
    for shares in (worth, steep):
        assert [min(int(share * 20 + 1e-3), 19) for share in shares] == list(range(20))


def test_without_levers_there_is_nothing_to_sweep():
    with pytest.raises(UsageError, match="names none; add 'levers:"):
        settings_of(coffee(), None, None)


@pytest.mark.parametrize(
    ("levers", "words"),
    [
        ("{firm.service.dseks: {from: 1, to: 3}}", "no such place: 'dseks'; did you mean 'desks'"),
        ("{firm.service: {from: 1, to: 3}}", "a lever moves a single value"),
        ("{firm.service.desks: {from: 3, to: 1}}", "'from' must lie below 'to'"),
        ("{programme.points.worth: {from: 0.02 EUR, to: 3}}", "'from' and 'to' need the same unit"),
        ("{programme.points.worth: {from: 1, to: 3}}", "worth"),
        ("{loyalty.theory: {from: 1, to: 3}}", "a lever moves a single value"),
        ("{firm.service.desks: {from: low, to: 3}}", "does not begin with a number"),
    ],
)
def test_a_lever_that_leads_nowhere_is_refused_in_words(levers, words):
    with pytest.raises(ScenarioFaults, match=words):
        coffee(f"levers={levers}")


def test_points_are_named_by_the_ends_of_their_paths():
    assert shortened(["a.b.mean", "a.c.mean", "x.y"]) == {
        "a.b.mean": "b.mean",
        "a.c.mean": "c.mean",
        "x.y": "y",
    }


def test_a_setting_is_the_scenario_with_these_values_and_the_same_luck():
    points = sweep(COFFEE, (*SMALL, LEVERS), replications=2, workers=1)
    assert len(points) == len(table(points)) - 1 == 6
    two = points[2]
    alone = run(set_to(COFFEE, SMALL, two.settings), replications=2, workers=1)
    assert two.settings == {"firm.service.desks": "2", "programme.points.worth": "0.02 EUR"}
    assert two.results.digests == alone.digests


def test_the_front_of_a_curve_with_one_peak_is_its_rising_part():
    """Gain = s (10 - s): highest at s = 5, so that spending 0 to 5 is the front, 6 to 10 is dominated."""
    spent = np.arange(11.0)[::-1]
    assert not_dominated(spent, spent * (10.0 - spent)).tolist() == (spent <= 5).tolist()


def test_equal_points_are_both_on_the_front_and_dearer_ones_that_give_the_same_are_not():
    assert not_dominated(np.array([1.0, 1.0, 2.0, 0.5]), np.array([3.0, 3.0, 3.0, 1.0])).tolist() == [
        True, True, False, True,
    ]  # fmt: skip


def test_the_probability_of_being_on_the_front_is_that_of_the_draws():
    """Two settings spend alike, one gives d more, d ~ N(0.2, 1), n = 100: P(mean d* > 0) = Phi(10 m/s)."""
    from scipy.stats import norm

    d = np.random.default_rng(4).normal(0.2, 1.0, 100)

    def point(gain):
        measured = [
            SimpleNamespace(
                parts={("spending", "programme"): Part(1.0), ("profit", "programme"): Part(float(g))}
            )
            for g in gain
        ]
        return SimpleNamespace(settings={}, results=SimpleNamespace(units=measured, seed=1))

    found = front([point(np.zeros(100)), point(d)], "profit")
    expected = norm.cdf(d.mean() / (d.std() / 10))
    assert found.probability[1] == pytest.approx(expected, abs=4 * (0.25 / 1000) ** 0.5)
    assert found.probability.sum() == pytest.approx(1.0)


def test_chosen_settings_are_lived_again_on_luck_that_chose_nothing():
    points = sweep(COFFEE, (*SMALL, LEVERS), replications=3, workers=1)
    found = frontier(points, workers=1)
    assert {*found.best.values()} <= set(found.fresh)
    for number, fresh in found.fresh.items():
        assert fresh.results.seed == points[number].results.seed + FRESH
        assert fresh.settings == points[number].settings
        assert set(fresh.results.digests).isdisjoint(points[number].results.digests)


def fake(profit, **settings):
    """A point with these profits, one a replication."""
    measured = [SimpleNamespace(parts={("profit", "programme"): Part(float(x))}) for x in profit]
    row = {"estimate": float(np.mean(profit))}
    return SimpleNamespace(
        settings=settings, results=SimpleNamespace(units=measured, seed=1, kpi=lambda *_: row)
    )


def test_what_luck_cannot_tell_from_the_most_profitable_setting_is_named():
    """Common luck of sd 100; settings 0.1 and 30 below the best, 1 of noise between them, n = 50.

    Catches: unpaired intervals (all three look alike); a single comparison in place of all at once.
    """
    rng = np.random.default_rng(2)
    luck = rng.normal(0.0, 100.0, 50)
    points = {
        7: fake(luck + 1000.0 + rng.normal(0, 1, 50)),
        2: fake(luck + 999.9 + rng.normal(0, 1, 50)),
        4: fake(luck + 970.0 + rng.normal(0, 1, 50)),
    }
    found = found_by(points, "profit")
    assert {found.point, *found.alike} == {7, 2} and len(found.alike) == 1
    least = next(one for one in found.rivals if one.point == 4)
    assert not least.may_be_best and -32.0 < least.low < -29.0 and least.high == 0.0
    assert found.to_json()["told_apart"] is False
    del points[2]
    assert found_by(points, "profit").to_json()["told_apart"] is True
    assert found_by({7: fake([1.0]), 4: fake([2.0])}, "profit") is None


def test_neighbours_are_one_step_of_one_lever_away():
    points = [fake([0.0], a=str(a), b=str(b)) for a in (1, 2, 3) for b in (5, 9)]
    assert neighbours(points, 2) == {0, 4, 3}
    assert neighbours(points, 5) == {4, 3}
