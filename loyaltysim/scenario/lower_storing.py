"""Stored value as a record."""

from __future__ import annotations

import numpy as np

from loyaltysim.rules import parameters as p
from loyaltysim.rules.programme.terms import STORING
from loyaltysim.scenario.lower_enrolment import logit
from loyaltysim.scenario.lowering import Tables, fill, minor
from loyaltysim.scenario.spec import Instruments

ORDERS = {"together": p.TOGETHER, "cash": p.CASH_FIRST, "bonus": p.BONUS_FIRST}


def lower_storing(programme: Instruments | None, unit: int, tables: Tables) -> np.ndarray:
    """How customers pay ahead, STORING (1,); what is left of balances where nobody can any more is theirs."""
    storing = np.zeros(1, STORING)
    fill(storing[0], below=-1, valuation=1.0, opening_table=-1)
    terms = programme.stored_value if programme else None
    if terms is None:
        return storing
    top_up = round(minor(terms.top_up, unit))
    fill(
        storing[0],
        active=1,
        top_up=top_up,
        bonus=round(top_up * terms.bonus),
        below=-1 if terms.below is None else round(minor(terms.below, unit)),
        first=ORDERS[terms.first],
        expiry=terms.expiry or 0,
        logit=logit(terms.chance),
        slope=terms.slope,
        appeal=terms.appeal / unit,
        valuation=terms.valuation,
        uplift=terms.uplift,
        remits=terms.unclaimed == "state",
    )
    if terms.refund is not None:
        fill(storing[0], refund_part=terms.refund.part, refund_chance=terms.refund.chance,
             refund_leaving=terms.refund.leaving)  # fmt: skip
    if terms.opening is not None:
        opening = terms.opening
        fill(storing[0], opening_share=opening.share, opening_mean=minor(opening.mean, unit),
             opening_shape=opening.shape or 1.0, opening_table=tables.gamma(opening.shape))  # fmt: skip
    return storing
