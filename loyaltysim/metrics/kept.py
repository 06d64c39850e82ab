"""What is kept of one replication for the tables of `metrics.frames`: small arrays, by arm and name."""

from __future__ import annotations

import numpy as np

from loyaltysim.metrics.causes import defections_by
from loyaltysim.metrics.terms import Terms
from loyaltysim.metrics.view import View

STEPS = 20  # points of the whale curve: every twentieth of the customers
TENTHS = 10
DECILE = ("customers", "spend", "visits", "contribution", "programme_cost", "at_home")
KEPT = ("status", "cohorts", "curve", "gaps", "whale", "deciles", "stages", "causes")


def kept(programme: View, twin: View, terms: Terms) -> dict[str, np.ndarray]:
    """The arrays `<arm>.<name>` for the names of KEPT."""
    tenth = tenths(programme, twin)
    found: dict[str, np.ndarray] = {}
    for arm, view in (("programme", programme), ("twin", twin)):
        rows = len(view.arm.joiners) if terms.has_members else len(view.arm.joiners) // 2
        found |= {
            f"{arm}.status": view.arm.status,
            f"{arm}.cohorts": view.arm.joiners[:rows],
            f"{arm}.curve": view.arm.curve,
            f"{arm}.gaps": view.arm.gaps,
            f"{arm}.whale": whale(view),
            f"{arm}.deciles": deciles(view, tenth),
        }
        if terms.feels:  # from one close to the next, over all closes after month 0
            found[f"{arm}.stages"] = view.arm.stages[view.warm_up :].sum(axis=0)
        if terms.attributes:
            found[f"{arm}.causes"] = defections_by(view)
    return found


def whale(view: View) -> np.ndarray:
    """Cumulative contribution of buyers, the best first, at every twentieth of them; float64 (STEPS + 1,)."""
    ordered = np.sort(view.values[view.customers["purchases"] > 0])[::-1]
    places = -(-np.arange(STEPS + 1) * len(ordered) // STEPS)  # rounded up
    return np.concatenate([[0.0], np.cumsum(ordered)])[places]


def tenths(programme: View, twin: View) -> np.ndarray:
    """Tenth of the firm's buyers by spend without the programme, 0 the best; -1: bought in neither arm.

    The twin ranks for both arms, so that a tenth holds the same persons; of equals the lower number first.
    """
    bought = np.flatnonzero((programme.customers["purchases"] > 0) | (twin.customers["purchases"] > 0))
    ordered = bought[np.argsort(-twin.customers["spend"][bought], kind="stable")]
    found = np.full(len(twin.customers), -1)
    found[ordered] = np.arange(len(ordered)) * TENTHS // max(len(ordered), 1)
    return found


def deciles(view: View, tenth: np.ndarray) -> np.ndarray:
    """Sums over each tenth; float64 (TENTHS, DECILE), money in the currency."""
    c = view.customers
    who = tenth >= 0
    columns = (
        np.ones(len(c)),
        c["spend"] / view.terms.money_unit,
        c["purchases"],
        view.values,
        view.costs,
        view.at_home,
    )
    sums = [
        np.bincount(tenth[who], weights=np.asarray(column, float)[who], minlength=TENTHS)
        for column in columns
    ]
    return np.stack(sums, axis=1)
