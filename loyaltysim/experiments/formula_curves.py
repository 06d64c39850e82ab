"""The theories' curves by satisfaction alone, moved to where as many stay as were lived (MODEL 3.5)."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from loyaltysim.experiments.theories import moved_to

if TYPE_CHECKING:
    from loyaltysim.scenario.spec import Loyalty, Scenario

OWN_THRESHOLDS = ("threshold", "two_threshold")  # curves of how far a standing is above her own threshold
THEORIES = ("threshold", "two_threshold", "kotler", "competitive", "inverted_u", "constant")
QUANTILES = 40  # of the law of thresholds
FARTHEST, STEP = 300.0, 2.0  # CSI points, of the table of a curve
MONTH = 365.0 / 12.0  # days
GRID = np.arange(0.0, 101.0, 2.5)  # CSI points


class Formulas(NamedTuple):
    """Chance of staying a year by theory and satisfaction."""

    satisfaction: np.ndarray
    stays: dict[str, np.ndarray]
    misses: dict[str, float]
    """Mean distance from what was lived, by customer-months."""


def curves_by_satisfaction(
    scenario: Scenario, classes: np.ndarray, weights: np.ndarray, lived: np.ndarray
) -> Formulas:
    """Each theory's curve over GRID, and how far it is from what was lived at the middles of `classes`.

    `weights` are the customer-months in each class, `lived` the share that would stay a year: as in the table
    that was lived, the mean chance of staying a month, to the 12th power. The standing is satisfaction, with
    bonds, money and pull at par.
    """
    target = float((weights * lived).sum() / weights.sum())
    thresholds = own_thresholds(scenario)
    stays, misses = {}, {}
    for theory in THEORIES:
        curve = monthly_curve(scenario, theory, target)
        own = thresholds if theory in OWN_THRESHOLDS else np.zeros(1)

        def year(x: np.ndarray, curve: np.ndarray = curve, own: np.ndarray = own) -> np.ndarray:
            places = np.asarray(x)[:, np.newaxis] - own
            return np.asarray(np.interp(places, PLACES, curve).mean(axis=1) ** 12)

        def on_average(shift: float, year=year) -> float:  # type: ignore[no-untyped-def]
            return float((weights * year(classes + shift)).sum() / weights.sum())

        shift = 0.0 if theory == "constant" else moved_to(on_average, target)
        stays[theory] = year(GRID + shift)
        misses[theory] = float((weights * abs(year(classes + shift) - lived)).sum() / weights.sum())
    return Formulas(GRID, stays, misses)


PLACES = np.arange(-FARTHEST, FARTHEST + STEP, STEP)


def monthly_curve(scenario: Scenario, theory: str, target: float) -> np.ndarray:
    """Chance of staying a month at PLACES, of a customer whose own threshold is 0; float64."""
    loyalty = scenario.loyalty
    assert loyalty is not None and loyalty.period != "occasion"
    months = float(loyalty.period) / MONTH
    if theory == "constant":
        return np.full(len(PLACES), target ** (1.0 / 12.0))
    return np.asarray(np.maximum(chance(loyalty, theory), 1e-300) ** (1.0 / months))


def chance(loyalty: Loyalty, theory: str) -> np.ndarray:
    """Chance of staying a period at PLACES: the curves of `rules/loyalty.py` over arrays, own threshold 0.

    The compiled rules would have to be loaded for this alone; a test holds these to them.
    """
    from scipy.special import expit

    low, high = loyalty.stay
    if theory == "threshold":
        return np.asarray(low + (high - low) * expit(PLACES / loyalty.steepness))
    if theory == "two_threshold":
        top, x = loyalty.width / loyalty.steepness, PLACES / loyalty.steepness
        rise = np.logaddexp(0.0, x) - np.logaddexp(0.0, x - top)
        return np.asarray(low + (high - low) * np.clip(rise / top, 0.0, 1.0))
    if theory == "kotler":
        return np.asarray(expit(-kotler_logit(PLACES)))
    if theory == "competitive":
        bend = np.exp(2.0 * (2.0 * loyalty.intensity - 1.0))
        return np.asarray(low + (high - low) * (np.clip(PLACES, 0.0, 100.0) / 100.0) ** bend)
    assert theory == "inverted_u"
    left = 1.0 - np.maximum(PLACES, 0.0) / loyalty.peak
    beyond = (PLACES - loyalty.peak) / (loyalty.peak * 3.0 / 7.0)
    falling = np.maximum(high - loyalty.drop * beyond * beyond, low)
    return np.where(loyalty.peak >= PLACES, high - (high - low) * left * left, falling)


def kotler_logit(standing: np.ndarray) -> np.ndarray:
    """Logit of defection .80 .40 .20 .10 .015 at 10 30 50 70 90, linear between, and on beyond both ends."""
    leaving = np.array([0.8, 0.4, 0.2, 0.1, 0.015])
    logits, places = np.log(leaving / (1.0 - leaving)), np.array([10.0, 30.0, 50.0, 70.0, 90.0])
    first, last = (logits[k + 1] - logits[k] for k in (0, 3))
    found = np.interp(standing, places, logits)
    found = np.where(standing < 10.0, logits[0] + (standing - 10.0) * first / 20.0, found)
    return np.where(standing > 90.0, logits[4] + (standing - 90.0) * last / 20.0, found)


def own_thresholds(scenario: Scenario) -> np.ndarray:
    """Quantiles of the switching thresholds of all segments, by their shares of the market."""
    found: list[float] = []
    for one in scenario.market.segments.values():
        count = max(round(QUANTILES * float(one.share)), 1)
        law = NormalDist(one.threshold.mean, max(one.threshold.sd, 1e-9))
        found += [law.inv_cdf((k + 0.5) / count) for k in range(count)]
    return np.array(found)
