"""What customers say of the firm, and whom they bring (E32)."""

from loyaltysim.metrics.kpi import KPI
from loyaltysim.metrics.readings import amount, flow, quotient
from loyaltysim.metrics.terms import Terms
from loyaltysim.metrics.view import View
from loyaltysim.rules.state import FIRM


def speak(terms: Terms) -> bool:
    """Does anybody speak in this scenario?"""
    return terms.talks


def refer(terms: Terms) -> bool:
    """Does anybody refer others in this scenario?"""
    return terms.refers


def new_customers(view: View) -> int:
    """Changes of home to the firm, and entrants whose first home it is."""
    return view.flow("acquired") + view.flow("winbacks") + view.flow("entered_firm")


def reputation(view: View) -> float | None:
    """The firm's reputation at the horizon."""
    return float(view.arm.reputation[-1, FIRM]) if len(view.arm.reputation) else None


KPIS = (
    quotient(
        "recommending_share",
        "Customers who recommend",
        "Customers more satisfied with the firm than `delight`, over those who had been there since the last "
        "close, over all closes.",
        "praised",
        "lived_through",
        direction=1,
        when=speak,
    ),
    quotient(
        "warning_share",
        "Customers who warn",
        "Customers less satisfied with the firm than `disappointment`, over those who had been there since "
        "the last close, over all closes.",
        "warned",
        "lived_through",
        direction=-1,
        when=speak,
    ),
    KPI(
        "reputation_end",
        "Reputation",
        "The firm's reputation at the horizon, after what was lived and what was said.",
        "CSI points",
        "end",
        1,
        "mean",
        reputation,
        when=speak,
    ),
    flow(
        "referrals",
        "Referrals followed",
        "Customers who made the firm their home because one of its customers told them to.",
        "customers",
        1,
        when=refer,
    ),
    quotient(
        "referral_rate",
        "Referrals followed, of those made",
        "Referrals to the firm that were followed, over those that somebody was told.",
        "referrals",
        "referrals_heard",
        direction=1,
        when=refer,
    ),
    flow(
        "referred_away",
        "Referred away",
        "Customers of the firm who went where a customer of a rival told them to.",
        "customers",
        -1,
        when=refer,
    ),
    KPI(
        "referral_multiplier",
        "Multiplier of referrals",
        "New home customers of the firm (acquired, won back, entrants), over those who were not referred; "
        "1 / (1 − R) where each refers R others.",
        "ratio",
        "W",
        1,
        "ratio",
        lambda view: (new_customers(view), new_customers(view) - view.flow("referrals")),
        when=refer,
    ),
    amount(
        "referral_cost",
        "Rewards for referrals",
        "What the programme gives to those who refer and to those who come, undiscounted; part of programme "
        "cost.",
        -1,
        when=refer,
    ),
)
