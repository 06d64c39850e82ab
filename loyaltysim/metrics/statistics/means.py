"""The interval of a mean over replications (Student 1908; Law & Kelton, chapter 9)."""

import math
from collections.abc import Sequence

from loyaltysim.metrics.statistics.estimate import Estimate, not_estimable
from loyaltysim.metrics.statistics.moments import all_finite, mean, t_quantile, variance


def mean_interval(
    values: Sequence[float], level: float = 0.95, estimator: str = "mean", interval: str = "t"
) -> Estimate:
    """Mean ± t(n - 1) · s / √n; a point without interval when n = 1; [x, x] when all values are x.

    Of a paired difference, pass the differences, one a replication.
    """
    n = len(values)
    if n == 0 or not all_finite(values):
        return not_estimable(level, estimator, interval, n)
    centre = mean(values)
    if n == 1:
        return Estimate(centre, None, None, level, estimator, interval, True, None, n)
    sd = math.sqrt(variance(values))
    half = t_quantile(level, n - 1) * sd / math.sqrt(n)
    if not (math.isfinite(centre) and math.isfinite(half)):
        return not_estimable(level, estimator, interval, n)
    return Estimate(centre, centre - half, centre + half, level, estimator, interval, True, sd, n)
