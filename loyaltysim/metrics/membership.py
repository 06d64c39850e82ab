"""The paid club: fees, renewals, who its members are, and what it does to them (MODEL 3.7; E29, C23)."""

from loyaltysim.metrics.kpi import KPI, Value
from loyaltysim.metrics.readings import amount, balance, quotient, stock
from loyaltysim.metrics.terms import Terms
from loyaltysim.metrics.view import View
from loyaltysim.rules.ledger import CENT


def has_club(terms: Terms) -> bool:
    """Whether the programme has a paid club."""
    return terms.has_club


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
    stock(
        "paid_members_end",
        "Members of the club",
        "Customers for whom a term runs at the horizon, on trial or paid for.",
        "customers",
        1,
        of="club_members",
        when=has_club,
    ),
    stock(
        "paying_members_end",
        "Paying members",
        "Of those, customers who have paid for the term that runs.",
        "customers",
        1,
        of="club_paying",
        when=has_club,
    ),
    amount(
        "membership_fees",
        "Fees received",
        "Fees of the terms that began: cash.",
        1,
        of="fees_received",
        when=has_club,
    ),
    amount(
        "membership_fees_earned",
        "Fees earned",
        "Fees by the days of their terms that are over: income of the club. What is left of a fee when a "
        "member leaves the market is earned then.",
        1,
        of="fees_earned",
        when=has_club,
    ),
    balance(
        "membership_fees_deferred",
        "Fees deferred",
        "Fees received and not yet earned, at the horizon = at month 0 + received − earned.",
        of="fees_deferred",
        when=has_club,
    ),
    amount(
        "membership_cost",
        "Cost of benefits",
        "What members got at their purchases cost the firm, price cuts apart; part of programme cost.",
        -1,
        of="club_cost",
        when=has_club,
    ),
    quotient(
        "renewal_rate",
        "Renewals",
        "Terms paid for that were followed by another, of those that ended.",
        "club_renewed",
        "club_terms_ended",
        1,
        when=has_club,
    ),
    quotient(
        "trial_conversion",
        "Trials converted",
        "Trials at whose end the member paid, of those that ended.",
        "club_converted",
        "club_trials_ended",
        1,
        when=has_club,
    ),
    KPI(
        "club_lift",
        "Lift of the club's members",
        "Net spend of the members from the day they joined, over that of the same persons in the same days "
        "without the club, minus 1.",
        "ratio",
        "W",
        0,
        "ratio",
        same_persons,
        paired=True,
        when=has_club,
    ),
    KPI(
        "naive_club_lift",
        "Naive lift: the club's members against others",
        "Net spend a day of members over that of home customers who are none, minus 1. It misleads: a fee "
        "is worth it to who buys much.",
        "ratio",
        "W",
        0,
        "ratio",
        members_against_others,
        paired=True,
        when=has_club,
    ),
)
