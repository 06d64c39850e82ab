"""To whom a programme on trial goes (MODEL 3.7)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from loyaltysim.scenario.quantities import Count, Moment, Share
from loyaltysim.scenario.spec.base import Spec


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
