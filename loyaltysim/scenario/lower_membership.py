"""A paid club as a record."""

from __future__ import annotations

import math

import numpy as np

from loyaltysim.rules.programme.terms import CLUB
from loyaltysim.scenario.lower_enrolment import MONTH, NEVER
from loyaltysim.scenario.lowering import Tables, fill, minor
from loyaltysim.scenario.spec import Instruments


def lower_membership(programme: Instruments | None, unit: int, tables: Tables) -> np.ndarray:
    """The terms of the paid club, CLUB (1,); where there is none, terms that run end without another."""
    club = np.zeros(1, CLUB)
    fill(club[0], term=12 * MONTH, valuation=1.0, sunk_cost=1.0, renewal_table=-1)
    terms = programme.membership if programme else None
    if terms is None:
        return club
    renewal = terms.renewal
    fill(
        club[0],
        active=1,
        fee=round(minor(terms.fee, unit)),
        term=terms.term * MONTH,
        trial=(terms.trial or 0) * MONTH,
        discount=terms.discount,
        worth=0.0 if terms.worth is None else minor(terms.worth, unit),
        cost=0 if terms.cost is None else round(minor(terms.cost, unit)),
        thinks=NEVER if terms.chance >= 1.0 else -math.log1p(-terms.chance),
        taste=0.0 if terms.taste is None else minor(terms.taste, unit),
        valuation=terms.valuation,
        sunk_cost=terms.sunk_cost,
        renewal_table=-1 if renewal is None else tables.beta(renewal.alpha, renewal.beta),
        opening_share=0.0 if terms.opening is None else terms.opening.share,
    )
    if terms.refund is not None:
        fill(club[0], refund_part=terms.refund.part, refund_chance=terms.refund.chance)
    return club
