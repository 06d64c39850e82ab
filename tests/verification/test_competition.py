"""Shipped scenarios of competition against the facts that they are there to show (SCIENCE R2, R3)."""

from pathlib import Path

import pytest

from loyaltysim.experiments.run import run
from loyaltysim.scenario.load import load

CARS = Path(__file__).parents[2] / "scenarios" / "competition" / "cars.yaml"


@pytest.mark.slow
@pytest.mark.statistical
def test_satisfied_car_buyers_do_not_come_back():
    """R3: 85-90 % satisfied, 30-40 % still there after six years; R2: most defectors had been satisfied.

    Calibrated on the first, checked on the others; 40 replications of 2,000 customers, seed 6; every
    interval lies within its bounds. Break: `offset` left out (56 % never left).
    """
    results = run(load(CARS), workers=1)
    assert not results.checks_failed, results.checks
    stays = results.kpi("defected_given_satisfied", "programme")
    left = results.kpi("satisfied_given_defected", "programme")
    assert stays["high"] < 0.2 < 0.6 < left["low"]  # the two conditionals are not one another
