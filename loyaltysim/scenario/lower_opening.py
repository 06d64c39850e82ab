"""Opening balances of points: what customers hold on the first day, and of which months."""

from __future__ import annotations

from typing import Any

import numpy as np

from loyaltysim.scenario.lowering import Tables, fill
from loyaltysim.scenario.spec import Instruments, Scenario
from loyaltysim.scenario.spec.opening import OpeningBalances

YEAR = 12  # months


def opening_of(programme: Instruments | None) -> OpeningBalances | None:
    """The opening balances of a programme, if any."""
    return programme.points.opening if programme and programme.points else None


def lower_opening(programme: Instruments | None, tables: Tables, one: Any) -> None:
    """Who holds how many points on the first day."""
    opening = opening_of(programme)
    if opening is not None:
        fill(
            one,
            opening_share=opening.share,
            opening_mean=opening.mean,
            opening_shape=opening.shape or 1.0,
            opening_table=tables.gamma(opening.shape),
        )


def lower_ages(scenario: Scenario) -> np.ndarray:
    """Share of a balance that was issued in the last months, one and more; float64 (2, months).

    Of the programme on trial and of the status quo, cumulative; no columns where nothing is opened.
    """
    both = [_ages(programme) for programme in (scenario.programme, scenario.status_quo)]
    ages = np.ones((2, max(map(len, both))))
    for row, weights in zip(ages, both, strict=True):
        if weights:
            row[: len(weights)] = np.cumsum(weights) / np.sum(weights)
            row[len(weights) - 1 :] = 1.0
    return ages


def _ages(programme: Instruments | None) -> tuple[float, ...]:
    """The weights of the months before the first day, the last one first."""
    opening = opening_of(programme)
    if programme is None or programme.points is None or opening is None:
        return ()
    terms = programme.points
    expires = terms.expiry if terms.expiry and terms.expires == "fixed" else YEAR
    return opening.ages or (1.0,) * min(expires, YEAR)
