"""Events, and what advertising promises, as records."""

from __future__ import annotations

import numpy as np

from loyaltysim.rules import parameters as p
from loyaltysim.scenario.lowering import luck_of
from loyaltysim.scenario.moments import day_of
from loyaltysim.scenario.settings import target
from loyaltysim.scenario.spec import Provider, Scenario

SETS = {
    "level": p.LEVEL,
    "effort": p.LEVEL,
    "sd": p.SPREAD,
    "price_level": p.PRICE_LEVEL,
    "awareness": p.AWARENESS,
}
TIME = "time"


def level_of(provider: Provider, attribute: str) -> float:
    """The level of an attribute, of `time` after the effort."""
    return provider.attributes[attribute].level - (provider.effort if attribute == TIME else 0.0)


def lower_claims(
    scenario: Scenario, names: tuple[str, ...], offered: list[Provider]
) -> tuple[np.ndarray, tuple[float, ...]]:
    """What advertising promises, CLAIM (claims,), and on which days, by day and provider."""
    found = []
    for name, provider in zip(names, offered, strict=True):
        for number, claim in enumerate(provider.claims):
            day = day_of(claim.at, scenario.first_day)
            found.append((day, luck_of(f"{name}/claim/{number}"), claim.points, claim.reach))
    found.sort()
    rows = [row[1:] for row in found]
    return np.array(rows, p.CLAIM) if rows else np.zeros(0, p.CLAIM), tuple(row[0] for row in found)


def lower_events(
    scenario: Scenario, names: tuple[str, ...], attributes: list[str]
) -> tuple[np.ndarray, tuple[tuple[float, int, int], ...]]:
    """The changes, CHANGE (changes,), and the events as (day, first change, change after the last).

    The level of `time` and the effort are one number to the rules: either sets it, with what the other was.
    """
    providers: list[Provider] = [scenario.firm, *(scenario.rivals[name] for name in names[1:])]
    time = {name: [x.attributes[TIME].level, x.effort] for name, x in zip(names, providers, strict=True)
            if TIME in x.attributes}  # fmt: skip
    rows: list[tuple[int, int, int, float]] = []
    events = []
    dated = [(day_of(event.at, scenario.first_day), n, event) for n, event in enumerate(scenario.events)]
    for day, _, event in sorted(dated, key=lambda one: one[:2]):
        first = len(rows)
        for path in sorted(event.set):
            found, value = target(path, scenario), event.set[path].value
            attribute = -1 if found.attribute is None else attributes.index(found.attribute)
            if found.attribute == TIME and found.what in ("level", "effort"):
                now = time[found.provider]
                now[found.what == "effort"] = value
                value = now[0] - now[1]
            rows.append((SETS[found.what], names.index(found.provider), attribute, value))
        events.append((day, first, len(rows)))
    return np.array(rows, p.CHANGE) if rows else np.zeros(0, p.CHANGE), tuple(events)
