"""Costs by replication as the real market spreads them, where each simulated customer stands for k.

A replication that is multiplied by k carries k times the luck's variance of k markets side by side. What is
not known is the same for all of them, so that it must keep its law while luck shrinks; both stand in one
number. What the cost owes to the drawn numbers is read off by regression on them (polynomial chaos; Xiu &
Karniadakis 2002): it is kept as it is, and what is left over, luck, shrinks and comes nearer the normal law.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

EACH = 10  # replications that a term of the regression must have
CLEAR = 1.6448536269514722  # standard errors of what is left over in pairs beyond luck, 5 %


RESAMPLES = 199


class Real(NamedTuple):
    """Costs of the real market, and how much of them the regression could not place."""

    costs: np.ndarray
    unexplained: float
    """Share of the variance by what is not known that the regression does not catch."""
    resampled: np.ndarray | None = None
    """The same costs from draws taken anew with replacement (bootstrap), a row each; None at 1 : 1."""


def real_market(
    costs: np.ndarray, scale: float, drawn: np.ndarray | None, again: np.ndarray, seed: int = 0
) -> Real:
    """Costs of a market of `scale` times the customers, with what other draws would have made of them.

    `drawn`: shares along their laws of the numbers that are not known, a row a replication; None: all is
    luck. `again`: costs of the first replications' draws with other luck; none where all is luck.
    """
    if scale == 1.0 or not costs.var() > 0.0:
        return Real(costs, 0.0)
    second = np.full(len(costs), np.nan)
    second[: len(again)] = again
    columns = np.ones((len(costs), 1)) if drawn is None else basis(drawn, len(costs) // EACH)
    found, unexplained = spread(costs, scale, columns, second)
    rng = np.random.default_rng(seed)
    picks = rng.integers(0, len(costs), (RESAMPLES, len(costs)))
    others = [spread(costs[rows], scale, columns[rows], second[rows])[0] for rows in picks]
    return Real(found, unexplained, np.array(others))


def luck_alone(values: np.ndarray, scale: float) -> np.ndarray:
    """Values that differ by luck alone, as a market of `scale` times the customers spreads them."""
    centre = values.mean()
    return np.asarray(centre + nearer_normal(values - centre, float(values.var(ddof=1)) / scale, scale))


def spread(
    costs: np.ndarray, scale: float, columns: np.ndarray, again: np.ndarray
) -> tuple[np.ndarray, float]:
    """The costs, their mean as it is; and the share of what is not known that the regression does not catch.

    What the left-overs of two lives of one draw have in common is no luck, and does not shrink.
    """
    centre = costs.mean()
    fitted, terms = regressed(costs, columns)
    rest = costs - fitted
    left = float((rest**2).sum()) / (len(costs) - terms)
    caught = max(0.0, float(((fitted - centre) ** 2).sum()) - (terms - 1) * left) / (len(costs) - 1)
    luck, missed = left, 0.0
    twice = ~np.isnan(again)
    if twice.any():
        luck = min(float(((costs - again)[twice] ** 2).mean()) / 2.0, left)
        common = float((rest * (again - fitted))[twice].mean())
        if common > CLEAR * left / twice.sum() ** 0.5:
            missed = min(common, left)
    small = luck / scale
    moved = shrunk(rest, missed + small) if missed > 0.0 else nearer_normal(rest, small, scale)
    unexplained = missed / (missed + caught) if missed > 0.0 else 0.0
    return centre + shrunk(fitted - centre, caught) + moved, unexplained


def regressed(costs: np.ndarray, columns: np.ndarray) -> tuple[np.ndarray, int]:
    """What the drawn numbers foretell of each cost, by least squares; and of how many terms."""
    found, _, rank, _ = np.linalg.lstsq(columns.T @ columns, columns.T @ costs, rcond=1e-10)
    return np.asarray(columns @ found), int(rank)


def basis(drawn: np.ndarray, most: int) -> np.ndarray:
    """Hermite polynomials of the drawn numbers' normal scores, products of two; no more than `most` terms.

    What does not fit in is left out whole; the lower powers come first.
    """
    from scipy.special import ndtri

    z = ndtri(np.clip(drawn, 1e-9, 1.0 - 1e-9))
    left, right = np.triu_indices(z.shape[1], 1)
    blocks = [np.ones((len(z), 1))]
    for block in (z, z**2 - 1.0, z**3 - 3.0 * z, z[:, left] * z[:, right]):
        if sum(part.shape[1] for part in blocks) + block.shape[1] <= most:
            blocks.append(block)
    return np.hstack(blocks)


def shrunk(deviations: np.ndarray, variance: float) -> np.ndarray:
    """Deviations drawn in, or out, to that variance; their law keeps its shape."""
    now = float(deviations.var(ddof=1))
    return np.asarray(deviations * (variance / now) ** 0.5) if now > 0.0 else deviations


def nearer_normal(luck: np.ndarray, variance: float, scale: float) -> np.ndarray:
    """Luck of `scale` markets side by side: that variance, a skewness √scale times less, the same ranks.

    By the first terms of Cornish & Fisher (1938): z + γ(z² − 1)/6 with γ the skewness.
    """
    sd = float(luck.std(ddof=1))
    if sd == 0.0:
        return luck
    gamma = float((((luck - luck.mean()) / sd) ** 3).mean()) / scale**0.5
    z = np.empty(len(luck))
    z[np.argsort(luck, kind="stable")] = scores(len(luck))
    return shrunk(z + np.clip(gamma, -1.0, 1.0) * (z * z - 1.0) / 6.0, variance)


@lru_cache(maxsize=8)
def scores(count: int) -> np.ndarray:
    """Normal scores of the ranks 1 ... count."""
    from scipy.special import ndtri

    return np.asarray(ndtri((np.arange(count) + 0.5) / count))
