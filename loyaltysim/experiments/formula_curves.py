"""The theories' curves by satisfaction alone, moved to where as many stay as were lived (MODEL 3.5)."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from loyaltysim.experiments.theories import moved_to
from loyaltysim.rules import loyalty as rules
from loyaltysim.rules.state import CUSTOMER

if TYPE_CHECKING:
    from loyaltysim.scenario.spec import Scenario

OWN_THRESHOLDS = ("threshold", "two_threshold")  # curves of how far a standing is above her own threshold
THEORIES = ("threshold", "two_threshold", "kotler", "competitive", "inverted_u", "constant")
QUANTILES = 40  # of the law of thresholds
FARTHEST, STEP = 420.0, 1.0  # CSI points, of the table of a curve
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
    from loyaltysim.scenario.currencies import money_unit
    from loyaltysim.scenario.lower_terms import lower_terms
    from loyaltysim.scenario.lowering import Tables

    loyalty = scenario.loyalty
    assert loyalty is not None and loyalty.period != "occasion"
    months = float(loyalty.period) / MONTH
    other = loyalty.model_copy(update={"theory": theory, "rate": target ** (months / 12.0), "renewal": None})
    under = scenario.model_copy(update={"loyalty": other})
    terms = lower_terms(under, list(scenario.firm.attributes), money_unit(scenario.currency), Tables())
    one = np.zeros(1, CUSTOMER).view(np.recarray)
    stays = np.array([rules.mean_staying(terms, one, x) for x in PLACES.tolist()])
    return np.asarray(np.maximum(stays, 1e-300) ** (1.0 / months))


def own_thresholds(scenario: Scenario) -> np.ndarray:
    """Quantiles of the switching thresholds of all segments, by their shares of the market."""
    found: list[float] = []
    for one in scenario.market.segments.values():
        count = max(round(QUANTILES * float(one.share)), 1)
        law = NormalDist(one.threshold.mean, max(one.threshold.sd, 1e-9))
        found += [law.inv_cdf((k + 0.5) / count) for k in range(count)]
    return np.array(found)
