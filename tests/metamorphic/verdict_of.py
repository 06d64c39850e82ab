"""How a share of unlike trials is judged: each has a chance of its own."""

import numpy as np
from scipy import stats


def share_of(mean, needed, hits):
    """P(Poisson(mean) >= needed), summed over customers, within 4 standard errors of the hits."""
    chance = stats.poisson.sf(needed - 1, mean)
    error = np.sqrt((chance * (1.0 - chance)).sum())
    assert abs(hits.sum() - chance.sum()) <= 4.0 * error, (hits.sum(), chance.sum(), error)
    assert error > 0.0
