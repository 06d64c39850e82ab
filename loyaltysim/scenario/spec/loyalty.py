"""How quality becomes satisfaction, and standing becomes leaving (MODEL 3.2 to 3.5)."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, model_validator

from loyaltysim.scenario.quantities import Days, Flag, Minutes, Number, PerDay, Period, Share
from loyaltysim.scenario.spec.base import Level, NotNegative, Positive, Spec


class Renewal(Spec):
    """Chance of leaving at each decision, drawn once per customer from a beta (sBG, Fader & Hardie 2007)."""

    alpha: Positive
    """First parameter of the beta distribution of the chance of leaving."""
    beta: Positive
    """Second parameter of the beta distribution of the chance of leaving."""


class Away(Spec):
    """Buying from another provider now and then without leaving home (MODEL 3.6)."""

    at_par: Annotated[Share, Field(gt=0, lt=1)]
    """Chance that a purchase is made elsewhere when the standing of the occasion is at par."""
    slope: Positive
    """Points of standing that change the odds of buying elsewhere by a factor e, CSI points."""


class Loyalty(Spec):
    """How standing becomes leaving (MODEL 3.5). Absent: nobody ever changes her home."""

    theory: Literal[
        "threshold", "kotler", "competitive", "two_threshold", "inverted_u", "constant", "beta"
    ] = "threshold"
    """Curve from standing to the chance of staying for one `period`."""
    period: Period
    """Time base of the curve: a length of time, or `occasion` (one decision at each occasion)."""
    stay: tuple[Share, Share] = (0.15, 0.98)
    """Lowest and highest chance of staying, L_lo and L_hi (`threshold`, `two_threshold`, `competitive`,
    `inverted_u`)."""
    steepness: Positive = 4.0
    """How gradual a threshold is, tau, in CSI points (`threshold`, `two_threshold`)."""
    intensity: Share = 0.5
    """Intensity of competition, c: 0 a near-monopoly, 1 a free choice (`competitive`, E8)."""
    width: Positive = 25.0
    """From her threshold up to where staying levels off, CSI points (`two_threshold`, E10)."""
    peak: Positive = 73.5
    """Standing at which most stay, CSI points: 1.05 of par (`inverted_u`, E11)."""
    drop: Share = 0.05
    """Chance of staying that is lost again at 10/7 of the peak (`inverted_u`, E11)."""
    rate: Share | None = None
    """Chance of staying for one period whatever the standing (`constant`)."""
    renewal: Renewal | None = None
    """Beta distribution of the chance of leaving (`beta`)."""
    offset: Number = 0.0
    """Points added to every standing, CSI points."""
    par_standing: Level = 70.0
    """Standing of a rival at which the curve was calibrated, CSI points."""
    par_bonds: NotNegative | None = None
    """Bonds at which the curve was calibrated, CSI points; left out: the segment's own switching cost, or
    10 where `relationship` is named."""
    choice_slope: NotNegative = 0.08
    """Logit slope of the choice of a new home, per CSI point."""
    softness: NotNegative = 0.0
    """Scale of the soft maximum over rivals, CSI points; 0 is the plain maximum."""
    rechoose: Literal["others", "all"] = "others"
    """Whether the home that is left takes part in the choice of the new one."""
    never_returns: Share = 0.0
    """Share of those who leave disappointed (satisfaction below expectation) that never come back."""
    away: Away | None = None
    """Buying elsewhere now and then; absent: every purchase is made at home."""
    stock_horizon: Days = 91.25
    """Time over which she weighs what leaving forfeits, H, in days (default 3 months)."""
    causes: Flag = False
    """Whether the cause of each defection from the firm is found (`defections_by_cause.*`). It moves nobody,
    and takes some memory and time."""

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


class Relationship(Spec):
    """Affect, trust and habit, kept for every customer towards her home (MODEL 3.4). Absent: none of them."""

    up: Share = 0.02
    """Share of what is missing to 100 that affect and trust gain at a visit, a+ (E40)."""
    down: Share = 0.05
    """Share that affect and trust lose per 10 CSI points of disappointment, at most three times, a- (E40)."""
    breach: NotNegative = 10.0
    """How far below expectation a visit breaks a promise and costs trust, CSI points."""
    habit_speed: Share = 0.1
    """Weight of the latest occasion in her habit of buying from home."""


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
    paradox: Flag = False
    """Whether a recovery that gives back more than was lost changes what she does, not only what she says."""
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
