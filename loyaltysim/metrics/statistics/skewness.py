"""When a t interval of so few and so lopsided numbers promises more than it keeps."""

import math
from collections.abc import Sequence

from loyaltysim.metrics.statistics.moments import all_finite, mean, variance


def skewness(values: Sequence[float]) -> float:
    """The adjusted sample skewness G₁ (Joanes & Gill 1998); 0 where all are equal or n < 3."""
    n = len(values)
    if n < 3:
        return 0.0
    centre, second = mean(values), variance(values) * (n - 1) / n
    if second <= 0:
        return 0.0
    third = math.fsum((value - centre) ** 3 for value in values) / n
    return math.sqrt(n * (n - 1)) / (n - 2) * third / second**1.5


def too_skewed(values: Sequence[float]) -> bool:
    """Whether n ≤ 25·G₁², Cochran's rule (1977, §2.15) for t intervals that keep their level within 1 %.

    A skewness within two of its own standard errors under normality is luck, and no reason to warn.
    """
    n = len(values)
    if n < 5 or not all_finite(values):
        return False
    found = abs(skewness(values))
    luck = 2 * math.sqrt(6 * n * (n - 1) / ((n - 2) * (n + 1) * (n + 3)))
    return found > luck and n <= 25 * found * found
