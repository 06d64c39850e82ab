"""What the firm offers to single persons, and how rivals react to it (MODEL 3.5, 3.7, 3.13)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from loyaltysim.scenario.quantities import Days, Moment, Money, Number, PerDay, Share
from loyaltysim.scenario.spec.base import NotNegative, Spec
from loyaltysim.scenario.spec.targeting import Target


class Approach(Spec):
    """An offer made to one person."""

    reach: Share = 1.0
    """Share of those addressed whom it reaches."""
    gift: Money | None = None
    """What she is given when she accepts, once; absent: nothing. She weighs it as what leaving would forfeit:
    spread over the purchases of `stock_horizon`."""
    cost: Money | None = None
    """Cost of addressing one person, whether it reaches her or not; absent: nothing."""
    readiness: Number = -2.0
    """Logit of accepting when she sees no difference between the providers, without a gift (w0 of E37)."""
    target: Target | None = None
    """Whom it is for; nobody else is addressed, nor paid for. Absent: everybody."""


class WinBack(Approach):
    """An offer to each customer who has left, made once, at the first close after the delay (E37)."""

    delay: Days = 0.0
    """Time after which she is asked, days from the day on which she left."""
    fades: PerDay = 0.15 * 12 / 365
    """What the logit of accepting loses per day since she left (w2 of E37, written `0.15 / month`)."""


class Save(Approach):
    """An offer to a customer at the moment at which her leaving shows; reach: the share that is noticed.

    Who is not noticed is not addressed, and costs nothing.
    """


class Acquisition(Approach):
    """A campaign to win customers of rivals, made once (E38)."""

    at: Moment
    """Its day, after month 0: it acts at the close of the month in which that day lies."""
    response: NotNegative | None = None
    """Response k of the reach to the cost of addressing one person, per currency unit: the campaign reaches
    reach · (1 − exp(−k · cost)) (Blattberg & Deighton 1996); absent: `reach` as it is."""


class Reaction(Spec):
    """What a rival does when the firm moves (E14)."""

    to: Literal["programme", "offer", "price"]
    """What it reacts to: that the programme begins (only in the world with the programme), each price offer
    of the firm, or a price level of the firm below its own."""
    does: Literal["match", "undercut", "copy", "programme"]
    """`match`: goes as low as the firm (a programme is matched by a lasting price cut of the same worth);
    `undercut`: `by` lower than that; `copy`: a programme worth as much to every customer as the firm's;
    `programme`: a programme of its own, of `worth`."""
    lag: Days = 182.5
    """Time until it acts, at the next close (default 6 months)."""
    chance: Share = 1.0
    """Chance that it reacts at all, drawn once a replication."""
    by: Annotated[Share, Field(gt=0)] | None = None
    """How much lower it goes (`undercut`), as a share of the price; absent: 5 %."""
    worth: Share | None = None
    """What its programme gives back, as a share of the basket (`programme`)."""

    @model_validator(mode="after")
    def belongs_together(self) -> Reaction:
        """Programmes answer programmes; what an answer needs is there, and nothing else."""
        if self.does in ("copy", "programme") and self.to != "programme":
            raise ValueError(f"to the firm's {self.to} it can 'match' or 'undercut', not '{self.does}'")
        if (self.does == "programme") != (self.worth is not None):
            raise ValueError("'worth' belongs to 'does: programme', which needs it")
        if self.by is not None and self.does != "undercut":
            raise ValueError("'by' belongs to 'does: undercut'")
        return self
