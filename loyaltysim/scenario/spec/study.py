"""How a run is valued, judged and set beside published data."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from loyaltysim.scenario.quantities import Count, Dialled, Money, Months, Number, PerYear, Ratio, Share
from loyaltysim.scenario.spec.base import NotNegative, Spec
from loyaltysim.scenario.spec.budget import Budget


class PointEstimate(Spec):
    """Estimate of how many points are ever redeemed."""

    redeemed: Share = 0.8
    """Share of points expected to be redeemed in the end; with an `estimate`, until its first review."""
    estimate: Literal["fixed", "chain_ladder", "hazard", "segment", "remote"] = "fixed"
    """How the books estimate it: `fixed` at `redeemed`; `chain_ladder` of cohorts of issue; `hazard` by age;
    `segment`: hazards by age and segment; `remote`: not at all, so that what is never redeemed is revenue
    only once it has lapsed (IFRS 15.B46)."""
    review: Annotated[Months, Field(ge=1)] = 12
    """Months from one estimate to the next, from the start of the run; not of `fixed` and `remote`."""

    @property
    def is_estimated(self) -> bool:
        """Whether the records decide, not the scenario."""
        return self.estimate in ("chain_ladder", "hazard", "segment")


class PrepaidEstimate(Spec):
    """Estimate of how much of stored value is ever spent or paid back."""

    redeemed: Share = 1.0
    """Share of balances expected to be spent or refunded in the end; the rest is breakage. 100 %: none is
    counted on before it happens."""


class Survey(Spec):
    """A survey of the firm's customers at the horizon, beside the truth (MODEL 3.12). It changes nobody."""

    sample: Annotated[Share, Field(gt=0)] = 0.2
    """Share of the home customers who have bought that is asked."""
    response: Annotated[Share, Field(gt=0, lt=1)] = 0.3
    """Chance of answering at the mean satisfaction."""
    tilt: Number = 0.0
    """What each 10 points of satisfaction above the mean add to the logit of answering."""
    extremes: Number = 0.3
    """What each 10 points of satisfaction away from the mean, on either side, add to the logit of answering:
    who is delighted or annoyed answers rather (Anderson 1998, for the shape)."""
    noise: NotNegative = 8.0
    """Standard deviation of an answer about her satisfaction, CSI points."""


class Finance(Spec):
    """How money is valued."""

    discount_rate: PerYear = 0.0
    """Yearly discount rate."""
    customer_worth: Money | None = None
    """What a customer whom the programme keeps (home at the 12th close) is worth to the firm, as stated; for
    `net_benefit`. Absent: nobody says."""
    point: PointEstimate = PointEstimate()
    """Estimates for points."""
    prepaid: PrepaidEstimate = PrepaidEstimate()
    """Estimates for stored value."""
    tier_benefits: Literal["marketing", "obligation"] = "marketing"
    """How the books take the perks of tiers: `marketing`: a cost when they are given; `obligation`: a right
    that sales earn, for which part of their price is deferred until perks are given (IFRS 15.B40, a
    judgement). It changes the accounting view alone."""
    tier_expected: Share | None = None
    """With `obligation`: perks that a unit of sales that count is expected to bring, at their stand-alone
    price; absent: as many as the last year of the record shows."""
    budget: Budget | None = None
    """What the programme may cost a year; absent: no budget."""


class Check(Spec):
    """A condition on a KPI; a failed one makes the command exit with 1."""

    kpi: str
    """Name of the KPI in the catalogue."""
    arm: Literal["programme", "twin", "effect"] = "effect"
    """Which of the three figures."""
    min: Ratio | None = None
    """Smallest value allowed."""
    max: Ratio | None = None
    """Largest value allowed."""
    judge: Literal["estimate", "interval"] = "estimate"
    """Whether the estimate or the whole interval must comply."""

    @model_validator(mode="after")
    def has_a_bound(self) -> Check:
        """A check checks something."""
        if self.min is None and self.max is None:
            raise ValueError("a check needs 'min' or 'max'")
        return self


class Lever(Spec):
    """A value that `sweep` and `frontier` move from one end to the other."""

    low: Annotated[Dialled, Field(alias="from")]
    """One end, written as at its path."""
    high: Annotated[Dialled, Field(alias="to")]
    """The other end, in the same unit."""
    steps: Annotated[Count, Field(ge=2, le=50)] = 5
    """Values of a grid, both ends included; fewer where only whole numbers are allowed."""

    @model_validator(mode="after")
    def has_a_length(self) -> Lever:
        """A lever leads from somewhere to somewhere else, in one unit."""
        if self.low.unit.strip() != self.high.unit.strip():
            raise ValueError("'from' and 'to' need the same unit")
        if not self.low.number < self.high.number:
            raise ValueError("'from' must lie below 'to'")
        return self


class Observed(Spec):
    """A published data set whose curve the report draws beside the simulation."""

    dataset: Literal["cdnow-sample"]
    """Name of the data set."""
