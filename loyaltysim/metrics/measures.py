"""Measures of loyalty, the fifth being `repeat_rate_90d`: decisions, price, offers, failures (MODEL 3.4)."""

import math
from collections.abc import Callable

import numpy as np

from loyaltysim.metrics.kpi import KPI, Value
from loyaltysim.metrics.slopes import slope
from loyaltysim.metrics.terms import Terms
from loyaltysim.metrics.view import View
from loyaltysim.rules.ledger import CENT
from loyaltysim.rules.state import FIRM


def measure(
    name: str,
    label: str,
    definition: str,
    unit: str,
    direction: int,
    parts: tuple[str, str],
    scale: float,
    when: Callable[[Terms], bool],
) -> KPI:
    """One flow over another, from month 0 to the horizon."""

    def formula(view: View) -> Value:
        return view.flow(parts[0]) / scale, view.flow(parts[1])

    return KPI(name, label, definition, unit, "W", direction, "ratio", formula, when=when)


def leaving_bits(view: View) -> Value:
    """Entropy of leaving us before the next occasion, over our customers at the horizon; and how many.

    She leaves with chance 1 - exp(-hazard a day / her occasions a day).
    """
    c = view.customers
    ours = (c["present"] == 1) & (c["home"] == FIRM) & (c["rate"] > 0)
    p = -np.expm1(-c["hazard_rate"][ours] / c["rate"][ours].astype(float))
    p = p[(p > 0.0) & (p < 1.0)]
    bits = -(p * np.log2(p) + (1.0 - p) * np.log2(1.0 - p))
    return float(bits.sum()), int(ours.sum())


def leaving_price_sensitivity(view: View) -> Value:
    """-d ln(chance of staying a year) / d ln(price), added up over our customers at the horizon; how many.

    Price raised by 1 % and lived lowers her standing by w points: w · 365/period · L'/L (MODEL 3.4).
    """
    curve = view.terms.curve
    assert curve is not None
    c = view.customers
    ours = c[(c["present"] == 1) & (c["home"] == FIRM) & np.isfinite(c["standing"])]
    staying = np.exp(-ours["hazard_rate"] * curve.period)
    steep = slope(curve, ours["standing"], ours["threshold"].astype(float), staying)
    weights = np.array(curve.weights)[ours["segment"]]
    found = weights * (365.0 / curve.period) * steep / np.maximum(staying, 1e-300)
    return math.fsum(found.tolist()), view.stock("home_customers")


KPIS = (
    KPI(
        "leaving_price_sensitivity",
        "Price sensitivity, of leaving",
        "By how many % fewer of our customers would stay a year with our price 1 % higher for good, at the "
        "standings of the horizon, mean over our customers; whether anybody buys elsewhere or not.",
        "% per %",
        "end",
        -1,
        "ratio",
        leaving_price_sensitivity,
        when=lambda terms: terms.curve is not None,
    ),
    KPI(
        "leaving_bits",
        "Decision time, of leaving",
        "Entropy of the decision to leave us for good before the next occasion, at the standings of the "
        "horizon, mean over our customers: decision time where nobody buys elsewhere now and then.",
        "bits",
        "end",
        -1,
        "ratio",
        leaving_bits,
        when=lambda terms: terms.leaves_in_time and not terms.away,
    ),
    measure(
        "decision_bits",
        "Decision time",
        "Entropy of the decision to buy from us or elsewhere, mean over the occasions of our customers; the "
        "time of a choice rises in proportion to it (Hick 1952; Hyman 1953).",
        "bits",
        -1,
        ("decision_bits", "decisions"),
        CENT,
        lambda terms: terms.away,
    ),
    measure(
        "price_sensitivity",
        "Price sensitivity",
        "By how many % our customers' purchases from us would fall at an occasion with our price 1 % higher, "
        "mean over occasions.",
        "% per %",
        -1,
        ("price_sensitivity", "decisions"),
        CENT,
        lambda terms: terms.away,
    ),
    measure(
        "offers_refused_share",
        "Rivals' offers refused",
        "Occasions at which a customer of ours sees a rival's price offer and comes to us all the same, over "
        "all at which she sees one.",
        "share",
        1,
        ("offers_refused", "offers_met"),
        1.0,
        lambda terms: terms.rivals_offer,
    ),
    measure(
        "failures_tolerated_share",
        "Failures tolerated",
        "Failures of visits of our customers after which the next occasion brings them to us again, over all "
        "after which an occasion came.",
        "share",
        1,
        ("failures_tolerated", "failures_followed"),
        1.0,
        lambda terms: terms.fails,
    ),
)
