"""The market's processes, told once for both engines: closes, offers that begin and end, entrants.

The month's close happens in the order of MODEL 3.15: everyone's own part, the market's, the entrants,
the accounting snapshot; then the identities are checked.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterable
from heapq import heappush
from typing import Any, NamedTuple, cast

import numpy as np
import simpy

from loyaltysim.errors import InvariantError
from loyaltysim.record.beginning import begin_late, go_on
from loyaltysim.record.ledgers import broken
from loyaltysim.record.spending import spent
from loyaltysim.rules import calls
from loyaltysim.rules.arrays import World
from loyaltysim.rules.world import handle_of
from loyaltysim.scenario.lower import Parameters

# What happens first at one instant (MODEL 1); SimPy keeps 0 and 1 for itself.
DOORS, MARKET, CLERK, CUSTOMER, LAST = (
    2,
    3,
    4,
    1 << 20,
    1 << 62,
)  # a clerk adds her number, so does a customer


class At(simpy.Event):
    """An event at an absolute instant: `timeout(at - now)` would round the time once more."""

    def __init__(self, env: simpy.Environment, at: float, order: int) -> None:
        super().__init__(env)
        self._ok = True
        self._value = None
        heappush(env._queue, (at, order, next(env._eid), self))  # type: ignore[misc]


class Act(NamedTuple):
    """Something that the market does at an instant; acts of one instant happen in this order."""

    day: float
    kind: int  # CLOSE before BEGINNING before OFFER before EVENT before PROMISE before TERMS before ENTRY
    number: int
    until: int


YEAR = 12  # months of a budget year
EARNED = (  # what a programme without budget gives no more, of its points' terms and of the others
    "earn", "sign_up", "birthday", "endowed", "cashback", "member_price", "surprise_chance",
)  # fmt: skip
GIVEN = {"enrolment": ("bonus",), "tiers": ("perk", "perk_cost"), "storing": ("bonus",), "clubs": ("thinks",)}

CLOSE, BEGINNING, OFFER_TURNS, EVENT, PROMISE, TERMS_TURN, ENTRY = range(7)


def acts(parameters: Parameters, first_month: int, last_month: int) -> list[Act]:
    """What the market does after the close `first_month` until the close `last_month`, in order.

    Entrants of a day on which a close falls enter within that close. Offers that begin on the very
    day on which the run starts or goes on turn then: the act is the same whether the run is cut or not.
    """
    closes = parameters.closes
    begin, end = closes[first_month], closes[last_month]
    found = [Act(float(closes[m]), CLOSE, m, m) for m in range(first_month + 1, last_month + 1)]
    if begin <= parameters.begins < end:
        found.append(Act(parameters.begins, BEGINNING, 0, 0))
    stages = enumerate(parameters.waves[1:], start=1)
    found += [Act(wave.day, BEGINNING, n, n) for n, wave in stages if begin <= wave.day < end]
    for number, offer in enumerate(parameters.offers):
        days = {float(offer["start"]), float(offer["end"])}
        found += [Act(day, OFFER_TURNS, number, 0) for day in days if begin <= day < end]
    found += [Act(day, PROMISE, n, n) for n, day in enumerate(parameters.claim_days) if begin <= day < end]
    found += [Act(day, EVENT, a, b) for day, a, b in parameters.events if begin <= day < end]
    turns = enumerate(parameters.dated["since"].tolist())
    found += [Act(day, TERMS_TURN, number, 0) for number, day in turns if begin <= day < end]
    first = parameters.first
    for day, count in parameters.entries:
        if begin <= day < end and (day not in closes[1:]):
            found.append(Act(day, ENTRY, first, first + count))
        first += count
    return sorted(found)


class Market:
    """The market of one run: its world, its clock, and the news that a month begins."""

    def __init__(self, env: simpy.Environment, world: World, parameters: Parameters, run: str) -> None:
        self.env, self.world, self.parameters, self.run = env, world, parameters, run
        self.handle = handle_of(world)
        self.month_begins = env.event()
        self.closed = env.event()
        self.newcomers: Callable[[Iterable[int]], None] = lambda numbers: None
        self.to_begin: list[Iterable[int]] = []  # who is new, or goes on, once this instant's acts are done
        self.month_is_new = False
        self.ends = math.inf
        self.reputation: list[np.ndarray] = []

    def process(self, last_month: int) -> Generator[simpy.Event, Any, None]:
        """The market's acts, one after the other, up to and with the close `last_month`.

        There nobody plans on: the month after it has no days at the horizon, and at month 0 another pace.
        """
        self.ends = float(self.parameters.closes[last_month])
        todo = acts(self.parameters, int(self.world.clock["month"][0]), last_month)
        days = [act.day for act in todo] + [math.inf]
        if days[0] > self.env.now:
            self.let_go_on()
        for act, next_day in zip(todo, days[1:], strict=True):
            yield At(self.env, act.day, MARKET)
            if act.kind == CLOSE:
                self.close(act.day)
            elif act.kind == BEGINNING and act.number > 0:
                go_on(self.world, self.parameters, act.number, act.day)
            elif act.kind == BEGINNING:
                if self.world.clock["begins"][0] == act.day:
                    begin_late(self.world, self.parameters, act.day)
            elif act.kind == OFFER_TURNS:
                calls.stand_anew_all(self.handle, act.number, act.day)
            elif act.kind == PROMISE:
                calls.promise_to_all(self.handle, act.number, act.day)
            elif act.kind == EVENT:
                calls.take_effect(self.handle, act.number, act.until)
            elif act.kind == TERMS_TURN:
                self.turn_terms(act.number, act.day)
            else:
                self.enter(range(act.number, act.until), act.day)
            if next_day > act.day:
                self.let_go_on()

    def let_go_on(self) -> None:
        """All acts of an instant are done: only now customers plan, at the pace that holds from now on."""
        if self.month_is_new:
            self.month_is_new = False
            begins, self.month_begins = self.month_begins, self.env.event()
            begins.succeed()
        for numbers in self.to_begin:
            self.newcomers(numbers)
        self.to_begin = []

    def close(self, day: float) -> None:
        """The month's close (MODEL 3.15)."""
        calls.close_month(self.handle, day)
        first = self.parameters.first
        for entry_day, count in self.parameters.entries:
            if entry_day == day:
                self.enter(range(first, first + count), day)
            first += count
        calls.take_stock_of_all(self.handle, day)
        self.reputation.append(self.world.providers["reputation"].copy())
        for fault in broken(self.world, self.handle):
            raise InvariantError(f"{self.run}, close on day {day:g}: {fault}")
        self.keep_to_budget(day)
        self.month_is_new = day < self.ends
        if day < self.ends:
            closed, self.closed = self.closed, self.env.event()
            closed.succeed()

    def turn_terms(self, number: int, day: float) -> None:
        """Dated terms of the programme take the place of those that held, in the arm that they belong to."""
        world = self.world
        if world.dated["since"][number] == day:
            targets = {int(world.points["earn_target"][0]), int(world.dated["earn_target"][number])} - {0}
            world.points[0] = world.dated[number]
            alike = False  # do the terms stay for those whom a campaign does not mean?
            if len(world.plain):
                alike = alike_but_for_the_day(world.points[2], world.plain[number])
                world.points[2] = world.plain[number]
            target = targets.pop() if alike and len(targets) == 1 else 0
            if self.is_dry():
                self.set_earning(None)
            calls.stand_anew_all(self.handle, -1 - target, day)

    def keep_to_budget(self, day: float) -> None:
        """At a close: nothing is given once the year's budget is spent, until the next year begins."""
        month, start = int(self.world.clock["month"][0]), self.parameters.warm_up
        if self.parameters.cap is None or day == self.parameters.closes[-1]:
            return
        if self.world.clock["begins"][0] < math.inf:  # the programme has yet to begin
            return
        opens = month > start and (month - start) % YEAR == 0
        if opens or self.is_dry():
            news = self.set_earning(day if opens else None)
            news = self.set_giving(opens) or news
            if news:
                calls.stand_anew_all(self.handle, -1, day)

    def is_dry(self) -> bool:
        """Has the programme spent the budget of the year that runs, at the last close?"""
        cap, start = self.parameters.cap, self.parameters.warm_up
        month = int(self.world.clock["month"][0])
        first = month - (month - start) % YEAR
        if cap is None or not start <= first < month:
            return False
        return spent(self.world.money, cap, start, first, month) >= cap.amount

    def set_earning(self, day: float | None) -> bool:
        """What is earned from now on: as under the terms of that day, or nothing; whether that is news."""
        world = self.world
        turned = np.flatnonzero(world.dated["since"] <= (math.inf if day is None else day))
        held = world.dated[turned[-1]] if len(turned) else self.parameters.points[0]
        rows = [(0, held)]
        if len(self.parameters.plain):  # those whom a campaign does not mean
            rows.append((2, world.plain[turned[-1]] if len(turned) else self.parameters.plain[0]))
        found = [
            replaced(world.points[name], row, terms[name] if day is not None else 0)
            for row, terms in rows
            for name in EARNED
        ]
        return any(found)

    def set_giving(self, gives: bool) -> bool:
        """What the other instruments give: as the programme says, or nothing; whether that is news.

        What has been paid for stays: terms of a club, balances, tiers held with their status.
        """
        found = []
        for instrument, names in GIVEN.items():
            ours, theirs = getattr(self.world, instrument), getattr(self.parameters, instrument)
            terms = theirs if instrument == "tiers" else theirs[0]
            found += [replaced(ours[name], 0, terms[name] if gives else 0) for name in names]
        for offers in (self.world.referring, self.world.approaches):
            found += [replaced(offers["active"], number, int(gives)) for number in range(len(offers))]
        return any(found)

    def enter(self, numbers: range, day: float) -> None:
        """Newcomers enter the market."""
        calls.enter_all(self.handle, numbers.start, numbers.stop, day, False)
        if day < self.ends:
            self.to_begin.append(numbers)


def month_by_month(
    env: simpy.Environment, market: Market, end: simpy.Event, last_month: int
) -> Generator[None, None, np.ndarray]:
    """Carry a market on to its `end` at the close `last_month`, stopping after each close before it.

    Returns the reputations at the closes, float64 (months, providers).
    """
    for _ in range(int(market.world.clock["month"][0]) + 1, last_month):
        env.run(until=market.closed)
        yield
    env.run(until=end)
    return np.array(market.reputation).reshape(-1, len(market.world.providers))


def to_the_end(course: Generator[None, None, np.ndarray]) -> np.ndarray:
    """Carry a market on without a stop."""
    while True:
        try:
            next(course)
        except StopIteration as end:
            return cast(np.ndarray, end.value)


def alike_but_for_the_day(one: np.void, other: np.void) -> bool:
    """Are two terms the same, but for the day from which they hold?"""
    return all(one[name] == other[name] for name in one.dtype.names or () if name != "since")


def replaced(column: np.ndarray, row: int, value: Any) -> bool:
    """Put a value, or a row of them, into a column of terms; whether it is another one than before."""
    news = bool(np.any(column[row] != value))
    column[row] = value
    return news
