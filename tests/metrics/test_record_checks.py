"""The fingerprint of a record, and the laws that it must obey."""

from dataclasses import replace

import numpy as np
import pytest
from literal_world import DAYS, WARM_UP, put, replication, twin_arm

from loyaltysim.metrics.digest import digest, digest_of_all
from loyaltysim.metrics.laws import broken
from loyaltysim.record.outcome import Arm, Replication


def test_the_digest_is_that_of_the_record_and_of_nothing_else():
    assert digest(replication()) == digest(replication())
    assert digest(replication(1)) != digest(replication(0))


@pytest.mark.parametrize("arm", ["programme", "twin"])
@pytest.mark.parametrize("table", Arm._fields)
def test_a_single_changed_bit_anywhere_changes_the_digest(arm, table):
    changed = replication()
    values = getattr(getattr(changed, arm), table)
    values.reshape(-1).view(np.uint8)[0] ^= 1
    assert digest(changed) != digest(replication())


def test_layout_in_memory_and_kinds_of_nan_do_not_change_the_digest():
    same = replication()
    strided = same.programme._replace(money=np.asfortranarray(same.programme.money))
    strided.customers["index_purchase"][3] = -np.float64("nan")
    assert digest(replace(same, programme=strided)) == digest(replication())


def test_the_digest_of_a_run_knows_the_order():
    assert digest_of_all(["a", "b"]) != digest_of_all(["b", "a"])


def lawful():
    """A record that obeys every law."""
    arms = []
    for _ in range(2):
        arm = twin_arm()
        arm.money[:], arm.service[:] = 0, 0
        arm.customers["home"] = [0, 0, 1, 1, -1, 1]
        put(arm, 0, entered=6, customers=6, home_customers=2)
        for row in range(1, len(arm.money)):
            put(arm, row, customers=6 if row < 4 else 5, home_customers=2)
        put(arm, 4, left_market=1, list_sales=10, discounts=3, rewards_paid=2, revenue=5)
        arm.status[:, 0] = 5
        arms.append(arm)
    return Replication(0, 42, WARM_UP, DAYS, *arms)


def test_a_lawful_record_is_not_accused():
    assert broken(lawful()) == []


@pytest.mark.parametrize(
    ("row", "figures", "law"),
    [
        (3, {"points_issued": 5}, "issued is not"),
        (13, {"points_issued": 5, "points_outstanding": 5}, "balances do not sum"),
        (4, {"revenue": 6}, "is not revenue"),
        (7, {"entered": 1}, "change of those present"),
        (13, {"customers": 4, "left_market": 1}, "records do not sum"),
        (13, {"home_customers": 3}, "homes do not sum"),
    ],
)
def test_a_ledger_that_does_not_balance_is_found(row, figures, law):
    world = lawful()
    put(world.programme, row, **figures)
    assert [fault for fault in broken(world) if law in fault and fault.startswith("programme: ")]


def test_who_is_in_the_market_has_a_home():
    world = lawful()
    world.twin.customers["home"][2] = -1
    assert broken(world) == ["twin: customers: somebody in the market has no home"]


def test_the_line_loses_nobody():
    world = lawful()
    world.twin.service[5, 0, 0] = 1
    assert broken(world) == ["twin: desks: arrived is not served + gave up + waiting"]


@pytest.mark.parametrize("field", ["key", "enters", "exits", "base", "segment"])
def test_the_arms_have_one_population(field):
    world = lawful()
    world.twin.customers[field][1] = 7
    assert f"customers differ between the arms in '{field}'" in broken(world)


def test_the_arms_have_one_past():
    world = lawful()
    put(world.twin, 0, visits=1)
    assert broken(world) == ["the arms differ before month 0"]
