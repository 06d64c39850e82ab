"""The firm and its rivals: what they offer, where the firm serves, what it costs (MODEL 3.9, 3.13)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from loyaltysim.scenario.quantities import (
    Count,
    Days,
    Moment,
    Money,
    MoneyPerHour,
    MoneyPerMonth,
    Name,
    Ratio,
    Share,
)
from loyaltysim.scenario.spec.base import Level, NotNegative, Positive, Spec, Spread
from loyaltysim.scenario.spec.failures import Failures
from loyaltysim.scenario.spec.rivalry import Reaction
from loyaltysim.scenario.spec.service import Service
from loyaltysim.scenario.spec.targeting import Records, Target


class Attribute(Spec):
    """One attribute of a provider's offer."""

    level: Level
    """Mean level delivered, 0-100."""
    sd: Spread = 0.0
    """Standard deviation between visits, points (visits are good or bad as a whole: one draw a visit)."""


EXTRAS = ("unstated", "additional", "secret")
"""Needs that nobody misses until they have been met: what answers them is an extra."""


class FirmAttribute(Attribute):
    """An attribute of the firm's offer, with what it is to customers, whoever offers it."""

    kind: Literal["core", "hygiene", "delighter"] | None = None
    """How it acts: `core` by its weight; `hygiene` also takes points when it falls below its `floor`;
    `delighter` is an extra, in CSI points beside the weights. Left out: as its `need` says."""
    need: Literal["stated", "real", "unstated", "additional", "secret"] | None = None
    """Tier of need that it answers; what answers the last three is a `delighter`, the others are not. Left
    out: `stated`, of a delighter `unstated`."""
    keeps: Share = 0.0
    """Share of an extra that stays in the CSI once it is expected (`delighter`)."""
    floor: Level | None = None
    """Level below which it spoils the whole (`hygiene`)."""
    penalty: NotNegative | None = None
    """CSI points taken for each point below the floor, besides its weight (`hygiene`)."""

    @property
    def is_extra(self) -> bool:
        """Whether it is an extra: points beside the weights."""
        return self.kind == "delighter" or (self.kind is None and self.need in EXTRAS)

    @model_validator(mode="after")
    def kind_and_need_agree(self) -> FirmAttribute:
        """An extra is a delighter; hygiene has a floor and a penalty; only an extra keeps something."""
        both = self.need is not None and self.kind is not None
        if both and (self.kind == "delighter") != (self.need in EXTRAS):
            raise ValueError(
                f"'kind: {self.kind}' does not go with 'need: {self.need}'; delighters answer "
                "unstated, additional and secret needs, and nothing else does"
            )
        if self.kind == "hygiene" and (self.floor is None or self.penalty is None):
            raise ValueError("'kind: hygiene' needs 'floor' and 'penalty'")
        if self.kind != "hygiene" and (self.floor is not None or self.penalty is not None):
            raise ValueError("'floor' and 'penalty' belong to 'kind: hygiene'")
        if self.keeps > 0 and not self.is_extra:
            raise ValueError("'keeps' belongs to an extra, 'kind: delighter'")
        return self


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


class FirmOffer(Offer):
    """A dated price offer of the firm."""

    target: Target | None = None
    """Whom it is for, of those who would see it; absent: everybody."""


class Claim(Spec):
    """Advertising that promises: it raises what those that it reaches expect."""

    at: Moment
    """The day."""
    points: Positive
    """Points by which expectation rises, CSI points; of quality, whoever delivers it next."""
    reach: Share = 1.0
    """Share of the market's customers that it reaches."""
    cost: Money | None = None
    """What it costs the firm, once, in both arms."""


class Costs(Spec):
    """What serving customers costs the firm, net of VAT."""

    goods: Share = 0.0
    """Cost of goods as a share of the basket at the reference price."""
    clerk: MoneyPerHour | None = None
    """Wage of one clerk, per opening hour."""
    fixed: MoneyPerMonth | None = None
    """Fixed cost, per month."""


class Returns(Spec):
    """Sales that are brought back: the reverse of the sale, in the tender in which it was paid."""

    share: Share
    """Share of the firm's sales that are brought back, whole baskets."""
    within: Annotated[Days, Field(gt=0)] = 30.0
    """They come back on a day within this of the sale, each day alike."""
    resold: Share = 1.0
    """Share of their cost of goods that comes back."""
    cost: Money | None = None
    """What handling one costs the firm."""


class Provider(Spec):
    """What a provider offers."""

    attributes: dict[Name, Attribute]
    """Attributes by name; every provider has the same."""
    price_level: Annotated[Ratio, Field(gt=-1, lt=10)] = 0.0
    """Price above (+) or below (-) the reference, as a share (`5 %`)."""
    offers: tuple[Offer, ...] = ()
    """Dated price offers."""
    effort: NotNegative = 0.0
    """Points of `time` that the trouble of buying here costs: forms, contacts, transfers, ways (E39)."""
    claims: tuple[Claim, ...] = ()
    """What its advertising promises."""
    failures: Failures | None = None
    """How visits go wrong; absent: they do not."""


class Firm(Provider):
    """The provider whose programme is on trial."""

    attributes: dict[Name, FirmAttribute]  # type: ignore[assignment]
    """Attributes by name, each with its kind; every provider has the same, of the same kind."""
    offers: tuple[FirmOffer, ...] = ()
    """Dated price offers."""
    records: Records = Records()
    """What the firm's records know of customers; they matter where something is for some of them only."""
    sites: Annotated[Count, Field(ge=1, le=10_000)] = 1
    """Sites, each with the same desks; every customer lives in the catchment of one, drawn once."""
    service: Service | None = None
    """Desks and waiting."""
    costs: Costs = Costs()
    """Costs."""
    returns: Returns | None = None
    """Sales that are brought back; absent: none. What becomes of their points: `programme.points.returns`."""


class Growth(Spec):
    """How a provider becomes better known, or is forgotten, month by month (Vidale & Wolfe 1957)."""

    to: Share
    """The awareness that it comes near."""
    half_life: Annotated[Days, Field(gt=0)]
    """Time in which half of the way that is left is made."""
    start: Annotated[Moment | None, Field(alias="from")] = None
    """The day on which this begins; absent: it goes on from the start."""


class Rival(Provider):
    """Another provider."""

    rewards: Share = 0.0
    """What its own programme gives back, at the customer's valuation, as a share of the basket; it comes on
    top of offers."""
    reactions: tuple[Reaction, ...] = ()
    """What it does when the firm moves."""
    awareness: Share = 1.0
    """Weight with which customers consider it, a_j; 0: nobody sees it. Events may set it anew."""
    growth: Growth | None = None
    """How awareness changes by itself, at the closes; absent: it does not."""
