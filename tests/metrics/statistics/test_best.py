"""Comparison with the best, and what common luck gains."""

import math

import numpy as np
import pytest

from loyaltysim.metrics.statistics import (
    against_the_best,
    best_reduction,
    linearised,
    mean_interval,
    ratio_interval,
    variance_reduction,
)


def paired(samples):
    """The intervals of all pairs of systems."""

    def pair(i, j, level):
        found = mean_interval([a - b for a, b in zip(samples[i], samples[j], strict=True)], level)
        return None if found.low is None else (found.low, found.high)

    return pair


def test_one_that_is_clearly_best_is_named_alone_and_by_how_much():
    """Three constants: 5 is best, by 2 over the next; the others lie behind it by 2 and 4."""
    found = against_the_best(3, paired([[1.0] * 9, [5.0] * 9, [3.0] * 9]))
    assert [one.may_be_best for one in found] == [False, True, False]
    assert [(one.low, one.high) for one in found] == [(-4.0, 0.0), (0.0, 2.0), (-2.0, 0.0)]


def test_equals_cannot_be_told_apart_and_the_worse_can():
    found = against_the_best(3, paired([[5.0] * 9, [5.0] * 9, [3.0] * 9]))
    assert [one.may_be_best for one in found] == [True, True, False]
    assert found[0][:2] == found[1][:2] == (0.0, 0.0)


def test_one_replication_tells_nothing():
    assert against_the_best(2, paired([[1.0], [2.0]])) is None


@pytest.mark.parametrize("apart", [0.0, 0.3])
def test_the_intervals_hold_at_once_at_their_level(apart):
    """All of mu_i - max of the others at once, 95 %: 1,000 repeats of 4 systems, common luck, n = 20, seed 1.

    By Bonferroni at least 95 % less 4 standard errors. Break: each pair at 1 - 2 alpha.
    """
    rng = np.random.default_rng(1)
    means = apart * np.arange(4)
    true = [m - max(np.delete(means, k)) for k, m in enumerate(means)]
    hits = named = 0
    for _ in range(1000):
        common = rng.normal(size=20)
        found = against_the_best(4, paired([m + common + rng.normal(size=20) for m in means]))
        hits += all(one.low - 1e-12 <= t <= one.high + 1e-12 for one, t in zip(found, true, strict=True))
        named += found[3].may_be_best
    least = 0.95 - 4 * math.sqrt(0.95 * 0.05 / 1000)
    assert hits / 1000 > least
    assert named / 1000 > least


def test_what_common_luck_gains_is_a_ratio_of_variances():
    ours, theirs = [1.0, 2.0, 4.0], [0.0, 2.0, 3.0]
    assert variance_reduction(ours, theirs) == pytest.approx((7 / 3 + 7 / 3) / (1 / 3))
    assert variance_reduction(ours, ours) is None
    assert variance_reduction([1.0], [2.0]) is None


def test_no_pairing_of_two_shares_beats_the_bound_and_one_reaches_it():
    """p = .3, q = .5, 100,000 persons: by one uniform each, which reaches it, and by pairs at random."""
    u, v = np.random.default_rng(2).random((2, 100_000))
    bound = best_reduction(0.3, 0.5)
    assert bound == pytest.approx((0.21 + 0.25) / (0.2 * 0.8))
    same = variance_reduction((u < 0.3).tolist(), (u < 0.5).tolist())
    apart = variance_reduction((u < 0.3).tolist(), (v < 0.5).tolist())
    assert same == pytest.approx(bound, rel=0.02)
    assert apart == pytest.approx(1.0, rel=0.02)
    assert best_reduction(0.4, 0.4) is None


def test_linearised_values_have_the_mean_and_the_spread_of_the_ratio():
    """The t interval of the linearised values is Fieller's where the denominators hardly vary."""
    rng = np.random.default_rng(3)
    above, below = rng.normal(50, 3, 40).tolist(), rng.normal(100, 0.01, 40).tolist()
    values, fieller = mean_interval(linearised(above, below)), ratio_interval(above, below)
    assert values.estimate == pytest.approx(fieller.estimate, rel=1e-12)
    assert (values.low, values.high) == pytest.approx((fieller.low, fieller.high), rel=1e-6)
