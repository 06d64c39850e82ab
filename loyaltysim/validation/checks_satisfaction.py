"""C19: expectation follows quality."""

from __future__ import annotations

import math

import numpy as np
from scipy import stats

from loyaltysim.rules.ledger import CENT, M
from loyaltysim.validation.verdict import Row, deviation, distribution, exactly, mean, run


def treadmill() -> list[Row]:
    """C19, a step of +10: the delight of the n-th visit is 10 x .7^(n - 1), and expectation catches up."""
    (found,) = run("treadmill")
    arm = found.programme
    delight = arm.money[:, 0, M.GAP] / arm.money[:, 0, M.VISITS] / CENT
    of = f"{len(arm.customers)} customers"
    exact = [10.0 * 0.7**k for k in range(12)]
    step = 2.0**-16  # the ledger's fixed point
    rows = [
        exactly(f"delight at visit {k + 1}", exact[k], round_to(delight[k], exact[k], step), of)
        for k in range(5)
    ]
    rows.append(
        exactly("delight of 12 visits", sum(exact), round_to(delight[:12].sum(), sum(exact), 12.0 * step), of)
    )
    after = arm.customers["expectation"]
    expected = 80.0 - 10.0 * 0.7**12
    rows.append(exactly("expectation afterwards", expected, round_to(after.mean(), expected, 1e-9), of))
    return rows


def round_to(found: float, expected: float, step: float) -> float:
    """The expected figure where the one found lies within one step of it."""
    return expected if abs(found - expected) <= step else float(found)


def inconsistency(replications: int = 20) -> list[Row]:
    """C19, noise of sd 10 at kappa .3, beta .3 and .6: what unsteady quality costs."""
    found = [r.programme for r in run("inconsistency", replications=replications)]
    flows = np.array([arm.money[3:].sum(axis=(0, 1)) for arm in found])
    expectation = np.concatenate([arm.customers["expectation"] for arm in found])
    satisfaction = np.array([arm.reputation[3:, 0].mean() for arm in found])
    sd_gap = 10.0 * math.sqrt(2.0 / 1.7)
    sd_expectation = 10.0 * math.sqrt(0.3 / 1.7)
    of = f"replications of {len(found[0].customers)} customers"
    return [
        mean(
            "satisfaction",
            50.0 + 0.5 * (0.3 - 0.6) * sd_gap * math.sqrt(2.0 / math.pi),
            satisfaction,
            of,
        ),
        mean("gap", 0.0, flows[:, M.GAP] / flows[:, M.VISITS] / CENT, of),
        mean("share of visits below expectation", 0.5, flows[:, M.GAP_NEGATIVE] / flows[:, M.VISITS], of),
        deviation("sd of expectation", sd_expectation, expectation, "customers"),
        distribution("expectation", stats.norm(50.0, sd_expectation).cdf, expectation, "customers"),
    ]
