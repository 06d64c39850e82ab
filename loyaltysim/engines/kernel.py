"""The fast engine: SimPy keeps the clock and the market; the customers between two sync points are compiled.

The market's processes are those of `engines.market`. One more process, last at equal time, carries all
customers to the market's next act.
"""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
import simpy

from loyaltysim.engines.line import advance_site
from loyaltysim.engines.market import LAST, At, Market
from loyaltysim.rules.parameters import World
from loyaltysim.scenario.lower import Parameters


def customers(env: simpy.Environment, market: Market) -> Generator[simpy.Event, object, None]:
    """Carry everyone to the market's next act, and wait for it."""
    world = market.world
    times = np.empty(len(world.customers))
    numbers = np.empty(len(world.customers), np.int64)
    while True:
        until = env.peek()  # only the market is on SimPy's calendar
        if until > env.now:
            advance_site(world, env.now, until, times, numbers)
        yield At(env, until, LAST)


def advance(world: World, parameters: Parameters, last_month: int, run: str) -> np.ndarray:
    """Run this world to the close `last_month` (counted from the start of the warm-up).

    The world is changed in place; the reputations at the closes come back, float64 (months, providers).
    """
    env = simpy.Environment(initial_time=float(parameters.closes[int(world.clock["month"][0])]))
    market = Market(env, world, parameters, run)
    end = env.process(market.process(last_month))
    env.process(customers(env, market))
    env.run(until=end)
    return np.array(market.reputation).reshape(-1, len(world.providers))
