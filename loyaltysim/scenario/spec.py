"""What a person may write in a scenario file: frozen models, one field an idea.

The docstring under a field is its help text, its hover text in an editor and its entry in the
reference. Quantities arrive here already turned into plain values (see `quantities`): durations in
days, rates per day, shares as fractions, money as `Money` (amount and currency). `lower` is the only
reader; a test demands that it reads every field.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from loyaltysim.scenario.quantities import (
    Count,
    Date,
    Days,
    EarnRate,
    Flag,
    HoursPerDay,
    Minutes,
    Moment,
    Money,
    MoneyPerHour,
    MoneyPerMonth,
    Months,
    Name,
    Number,
    PerDay,
    Period,
    PerYear,
    Points,
    Ratio,
    Share,
)

Level = Annotated[Number, Field(ge=0, le=100)]
Spread = Annotated[Number, Field(ge=0, le=100)]
Positive = Annotated[Number, Field(gt=0)]
NotNegative = Annotated[Number, Field(ge=0)]


class Spec(BaseModel):
    """A piece of a scenario: unknown keys are faults, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, allow_inf_nan=False)

    alone: ClassVar[str | None] = None
    """The field that a single value stands for: `open: 11 h/day` is `open: {hours: 11 h/day}`."""

    @model_validator(mode="before")
    @classmethod
    def stands_for_its_field(cls, given: Any) -> Any:
        """A single value stands for the field named in `alone`."""
        return given if cls.alone is None or isinstance(given, dict | cls) else {cls.alone: given}


class Normal(Spec):
    """A quantity that differs between customers, normally distributed."""

    mean: Number
    """Mean over the customers of the segment, in the unit of the field."""
    sd: NotNegative = 0.0
    """Standard deviation over the customers of the segment, in the unit of the field."""


class Fit(Spec):
    """How differently customers alike fit with each provider, normally distributed about 0."""

    mean: Number = 0.0
    """Mean fit, CSI points; it must be 0, what all customers share belongs to the provider's levels."""
    sd: NotNegative = 0.0
    """Standard deviation over customers and providers, CSI points."""


class Renewal(Spec):
    """Chance of leaving at each decision, drawn once per customer from a beta (sBG, Fader & Hardie 2007)."""

    alpha: Positive
    """First parameter of the beta distribution of the chance of leaving."""
    beta: Positive
    """Second parameter of the beta distribution of the chance of leaving."""


class Loyalty(Spec):
    """How standing becomes leaving (MODEL 3.5). Absent: nobody ever changes her home."""

    theory: Literal["threshold", "kotler", "constant", "beta"] = "threshold"
    """Curve from standing to the chance of staying for one `period`."""
    period: Period
    """Time base of the curve: a length of time, or `occasion` (one decision at each occasion)."""
    stay: tuple[Share, Share] = (0.15, 0.98)
    """Chances of staying far below and far above the threshold, L_lo and L_hi (`threshold`)."""
    steepness: Positive = 4.0
    """Width of the threshold, tau, in CSI points (`threshold`)."""
    rate: Share | None = None
    """Chance of staying for one period whatever the standing (`constant`)."""
    renewal: Renewal | None = None
    """Beta distribution of the chance of leaving (`beta`)."""
    offset: Number = 0.0
    """Points added to every standing, CSI points."""
    par_standing: Level = 70.0
    """Standing of a rival at which the curve was calibrated, CSI points."""
    par_bonds: NotNegative | None = None
    """Bonds at which the curve was calibrated, CSI points; left out: the segment's own switching cost."""
    choice_slope: NotNegative = 0.08
    """Logit slope of the choice of a new home, per CSI point."""
    softness: NotNegative = 0.0
    """Scale of the soft maximum over rivals, CSI points; 0 is the plain maximum."""
    rechoose: Literal["others", "all"] = "others"
    """Whether the home that is left takes part in the choice of the new one."""
    never_returns: Share = 0.0
    """Share of those who leave disappointed (satisfaction below expectation) that never come back."""
    stock_horizon: Days = 91.25
    """Time over which she weighs what leaving forfeits, H, in days (default 3 months)."""

    @model_validator(mode="after")
    def theory_has_its_numbers(self) -> Loyalty:
        """Each theory has the numbers it needs."""
        if self.theory == "constant" and self.rate is None:
            raise ValueError("theory 'constant' needs 'rate', the chance of staying for one period")
        if self.theory == "beta" and self.renewal is None:
            raise ValueError("theory 'beta' needs 'renewal: {alpha: …, beta: …}'")
        if self.stay[0] > self.stay[1]:
            raise ValueError(f"'stay' must rise: {self.stay[0]:g} is above {self.stay[1]:g}")
        return self


class Experience(Spec):
    """How quality, expectation and satisfaction move at a visit (MODEL 3.3).

    Absent: expectations stand still and do not colour satisfaction.
    """

    beta_up: NotNegative = 0.2
    """Satisfaction points per point of quality above expectation, beta+ (E3)."""
    beta_down: NotNegative = 0.5
    """Satisfaction points per point of quality below expectation, beta- (E3)."""
    kappa_up: Share = 0.35
    """Share of a positive gap by which expectation rises at a visit, kappa+ (E5)."""
    kappa_down: Share = 0.25
    """Share of a negative gap by which expectation falls at a visit, kappa- (E5)."""
    zone: NotNegative = 5.0
    """Zone of tolerance, CSI points: smaller gaps leave satisfaction alone."""
    memory: Annotated[Share, Field(gt=0)] = 0.2
    """Smallest weight of the latest visit in cumulative satisfaction, omega_min (E4)."""
    prior: NotNegative = 2.0
    """Visits that a provider's reputation counts for in her view of it, n0."""
    decay: Days | None = None
    """Half-life in days with which satisfaction falls back to the provider's reputation; absent: none."""
    forgetting: PerDay = 0.0
    """Rate per day at which expectation drifts to the market's norm, phi (E5)."""


class Reputation(Spec):
    """How a provider's reputation follows what its customers lived (MODEL 3.5)."""

    speed: Share = 0.2
    """Share of the month's surprise that enters reputation at each close, rho."""


class Waiting(Spec):
    """What waiting at the desk costs in experience (MODEL 3.9). Absent: nothing."""

    penalty: NotNegative = 40.0
    """Points of `time` lost at the tolerated wait, b_w; grows with the wait to the power 1.5 (E34)."""
    tolerance: Annotated[Minutes, Field(gt=0)] = 5.0
    """Tolerated wait, W_tol, minutes."""


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


class Segment(Spec):
    """Customers alike in law."""

    share: Share
    """Share of the market's customers; the shares of all segments sum to 1."""
    home: dict[Name, Share] | None = None
    """Share of the segment at home with each provider at the start (`firm` and the rivals' names);
    absent: equal shares."""
    occasions: Occasions
    """When she needs something in the category."""
    basket: Basket
    """What she buys."""
    weights: dict[Name, Share]
    """Weight of each attribute in her CSI (E1); they sum to 1."""
    threshold: Normal = Normal(mean=45.0, sd=18.0)
    """Her own switching threshold, theta, CSI points."""
    fit: Fit = Fit()
    """Lasting fit of a customer with a provider, m_ij, CSI points; the mean must be 0."""
    switching_cost: NotNegative = 0.0
    """What changing the home costs her in trouble, the procedural bond, CSI points."""
    price_weight: NotNegative = 0.75
    """CSI points per 1 % of her usual basket, w."""
    lifetime: Lifetime | None = None
    """How long she stays in the market; absent: for ever."""

    @model_validator(mode="after")
    def sums(self) -> Segment:
        """Shares that divide a whole sum to 1."""
        require_one("weights", self.weights.values())
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


class Market(Spec):
    """Everyone who buys in the category, whoever's customer she is."""

    customers: Annotated[Count, Field(ge=0)]
    """Customers in the market at the start, all providers together."""
    entrants: PerDay = 0.0
    """Newcomers per day as a share of `customers` (written as `1 % / month`); they come at the closes."""
    entries: tuple[Entry, ...] = ()
    """Dated entries, besides `entrants`."""
    entry_purchase: Flag = False
    """Whether an entrant makes her first purchase on entering."""
    season: tuple[NotNegative, ...] = ()
    """Twelve factors on the rate of occasions, January to December; their mean should be 1."""
    segments: Annotated[dict[Name, Segment], Field(min_length=1)]
    """Segments by name."""

    @model_validator(mode="after")
    def sums(self) -> Market:
        """The segments make up the market, and a season has twelve months."""
        require_one("segments", (s.share for s in self.segments.values()), what="the shares of all segments")
        if self.season and len(self.season) != 12:
            raise ValueError(f"'season' needs twelve factors, January to December, not {len(self.season)}")
        return self


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
    """Cost of goods as a share of the list price."""
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


class PointsTerms(Spec):
    """A points scheme (MODEL 3.7, 3.8)."""

    earn: EarnRate
    """Points per currency unit of net spend (`1 / EUR`), or per visit (`1 / visit`)."""
    worth: Money
    """Face value of one point."""
    minimum: Annotated[Points, Field(ge=1)] = 1
    """Smallest balance that may be redeemed, points."""
    step: Annotated[Points, Field(ge=1)] | None = None
    """Points are redeemed in multiples of this; absent: `minimum`."""
    expiry: Months | None = None
    """Months after which points lapse; absent: never."""
    expires: Literal["fixed", "rolling"] = "fixed"
    """`fixed`: a month's points lapse that many months later; `rolling`: all lapse after as many months
    without a purchase."""
    rounding: Literal["down", "nearest", "up"] = "down"
    """How fractions of points are rounded, per basket."""
    valuation: NotNegative = 0.8
    """What a customer feels a unit of face value to be worth."""
    hassle: Money | None = None
    """What redeeming costs her in trouble; absent: 1.5 currency units."""
    choice_scale: Money | None = None
    """Scale of the logit of redeeming; absent: 1 currency unit."""
    displacement: Share = 0.4
    """Chance that a reward pays for what she would have bought anyway."""
    fulfilment: Money | None = None
    """Cost of handing out one reward, besides the goods."""


class Programme(Spec):
    """The loyalty programme: any mix of instruments."""

    points: PointsTerms | None = None
    """Points."""
    fixed: MoneyPerMonth | None = None
    """Fixed cost of the programme, per month."""
    acceleration: Annotated[Number, Field(ge=0, le=10)] = 1.0
    """Factor on the occasions of the firm's customers (a lever of tests; 1: none)."""


class PointEstimate(Spec):
    """Estimate of how many points are ever redeemed."""

    redeemed: Share = 0.8
    """Share of points expected to be redeemed in the end."""


class Finance(Spec):
    """How money is valued."""

    discount_rate: PerYear = 0.0
    """Yearly discount rate."""
    point: PointEstimate = PointEstimate()
    """Estimates for points."""


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


class Observed(Spec):
    """A published data set whose curve the report draws beside the simulation."""

    dataset: Literal["cdnow-sample"]
    """Name of the data set."""


class Satisfaction(Spec):
    """Named classes of satisfaction (CSM)."""

    cuts: tuple[Level, ...] = (20.0, 40.0, 60.0, 80.0)
    """Rising cut points between the classes, CSI points: four or six."""

    @model_validator(mode="after")
    def rising(self) -> Satisfaction:
        """Cut points rise and make five or seven classes."""
        if len(self.cuts) not in (4, 6) or any(b <= a for a, b in pairwise(self.cuts)):
            raise ValueError("'cuts' needs four or six rising numbers (five or seven classes)")
        return self


class Scenario(Spec):
    """One complete scenario: a market, a firm, its programme, and how long to look at them."""

    schema_version: Annotated[Literal[1], Field(alias="schema")]
    """Version of this format."""
    name: Annotated[str, Field(min_length=1, max_length=100)]
    """Title of the report."""
    question: str = ""
    """The question that the scenario answers."""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    """ISO code of the currency of every amount."""
    first_day: Date | None = None
    """Date of month 0; absent: months of 365/12 days without a calendar."""
    warm_up: Months = 0
    """Months simulated before month 0, shared by both arms."""
    horizon: Annotated[Months, Field(ge=1)]
    """Months simulated from month 0."""
    seed: Annotated[Count, Field(ge=0, le=2**63 - 1)] = 1
    """Seed of all luck."""
    replications: Annotated[Count, Field(ge=1, le=1_000_000)] = 40
    """Independent repetitions."""
    opening: Literal["at_rest", "fresh"] = "at_rest"
    """How the market starts: at rest, or everybody at par."""
    market: Market
    """The customers."""
    firm: Firm
    """The firm."""
    rivals: dict[Name, Rival] = {}
    """The firm's rivals, by name."""
    programme: Programme | None = None
    """The programme on trial; absent: both arms are the same."""
    loyalty: Loyalty | None = None
    """How standing becomes leaving; absent: nobody leaves a provider."""
    experience: Experience | None = None
    """How expectation and satisfaction move; absent: expectation stands still and does not matter."""
    reputation: Reputation | None = None
    """How reputation moves; absent: it stands still."""
    waiting: Waiting | None = None
    """What waiting costs in experience; absent: nothing."""
    satisfaction: Satisfaction = Satisfaction()
    """Named classes of satisfaction."""
    finance: Finance = Finance()
    """How money is valued."""
    checks: tuple[Check, ...] = ()
    """Conditions on the result."""
    observed: Observed | None = None
    """Published data drawn beside the simulation."""

    @model_validator(mode="after")
    def parts_fit(self) -> Scenario:
        """What only shows when all parts are seen together (see `coherence`)."""
        from loyaltysim.scenario.coherence import faults

        problems = faults(self)
        if problems:
            raise ValueError("\x1e".join(f"{where}\x1f{what}" for where, what in problems))
        return self


def require_one(field: str, shares: Iterable[float], what: str = "") -> None:
    """Raise unless the shares sum to 1 within rounding (1e-9)."""
    total = sum(shares)
    if abs(total - 1) > 1e-9:
        raise ValueError(f"{what or repr(field)} must sum to 100 %, not {total * 100:g} %")
