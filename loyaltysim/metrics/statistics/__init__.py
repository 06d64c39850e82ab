"""Intervals for what replications tell; knows nothing of loyalty."""

from loyaltysim.metrics.statistics.best import WithBest, against_the_best
from loyaltysim.metrics.statistics.estimate import Estimate, not_estimable
from loyaltysim.metrics.statistics.means import mean_interval
from loyaltysim.metrics.statistics.pairing import best_reduction, variance_reduction
from loyaltysim.metrics.statistics.quantiles import order_ranks, quantile_interval, quantile_rank
from loyaltysim.metrics.statistics.ratios import linearised, ratio_difference, ratio_interval
from loyaltysim.metrics.statistics.shares import share_interval
from loyaltysim.metrics.statistics.skewness import skewness, too_skewed

__all__ = [
    "Estimate",
    "WithBest",
    "against_the_best",
    "best_reduction",
    "linearised",
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
    "variance_reduction",
]
