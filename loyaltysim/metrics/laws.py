"""What must hold exactly in every replication, whatever the scenario (MODEL 6)."""

from collections.abc import Iterator

import numpy as np

from loyaltysim.record.outcome import Arm, Replication
from loyaltysim.rules.state import FIRM, MONEY, NOWHERE, SERVICE

PRESENT = 1


def broken(replication: Replication) -> list[str]:
    """The laws that this replication breaks, in words; none, if the simulator is right."""
    faults = list(_between(replication.programme, replication.twin, replication.warm_up))
    for name, arm in (("programme", replication.programme), ("twin", replication.twin)):
        faults += [f"{name}: {law}" for law in _within(arm)]
    return faults


def _between(programme: Arm, twin: Arm, warm_up: int) -> Iterator[str]:
    """One past and one population: only homes differ."""
    if len(programme.customers) != len(twin.customers):
        yield f"{len(programme.customers)} customers in one arm, {len(twin.customers)} in the other"
        return
    for field in ("key", "enters", "exits", "base", "segment"):
        if not np.array_equal(programme.customers[field], twin.customers[field]):
            yield f"customers differ between the arms in '{field}'"
    if not np.array_equal(programme.money[:warm_up], twin.money[:warm_up]):
        yield "the arms differ before month 0"


def _within(arm: Arm) -> Iterator[str]:
    """The books balance to the point and the cent; nobody is lost."""
    flow = {name: arm.money[:, :, place] for place, name in enumerate(MONEY)}
    points = (
        flow["points_issued"] - flow["points_redeemed"] - flow["points_expired"] - flow["points_forfeited"]
    )
    back = flow["points_restored"] - flow["points_taken_back"]
    back = back + flow["points_charged"] + flow["points_written_off"]
    if not np.array_equal(np.cumsum(points + back, axis=0), flow["points_outstanding"] - flow["points_debt"]):
        yield "points: issued is not redeemed + expired + forfeited + outstanding"
    if int(arm.customers["balance"].sum()) != int(flow["points_outstanding"][-1].sum()):
        yield "points: the customers' balances do not sum to what is outstanding"
    off = flow["discounts"] + flow["member_discounts"] + flow["rewards_paid"] + flow["cashback"]
    if not np.array_equal(flow["list_sales"] - off + flow["charged"], flow["revenue"]):
        yield "money: list sales − discounts − rewards − cash back is not revenue"
    present = np.diff(flow["customers"].sum(axis=1))
    if not np.array_equal(present, (flow["entered"] - flow["left_market"]).sum(axis=1)[1:]):
        yield "customers: entered − left the market is not the change of those present"
    here = arm.customers["present"] == PRESENT
    if int(here.sum()) != int(flow["customers"][-1].sum()):
        yield "customers: the records do not sum to the ledger"
    if int((here & (arm.customers["home"] == FIRM)).sum()) != int(flow["home_customers"][-1].sum()):
        yield "customers: the homes do not sum to the ledger"
    if (arm.customers["home"][here] == NOWHERE).any():
        yield "customers: somebody in the market has no home"
    desk = {name: arm.service[:, :, place].sum(axis=1) for place, name in enumerate(SERVICE)}
    if not np.array_equal(np.cumsum(desk["arrived"] - desk["served"] - desk["gave_up"]), desk["waiting"]):
        yield "desks: arrived is not served + gave up + waiting"
