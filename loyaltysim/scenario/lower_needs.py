"""Weights of attributes that change: where they go by the file, and where luck takes them (MODEL 3.2)."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from loyaltysim.rules.draws import NEEDS, key_of, uniform
from loyaltysim.rules.variates import normal
from loyaltysim.scenario import timetable
from loyaltysim.scenario.lower_rivalry import MARKET
from loyaltysim.scenario.lowering import luck_of
from loyaltysim.scenario.moments import day_of
from loyaltysim.scenario.spec import Scenario, Segment

if TYPE_CHECKING:
    from loyaltysim.scenario.lower import Parameters

YEAR = 365.0


def lower_needs(scenario: Scenario, attributes: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Weights from each close on, luck apart, and how far luck moves their logarithms; as in `Parameters`.

    Empty where every segment's weights stand.
    """
    segments = [scenario.market.segments[name] for name in sorted(scenario.market.segments)]
    if all(s.needs is None for s in segments):
        return np.zeros((0, len(segments), len(attributes))), np.zeros((0, len(segments)))
    closes = [float(day) for day in timetable.closes(scenario)]
    begun = [max(closes[0], _begins(s, scenario)) for s in segments]
    elapsed = [[max(day - first, 0.0) for first in begun] for day in closes]
    weights = [
        [_trend(s, attributes, days) for s, days in zip(segments, row, strict=True)] for row in elapsed[1:]
    ]
    wandering = [
        [_wander(s, b - a) for s, a, b in zip(segments, before, row, strict=True)]
        for before, row in pairwise(elapsed)
    ]
    return np.array(weights), np.array(wandering)


def drawn_needs(parameters: Parameters, seed: int, replication: int) -> np.ndarray:
    """The weights from each close on in one replication, float64 (months, segments, attributes); or empty."""
    drawn = parameters.needs.copy()
    key = np.uint64(key_of(seed, replication, MARKET))
    for s, name in enumerate(parameters.segment_names):
        lucks = [luck_of(f"needs/{name}/{a}") for a in parameters.attribute_names]
        walked = [0.0] * len(lucks)
        for month, row in enumerate(drawn[:, s]):
            step = float(parameters.wandering[month, s])
            if step > 0.0:
                walked = [
                    x + step * normal(uniform(key, NEEDS, luck, month))
                    for x, luck in zip(walked, lucks, strict=True)
                ]
            if any(walked):
                row[:] = _moved(row.tolist(), walked)
    return drawn


def _moved(weights: list[float], walked: list[float]) -> list[float]:
    """Weights in proportion to a e^x, summing to one."""
    most = max(x for a, x in zip(weights, walked, strict=True) if a > 0.0)
    parts = [a * math.exp(min(x - most, 0.0)) for a, x in zip(weights, walked, strict=True)]
    return [part / sum(parts) for part in parts]


def _begins(segment: Segment, scenario: Scenario) -> float:
    """The day from which the segment's needs change."""
    start = segment.needs.start if segment.needs else None
    return -math.inf if start is None else day_of(start, scenario.first_day)


def _trend(segment: Segment, attributes: list[str], days: float) -> list[float]:
    """Weights after so many days of change, luck apart: to + (a - to) 2^(-days / half-life)."""
    held = [segment.weights.get(a, 0.0) for a in attributes]
    if segment.needs is None or not segment.needs.toward:
        return held
    left = math.exp(-math.log(2.0) * days / segment.needs.half_life)
    to = [segment.needs.toward.get(a, 0.0) for a in attributes]
    return [b + (a - b) * left for a, b in zip(held, to, strict=True)]


def _wander(segment: Segment, days: float) -> float:
    """Standard deviation of the step of a logarithm over so many days."""
    return 0.0 if segment.needs is None else segment.needs.wander * math.sqrt(days / YEAR)
