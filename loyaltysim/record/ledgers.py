"""What must balance at every close (MODEL 6; TRUST L1, L2, L5, L7, L8, L11): whole numbers, no tolerance."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from loyaltysim.rules.parameters import World
from loyaltysim.rules.state import FIRM, M, V


def broken(world: World) -> Iterator[str]:
    """Every identity that does not hold after the close that has just been made."""
    yield from broken_points(world)
    yield from broken_customers(world)
    yield from broken_service(world)
    yield from broken_money(world)
    yield from broken_numbers(world)


def month(world: World) -> int:
    """The month that has just closed."""
    return int(world.clock["month"][0]) - 1


def broken_points(world: World) -> Iterator[str]:
    """Issued = redeemed + expired + forfeited + outstanding, per customer and in total; no lot below 0."""
    so_far = world.money[: month(world) + 1].sum(axis=(0, 1))
    gone = so_far[M.POINTS_REDEEMED] + so_far[M.POINTS_EXPIRED] + so_far[M.POINTS_FORFEITED]
    held = int(world.customers["balance"].sum())
    if so_far[M.POINTS_ISSUED] != gone + held:
        yield f"points: issued {so_far[M.POINTS_ISSUED]} is not used {gone} + outstanding {held}"
    if world.lots.shape[1]:
        if world.lots.min(initial=0) < 0:
            yield "points: a lot is below 0"
        wrong = np.flatnonzero(world.lots.sum(axis=1, dtype=np.int64) != world.customers["balance"])
        if wrong.size:
            yield f"points: the lots of customer {wrong[0]} do not sum to her balance"
    outstanding = int(world.money[month(world), :, M.POINTS_OUTSTANDING].sum())
    if outstanding != held:
        yield f"points: {outstanding} outstanding in the ledger, {held} held by customers"


def broken_customers(world: World) -> Iterator[str]:
    """Entered = at home with some provider + left the market; the ledger's stocks say the same."""
    so_far = world.money[: month(world) + 1].sum(axis=(0, 1))
    present = world.customers["present"] == 1
    homes = np.bincount(world.customers["home"][present], minlength=len(world.providers))
    left = int((world.customers["present"] == 2).sum())
    if so_far[M.ENTERED] != homes.sum() + left or so_far[M.LEFT_MARKET] != left:
        yield f"customers: entered {so_far[M.ENTERED]} is not {homes.sum()} at home + {left} left the market"
    stock = world.money[month(world)].sum(axis=0)
    if stock[M.CUSTOMERS] != present.sum() or stock[M.HOME_CUSTOMERS] != homes[FIRM]:
        yield f"customers: the ledger has {stock[M.CUSTOMERS]} in the market, the records {present.sum()}"


def broken_service(world: World) -> Iterator[str]:
    """Arrived = served + gave up + waiting."""
    so_far = world.service[: month(world) + 1].sum(axis=0)
    waiting = world.service[month(world), :, V.WAITING]
    for site, row in enumerate(so_far):
        if row[V.ARRIVED] != row[V.SERVED] + row[V.GAVE_UP] + waiting[site]:
            yield (
                f"service: site {site}: arrived {row[V.ARRIVED]} is not served {row[V.SERVED]} "
                f"+ gave up {row[V.GAVE_UP]} + waiting {waiting[site]}"
            )


def broken_money(world: World) -> Iterator[str]:
    """Net sales = list price - discounts - rewards that pay; what customers spent is what came in."""
    rows = world.money[: month(world) + 1].sum(axis=1)
    net = rows[:, M.LIST_SALES] - rows[:, M.DISCOUNTS] - rows[:, M.REWARDS_PAID]
    if (rows[:, M.REVENUE] != net).any():
        yield "money: revenue is not list price less discounts less rewards that pay"
    after = rows[int(world.terms["warm_up"][0]) :]
    spent = int(world.customers["spend"].sum())
    if after[:, M.REVENUE].sum() != spent:
        yield f"money: revenue {after[:, M.REVENUE].sum()} is not what customers spent, {spent}"
    for measure, field in ((M.VALUE, "value"), (M.REWARD_COST, "reward_cost")):
        if after[:, measure].sum() != world.customers[field].sum():
            yield f"money: {field} by month is not {field} by customer"


def broken_numbers(world: World) -> Iterator[str]:
    """Everything finite and within its scale."""
    c = world.customers[world.customers["present"] == 1]
    if not (np.isfinite(c["expectation"]).all() and np.isfinite(c["hazard"]).all()):
        yield "numbers: an expectation or a hazard is not finite"
    if np.isnan(c["standing"]).any():
        yield "numbers: a standing is missing"
    satisfaction = world.ties["satisfaction"]
    if not ((satisfaction >= -1e6) & (satisfaction <= 1e6)).all():
        yield "numbers: a satisfaction is out of scale"
    if (world.money < 0).any():
        negative = np.argwhere(world.money < 0)
        if not set(negative[:, 2]) <= {M.GAP, M.VALUE, M.CSI, M.SATISFACTION}:
            yield "numbers: a count is negative"
