"""Who joins, and why comparing members with others misleads (MODEL 4, DESIGN 6; E31).

The naive comparisons are what a firm without a twin can compute: heavier buyers join first, so they show a
lift where there is none. `member_lift` compares the same persons over the same days in both arms.
"""

import numpy as np

from loyaltysim.metrics.kpi import KPI, Value
from loyaltysim.metrics.readings import amount, flow
from loyaltysim.metrics.terms import Terms
from loyaltysim.metrics.view import View
from loyaltysim.rules.ledger import CENT


def has_members(terms: Terms) -> bool:
    """Whether customers have to join."""
    return terms.has_members


def members_against_others(programme: View, twin: View) -> Value:
    """Spend a day of members over that of home customers who are none, minus 1."""
    spend = programme.flow("member_spend")
    others = programme.flow("revenue") - spend
    days, other_days = programme.flow("member_days"), programme.flow("other_days")
    if days <= 0 or other_days <= 0:
        return None
    above = spend / (days / CENT)
    below = others / (other_days / CENT)
    return above - below, below


def same_persons(programme: View, twin: View) -> Value:
    """Spend of the members since they joined, with the programme and without, over the same days."""
    ours, theirs = (int(view.arm.members["spend"].sum()) for view in (programme, twin))
    return programme.money(ours - theirs), programme.money(theirs)


def after_against_before(programme: View, twin: View) -> Value:
    """Spend a day of the members after they joined over that before, minus 1."""
    m, c = programme.arm.members, programme.customers
    joined = np.isfinite(m["since"]) & (m["since"] > 0.0)
    begins = np.maximum(c["enters"][joined].astype(float), float(programme.days[0]))
    ends = np.minimum(c["exits"][joined], programme.end)
    before_days = float((m["since"][joined] - begins).sum())
    after_days = float((ends - m["since"][joined]).sum())
    if before_days <= 0.0 or after_days <= 0.0:
        return None
    before = int(m["before"][joined].sum()) / before_days
    after = int(m["spend"][joined].sum()) / after_days
    return after - before, before


def difference_in_differences(programme: View, twin: View) -> Value:
    """Growth of the members' spend over month 0 over that of the others, minus 1; of the base cohort."""
    if programme.warm_up == 0:
        return None
    joined = np.isfinite(programme.arm.members["since"]) & programme.base
    others = ~joined & programme.base
    growth = []
    for who in (joined, others):
        before = int(programme.arm.members["past"][who].sum())
        after = int(programme.customers["spend"][who].sum())
        if before <= 0:
            return None
        growth.append(after / before)
    return growth[0] - growth[1], growth[1]


def lift(name: str, label: str, definition: str, formula: object) -> KPI:
    """A ratio minus 1."""
    return KPI(
        name,
        label,
        definition,
        "ratio",
        "W",
        0,
        "ratio",
        formula,  # type: ignore[arg-type]
        paired=True,
        when=has_members,
    )


KPIS = (
    KPI(
        "active_members_end",
        "Active members",
        "Members who joined or had an identified purchase in the last months, as many as `asleep` says, at "
        "the horizon.",
        "customers",
        "end",
        1,
        "mean",
        lambda view: float(view.stock("active_members")) if view.runs else None,
        when=has_members,
    ),
    flow("enrolled", "Joined", "Customers who joined the programme.", "customers", 1, when=has_members),
    amount(
        "enrolment_cost",
        "Cost of enrolment",
        "What new members cost the firm, undiscounted; part of programme cost.",
        -1,
        when=has_members,
    ),
    lift(
        "member_lift",
        "Lift of members",
        "Net spend of the members from the day they joined, over that of the same persons in the same days "
        "without the programme, minus 1.",
        same_persons,
    ),
    lift(
        "naive_lift",
        "Naive lift: members against others",
        "Net spend a day of the members after they joined over that of home customers who have not joined, "
        "minus 1. It misleads: who buys more joins first.",
        members_against_others,
    ),
    lift(
        "naive_before_after",
        "Naive lift: after against before",
        "Net spend a day of the members after they joined over theirs before, minus 1. It misleads: "
        "customers join on a day on which they buy.",
        after_against_before,
    ),
    lift(
        "naive_did",
        "Naive lift: difference in differences",
        "Growth of the members' net spend from before to after month 0 over the growth of the "
        "others', minus 1, of the base cohort.",
        difference_in_differences,
    ),
)
