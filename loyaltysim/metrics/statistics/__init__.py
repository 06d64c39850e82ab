"""Intervals for what replications tell; knows nothing of loyalty."""

from loyaltysim.metrics.statistics.estimate import Estimate, not_estimable
from loyaltysim.metrics.statistics.means import mean_interval
from loyaltysim.metrics.statistics.quantiles import order_ranks, quantile_interval, quantile_rank
from loyaltysim.metrics.statistics.ratios import ratio_difference, ratio_interval
from loyaltysim.metrics.statistics.shares import share_interval
from loyaltysim.metrics.statistics.skewness import skewness, too_skewed

__all__ = [
    "Estimate",
    "mean_interval",
    "not_estimable",
    "order_ranks",
    "quantile_interval",
    "quantile_rank",
    "ratio_difference",
    "ratio_interval",
    "share_interval",
    "skewness",
    "too_skewed",
]
