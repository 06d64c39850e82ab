"""The exact interval of a share of replications (Clopper & Pearson 1934)."""

import math

from loyaltysim.metrics.statistics.estimate import Estimate, not_estimable


def share_interval(hits: int, n: int, level: float = 0.95) -> Estimate:
    """Hits / n, between the shares at which that many hits, or that few, have chance (1 − level) / 2."""
    if n == 0:
        return not_estimable(level, "share", "clopper-pearson", 0)
    if not 0 <= hits <= n:
        raise ValueError(f"hits must lie between 0 and {n}, not {hits}")
    from scipy.special import betaincinv

    tail = (1 - level) / 2
    low = 0.0 if hits == 0 else float(betaincinv(hits, n - hits + 1, tail))
    high = 1.0 if hits == n else float(betaincinv(hits + 1, n - hits, 1 - tail))
    share = hits / n
    sd = math.sqrt(share * (1 - share) * n / (n - 1)) if n > 1 else None
    return Estimate(share, low, high, level, "share", "clopper-pearson", True, sd, n)
