"""How far each input swings a figure, read off draws that are there already: one straight line in all inputs.

Least squares of the figure on all inputs at once, each by its place along its law (0 to 1), so that inputs of
any unit and law are alike. The swing is the change along the line from the 2.5th to the 97.5th percentile of
one input, the others held; its interval is that of the slope (t, n − k − 1 degrees of freedom). What a curve
does beyond a straight line, and what two inputs do together, stays in the residuals and widens the interval.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from loyaltysim.metrics.statistics.estimate import Estimate, not_estimable
from loyaltysim.metrics.statistics.moments import t_quantile

SPAN = 0.95  # of the law of an input
FREE = 8  # degrees of freedom below which nothing is said


def swings(inputs: Sequence[Sequence[float]], figure: Sequence[float], level: float = 0.95) -> list[Estimate]:
    """The swing by each input; `inputs` holds a column of places for each. Not estimable where draws are few,
    or where two inputs were always drawn alike.
    """
    y = np.asarray(figure, float)
    n, k = len(y), len(inputs)
    none = [not_estimable(level, "slope", "t", n)] * k
    free = n - k - 1
    if free < FREE or not np.isfinite(y).all():
        return none
    design = np.column_stack([np.ones(n), *(np.asarray(column, float) for column in inputs)])
    if np.linalg.matrix_rank(design) < k + 1:
        return none
    slopes, *_ = np.linalg.lstsq(design, y, rcond=None)
    left = y - design @ slopes
    variance = float(left @ left) / free
    errors = np.sqrt(variance * np.diag(np.linalg.inv(design.T @ design)))
    half = t_quantile(level, free) * errors
    return [
        Estimate(
            SPAN * float(slope), SPAN * float(slope - reach), SPAN * float(slope + reach), level, "slope",
            "t", True, SPAN * float(error) * n**0.5, n,
        )
        for slope, reach, error in zip(slopes[1:], half[1:], errors[1:], strict=True)
    ]  # fmt: skip
