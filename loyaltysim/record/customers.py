"""Customers at the horizon as a table: what each is, feels, holds and has done (docs/results.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loyaltysim.record.columns import MONTH, Plain, column, day, labels, named
from loyaltysim.rules.holdings import PURSE, RELATION, SUBSCRIPTION
from loyaltysim.rules.ledger import CENT
from loyaltysim.rules.state import CUSTOMER, FIRM, OF_A_CUSTOMER

if TYPE_CHECKING:
    import pyarrow as pa

    from loyaltysim.rules.arrays import World

FIELDS = [name for name, _ in OF_A_CUSTOMER if name != "key"]
PRESENT = ("not entered", "in the market", "left")
DAYS = ("enters", "exits", "arrival", "occasion", "counted_from", "last_purchase")
EVENTS = ("felt_at", "hazard_from", "first_defection", "index_purchase")  # days, too
AMOUNTS = ("spend", "margin", "spend_year", "spend_year_all")
FLAGS = ("newcomer", "decided", "waiting", "base", "came_back", "repeated")
HOMES = ("home", "home_12", "home_24", "home_36")


def customers_table(plain: Plain, arm: str, replication: int, numbers: np.ndarray, world: World) -> pa.Table:
    """Some customers of one arm at the horizon, those with these `numbers`.

    All fields of CUSTOMER but the key of their luck are there, and what other records say of them.
    """
    import pyarrow as pa

    c = world.customers[numbers]
    made = {
        "segment": named(c["segment"], plain.segments, len(c)),
        "present": named(c["present"], PRESENT, len(c)),
        "rate": column(c["rate"] * np.float32(MONTH)),
        "basket": column(plain.money(c["basket"])),
        "stays": column(c["stays"], plain.own_staying),
        "standing": column(c["standing"], ~np.isnan(c["standing"])),
        "value": column(plain.money(c["value"], CENT)),
        "reward_cost": column(plain.money(c["reward_cost"], CENT)),
        "class_0": column(c["class_0"], c["base"] == 1),
        **{name: day(c[name]) for name in (*DAYS, *EVENTS)},
        **{name: column(plain.money(c[name])) for name in AMOUNTS},
        **{name: column(c[name] == 1) for name in FLAGS},
        **{name: named(c[name], plain.providers, len(c)) for name in HOMES},
    }
    assert c.dtype == CUSTOMER
    fields = {name: made[name] if name in made else column(c[name]) for name in FIELDS}
    who = {"customer": column(numbers.astype(np.int32))}
    felt = {"satisfaction": day(world.ties["satisfaction"][numbers, FIRM])}
    held = membership(plain, world, numbers)
    return pa.table({**labels(plain, arm, replication, len(c)), **who, **fields, **felt, **held})


def membership(plain: Plain, world: World, numbers: np.ndarray) -> dict[str, pa.Array]:
    """Since when she is a member, her tier, points owed, value stored; null where there is no such thing."""
    nothing = np.zeros(len(numbers))
    since = world.members["since"][numbers] if len(world.members) else nothing + np.inf
    tier = world.ranks["tier"][numbers] if len(world.ranks) else nothing.astype(np.int8)
    owes = world.debts[numbers] if len(world.debts) else nothing.astype(np.int64)
    purses = world.purses[numbers] if len(world.purses) else np.zeros(len(numbers), PURSE)
    subscribed = np.zeros(len(numbers), SUBSCRIPTION)
    subscribed["since"] = subscribed["ended"] = np.inf
    if len(world.subscriptions):
        subscribed = world.subscriptions[numbers]
    relations = np.zeros(len(numbers), RELATION)
    relations["joined"] = np.inf
    if len(world.relations):
        relations = world.relations[numbers]
    relates = len(world.relations) > 0
    return {
        "joined": day(since),
        "tier": column(tier, len(world.ranks) > 0),
        "owes": column(owes, len(world.debts) > 0),
        "club_since": day(subscribed["since"]),
        "club_ended": day(subscribed["ended"]),
        "club_terms": column(subscribed["terms"], len(world.subscriptions) > 0),
        "stored": column(plain.money(purses["cash"]), len(world.purses) > 0),
        "stored_bonus": column(plain.money(purses["bonus"]), len(world.purses) > 0),
        "contacts": column(relations["contacts"], relates),
        "unsubscribed": column(relations["withdrawn"] == 1, relates),
        "contact_bond": column(relations["bond"], relates),
        "contact_strain": column(relations["strain"], relates),
        "community_since": day(relations["joined"]),
        "community_bond": column(relations["belonging"], relates),
    }
