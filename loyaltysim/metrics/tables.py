"""The tables of `metrics.frames` by name: what each is, and what its columns mean (docs/metrics.md)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loyaltysim.metrics.frames import (
    cohorts,
    conditionals,
    deciles,
    defections_by_cause,
    gap_distribution,
    lift_by_mechanism,
    lift_by_source,
    naive_beside_truth,
    satisfaction_and_staying,
    stage_lives,
    status_over_time,
    transitions,
    whale_curve,
)
from loyaltysim.metrics.measure import Measured
from loyaltysim.metrics.terms import Terms

if TYPE_CHECKING:
    import pandas as pd

Frame = Callable[[Sequence[Measured], Terms], "pd.DataFrame"]


@dataclass(frozen=True)
class Table:
    """A table: the function that makes it, what it is, and what its own columns mean."""

    make: Frame
    title: str
    columns: dict[str, str]
    when: Callable[[Terms], bool] = lambda terms: True

    @property
    def name(self) -> str:
        """That of its function."""
        return self.make.__name__


ARM = {"arm": "`programme`, `twin`, `effect`"}
BOTH = {"arm": "`programme`, `twin`"}
PERIOD = "the period it speaks of"
ROW = {"row": "name", "label": "in words"}
TABLES = (
    Table(
        lift_by_mechanism,
        "Lift by mechanism",
        {**ROW, "estimate": "currency; negative where the programme costs more", "unit": "currency"},
        lambda terms: terms.has_programme,
    ),
    Table(
        lift_by_source,
        "Lift by source of volume",
        {**ROW, "estimate": "purchases", "unit": "visits"},
        lambda terms: terms.has_programme,
    ),
    Table(
        status_over_time,
        "Shares by status over time",
        {
            **ARM,
            "month": "close, 0 is month 0",
            "status": "`home` (never left), `won_back`, `elsewhere`, `outside`, `left_market`",
            "estimate": "share of the base cohort",
        },
    ),
    Table(
        cohorts,
        "Cohorts",
        {
            **BOTH,
            "joined": "`firm`: when it was first found to be her home; `programme`: when she had joined it",
            "cohort": "0: those at month 0; then stretches of equal length, at most 24",
            "from_month, to_month": "closes of joining in the cohort",
            "age": "closes since that of joining",
            "customers": "mean number whose age that is at some close up to the horizon, still there or not",
            "retention": "share of them whose home is the firm at that close",
            "spend": "net spend at the firm a head in the month up to that close, currency",
            "visits": "purchases at the firm a head in it",
        },
    ),
    Table(
        satisfaction_and_staying,
        "Satisfaction and staying, as lived",
        {
            **BOTH,
            "from_satisfaction, to_satisfaction": "satisfaction with the firm at a close, CSI points",
            "customer_months": "months of home customers that began in it, mean over replications",
            "estimate": "who would stay a year: the share of months that end at home, to the 12th power",
        },
    ),
    Table(
        gap_distribution,
        "Distribution of the gap",
        {
            **BOTH,
            "from_gap, to_gap": "(Q − E) + (Y − G) of a visit, CSI points; the outermost classes are open",
            "estimate": "share of the served visits at the firm",
        },
    ),
    Table(
        whale_curve,
        "Whale curve",
        {
            **BOTH,
            "customers": "share of the firm's buyers, the most profitable first",
            "contribution": "their discounted contribution together, currency, mean over replications",
            "estimate": "the same as a share of that of all buyers",
        },
    ),
    Table(
        deciles,
        "Deciles",
        {
            **ARM,
            "decile": "1: the tenth that spends most at the firm without the programme",
            "measure": "`spend`, `visits`, `contribution`, `programme_cost` (discounted), `at_home` (end)",
            "estimate": "a head",
        },
    ),
    Table(conditionals, "Two conditionals", {**ROW, **ARM, "estimate": "share", "window": PERIOD}),
    Table(
        naive_beside_truth,
        "Naive estimates beside the truth",
        {**ROW, "arm": "`effect`", "estimate": "lift: ratio minus 1", "window": PERIOD},
        lambda terms: terms.has_members,
    ),
    Table(
        transitions,
        "Transitions of the pyramid",
        {
            **ARM,
            "from_stage": "at a close: `none`, `preference`, `habitual`, `devoted`",
            "to_stage": "at the next one; `elsewhere`: no home customer any more",
            "estimate": "share of those in the first, over all closes after month 0",
        },
        lambda terms: terms.feels,
    ),
    Table(
        stage_lives,
        "Months to come, by stage",
        {
            **ARM,
            "stage": "`none`, `preference`, `habitual`, `devoted`",
            "estimate": "months until she goes elsewhere, (I − Q)⁻¹·1 of the transitions (C16)",
        },
        lambda terms: terms.feels,
    ),
    Table(
        defections_by_cause,
        "Causes of defection",
        {
            **ARM,
            "cause": "an attribute, or a cause as in `defections_by_cause.*`",
            "defections": "mean number over replications",
            "estimate": "share of the defections that have a cause",
        },
        lambda terms: bool(terms.attributes),
    ),
)  # fmt: skip
