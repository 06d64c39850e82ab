"""The identities that every run checks at every close really are checked: each fault planted, each found.

(TRUST L1, L2, L5, L7, L8, L11 in `record.ledgers.broken`; that they hold is in `test_laws`.)
"""

import re

import numpy as np
import pytest
from small_worlds import SEED, advanced, parameters

from loyaltysim.engines import market
from loyaltysim.engines.simulate import simulate
from loyaltysim.errors import InvariantError
from loyaltysim.record.ledgers import broken
from loyaltysim.record.world import copy_of
from loyaltysim.rules.ledger import M, V
from loyaltysim.rules.world import handle_of


@pytest.fixture(scope="module")
def sound():
    """A finished world in which every identity holds; to be copied before it is spoilt."""
    world = advanced("compiled", parameters())
    assert list(broken(world, handle_of(world))) == []
    return world


def holder(world):
    """A customer in the market who holds points."""
    return int(np.flatnonzero((world.customers["balance"] > 1) & (world.customers["present"] == 1))[0])


def ledger(measure, by, month=-1):
    """A fault that adds to one figure of the ledger of money."""

    def spoil(world):
        world.money[month, 0, measure] += by

    return spoil


def desk(measure, by):
    """A fault that adds to one figure of the ledger of service."""

    def spoil(world):
        world.service[2, 0, measure] += by

    return spoil


def person(field, value):
    """A fault in one field of a customer who is in the market."""

    def spoil(world):
        world.customers[field][holder(world)] = value

    return spoil


def balance_moved(world):
    """One customer's points in another's balance: the total is right."""
    first, *_, last = np.flatnonzero(world.customers["balance"] > 1)
    world.customers["balance"][first] += 1
    world.customers["balance"][last] -= 1


def lot_below_nothing(world):
    """Lots that sum to the balance, one of them below 0."""
    lots = world.lots[holder(world)]
    lots[0], lots[1] = lots[0] + lots[1] + 5, -5


def negative_count(world):
    """A flow that no other identity holds."""
    world.money[1, 0, M.REPEAT_VISITS] = -1


def negative_count_beside_a_loss(world):
    """The same, in a world that has made a loss somewhere (a value below 0)."""
    negative_count(world)
    world.money[3, 0, M.VALUE] -= 10**12
    world.customers["value"][0] -= 10**12


FAULTS = [
    (ledger(M.POINTS_ISSUED, 1), "points: issued"),
    (ledger(M.POINTS_REDEEMED, 1), "points: issued"),
    (ledger(M.POINTS_EXPIRED, -1, 8), "points: issued"),
    (ledger(M.POINTS_FORFEITED, 1, 8), "points: issued"),
    (ledger(M.POINTS_OUTSTANDING, 1), "outstanding in the ledger"),
    (person("balance", 10**6), "points: issued"),
    (balance_moved, "do not sum to her balance"),
    (lot_below_nothing, "a lot is below 0"),
    (ledger(M.ENTERED, 1, 0), "customers: entered"),
    (ledger(M.LEFT_MARKET, 1), "customers: entered"),
    (ledger(M.CUSTOMERS, 1), "customers: the ledger has"),
    (ledger(M.HOME_CUSTOMERS, -1), "customers: the ledger has"),
    (person("present", 2), "customers: entered"),
    (desk(V.ARRIVED, 1), "service: site 0: arrived"),
    (desk(V.SERVED, -1), "service: site 0: arrived"),
    (desk(V.GAVE_UP, 1), "service: site 0: arrived"),
    (ledger(M.REVENUE, 1), "money: revenue is not list price"),
    (ledger(M.DISCOUNTS, 1, 5), "money: revenue is not list price"),
    (person("spend", 0), "is not what customers spent"),
    (person("value", 0), "money: value by month"),
    (person("reward_cost", -1), "money: reward_cost by month"),
    (ledger(M.VALUE, 1), "money: value by month"),
    (person("expectation", np.nan), "numbers: an expectation or a hazard"),
    (person("hazard", np.inf), "numbers: an expectation or a hazard"),
    (person("standing", np.nan), "numbers: a standing is missing"),
    (
        lambda world: world.ties["satisfaction"].__setitem__((0, 1), np.nan),
        "numbers: a satisfaction",
    ),
    (
        lambda world: world.ties["satisfaction"].__setitem__((0, 1), -np.inf),
        "numbers: a satisfaction",
    ),
    (negative_count, "numbers: a count is negative"),
    (negative_count_beside_a_loss, "numbers: a count is negative"),
]


@pytest.mark.parametrize("number", range(len(FAULTS)))
def test_each_fault_is_found(sound, number):
    """One figure spoilt, the sentence expected; nothing is said of a sound world."""
    spoil, sentence = FAULTS[number]
    world = copy_of(sound)
    spoil(world)
    found = list(broken(world, handle_of(world)))
    assert [fault for fault in found if sentence in fault], found


def test_a_fault_stops_the_run_and_tells_how_to_find_it_again(engine, monkeypatch):
    """An identity that breaks ends the run with seed, replication, arm and close; exit code 5 (TRUST 3)."""

    def spoilt(world, handle):
        if world.clock["month"][0] == 6:
            world.money[0, 0, M.ENTERED] += 1
        return broken(world, handle)

    monkeypatch.setattr(market, "broken", spoilt)
    told = rf"seed {SEED}, replication 3, .*close on day 90: customers: entered"
    with pytest.raises(InvariantError, match=told) as stopped:
        simulate(parameters(), 3, SEED, engine)
    assert stopped.value.exit_code == 5
    assert re.search(r"twin|programme", str(stopped.value))


def test_the_identities_are_checked_at_every_close_of_both_arms(engine, monkeypatch):
    """16 closes: 3 of the shared past, 13 in each arm."""
    checked = []
    monkeypatch.setattr(
        market,
        "broken",
        lambda world, handle: checked.append(int(world.clock["month"][0])) or broken(world, handle),
    )
    simulate(parameters(), 0, SEED, engine)
    assert checked == [1, 2, 3, *(month for month in range(4, 17) for _ in ("programme", "twin"))]
