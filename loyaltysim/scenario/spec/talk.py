"""What customers tell one another (MODEL 3.12)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from loyaltysim.scenario.quantities import Money, Number, PerDay, Ratio, Share
from loyaltysim.scenario.spec.base import Level, NotNegative, Spec


class WordOfMouth(Spec):
    """What customers say of the providers that they have been with; it moves reputations at each close (E32).

    Absent: nobody speaks.
    """

    rate: PerDay = 12 / 365
    """How often a customer at satisfaction 100 speaks of a provider, per day (default 1 / month)."""
    delight: Level = 80.0
    """Satisfaction from which on she recommends, the more often the higher it is, CSI points (E32)."""
    disappointment: Level = 40.0
    """Satisfaction below which she warns, the more often the lower it is, CSI points (E32)."""
    louder: NotNegative = 1.5
    """How much more often she warns than recommends, per CSI point, w- / w+ (E32: 1 to 3)."""
    weight: Share = 0.2
    """Share of the way from a provider's reputation to what is said that those who hear of it go."""

    @model_validator(mode="after")
    def in_order(self) -> WordOfMouth:
        """Nobody recommends and warns at once."""
        if self.disappointment > self.delight:
            raise ValueError(
                f"'disappointment' ({self.disappointment:g}) must not lie above 'delight' ({self.delight:g})"
            )
        return self


class Referrals(Spec):
    """How customers refer others to their home, at each close (E32). It moves homes and nothing else.

    Absent: nobody refers.
    """

    rate: PerDay = 0.02 * 12 / 365
    """How many others a customer at satisfaction 100 tells of her home, per day (E32: 0.02 / month)."""
    delight: Level = 80.0
    """Satisfaction from which on she refers, the more often the higher it is, CSI points (E32)."""
    readiness: Number = -2.2
    """Logit of following a referral that promises no better than what she has (E32: conversion .1)."""
    matching: Share = 0.5
    """How well she who refers knows whom it suits: the part of the other's lasting fit that shows in the
    referral (better matching: Schmitt, Skiera & Van den Bulte 2011)."""
    newcomers: NotNegative = 10.0
    """How many times as many referrals as others a newcomer to the market hears, who asks around."""


class ReferralReward(Spec):
    """What the programme gives for a referral that is followed, to members (Ryu & Feick 2007)."""

    bonus: Money | None = None
    """What she who refers is given; absent: nothing."""
    welcome: Money | None = None
    """What she who comes is given, once; absent: nothing. She weighs it as any gift."""
    lift: Annotated[Ratio, Field(ge=0)] = 0.5
    """Part by which a bonus raises the rate of referring at most."""
    response: NotNegative = 0.2
    """Response k of that to the bonus, per currency unit: the rate rises by lift x (1 - exp(-k x bonus))."""
