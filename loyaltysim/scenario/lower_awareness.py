"""Buying nothing as one more provider, and how awareness grows, as records."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from loyaltysim.rules import parameters as p
from loyaltysim.scenario.lower_market import OUTSIDE
from loyaltysim.scenario.lowering import fill, luck_of
from loyaltysim.scenario.moments import day_of
from loyaltysim.scenario.spec import Scenario

if TYPE_CHECKING:
    from loyaltysim.scenario.lower import Parameters


def lower_growths(scenario: Scenario, names: tuple[str, ...]) -> np.ndarray:
    """How awareness grows, GROWTH (growths,)."""
    found = [(j, scenario.rivals[name].growth) for j, name in enumerate(names) if j > 0]
    rows = [
        (j, g.to, -math.inf if g.start is None else day_of(g.start, scenario.first_day),
         math.log(2.0) / g.half_life)
        for j, g in found if g is not None
    ]  # fmt: skip
    return np.array(rows, p.GROWTH) if rows else np.zeros(0, p.GROWTH)


def with_outside(parameters: Parameters, scenario: Scenario) -> Parameters:
    """The same, with the provider `outside` as the last: it delivers nothing, and its reputation stands."""
    outside = scenario.market.outside
    if outside is None:
        return parameters
    one = np.zeros(1, p.PROVIDER)
    fill(
        one[0],
        luck=luck_of(OUTSIDE),
        awareness=outside.awareness,
        log_awareness=math.log(outside.awareness) if outside.awareness > 0.0 else 0.0,
        reputation=outside.view,
    )
    nothing = np.zeros((1, parameters.levels.shape[1]))
    failures, rests = parameters.failures, parameters.rests
    return parameters._replace(
        providers=np.concatenate([parameters.providers, one]),
        levels=np.concatenate([parameters.levels, nothing]),
        spreads=np.concatenate([parameters.spreads, nothing]),
        failures=np.concatenate([failures, np.zeros(1, p.FAILURE)]) if len(failures) else failures,
        rests=np.concatenate([rests, np.zeros((len(rests), 1, 3))], axis=1) if len(rests) else rests,
        names=(*parameters.names, OUTSIDE),
    )
