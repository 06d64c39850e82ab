"""Contacts with members and the community: how many, what they cost, what they leave (MODEL 3.7)."""

from collections.abc import Callable

from loyaltysim.metrics.kpi import KPI, Estimator, Value
from loyaltysim.metrics.terms import Terms
from loyaltysim.metrics.view import View
from loyaltysim.rules.ledger import CENT


def has_contacts(terms: Terms) -> bool:
    """Whether members are contacted."""
    return terms.has_contacts


def has_community(terms: Terms) -> bool:
    """Whether there is a community."""
    return terms.has_community


def figure(
    name: str,
    label: str,
    definition: str,
    unit: str,
    formula: Callable[[View], Value],
    direction: int = 0,
    base: str = "W",
    estimator: Estimator = "mean",
    when: Callable[[Terms], bool] = has_contacts,
) -> KPI:
    """A figure of scenarios with contacts, or with a community."""
    return KPI(name, label, definition, unit, base, direction, estimator, formula, when=when)


def mean_bond(measure: str) -> Callable[[View], Value]:
    """Mean of a bond over the firm's home customers at the horizon, CSI points."""
    return lambda view: (view.stock(measure) / CENT, view.stock("home_customers"))


KPIS = (
    figure(
        "contacts",
        "Contacts",
        "Messages sent to members who consent.",
        "contacts",
        lambda view: float(view.flow("contacts")),
    ),
    figure(
        "contact_cost",
        "Cost of contacts",
        "What they cost, undiscounted; part of programme cost.",
        "money",
        lambda view: view.money(view.flow("contact_cost")),
        -1,
    ),
    figure(
        "contacts_beyond_share",
        "Contacts beyond tolerance",
        "Of the contacts, those beyond what the customer tolerates in a month.",
        "share",
        lambda view: (view.flow("contacts_beyond") / CENT, view.flow("contacts")),
        -1,
        estimator="ratio",
    ),
    figure(
        "consent_share",
        "Consent",
        "Members known to the firm and not asleep who may be contacted, over all such members.",
        "share",
        lambda view: (view.stock("contact_open"), view.stock("contact_known")),
        1,
        "end",
        "ratio",
    ),
    figure(
        "unsubscribed",
        "Unsubscribed",
        "Customers who withdrew their consent, for having been contacted too often.",
        "customers",
        lambda view: float(view.flow("unsubscribed")),
        -1,
    ),
    figure(
        "contact_bond_mean",
        "Bond of contacts",
        "What contacts bind a home customer with, on average.",
        "CSI points",
        mean_bond("contact_bond"),
        1,
        "end",
        "ratio",
    ),
    figure(
        "contact_strain_mean",
        "Strain of contacts",
        "What contacts beyond tolerance have taken from the standing of a home customer, on average.",
        "CSI points",
        mean_bond("contact_strain"),
        -1,
        "end",
        "ratio",
    ),
    figure(
        "community_members_end",
        "Community",
        "Customers who take part in the community at the horizon.",
        "customers",
        lambda view: float(view.stock("community_members")),
        1,
        "end",
        when=has_community,
    ),
    figure(
        "community_joined",
        "Joined the community",
        "Times that a customer joined it.",
        "customers",
        lambda view: float(view.flow("community_joined")),
        1,
        when=has_community,
    ),
    figure(
        "community_left",
        "Left the community",
        "Times that a customer left it.",
        "customers",
        lambda view: float(view.flow("community_left")),
        -1,
        when=has_community,
    ),
    figure(
        "community_cost",
        "Cost of the community",
        "What those who take part cost, undiscounted, its fixed cost apart; part of programme cost.",
        "money",
        lambda view: view.money(view.flow("community_cost")),
        -1,
        when=has_community,
    ),
    figure(
        "community_bond_mean",
        "Bond of the community",
        "What the community binds a home customer with, on average over all of them.",
        "CSI points",
        mean_bond("community_bond"),
        1,
        "end",
        "ratio",
        has_community,
    ),
)
