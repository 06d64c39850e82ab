"""What the programme earns over time: effect, payback, net benefit, acceptability (SCIENCE 5.4, 5.5).

Everything is discounted to month 0 and counts what is *owed* for open points: the effect at a close is that
of a programme whose open promises were settled there at their expected cost. At the horizon it is
`incremental_contribution`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from loyaltysim.metrics.monthly import MEASURES
from loyaltysim.metrics.statistics import quantile_rank

if TYPE_CHECKING:
    from loyaltysim.metrics.measure import Measured
    from loyaltysim.metrics.terms import Terms

VALUE, OWED, FIXED = (MEASURES.index(name) for name in ("value", "owed", "fixed_cost"))


def cumulative(measured: Sequence[Measured], terms: Sequence[Terms], days: np.ndarray) -> np.ndarray:
    """Incremental contribution to each close from month 0 on, float64 [replication, month]; month 0 is 0.

    `terms` are those of each replication: where a rate of discount is not known each has its own.
    """
    paths = []
    for one, its in zip(measured, terms, strict=True):
        factors = np.array([its.factor(float(day)) for day in days[its.warm_up :]])
        paths.append(_path(one, its.warm_up, factors))
    return np.stack(paths)


def _path(one: Measured, warm_up: int, factors: np.ndarray) -> np.ndarray:
    """The same of one replication: flows, less what is owed at the close, less fixed cost."""
    ours, theirs = (one.monthly[arm][:, -1] for arm in ("programme", "twin"))
    more = ours[:, [VALUE, OWED, FIXED]] - theirs[:, [VALUE, OWED, FIXED]]
    flows = more[warm_up:, 0] - more[warm_up:, 2] * factors[1:]
    before = more[warm_up - 1, 1] if warm_up else 0.0
    owed = more[warm_up:, 1] * factors[1:] - before
    return np.concatenate([[0.0], np.cumsum(flows) - owed])


def payback(path: np.ndarray) -> int | None:
    """The first month from whose close on the effect is never below 0 again; None if it is at the horizon."""
    below = np.flatnonzero(path[1:] < 0.0)
    last = int(below[-1]) + 1 if len(below) else 0
    return last + 1 if last < len(path) - 1 else None


def paybacks(paths: np.ndarray) -> list[int | None]:
    """The payback month of each replication."""
    return [payback(path) for path in paths]


def quantile_path(paths: np.ndarray, share: float) -> np.ndarray:
    """An order statistic over replications at each close: with `share` of them at or below it."""
    ordered = np.sort(paths, axis=0)
    return np.asarray(ordered[quantile_rank(len(paths), share) - 1])


def net_benefit(kept: np.ndarray, cost: np.ndarray, worth: float) -> np.ndarray:
    """Customers kept at a stated worth each, less the programme's cost, by replication (net benefit)."""
    return worth * kept - cost


def acceptability(kept: np.ndarray, cost: np.ndarray, worths: Sequence[float]) -> list[float]:
    """Share of replications in which customers kept are worth more than they cost, by worth of one."""
    return [float((net_benefit(kept, cost, worth) > 0.0).mean()) for worth in worths]
