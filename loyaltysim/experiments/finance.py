"""What whoever signs the budget asks, in one place: the `finance` object of `--json` (docs/results.md).

Figures of the catalogue stand here as they do in `kpis`; what only the replications together can say is made
here: payback, what the effect has added up to by each close, the liability as a distribution, and the worth
of a customer from which on the programme pays where cost per customer kept cannot be estimated.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from loyaltysim.experiments.outer import terms_of_each
from loyaltysim.metrics.effect import cumulative, net_benefit, paybacks
from loyaltysim.metrics.monthly import MEASURES
from loyaltysim.metrics.real_market import luck_alone
from loyaltysim.metrics.statistics import (
    Estimate,
    mean_interval,
    not_estimable,
    quantile_rank,
    share_interval,
)
from loyaltysim.metrics.statistics.quantiles import order_ranks
from loyaltysim.metrics.summary import LEVEL, Row
from loyaltysim.metrics.terms import Terms, terms_of

if TYPE_CHECKING:
    from loyaltysim.experiments.results import Results

SHARES = {"p5": 0.05, "p50": 0.5, "p95": 0.95}
WORTHS = 11  # of a customer kept, from 0
BANDS = ("12m", "24m", "later")  # of the liability


class Finance(NamedTuple):
    """What the replications say of the programme's money."""

    rows: dict[str, Row | None]
    """By name; null where the scenario has no such figure."""
    effect: list[dict[str, float | None]]
    """Cumulative effect by close: month, mean, low, high, p5, p50, p95, in the currency."""
    liability: list[dict[str, float | None]]
    """Contract liability by close, the same."""
    acceptability: list[dict[str, Any]]
    """By worth of a customer kept: the net benefit, and the share of replications in which it is above 0."""

    def to_json(self) -> dict[str, Any]:
        """As `--json` prints it."""
        by_month = {"effect_by_month": self.effect, "liability_by_month": self.liability}
        return {**self.rows, "acceptability": self.acceptability, **by_month}


def finance(results: Results) -> Finance | None:
    """The figures of a scenario with a programme; None without one."""
    scenario = results.loaded.scenario
    if scenario.programme is None or not results.measured:
        return None
    from loyaltysim.scenario.timetable import closes

    terms = terms_of(scenario)
    numbers = [one.replication for one in results.measured]
    each = terms_of_each(scenario, results.outer, numbers)
    paths = cumulative(results.measured, each, np.array(closes(scenario), float))
    owed = liabilities(results, terms)
    own = results.outer is None  # then all that differs is luck
    there = {(row["kpi"], row["arm"]): row for row in results.kpis}
    rows: dict[str, Row | None] = {
        name: there.get((name, arm))
        for name, arm in (
            ("incremental_contribution", "effect"), ("programme_roi", "effect"),
            ("paid_back_share", "effect"),
            ("break_even_lift", "programme"), ("sales_lift", "effect"), ("cost_per_saved_customer", "effect"),
            ("net_benefit", "effect"), ("liability_end", "programme"),
            ("liability_per_urr_point", "programme"),
            *((f"liability_due_{band}", "programme") for band in BANDS),
        )
    }  # fmt: skip
    window = f"months 0 to {terms.horizon}"
    rows["payback_month"] = row(
        "payback_month", "effect", payback_of(paths[:: results.each]), "month", window
    )
    ends = real(owed[:: results.each, -1], terms, own)
    for name, share in SHARES.items():
        found = spread_point(ends.tolist(), share)
        rows[f"liability_end_{name}"] = row(
            f"liability_end_{name}", "programme", found, terms.currency, f"month {terms.horizon}"
        )
    return Finance(
        rows,
        by_month(paths, results.each, terms, own),
        by_month(owed, results.each, terms, own) if owed.any() else [],
        acceptable(results, terms, own),
    )


def row(name: str, arm: str, found: Estimate, unit: str, window: str) -> Row:
    """A figure in the form of `kpis`."""
    return {"kpi": name, "arm": arm, **found._asdict(), "unit": unit, "window": window}


def real(values: np.ndarray, terms: Terms, all_luck: bool) -> np.ndarray:
    """Values over replications as the real market spreads them; with unknowns, of which luck is a part that
    is not told apart here, as simulated: too wide rather than too narrow.
    """
    if terms.scale == 1.0 or not all_luck or len(values) < 2:
        return values
    return luck_alone(values, terms.scale)


def liabilities(results: Results, terms: Terms) -> np.ndarray:
    """Contract liability of the programme's arm at the closes from month 0 on, [replication, month]."""
    place = MEASURES.index("contract_liability")
    tables = np.stack([np.nan_to_num(one.monthly["programme"][:, -1, place]) for one in results.measured])
    before = tables[:, terms.warm_up - 1 : terms.warm_up] if terms.warm_up else np.zeros((len(tables), 1))
    return np.concatenate([before, tables[:, terms.warm_up :]], axis=1)


def by_month(table: np.ndarray, each: int, terms: Terms, own: bool) -> list[dict[str, float | None]]:
    """The mean of replications at each close, its interval, and the spread of single replications."""
    firsts = range(0, len(table), each)
    means = np.stack([table[first : first + each].mean(axis=0) for first in firsts])
    found = []
    for month, column in enumerate(means.T.tolist()):
        mean = mean_interval(column, LEVEL)
        single = real(table[::each, month], terms, own).tolist()
        spread = {name: spread_point(single, share).estimate for name, share in SHARES.items()}
        found.append({"month": month, "mean": mean.estimate, "low": mean.low, "high": mean.high, **spread})
    return found


def spread_point(values: Sequence[float], share: float) -> Estimate:
    """A quantile over replications by order statistics; without an interval where they are too few for one.

    Not estimable where not even one replication in expectation lies beyond it.
    """
    n = len(values)
    if n * min(share, 1.0 - share) < 1.0 - 1e-9:
        return not_estimable(LEVEL, "quantile", "order", n)
    ordered = sorted(values)
    ranks = order_ranks(n, share, LEVEL)
    low, high = (None, None) if ranks is None else (ordered[rank - 1] for rank in ranks)
    sd = float(np.std(values, ddof=1)) if n > 1 and ordered[-1] < math.inf else None
    return Estimate(ordered[quantile_rank(n, share) - 1], low, high, LEVEL, "quantile", "order", True, sd, n)


def payback_of(paths: np.ndarray) -> Estimate:
    """The median over replications of the payback month; what lies beyond the horizon is null."""
    months = [math.inf if month is None else float(month) for month in paybacks(paths)]
    n = len(months)
    if n < 2:
        only = None if math.isinf(months[0]) else months[0]
        return Estimate(only, None, None, LEVEL, "quantile", "order", only is not None, None, n)
    found = spread_point(months, 0.5)
    middle, low, high = (
        None if x is None or math.isinf(x) else x for x in (found.estimate, found.low, found.high)
    )
    return found._replace(estimate=middle, low=low, high=high, estimable=middle is not None, sd=None)


def acceptable(results: Results, terms: Terms, own: bool) -> list[dict[str, Any]]:
    """Net benefit and the share of replications in which it is above 0, by worth of a customer kept."""
    parts = [one.parts.get(("cost_per_saved_customer", "effect")) for one in results.units]
    if not parts or any(part is None for part in parts):
        return []
    cost = terms.scale * np.array([part.numerator for part in parts if part is not None])
    kept = terms.scale * np.array([part.denominator or 0.0 for part in parts if part is not None])
    found = []
    for worth in worths(kept, cost):
        gain = real(net_benefit(kept, cost, worth), terms, own)
        mean = mean_interval(net_benefit(kept, cost, worth).tolist(), LEVEL)
        paid = share_interval(int((gain > 0.0).sum()), len(gain), LEVEL)
        found.append({"worth": worth, "net_benefit": mean._asdict(), "above_0": paid._asdict()})
    return found


def worths(kept: np.ndarray, cost: np.ndarray) -> list[float]:
    """Worths to show: up to twice the cost per customer kept, or the cost itself where about none is kept."""
    each = float(cost.mean()) / max(abs(float(kept.mean())), 1.0)
    top = max(2.0 * abs(each), 1.0)
    return [round(top * k / (WORTHS - 1), 2) for k in range(WORTHS)]
