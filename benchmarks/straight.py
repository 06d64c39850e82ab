"""The floor: the same rules in a straight loop over customers, without a calendar and without a line.

Whoever comes to the desk is served at once, and her service time is drawn for the count. Nobody waits, so
the result is that of the engines only where nobody ever has to wait (a market without desks).
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import simpy

from loyaltysim.engines.market import LAST, At, Market
from loyaltysim.rules import life, world
from loyaltysim.rules.arrays import World
from loyaltysim.rules.compiled import rule
from loyaltysim.rules.state import FIRM
from loyaltysim.rules.world import handle_of
from loyaltysim.scenario.lower import Parameters

GONE, LATER = life.GONE, life.LATER


@rule
def loop(handle, now, until):
    """Everybody's visits up to the sync point, one customer after the other."""
    w = handle[0]
    for i in range(len(world.customers(w))):
        c = world.customers(w)[i]
        if c.present != 1:
            continue
        arrival = life.begin_month(w, i, now)
        while arrival < until:
            where = life.goes(w, i, arrival)
            if where == GONE:
                break
            if where == LATER:
                arrival = c.arrival
                continue
            service = life.service_time_of(w, i) if where == FIRM and world.terms(w)[0].desks > 0 else 0.0
            arrival = life.visit(w, i, arrival, where, service, False)


def advance(this: World, parameters: Parameters) -> World:
    """The world lived to its horizon, with the market's own closes."""
    env = simpy.Environment(initial_time=float(parameters.closes[0]))
    handle = handle_of(this)

    def everybody() -> Generator[simpy.Event, Any, None]:
        while True:
            until = env.peek()
            if until > env.now:
                loop(handle, env.now, until)
            yield At(env, until, LAST)

    end = env.process(Market(env, this, parameters, "straight").process(len(parameters.closes) - 1))
    env.process(everybody())
    env.run(until=end)
    return this
