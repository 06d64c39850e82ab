"""R15 to R17, R35: who responds to a programme, and in what."""

from __future__ import annotations

import math

import numpy as np

from loyaltysim.record.outcome import Replication
from loyaltysim.validation.facts import Fact, lived, of, seed_of
from loyaltysim.validation.facts_of_loyalty import INF

POINTS = "programme.points={earn: 1 / EUR, worth: 0.05 EUR, minimum: 100, expiry: 12 months}"


def thirds(replication: Replication) -> list[np.ndarray]:
    """Numbers of the base cohort's light, moderate and heavy buyers, by their rate of occasions."""
    twin = replication.twin.customers
    members = np.flatnonzero(twin["base"] == 1)
    return np.array_split(members[np.argsort(twin["rate"][members], kind="stable")], 3)


def lift(replication: Replication, who: np.ndarray) -> float:
    """Purchases under the programme over those of the same customers without it, less 1."""
    with_it, without = (
        float(arm.customers["purchases"][who].sum()) for arm in (replication.programme, replication.twin)
    )
    return with_it / without - 1.0


def r16(replications: int) -> list[Fact]:
    """R16: heavy buyers redeem most and change least."""
    found = lived("living", POINTS, replications=replications)
    lifts = np.array([[lift(r, who) for who in thirds(r)] for r in found])
    redeemed = [[float(r.programme.customers["redemptions"][who].sum()) for who in thirds(r)] for r in found]
    shares = np.array([row[2] / sum(row) for row in np.array(redeemed)])
    n, seed, source = of(found), seed_of(found), "Liu 2007"
    return [
        Fact("R16", "shape", "share of redemptions by the heaviest third of buyers", "", 0.5, 1.0,
             f"most ({source})", tuple(shares), n, seed),
        Fact("R16", "shape", "lift of purchases, light third less heavy third", "", 0.0, INF,
             f"above 0 ({source})", tuple(lifts[:, 0] - lifts[:, 2]), n, seed),
        Fact("R16", "shape", "lift of purchases, moderate third less heavy third", "", 0.0, INF,
             f"above 0 ({source})", tuple(lifts[:, 1] - lifts[:, 2]), n, seed),
        Fact("R16", "checked", "lift of purchases, heavy third", "", -0.02, 0.02, f"about 0 ({source})",
             tuple(lifts[:, 2]), n, seed),
    ]  # fmt: skip


def r17(replications: int) -> list[Fact]:
    """R17: frequent buyers earn nearly all rewards."""
    rows = []
    for rate in (0.3, 0.7, 1.5):
        found = lived("card", f"market.segments.all.occasions.mean={rate} / month", replications=replications)
        bought, earned = [], []
        for r in found:
            purchases = r.programme.customers["purchases"].astype(int)
            top = np.argsort(-purchases, kind="stable")[: len(purchases) // 5]
            bought.append(purchases[top].sum() / purchases.sum())
            earned.append(float((purchases[top] // 10).sum() / (purchases // 10).sum()))
        given = f"heterogeneity, for {np.mean(bought):.2f} of purchases by the top fifth"
        rows.append(Fact(
            "R17", "checked", f"share of the rewards of a ten-stamp card, top fifth, {rate:g} visits a month",
            given, 0.8, 1.0, "above .80, at over 2/3 of purchases (Hartmann & Viard 2008)", tuple(earned),
            of(found), seed_of(found),
        ))  # fmt: skip
    return rows


def r35(replications: int) -> list[Fact]:
    """R35: a programme moves what customers do more than what they feel."""
    found = lived("living", POINTS, replications=replications)
    gaps = []
    for r in found:
        who = r.twin.customers["base"] == 1
        done = [arm.customers["purchases"][who].astype(float) for arm in (r.programme, r.twin)]
        felt = [arm.satisfaction_12[who] for arm in (r.programme, r.twin)]
        gaps.append(effect(*done) - abs(effect(*felt)))
    return [
        Fact("R35", "shape", "effect on purchases less the size of that on satisfaction (sd)",
             "", 0.0, INF, "above 0 (Belli et al. 2022, 429 effects)", tuple(gaps), of(found),
             seed_of(found)),
    ]  # fmt: skip


def effect(with_it: np.ndarray, without: np.ndarray) -> float:
    """Difference of means in standard deviations between customers of the twin."""
    return float(np.nanmean(with_it) - np.nanmean(without)) / max(float(np.nanstd(without)), math.ulp(1.0))
