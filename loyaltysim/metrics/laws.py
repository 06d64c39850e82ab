"""What must hold exactly in every replication, whatever the scenario (MODEL 6)."""

from collections.abc import Iterator

import numpy as np

from loyaltysim.record.outcome import Arm, Replication
from loyaltysim.rules.ledger import MONEY, SERVICE
from loyaltysim.rules.state import FIRM, NOWHERE

PRESENT = 1


def broken(replication: Replication) -> list[str]:
    """The laws that this replication breaks, in words; none, if the simulator is right."""
    faults = list(_between(replication))
    for name, arm in (("programme", replication.programme), ("twin", replication.twin)):
        faults += [f"{name}: {law}" for law in (*_within(arm), *_told(arm, replication.warm_up))]
    return faults


def _between(replication: Replication) -> Iterator[str]:
    """One past and one population: only homes differ."""
    programme, twin, lift = replication.programme, replication.twin, replication.lift
    warm_up = replication.warm_up
    if len(programme.customers) != len(twin.customers):
        yield f"{len(programme.customers)} customers in one arm, {len(twin.customers)} in the other"
        return
    for field in ("key", "enters", "exits", "base", "segment"):
        if not np.array_equal(programme.customers[field], twin.customers[field]):
            yield f"customers differ between the arms in '{field}'"
    if not np.array_equal(programme.money[:warm_up], twin.money[:warm_up]):
        yield "the arms differ before month 0"
    if len(lift) and not np.array_equal(lift.sum(axis=1), 2 * (margin(programme) - margin(twin))[warm_up:]):
        yield "lift: its mechanisms do not sum to the margin that the programme adds"


def margin(arm: Arm) -> np.ndarray:
    """List sales less the cost of goods sold, by month, minor units."""
    of_all = arm.money.sum(axis=1)
    return np.asarray(of_all[:, MONEY.index("list_sales")] - of_all[:, MONEY.index("goods_sold")])


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
    off = off + flow["bonus_spent"]
    if not np.array_equal(flow["list_sales"] - off + flow["charged"], flow["revenue"]):
        yield "money: list sales − discounts − rewards − cash back is not revenue"
    gone = flow["prepaid_spent"] + flow["prepaid_refunded"] + flow["prepaid_forfeited"]
    stored = np.cumsum(flow["prepaid_in"] + flow["prepaid_opening"] - gone, axis=0)
    if not np.array_equal(stored, flow["prepaid_outstanding"]):
        yield "stored value: paid in is not spent + refunded + forfeited + outstanding"
    given = np.cumsum(flow["bonus_granted"] - flow["bonus_spent"] - flow["bonus_forfeited"], axis=0)
    if not np.array_equal(given, flow["bonus_outstanding"]):
        yield "stored value: bonus granted is not spent + forfeited + outstanding"
    came = flow["fees_received"] + flow["fees_opening"]
    fees = np.cumsum(came - flow["fees_earned"] - flow["fees_refunded"], axis=0)
    if not np.array_equal(fees, flow["fees_deferred"]):
        yield "club: fees received are not earned + refunded + deferred"
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


def _told(arm: Arm, warm_up: int) -> Iterator[str]:
    """What closes remember of the base cohort, of cohorts and of visits is what the ledgers say."""
    after = arm.money[warm_up:].sum(axis=(0, 1))
    if (arm.status.sum(axis=1) != int((arm.customers["base"] == 1).sum())).any():
        yield "status: the base cohort is not somewhere at every close"
    if int(arm.gaps.sum()) != after[MONEY.index("visits")]:
        yield "gaps: not every visit has one"
    if int(arm.lost_from.sum()) != after[MONEY.index("defections")]:
        yield "defections: their classes do not sum to them"
    if (np.diff(arm.joiners[..., 0], axis=1) > 0).any() or (arm.joiners[..., 1] > arm.joiners[..., 0]).any():
        yield "cohorts: one grows, or more are at home than belong to it"
