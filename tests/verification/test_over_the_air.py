"""What experience gives by itself: the saw-tooth of delight, and the price of unsteady quality (E6, E7, C19).

The breaks named in the docstrings were made in a copy of the tree and seen to fail the test.
"""

import math
from functools import lru_cache
from pathlib import Path

import numpy as np

from loyaltysim.engines.simulate import simulate
from loyaltysim.record.outcome import Arm
from loyaltysim.rules.ledger import CENT, M
from loyaltysim.scenario.load import load
from loyaltysim.scenario.lower import lower

SCENARIO = Path(__file__).parents[2] / "scenarios" / "over-the-air.yaml"
REPLICATIONS, SEED, WARM_UP = 6, 71, 24
RELEASES = (1, 7, 13, 19)  # months after month 0
SHORT = "market.customers=800"


@lru_cache
def lived(*overrides: str) -> list[Arm]:
    """Replications of the scenario with overrides."""
    numbers = lower(load(SCENARIO, (SHORT, *overrides)).scenario)
    return [simulate(numbers, r, SEED).twin for r in range(REPLICATIONS)]


def by_month(arms: list[Arm], measure: int, over: int) -> np.ndarray:
    """A ratio of two measures by replication and month from month 0 on."""
    rows = np.array([arm.money[WARM_UP:].sum(axis=1) for arm in arms])
    return rows[:, :, measure] / rows[:, :, over]


def error(values: np.ndarray) -> float:
    """One standard error of a mean over replications."""
    return float(values.std(ddof=1) / math.sqrt(len(values)))


def test_delight_is_a_saw_tooth():
    """The mean gap of a month leaps with each release of 8 points and is forgotten within half a year (E6).

    Against the same customers without releases, 6 replications of 800 customers, 4 standard errors: the leap
    is at least 3 points; two months later less than a third is left; five months later less than a sixth.
    Break: an extra that is never expected (kappa of G 0).
    """
    gap = (by_month(lived(), M.GAP, M.VISITS) - by_month(lived("events=[]"), M.GAP, M.VISITS)) / CENT
    for month in RELEASES:
        leap = gap[:, month] - gap[:, month - 1]
        assert leap.mean() - 4 * error(leap) > 3.0
        for later, share in ((2, 1 / 3), (5, 1 / 6)):
            left = gap[:, month + later] - gap[:, month - 1] - share * leap
            assert left.mean() < 4 * error(left), (month, later)
            assert left.mean() < 0.0


def test_releases_win_customers():
    """With releases more have the firm for their home after three years: paired, 4 standard errors."""
    share = [by_month(lived(*o), M.HOME_CUSTOMERS, M.CUSTOMERS) for o in ((), ("events=[]",))]
    won = share[0][:, -1] - share[1][:, -1]
    assert won.mean() > 4 * error(won) > 0.0
    assert (share[0][:, 0] == share[1][:, 0]).all()


KAPPA = ("experience.kappa_up=30 %", "experience.kappa_down=30 %", "experience.zone=0", "events=[]")
ALIKE = ("loyalty=", "market.segments.drivers.fit.sd=0")
STEADY, UNSTEADY = (tuple(f"firm.attributes.{a}.sd={sd}" for a in ("car", "service")) for sd in (2, 10))


def test_unsteady_quality_costs_what_the_closed_form_says():
    """E7 by itself: S is lower by (beta- - beta+)/2 x sd_d x sqrt(2/pi), sd_d = sd x sqrt(2/1.7).

    From sd 2 to sd 10 that is 1.04 points at beta .2 and .5; nobody leaves, 6 replications, 4 errors.
    Break: beta- in the place of beta+.
    """
    found = [
        np.array([arm.reputation[WARM_UP:, 0].mean() for arm in lived(*KAPPA, *ALIKE, *o)])
        for o in (STEADY, UNSTEADY)
    ]
    lost = found[0] - found[1]
    expected = 0.5 * (0.5 - 0.2) * (10 - 2) * math.sqrt(2 / 1.7) * math.sqrt(2 / math.pi)
    assert abs(lost.mean() - expected) < 4 * error(lost)


def test_unsteady_quality_costs_customers():
    """The same mean level, delivered unsteadily, keeps fewer (Sriram et al. 2015): paired."""
    share = [by_month(lived(*KAPPA, *o), M.HOME_CUSTOMERS, M.CUSTOMERS) for o in (STEADY, UNSTEADY)]
    lost = share[0][:, -1] - share[1][:, -1]
    assert lost.mean() > 2 * error(lost) > 0.0
