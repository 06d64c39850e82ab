"""One replication: one past, two futures, one population (MODEL 4)."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from types import ModuleType
from typing import cast

import numpy as np

from loyaltysim.engines import kernel, reference
from loyaltysim.engines.logbook import Advance, Scribe, opened, told
from loyaltysim.engines.market import to_the_end
from loyaltysim.errors import RefusedError, UsageError
from loyaltysim.record.outcome import Replication
from loyaltysim.record.world import NOBODY, arm_of, fork, open_world, set_out, twin_of, watch_members
from loyaltysim.rules.arrays import World
from loyaltysim.rules.ledger import LIFT
from loyaltysim.scenario.lower import Parameters


def module_of(name: str) -> ModuleType:
    """The engine of that name."""
    if name == "simpy":
        return reference
    if name in ("compiled", "auto"):
        return kernel
    raise UsageError(f"--engine {name}: there is no such engine; choose auto, simpy or compiled")


def engine_named(name: str) -> Advance:
    """The function that advances a world to a close."""
    return cast(Advance, module_of(name).advance)


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
        lift=twin.lift if parameters.has_programme else np.zeros((len(twin.status) - 1, len(LIFT)), np.int64),
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

    A `scribe` is told each future as it ends, and every event of those it follows. The arms are carried on
    side by side, so that each month can be compared; where their events are told, one after the other.
    """
    run = f"seed {seed}, replication {replication}"
    follows = scribe is not None and scribe.follow != NOBODY
    if scribe is not None and follows:
        programme, twin, reputations = told_arms(parameters, replication, seed, engine, scribe)
    else:
        advance = engine_named(engine)
        past = open_world(parameters, seed, replication, follow)
        before = advance(past, parameters, parameters.warm_up, f"{run}, past", threads)
        programme, twin, after = side_by_side(past, parameters, engine, run, threads)
        reputations = [np.concatenate([before, one]) for one in after]
    for arm, world in (("programme", programme), ("twin", twin)):
        require_room(world)
        if scribe is not None and not follows and (arm == "twin" or parameters.has_programme):
            scribe.customers(arm, world)
    return programme, twin, (reputations[0], reputations[1])


def side_by_side(
    past: World, parameters: Parameters, engine: str, run: str, threads: int
) -> tuple[World, World, list[np.ndarray]]:
    """Both futures of a past, month by month in turn; without a programme the one. The past is used up."""
    months, course = len(parameters.closes) - 1, module_of(engine).course
    if not parameters.has_programme:
        set_out(past, parameters, False)
        reputation = to_the_end(course(past, parameters, months, f"{run}, twin", threads))
        return past, past, [reputation, reputation]
    programme = fork(past, parameters, True)
    set_out(past, parameters, False)
    programme, twin = twin_of(programme, past)
    with (
        closing(course(programme, parameters, months, f"{run}, programme", threads)) as ours,
        closing(course(twin, uncapped(parameters), months, f"{run}, twin", threads)) as theirs,
    ):
        while True:
            try:
                next(ours)
            except StopIteration as end:
                watch_members(twin, programme)
                return programme, twin, [end.value, to_the_end(theirs)]
            watch_members(twin, programme)
            next(theirs)


def told_arms(
    parameters: Parameters, replication: int, seed: int, engine: str, scribe: Scribe
) -> tuple[World, World, list[np.ndarray]]:
    """The same, every event told: the past, then the programme to its end, then the twin."""
    advance, months = engine_named(engine), len(parameters.closes) - 1

    def live(world: World, last_month: int, arm: str) -> tuple[World, np.ndarray]:
        run = f"seed {seed}, replication {replication}, {arm}"
        its = parameters if arm == "programme" else uncapped(parameters)
        return told(advance, world, its, last_month, run, partial(scribe.events, arm))

    start = opened(parameters, seed, replication, scribe)
    past, before = live(start, parameters.warm_up, "past")
    if not parameters.has_programme:
        twin, after = live(fork(past, parameters, False), months, "twin")
        scribe.customers("twin", twin)
        return twin, twin, [np.concatenate([before, after])] * 2
    programme, twin = fork(past, parameters, True), fork(past, parameters, False)
    programme, twin = twin_of(programme, twin, months - parameters.warm_up)
    programme, ours = live(programme, months, "programme")
    scribe.customers("programme", programme)
    watch_members(twin, programme)
    twin, theirs = live(twin._replace(paired=programme.paired), months, "twin")
    scribe.customers("twin", twin)
    return programme, twin, [np.concatenate([before, after]) for after in (ours, theirs)]


def uncapped(parameters: Parameters) -> Parameters:
    """The same without the budget of the programme on trial, which is not the twin's."""
    return parameters._replace(cap=None)


def require_room(world: World) -> None:
    """A log that is full has lost events; raises RefusedError rather than tell half a story."""
    if len(world.log) and int(world.logged[0]) > len(world.log):
        raise RefusedError(f"the log has room for {len(world.log)} events, and the run has more")
