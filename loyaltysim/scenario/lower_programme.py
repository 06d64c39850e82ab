"""The programme as a record: rates as exact fractions of whole numbers, amounts in minor units."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np

from loyaltysim.rules import parameters as p
from loyaltysim.scenario.lowering import fill, minor
from loyaltysim.scenario.quantities import Money
from loyaltysim.scenario.spec import Instruments, PointsTerms

ROUNDINGS = {"down": p.DOWN, "nearest": p.NEAREST, "up": p.UP}


def no_points() -> np.ndarray:
    """POINTS (1,) of a firm without a points scheme."""
    points = np.zeros(1, p.POINTS)
    fill(points[0], earn_over=1, worth_over=1, minimum=1, step=1, choice_scale=1.0, acceleration=1.0)
    return points


def lower_programme(programme: Instruments | None, unit: int) -> np.ndarray:
    """The programme's points, POINTS (1,)."""
    points = no_points()
    if programme is None:
        return points
    points[0]["acceleration"] = programme.acceleration
    if programme.points is not None:
        lower_points(programme.points, unit, points[0])
    return points


def lower_points(terms: PointsTerms, unit: int, one: np.ndarray) -> None:
    """A points scheme: rates as exact fractions of whole numbers, amounts in minor units."""
    per_visit = terms.earn.per == "visit"
    earn = Fraction(terms.earn.points) / (1 if per_visit else unit)
    worth = Fraction(terms.worth.amount) * unit
    currency = terms.worth.currency
    fill(
        one,
        active=1,
        per_visit=per_visit,
        earn=earn.numerator,
        earn_over=earn.denominator,
        worth=worth.numerator,
        worth_over=worth.denominator,
        minimum=terms.minimum,
        step=terms.step or terms.minimum,
        validity=terms.expiry or 0,
        rolling=terms.expires == "rolling",
        rounding=ROUNDINGS[terms.rounding],
        valuation=terms.valuation,
        hassle=minor(terms.hassle or Money(Decimal("1.5"), currency), unit),
        choice_scale=minor(terms.choice_scale or Money(Decimal(1), currency), unit),
        displacement=terms.displacement,
        fulfilment=round(minor(terms.fulfilment or Money(Decimal(0), currency), unit)),
    )


def lot_months(points: np.ndarray, months: int) -> int:
    """Months of points that must be kept apart: those still valid, or all when points do not lapse by age."""
    if points["active"] == 0:
        return 0
    fixed = points["validity"] > 0 and points["rolling"] == 0
    return min(int(points["validity"]) + 1, months) if fixed else months
