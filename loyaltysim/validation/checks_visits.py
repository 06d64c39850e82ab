"""C4, C8, C9 and CDNOW: how often customers come, how long they live, what they are worth."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np

from loyaltysim.rules.ledger import CENT, M
from loyaltysim.scenario.load import load
from loyaltysim.validation.forms import ParetoNBD, nbd, visits_in_a_life
from loyaltysim.validation.verdict import (
    MONTH,
    SHIPPED,
    WEEK,
    Row,
    counts,
    deviation,
    distribution,
    exactly,
    mean,
    run,
    share,
)

CDNOW = SHIPPED / "cdnow.yaml"
FIRST = dt.date(1997, 1, 1)
MARKS = (13, 26, 39, 52, 65, 78)  # weeks
PUBLISHED = ParetoNBD(0.553, 10.578, 0.606, 11.669)  # weeks (Fader, Hardie & Lee 2005)


def c4() -> list[Row]:
    """C4: two visits a month over a life of 20 months, margin 6, force of discount .01 a month."""
    (found,) = run("poisson_lifetime")
    arm = found.programme
    customers = arm.customers
    tail = 200.0 * math.exp(-0.06 * 60.0)
    left = arm.money[:, 0, M.LEFT_MARKET].cumsum()
    alive = customers["exits"] > 24.0 * MONTH
    chances = visits_in_a_life(2.0, 0.05, 60.0, np.arange(200))
    life = customers["exits"] / MONTH
    return [
        mean(
            "CLV (60 months simulated, the tail by formula)",
            200.0,
            customers["value"] / CENT / 100.0 + tail,
            "customers",
        ),
        share("in the market after 24 months", math.exp(-0.05 * 24.0), alive, "customers"),
        exactly("the same in the ledger", alive.sum(), len(alive) - left[23], f"{len(alive):,} customers"),
        counts("visits in 60 months", chances, customers["purchases"], "customers"),
        distribution("lifetimes", lambda x: 1.0 - np.exp(-0.05 * x), life, "customers"),
    ]


def c8() -> list[Row]:
    """C8: Poisson visits at Gamma(1.5, 1 a month) rates, three months and three more."""
    (found,) = run("nbd")
    customers = found.programme.customers
    later = customers["purchases"].astype(int)
    early = customers["occasions"].astype(int) - later
    chances = nbd(1.5, 1.0, 3.0, np.arange(60))
    rows = [
        mean("visits in 3 months", 4.5, early, "customers", math.sqrt(18.0)),
        deviation("sd of visits in 3 months", math.sqrt(18.0), early, "customers"),
    ]
    rows += [share(f"P({k})", chances[k], early == k, "customers") for k in range(6)]
    rows += [
        mean(f"visits in the next 3 months, given {x}", (1.5 + x) * 0.75, later[early == x], "customers")
        for x in (0, 1, 5)
    ]
    return [*rows, counts("visits in 3 months", chances, early, "customers")]


def c9() -> list[Row]:
    """C9: Pareto/NBD at CDNOW's parameters, all entering on day 0."""
    (found,) = run("pareto_nbd")
    arm = found.programme
    customers = arm.customers
    n = len(customers)
    weekly = arm.weeks.cumsum()
    repeats = customers["purchases"].astype(int) - 1
    rows = [
        Row(
            f"repeat purchases by week {w}",
            PUBLISHED.mean(w),
            weekly[w - 1] / n,
            math.sqrt(PUBLISHED.variance(w) / n),
            f"{n:,} customers",
        )
        for w in (39, 52, 78)
    ]
    for w in (39, 52, 78):
        rows.append(
            share(f"alive at week {w}", PUBLISHED.alive(w), customers["exits"] > w * WEEK, "customers")
        )
    rows.append(exactly("repeats by week and by customer", repeats.sum(), weekly[-1], f"{n:,} customers"))
    rows.append(counts("repeats by week 78", PUBLISHED.pmf(78.0, 60), repeats, "customers"))
    chance = PUBLISHED.chance_alive(repeats, customers["last_purchase"] / WEEK, 78.0)
    alive = customers["exits"] > 78 * WEEK
    for low, high in ((0, 0), (1, 1), (2, 3), (4, 7), (8, 10**6)):
        who = (repeats >= low) & (repeats <= high)
        p = chance[who]
        name = f"{low}" if low == high else f"{low} to {high}" if high < 10**6 else f"{low} or more"
        rows.append(
            Row(
                f"alive at week 78 given her record, {name} repeats",
                float(p.mean()),
                float(alive[who].mean()),
                float(np.sqrt((p * (1.0 - p)).sum())) / len(p),
                f"{len(p):,} customers",
            )
        )
    return rows


def entering() -> list[tuple[int, int]]:
    """Day of entry and customers of the CDNOW scenario."""
    entries = load(CDNOW).scenario.market.entries
    return [((dt.date.fromisoformat(str(e.on.value)) - FIRST).days, e.customers) for e in entries]


def cohort_mean(week: int) -> float:
    """Expected repeat purchases of the whole cohort to the end of a week."""
    return sum(n * PUBLISHED.mean((7 * week - d) / 7.0) for d, n in entering() if d < 7 * week)


def cohort_sd(week: int) -> float:
    """Standard deviation of that total over replications."""
    return math.sqrt(sum(n * PUBLISHED.variance((7 * week - d) / 7.0) for d, n in entering() if d < 7 * week))


def cdnow(replications: int = 20) -> list[Row]:
    """CDNOW: the simulated cohort at the published parameters against the Pareto/NBD of its days of entry."""
    found = [r.programme for r in run(CDNOW, replications=replications)]
    weekly = np.array([arm.weeks.cumsum() for arm in found])
    rows = [
        mean(
            f"repeat purchases by week {w}",
            cohort_mean(w),
            weekly[:, w - 1],
            "replications of 2,357 customers",
            cohort_sd(w),
        )
        for w in MARKS
    ]
    of = f"customers ({replications} replications)"
    expected = sum(n * PUBLISHED.pmf(78.0 - d / 7.0, 60) for d, n in entering()) / 2357.0
    repeats = np.concatenate([arm.customers["purchases"].astype(int) - 1 for arm in found])
    rows.append(counts("repeats by week 78", np.asarray(expected), repeats, of))
    z = (weekly[:, -1] - cohort_mean(78)) / cohort_sd(78)
    sd = cohort_sd(78)
    rows.append(
        Row(
            "sd of the total at week 78 over replications",
            sd,
            sd * math.sqrt((z @ z) / len(z)),
            sd / math.sqrt(2.0 * len(z)),
            f"{replications} replications",
        )
    )
    spend = np.concatenate([arm.customers["basket"] / 100.0 for arm in found])
    rows.append(
        distribution("mean baskets (inverse gamma)", lambda x: inverse_gamma(x, 3.74, 35.22), spend, of)
    )
    return rows


def inverse_gamma(x: np.ndarray, shape: float, mean_: float) -> np.ndarray:
    """Distribution of customers' mean baskets: p gamma / nu, nu ~ Gamma(q) (Fader, Hardie & Lee 2005)."""
    from scipy.special import gammaincc

    return np.asarray(gammaincc(shape, mean_ * (shape - 1.0) / np.asarray(x)))
