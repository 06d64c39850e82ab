"""A programme that goes to some customers only: what it does to them and to others, and what a test shows."""

from __future__ import annotations

import math

from loyaltysim.metrics.kpi import KPI, Value
from loyaltysim.metrics.terms import Terms
from loyaltysim.metrics.view import View


def has_rollout(terms: Terms) -> bool:
    """Whether the programme goes to some customers only."""
    return terms.has_rollout


def base_values(view: View, outside: int) -> tuple[float, int]:
    """Lifetime values of the base cohort within the rollout (0) or outside (1), added up; and how many."""
    who = view.base & (view.arm.outside == outside)
    return math.fsum(view.values[who].tolist()), int(who.sum())


def shown_by_a_test(programme: View, twin: View) -> Value:
    """Mean value within the rollout less that outside, in the programme's arm alone."""
    (inside, n), (outside, m) = (base_values(programme, part) for part in (0, 1))
    return inside / n - outside / m if n and m else None


def spent(view: View, outside: int) -> tuple[float, int]:
    """Net spend at the firm over the window of the base cohort within the rollout or outside."""
    who = view.base & (view.arm.outside == outside)
    return view.money(int(view.customers["spend"][who].sum())), int(who.sum())


KPIS = (
    KPI(
        "rollout_reach",
        "Reached by the rollout",
        "Customers of the base cohort to whom the programme goes, over the base cohort (the same in both "
        "worlds).",
        "share",
        "month 0",
        0,
        "ratio",
        lambda view: (int((view.arm.outside[view.base] == 0).sum()), view.base_size),
        when=has_rollout,
    ),
    KPI(
        "rollout_value_inside",
        "Value within the rollout",
        "Customer lifetime value (`clv_mean`) of those of the base cohort to whom the programme goes, "
        "before fixed cost.",
        "money",
        "W",
        1,
        "ratio",
        lambda view: base_values(view, 0),
        when=has_rollout,
    ),
    KPI(
        "rollout_value_outside",
        "Value outside of the rollout",
        "The same of those to whom it does not go. Its effect is what spills over: queues, reputations, "
        "rivals.",
        "money",
        "W",
        1,
        "ratio",
        lambda view: base_values(view, 1),
        when=has_rollout,
    ),
    KPI(
        "rollout_spend_inside",
        "Spend within the rollout",
        "Net spend at the firm of those of the base cohort to whom the programme goes, a head.",
        "money",
        "W",
        1,
        "ratio",
        lambda view: spent(view, 0),
        when=has_rollout,
    ),
    KPI(
        "rollout_spend_outside",
        "Spend outside of the rollout",
        "The same of those to whom it does not go.",
        "money",
        "W",
        1,
        "ratio",
        lambda view: spent(view, 1),
        when=has_rollout,
    ),
    KPI(
        "rollout_test",
        "What a test would show",
        "Customer lifetime value of the base cohort within the rollout less that outside, both in the world "
        "with the programme: what a firm without a twin can measure (A/B). Without bias if customers are "
        "assigned at random and nothing spills over; with `sites`, the sites' customers differ by chance.",
        "money",
        "W",
        1,
        "mean",
        shown_by_a_test,
        paired=True,
        when=has_rollout,
    ),
)
