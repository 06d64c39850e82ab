"""How many points are ever used: the published example, and worlds whose truth is known in closed form."""

import numpy as np
import pytest

from loyaltysim.metrics.finance.estimates import Flows, ladder, outlook

NAN = float("nan")


def lived(issued, rates, months, life=None, change=None):
    """Flows without luck: of points open the shares `rates[segment]` = (used, lapsed) go each month.

    `change`: from that month on the first segment's share used is doubled. With a `life` what is left at that
    age lapses at its close.
    """
    segments, ages = len(rates), (life or months) + 1
    parts = [np.zeros((months, segments, ages)) for _ in range(4)]
    came, used, lapsed, left = parts
    for month in range(months):
        for s, (use, lapse) in enumerate(rates):
            here = 2 * use if change is not None and s == 0 and month >= change else use
            for age in range(min(month + 1, ages)):
                if age == 0:
                    came[month, s, 0] = issued(month, s)
                    left[month, s, 0] = came[month, s, 0]
                    continue
                there = left[month - 1, s, age - 1]
                used[month, s, age], lapsed[month, s, age] = here * there, lapse * there
                if life is not None and age == life:
                    lapsed[month, s, age] = there - here * there
                left[month, s, age] = there - used[month, s, age] - lapsed[month, s, age]
    return Flows(*parts)


def test_the_chain_ladder_of_the_published_example():
    """C30, exact: factors 1.796875, 1.181818, tail 1.05; 32.50 + 144.55 + 442.71 = 619.76 points to come."""
    triangle = np.array([[300.0, 550.0, 650.0], [340.0, 600.0, NAN], [360.0, NAN, NAN]])
    factors, ultimate = ladder(triangle, tail=1.05)
    assert factors == pytest.approx([1150 / 640, 650 / 550, 1.05], rel=1e-15)
    assert ultimate == pytest.approx([682.50, 744.545454, 802.713068], rel=1e-9)
    assert (ultimate / [1000, 1100, 1200]).round(4).tolist() == [0.6825, 0.6769, 0.6689]
    assert (ultimate - [650, 600, 360]).sum() == pytest.approx(619.76, abs=0.005)


@pytest.mark.parametrize("method", ["hazard", "segment"])
def test_without_memory_the_rate_of_issue_is_that_of_open_points(method):
    """SCIENCE 5.2: .10 used and .03 lapsed a month: .7692 both, whatever the age (C12, C20)."""
    found = outlook(method, lived(lambda m, s: 100_000.0, [(0.10, 0.03)], 60), expires=False)
    assert found.issue[0] == pytest.approx(10 / 13, rel=1e-12)
    assert found.open[0] == pytest.approx(np.full(61, 10 / 13), rel=1e-12)


def test_a_third_of_points_is_never_used():
    """R27: .10 used, .03 and .02 lost by age and by leaving: .667."""
    found = outlook("hazard", lived(lambda m, s: 5_000.0, [(0.10, 0.05)], 36), expires=False)
    assert found.issue[0] == pytest.approx(2 / 3, rel=1e-12)


@pytest.mark.parametrize("method", ["chain_ladder", "hazard", "segment"])
def test_with_expiry_each_method_finds_the_truth_of_a_steady_world(method):
    """Issue: 1 − .9^12 of points that lapse after 12 months; open ones less, the older the less."""
    flows = lived(lambda m, s: 1_000.0, [(0.10, 0.0)], 40, life=12)
    found = outlook(method, flows, expires=True)
    assert found.issue[0] == pytest.approx(1 - 0.9**12, rel=1e-2 if method == "chain_ladder" else 1e-12)
    truth = [1 - 0.9 ** (12 - age) for age in range(12)]
    ages = (
        slice(1, 12) if method == "chain_ladder" else slice(0, 12)
    )  # nothing is used at age 0 to begin from
    assert found.open[0, ages] == pytest.approx(truth[ages], rel=1e-12)


def test_a_growing_mix_misleads_a_pool_and_no_segment():
    """Segments that use .30 and .03 a month, the second growing: the pool is wrong about open points."""
    flows = lived(lambda m, s: (1_000.0, 100.0 * m**2)[s], [(0.30, 0.0), (0.03, 0.0)], 48, life=12)
    known = flows.to(35)
    truth = sum(flows.used[35 + k, :, k:].sum() for k in range(1, 13)) / known.left[-1].sum()
    errors = {}
    for method in ("chain_ladder", "hazard", "segment"):
        found = outlook(method, known, expires=True)
        errors[method] = (found.open * known.left[-1]).sum() / known.left[-1].sum() - truth
    assert errors["segment"] == pytest.approx(0.0, abs=1e-12)
    assert abs(errors["chain_ladder"]) > 0.02


def test_after_a_change_hazards_forget_the_old_terms_in_a_year_and_cohorts_do_not():
    """The share used is doubled in month 24: a year later the hazard is right again, the ladder is not."""
    flows = lived(lambda m, s: 1_000.0, [(0.05, 0.0)], 60, life=12, change=24)
    for month, right in ((25, False), (36, True)):
        known = flows.to(month)
        truth = sum(flows.used[month + k, :, k:].sum() for k in range(1, 13)) / known.left[-1].sum()
        found = outlook("hazard", known, expires=True)
        wrong = (found.open * known.left[-1]).sum() / known.left[-1].sum() - truth
        assert (abs(wrong) < 1e-12) == right
    slow = outlook("chain_ladder", flows.to(36), expires=True)
    assert abs((slow.open * known.left[-1]).sum() / known.left[-1].sum() - truth) > 0.02


def test_of_nothing_nothing_is_said():
    empty = Flows(*(np.zeros((3, 2, 4)) for _ in range(4)))
    for method in ("chain_ladder", "hazard", "segment"):
        found = outlook(method, empty, expires=True)
        assert (found.open == 0).all() and (found.issue == 0).all()
