"""A programme that goes to some customers only: what it does to them and to others, and what a test shows."""

from __future__ import annotations

import math

import numpy as np

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


def has_stages(terms: Terms) -> bool:
    """Whether it goes to more and more of them."""
    return len(terms.stages) > 0


def wedge(view: View) -> tuple[np.ndarray, np.ndarray]:
    """Spend a head of the base cohort, the currency, by month and stage; and how many a stage reaches."""
    sizes = np.bincount(view.arm.waves[view.base], minlength=len(view.terms.stages) + 1)
    spend = view.arm.wedge[:, :, 0] / view.terms.money_unit
    return spend / np.maximum(sizes, 1), sizes


def treated(view: View) -> np.ndarray:
    """Whether the programme has reached the customers of a stage in a month, 1 or 0; the last are never."""
    months = np.arange(view.months)[:, None]
    begins = np.array([*view.terms.stages, math.inf])
    return (months >= begins).astype(float)


def stepped_wedge(programme: View, twin: View) -> Value:
    """The coefficient of treatment beside effects of month and stage, in the programme's arm alone.

    Least squares weighted by customers: sum w d y / sum w d^2, d treatment less its means by stage and month.
    """
    spend, sizes = wedge(programme)
    part = sizes / sizes.sum() if sizes.sum() else sizes.astype(float)
    on = treated(programme)
    apart = on - on.mean(axis=0) - (on @ part)[:, None] + float(on.mean(axis=0) @ part)
    below = float((part * apart * apart).sum())
    return float((part * apart * spend).sum()) / below if below > 1e-12 else None


def on_the_reached(programme: View, twin: View) -> Value:
    """Spend with the programme less that without, a head and month, while it had reached them."""
    (ours, sizes), (theirs, _) = wedge(programme), wedge(twin)
    weight = sizes * treated(programme)
    total = float(weight.sum())
    return float((weight * (ours - theirs)).sum()) / total if total else None


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
        "money a head",
        "W",
        1,
        "mean",
        shown_by_a_test,
        paired=True,
        when=has_rollout,
    ),
    KPI(
        "stepped_wedge_lift",
        "What the stages would show",
        "Net spend at the firm a head and month of the base cohort, in the world with the programme: least "
        "squares on whether a stage has reached them, with an effect of each month and of each stage "
        "(Hussey & Hughes 2007), a difference in differences. It misleads where the effect grows or fades "
        "with time since the stage (Goodman-Bacon 2021), and where something spills over.",
        "money a head",
        "W",
        1,
        "mean",
        stepped_wedge,
        paired=True,
        when=has_stages,
    ),
    KPI(
        "stepped_wedge_truth",
        "What the stages do",
        "The same of the same persons with the programme less without, mean over the months in which it had "
        "reached them.",
        "money a head",
        "W",
        1,
        "mean",
        on_the_reached,
        paired=True,
        when=has_stages,
    ),
)
