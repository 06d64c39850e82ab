"""One figure with its honesty: the estimate, its interval, and how both came about."""

from typing import NamedTuple


class Estimate(NamedTuple):
    """An estimate over independent replications.

    `estimate` is null where the figure is not estimable; `low` and `high` are null where no interval
    can be given, as with one replication: the point stands then, and nothing is claimed about its luck.
    """

    estimate: float | None
    low: float | None
    high: float | None
    level: float  # nominal coverage of the interval
    estimator: str  # mean, ratio, share, quantile
    interval: str  # t, fieller, clopper-pearson, order
    estimable: bool
    sd: float | None  # between replications; of a ratio: of its linearised value
    n: int  # replications

    @property
    def half_width(self) -> float | None:
        """Half the length of the interval, null without one."""
        return None if self.low is None or self.high is None else (self.high - self.low) / 2


def not_estimable(level: float, estimator: str, interval: str, n: int) -> Estimate:
    """A figure that these replications cannot give."""
    return Estimate(None, None, None, level, estimator, interval, False, None, n)
