"""How much of a spread is luck, and how much what is not known: one-way random effects (Searle et al. 1992).

Replications of the same draw of the parameters differ by luck alone; the means of draws differ by the
parameters and by what luck is left in them. With M draws of n replications, MSB and MSW the mean squares
between and within draws, E[MSW] = luck and E[MSB] = luck + n · parameters, whatever the laws.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from loyaltysim.metrics.statistics.moments import all_finite, mean


class Components(NamedTuple):
    """A variance in two parts; both are of one replication."""

    luck: float  # variance
    parameters: float  # variance, not below 0
    share: float  # of the parameters in both
    share_low: float | None
    share_high: float | None
    level: float
    draws: int


def components(groups: Sequence[Sequence[float]], level: float = 0.95) -> Components | None:
    """The parts of the variance of values grouped by draw; None where no draw has two, or there is one draw.

    Parameters = (MSB − MSW)/n₀, n₀ = (N − Σnᵢ²/N)/(M − 1), cut at 0. The interval of the share is
    exact for normal values and draws of equal size: with F = MSB/MSW, between (F/F_u − 1)/(F/F_u + n₀ − 1)
    and the same with F_l, F_u and F_l the quantiles of F(M − 1, N − M) (Searle et al. 1992, 3.6.d).
    """
    values = [value for group in groups for value in group]
    count, draws = len(values), len(groups)
    if draws < 2 or count == draws or not all_finite(values):
        return None
    centre = mean(values)
    means = [mean(group) for group in groups]
    between = math.fsum(len(g) * (m - centre) ** 2 for g, m in zip(groups, means, strict=True)) / (draws - 1)
    within = math.fsum((x - m) ** 2 for g, m in zip(groups, means, strict=True) for x in g) / (count - draws)
    size = (count - math.fsum(len(g) ** 2 for g in groups) / count) / (draws - 1)
    parameters = max(0.0, (between - within) / size)
    total = within + parameters
    if total <= 0.0:
        return Components(0.0, 0.0, 0.0, None, None, level, draws)
    low, high = _span(between, within, size, draws - 1, count - draws, level)
    return Components(within, parameters, parameters / total, low, high, level, draws)


def _span(
    between: float, within: float, size: float, above: int, below: int, level: float
) -> tuple[float | None, float | None]:
    """The interval of the share, within 0 and 1."""
    if within <= 0.0:
        return None, None
    from scipy.special import fdtri

    found = between / within
    ends = [found / float(fdtri(above, below, p)) for p in ((1 + level) / 2, (1 - level) / 2)]
    low, high = ((f - 1.0) / (f + size - 1.0) for f in ends)
    return min(max(low, 0.0), 1.0), min(max(high, 0.0), 1.0)


def central_span(
    means: Sequence[float], share_of_parameters: float, level: float = 0.95
) -> tuple[float, float]:
    """Where the draws' true means lie: quantiles of their means, drawn in by what luck is left in those.

    A mean of n replications varies by parameters + luck/n; scaled about the grand mean by the root of
    `share_of_parameters` = parameters / (parameters + luck/n) it varies by the parameters alone.
    Quantiles are interpolated between order statistics (Hyndman & Fan 1996, definition 8).
    """
    centre = mean(means)
    scale = math.sqrt(share_of_parameters)
    drawn_in = sorted(centre + scale * (value - centre) for value in means)
    tail = (1.0 - level) / 2.0
    return _quantile(drawn_in, tail), _quantile(drawn_in, 1.0 - tail)


def _quantile(ordered: Sequence[float], share: float) -> float:
    """The median-unbiased quantile, never outside of the data."""
    n = len(ordered)
    place = (n + 1.0 / 3.0) * share + 1.0 / 3.0
    k = math.floor(place)
    if k < 1:
        return ordered[0]
    if k >= n:
        return ordered[-1]
    return ordered[k - 1] + (place - k) * (ordered[k] - ordered[k - 1])
