"""To whom the programme on trial goes."""

from __future__ import annotations

import math

from loyaltysim.scenario.moments import day_of
from loyaltysim.scenario.spec import Scenario


def lower_rollout(scenario: Scenario) -> tuple[float, tuple[int, ...]] | None:
    """The share of customers that the programme reaches, and the sites, numbered from 0, whose they are."""
    rollout = scenario.programme.rollout if scenario.programme else None
    if rollout is None:
        return None
    sites = rollout.sites or range(1, scenario.firm.sites + 1)
    return rollout.share, tuple(sorted(number - 1 for number in sites))


def lower_begin(scenario: Scenario) -> float:
    """The day on which the programme takes over from the status quo; -inf: at month 0."""
    rollout = scenario.programme.rollout if scenario.programme else None
    if rollout is None or rollout.start is None:
        return -math.inf
    return day_of(rollout.start, scenario.first_day)


def month_of_begin(scenario: Scenario) -> int:
    """The month, from month 0, with which it does."""
    rollout = scenario.programme.rollout if scenario.programme else None
    return int(str(rollout.start.value)) if rollout and rollout.start else 0
