"""One replication: one past, two futures, one population (MODEL 4)."""

from __future__ import annotations

from functools import partial

import numpy as np

from loyaltysim.engines import kernel, reference
from loyaltysim.engines.logbook import Advance, Scribe, opened, told
from loyaltysim.errors import RefusedError, UsageError
from loyaltysim.record.outcome import Replication
from loyaltysim.record.world import NOBODY, arm_of, fork, open_world, watch_members
from loyaltysim.rules.parameters import World
from loyaltysim.scenario.lower import Parameters


def engine_named(name: str) -> Advance:
    """The function that advances a world to a close."""
    if name == "simpy":
        return reference.advance
    if name in ("compiled", "auto"):
        return kernel.advance
    raise UsageError(f"--engine {name}: there is no such engine; choose auto, simpy or compiled")


def simulate(
    parameters: Parameters,
    replication: int,
    seed: int,
    engine: str = "auto",
    threads: int = 1,
    scribe: Scribe | None = None,
) -> Replication:
    """Run one replication: the warm-up once, then both arms with the same customers and the same luck.

    Without a programme the two arms are one run, the twin's. Raises InvariantError when an identity breaks.
    """
    programme, twin, reputations = run_arms(
        parameters, replication, seed, engine, threads=threads, scribe=scribe
    )
    return Replication(
        index=replication,
        seed=seed,
        warm_up=parameters.warm_up,
        days=parameters.closes,
        programme=arm_of(programme, reputations[0]),
        twin=arm_of(twin, reputations[1])._replace(outside=programme.outside),
    )


def run_arms(
    parameters: Parameters,
    replication: int,
    seed: int,
    engine: str,
    follow: int = NOBODY,
    threads: int = 1,
    scribe: Scribe | None = None,
) -> tuple[World, World, tuple[np.ndarray, np.ndarray]]:
    """The finished worlds of the programme and its twin, and their reputations at the closes.

    A `scribe` is told each future as it ends, and every event of those it follows.
    """
    advance = engine_named(engine)
    months = len(parameters.closes) - 1
    follows = scribe is not None and scribe.follow != NOBODY

    def live(world: World, last_month: int, arm: str) -> tuple[World, np.ndarray]:
        run = f"seed {seed}, replication {replication}, {arm}"
        if scribe is not None and follows:
            return told(advance, world, parameters, last_month, run, partial(scribe.events, arm))
        return world, advance(world, parameters, last_month, run, threads)

    def future(programme: bool, other: World | None = None) -> tuple[World, np.ndarray]:
        arm = "programme" if programme else "twin"
        start = fork(past, parameters, programme)
        if other is not None:
            watch_members(start, other)
        world, after = live(start, months, arm)
        require_room(world)
        if scribe is not None:
            scribe.customers(arm, world)
        return world, np.concatenate([before, after])

    if scribe is not None and follows:
        start = opened(parameters, seed, replication, scribe)
    else:
        start = open_world(parameters, seed, replication, follow)
    past, before = live(start, parameters.warm_up, "past")
    if not parameters.has_programme:
        twin, reputation = future(False)
        return twin, twin, (reputation, reputation)
    programme, reputation = future(True)
    twin, twin_reputation = future(False, programme)
    return programme, twin, (reputation, twin_reputation)


def require_room(world: World) -> None:
    """A log that is full has lost events; raises RefusedError rather than tell half a story."""
    if len(world.log) and int(world.logged[0]) > len(world.log):
        raise RefusedError(f"the log has room for {len(world.log)} events, and the run has more")
