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
    return float(expected_shortfalls(np.asarray(values, float), share))


def shortfall_interval(values: Sequence[float], share: float, level: float = 0.95, seed: int = 0) -> Estimate:
    """The expected shortfall with its bootstrap interval (BCa, Efron 1987), resampled by a keyed seed.

    Refused where fewer than three values lie in the tail.
    """
    n = len(values)
    if n * (1.0 - share) < FEWEST or not all_finite(values):
        return not_estimable(level, "shortfall", "bootstrap", n)
    centre, sd = expected_shortfall(values, share), math.sqrt(variance(values))
    if sd == 0.0:
        return Estimate(centre, centre, centre, level, "shortfall", "bootstrap", True, 0.0, n)
    ordered = np.sort(np.asarray(values, float))
    low, high = _corrected(_resampled(ordered, share, seed), centre, _left_out(ordered, share), level)
    return Estimate(centre, low, high, level, "shortfall", "bootstrap", True, sd, n)


def _resampled(ordered: np.ndarray, share: float, seed: int) -> np.ndarray:
    """The shortfalls of samples drawn with replacement; sorted are ranks, which is quicker than values."""
    n = len(ordered)
    kind = np.int16 if n < 2**15 else np.int64
    ranks = np.random.default_rng(seed).integers(0, n, (RESAMPLES, n), dtype=kind)
    ranks.sort(axis=1, kind="stable")
    tail = min(n, math.floor(round(n * (1.0 - share), 9)) + 1)
    return _mean_above(ordered[ranks[:, n - tail :]], n, share)


def _left_out(ordered: np.ndarray, share: float) -> np.ndarray:
    """The shortfalls of the samples that lack one value each (jackknife)."""
    n = len(ordered)
    keep = min(n - 1, math.floor(round((n - 1) * (1.0 - share), 9)) + 1)
    top = ordered[n - 1 - keep :]  # one more than is needed: she who is left out may be one of them
    place = np.arange(n) - (n - 1 - keep)  # of the value left out, among these
    rest = np.tile(np.arange(keep), (n, 1))
    rest += rest >= np.maximum(place, 0)[:, None]
    return _mean_above(top[rest], n - 1, share)


def _corrected(found: np.ndarray, centre: float, left_out: np.ndarray, level: float) -> tuple[float, float]:
    """The ends of the BCa interval: quantiles moved by the bias z0 and the acceleration a."""
    from scipy.special import ndtr, ndtri

    below = ((found < centre).sum() + 0.5 * (found == centre).sum()) / len(found)
    bias = ndtri(min(max(below, 0.5 / len(found)), 1.0 - 0.5 / len(found)))
    apart = left_out.mean() - left_out
    spread = float((apart**2).sum()) ** 1.5
    a = float((apart**3).sum()) / (6.0 * spread) if spread > 0.0 else 0.0
    z = bias + ndtri(np.array([(1.0 - level) / 2.0, (1.0 + level) / 2.0]))
    low, high = np.quantile(found, ndtr(bias + z / (1.0 - a * z)))
    return float(low), float(high)


def _mean_above(tops: np.ndarray, count: int, share: float) -> np.ndarray:
    """The mean of the upper 1 - share of `count` values, of which the highest, in order, are given."""
    tail = round(count * (1.0 - share), 9)
    whole = math.floor(tail)
    part = tail - whole
    last = tops.shape[1]
    upper = tops[:, last - whole :].sum(axis=1)
    if part > 0.0:
        upper = upper + part * tops[:, last - whole - 1]
    return np.asarray(upper / tail)


def expected_shortfalls(values: np.ndarray, share: float) -> np.ndarray:
    """The same, of samples along the last axis."""
    n = values.shape[-1]
    tail = round(n * (1.0 - share), 9)
    whole = math.floor(tail)
    part = tail - whole
    ordered = np.sort(values, axis=-1)
    upper = ordered[..., n - whole :].sum(axis=-1)
    if part > 0.0:
        upper = upper + part * ordered[..., n - whole - 1]
    return np.asarray(upper / tail)
