"""To whom a programme on trial goes (MODEL 3.7)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from loyaltysim.scenario.quantities import Count, Moment, Share
from loyaltysim.scenario.spec.base import Spec


class Stage(Spec):
    """A stage of a rollout: from a month on it goes to more customers than before."""

    start: Annotated[Moment, Field(alias="from")]
    """The month, as `month 6`, with which it begins; whom it reaches begins then, and stays."""
    share: Share = 1.0
    """Share of the customers whom the programme reaches from then on; where `sites` are named, of theirs."""
    sites: tuple[Count, ...] = ()
    """Numbers of the sites, counted from 1, whose customers it may reach from then on; absent: all sites."""


class Rollout(Spec):
    """A programme that goes to some customers only, as a pilot does; all others live under the status quo."""

    share: Share = 1.0
    """Share of the customers, of those yet to enter too, to whom it goes, drawn once for each; where `sites`
    are named, of their customers. Assigned at random, as in a test (A/B), so that the two groups compare."""
    start: Annotated[Moment | None, Field(alias="from")] = None
    """The month, as `month 6`, with which it begins; until then everybody lives under the status quo. Absent:
    month 0."""
    sites: tuple[Count, ...] = ()
    """Numbers of the sites, counted from 1, in whose catchment it goes to customers; absent: all sites."""
    stages: tuple[Stage, ...] = ()
    """The same by and by (a stepped wedge), in the place of `share`, `sites` and `from`: by one draw of each
    customer, so that each stage holds the one before. Absent: at once."""

    @model_validator(mode="after")
    def at_once_or_by_stages(self) -> Rollout:
        """Stages say it all."""
        if self.stages and (self.share != 1.0 or self.sites or self.start is not None):
            raise ValueError("with 'stages', leave out 'share', 'sites' and 'from': each stage has its own")
        return self
