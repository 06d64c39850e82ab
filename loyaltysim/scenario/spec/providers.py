"""The firm and its rivals: what they offer, where the firm serves, what it costs (MODEL 3.9, 3.13)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from loyaltysim.scenario.quantities import (
    Count,
    Moment,
    MoneyPerHour,
    MoneyPerMonth,
    Name,
    Ratio,
    Share,
)
from loyaltysim.scenario.spec.base import Level, Spec, Spread
from loyaltysim.scenario.spec.rivalry import Reaction
from loyaltysim.scenario.spec.service import Service


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

    rewards: Share = 0.0
    """What its own programme gives back, at the customer's valuation, as a share of the basket; it comes on
    top of offers."""
    reactions: tuple[Reaction, ...] = ()
    """What it does when the firm moves."""
    awareness: Share = 1.0
    """Weight with which customers consider it, a_j; 0: nobody sees it."""
