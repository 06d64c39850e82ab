"""To whom the programme on trial goes, and when."""

from __future__ import annotations

import math
from typing import NamedTuple

from loyaltysim.scenario.moments import day_of
from loyaltysim.scenario.spec import Rollout, Scenario


class Wave(NamedTuple):
    """A stage of a rollout."""

    day: float
    share: float
    sites: tuple[int, ...]  # numbered from 0


def rollout_of(scenario: Scenario) -> Rollout | None:
    """The rollout of the programme on trial."""
    return scenario.programme.rollout if scenario.programme else None


def lower_rollout(scenario: Scenario) -> tuple[float, tuple[int, ...]] | None:
    """The share of customers that the programme reaches first, and the sites (from 0) whose they are."""
    rollout = rollout_of(scenario)
    if rollout is None:
        return None
    first = rollout.stages[0] if rollout.stages else rollout
    return first.share, numbered(first.sites, scenario)


def lower_waves(scenario: Scenario) -> tuple[Wave, ...]:
    """The stages of a rollout; none where it goes to all at once."""
    rollout = rollout_of(scenario)
    return tuple(
        Wave(day_of(stage.start, scenario.first_day), stage.share, numbered(stage.sites, scenario))
        for stage in (rollout.stages if rollout else ())
    )


def numbered(sites: tuple[int, ...], scenario: Scenario) -> tuple[int, ...]:
    """Sites numbered from 0; all of them where none are named."""
    return tuple(sorted(number - 1 for number in sites or range(1, scenario.firm.sites + 1)))


def lower_begin(scenario: Scenario) -> float:
    """The day on which the programme takes over from the status quo; -inf: at month 0."""
    months = months_of_stages(scenario)
    if not months:
        return -math.inf
    rollout = rollout_of(scenario)
    assert rollout is not None
    start = rollout.stages[0].start if rollout.stages else rollout.start
    assert start is not None
    return day_of(start, scenario.first_day)


def month_of_begin(scenario: Scenario) -> int:
    """The month, from month 0, with which it does."""
    return (*months_of_stages(scenario), 0)[0]


def months_of_stages(scenario: Scenario) -> tuple[int, ...]:
    """The months, from month 0, with which it begins, and goes on to more; none where it does at month 0."""
    rollout = rollout_of(scenario)
    if rollout is None:
        return ()
    if rollout.stages:
        return tuple(int(str(stage.start.value)) for stage in rollout.stages)
    return () if rollout.start is None else (int(str(rollout.start.value)),)
