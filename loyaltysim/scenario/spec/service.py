"""The firm's desks: opening hours, times, and what makes waiting shorter or lighter (MODEL 3.9)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from loyaltysim.scenario.quantities import Count, HoursPerDay, Minutes, Money, MoneyPerMonth, Number, Share
from loyaltysim.scenario.spec.base import NotNegative, Spec


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


class SelfService(Spec):
    """Visits that bypass the line: kiosk, application, web shop (within the opening hours)."""

    alone: ClassVar[str | None] = "share"

    share: Share
    """Share of visits that turn to self-service, drawn anew at each visit."""
    service: Annotated[Number, Field(ge=-100, le=100)] = 0.0
    """Points of the attribute `service` above (+) or below (-) what a clerk delivers."""
    effort: NotNegative = 0.0
    """Points of the attribute `time` that serving herself costs her, also where it fails."""
    fails: Share = 0.0
    """Chance that self-service fails her; then she joins the line."""
    cost: Money | None = None
    """Cost of a use, also of one that fails; absent: nothing."""


class Comfort(Spec):
    """Comfort while waiting, such as seats and snacks: a wait as long is felt shorter (Maister 1985)."""

    shortens: Share
    """Share of the wait that is no longer felt."""
    per_minute: Money | None = None
    """Cost of a customer's minute in the line; absent: nothing."""
    fixed: MoneyPerMonth | None = None
    """Fixed cost of all sites together, per month; absent: nothing."""


class Information(Spec):
    """Information while waiting: a wait whose length is known is felt shorter (Maister 1985)."""

    shortens: Share
    """Share of the wait that is no longer felt; with `comfort` the shares left over multiply."""
    fixed: MoneyPerMonth | None = None
    """Fixed cost of all sites together, per month; absent: nothing."""


class Promise(Spec):
    """A promised wait: whoever is served later gets something (Kumar, Kalwani & Dada 1997)."""

    within: Minutes
    """Longest wait promised."""
    cost: Money
    """What the thing given costs the firm."""
    eases: NotNegative = 0.0
    """Points of the attribute `time` that it gives back, at most what the wait has cost."""


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
    peaks: tuple[NotNegative, ...] = ()
    """Profile of arrivals over the opening time: weights of equal parts of it, such as one an hour; absent:
    all times alike."""
    self_service: SelfService | None = None
    """Visits that need no clerk; absent: all do."""
    comfort: Comfort | None = None
    """Comfort while waiting; absent: none."""
    information: Information | None = None
    """Information while waiting; absent: none."""
    promise: Promise | None = None
    """A promised wait; absent: none."""

    @model_validator(mode="after")
    def somebody_comes(self) -> Service:
        """A profile of arrivals has a time at which somebody comes."""
        if self.peaks and sum(self.peaks) <= 0:
            raise ValueError("'peaks' are all 0: at some time of the day customers must come")
        return self
