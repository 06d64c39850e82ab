"""What points do besides being worth something: the pull of a reward ahead, points without a purchase."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from loyaltysim.scenario.quantities import (
    Days,
    EarnRate,
    Moment,
    Money,
    Number,
    PerDay,
    Points,
    Ratio,
    Share,
)
from loyaltysim.scenario.spec.base import NotNegative, Spec
from loyaltysim.scenario.spec.targeting import Target


class Goal(Spec):
    """The nearer the reward, the sooner she comes (goal gradient): pace x (1 + g exp(-rate / heavy) p^k)."""

    strength: Annotated[Number, Field(ge=0, le=20)] = 0.45
    """g: part by which the last step before a reward quickens her pace (Kivetz, Urminsky & Zheng 2006)."""
    power: Annotated[Number, Field(gt=0, le=20)] = 1.0
    """k: how late the pull sets in; p is the part of the way that lies behind her."""
    heavy: Annotated[PerDay, Field(gt=0)] = 288 / 365
    """Rate of occasions over which g falls by a factor e: who buys often hardly hurries (Hartmann & Viard
    2008)."""


class Lift(Spec):
    """A reward had quickens her pace for a while (rewarded behaviour; Taylor & Neslin 2005)."""

    strength: Share = 0.05
    """Part by which her pace rises at first."""
    half_life: Annotated[Days, Field(gt=0)] = 30.0
    """After this long half of it is left."""


class Plan(Spec):
    """Redeeming is planned, and she buys more until then (momentum; Dorotic, Verhoef, Fok & Bijmolt 2014)."""

    ahead: Annotated[Days, Field(gt=0)] = 28.0
    """Time from the decision to the redemption, which is made at her first visit after it."""
    momentum: Share = 0.05
    """Part by which her pace rises in between."""


class Endowed(Spec):
    """Progress given with her first card (Nunes & Dreze 2006)."""

    points: Annotated[Points, Field(ge=1)]
    """Points given with her first purchase under the programme."""
    commitment: Annotated[Number, Field(ge=0, le=20)] = 0.47
    """eta: log-odds that it adds to keeping the card (`kept`), until the first reward."""
    haste: Annotated[Ratio, Field(ge=0, le=20)] = 0.0
    """Part by which it quickens her pace until then, besides her being nearer to the goal."""


class Change(Spec):
    """New terms of the points from a day on (a devaluation, say), and when customers hear of it."""

    at: Moment
    """The day, after month 0; on a close after everything of the close."""
    announced: Moment | None = None
    """The day on which everybody hears of it; absent: on the day itself."""
    worth: Money | None = None
    """Face value of one point from then on, of points already held too; absent: as before."""
    earn: EarnRate | None = None
    """Points earned from then on; absent: as before."""
    minimum: Annotated[Points, Field(ge=1)] | None = None
    """Smallest balance that may be redeemed from then on; absent: as before."""
    rush: NotNegative = 1.0
    """Weight, in her choice of redeeming, of the face value that points lose by waiting for the change."""


class Campaign(Spec):
    """Days on which so many times the points are earned (double points)."""

    start: Annotated[Moment, Field(alias="from")]
    """Its first day; customers hear of it then."""
    end: Annotated[Moment, Field(alias="to")]
    """The day on which it ends, after month 0."""
    multiplier: Annotated[Number, Field(gt=0, le=1000)] = 2.0
    """Points earned for each that would be earned otherwise."""
    target: Target | None = None
    """Whom it is for; absent: everybody who earns."""


class MemberPrice(Spec):
    """A price for members, below the list price."""

    discount: Annotated[Share, Field(lt=1)]
    """Price cut, a part of the list price; it does not add up with an offer: the deeper one counts."""
    target: Target | None = None
    """Whom it is for; absent: every member."""
