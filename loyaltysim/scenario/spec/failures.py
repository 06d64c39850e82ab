"""Visits that go wrong (MODEL 3.11)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from loyaltysim.scenario.quantities import Days, Money, Name, Share
from loyaltysim.scenario.spec.base import Level, NotNegative, Spec


class Failures(Spec):
    """Visits that go wrong, and what is done about it (MODEL 3.11, E33)."""

    chance: Share
    """Chance that a visit fails."""
    attribute: Name
    """The attribute that it hits."""
    severity: Level
    """Points of that attribute that are lost on a visit that fails."""
    complains: Share = 0.3
    """Chance that she complains; else she is silent."""
    recovered: Share = 0.6
    """Chance that a complaint is made good."""
    repairs: Annotated[NotNegative, Field(le=2)] = 0.8
    """Share of the lost satisfaction that is given back; above 1 she is more satisfied than without the
    failure (the recovery paradox)."""
    resentment: NotNegative = 0.0
    """Share of the lost satisfaction that she loses once more when her complaint is not made good."""
    delay: Days = 0.0
    """Time from the visit until it is made good."""
    cost: Money | None = None
    """What a complaint costs the firm."""
