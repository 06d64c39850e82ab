"""The mean of the worst outcomes: expected shortfall, with a bootstrap interval (Acerbi & Tasche 2002)."""

import math
from collections.abc import Sequence

import numpy as np

from loyaltysim.metrics.statistics.estimate import Estimate, not_estimable
from loyaltysim.metrics.statistics.moments import all_finite, variance

RESAMPLES = 1_999
FEWEST = 3  # values in the tail; of fewer no spread can be told


def expected_shortfall(values: Sequence[float], share: float) -> float:
    """The mean of the upper 1 − share of the values, the one at the border counted in part."""
    return float(_shortfall(np.asarray(values, float), share))


def shortfall_interval(values: Sequence[float], share: float, level: float = 0.95, seed: int = 0) -> Estimate:
    """The expected shortfall with its bootstrap interval (BCa, Efron 1987; scipy), resampled by a keyed seed.

    Refused where fewer than three values lie in the tail.
    """
    n = len(values)
    if n * (1.0 - share) < FEWEST or not all_finite(values):
        return not_estimable(level, "shortfall", "bootstrap", n)
    centre, sd = expected_shortfall(values, share), math.sqrt(variance(values))
    if sd == 0.0:
        return Estimate(centre, centre, centre, level, "shortfall", "bootstrap", True, 0.0, n)
    from scipy.stats import bootstrap

    found = bootstrap(
        (np.asarray(values, float),),
        lambda x, axis=-1: _shortfall(x, share),
        vectorized=True,
        n_resamples=RESAMPLES,
        confidence_level=level,
        method="BCa",
        batch=200,
        rng=np.random.default_rng(seed),
    ).confidence_interval
    low, high = float(found.low), float(found.high)
    if not (math.isfinite(low) and math.isfinite(high)):
        return not_estimable(level, "shortfall", "bootstrap", n)
    return Estimate(centre, low, high, level, "shortfall", "bootstrap", True, sd, n)


def _shortfall(values: np.ndarray, share: float) -> np.ndarray:
    """The same over the last axis."""
    n = values.shape[-1]
    tail = round(n * (1.0 - share), 9)
    whole = math.floor(tail)
    part = tail - whole
    ordered = np.sort(values, axis=-1)
    upper = ordered[..., n - whole :].sum(axis=-1)
    if part > 0.0:
        upper = upper + part * ordered[..., n - whole - 1]
    return np.asarray(upper / tail)
