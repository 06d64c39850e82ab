"""The story of many: the log is emptied at every close, and no event is lost, however many a month brings.

A full log goes on counting (`rules.counting.note`), so that it is known at the close how many rows the
month needed. If there were too few, the month is lived again from its beginning with enough of them:
all luck is keyed, so it is the same month. Rules and engines know nothing of this.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from loyaltysim.errors import InvariantError
from loyaltysim.record.world import copy_of, open_world
from loyaltysim.rules.arrays import World
from loyaltysim.rules.eventlog import EVENT
from loyaltysim.scenario.lower import Parameters

Advance = Callable[[World, Parameters, int, str, int], np.ndarray]
Tell = Callable[[np.ndarray, float, float], None]  # events as they were noted, from one close to the next
SPARE = 1.25  # log taken for a month, over what is expected of it


class Scribe(Protocol):
    """Who writes down the lives of a replication. What it is handed is not changed afterwards."""

    follow: int  # whose events are told: SAMPLE, NOBODY or EVERYBODY
    below: int  # of a sample: the customers whose hash lies below this
    share: float  # of the customers, roughly

    def events(self, arm: str, rows: np.ndarray, begins: float, ends: float) -> None:
        """What happened in a month of the past or of one future."""

    def customers(self, arm: str, world: World) -> None:
        """What became of everybody in one future."""


def opened(parameters: Parameters, seed: int, replication: int, scribe: Scribe) -> World:
    """The market on its first day, with room in the log for a month of those who are followed."""
    world = open_world(parameters, seed, replication, scribe.follow, scribe.below)
    log = np.zeros(max(room_for(world, scribe.share), int(world.logged[0])), EVENT)
    log[: int(world.logged[0])] = world.log[: int(world.logged[0])]
    return world._replace(log=log)


def room_for(world: World, share: float) -> int:
    """Rows of the log that a busy month will need, roughly: its occasions, and one more event a customer."""
    occasions = 31.0 * float(world.customers["rate"].sum(dtype=float)) * float(world.seasons.max(initial=1.0))
    return 1024 + int(SPARE * share * (occasions + len(world.customers)))


def told(
    advance: Advance, world: World, parameters: Parameters, last_month: int, run: str, tell: Tell
) -> tuple[World, np.ndarray]:
    """Carry a world to the close `last_month`, telling the events of every month.

    The world may have to be replaced: use the one that comes back. With it come the reputations at the
    closes.
    """
    first = int(world.clock["month"][0])
    closes = parameters.closes
    empty_log(world, tell, float(closes[first]), float(closes[first]))
    reputation = [np.zeros((0, len(world.providers)))]
    for month in range(first, last_month):
        before = copy_of(world._replace(log=world.log[:0]))
        at_close = advance(world, parameters, month + 1, run, 1)
        needed = int(world.logged[0])
        if needed > len(world.log):
            world = before._replace(log=np.zeros(int(SPARE * needed), EVENT))
            at_close = advance(world, parameters, month + 1, run, 1)
            if int(world.logged[0]) != needed:
                raise InvariantError(f"{run}: month {month} lived again has other events")
        reputation.append(at_close)
        empty_log(world, tell, float(closes[month]), float(closes[month + 1]))
    return world, np.concatenate(reputation)


def empty_log(world: World, tell: Tell, begins: float, ends: float) -> None:
    """Tell what is in the log, which is empty then."""
    tell(world.log[: int(world.logged[0])].copy(), begins, ends)
    world.logged[0] = 0
