"""R17, R18, R19: stamp cards, calibrated on one published number and held against the others."""

from __future__ import annotations

import math

import numpy as np

from loyaltysim.engines.simulate import run_arms
from loyaltysim.record.world import EVERYBODY
from loyaltysim.rules.arrays import World
from loyaltysim.rules.eventlog import KINDS
from loyaltysim.scenario.load import load
from loyaltysim.scenario.lower import lower
from loyaltysim.validation.verdict import SCENARIOS, Row, mean, share, story


def lived(name: str, *overrides: str, replication: int = 0) -> tuple[World, np.ndarray]:
    """The programme's world of a scenario, and its visits by customer in order of time."""
    scenario = load(SCENARIOS / f"{name}.yaml", overrides).scenario
    world, _, _ = run_arms(lower(scenario), replication, scenario.seed, "compiled", EVERYBODY)
    events = story(world)
    visits = events[events["kind"] == KINDS.index("visit")]
    return world, visits[np.lexsort((visits["time"], visits["customer"]))]


def gaps(visits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of each visit but her last: the visit, and days to the next."""
    same = visits["customer"][1:] == visits["customer"][:-1]
    return visits[:-1][same], np.diff(visits["time"])[same]


def within_person(visits: np.ndarray, first: int, last: int) -> tuple[np.ndarray, np.ndarray]:
    """Days to the next visit after stamp `first` and after stamp `last` of the same card."""
    before, days = gaps(visits)
    stamps = before["balance"] % 10
    card = before["customer"].astype(np.int64) * 10_000 + (before["occasion"] - stamps)
    one = dict(zip(card[stamps == first].tolist(), days[stamps == first].tolist(), strict=True))
    other = dict(zip(card[stamps == last].tolist(), days[stamps == last].tolist(), strict=True))
    both = [key for key in other if key in one]
    return np.array([one[key] for key in both]), np.array([other[key] for key in both])


def shortening(name: str, *overrides: str) -> tuple[float, float, int]:
    """Mean gap before the last stamp over that after the first, on the same cards; its error; cards."""
    _, visits = lived(name, *overrides)
    one, other = within_person(visits, 1, 9)
    found = float(other.mean() / one.mean())
    error = float((other - found * one).std(ddof=1) / one.mean() / math.sqrt(len(one)))
    return found, error, len(one)


def r18() -> list[Row]:
    """R18: ten stamps shorten the gap by a fifth from the first to the last, on the same cards."""
    found, error, cards = shortening("cafe")
    world, visits = lived("cafe")
    before, days = gaps(visits)
    rate = world.customers["rate"].astype(float)[before["customer"]]
    rows = [
        Row("gap before the last stamp over gap after the first", 0.7998, found, error, f"{cards:,} cards")
    ]
    for stamps in (0, 5, 9):
        at = before["balance"] % 10 == stamps
        spent = days[at] * rate[at]  # in her own mean gaps
        sd, expected = float(spent.std(ddof=1)), 1.0 / (1.0 + 0.323 * stamps / 10.0)
        rows.append(mean(f"gap after stamp {stamps}, in mean gaps", expected, spent, "gaps", sd))
    return rows


def r19() -> list[Row]:
    """R19: 19 % fill a card of eight; with two of ten given, 34 % (150 customers each were published)."""
    rows = []
    given = ("programme.points.minimum=11", "programme.points.endowed={points: 2}")
    for what, overrides, published in (("eight", (), 0.19), ("ten, two given", given, 0.34)):
        world, _ = lived("car_wash", *overrides)
        joined = world.cards["joined"] == 1
        filled = world.cards["reached"][joined] == 1
        rows.append(share(f"cards of {what} that were filled", published, filled, "cards"))
    return rows


def haste() -> tuple[float, float]:
    """Days between washes of those who filled the card of eight, and of ten with two given."""
    found = []
    given = ("programme.points.minimum=11", "programme.points.endowed={points: 2}")
    for overrides in ((), given):
        world, visits = lived("car_wash", *overrides)
        filled = world.cards["reached"] == 1
        before, days = gaps(visits)
        on_card = filled[before["customer"]] & (before["occasion"] < 8)
        found.append(float(days[on_card].mean()))
    return found[0], found[1]


def r17() -> tuple[float, float, float, float]:
    """R17: the heavier half's share of purchases and of rewards; gap after stamp 9 over gap after stamp 1 of
    the lighter and of the heavier half, the pull fading with the rate (E25).
    """
    goal = "programme.points.goal={strength: 1, heavy: 8 / month}"
    world, visits = lived("cafe", goal)
    rate = world.customers["rate"].astype(float)
    heavy = (rate >= np.quantile(rate, 0.5))[visits["customer"]]
    redeemed = visits["redeemed"] > 0
    ratios = []
    for half in (visits[~heavy], visits[heavy]):
        one, other = within_person(half, 1, 9)
        ratios.append(float(other.mean() / one.mean()))
    return float(heavy.mean()), float(redeemed[heavy].sum() / redeemed.sum()), ratios[0], ratios[1]
