"""Who stays, who leaves, who buys: key figures of retention and of the market (DESIGN 6)."""

from collections.abc import Callable

import numpy as np

from loyaltysim.metrics.kpi import KPI, Value, reaching
from loyaltysim.metrics.readings import flow, stock
from loyaltysim.metrics.terms import Terms
from loyaltysim.metrics.view import View, left_market
from loyaltysim.rules.state import FIRM


def retention(month: int) -> KPI:
    """Share of the base cohort whose home is the firm at a close."""

    def formula(view: View) -> Value:
        return int((view.base_home(month) == FIRM).sum()), view.base_size

    return KPI(
        f"retention_{month}m",
        f"Retention, {month} months",
        f"Base cohort with home = firm at t{month}, over the base cohort; having come back counts.",
        "share",
        f"t{month}",
        1,
        "ratio",
        reaching(month, formula),
    )


def after_six_years(name: str, label: str, definition: str, stock: str) -> KPI:
    """Share of the base cohort at the 72nd close, where a car is replaced; off the ledger's stocks."""

    def formula(view: View) -> Value:
        return view.stock(stock, 72), view.base_size

    def when(terms: Terms) -> bool:
        return terms.horizon >= 72

    return KPI(name, label, definition, "share", "t72", 1, "ratio", reaching(72, formula), when=when)


def _defection(view: View) -> Value:
    return int(view.base_defected(12).sum()), view.base_size


def has_outside(terms: Terms) -> bool:
    """May customers stop buying in the category?"""
    return terms.outside > 0


def stayed(
    status: str,
    label: str,
    definition: str,
    direction: int,
    when: Callable[[Terms], bool] = lambda terms: True,
) -> KPI:
    """Share of the base cohort by where she is at t12."""

    def formula(view: View) -> Value:
        home, defected = view.base_home(12), view.base_defected(12)
        here, gone = home == FIRM, left_market(home)
        outside = (home == view.terms.outside) & ~here
        member = {
            "home": here & ~defected,
            "won_back": here & defected,
            "elsewhere": ~here & ~gone & ~outside,
            "outside": outside,
            "left_market": gone,
        }[status]
        return int(member.sum()), view.base_size

    name = f"stayed_by_status.{status}"
    return KPI(name, label, definition, "share", "t12", direction, "ratio", reaching(12, formula), when=when)


def _repeat_rate(view: View) -> Value:
    index = view.customers["index_purchase"]
    early = index <= view.end - 90.0  # nan: no purchase, and not early
    return int((view.customers["repeated"][early] == 1).sum()), int(early.sum())


def _share_of_wallet(view: View) -> Value:
    buyers = view.customers["spend_year"] > 0
    ours, all_of_it = view.customers["spend_year"][buyers], view.customers["spend_year_all"][buyers]
    return view.money(int(ours.sum())), view.money(int(all_of_it.sum()))


def _members(view: View) -> Value:
    if not view.runs:
        return None
    return float(view.stock("members" if view.terms.has_members else "home_customers"))


def _active(view: View) -> Value:
    return float(view.stock("active_12m")) if view.warm_up + view.months >= 12 else None


def _bought_by_our_customers(view: View) -> int:
    return view.flow("visits_away") + view.flow("visits") - view.flow("visits_drop_in")


KPIS = (
    KPI(
        "base_customers",
        "Base cohort",
        "Customers whose home is the firm at month 0, B; the same persons in both arms.",
        "customers",
        "month 0",
        0,
        "mean",
        lambda view: float(view.base_size),
    ),
    retention(12),
    retention(24),
    retention(36),
    after_six_years(
        "retention_72m",
        "Retention, 72 months",
        "Base cohort with home = firm at t72, over the base cohort; having come back counts.",
        "base_home",
    ),
    after_six_years(
        "never_left_72m",
        "Never left, 72 months",
        "Base cohort in the market at t72 that has never left the firm, over the base cohort.",
        "base_never_left",
    ),
    KPI(
        "defection_12m",
        "Defection, 12 months",
        "Base cohort with at least one change of home away from the firm by t12, over the base cohort; "
        "not 1 − retention, since some come back and some leave the market.",
        "share",
        "t12",
        -1,
        "ratio",
        reaching(12, _defection),
    ),
    stayed(
        "home",
        "Never left in 12 months",
        "Base cohort at home at t12 without having left, over the base cohort.",
        1,
    ),
    stayed(
        "won_back",
        "Left and won back in 12 months",
        "Base cohort at home at t12 after having left, over the base cohort.",
        0,
    ),
    stayed(
        "elsewhere",
        "Elsewhere after 12 months",
        "Base cohort with another home at t12, over the base cohort.",
        -1,
    ),
    stayed(
        "outside",
        "Out of the category after 12 months",
        "Base cohort that buys nothing in the category at t12, over the base cohort.",
        -1,
        when=has_outside,
    ),
    KPI(
        "outside_share_end",
        "Share outside of the category",
        "Customers who buy nothing in the category over all customers in the market, at the horizon.",
        "share",
        "end",
        -1,
        "ratio",
        lambda view: (view.stock("outside"), view.stock("customers")),
        when=has_outside,
    ),
    stayed(
        "left_market",
        "Out of the market after 12 months",
        "Base cohort out of the market at t12, over the base cohort.",
        0,
    ),
    KPI(
        "repeat_rate_90d",
        "Repeat rate, 90 days",
        "Customers who buy again on a later day within 90 days of their first purchase after month 0, over "
        "those whose first purchase lies at least 90 days before the end.",
        "share",
        "W",
        1,
        "ratio",
        _repeat_rate,
    ),
    KPI(
        "share_of_wallet",
        "Share of wallet",
        "Net spend at the firm over net spend at all providers, of those who bought from the firm in the "
        "last 365 days.",
        "share",
        "last 365 d",
        1,
        "ratio",
        reaching(12, _share_of_wallet),
    ),
    stock(
        "customers_end",
        "Customers",
        "Customers in the market whose home is the firm, at the horizon.",
        "customers",
        1,
        of="home_customers",
    ),
    KPI(
        "market_share_end",
        "Market share",
        "Customers whose home is the firm over all customers in the market, at the horizon.",
        "share",
        "end",
        1,
        "ratio",
        lambda view: (view.stock("home_customers"), view.stock("customers")),
    ),
    KPI(
        "members_end",
        "Members",
        "Customers in the market who joined the programme, at the horizon, asleep or not; without a rule of "
        "enrolment everyone whose home is the firm; not defined without the programme.",
        "customers",
        "end",
        0,
        "mean",
        _members,
    ),
    KPI(
        "active_12m",
        "Active customers",
        "Customers who bought from the firm in the last 12 months, at the horizon.",
        "customers",
        "end",
        1,
        "mean",
        _active,
    ),
    flow(
        "defections", "Defections", "Changes of home away from the firm, of all customers.", "customers", -1
    ),
    flow("acquired", "Acquired", "Changes of home to the firm for the first time.", "customers", 1),
    flow("winbacks", "Won back", "Changes of home back to the firm.", "customers", 1),
    flow("occasions", "Occasions", "Needs to buy in the category, of all customers.", "visits"),
    flow("visits", "Visits", "Purchases at the firm.", "visits", 1),
    flow("visits_rivals", "Visits at rivals", "Purchases at rivals.", "visits"),
    flow(
        "visits_away",
        "Bought elsewhere",
        "Purchases at rivals of customers whose home is the firm.",
        "visits",
        -1,
    ),
    flow(
        "visits_drop_in",
        "Dropped in",
        "Purchases at the firm of customers whose home is a rival.",
        "visits",
        1,
    ),
    KPI(
        "away_share",
        "Share bought elsewhere",
        "Purchases at rivals of customers whose home is the firm, over all their purchases.",
        "share",
        "W",
        -1,
        "ratio",
        lambda view: (view.flow("visits_away"), _bought_by_our_customers(view)),
    ),
)


def cells(programme: View, twin: View) -> dict[str, int]:
    """The base cohort at t12 by home in the two arms (MODEL 4): the five sum to |B|."""
    with_it, without = programme.base_home(12), twin.base_home(12)
    gone = left_market(with_it)
    here, there = with_it == FIRM, without == FIRM
    found = {
        "saved": here & ~there,
        "driven_away": ~here & there & ~gone,
        "stayed_anyway": here & there,
        "lost_anyway": ~here & ~there & ~gone,
        "left_market": gone,
    }
    return {name: int(np.sum(who)) for name, who in found.items()}
