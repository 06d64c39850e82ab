"""Targets as bits, and what the firm's records know."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from loyaltysim.rules.holdings import GROUPS
from loyaltysim.rules.programme.terms import TARGET
from loyaltysim.rules.state import STAGES
from loyaltysim.scenario.lower_tiers import threshold
from loyaltysim.scenario.lowering import fill, minor
from loyaltysim.scenario.spec import Instruments, Scenario, Target


def all_targets(scenario: Scenario) -> list[Target]:
    """Every target of a scenario, each once."""
    found = [offer.target for offer in scenario.firm.offers]
    for programme in (scenario.programme, scenario.status_quo):
        if programme is not None and programme.member_price is not None:
            found.append(programme.member_price.target)
        if programme is not None:
            found.append(programme.cashback_target)
            found.append(programme.tiers.target if programme.tiers else None)
        if programme is not None and programme.surprise is not None:
            found.append(programme.surprise.target)
        if programme is not None and programme.contact is not None:
            found.append(programme.contact.target)
            found += [plan.target for _, plan in sorted(programme.contact.plans.items())]
    if scenario.programme is not None:
        one = scenario.programme
        found += [one_of.target for _, one_of in sorted(one.acquisition.items())]
        found += [offer.target for offer in (one.win_back, one.save) if offer is not None]
        found += [campaign.target for campaign in one.points.campaigns] if one.points else []
        found += [one.points.target] if one.points else []
    return list(dict.fromkeys(target for target in found if target is not None))


def number_of(target: Target | None, scenario: Scenario) -> int:
    """Number of a target, from 1; 0 for everybody."""
    return 0 if target is None else all_targets(scenario).index(target) + 1


def lower_targets(scenario: Scenario, unit: int) -> np.ndarray:
    """The targets, TARGET (targets,)."""
    targets = all_targets(scenario)
    segments = sorted(scenario.market.segments)
    tiers = tier_names(scenario.programme, unit) or tier_names(scenario.status_quo, unit)
    result = np.zeros(len(targets), TARGET)
    for one, target in zip(result, targets, strict=True):
        fill(
            one,
            segments=bits(segments.index(name) for name in target.segments),
            classes=bits(number - 1 for number in target.classes),
            tiers=bits(("none", *tiers).index(name) for name in target.tiers),
            stages=bits(STAGES.index(stage) - 1 for stage in target.stages),
            groups=bits(GROUPS.index(group) for group in target.groups),
        )
    return result


def bits(places: Any) -> int:
    """The bits at these places; -1 where none is named."""
    return sum(1 << place for place in set(places)) or -1


def tier_names(programme: Instruments | None, unit: int) -> list[str]:
    """The tiers of a programme, from the lowest on."""
    levels = programme.tiers.levels if programme and programme.tiers else {}
    return sorted(levels, key=lambda name: threshold(levels[name].start, unit))


def lower_records(scenario: Scenario, unit: int, terms: Any) -> None:
    """How good the firm's records are."""
    records = scenario.firm.records
    fill(
        terms,
        known=records.known,
        value_error=records.value_error,
        satisfaction_error=records.satisfaction_error,
        stage_error=records.stage_error,
        high_value=math.inf if records.high_value is None else minor(records.high_value, unit),
        loyal_from=records.loyal_from,
    )
