"""Whom the firm means, and what its records know of them (MODEL 3.7)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from loyaltysim.scenario.quantities import Count, Money, Name, Number, Share
from loyaltysim.scenario.spec.base import NotNegative, Spec

Group = Literal["friends", "butterflies", "barnacles", "strangers"]
Stage = Literal["none", "preference", "habitual", "devoted"]


class Target(Spec):
    """Whom something is for, by the firm's records at the last close (`firm.records`). Of each criterion that
    is named one value must hold; nobody without a record is meant.
    """

    segments: tuple[Name, ...] = ()
    """Segments; absent: any."""
    classes: tuple[Annotated[Count, Field(ge=1, le=7)], ...] = ()
    """Classes of satisfaction with the firm (CSM), counted from 1, the lowest; absent: any."""
    tiers: tuple[Name, ...] = ()
    """Tiers of the programme on trial, `none` for no tier; absent: any."""
    stages: tuple[Stage, ...] = ()
    """Stages of the pyramid of loyalty to the firm; absent: any."""
    groups: tuple[Group, ...] = ()
    """Classes of value x loyalty: `friends` (high value, loyal), `butterflies` (high value, not loyal),
    `barnacles` (low value, loyal), `strangers` (neither); absent: any (Reinartz & Kumar 2002)."""

    @model_validator(mode="after")
    def means_somebody(self) -> Target:
        """At least one criterion."""
        if not (self.segments or self.classes or self.tiers or self.stages or self.groups):
            raise ValueError("a target names 'segments', 'classes', 'tiers', 'stages' or 'groups'")
        return self


class Records(Spec):
    """What the firm's records know of its customers, and how well."""

    known: Share = 1.0
    """Share of the customers of whom there is a record, drawn once for each."""
    value_error: NotNegative = 0.0
    """Standard deviation of ln(value recorded / true value), lasting for each customer; the mean is right."""
    satisfaction_error: NotNegative = 0.0
    """Standard deviation of recorded less true satisfaction, CSI points, lasting for each customer."""
    stage_error: Share = 0.0
    """Share of the customers whose stage of the pyramid is recorded as another one."""
    high_value: Money | None = None
    """Recorded net spend a year at the firm from which a customer is of high value; needed for `groups`. It
    is a running sum with a memory of a year."""
    loyal_from: Annotated[Number, Field(ge=0, le=1)] = 0.5
    """Chance of being still active, t^n, from which she counts as loyal: n purchases, the last one after the
    part t of the time since the first (Reinartz & Kumar 2002)."""
