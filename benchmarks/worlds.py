"""The market of the benchmarks as a world of one arm, with its programme, and what it counted."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from loyaltysim.engines.simulate import engine_named
from loyaltysim.record.world import open_world, set_out
from loyaltysim.rules.arrays import World
from loyaltysim.rules.ledger import M, V
from loyaltysim.scenario.load import load
from loyaltysim.scenario.lower import Parameters, lower

MARKET = Path(__file__).parent / "market.yaml"
PER_SITE = 2000
SEED = 7


@lru_cache
def numbers(customers: int, months: int, *overrides: str) -> Parameters:
    """The numbers of the market at a size: one desk for every 2,000 customers."""
    size = (f"market.customers={customers}", f"firm.sites={max(1, customers // PER_SITE)}")
    return lower(load(MARKET, (*size, f"horizon={months} months", *overrides)).scenario)


def opened(parameters: Parameters) -> World:
    """A world at month 0, under the programme."""
    world = open_world(parameters, SEED, 0)
    set_out(world, parameters, True)
    return world


def lived(engine: str, parameters: Parameters, threads: int = 1) -> World:
    """A world lived to its horizon."""
    world = opened(parameters)
    engine_named(engine)(world, parameters, len(parameters.closes) - 1, "benchmark", threads)
    return world


class Counted(NamedTuple):
    """What a world counted."""

    visits: int
    at_desks: float  # share of visits
    gave_up: float  # share of those


def counted(world: World) -> Counted:
    """Visits to anybody, the share that came to a desk, and the share of those that gave up."""
    visits = int(world.money[:, :, M.OCCASIONS].sum())
    arrived = int(world.service[:, :, V.ARRIVED].sum())
    gave_up = int(world.service[:, :, V.GAVE_UP].sum())
    return Counted(visits, arrived / max(visits, 1), gave_up / max(arrived, 1))


def same_money(one: World, other: World) -> bool:
    """Are the ledgers of customers and money equal?"""
    return bool(np.array_equal(one.money, other.money))
