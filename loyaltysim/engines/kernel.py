"""The fast engine: SimPy keeps the clock and the market; the customers between two sync points are compiled.

The market's processes are those of `engines.market`. One more process, last at equal time, carries all
customers to the market's next act, site by site; sites are independent of one another until then, so
they may share threads. Each thread counts into ledgers of its own, which are added up at the sync
point: sums of whole numbers do not depend on order.
"""

from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise, repeat
from typing import Any

import numpy as np
import simpy

from loyaltysim.engines.line import advance_site, by_catchment
from loyaltysim.engines.market import LAST, At, Market, month_by_month, to_the_end
from loyaltysim.rules.arrays import World
from loyaltysim.rules.world import handle_of
from loyaltysim.scenario.lower import Parameters

COUNTED = (
    "money",
    "cohorts",
    "weeks",
    "waits",
    "gaps",
    "lost_from",
    "left_by",
    "waited",
)  # what threads count apart; the ledgers of a site are one thread's anyway
BY_MONTH = ("money", "cohorts", "left_by")
LIVED = ("lived", "visits")  # of the providers


class Share:
    """The part of a world that one thread carries on: some sites, their customers, counters of its own."""

    def __init__(self, world: World, catchments: list[tuple[int, np.ndarray]]) -> None:
        self.world, self.catchments = world, catchments
        own = {name: np.zeros_like(getattr(world, name)) for name in COUNTED}
        self.own = world._replace(providers=np.array(world.providers), **own)
        self.handle = handle_of(self.own)
        most = max((len(members) for _, members in catchments), default=0)
        self.room = (
            np.empty(most), np.empty(most, np.int64), np.empty(most), np.empty(most, np.int64),
            np.empty(most + 1, np.int64),
        )  # fmt: skip

    def advance(self, now: float, until: float) -> None:
        """Carry the customers of these sites to `until`, from the reputations that hold now."""
        self.own.providers[:] = self.world.providers
        for name in LIVED:
            self.own.providers[name] = 0
        for site, members in self.catchments:
            advance_site(self.handle, site, members, now, until, *self.room)

    def add_up(self) -> None:
        """What this share has counted enters the world's ledgers."""
        month = int(self.world.clock["month"][0])
        for name in COUNTED:  # by month: only the one that runs has been counted into
            here = month if name in BY_MONTH else ...
            mine = getattr(self.own, name)
            getattr(self.world, name)[here] += mine[here]
            mine[here] = 0
        for name in LIVED:
            self.world.providers[name] += self.own.providers[name]


def shares(world: World, threads: int) -> list[Share]:
    """The sites dealt out to so many threads. Where nobody can meet, customers are dealt out instead."""
    if world.desks.shape[1] == 0:
        numbers = np.arange(len(world.customers), dtype=np.int32)
        parts = [(0, part) for part in np.array_split(numbers, threads)]
    else:
        order, ends = np.empty(len(world.customers), np.int32), np.zeros(len(world.desks), np.int64)
        by_catchment(handle_of(world), order, ends)
        parts = list(enumerate(np.split(order, ends[:-1])))
    number = min(threads, len(parts))
    cuts = [len(parts) * k // number for k in range(number + 1)]
    return [Share(world, parts[a:b]) for a, b in pairwise(cuts)]


def customers(
    env: simpy.Environment, world: World, parts: list[Share], pool: ThreadPoolExecutor
) -> Generator[simpy.Event, Any, None]:
    """Carry everyone to the market's next act, and wait for it."""
    while True:
        until = env.peek()  # only the market is on SimPy's calendar
        if until > env.now:
            if len(parts) == 1:
                parts[0].advance(env.now, until)
            else:
                list(pool.map(Share.advance, parts, repeat(env.now), repeat(until)))
            for part in parts:
                part.add_up()
        yield At(env, until, LAST)


def advance(world: World, parameters: Parameters, last_month: int, run: str, threads: int = 1) -> np.ndarray:
    """Run this world to the close `last_month` (counted from the start of the warm-up).

    The world is changed in place; the reputations at the closes come back, float64 (months, providers).
    """
    return to_the_end(course(world, parameters, last_month, run, threads))


def course(
    world: World, parameters: Parameters, last_month: int, run: str, threads: int = 1
) -> Generator[None, None, np.ndarray]:
    """The same, stopping after each close but the last.

    A customer who is followed is told by one thread: the log is one list.
    """
    env = simpy.Environment(initial_time=float(parameters.closes[int(world.clock["month"][0])]))
    market = Market(env, world, parameters, run)
    end = env.process(market.process(last_month))
    parts = shares(world, threads if len(world.log) == 0 else 1)
    with ThreadPoolExecutor(len(parts)) as pool:
        env.process(customers(env, world, parts, pool))
        return (yield from month_by_month(env, market, end, last_month))
