"""To whom a programme on trial goes (MODEL 3.7)."""

from __future__ import annotations

from loyaltysim.scenario.quantities import Count, Share
from loyaltysim.scenario.spec.base import Spec


class Rollout(Spec):
    """A programme that goes to some customers only, as a pilot does; all others live under the status quo."""

    share: Share = 1.0
    """Share of the customers, of those yet to enter too, to whom it goes, drawn once for each; where `sites`
    are named, of their customers. Assigned at random, as in a test (A/B), so that the two groups compare."""
    sites: tuple[Count, ...] = ()
    """Numbers of the sites, counted from 1, in whose catchment it goes to customers; absent: all sites."""
