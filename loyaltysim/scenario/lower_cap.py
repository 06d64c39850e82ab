"""The cap of a budget that bites, in the units of the ledgers (MODEL 3.14)."""

from __future__ import annotations

from typing import NamedTuple

from loyaltysim.scenario.owing import (
    cost_changes,
    expected_cost_per_point,
    fixed_cost,
    in_minor_units,
    scale_of,
)
from loyaltysim.scenario.spec import Scenario


class Cap(NamedTuple):
    """What may be spent in a budget year of the simulated market, and how it is counted; minor units."""

    amount: float
    accrued: bool
    fixed: float  # of the programme, a month
    discount: float  # a year, as in the ledgers
    points: tuple[float, ...]  # expected cost of a point at each close, from the start of the run
    before: float  # the same under the status quo
    bonus: float  # part of bonus balances that is expected to be spent
    inherits: bool  # whether points are held on the first day


def lower_cap(scenario: Scenario, unit: int, months: int) -> Cap | None:
    """The cap; None where the budget does not bite."""
    budget, programme = scenario.finance.budget, scenario.programme
    if budget is None or programme is None or budget.when_dry != "stop":
        return None
    redeemed, goods, k = scenario.finance.point.redeemed, scenario.firm.costs.goods, scale_of(scenario)
    point = expected_cost_per_point(programme, goods, redeemed, unit)
    turns = cost_changes(scenario, unit)
    costs = [[cost for since, cost in ((0, point), *turns) if since <= month][-1] for month in range(months)]
    running = scenario.status_quo
    before = point if running is None else expected_cost_per_point(running, goods, redeemed, unit)
    return Cap(
        amount=12.0 * in_minor_units(budget.amount, unit) / k,
        accrued=budget.counts == "accrued",
        fixed=fixed_cost(programme, unit) / k,
        discount=scenario.finance.discount_rate,
        points=tuple(costs),
        before=before,
        bonus=scenario.finance.prepaid.redeemed,
        inherits=bool(running and running.points and running.points.opening),
    )
