"""The market: segments of customers, when they come and what they buy (MODEL 3.1)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from loyaltysim.scenario.quantities import Count, Days, Flag, Moment, Money, Name, Number, PerDay, Share
from loyaltysim.scenario.spec.base import Level, Normal, NotNegative, Positive, Spec, require_one


class Fit(Spec):
    """How differently customers alike fit with each provider, normally distributed about 0."""

    mean: Number = 0.0
    """Mean fit, CSI points; it must be 0, what all customers share belongs to the provider's levels."""
    sd: NotNegative = 0.0
    """Standard deviation over customers and providers, CSI points."""
    taste_drift: Annotated[Days | None, Field(gt=0)] = None
    """Half-life of what is left of a fit as tastes change, days; its spread over customers stays. Absent: a
    fit never changes."""


class Needs(Spec):
    """How what a segment weighs changes, close by close (MODEL 3.2)."""

    toward: dict[Name, Share] = Field(default_factory=dict)
    """Weights that come nearer, extras left out; they sum to 1. Absent: none in particular."""
    half_life: Annotated[Days, Field(gt=0)] = 730.0
    """Time in which half of the way to them that is left is made, days."""
    wander: Annotated[NotNegative, Field(le=3)] = 0.0
    """How far weights wander by themselves: standard deviation of the logarithm of each after a year."""
    start: Annotated[Moment | None, Field(alias="from")] = None
    """The day on which this begins; absent: it goes on from the start."""

    @model_validator(mode="after")
    def sums(self) -> Needs:
        """Weights that divide a whole sum to 1."""
        if self.toward:
            require_one("toward", self.toward.values())
        return self


class Occasions(Spec):
    """When a customer needs something in the category (MODEL 3.1, E15). Give `mean` or `every`."""

    mean: PerDay | None = None
    """Mean rate over the customers of the segment, per day."""
    shape: Positive | None = None
    """Shape r of the gamma distribution of rates over customers (NBD); absent: all alike."""
    stages: Annotated[Count, Field(ge=1, le=50)] = 1
    """Stages k of the Erlang gaps between occasions; 1 is Poisson."""
    every: Days | None = None
    """Regular occasions at this distance in days, in place of `mean`."""

    @model_validator(mode="after")
    def one_law(self) -> Occasions:
        """Occasions come at a mean rate or at regular distances, not both."""
        if (self.mean is None) == (self.every is None):
            raise ValueError("say how often: either 'mean' (such as 5 / month) or 'every' (such as 1 year)")
        if self.every is not None and (self.shape is not None or self.stages != 1):
            raise ValueError("regular occasions ('every') take neither 'shape' nor 'stages'")
        if self.every is not None and self.every <= 0:
            raise ValueError("'every' must be longer than nothing")
        return self


class Basket(Spec):
    """What she buys at an occasion, at list price (gamma-gamma, E16)."""

    mean: Money
    """Mean basket over the customers of the segment."""
    shape: Positive | None = None
    """Shape p of one customer's baskets about her own mean; absent: always the same."""
    spread: Annotated[Number, Field(gt=1)] | None = None
    """Shape q of the distribution of customers' means (inverse gamma); absent: all alike."""
    correlation: Annotated[Number, Field(ge=-1, le=1)] = 0.0
    """Rank correlation between a customer's rate of occasions and her mean basket (normal copula)."""


class Lifetime(Spec):
    """How long she stays in the market at all (E17): moving away and death, never dissatisfaction."""

    mean: Days | None = None
    """Mean time in the market, days, when every customer has the same rate."""
    shape: Positive | None = None
    """Shape s of the gamma distribution of exit rates (Pareto/NBD)."""
    scale: Days | None = None
    """Scale of that gamma, beta, in days."""

    @model_validator(mode="after")
    def one_law(self) -> Lifetime:
        """Lifetimes have one mean or a gamma of rates, not both."""
        if (self.mean is None) == (self.shape is None):
            raise ValueError("say how long: either 'mean', or 'shape' and 'scale'")
        if (self.shape is None) != (self.scale is None):
            raise ValueError("'shape' and 'scale' belong together")
        for name, days in (("mean", self.mean), ("scale", self.scale)):
            if days is not None and days <= 0:
                raise ValueError(f"'{name}' must be longer than nothing")
        return self


class Bonds(Spec):
    """What affect, trust and habit are worth to her, with `relationship` (MODEL 3.4, 3.5)."""

    affect: NotNegative = 6.0
    """At full affect, CSI points."""
    trust: NotNegative = 3.0
    """At full trust, CSI points."""
    habit: NotNegative = 6.0
    """When she always buys from home, CSI points."""


class Segment(Spec):
    """Customers alike in law."""

    share: Share
    """Share of the market's customers; the shares of all segments sum to 1."""
    home: dict[Name, Share] | None = None
    """Share of the segment at home with each provider at the start (`firm`, the rivals' names, `outside`);
    absent: equal shares."""
    buys: dict[Name, Share] = Field(default_factory=dict)
    """Share of each of its baskets that goes to a class of products, by name (`fresh: 40 %`); the rest
    belongs to no class."""
    occasions: Occasions
    """When she needs something in the category."""
    basket: Basket
    """What she buys."""
    weights: dict[Name, Share]
    """Weight of each attribute in her CSI (E1), extras left out; they sum to 1."""
    needs: Needs | None = None
    """How these weights change over time; absent: they stand."""
    extras: NotNegative = 1.0
    """What extras mean to her: a factor on their points."""
    threshold: Normal = Normal(mean=45.0, sd=18.0)
    """Her own switching threshold, theta, CSI points."""
    fit: Fit = Fit()
    """Lasting fit of a customer with a provider, m_ij, CSI points; the mean must be 0."""
    switching_cost: NotNegative = 0.0
    """What changing the home costs her in trouble, the procedural bond, CSI points."""
    bonds: Bonds | None = None
    """What affect, trust and habit bind her with; absent: the defaults, where `relationship` is named."""
    price_weight: NotNegative = 0.75
    """CSI points per 1 % of her usual basket, w."""
    priority: Flag = False
    """Whether the desks of the firm serve her before others; nobody's service is broken off."""
    tolerates: PerDay | None = None
    """Contacts of the firm that a customer tolerates, such as `2 / month`; absent: as told with the contacts
    (`programme.contact.tolerance`)."""
    lifetime: Lifetime | None = None
    """How long she stays in the market; absent: for ever."""

    @model_validator(mode="after")
    def sums(self) -> Segment:
        """Shares that divide a whole sum to 1."""
        require_one("weights", self.weights.values())
        if sum(self.buys.values()) > 1 + 1e-9:
            total = 100 * sum(self.buys.values())
            raise ValueError(f"'buys' must not sum to more than 100 %, not {total:g} %")
        if self.home is not None:
            require_one("home", self.home.values())
        if self.fit.mean != 0:
            raise ValueError(
                "'fit.mean' must be 0: what all customers share belongs to the provider's levels"
            )
        return self


class Entry(Spec):
    """Customers who enter the market on one day."""

    on: Moment
    """The day."""
    customers: Annotated[Count, Field(ge=0)]
    """How many enter."""


class Outside(Spec):
    """Buying nothing in the category: where customers may be at home as they may with a provider (MODEL 3.5).

    Who is outside lets her occasions pass, and comes back as she would leave any home; nobody enters there.
    """

    view: Level
    """What everybody thinks of it, always; CSI points, on the scale of satisfaction with providers."""
    awareness: Share = 1.0
    """Weight with which customers consider it, a_j; 0: nobody does."""


class Market(Spec):
    """Everyone who buys in the category, whoever's customer she is."""

    customers: Annotated[Count, Field(ge=0)]
    """Customers in the market at the start, all providers together."""
    represents: Annotated[Count, Field(ge=1)] | None = None
    """Real customers that those at the start stand for; figures are then those of the real market. Amounts
    that the firm states (fixed costs, events, budget) are real; desks and clerks serve the simulated ones."""
    entrants: PerDay = 0.0
    """Newcomers per day as a share of `customers` (written as `1 % / month`); they come at the closes."""
    entries: tuple[Entry, ...] = ()
    """Dated entries, besides `entrants`."""
    entry_purchase: Flag = False
    """Whether an entrant makes her first purchase on entering."""
    category_expandability: Share = 1.0
    """Of the extra purchases that a programme causes at the firm, the share that is new to the category, e
    (Liu & Yang 2009); the others are taken from rivals, from whom only those buy who buy `away` from home."""
    borrowed: Share = 0.0
    """Of the extra purchases that are new to the category, the share that customers only make earlier: it
    becomes a debt, paid back by coming less often (debt / 90 days)."""
    season: tuple[NotNegative, ...] = ()
    """Twelve factors on the rate of occasions, January to December; their mean should be 1."""
    outside: Outside | None = None
    """Customers may also stop buying in the category; absent: everybody is with some provider."""
    segments: Annotated[dict[Name, Segment], Field(min_length=1)]
    """Segments by name."""

    @model_validator(mode="after")
    def sums(self) -> Market:
        """The segments make up the market, and a season has twelve months."""
        require_one("segments", (s.share for s in self.segments.values()), what="the shares of all segments")
        if self.season and len(self.season) != 12:
            raise ValueError(f"'season' needs twelve factors, January to December, not {len(self.season)}")
        return self
