"""Tiers: what must be done to reach one, and what it gives (MODEL 3.7; E24)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from loyaltysim.scenario.quantities import (
    Days,
    Flag,
    Money,
    Months,
    Name,
    Number,
    Qualification,
    Ratio,
    Share,
)
from loyaltysim.scenario.spec.base import NotNegative, Spec
from loyaltysim.scenario.spec.targeting import Target


class Perks(Spec):
    """What a tier gives at every visit, besides points."""

    cost: Money | None = None
    """What the perks cost the firm, per visit that is identified; absent: nothing."""
    value: NotNegative = 0.0
    """What they add to her standing at home, CSI points."""
    keeps: Share = 1.0
    """Share of `value` that stays; the rest is an extra, and wears off as it comes to be expected."""
    wears_off: Annotated[Days, Field(gt=0)] = 180.0
    """Half-life of that rest from the day on which she reached the tier, days."""


class Tier(Spec):
    """One tier."""

    start: Annotated[Qualification, Field(alias="from")]
    """What must be done within the window: visits, net spend or points earned (`24 visits`, `300 EUR`,
    `500 points`); only identified visits of members count."""
    multiplier: Annotated[Number, Field(gt=0, le=100)] = 1.0
    """Factor on the points that a purchase earns; fractions are dropped."""
    perks: Perks = Perks()
    """Perks."""
    priority: Flag = False
    """Whether the desks of the firm serve her before others; nobody's service is broken off."""
    status: NotNegative = 0.0
    """What holding the tier is worth to her as status, CSI points of standing at home, if nobody else held it
    (a_st of E24)."""


class Tiers(Spec):
    """Tiers of a programme (E24). All thresholds are in the same measure."""

    window: Annotated[Months, Field(ge=1, le=120)] = 12
    """Length of the window in which visits, spend or points count, months."""
    review: Literal["calendar", "rolling"] = "calendar"
    """`calendar`: windows follow one another from month 0, and a tier reached is held to the end of the next;
    `rolling`: at every close the last months count."""
    holds: Months = 0
    """With `rolling`: months for which a tier is held after she last qualified for it."""
    soft_landing: Flag = False
    """Whether a demotion takes one tier at most."""
    dilution: Share = 1.0
    """How far status falls with the share of the members who hold the tier or a higher one (E24;
    sign: Dreze & Nunes 2009)."""
    contrast: NotNegative = 0.0
    """How far status rises with the share of the members in the tiers below (sign: Dreze & Nunes 2009)."""
    demotion: Annotated[Number, Field(ge=1, le=10)] = 2.0
    """How much more losing status hurts than having it pleased; 1: no more (E24; sign: Wagner,
    Hennig-Thurau & Rudolph 2009)."""
    healing: Annotated[Days, Field(gt=0)] = 365.0
    """Half-life of that hurt, days."""
    near: Annotated[Share, Field(gt=0)] = 0.5
    """With `calendar`: share of the way to the next tier from which it was a goal of hers."""
    failure: Annotated[Ratio, Field(ge=-1, le=0)] = -0.03
    """With `calendar`: change of her pace until the next review when she missed a goal (E24; sign: Wang,
    Lewis, Cryder & Sprigg 2016)."""
    failure_by_tier: NotNegative = 0.0
    """How much more a missed goal slows her for each tier that she holds: `failure` times 1 + this times the
    number of her tier, the lowest being 1 (sign: Wang, Lewis, Cryder & Sprigg 2016)."""
    success: Annotated[Ratio, Field(ge=0, le=1)] = 0.0
    """With `calendar`: change of her pace until the next review when she reached a higher tier."""
    progress: Annotated[Number, Field(ge=0, le=10)] = 0.0
    """What progress towards the next tier is worth to her: for each part of the way behind her, this
    times the same part of what that tier would add over one window; leaving would forfeit it (0: nothing;
    sign: Kopalle et al. 2012)."""
    opening: Flag = False
    """Whether tiers are held on the programme's first day: by members at home with the firm, as a window like
    theirs before it would have given them (a Poisson number of usual baskets at her own rate)."""
    target: Target | None = None
    """Whose purchases count, by the firm's records; absent: everybody's. A tier is held to its review."""
    levels: Annotated[dict[Name, Tier], Field(min_length=1, max_length=5)]
    """The tiers by name; their thresholds say which is higher."""
