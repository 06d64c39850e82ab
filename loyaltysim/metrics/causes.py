"""Why customers leave the firm: its defections by the term of standing that had fallen (MODEL 3.5)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from loyaltysim.metrics.kpi import KPI, Value
from loyaltysim.metrics.terms import Terms
from loyaltysim.metrics.view import View
from loyaltysim.rules.ledger import CAUSES

NONE = len(CAUSES) - 1
PRICE_ATTRIBUTE = "price"  # an attribute of that name is price as it is felt


def has_causes(terms: Terms) -> bool:
    """Does the scenario ask for the cause of each defection?"""
    return bool(terms.attributes)


def defections_by(view: View) -> np.ndarray:
    """Defections from month 0 on, by cause, in the order of `record.columns.causes_of`."""
    return np.asarray(view.arm.left_by[view.warm_up :].sum(axis=0))


def places(terms: Terms, cause: str) -> list[int]:
    """Columns of the ledger that make up a cause of the key figures."""
    felt = [k for k, name in enumerate(terms.attributes) if (name == PRICE_ATTRIBUTE) == (cause == "price")]
    own = [] if cause == "quality" else [len(terms.attributes) + CAUSES.index(cause)]
    return (felt if cause in ("quality", "price") else []) + own


def defections_by_cause(
    cause: str, label: str, what: str, when: Callable[[Terms], bool] = lambda terms: True
) -> KPI:
    """Share of the defections with a cause that have this one."""

    def formula(view: View) -> Value:
        found = defections_by(view)
        return int(found[places(view.terms, cause)].sum()), int(found.sum() - found[-1])

    return KPI(
        f"defections_by_cause.{cause}",
        f"Left for: {label}",
        f"Defections whose cause is {what}, over the defections that have a cause (MODEL 3.5).",
        "share",
        "W",
        0,
        "ratio",
        formula,
        when=lambda terms: has_causes(terms) and when(terms),
    )


def _with_cause(view: View) -> Value:
    found = defections_by(view)
    return int(found.sum() - found[-1]), int(found.sum())


KPIS = (
    KPI(
        "defections_with_cause",
        "Defections with a cause",
        "Defections from the firm before which some term of standing had fallen since the spell began, over "
        "all; the others left at a standing no lower than it was.",
        "share",
        "W",
        0,
        "ratio",
        _with_cause,
        when=has_causes,
    ),
    defections_by_cause(
        "quality", "quality", "an attribute of what the firm delivers, price, waiting and failures apart"
    ),
    defections_by_cause("wait", "waiting", "waiting, and the effort of self-service"),
    defections_by_cause("failure", "failures", "failures and how they were made good"),
    defections_by_cause("price", "price", "the firm's price: level, own offers, an attribute 'price'"),
    defections_by_cause(
        "expectation",
        "expectation",
        "what is left of satisfaction: reputation, promises, extras that have come to be expected",
    ),
    defections_by_cause("offer", "rivals' offers", "a rival's offer or programme"),
    defections_by_cause("rivals", "rivals", "what rivals are worth without offers"),
    defections_by_cause("bonds", "bonds", "affect, trust and habit"),
    defections_by_cause("programme", "the programme", "what the firm's programme is worth to her, or status"),
    defections_by_cause(
        "referral",
        "a referral",
        "another customer who told her of a rival",
        when=lambda terms: terms.refers,
    ),
)  # fmt: skip
