"""What a programme costs a budget year, as its budget counts it; in real money (see `market.represents`)."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from loyaltysim.metrics.measure import Measured
from loyaltysim.metrics.monthly import MEASURES
from loyaltysim.metrics.statistics import Estimate, quantile_interval, quantile_rank, share_interval
from loyaltysim.metrics.statistics.means import mean_interval
from loyaltysim.metrics.statistics.quantiles import order_ranks
from loyaltysim.metrics.statistics.shortfall import expected_shortfalls, shortfall_interval
from loyaltysim.metrics.terms import Terms

YEAR = 12  # months
MONTH = 365.0 / 12.0  # days
ACCRUED, CASH = "accrued", "cash"


def yearly_cost(measured: Measured, terms: Terms, counts: str) -> np.ndarray:
    """Cost of the programme in each full budget year from month 0, in the currency, undiscounted."""
    return np.asarray(monthly_cost(measured, terms, counts).sum(axis=1))


def runs_dry(cost: np.ndarray, amount: float) -> bool:
    """Is a year's budget spent at one of its closes but the last? `cost` by budget year and month."""
    return bool((np.cumsum(cost, axis=1)[:, :-1] >= amount).any())


def monthly_cost(measured: Measured, terms: Terms, counts: str) -> np.ndarray:
    """The same by budget year and month.

    Rewards when they are used (revenue given up, goods, handing out), member discounts, cash back, offers to
    persons, enrolment, perks, surprises: the ledger's `reward_cost`, whose discount to month 0 is undone at
    the middle of each month; the programme's fixed cost; `accrued` also the change in what is owed.
    """
    table = measured.monthly["programme"][:, -1]
    years = terms.horizon // YEAR
    months = np.arange(years * YEAR)
    spent = table[terms.warm_up :, MEASURES.index("reward_cost")][: len(months)]
    undone = (1.0 + terms.discount_rate) ** ((months + 0.5) * MONTH / 365.0)
    fixed = terms.programme_fixed * terms.scale / terms.money_unit
    cost = spent * undone + fixed
    if counts == ACCRUED:
        owed = owed_rewards(table, terms)[terms.warm_up : terms.warm_up + len(months)]
        cost = cost + np.diff(owed, prepend=owed_at_start(table, terms))
    return np.asarray(cost.reshape(years, YEAR))


def owed_rewards(table: np.ndarray, terms: Terms) -> np.ndarray:
    """What is owed at the closes in rewards: what customers have paid ahead is no cost of the programme."""
    owed, prepaid, fees = (
        table[:, MEASURES.index(name)] for name in ("owed", "prepaid_outstanding", "fees_deferred")
    )
    return np.asarray(owed - terms.prepaid_redeemed * prepaid - fees)


def owed_at_start(table: np.ndarray, terms: Terms) -> float:
    """What is owed at month 0."""
    if terms.warm_up > 0:
        return float(owed_rewards(table, terms)[terms.warm_up - 1])
    if not terms.inherits_points:
        return 0.0
    point = terms.cost_per_point if terms.status_quo_point is None else terms.status_quo_point
    return float(table[0, MEASURES.index("points_opening")]) * point / terms.money_unit


def fewest(confidence: float, level: float = 0.95) -> int:
    """The fewest replications whose order statistics enclose that quantile: 72 for the 95th percentile."""
    n = 2
    while order_ranks(n, confidence, level) is None:
        n += 1
    return n


class Tail(NamedTuple):
    """One year's cost: its mean, its quantile at the asked confidence, what lies beyond, and how often."""

    mean: Estimate
    quantile: Estimate
    shortfall: Estimate
    overspent: Estimate


def tail(
    costs: Sequence[float],
    amount: float,
    confidence: float,
    level: float = 0.95,
    seed: int = 0,
    simulated: Sequence[float] | None = None,
    resampled: np.ndarray | None = None,
) -> Tail:
    """The figures of a year over the replications.

    Where costs are those of a real market (`real_market`), their mean is known no better than that of the
    `simulated` ones, which have all of the luck; and the other intervals reach at least as far as the same
    figures of the `resampled` costs do, a row each.
    """
    values = [float(cost) for cost in costs]
    found = Tail(
        mean_interval(values if simulated is None else [float(cost) for cost in simulated], level),
        quantile_interval(values, confidence, level),
        shortfall_interval(values, confidence, level, seed),
        share_interval(sum(1 for value in values if value > amount), len(values), level),
    )
    if resampled is None:
        return found
    ordered = np.sort(resampled, axis=1)
    return found._replace(
        quantile=reaching(found.quantile, ordered[:, quantile_rank(len(values), confidence) - 1], level),
        shortfall=reaching(found.shortfall, expected_shortfalls(ordered, confidence), level),
        overspent=reaching(found.overspent, (resampled > amount).mean(axis=1), level),
    )


def reaching(found: Estimate, others: np.ndarray, level: float) -> Estimate:
    """The estimate with ends at least as far out as the middle share of what resampling makes of it."""
    if found.low is None or found.high is None:
        return found
    low, high = np.quantile(others, ((1.0 - level) / 2.0, (1.0 + level) / 2.0))
    return found._replace(low=min(found.low, float(low)), high=max(found.high, float(high)))
