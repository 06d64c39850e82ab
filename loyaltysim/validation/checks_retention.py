"""C1, C2, C18: renewals, constant retention, a threshold."""

from __future__ import annotations

import math

import numpy as np
from scipy import special, stats

from loyaltysim.rules.ledger import CENT, M
from loyaltysim.validation.forms import constant_clv, sbg_del, sbg_survival
from loyaltysim.validation.verdict import YEAR, Row, counts, distribution, exactly, mean, run, share


def c1(alpha: float = 0.668, beta: float = 3.806) -> list[Row]:
    """C1: annual renewals, each customer with her own chance of leaving (sBG)."""
    name = f"sBG {alpha:g}/{beta:g}"
    (found,) = run("sbg", f"loyalty.renewal.alpha={alpha}", f"loyalty.renewal.beta={beta}")
    arm = found.programme
    never_left = arm.money[:, 0, M.BASE_NEVER_LEFT]
    year = np.floor(arm.customers["first_defection"] / YEAR)  # left at the decision of this year, from 0
    n = len(year)
    alive = [sbg_survival(alpha, beta, t) for t in range(13)]
    tail = sbg_del(alpha, beta, 0.1) - sum(alive[t] * 1.1**-t for t in range(13))
    paid = np.array([sum(1.1**-t for t in range(k + 1)) for k in range(13)])
    lived = paid[np.minimum(year, 12).astype(int)]
    rows = [share(f"{name}: S({t})", alive[t], year >= t, "customers") for t in (1, 5, 7, 12)]
    rows += [
        exactly(f"{name}: the ledger's S({t})", (year >= t).sum(), never_left[12 * t - 1], f"{n:,} customers")
        for t in (1, 12)
    ]
    rows.append(
        mean(
            f"{name}: discounted lifetime at 10 % (12 renewals simulated, the tail by formula)",
            sbg_del(alpha, beta, 0.1),
            lived + tail,
            "customers",
        )
    )
    chances = [alive[t] - alive[t + 1] for t in range(12)] + [alive[12]]
    return [*rows, counts(f"{name}: year of leaving", chances, np.minimum(year, 12), "customers")]


def c2() -> list[Row]:
    """C2: constant retention .8, margin 100 a year, interest 10 %, five payments."""
    (found,) = run("constant_retention")
    customers = found.programme.customers
    value = customers["value"] / CENT / 100.0
    paid = np.cumsum(100.0 * 1.1 ** -np.arange(5))[customers["purchases"] - 1]
    off = float(np.abs(value - paid).max())
    of = f"{len(value):,} customers"
    chances = [0.8**k * 0.2 for k in range(4)] + [0.8**4]
    return [
        mean("CLV, T = 5", constant_clv(100.0, 0.8, 0.1, 5), value, "customers"),
        exactly(
            "largest error of a customer's value, given her payments",
            0,
            round(off, 4),
            f"{len(value):,} customers",
        ),
        counts("payments of a customer, less one", chances, customers["purchases"] - 1, "customers"),
        exactly("customers who came back", 0, customers["came_back"].sum(), of),
    ]


def c18() -> list[Row]:
    """C18: leaving below a sharp threshold; the offset moves along the distribution of S - theta."""
    rows = []
    for offset in (-10.0, 0.0, 10.0):
        (found,) = run("static_threshold", f"loyalty.offset={offset:g}")
        left = np.isfinite(found.programme.customers["first_defection"])
        expected = float(special.ndtr((55.0 - 70.0 - offset) / math.hypot(12.0, 8.0)))
        rows.append(share(f"share below the threshold, offset {offset:+g}", expected, left, "customers"))
    own = found.programme.customers["threshold"]
    return [*rows, distribution("thresholds", stats.norm(55.0, 8.0).cdf, own, "customers")]
