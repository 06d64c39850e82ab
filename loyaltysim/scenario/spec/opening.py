"""Points that customers hold already when a programme opens its books (MODEL 3.8)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator

from loyaltysim.scenario.quantities import Points, Share
from loyaltysim.scenario.spec.base import NotNegative, Positive, Spec


class OpeningBalances(Spec):
    """Balances of the firm's home customers on the programme's first day, from before the time simulated.

    They count as issued on that day. Who holds points is a member, at no cost, and has a card; rewards
    already reached do not count as earned again. For the programme on trial the first day is month 0, and
    the points are its cost, like any points it gives; those of the status quo are there at the start, owed
    in both worlds.
    """

    share: Share = 1.0
    """Share of these customers who hold points."""
    mean: Annotated[Points, Field(ge=1, le=1_000_000)]
    """Their mean balance, points."""
    shape: Positive | None = None
    """Shape of the gamma distribution of balances over them; absent: all alike."""
    ages: Annotated[tuple[NotNegative, ...], Field(max_length=240)] = ()
    """How a balance is spread over the months in which it was issued, as weights: the month before the first
    day, the one before that, and so on; absent: evenly over 12 months, or over `expiry` months if that is
    shorter. A lot lapses by its own month."""

    @field_validator("ages")
    @classmethod
    def was_issued_once(cls, ages: tuple[float, ...]) -> tuple[float, ...]:
        """Points were issued in some month."""
        if ages and sum(ages) <= 0:
            raise ValueError("'ages' are all 0: in some month the points must have been issued")
        return ages
