"""C14: who reaches a tier, and who keeps it."""

from __future__ import annotations

import numpy as np
from scipy import integrate, stats

from loyaltysim.rules.ledger import M
from loyaltysim.validation.verdict import Row, run, share

NEEDED, MEAN = 24, 20.0
UNLIKE = ("market.segments.all.occasions.shape=2",)


def poisson(rate: float) -> float:
    """Chance of enough visits in a year at this rate."""
    return float(stats.poisson.sf(NEEDED - 1, rate))


def expected(shape: float | None) -> tuple[float, float]:
    """Share who reach the tier in a year, and of those who did so once more the year after."""
    if shape is None:
        return poisson(MEAN), poisson(MEAN)
    law = stats.gamma(shape, scale=MEAN / shape)
    once, twice = (
        integrate.quad(
            lambda x, k=k: poisson(x) ** k * law.pdf(x), 0.0, 400.0, points=[10.0, 20.0, 30.0, 60.0]
        )[0]
        for k in (1, 2)
    )
    return once, twice / once


def c14() -> list[Row]:
    """C14: gold for 24 visits a year, kept by luck where all are alike, by habit where they are not."""
    rows = []
    for overrides, shape, what in (((), None, "all alike"), (UNLIKE, 2.0, "rates gamma of shape 2")):
        reach, keep = expected(shape)
        (found,) = run("tier", *overrides)
        money = found.programme.money[:, 0]
        size = len(found.programme.customers)
        gold = int(money[11, M.TIER_1])
        kept = gold - int(money[23, M.DEMOTED])
        rows.append(share(f"{what}: gold after a year", reach, np.arange(size) < gold, "customers"))
        rows.append(share(f"{what}: of these gold after another", keep, np.arange(gold) < kept, "customers"))
        rolling, _ = expected(shape)
        (found,) = run("tier", "programme.tiers.review=rolling", *overrides)
        gold = int(found.programme.money[23, 0, M.TIER_1])
        rows.append(share(f"{what}: gold at a close, rolling", rolling, np.arange(size) < gold, "customers"))
    return rows
