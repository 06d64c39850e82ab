"""Who holds a tier, who rises and falls, and what perks cost (DESIGN 6)."""

from loyaltysim.metrics.kpi import KPI, Value
from loyaltysim.metrics.readings import amount, flow
from loyaltysim.metrics.terms import Terms
from loyaltysim.metrics.view import View
from loyaltysim.rules.programme.terms import MOST_TIERS


def has_tiers(terms: Terms) -> bool:
    """Whether the programme has tiers."""
    return len(terms.tiers) > 0


def in_tier(number: int) -> KPI:
    """Share of those in a tier, at the horizon."""

    def formula(view: View) -> Value:
        if not view.runs:
            return None
        members = "members" if view.terms.has_members else "home_customers"
        return view.stock(f"tier_{number}"), view.stock(members)

    return KPI(
        f"tier_share.{number}",
        f"In tier {number}",
        f"Customers in the tier with the {number}. threshold from below, over members (without a rule of "
        "enrolment over home customers), at the horizon.",
        "ratio",
        "end",
        0,
        "ratio",
        formula,
        when=lambda terms: len(terms.tiers) >= number,
    )


KPIS = (
    *(in_tier(number) for number in range(1, MOST_TIERS + 1)),
    flow("promoted", "Promoted", "Rises to a higher tier.", "customers", 0, when=has_tiers),
    flow("demoted", "Demoted", "Falls to a lower tier, or to none.", "customers", -1, when=has_tiers),
    flow(
        "goals_missed",
        "Goals missed",
        "Windows of the calendar that ended with the next tier near and missed.",
        "customers",
        -1,
        when=has_tiers,
    ),
    amount(
        "perk_cost",
        "Cost of perks",
        "What the perks of tiers cost the firm, undiscounted; part of programme cost.",
        -1,
        when=has_tiers,
    ),
)
