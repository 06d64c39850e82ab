"""The calendar of a run: days of the closes, the season of each month."""

from __future__ import annotations

import numpy as np

from loyaltysim.scenario.moments import month_start
from loyaltysim.scenario.spec import Scenario


def closes(scenario: Scenario) -> np.ndarray:
    """Days of all closes, the first being the start of the warm-up; float64 (months + 1,)."""
    return np.array(
        [month_start(m, scenario.first_day) for m in range(-scenario.warm_up, scenario.horizon + 1)]
    )


def seasons(scenario: Scenario) -> np.ndarray:
    """Factor on the rate of occasions in each month, float64 (months,). Without a date: from January."""
    first = 0 if scenario.first_day is None else scenario.first_day.month - 1
    factors = scenario.market.season or (1.0,) * 12
    return np.array([factors[(first + m) % 12] for m in range(-scenario.warm_up, scenario.horizon)])
