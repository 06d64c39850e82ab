"""Tiers as records: thresholds in whole visits, minor units or points, half-lives as daily rates."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from loyaltysim.rules import parameters as p
from loyaltysim.rules.programme.terms import TIER, TIERING
from loyaltysim.scenario.lowering import fill, minor
from loyaltysim.scenario.quantities import Amount, Qualified
from loyaltysim.scenario.spec import Tier, Tiers

MEASURES = {"visits": p.BY_VISITS, "spend": p.BY_SPEND, "points": p.BY_POINTS}
OUT_OF_REACH = 2**62


def no_tiering() -> np.ndarray:
    """TIERING (1,) of a programme without tiers."""
    return np.zeros(1, TIERING)


def no_tiers(rows: int = 1) -> np.ndarray:
    """TIER (rows,): no tier, and rows that nobody reaches."""
    tiers = np.zeros(rows, TIER)
    tiers["times"] = tiers["over"] = 1
    tiers["keeps"] = 1.0
    tiers["threshold"][1:] = OUT_OF_REACH
    return tiers


def with_rows(tiers: np.ndarray, rows: int) -> np.ndarray:
    """The same tiers in a table of so many rows, the rest of them out of reach."""
    table = no_tiers(rows)
    table[: len(tiers)] = tiers
    return table


def rolling_months(tiering: np.ndarray) -> int:
    """Months of a rolling window that must be kept apart; none where windows follow the calendar."""
    return int(tiering["window"][0] * (1 - tiering["calendar"][0]))


def lower_tiers(terms: Tiers | None, unit: int) -> tuple[np.ndarray, np.ndarray]:
    """TIERING (1,) and TIER (tiers + 1,), the tiers by threshold."""
    tiering = no_tiering()
    if terms is None:
        return tiering, no_tiers()
    levels = sorted(terms.levels.values(), key=lambda tier: threshold(tier.start, unit))
    fill(
        tiering[0],
        active=1,
        by=MEASURES[levels[0].start.measure],
        window=terms.window,
        calendar=terms.review == "calendar",
        holds=terms.holds,
        soft=terms.soft_landing,
        dilution=terms.dilution,
        contrast=terms.contrast,
        demotion=terms.demotion,
        healing=math.log(2.0) / terms.healing,
        near=terms.near,
        failure=terms.failure,
        failure_by_tier=terms.failure_by_tier,
        opening=terms.opening,
        success=terms.success,
        progress=terms.progress,
        span=terms.window * 365.0 / 12.0,
    )
    tiers = no_tiers(len(levels) + 1)
    for one, tier in zip(tiers[1:], levels, strict=True):
        lower_tier(tier, unit, one)
    return tiering, tiers


def lower_tier(tier: Tier, unit: int, one: np.void) -> None:
    """One tier."""
    multiplier = Fraction(str(tier.multiplier))
    perks = tier.perks
    fill(
        one,
        threshold=threshold(tier.start, unit),
        times=multiplier.numerator,
        over=multiplier.denominator,
        perk_cost=0 if perks.cost is None else round(minor(perks.cost, unit)),
        perk=perks.value,
        keeps=perks.keeps,
        wearing=math.log(2.0) / perks.wears_off,
        status=tier.status,
        priority=tier.priority,
    )


def threshold(needed: Qualified, unit: int) -> int:
    """What must be done for a tier: whole visits, minor units or points."""
    if needed.currency is not None:
        return round(minor(Amount(needed.amount, needed.currency), unit))
    return math.ceil(needed.amount)
