"""Do two engines leave the same record? The whole state of a world, and everybody's story, bit for bit.

`python identity.py WORLD [OVERRIDE …]` lives one of the worlds of ties with both engines and prints, as JSON,
every difference found: `test_breaks` runs it on copies of the package in which one line was changed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

import loyaltysim
from loyaltysim.engines.simulate import engine_named
from loyaltysim.record.world import EVERYBODY, fork, open_world, twin_of
from loyaltysim.rules.arrays import World
from loyaltysim.rules.eventlog import EVENT, KINDS
from loyaltysim.rules.ledger import M
from loyaltysim.scenario.load import load
from loyaltysim.scenario.lower import Parameters, lower

ENGINES = ("simpy", "compiled")
SEED = 7
TIES = Path(__file__).parent / "ties.yaml"
ROOM = 10_000  # events of a story to begin with

HURRIED = (
    "market.segments={all: {share: 60 %}, hurried: {share: 40 %, priority: true, "
    "home: {firm: 80 %, other: 20 %}, occasions: {every: 1 day}, basket: {mean: 5 EUR}, "
    "weights: {quality: 70 %, time: 30 %}, fit: {sd: 8}}}"
)
TIED = {
    "around the clock": (),
    "doors that shut": (
        "firm.service.open={from: 6, hours: 1.5 h/day}",
        "firm.service.desks=2",
        "firm.service.patience=",
    ),
    "one clerk": ("firm.service.desks=1", "firm.service.patience={law: constant, mean: 90 min}"),
    "two sites": ("firm.sites=2", "firm.service.desks=2"),
    "without end of patience": ("firm.service.patience=", "firm.service.desks=1"),
    "two classes, one clerk": (
        HURRIED,
        "firm.service.desks=1",
        "firm.service.patience={law: constant, mean: 90 min}",
    ),
    "two classes, doors that shut": (
        HURRIED,
        "firm.service.open={from: 6, hours: 1.25 h/day}",
        "firm.service.desks=2",
        "firm.service.patience={law: constant, mean: 90 min}",
    ),
    "self-service that may fail": (
        "firm.service.self_service={share: 25 %, fails: 40 %, effort: 8, cost: 0.20 EUR}",
        "firm.service.comfort={shortens: 40 %, per_minute: 0.01 EUR}",
        "firm.service.promise={within: 22.5 min, cost: 1 EUR, eases: 5}",
        "firm.service.peaks=[1, 0, 4, 2]",
        "firm.service.desks=2",
    ),
    "short of patience": ("firm.service.patience={law: constant, mean: 22.5 min}",),
}


def lived(
    numbers: Parameters, engines: tuple[str, ...], replication: int = 0, threads: int = 1, room: int = ROOM
) -> list[World]:
    """The twin and, if there is one, the programme; on one thread with everybody's story in the log.

    The engines take turns: one carries the world to the first close, the next to the second, and so on
    (one engine alone runs it without a cut, but for month 0).
    """
    months = len(numbers.closes) - 1
    past = open_world(numbers, SEED, replication)
    if threads == 1:
        past.clock["logged"] = EVERYBODY
        past = past._replace(log=np.zeros(room, EVENT))
    carried(past, numbers, 0, numbers.warm_up, engines, threads)
    futures = [fork(past, numbers, False)]
    if numbers.has_programme:
        futures[:] = twin_of(fork(past, numbers, True), futures[0], months - numbers.warm_up)
    for world in futures:
        carried(world, numbers, numbers.warm_up, months, engines, threads)
        if threads == 1 and int(world.logged[0]) >= room:
            return lived(numbers, engines, replication, threads, 20 * room)
    return futures[::-1]


def carried(
    world: World, numbers: Parameters, first: int, last: int, engines: tuple[str, ...], threads: int = 1
) -> None:
    """Carry a world from one close to another, the engines taking turns by the month."""
    cuts = range(first + 1, last + 1) if len(engines) > 1 else [last] * (last > first)
    for month in cuts:
        advance = engine_named(engines[month % len(engines)])
        advance(world, numbers, month, "identity", threads)


def story(world: World) -> np.ndarray:
    """The events in the order of time and customer; her own of one instant as they were noted."""
    log = np.array(world.log[: int(world.logged[0])])
    return log[np.lexsort((log["customer"], log["time"]))]


def bits(values: np.ndarray) -> np.ndarray:
    """Values as whole numbers that differ wherever a bit does; one bit pattern for not-a-number."""
    values = np.ascontiguousarray(values)
    if values.dtype.kind != "f":
        return values
    whole = np.where(np.isnan(values), np.nan, values).astype(values.dtype)
    return whole.view(f"i{values.dtype.itemsize}")


def differing(a: World, b: World) -> list[str]:
    """Every table and column in which two worlds are not the same bit for bit."""
    found = []
    for name in World._fields:
        one, other = (np.asarray(getattr(w, name)) if name != "log" else story(w) for w in (a, b))
        if one.shape != other.shape:
            found.append(f"{name}: {one.shape} and {other.shape}")
            continue
        for field in one.dtype.names or (None,):
            x, y = (bits(table[field] if field else table) for table in (one, other))
            if (x != y).any():
                found.append(f"{name}.{field}" if field else name)
    return found


def differences(
    numbers: Parameters,
    one: tuple[str, ...] = ("simpy",),
    other: tuple[str, ...] = ("compiled",),
    replication: int = 0,
    threads: int = 1,
) -> list[str]:
    """Every difference between the records of two ways of running a scenario, in both arms."""
    a = lived(numbers, one, replication, threads)
    b = lived(numbers, other, replication, threads)
    assert len(a) == len(b)
    return [
        f"{arm}: {what}"
        for arm, x, y in zip(("twin", "programme"), a, b, strict=False)
        for what in differing(x, y)
    ]


def tied(*overrides: str) -> Parameters:
    """The numbers of the scenario of ties."""
    return lower(load(TIES, overrides).scenario)


def happened(world: World) -> dict[str, int]:
    """What went on, so that a test can ask whether anything did."""
    log = story(world)
    here = log[(log["provider"] == 0) & (log["kind"] <= KINDS.index("gave_up"))]
    here = here[here["kind"] >= KINDS.index("visit")]
    served = here[here["kind"] == KINDS.index("visit")]
    again = np.diff(served["time"]) == 0.0
    return {
        "visits": int((here["kind"] == KINDS.index("visit")).sum()),
        "gave_up": int((here["kind"] == KINDS.index("gave_up")).sum()),
        "waited": int((served["wait"] > 0.0).sum()),
        "started_together": int(again.sum()),
        "moved": int((log["kind"] == KINDS.index("moved")).sum()),
        "rewards": int(world.money[..., M.REWARDS].sum()),
    }


if __name__ == "__main__":
    world, *short = sys.argv[1:]
    found = differences(tied(*TIED[world], *short))
    print(json.dumps({"package": str(Path(loyaltysim.__file__).parent), "differences": found}))
