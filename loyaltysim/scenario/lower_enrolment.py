"""How customers join the programme, as a record."""

from __future__ import annotations

import math

import numpy as np

from loyaltysim.rules.programme.terms import ENROLMENT
from loyaltysim.scenario.lowering import fill, minor
from loyaltysim.scenario.spec import Instruments

MONTH = 365.0 / 12.0
NEVER = 700.0


def everybody() -> np.ndarray:
    """ENROLMENT (1,) where nobody has to join: every customer is a member from the start."""
    return np.zeros(1, ENROLMENT)


def lower_enrolment(programme: Instruments | None, unit: int) -> np.ndarray:
    """How customers join the programme, ENROLMENT (1,)."""
    enrolment = everybody()
    terms = programme.enrolment if programme else None
    if terms is None:
        return enrolment
    fill(
        enrolment[0],
        active=1,
        logit=logit(terms.chance),
        slope=terms.slope,
        appeal=terms.appeal / unit,
        friction=0.0 if terms.friction is None else minor(terms.friction, unit),
        cost=0 if terms.cost is None else round(minor(terms.cost, unit)),
        bonus=terms.bonus,
        identified=terms.identified,
        asleep=terms.asleep * MONTH,
    )
    return enrolment


def logit(chance: float) -> float:
    """ln(chance / (1 - chance)); beyond 700 never and always are certain enough."""
    if chance <= 0.0 or chance >= 1.0:
        return -NEVER if chance <= 0.0 else NEVER
    return math.log(chance / (1.0 - chance))
