"""The monthly table of an arm: month × group × measure, in the units people read.

Month m runs from the close m − 1 to the close m, counted from month 0: the last month of the warm-up
is month 0, those before it are negative. Flows belong to the month, stocks to its close. The groups
are the segments and `all`; what belongs to the desks or to the firm as a whole is known for `all`
only, and not a number for a segment.
"""

import numpy as np

from loyaltysim.metrics.approaches import COSTS
from loyaltysim.metrics.finance.estimates import METHODS
from loyaltysim.metrics.finance.lived import Kept, recognised_of
from loyaltysim.metrics.terms import Terms
from loyaltysim.metrics.value import AHEAD
from loyaltysim.metrics.view import fixed_of
from loyaltysim.record.outcome import Arm
from loyaltysim.rules.ledger import CENT, MONEY, SERVICE, SQUARE
from loyaltysim.rules.state import FIRM

IN_MONEY = {
    "list_sales", "discounts", "rewards_paid", "revenue", "goods_sold", "goods_rewards", "fulfilment",
    "spend_rivals", "self_service_cost", "promise_cost", "recovery_cost",
    "acquisition_cost", "winback_cost", "save_cost",
    "enrolment_cost", "member_spend", "perk_cost", "surprise_cost",
    "referral_cost",
    "member_discounts", "cashback", "refunds", "return_cost", "charged",
    "prepaid_in", "prepaid_opening", "prepaid_spent", "prepaid_refunded", "prepaid_forfeited",
    "bonus_granted", "bonus_spent", "bonus_forfeited", "prepaid_outstanding", "bonus_outstanding",
    "fees_received", "fees_earned", "fees_deferred", "club_cost", "club_spend",
    "fees_opening", "fees_refunded", "prepaid_remitted",
    "contact_cost", "community_cost",
}  # fmt: skip
DISCOUNTED = {"value", "reward_cost"}  # money, discounted to month 0
IN_DAYS = {  # customer-days, visits
    "member_days", "other_days", "visits_paid_back", "club_days", "club_other_days",
}  # fmt: skip
IN_PARTS = {"decision_bits", "price_sensitivity", "contacts_beyond"}  # sums over decisions, contacts
IN_CSI_POINTS = {  # sums over visits, or over home customers
    "csi", "gap", "satisfaction", "surprise_delight", "contact_bond", "contact_strain", "community_bond",
}  # fmt: skip
HOUR, MINUTE = 3_600_000.0, 60_000.0  # milliseconds

OF_THE_DESKS = (
    "arrived", "served", "gave_up", "wait_min", "busy_hours", "staffed_hours", "waiting",
    "self_served", "self_failed", "promise_broken",
)  # fmt: skip
DERIVED = ("owed", "gross_margin", "contribution", "contract_liability", "revenue_recognised")
OF_THE_FIRM = ("service_cost", "comfort_cost", "fixed_cost", "event_cost", "profit", "reputation")
MEASURES = (*MONEY, *DERIVED, *OF_THE_DESKS, *OF_THE_FIRM)
SUMS = [place for place, name in enumerate(MEASURES) if name != "reputation"]  # sums over customers


def monthly(arm: Arm, terms: Terms, is_programme: bool, books: Kept | None = None) -> np.ndarray:
    """The table as float64 [month, group, measure]: the segments in the ledgers' order, then `all`."""
    by_group = np.concatenate([arm.money, arm.money.sum(axis=1, keepdims=True)], axis=1)
    customers = by_group / np.array([scale(name, terms) for name in MONEY])
    flows = dict(zip(MONEY, np.moveaxis(customers, 2, 0), strict=True))
    before = terms.cost_per_point if terms.status_quo_point is None else terms.status_quo_point
    point = np.full(len(arm.money), before)
    if is_programme:
        point[terms.warm_up :] = [terms.point_cost(month) for month in range(terms.warm_up, len(point))]
    chance = np.ones(len(point))
    if books is not None and terms.estimate in METHODS:
        chance = books.chance
    inside = flows["points_outstanding"] - flows["points_outside"]
    owed = (inside * point[:, np.newaxis] + flows["points_outside"] * before) / terms.money_unit
    owed = owed * chance[:, np.newaxis]
    owed = owed + terms.prepaid_redeemed * (flows["prepaid_outstanding"] + flows["bonus_outstanding"])
    owed = owed + flows["fees_deferred"]
    margin = flows["revenue"] - flows["goods_sold"] - flows["goods_rewards"]
    paid = flows["fulfilment"] + flows["self_service_cost"] + flows["promise_cost"] + flows["recovery_cost"]
    paid = paid + sum(flows[name] for name in COSTS)
    paid = paid + flows["enrolment_cost"] + flows["perk_cost"] + flows["surprise_cost"] + flows["return_cost"]
    paid = paid + flows["club_cost"] + flows["contact_cost"] + flows["community_cost"]
    ahead = sum(sign * flows[name] for name, sign in AHEAD.items())
    contribution = margin + ahead - paid - np.diff(owed, axis=0, prepend=0.0)
    desks = arm.service.sum(axis=1) / np.array([desk_scale(name) for name in SERVICE])
    clerks = desks[:, SERVICE.index("staffed_ms")] * (terms.clerk / terms.money_unit)
    months = np.arange(1 - terms.warm_up, len(clerks) - terms.warm_up + 1)
    first = terms.programme_from if is_programme else 0
    programme_fixed = np.where(months > first, fixed_of(arm, terms, is_programme), terms.status_quo_fixed)
    fixed = (terms.fixed + programme_fixed) / terms.money_unit
    events = np.zeros(len(clerks))
    for month, cost in terms.event_costs:
        events[month] += cost / terms.money_unit
    waited = desks[:, SERVICE.index("wait_ms")] * terms.comfort_minute
    comfort = (waited + terms.comfort_fixed) / terms.money_unit
    profit = contribution[:, -1] - clerks - comfort - fixed - events
    firm = np.column_stack([desks, clerks, comfort, fixed, events, profit, arm.reputation[:, FIRM]])
    table = np.full((*by_group.shape[:2], len(MEASURES)), np.nan)
    table[:, :, : len(MONEY)] = customers
    table[:, :, len(MONEY) : len(MONEY) + 3] = np.stack([owed, margin, contribution], axis=2)
    table[:, -1, len(MONEY) + len(DERIVED) :] = firm
    if books is not None:
        for name, amounts in (
            ("contract_liability", books.liability),
            ("revenue_recognised", recognised_of(books.lines)),
        ):
            both = np.concatenate([amounts, amounts.sum(axis=1, keepdims=True)], axis=1)
            table[:, :, MEASURES.index(name)] = both / terms.money_unit
    else:
        table[:, :, len(MONEY) + 3 : len(MONEY) + len(DERIVED)] = np.nan
    return table


def scale(measure: str, terms: Terms) -> float:
    """What a figure of the ledger of money is divided by."""
    if measure in IN_MONEY:
        return terms.money_unit
    if measure in DISCOUNTED:
        return CENT * terms.money_unit
    if measure in IN_CSI_POINTS or measure in IN_DAYS or measure in IN_PARTS:
        return CENT
    return SQUARE if measure == "csi_squares" else 1.0


def desk_scale(measure: str) -> float:
    """What a figure of the ledger of service is divided by: waits in minutes, clerks' time in hours."""
    return {"wait_ms": MINUTE, "busy_ms": HOUR, "staffed_ms": HOUR}.get(measure, 1.0)
