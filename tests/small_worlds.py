"""Small worlds for tests, and the ONE list of engines that tests run over."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np

from loyaltysim.engines.simulate import engine_named, run_arms, simulate
from loyaltysim.record.outcome import Arm, Replication
from loyaltysim.record.world import EVERYBODY, NOBODY, fork, open_world
from loyaltysim.rules.arrays import World
from loyaltysim.rules.eventlog import KINDS
from loyaltysim.rules.ledger import MONEY
from loyaltysim.rules.state import CUSTOMER
from loyaltysim.scenario.load import load
from loyaltysim.scenario.lower import Parameters, lower

ENGINES = ("simpy", "compiled")
SEED = 7
MARKET = Path(__file__).parent / "metamorphic" / "market.yaml"

POINTS_FIELDS = ("reward_resistance", "balance", "redemptions")
POINTS_MEASURES = (
    "rewards",
    "rewards_earned",
    *(m for m in MONEY if m.startswith("points_")),
)


@lru_cache
def parameters(*overrides: str, file: Path = MARKET) -> Parameters:
    """The numbers of a scenario file with overrides."""
    return lower(load(file, overrides).scenario)


@lru_cache
def play(engine: str, *overrides: str, replication: int = 0, file: Path = MARKET) -> Replication:
    """One replication of the small market with overrides; played once however often it is asked for."""
    return simulate(parameters(*overrides, file=file), replication, SEED, engine)


@lru_cache
def worlds(
    engine: str, *overrides: str, replication: int = 0, follow: int = EVERYBODY
) -> tuple[World, World]:
    """The finished worlds of both arms, with the story of everybody in their logs."""
    programme, twin, _ = run_arms(parameters(*overrides), replication, SEED, engine, follow)
    return programme._replace(log=story(programme)), twin._replace(log=story(twin))


def story(world: World) -> np.ndarray:
    """The events of a followed world in the order in which they were noted; a copy, the log being large."""
    rows = int(world.logged[0])
    assert 0 < rows <= len(world.log) and rows < 1_000_000, "the log is empty or full"
    return np.array(world.log[:rows])


def of_kind(events: np.ndarray, *kinds: str) -> np.ndarray:
    """The events of these kinds."""
    return events[np.isin(events["kind"], [KINDS.index(kind) for kind in kinds])]


def advanced(
    engine: str,
    numbers: Parameters,
    cuts: tuple[int, ...] = (),
    follow: int = NOBODY,
    change=lambda world: None,
    programme: bool = True,
    replication: int = 0,
    until: int | None = None,
    threads: int = 1,
) -> World:
    """A world run to its end (or to the close `until`), cut at the closes `cuts`.

    `change` may edit it before it starts. Closes count from the start of the warm-up.
    """
    advance = engine_named(engine)
    world = open_world(numbers, SEED, replication, follow)
    change(world)
    last = len(numbers.closes) - 1 if until is None else until
    for month in sorted({*cuts, numbers.warm_up, last}):
        advance(world, numbers, month, "test", threads)
        if month == numbers.warm_up:
            world = fork(world, numbers, programme)
    return world


def same(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Where two arrays agree bit for bit, one not-a-number being like another."""
    a, b = np.asarray(a), np.asarray(b)
    equal = a == b
    return equal | ((a != a) & (b != b)) if a.dtype.kind == "f" else equal


def differing_fields(a: np.ndarray, b: np.ndarray, leave_out: tuple[str, ...] = ()) -> list[str]:
    """Customer fields that are not the same in two populations."""
    return [f for f in CUSTOMER.names if f not in leave_out and not same(a[f], b[f]).all()]


def differing_measures(a: np.ndarray, b: np.ndarray, leave_out: tuple[str, ...] = ()) -> list[str]:
    """Ledger measures that are not the same in two ledgers of money."""
    return [m for k, m in enumerate(MONEY) if m not in leave_out and (a[..., k] != b[..., k]).any()]


def differences(a: Arm, b: Arm, fields: tuple[str, ...] = (), measures: tuple[str, ...] = ()) -> list[str]:
    """Everything in which two arms differ, besides the customer fields and measures left out."""
    found = differing_fields(a.customers, b.customers, fields)
    found += differing_measures(a.money, b.money, measures)
    for name in (
        "service",
        "waits",
        "satisfaction",
        "satisfaction_12",
        "reputation",
        "weeks",
    ):
        one, other = getattr(a, name), getattr(b, name)
        if one.shape != other.shape or not same(one, other).all():
            found.append(name)
    return found


def record(dtype: np.dtype, **values: float) -> np.record:
    """One record of a rule's table, the values not named being 0."""
    rows = np.zeros(1, dtype).view(np.recarray)
    for name, value in values.items():
        rows[0][name] = value
    return rows[0]


def table(dtype: np.dtype, *rows: dict[str, float]) -> np.ndarray:
    """A table of records from dictionaries, what is not named being 0."""
    made = np.zeros(len(rows), dtype)
    for k, row in enumerate(rows):
        for name, value in row.items():
            made[k][name] = value
    return made.view(np.recarray)


ALIKE = "{quality: 50 %, time: 25 %, price: 25 %}"
CALM = (  # nothing that she lives changes her standing: it moves by the calendar alone
    "market.segments.regulars.weights=" + ALIKE,
    "market.segments.visitors.weights=" + ALIKE,
    "market.segments.regulars.share=50 %",
    "market.segments.visitors.share=50 %",
    "market.segments.regulars.fit.sd=0",
    "market.segments.visitors.fit.sd=0",
    *(f"firm.attributes.{a}={{level: 76, sd: 0}}" for a in ("quality", "time", "price")),
    *(f"rivals.Bean.attributes.{a}={{level: 72, sd: 0}}" for a in ("quality", "time", "price")),
    *(f"rivals.Kiosk.attributes.{a}={{level: 80, sd: 0}}" for a in ("quality", "time", "price")),
    "firm.price_level=0",
    "rivals.Kiosk.price_level=0",
    "firm.offers=[]",
    "rivals.Bean.offers=[]",
    "firm.service=",
    "waiting=",
    "experience=",
    "reputation=",
    "programme.points=",
)
"""Overrides of the small market. Levels are whole, so that S and reputation are the same number exactly."""

ALONE = ("firm.service=", "waiting=", "reputation=")
"""Overrides of the small market by which customers share nothing: no line, no reputation that moves."""
