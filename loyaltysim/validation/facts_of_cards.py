"""R18 to R21: cards, the pull of a reward, and what follows one."""

from __future__ import annotations

import math

import numpy as np

from loyaltysim.rules.arrays import World
from loyaltysim.validation.checks_cards import gaps, within_person
from loyaltysim.validation.checks_cards import lived as card_lived
from loyaltysim.validation.facts import Fact, followed, visits_of
from loyaltysim.validation.facts_of_loyalty import INF, jackknife
from loyaltysim.validation.facts_of_programmes import POINTS

CARDS = "market.customers=1000"


def cards(replication: int, *overrides: str) -> tuple[float, float, float, float, float, float]:
    """Mean gaps after the first and last stamp, of the same cards and of all; after a reward and before."""
    _, visits = card_lived("cafe", CARDS, *overrides, replication=replication)
    one, other = within_person(visits, 1, 9)
    before, days = gaps(visits)
    stamps = before["balance"] % 10
    first, last, reward = (float(days[stamps == k].mean()) for k in (1, 9, 0))
    return float(one.mean()), float(other.mean()), first, last, reward, last


def r18(replications: int) -> list[Fact]:
    """R18: the nearer the reward, the shorter the gap; then it begins anew."""
    pulled = np.array([cards(k) for k in range(replications)]).T
    plain = np.array([cards(k, "programme.points.goal=") for k in range(replications)]).T
    n, source = f"{replications} x 1,000 customers", "Kivetz, Urminsky & Zheng 2006"
    given = "strength of the pull, on this"
    return [
        Fact("R18", "exact", "gap before the last stamp over that after the first, same cards", given, 0.78,
             0.82,
             f".80 ({source})", jackknife(pulled[1], pulled[0]), n, 18),
        Fact("R18", "shape", "gap after the reward over that before the last stamp, less 1",
             "strength of the pull, on the line above", 0.0, INF, f"above 0: reset ({source})",
             tuple(pulled[4] / pulled[5] - 1.0), n, 18),
        Fact("R18", "checked", "the first line without a pull", "", 0.97, 1.03, "1: placebo",
             jackknife(plain[1], plain[0]), n, 18),
        Fact("R18", "shape", "the same over all cards in place of the same, less 1", "", -INF, 0.0,
             "below 0: who comes often fills more cards (selection)", tuple(plain[3] / plain[2] - 1.0), n,
             18),
    ]  # fmt: skip


def washes(replication: int, *overrides: str) -> tuple[float, float]:
    """Share of cards that were filled, and days between washes of those who filled theirs."""
    world, visits = card_lived("car_wash", "market.customers=3000", *overrides, replication=replication)
    filled = world.cards["reached"] == 1
    before, days = gaps(visits)
    on_card = filled[before["customer"]] & (before["occasion"] < 8)
    return float(filled[world.cards["joined"] == 1].mean()), float(days[on_card].mean())


def r19(replications: int) -> list[Fact]:
    """R19: with two stamps given, more cards are filled, and sooner."""
    given = ("programme.points.minimum=11", "programme.points.endowed={points: 2}")
    eight = np.array([washes(k) for k in range(replications)]).T
    ten = np.array([washes(k, *given) for k in range(replications)]).T
    n, source = f"{replications} x 3,000 customers", "Nunes & Dreze 2006, 300 cards"
    band = 4.0 * math.sqrt(0.34 * 0.66 / 150.0)
    return [
        Fact("R19", "exact", "cards of eight that are filled in nine months",
             "chance to keep the card, on this",
             0.17, 0.21, f".19 ({source})", tuple(eight[0]), n, 19),
        Fact("R19", "exact", "cards of ten with two given", "commitment, on this", 0.34 - band, 0.34 + band,
             f".34 ({source})", tuple(ten[0]), n, 19),
        Fact("R19", "checked", "days between washes, two given over none, of filled cards",
             "commitment, on the line above", 0.75, 0.88, f".81: 12.7 days for 15.6 ({source})",
             jackknife(ten[1], eight[1]), n, 19),
    ]  # fmt: skip


def around_a_reward(replication: int, points: str, days: float = 28.0) -> tuple[float, float]:
    """Visits before and after a first redemption over those of the same customers without it, less 1.

    Nobody leaves, so that only the pace can differ; the visit with the redemption is left out.
    """
    overrides = ("loyalty=", "market.customers=1200", "warm_up=6 months", points)
    programme, twin = followed("living", *overrides, replication=replication)
    ours, theirs = (
        v[(v["provider"] == 0) & (w.customers["base"][v["customer"]] == 1)]
        for w in (programme, twin)
        for v in (visits_of(w),)
    )
    redeemed = ours[ours["redeemed"] > 0]
    first = np.full(len(programme.customers), math.inf)
    np.minimum.at(first, redeemed["customer"], redeemed["time"])
    first[(first < days) | (first > 730.0 - days)] = math.nan

    def within(visits: np.ndarray, low: float, high: float) -> int:
        since = visits["time"] - first[visits["customer"]]
        return int(((since > low) & (since < high)).sum())

    before, after = (
        within(ours, low, high) / within(theirs, low, high) - 1.0 for low, high in ((-days, 0.0), (0.0, days))
    )
    return before, after


CARD = "programme.points={earn: 1 / visit, worth: 0.50 EUR, minimum: 8, hassle: 0 EUR, choice_scale: 0.01 EUR"


def r20(replications: int) -> list[Fact]:
    """R20: a reward within eight weeks pulls before it, and lifts after it."""
    pulled = [around_a_reward(k, CARD + ", goal: {strength: 0.323}}") for k in range(replications)]
    lifted = [around_a_reward(k, CARD + ", lift: {}}") for k in range(replications)]
    n, source = f"{replications} x 1,200 customers", "Taylor & Neslin 2005"
    return [
        Fact("R20", "shape", "visits in the four weeks before a first reward, over those without, less 1",
             "strength of the pull, on R18", 0.0, INF, f"above 0: points pressure ({source})",
             tuple(before for before, _ in pulled), n, 102),
        Fact("R20", "shape", "visits in the four weeks after it, likewise, where the next does not pull",
             "lift by its default, 5 %", 0.0, INF, f"above 0: rewarded behaviour ({source})",
             tuple(after for _, after in lifted), n, 102),
    ]  # fmt: skip


def firm_visits(replication: int, points: str) -> tuple[World, np.ndarray]:
    """The world with the programme where nobody leaves, and the visits of the cohort in it, by customer."""
    overrides = ("loyalty=", "market.customers=1200", "warm_up=6 months", points)
    programme, _ = followed("living", *overrides, replication=replication)
    v = visits_of(programme)
    v = v[(v["provider"] == 0) & (programme.customers["base"][v["customer"]] == 1)]
    return programme, v[np.lexsort((v["time"], v["customer"]))]


def over_her_rate(world: World, visits: np.ndarray, since: np.ndarray, days: float = 28.0) -> float:
    """Visits in the days after an instant of each customer (nan: none), over what her rate gives, less 1."""
    since = np.where((since > 0.0) & (since < 730.0 - days), since, math.nan)
    after = visits["time"] - since[visits["customer"]]
    expected = world.customers["rate"][~np.isnan(since)].astype(float).sum() * days
    return float(((after > 0.0) & (after < days)).sum() / expected) - 1.0


def first_redemptions(world: World, visits: np.ndarray, before: bool) -> np.ndarray:
    """Day of each customer's first redemption, or of the visit `before` it; nan: none."""
    paid = np.flatnonzero(visits["redeemed"] > 0)
    _, first = np.unique(visits["customer"][paid], return_index=True)
    rows = paid[first]
    found = np.full(len(world.customers), math.nan)
    same = visits["customer"][rows - 1] == visits["customer"][rows]
    who = visits["customer"][rows]
    found[who] = np.where(same, visits["time"][rows - 1], math.nan) if before else visits["time"][rows]
    return found


def r21(replications: int) -> list[Fact]:
    """R21: to redeem lifts purchases, before and after, although no threshold pulls."""
    free = POINTS.replace("minimum: 100, expiry: 12 months", "minimum: 1, {0}")
    assert free != POINTS
    free = free.replace("{earn", "{{earn").replace("}", "}}").replace("{0}}", "{0}")
    planned, followed_up = [], []
    for k in range(replications):
        decided = first_redemptions(*firm_visits(k, free.format("plan: {ahead: 1 s, momentum: 0}")), True)
        planned.append(over_her_rate(*firm_visits(k, free.format("plan: {}")), decided))
        world, visits = firm_visits(k, free.format("lift: {}"))
        followed_up.append(over_her_rate(world, visits, first_redemptions(world, visits, False)))
    n, source = f"{replications} x 1,200 customers", "Dorotic, Verhoef, Fok & Bijmolt 2014"
    return [
        Fact("R21", "exact",
             "visits in the four weeks from a first decision to redeem to its day, over her rate, less 1",
             "points redeemed from the first on; momentum by its default, 5 %", 0.0, INF,
             f"above 0: momentum ({source})", tuple(planned), n, 102),
        Fact("R21", "exact", "visits in the four weeks after a first redemption, likewise",
             "lift by its default, 5 %", 0.0, INF, f"above 0 ({source})", tuple(followed_up), n, 102),
    ]  # fmt: skip
