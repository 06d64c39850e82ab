"""Ratios of means over replications, and the paired difference of two of them.

A rate such as retention is a sum over customers divided by a sum over customers. Averaging the rates
of single replications is biased and fails where a denominator is 0; the ratio of the two means is
not. Its interval is Fieller's (1954), exact for normal means; the difference of two ratios of the same
replications is linearised (Cochran 1977, §6.13), which keeps what the pairing gains.
"""

import math
from collections.abc import Sequence

from loyaltysim.metrics.statistics.estimate import Estimate, not_estimable
from loyaltysim.metrics.statistics.means import mean_interval
from loyaltysim.metrics.statistics.moments import all_finite, covariance, mean, t_quantile, variance

Sample = Sequence[float]


def denominator_is_clear_of_zero(denominators: Sample, level: float) -> bool:
    """Whether the t interval of the mean denominator leaves out 0 (one replication: whether it is not 0)."""
    centre, n = mean(denominators), len(denominators)
    if n == 1:
        return centre != 0
    return abs(centre) > t_quantile(level, n - 1) * math.sqrt(variance(denominators) / n)


def residuals(numerators: Sample, denominators: Sample) -> list[float]:
    """a_i − R·b_i, whose mean is 0: what a replication adds to the numerator beyond its share."""
    ratio = mean(numerators) / mean(denominators)
    return [a - ratio * b for a, b in zip(numerators, denominators, strict=True)]


def ratio_interval(numerators: Sample, denominators: Sample, level: float = 0.95) -> Estimate:
    """Mean numerator over mean denominator, with Fieller's interval.

    With e = a − R·b and v the variances of the means, the interval is every R + δ with
    (δ·b̄)² ≤ t²·(v_ee − 2·δ·v_eb + δ²·v_bb): Fieller's quadratic, written about R so that nothing
    cancels. Not estimable when the interval of the denominator contains 0: the set is unbounded then.
    """
    n = len(numerators)
    if n == 0 or not all_finite(numerators, denominators):
        return not_estimable(level, "ratio", "fieller", n)
    if not denominator_is_clear_of_zero(denominators, level):
        return not_estimable(level, "ratio", "fieller", n)
    below = mean(denominators)
    ratio = mean(numerators) / below
    if n == 1:
        return Estimate(ratio, None, None, level, "ratio", "fieller", True, None, n)
    rest = residuals(numerators, denominators)
    t = t_quantile(level, n - 1)
    ee, eb, bb = (
        t * t / n * v for v in (variance(rest), covariance(rest, denominators), variance(denominators))
    )
    leading = below * below - bb
    if not leading > 0:
        return not_estimable(level, "ratio", "fieller", n)
    root = math.sqrt(eb * eb + leading * ee)
    low, high = ratio + (-eb - root) / leading, ratio + (-eb + root) / leading
    sd = math.sqrt(variance(rest)) / abs(below)
    if not (math.isfinite(ratio) and math.isfinite(low) and math.isfinite(high)):
        return not_estimable(level, "ratio", "fieller", n)
    return Estimate(ratio, low, high, level, "ratio", "fieller", True, sd, n)


def ratio_difference(
    numerators: Sample,
    denominators: Sample,
    base_numerators: Sample,
    base_denominators: Sample,
    level: float = 0.95,
) -> Estimate:
    """R₁ − R₀ over the same replications, with a linearised t interval.

    The variance is that of (a₁ − R₁·b₁)/b̄₁ − (a₀ − R₀·b₀)/b̄₀, replication by replication.
    """
    n = len(numerators)
    samples = (numerators, denominators, base_numerators, base_denominators)
    if n == 0 or not all_finite(*samples):
        return not_estimable(level, "ratio", "t", n)
    if not all(denominator_is_clear_of_zero(sample, level) for sample in (denominators, base_denominators)):
        return not_estimable(level, "ratio", "t", n)
    below, base_below = mean(denominators), mean(base_denominators)
    difference = mean(numerators) / below - mean(base_numerators) / base_below
    pairs = zip(
        residuals(numerators, denominators), residuals(base_numerators, base_denominators), strict=True
    )
    spread = mean_interval([e / below - e0 / base_below for e, e0 in pairs], level)
    if not spread.estimable or not math.isfinite(difference):
        return not_estimable(level, "ratio", "t", n)
    half = spread.half_width
    low, high = (None, None) if half is None else (difference - half, difference + half)
    return Estimate(difference, low, high, level, "ratio", "t", True, spread.sd, n)


def linearised(numerators: Sample, denominators: Sample) -> list[float]:
    """R + (a_i - R b_i)/b, replication by replication: their mean is the ratio, their spread is its own."""
    below = mean(denominators)
    ratio = mean(numerators) / below
    return [ratio + rest / below for rest in residuals(numerators, denominators)]
