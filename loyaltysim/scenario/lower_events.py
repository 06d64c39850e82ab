"""Events as records."""

from __future__ import annotations

import numpy as np

from loyaltysim.rules import parameters as p
from loyaltysim.scenario.moments import day_of
from loyaltysim.scenario.settings import target
from loyaltysim.scenario.spec import Scenario

SETS = {"level": p.LEVEL, "sd": p.SPREAD, "price_level": p.PRICE_LEVEL}


def lower_events(
    scenario: Scenario, names: tuple[str, ...], attributes: list[str]
) -> tuple[np.ndarray, tuple[tuple[float, int, int], ...]]:
    """The changes, CHANGE (changes,), and the events as (day, first change, change after the last)."""
    rows: list[tuple[int, int, int, float]] = []
    events = []
    dated = [(day_of(event.at, scenario.first_day), n, event) for n, event in enumerate(scenario.events)]
    for day, _, event in sorted(dated, key=lambda one: one[:2]):
        first = len(rows)
        for path in sorted(event.set):
            found = target(path, scenario)
            attribute = -1 if found.attribute is None else attributes.index(found.attribute)
            rows.append((SETS[found.what], names.index(found.provider), attribute, event.set[path].value))
        events.append((day, first, len(rows)))
    return np.array(rows, p.CHANGE) if rows else np.zeros(0, p.CHANGE), tuple(events)
