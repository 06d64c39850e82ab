"""Classes of products: the factor on points that they make of a segment's baskets, as an exact fraction."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loyaltysim.scenario.spec import Instruments, Segment


def classes_of(programme: Instruments | None) -> dict[str, float]:
    """The factors that a programme gives to classes of products."""
    return programme.points.classes if programme and programme.points else {}


def mixture(programme: Instruments | None, segment: Segment) -> Fraction:
    """Factor on the points of a basket of this segment under a programme."""
    return mean_factor(classes_of(programme), segment)


def mean_factor(classes: dict[str, float], segment: Segment) -> Fraction:
    """1 + sum over classes of share x (factor - 1)."""
    factor = Fraction(1)
    for name, share in segment.buys.items():
        if name in classes:
            factor += Fraction(repr(share)) * (Fraction(repr(classes[name])) - 1)
    return factor
