"""The engine to read, and the proof: each customer a SimPy process, each desk a clerk in a SimPy store.

What a visit changes is told in `rules.life`; here is only time and the line.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable, Iterator
from functools import partial
from itertools import count
from typing import Any, cast

import numpy as np
import simpy
from simpy.resources.resource import SortedQueue
from simpy.resources.store import StoreGet

from loyaltysim.engines.market import CLERK, CUSTOMER, DOORS, At, Market, month_by_month, to_the_end
from loyaltysim.rules import calls
from loyaltysim.rules.arrays import World
from loyaltysim.rules.state import FIRST
from loyaltysim.scenario.lower import Parameters

Clerk = tuple[float, int]  # free since, number: the store hands out the one free longest, then the lowest
Process = Generator[simpy.Event, Any, None]


class Turn(StoreGet):
    """Asking for a clerk: who is served first comes before all others, of her like whoever came first."""

    def __init__(self, store: simpy.PriorityStore, first: bool, number: int) -> None:
        self.key = (not first, number)
        super().__init__(store)


class Clerks(simpy.PriorityStore):
    """Clerks who are free, and the line of those who ask for one, in the order of their turns."""

    GetQueue = SortedQueue


class Site:
    """One site of the firm: clerks who are free, and doors that shut."""

    def __init__(self, env: simpy.Environment, world: World, number: int) -> None:
        self.env, self.world, self.number = env, world, number
        self.clerks, self.turns = Clerks(env), count()
        self.doors = env.event()
        for clerk, free in enumerate(world.desks[number].tolist()):
            if free <= env.now:
                self.clerks.put((free, clerk))
            else:
                self.hand_back_at(free, clerk)

    def hand_back_at(self, day: float, clerk: int) -> None:
        """The clerk is free again from this instant on."""
        self.world.desks[self.number, clerk] = day
        At(self.env, day, CLERK + clerk).callbacks.append(partial(self.hand_back, (day, clerk)))

    def hand_back(self, clerk: Clerk, _: simpy.Event) -> None:
        """A clerk comes back into the store."""
        self.clerks.put(clerk)

    def shut(self) -> None:
        """The doors are cleared: who still waits gives up now."""
        doors, self.doors = self.doors, self.env.event()
        doors.succeed()


def doors(env: simpy.Environment, site: Site) -> Process:
    """Every day the doors shut at the closing time; a site open 24 hours never shuts."""
    terms = site.world.terms[0]
    if terms["open_share"] >= 1.0:
        return
    day = math.floor(env.now) - 2.0  # yesterday's doors may shut now, or by rounding a moment after midnight
    while True:
        day += 1.0
        instant = day + terms["opens"] + terms["open_share"]
        if instant >= env.now:
            yield At(env, instant, DOORS)
            site.shut()


def customer(env: simpy.Environment, i: int, market: Market, site: Site) -> Process:
    """One customer's life: arrive, wait for a clerk or give up, live the visit."""
    world, handle = market.world, market.handle
    in_line = bool(world.customers["waiting"][i])
    arrival = calls.begin_month(handle, i, env.now)
    while world.customers["present"][i] == 1:
        if math.isnan(arrival):  # nothing more this month
            yield market.month_begins
            arrival = calls.begin_month(handle, i, env.now)
            continue
        if in_line:  # the run was cut while she waited
            where, patience, service = calls.at_the_desk(handle, i)
        else:
            yield At(env, arrival, CUSTOMER + i)
            where, patience, service = calls.choose(handle, i, env.now)
        if where == calls.GONE:
            return
        if where == calls.LATER:
            arrival = float(world.customers["arrival"][i])
            continue
        gave_up = False
        if world.customers["waiting"][i]:
            gave_up = yield from line(env, i, site, arrival, patience, service)
        in_line = False
        arrival = calls.visit(handle, i, env.now, where, service, gave_up)


def line(
    env: simpy.Environment, i: int, site: Site, arrival: float, patience: float, service: float
) -> Generator[simpy.Event, Any, bool]:
    """Wait for a clerk; leave when patience ends or the doors shut. Returns whether she gave up."""
    first = bool(site.world.customers["waiting"][i] == FIRST)
    clerk = Turn(site.clerks, first, next(site.turns))
    if not clerk.triggered:
        ends = [clerk, site.doors]
        if patience < math.inf:
            ends.append(At(env, arrival + patience, CUSTOMER + i))
        yield simpy.AnyOf(env, ends)
    if not clerk.triggered:
        clerk.cancel()
        return True
    _, number = cast(Clerk, clerk.value)
    site.hand_back_at(env.now + service, number)
    return False


def advance(world: World, parameters: Parameters, last_month: int, run: str, threads: int = 1) -> np.ndarray:
    """Run this world to the close `last_month` (counted from the start of the warm-up).

    The world is changed in place; the reputations at the closes come back, float64 (months, providers).
    """
    return to_the_end(course(world, parameters, last_month, run, threads))


def course(
    world: World, parameters: Parameters, last_month: int, run: str, threads: int = 1
) -> Generator[None, None, np.ndarray]:
    """The same, stopping after each close but the last."""
    first_month = int(world.clock["month"][0])
    if first_month == last_month:
        return np.zeros((0, len(world.providers)))
    env = simpy.Environment(initial_time=float(parameters.closes[first_month]))
    market = Market(env, world, parameters, run)
    sites = [Site(env, world, number) for number in range(len(world.desks))]
    for site in sites:
        env.process(doors(env, site))

    def begin(numbers: Iterable[int]) -> None:
        for i in numbers:
            env.process(customer(env, int(i), market, sites[world.customers["site"][i]]))

    market.newcomers = begin
    market.to_begin.append(list(in_order(world)))  # those of now: who enters is added by the market
    return (yield from month_by_month(env, market, env.process(market.process(last_month)), last_month))


def in_order(world: World) -> Iterator[int]:
    """Customers in the market: those who stand in the line first, as they stand."""
    present = np.flatnonzero(world.customers["present"] == 1)
    waiting = world.customers["waiting"][present] > 0
    queue = present[waiting]
    yield from queue[np.lexsort((queue, world.customers["arrival"][queue]))].tolist()
    yield from present[~waiting].tolist()
