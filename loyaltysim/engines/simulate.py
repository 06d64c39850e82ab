"""One replication: one past, two futures, one population (MODEL 4)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from loyaltysim.engines import kernel, reference
from loyaltysim.errors import RefusedError, UsageError
from loyaltysim.record.outcome import Replication
from loyaltysim.record.world import NOBODY, arm_of, fork, open_world
from loyaltysim.rules.parameters import World
from loyaltysim.scenario.lower import Parameters

Advance = Callable[[World, Parameters, int, str, int], np.ndarray]


def engine_named(name: str) -> Advance:
    """The function that advances a world to a close."""
    if name == "simpy":
        return reference.advance
    if name in ("compiled", "auto"):
        return kernel.advance
    raise UsageError(f"--engine {name}: there is no such engine; choose auto, simpy or compiled")


def simulate(
    parameters: Parameters, replication: int, seed: int, engine: str = "auto", threads: int = 1
) -> Replication:
    """Run one replication: the warm-up once, then both arms with the same customers and the same luck.

    Without a programme the two arms are one run. Raises InvariantError when an identity breaks.
    """
    programme, twin, reputations = run_arms(parameters, replication, seed, engine, threads=threads)
    return Replication(
        index=replication,
        seed=seed,
        warm_up=parameters.warm_up,
        days=parameters.closes,
        programme=arm_of(programme, reputations[0]),
        twin=arm_of(twin, reputations[1]),
    )


def run_arms(
    parameters: Parameters, replication: int, seed: int, engine: str, follow: int = NOBODY, threads: int = 1
) -> tuple[World, World, tuple[np.ndarray, np.ndarray]]:
    """The finished worlds of the programme and its twin, and their reputations at the closes."""
    advance = engine_named(engine)
    months = len(parameters.closes) - 1
    run = f"seed {seed}, replication {replication}"
    past = open_world(parameters, seed, replication, follow)
    before = advance(past, parameters, parameters.warm_up, f"{run}, warm-up", threads)

    def future(programme: bool) -> tuple[World, np.ndarray]:
        world = fork(past, parameters, programme)
        after = advance(world, parameters, months, f"{run}, {'programme' if programme else 'twin'}", threads)
        require_room(world)
        return world, np.concatenate([before, after])

    twin, twin_reputation = future(False)
    if not parameters.has_programme:
        return twin, twin, (twin_reputation, twin_reputation)
    programme, reputation = future(True)
    return programme, twin, (reputation, twin_reputation)


def require_room(world: World) -> None:
    """A log that is full has lost events; raises RefusedError rather than tell half a story."""
    if len(world.log) and int(world.logged[0]) >= len(world.log):
        raise RefusedError(f"the log has room for {len(world.log)} events, and the run has more")
