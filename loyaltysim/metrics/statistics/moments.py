"""Means, covariances and t quantiles of a few numbers, exact in the cases that must be exact.

Sums use `math.fsum`, so they do not depend on the order of the replications; deviations are taken
from the first number, so equal numbers have a variance of exactly 0.
"""

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache


def total(values: Iterable[float]) -> float:
    """The sum, rounded once; not a number where it is beyond what a float can hold."""
    try:
        return math.fsum(values)
    except (OverflowError, ValueError):
        return math.nan


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean; exactly x when every value is x."""
    first = values[0]
    return first + total(value - first for value in values) / len(values)


def covariance(left: Sequence[float], right: Sequence[float]) -> float:
    """The sample covariance, divided by n - 1."""
    a, b = mean(left), mean(right)
    return total((x - a) * (y - b) for x, y in zip(left, right, strict=True)) / (len(left) - 1)


def variance(values: Sequence[float]) -> float:
    """The sample variance, divided by n - 1."""
    return covariance(values, values)


def all_finite(*samples: Sequence[float]) -> bool:
    """Whether no number of the samples is infinite or not a number."""
    return all(math.isfinite(value) for sample in samples for value in sample)


@lru_cache(maxsize=256)
def t_quantile(level: float, degrees: int) -> float:
    """Half-width, in standard errors, of a two-sided t interval: t at (1 + level) / 2."""
    from scipy.special import stdtrit  # scipy.stats takes a second to load

    return float(stdtrit(degrees, (1 + level) / 2))
