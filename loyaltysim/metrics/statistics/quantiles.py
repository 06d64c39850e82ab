"""The interval of a quantile over replications, by order statistics: no law assumed, none interpolated."""

import math
from collections.abc import Sequence

from loyaltysim.metrics.statistics.estimate import Estimate, not_estimable
from loyaltysim.metrics.statistics.moments import all_finite, variance


def order_ranks(n: int, share: float, level: float = 0.95) -> tuple[int, int] | None:
    """Ranks (from 1) of the order statistics that enclose the quantile, each tail ≤ (1 − level) / 2.

    The number of values at or below the quantile is binomial(n, share) (David & Nagaraja 2003, §7.1).
    None where n is too small for both ranks to exist: the 95th percentile needs n ≥ 72.
    """
    from scipy.special import bdtr

    tail = (1 - level) / 2
    below = bdtr(range(n), n, share)  # chance that fewer than rank values lie below, rank = 1 … n
    lower = sum(1 for chance in below if chance <= tail)
    upper = next((rank for rank, chance in enumerate(below, start=1) if 1 - chance <= tail), None)
    return None if lower == 0 or upper is None else (lower, upper)


def quantile_interval(values: Sequence[float], share: float, level: float = 0.95) -> Estimate:
    """The order statistic of rank ⌈n·share⌉ between two others; refused where the sample is too small."""
    n = len(values)
    if n == 0 or not all_finite(values):
        return not_estimable(level, "quantile", "order", n)
    ranks = order_ranks(n, share, level)
    if ranks is None:
        return not_estimable(level, "quantile", "order", n)
    ordered = sorted(float(value) for value in values)
    middle = ordered[quantile_rank(n, share) - 1]
    sd = math.sqrt(variance(ordered))
    low, high = ordered[ranks[0] - 1], ordered[ranks[1] - 1]
    return Estimate(middle, low, high, level, "quantile", "order", True, sd, n)


def quantile_rank(n: int, share: float) -> int:
    """Rank (from 1) of the smallest value with at least `share` of n values at or below it."""
    return min(n, max(1, math.ceil(n * share - 1e-9)))
