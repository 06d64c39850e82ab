"""How steep the curve from standing to staying is, by the theory of the scenario (MODEL 3.5).

The derivatives of `rules.loyalty.staying`, in closed form; a test holds them to its differences.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from loyaltysim.scenario.spec import Scenario

KOTLER = ((30.0, 1.3862943611198906 + 0.4054651081081644, 20.0),  # up to a standing: logit lost over points
          (50.0, -0.4054651081081644 + 1.3862943611198906, 20.0),
          (70.0, -1.3862943611198906 + 2.197224577336219, 20.0),
          (math.inf, -2.197224577336219 + 4.184591440069879, 20.0))  # fmt: skip


class Curve(NamedTuple):
    """The numbers of a scenario's curve."""

    theory: str
    period: float  # days
    low: float
    high: float
    steepness: float
    bend: float  # power of the competitive curve
    width: float
    peak: float
    drop: float
    weights: tuple[float, ...]  # CSI points that 1 % of price is worth, by segment


def curve_of(scenario: Scenario) -> Curve | None:
    """The curve by which customers leave in time; None where nobody does, or at occasions only."""
    loyalty = scenario.loyalty
    if loyalty is None or loyalty.period == "occasion":
        return None
    segments = scenario.market.segments
    return Curve(
        loyalty.theory,
        float(loyalty.period),
        *loyalty.stay,
        loyalty.steepness,
        math.exp(2.0 * (2.0 * loyalty.intensity - 1.0)),
        loyalty.width,
        loyalty.peak,
        loyalty.drop,
        tuple(segments[name].price_weight for name in sorted(segments)),
    )


def logistic(x: np.ndarray) -> np.ndarray:
    """1 / (1 + e^-x)."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(x, -700.0, 700.0))))


def slope(curve: Curve, standing: np.ndarray, threshold: np.ndarray, staying: np.ndarray) -> np.ndarray:
    """dL/d standing, per CSI point; `staying` is L itself, there."""
    rise = curve.high - curve.low
    if curve.theory == "threshold":
        part = logistic((standing - threshold) / curve.steepness)
        return rise * part * (1.0 - part) / curve.steepness
    if curve.theory == "kotler":
        pieces = [standing < end for end, _, _ in KOTLER]
        fall = np.select(pieces, [lost / points for _, lost, points in KOTLER])
        return staying * (1.0 - staying) * fall
    if curve.theory == "competitive":
        inside = (standing > 0.0) & (standing < 100.0)
        x = np.where(inside, standing, 50.0) / 100.0
        return np.where(inside, rise * curve.bend * x ** (curve.bend - 1.0) / 100.0, 0.0)
    if curve.theory == "two_threshold":
        x, top = (standing - threshold) / curve.steepness, curve.width / curve.steepness
        return rise / top * (logistic(x) - logistic(x - top)) / curve.steepness
    if curve.theory == "inverted_u":
        up = 2.0 * rise * (1.0 - np.clip(standing, 0.0, curve.peak) / curve.peak) / curve.peak
        wide = curve.peak * 3.0 / 7.0
        down = -2.0 * curve.drop * (standing - curve.peak) / (wide * wide)
        found = np.where(standing <= curve.peak, np.where(standing > 0.0, up, 0.0), down)
        return np.where((standing > curve.peak) & (staying <= curve.low), 0.0, found)
    return np.zeros(len(standing))  # constant, beta: whatever the standing
