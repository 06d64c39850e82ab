"""C10, C15, C16, C21, C25, C27: forms of which the model has no process, found in two ways each."""

from __future__ import annotations

import numpy as np
from scipy import optimize

from loyaltysim.validation.forms import (
    BGNBD,
    best_acquisition,
    expected_basket,
    lives,
    quasi_stationary,
    retention_after_failure,
    ruin,
)
from loyaltysim.validation.verdict import Row, exactly

FORM = "the form"
PYRAMID = np.array([[0.60, 0.20, 0, 0], [0.10, 0.65, 0.15, 0], [0, 0.08, 0.77, 0.10], [0, 0, 0.08, 0.90]])


def published(what: str, figure: float, form: float, digits: int) -> Row:
    """A form rounded to the digits that were printed."""
    return exactly(what, figure, round(float(form), digits), FORM)


def bg_nbd() -> list[Row]:
    """C10: BG/NBD and gamma-gamma at the published parameters of CDNOW (Fader, Hardie & Lee 2005)."""
    cdnow = BGNBD(0.243, 4.414, 0.793, 2.426)
    one, large = np.array([2]), np.array([100.0])
    return [
        published("purchases by week 39", 1.1967, cdnow.mean(39.0), 4),
        published("purchases by week 52", 1.4461, cdnow.mean(52.0), 4),
        published("purchases by week 78", 1.8605, cdnow.mean(78.0), 4),
        published("alive, given 2 purchases, the last at 30.43, by 38.86", 0.7266,
                  cdnow.chance_alive(2, 30.43, 38.86), 4),
        published("purchases in the next 39 weeks, given that", 1.226,
                  cdnow.expected(2, 30.43, 38.86, 39.0), 3),
        published("mean basket", 35.22, 6.25 * 15.44 / (3.74 - 1.0), 2),
        published("mean basket, given 2 purchases of 100", 88.35,
                  expected_basket(6.25, 3.74, 15.44, one, large)[0], 2),
    ]  # fmt: skip


def random_walk() -> list[Row]:
    """C15: a walk of steps +-1 between defection (0) and devotion (10), by the form and by its chain."""
    p, start, top = 0.55, 3, 10
    win, steps = ruin(p, start, top)
    chain = np.diag(np.full(top - 2, p), 1) + np.diag(np.full(top - 2, 1.0 - p), -1)
    ends_at_top = np.zeros(top - 1)
    ends_at_top[-1] = p
    by_chain = np.linalg.solve(np.eye(top - 1) - chain, ends_at_top)[start - 1]
    return [
        published("ends devoted", 0.5225, win, 4),
        published("steps until either", 22.25, steps, 2),
        exactly("ends devoted, by the chain", round(win, 12), round(float(by_chain), 12), FORM),
        exactly("steps, by the chain", round(steps, 9), round(float(lives(chain)[start - 1]), 9), FORM),
    ]


def pyramid(customers: int = 20_000) -> list[Row]:
    """C16: a pyramid of four stages with an exit; lives by the form and by lives drawn from the chain."""
    decay, shares = quasi_stationary(PYRAMID)
    rows = [
        published(f"periods from stage {k}", figure, form, 2)
        for k, (figure, form) in enumerate(zip((9.89, 14.77, 21.21, 26.97), lives(PYRAMID), strict=True), 1)
    ]
    rows += [
        published(f"share in stage {k} of those who are left", figure, form, 3)
        for k, (figure, form) in enumerate(zip((0.028, 0.101, 0.317, 0.554), shares, strict=True), 1)
    ]
    rows.append(published("share left, period by period", 0.9573, decay, 4))
    luck = np.random.default_rng(16)
    state, lived = np.zeros(customers, int), np.zeros(customers, int)
    here = np.arange(customers)
    while here.size:
        lived[here] += 1
        moved = (luck.random(here.size)[:, None] > PYRAMID[state[here]].cumsum(axis=1)).sum(axis=1)
        state[here] = moved
        here = here[moved < len(PYRAMID)]
    error = float(lived.std(ddof=1)) / customers**0.5
    return [*rows, Row("periods from stage 1, drawn", float(lives(PYRAMID)[0]), float(lived.mean()), error,
                       f"{customers:,} chains")]  # fmt: skip


def acquisition() -> list[Row]:
    """C21: the best spending on acquisition, by the form and by search (Blattberg & Deighton 1996)."""
    spend, rate, profit = best_acquisition(0.4, 0.05, 200.0)
    found = optimize.minimize_scalar(
        lambda a: a - 0.4 * (1.0 - np.exp(-0.05 * a)) * 200.0, (1.0, 30.0), tol=1e-12
    )
    return [
        published("best spending", 27.73, spend, 2),
        published("share acquired", 0.3, rate, 3),
        published("profit", 32.27, profit, 2),
        exactly("best spending, by search", round(spend, 4), round(float(found.x), 4), FORM),
    ]


def failure_and_referral() -> list[Row]:
    """C25, C27: retention after one window of failures; customers who refer customers."""
    retention = retention_after_failure(0.1, 0.4, 0.7, 0.92, 0.63, 0.54, 0.90)
    generations = sum(0.2**k for k in range(60))
    return [
        published("C25: retention", 0.89748, retention, 5),
        published("C27: customers for each one, at .2 referrals", 1.25, 1.0 / (1.0 - 0.2), 12),
        exactly("C27: the same, generation by generation", 1.25, round(generations, 12), FORM),
    ]
