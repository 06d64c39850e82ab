"""A fit as scenario files: a segment that others extend, and the very cohort it was fitted to."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

import numpy as np

from loyaltysim.experiments.calibration.fitting import Fit, NotFound
from loyaltysim.experiments.calibration.study import Study


def digits(x: float) -> str:
    """Six digits, without an exponent."""
    return np.format_float_positional(float(f"{x:.6g}"), trim="-")


def interval(fit: Fit, of: Callable[..., float]) -> tuple[float, float]:
    """95 % of a positive function of the parameters, by the delta method on logarithms."""
    logs = np.log(fit.values)
    steps = 1e-5 * np.eye(len(logs))
    middle = np.log(of(*fit.values))
    slope = np.array([(np.log(of(*np.exp(logs + s))) - np.log(of(*np.exp(logs - s)))) / 2e-5 for s in steps])
    half = 1.96 * float(np.sqrt(slope @ fit.covariance @ slope))
    return float(np.exp(middle - half)), float(np.exp(middle + half))


def noted(value: float, unit: str, bounds: tuple[float, float], source: str) -> str:
    """A value with its unit, range and source, as the third level of a segment."""
    low, high = (digits(one) + unit for one in bounds)
    value_ = digits(value) + unit
    return (
        f"\n          value: {value_}\n          range: [{low}, {high}]"
        f"\n          source: {json.dumps(source, ensure_ascii=False)}"
    )


def segment_yaml(
    study: Study, name: str, currency: str, buying: Fit, spend: Fit, season: Sequence[float], source: str
) -> str:
    """A scenario that holds the segment and nothing else, for others to extend."""
    told = f"{buying.model}, {source}"
    money = f"gamma-gamma, {source}"
    rate = interval(buying, lambda r, alpha, *rest: r / alpha)
    lines = [
        f"# Written by `loyaltysim calibrate` from {source}. Ranges are 95 %.",
        "# A scenario to be extended: say `extends: segment.yaml`, and add the firm, rivals and programme.",
        "schema: 1",
        f"name: {json.dumps(('Customers of ' + name)[:100], ensure_ascii=False)}",
        f"currency: {currency}",
        f"first_day: {study.date(study.start)}",
        f"horizon: {horizon(study)} months",
        "market:",
        f"  customers: {study.customers}",
        *([f"  season: [{', '.join(f'{x:.4f}' for x in season)}]"] if season else []),
        "  segments:",
        f"    {json.dumps(name, ensure_ascii=False)}:",
        "      share: 100 %",
        "      occasions:",
        "        mean:" + noted(buying.values[0] / buying.values[1], " / week", rate, f"r / alpha: {told}"),
        "        shape:" + noted(buying.values[0], "", buying.interval(0), f"r: {told}"),
    ]
    if buying.model == "Pareto/NBD":
        lines += [
            "      lifetime:",
            "        shape:" + noted(buying.values[2], "", buying.interval(2), f"s: {told}"),
            "        scale:" + noted(buying.values[3], " weeks", buying.interval(3), f"beta: {told}"),
        ]
    p, q, g = spend.values
    basket = interval(spend, lambda p, q, g: p * g / max(q - 1.0, 1e-9))
    spread = interval(spend, lambda p, q, g: max(q - 1.0, 1e-9))
    money_unit = f" {currency}"
    lines += [
        "      basket:",
        "        mean:" + noted(p * g / (q - 1.0), money_unit, basket, f"p gamma / (q - 1): {money}"),
        "        shape:" + noted(p, "", spend.interval(0), f"p: {money}"),
        "        spread:" + noted(q, "", (1.0 + spread[0], 1.0 + spread[1]), f"q: {money}"),
        "      weights: {quality: 100 %}",
        "firm:",
        "  attributes: {quality: {level: 70}}   # without rivals and without loyalty it moves nothing",
    ]
    return "\n".join(lines) + "\n"


def cohort_yaml(study: Study, name: str) -> str:
    """The cohort itself, entering on the days it did: the simulator beside the data it was set to."""
    days, number = study.entered()
    entries = [
        f"    - {{on: {study.date(study.start + day)}, customers: {count}}}"
        for day, count in zip(days.tolist(), number.tolist(), strict=True)
    ]
    lines = [
        "# Written by `loyaltysim calibrate`: the customers of the log, entering on the days of their first",
        "# purchases; what they do from then on is the model's. Compare with holdout.csv.",
        "extends: segment.yaml",
        f"name: {json.dumps((name + ', lived again')[:100], ensure_ascii=False)}",
        f"question: Do {study.customers:,} simulated customers buy again as often as the real ones did?",
        "market:",
        "  customers: 0",
        "  entry_purchase: true",
        "  entries:",
        *entries,
    ]
    return "\n".join(lines) + "\n"


def horizon(study: Study) -> int:
    """Months that cover the log."""
    return max(1, -(-(study.end - study.start + 1) * 12 // 365))


def finite_basket(fit: Fit) -> None:
    """Refuse a fit whose mean basket is infinite."""
    if fit.values[1] <= 1.0:
        raise NotFound(f"gamma-gamma: q = {fit.values[1]:.3g}: baskets so uneven that they have no mean")
