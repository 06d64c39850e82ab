"""The yardstick: a life of the same kind in plain Python with SimPy, as one would write it in an afternoon.

A process for each customer, timeouts between her visits, a Resource with one desk for each site, reneging by
AnyOf; six draws a visit (gap, patience, service time, mood, basket, switching). No hazard in time, no
points that lapse, no ledgers, no twin: less than `loyaltysim` does at a visit, in favour of SimPy.
"""

from __future__ import annotations

import math
import random
from collections.abc import Generator
from typing import Any

import simpy

MONTH = 365.0 / 12.0
RATE = 0.8 / MONTH  # occasions a day
SERVICE, PATIENCE = 18.0 / 1440.0, 36.0 / 1440.0  # days
AT_THE_FIRM = 0.6
PER_SITE = 2000


class Customer:
    """What she remembers."""

    __slots__ = ("at_firm", "balance", "expectation", "satisfaction", "spend", "threshold")

    def __init__(self, luck: random.Random) -> None:
        self.at_firm = luck.random() < AT_THE_FIRM
        self.satisfaction = self.expectation = 75.0
        self.threshold = luck.gauss(45.0, 18.0)
        self.balance = 0
        self.spend = 0.0


class Market:
    """All customers on one clock, and what was counted."""

    def __init__(self, customers: int, seed: int = 1) -> None:
        self.env, self.luck = simpy.Environment(), random.Random(seed)
        self.visits = self.at_desks = self.gave_up = 0
        desks = [simpy.Resource(self.env, 1) for _ in range(max(1, customers // PER_SITE))]
        for i in range(customers):
            self.env.process(customer(self, desks[i % len(desks)]))

    def live(self, months: float) -> int:
        """Live on to this month; the visits meanwhile."""
        before = self.visits
        self.env.run(until=months * MONTH)
        return self.visits - before


def customer(market: Market, desk: simpy.Resource) -> Generator[simpy.Event, Any, None]:
    """One life."""
    env, luck = market.env, market.luck
    c = Customer(luck)
    while True:
        yield env.timeout(luck.expovariate(RATE))
        market.visits += 1
        if not c.at_firm:
            visit(c, 0.0, False, luck)
            continue
        market.at_desks += 1
        arrival = env.now
        with desk.request() as request:
            yield request | env.timeout(luck.expovariate(1.0 / PATIENCE))
            gave_up = not request.triggered
            market.gave_up += gave_up
            visit(c, env.now - arrival, gave_up, luck)
            if not gave_up:
                yield env.timeout(luck.expovariate(1.0 / SERVICE))


def visit(c: Customer, wait: float, gave_up: bool, luck: random.Random) -> None:
    """Experience, purchase, points, and perhaps another home."""
    csi = 76.0 + 7.0 * luck.gauss(0.0, 1.0)
    if wait > 0.0:
        csi -= 0.3 * 40.0 * (wait * 24.0) ** 1.5
    gap = csi - c.expectation
    felt = csi + (0.2 * gap if gap > 0.0 else 0.5 * gap)
    c.satisfaction += 0.2 * (min(max(felt, 0.0), 100.0) - c.satisfaction)
    c.expectation += (0.35 if gap > 0.0 else 0.25) * gap
    if not gave_up:
        spend = 20.0 * math.exp(0.4 * luck.gauss(0.0, 1.0) - 0.08)
        c.spend += spend
        if c.at_firm:
            if c.balance >= 100:
                c.balance -= 100
            c.balance += int(spend)
    staying = 0.15 + 0.83 / (1.0 + math.exp(-(c.satisfaction - c.threshold) / 4.0))
    if luck.random() > staying ** (1.0 / 9.6):
        c.at_firm = not c.at_firm
