"""The firm and its rivals: what they offer, where the firm serves, what it costs (MODEL 3.9, 3.13)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from loyaltysim.scenario.quantities import (
    Count,
    HoursPerDay,
    Minutes,
    Moment,
    MoneyPerHour,
    MoneyPerMonth,
    Name,
    Ratio,
    Share,
)
from loyaltysim.scenario.spec.base import Level, NotNegative, Spec, Spread


class Attribute(Spec):
    """One attribute of a provider's offer."""

    level: Level
    """Mean level delivered, 0-100."""
    sd: Spread = 0.0
    """Standard deviation between visits, points (visits are good or bad as a whole: one draw a visit)."""


class Offer(Spec):
    """A dated price offer."""

    start: Annotated[Moment, Field(alias="from")]
    """When it begins."""
    end: Annotated[Moment, Field(alias="to")]
    """When it ends."""
    depth: Share
    """Price off, as a share of the basket."""
    reach: Share = 1.0
    """Share of the market's customers who see it."""


class Law(Spec):
    """A positive random time."""

    law: Literal["exponential", "lognormal", "constant"] | None = None
    """Distribution by name; left out: exponential, or lognormal when `cv` is given."""
    mean: Minutes
    """Mean, minutes."""
    cv: NotNegative | None = None
    """Coefficient of variation (`lognormal`)."""

    @model_validator(mode="after")
    def one_law(self) -> Law:
        """The coefficient of variation belongs to the lognormal law."""
        if self.cv is not None and self.law not in (None, "lognormal"):
            raise ValueError(f"'cv' goes with the lognormal law, not with '{self.law}'")
        if self.law == "lognormal" and self.cv is None:
            raise ValueError("the lognormal law needs 'cv', the coefficient of variation")
        return self


class Open(Spec):
    """Opening hours, the same every day."""

    alone: ClassVar[str | None] = "hours"

    hours: HoursPerDay = 24.0
    """Hours open a day."""
    start: Annotated[NotNegative, Field(le=24, alias="from")] = 0.0
    """Hour of the day at which the doors open."""

    @model_validator(mode="after")
    def within_the_day(self) -> Open:
        """The doors close before midnight."""
        if self.start + self.hours > 24:
            raise ValueError(f"open from {self.start:g} h for {self.hours:g} h runs past midnight")
        return self


class Service(Spec):
    """The desks where the firm's customers are served (MODEL 3.9). Absent: nobody waits."""

    desks: Annotated[Count, Field(ge=0, le=10_000)]
    """Desks of each site, each with one clerk."""
    open: Open = Open()
    """Opening hours."""
    time: Law
    """Time a clerk spends on a customer."""
    patience: Law | None = None
    """Longest wait she stands, drawn anew at each visit; absent: without end."""


class Costs(Spec):
    """What serving customers costs the firm, net of VAT."""

    goods: Share = 0.0
    """Cost of goods as a share of the basket at the reference price."""
    clerk: MoneyPerHour | None = None
    """Wage of one clerk, per opening hour."""
    fixed: MoneyPerMonth | None = None
    """Fixed cost, per month."""


class Provider(Spec):
    """What a provider offers."""

    attributes: dict[Name, Attribute]
    """Attributes by name; every provider has the same."""
    price_level: Annotated[Ratio, Field(gt=-1, lt=10)] = 0.0
    """Price above (+) or below (-) the reference, as a share (`5 %`)."""
    offers: tuple[Offer, ...] = ()
    """Dated price offers."""


class Firm(Provider):
    """The provider whose programme is on trial."""

    sites: Annotated[Count, Field(ge=1, le=10_000)] = 1
    """Sites, each with the same desks; every customer lives in the catchment of one, drawn once."""
    service: Service | None = None
    """Desks and waiting."""
    costs: Costs = Costs()
    """Costs."""


class Rival(Provider):
    """Another provider."""

    awareness: Share = 1.0
    """Weight with which customers consider it, a_j; 0: nobody sees it."""
