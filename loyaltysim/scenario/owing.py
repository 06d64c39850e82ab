"""What points cost the firm, and what a real market is to the simulated one: amounts in minor units."""

from __future__ import annotations

from bisect import bisect_right
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loyaltysim.scenario.quantities import Amount
    from loyaltysim.scenario.spec import Instruments, Scenario


def scale_of(scenario: Scenario) -> float:
    """Real customers that one simulated stands for, k.

    What is simulated is a market on the scale 1 : k. What the firm states for the real one (fixed costs,
    events) enters it as its kth part, so that every flow times k is that of the real market.
    """
    market = scenario.market
    return 1.0 if market.represents is None else market.represents / market.customers


def expected_cost_per_point(programme: Instruments | None, goods: float, redeemed: float, unit: int) -> float:
    """What a point outstanding is expected to cost, in minor units.

    Redeemed × (worth × [δ + (1 − δ)·goods] + φ).
    δ is the displacement: a reward that pays for what she would have bought costs its face, one that
    comes on top costs its goods (MODEL 5). φ is the cost of handing out a reward, spread over the
    points of the smallest one.
    """
    if programme is None or programme.points is None:
        return 0.0
    points = programme.points
    face = in_minor_units(points.worth, unit)
    smallest = max(points.minimum, points.step or points.minimum)
    handing_out = in_minor_units(points.fulfilment, unit) / smallest
    return redeemed * (face * (points.displacement + (1.0 - points.displacement) * goods) + handing_out)


def cost_changes(scenario: Scenario, unit: int) -> tuple[tuple[int, float], ...]:
    """What an outstanding point costs from the month of each change of the terms on; see `event_costs`."""
    from loyaltysim.scenario.moments import day_of
    from loyaltysim.scenario.timetable import closes

    programme = scenario.programme
    if programme is None or programme.points is None:
        return ()
    found, points = [], programme.points
    redeemed = 1.0 if scenario.finance.point.is_estimated else scenario.finance.point.redeemed
    days = [float(day) for day in closes(scenario)]
    for change in programme.points.changes:
        set_anew = {name: getattr(change, name) for name in ("worth", "minimum") if getattr(change, name)}
        points = points.model_copy(update=set_anew)
        held = programme.model_copy(update={"points": points})
        cost = expected_cost_per_point(held, scenario.firm.costs.goods, redeemed, unit)
        found.append((bisect_right(days, day_of(change.at, scenario.first_day)) - 1, cost))
    return tuple(found)


def fixed_cost(programme: Instruments | None, unit: int) -> float:
    """What a programme costs a month however many take part, its community included, minor units."""
    if programme is None:
        return 0.0
    community = programme.community.fixed if programme.community else None
    return in_minor_units(programme.fixed, unit) + in_minor_units(community, unit)


def in_minor_units(amount: Amount | None, unit: int) -> float:
    """An amount in minor units; nothing is 0."""
    return 0.0 if amount is None else float(Decimal(amount.amount) * unit)
