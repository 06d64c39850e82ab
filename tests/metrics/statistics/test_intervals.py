"""Intervals against closed forms, textbook values, and their own promise of coverage."""

import math

import numpy as np
import pytest

from loyaltysim.metrics.statistics import (
    mean_interval,
    order_ranks,
    quantile_interval,
    quantile_rank,
    ratio_difference,
    ratio_interval,
    share_interval,
    skewness,
    too_skewed,
)
from loyaltysim.metrics.statistics.moments import covariance, mean, variance

BIG = 1e308


# ---------------------------------------------------------------- moments


def test_the_mean_of_equal_numbers_is_that_number_and_their_variance_is_0():
    for value in (0.1, 1 / 3, 1e16, -7.7):
        assert mean([value] * 10) == value
        assert variance([value] * 10) == 0


def test_the_variance_divides_by_n_minus_1():
    assert variance([1.0, 2.0, 3.0, 4.0]) == pytest.approx(5 / 3, rel=1e-15)
    assert covariance([1.0, 2.0, 3.0], [2.0, 4.0, 7.0]) == pytest.approx(2.5, rel=1e-15)


# ---------------------------------------------------------------- means


def test_the_t_interval_of_1_to_5_is_the_textbooks():
    found = mean_interval([1.0, 2.0, 3.0, 4.0, 5.0])  # t(4) = 2.776445, s = 1.581139
    assert (found.estimate, found.n, found.estimator, found.interval) == (3.0, 5, "mean", "t")
    assert found.low == pytest.approx(3 - 2.7764451052 * math.sqrt(2.5 / 5), rel=1e-9)
    assert found.high == pytest.approx(3 + 2.7764451052 * math.sqrt(2.5 / 5), rel=1e-9)
    assert found.sd == pytest.approx(math.sqrt(2.5), rel=1e-12)


def test_a_single_replication_has_an_estimate_and_no_interval():
    for found in (mean_interval([4.0]), ratio_interval([4.0], [2.0])):
        assert found.estimable and (found.low, found.high, found.sd, found.n) == (None, None, None, 1)
    assert ratio_interval([4.0], [2.0]).estimate == 2.0


def test_numbers_without_spread_have_an_interval_of_no_length():
    assert mean_interval([0.1] * 7)[:3] == (0.1, 0.1, 0.1)
    assert ratio_interval([3.0] * 5, [7.0] * 5)[:3] == (3 / 7, 3 / 7, 3 / 7)
    assert ratio_difference([3.0] * 5, [7.0] * 5, [3.0] * 5, [7.0] * 5)[:3] == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    "values", [[], [1.0, math.nan], [1.0, math.inf], [BIG, -BIG, BIG], [0.0, BIG, BIG, BIG]]
)
def test_nothing_that_is_not_finite_ever_leaves(values):
    ones = [1.0] * len(values)
    found = [mean_interval(values), quantile_interval(values, 0.5)]
    found += [
        ratio_interval(values, ones),
        ratio_interval(ones, values),
        ratio_difference(values, ones, ones, ones),
    ]
    for estimate in found:
        assert not estimate.estimable
        assert estimate[:3] == (None, None, None)


# ---------------------------------------------------------------- ratios


def test_fieller_solves_its_quadratic():
    a, b = [12.0, 9.0, 14.0, 10.0, 8.0, 11.0], [4.0, 3.0, 5.0, 4.0, 2.5, 3.5]
    found = ratio_interval(a, b)
    t, n = 2.5705818366, len(a)
    assert found.estimate == pytest.approx(sum(a) / sum(b), rel=1e-14)
    for bound in (found.low, found.high):  # at a bound the t statistic of a − bound·b is exactly t
        d = [x - bound * y for x, y in zip(a, b, strict=True)]
        assert abs(mean(d)) / math.sqrt(variance(d) / n) == pytest.approx(t, rel=1e-7)
    assert found.low < found.estimate < found.high


def test_fieller_with_a_sure_denominator_is_the_t_interval_of_the_quotients():
    above = [1.0, 2.0, 4.0, 8.0]
    ratio, plain = ratio_interval(above, [2.0] * 4), mean_interval([x / 2 for x in above])
    assert ratio[:3] == pytest.approx(plain[:3], rel=1e-13)
    assert ratio.sd == pytest.approx(plain.sd, rel=1e-13)


def test_fieller_is_invariant_to_the_units_of_both_parts():
    a, b = [3.0, 5.0, 4.0, 6.0], [1.0, 2.0, 1.5, 2.0]
    scaled = ratio_interval([100 * x for x in a], [7 * y for y in b])
    assert scaled[:3] == pytest.approx([100 / 7 * x for x in ratio_interval(a, b)[:3]], rel=1e-12)


@pytest.mark.parametrize("below", [[1.0, -1.0, 2.0], [0.0, 0.0, 0.0], [5.0, 0.0, 0.0, 0.0]])
def test_a_ratio_is_not_estimable_when_its_denominator_may_be_0(below):
    assert not ratio_interval([1.0] * len(below), below).estimable
    assert not ratio_difference([1.0] * len(below), below, [1.0] * len(below), [1.0] * len(below)).estimable


def test_replications_with_an_empty_denominator_count_and_do_not_break_the_ratio():
    found = ratio_interval([8.0, 9.0, 0.0, 10.0, 9.0, 8.0], [10.0, 11.0, 0.0, 12.0, 10.0, 9.0])
    assert found.estimable and found.n == 6
    assert found.estimate == pytest.approx(44 / 52)


def test_the_difference_of_two_ratios_is_paired():
    base = [10.0, 20.0, 30.0, 40.0, 50.0]
    below = [100.0] * 5
    found = ratio_difference([x + 1 for x in base], below, base, below)
    assert found.estimate == pytest.approx(0.01, rel=1e-12)
    assert found.half_width == pytest.approx(0, abs=1e-15)  # unpaired it would be 0.28


def test_the_difference_of_two_ratios_over_sure_denominators_is_the_paired_t_interval():
    a, b = [3.0, 5.0, 4.0, 8.0], [2.0, 4.0, 5.0, 6.0]
    found = ratio_difference(a, [4.0] * 4, b, [5.0] * 4)
    plain = mean_interval([x / 4 - y / 5 for x, y in zip(a, b, strict=True)])
    assert found[:3] == pytest.approx(plain[:3], rel=1e-12)


# ---------------------------------------------------------------- shares and quantiles


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        (0, 10, 0.0, 0.308497),
        (10, 10, 0.691503, 1.0),
        (8, 10, 0.443905, 0.974789),
        (1, 20, 0.001265, 0.248733),
    ],
)
def test_clopper_and_pearson_agree_with_published_tables(hits, n, low, high):
    found = share_interval(hits, n)
    assert found.estimate == hits / n
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-6)


def test_more_hits_than_trials_are_refused():
    with pytest.raises(ValueError, match="between 0 and 3, not 4"):
        share_interval(4, 3)
    assert not share_interval(0, 0).estimable


@pytest.mark.parametrize(("n", "ranks"), [(200, (184, 197)), (500, (465, 485)), (1000, (936, 964))])
def test_the_ranks_around_the_95th_percentile_are_the_published(n, ranks):
    assert order_ranks(n, 0.95) == ranks


def test_a_95th_percentile_needs_72_values():
    assert order_ranks(71, 0.95) is None
    assert order_ranks(72, 0.95) is not None
    assert not quantile_interval(list(range(71)), 0.95).estimable


def test_the_interval_of_a_quantile_lies_on_values_of_the_sample():
    values = [float(x) ** 2 for x in range(1, 201)]
    found = quantile_interval(values[::-1], 0.95)
    assert found[:3] == (190.0**2, 184.0**2, 197.0**2)


def test_the_rank_of_a_quantile_is_the_first_with_enough_values_at_or_below():
    assert [quantile_rank(10, share) for share in (0.0, 0.1, 0.5, 0.9, 0.91, 1.0)] == [1, 1, 5, 9, 10, 10]
    assert quantile_rank(100, 0.07) == 7  # 100 · 0.07 is a little above 7 in floating point


# ---------------------------------------------------------------- skewness


def test_skewness_of_a_known_sample():
    assert skewness([1.0, 2.0, 3.0, 4.0, 5.0]) == 0
    assert skewness([0.0, 0.0, 0.0, 1.0]) == pytest.approx(2.0, rel=1e-12)
    assert skewness([2.0] * 9) == skewness([1.0, 9.0]) == 0


def test_few_lopsided_replications_are_warned_of_and_even_ones_are_not():
    luck = np.random.default_rng(1)
    assert too_skewed(luck.lognormal(0, 1, 40).tolist())
    assert not too_skewed(luck.normal(0, 1, 40).tolist())
    assert not too_skewed([5.0] * 40)


# ---------------------------------------------------------------- coverage


@pytest.mark.statistical
def test_intervals_cover_as_often_as_they_say():
    """1,000 samples of 12 at 95 %: 926 to 971 hits are the 99.9 % band of a true 95 % interval."""
    luck = np.random.default_rng(20)
    hits = {"mean": 0, "ratio": 0, "difference": 0, "share": 0}
    for _ in range(1000):
        size = luck.normal(50, 5, 12)
        luck_of_both = luck.normal(0, 2, 12)
        ours, theirs = 0.8 * size + luck_of_both, 0.7 * size + luck_of_both + luck.normal(0, 1, 12)
        hits["mean"] += covers(mean_interval((ours - theirs).tolist()), 5.0)
        hits["ratio"] += covers(ratio_interval(ours.tolist(), size.tolist()), 0.8)
        gap = ratio_difference(ours.tolist(), size.tolist(), theirs.tolist(), size.tolist())
        hits["difference"] += covers(gap, 0.1)
        hits["share"] += covers(share_interval(int(luck.binomial(60, 0.3)), 60), 0.3)
    for name in ("mean", "ratio", "difference"):
        assert 926 <= hits[name] <= 971, hits
    assert hits["share"] >= 926, hits  # exact: at least the level


@pytest.mark.statistical
def test_order_statistics_cover_the_percentile_of_a_skewed_law():
    luck = np.random.default_rng(21)
    true = math.exp(1.6448536269514722)
    hits = sum(covers(quantile_interval(luck.lognormal(0, 1, 200).tolist(), 0.95), true) for _ in range(1000))
    assert 939 <= hits <= 987  # exact coverage .967, four standard errors


def covers(found, truth):
    return found.low <= truth <= found.high
