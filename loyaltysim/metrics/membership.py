"""The paid club: fees, renewals, who its members are, and what it does to them (MODEL 3.7; E29, C23)."""

from collections.abc import Callable

from loyaltysim.metrics.kpi import KPI, Estimator, Value
from loyaltysim.metrics.terms import Terms
from loyaltysim.metrics.view import View
from loyaltysim.rules.ledger import CENT


def _has_club(terms: Terms) -> bool:
    return terms.has_club


def figure(
    name: str,
    label: str,
    definition: str,
    formula: Callable[..., Value],
    unit: str = "money",
    base: str = "W",
    direction: int = 0,
    estimator: Estimator = "mean",
    paired: bool = False,
) -> KPI:
    """A figure of scenarios with a paid club."""
    return KPI(
        name, label, definition, unit, base, direction, estimator, formula, paired=paired, when=_has_club
    )


def amount(name: str, label: str, definition: str, measure: str, direction: int = 0) -> KPI:
    """A flow of money, from month 0 to the horizon."""
    return figure(name, label, definition, lambda view: view.money(view.flow(measure)), direction=direction)


def members(name: str, label: str, definition: str, measure: str) -> KPI:
    """Customers at the horizon."""
    return figure(
        name, label, definition, lambda view: float(view.stock(measure)), "customers", "end", direction=1
    )


def share(name: str, label: str, definition: str, some: str, of: str) -> KPI:
    """One flow over another."""
    return figure(
        name,
        label,
        definition,
        lambda view: (view.flow(some), view.flow(of)),
        "share",
        direction=1,
        estimator="ratio",
    )


def members_against_others(programme: View, twin: View) -> Value:
    """Spend a day of the club's members over that of home customers who are none, minus 1."""
    inside = programme.flow("club_spend")
    others = programme.flow("revenue") - inside
    days, other_days = programme.flow("club_days"), programme.flow("club_other_days")
    if days <= 0 or other_days <= 0:
        return None
    below = others / (other_days / CENT)
    return inside / (days / CENT) - below, below


def same_persons(programme: View, twin: View) -> Value:
    """Spend of the members since they joined, with the club and without, over the same days."""
    ours, theirs = (int(view.arm.subscriptions["spend"].sum()) for view in (programme, twin))
    return programme.money(ours - theirs), programme.money(theirs)


KPIS = (
    members(
        "paid_members_end",
        "Members of the club",
        "Customers for whom a term runs at the horizon, on trial or paid for.",
        "club_members",
    ),
    members(
        "paying_members_end",
        "Paying members",
        "Of those, customers who have paid for the term that runs.",
        "club_paying",
    ),
    amount("membership_fees", "Fees received", "Fees of the terms that began: cash.", "fees_received", 1),
    amount(
        "membership_fees_earned",
        "Fees earned",
        "Fees by the days of their terms that are over: income of the club. What is left of a fee when a "
        "member leaves the market is earned then.",
        "fees_earned",
        1,
    ),
    figure(
        "membership_fees_deferred",
        "Fees deferred",
        "Fees received and not yet earned, at the horizon = at month 0 + received − earned.",
        lambda view: view.money(view.stock("fees_deferred")),
        base="end",
    ),
    amount(
        "membership_cost",
        "Cost of benefits",
        "What members got at their purchases cost the firm, price cuts apart; part of programme cost.",
        "club_cost",
        -1,
    ),
    share(
        "renewal_rate",
        "Renewals",
        "Terms paid for that were followed by another, of those that ended.",
        "club_renewed",
        "club_terms_ended",
    ),
    share(
        "trial_conversion",
        "Trials converted",
        "Trials at whose end the member paid, of those that ended.",
        "club_converted",
        "club_trials_ended",
    ),
    figure(
        "club_lift",
        "Lift of the club's members",
        "Net spend of the members from the day they joined, over that of the same persons in the same days "
        "without the club, minus 1.",
        same_persons,
        unit="ratio",
        estimator="ratio",
        paired=True,
    ),
    figure(
        "naive_club_lift",
        "Naive lift: the club's members against others",
        "Net spend a day of members over that of home customers who are none, minus 1. It misleads: a fee "
        "is worth it to who buys much.",
        members_against_others,
        unit="ratio",
        estimator="ratio",
        paired=True,
    ),
)
