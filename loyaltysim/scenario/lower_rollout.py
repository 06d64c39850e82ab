"""To whom the programme on trial goes."""

from __future__ import annotations

from loyaltysim.scenario.spec import Scenario


def lower_rollout(scenario: Scenario) -> tuple[float, tuple[int, ...]] | None:
    """The share of customers that the programme reaches, and the sites, numbered from 0, whose they are."""
    rollout = scenario.programme.rollout if scenario.programme else None
    if rollout is None:
        return None
    sites = rollout.sites or range(1, scenario.firm.sites + 1)
    return rollout.share, tuple(sorted(number - 1 for number in sites))
