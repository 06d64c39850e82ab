"""C23: who joins a club is not what the club does."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
from scipy import integrate, stats

from loyaltysim.metrics.members import members_against_others, same_persons
from loyaltysim.metrics.terms import Terms, terms_of
from loyaltysim.metrics.view import views
from loyaltysim.record.outcome import Replication
from loyaltysim.scenario.load import load
from loyaltysim.validation.verdict import MONTH, SCENARIOS, Row, exactly, run, share

PATH = SCENARIOS / "free_club.yaml"
HORIZON = 24.0  # months
SHARP = ("programme.enrolment={chance: 8.4e-30, slope: 300}",)  # joins above 1.25 occasions a month


def averaged(of: Callable[[float], float]) -> float:
    """Mean over the customers of a function of her occasions a month, Gamma(1.5) with mean 1.5."""
    law = stats.gamma(1.5)
    cuts = [0.0, 0.3, 1.0, 1.1, 1.2, 1.25, 1.3, 1.4, 2.0, 5.0, 40.0]
    parts = pairwise(cuts)
    return sum(integrate.quad(lambda x: of(x) * law.pdf(x), a, b, limit=200)[0] for a, b in parts)


def expected(chance: float, slope: float) -> tuple[float, float, float]:
    """Share who join within the horizon, the naive lift, and how often members come for once of others.

    The club does nothing.

    Visits are Poisson at rate x, each joins with chance p, so that the time T before joining has rate p x.
    Spending before and after is x times the time spent there: a stopping time tells nothing of later visits.
    """
    a = math.log(chance / (1.0 - chance))

    def hazard(x: float) -> float:
        return x / (1.0 + math.exp(min(-a - slope * math.log(x), 700.0))) if x > 0.0 else 0.0

    def outside(x: float) -> float:
        h = hazard(x)
        return -math.expm1(-h * HORIZON) / h if h * HORIZON > 1e-12 else HORIZON

    joined = averaged(lambda x: -math.expm1(-hazard(x) * HORIZON))
    inside = averaged(lambda x: x * (HORIZON - outside(x))) / averaged(lambda x: HORIZON - outside(x))
    beside = averaged(lambda x: x * outside(x)) / averaged(outside)
    often = averaged(lambda x: -x * math.expm1(-hazard(x) * HORIZON))
    return joined, inside / beside - 1.0, often / joined * (1.0 - joined) / (1.5 - often)


def naive(found: Replication, terms: Terms) -> tuple[float, float]:
    """The naive lift of one replication, and its standard error from its customers (linearised)."""
    programme, twin = views(found, terms)
    parts = members_against_others(programme, twin)
    assert isinstance(parts, tuple)
    c, m = found.programme.customers, found.programme.members
    inside = np.maximum(HORIZON * MONTH - m["since"], 0.0)
    spend = m["spend"].astype(float)
    sums = (spend, inside, c["spend"] - spend, HORIZON * MONTH - inside)
    log_ratio = sum(sign * x / x.mean() for sign, x in zip((1, -1, -1, 1), sums, strict=True))
    lift = parts[0] / parts[1]
    return lift, (1.0 + lift) * float(np.std(log_ratio, ddof=1)) / math.sqrt(len(c))


def effects(found: Replication, terms: Terms) -> list[Row]:
    """What the same persons do with the club and without: nothing else, exactly."""
    programme, twin = views(found, terms)
    parts = same_persons(programme, twin)
    assert isinstance(parts, tuple)
    n = f"{len(found.programme.customers):,} customers"
    unlike = sum(
        int((found.programme.customers[name] != found.twin.customers[name]).sum())
        for name in ("spend", "purchases", "value", "home", "occasions")
    )
    return [
        exactly("lift of the members against their twins", 0, parts[0], n),
        exactly("records that differ from the twin's", 0, unlike, n),
    ]


def c23() -> list[Row]:
    """C23: a free club without any effect; heavy buyers join first, by chance or beyond a sharp threshold."""
    rows = []
    for overrides, chance, slope, what in (
        ((), 0.05, 1.0, "slope 1"),
        (SHARP, 8.4e-30, 300.0, "sharp"),
    ):
        (found,) = run("free_club", *overrides)
        terms = terms_of(load(PATH, overrides).scenario)
        joined = np.isfinite(found.programme.members["since"])
        chance_of_joining, lift, ratio = expected(chance, slope)
        measured, error = naive(found, terms)
        rows += [
            share(f"{what}: join within two years", chance_of_joining, joined, "customers"),
            Row(f"{what}: naive lift", lift, measured, error, f"{len(joined):,} customers"),
            *(row._replace(what=f"{what}: {row.what}") for row in effects(found, terms)),
        ]
        rates = found.programme.customers["rate"].astype(float) * MONTH
        ours, others = rates[joined], rates[~joined]
        of_members = ours.mean() / others.mean()
        error = of_members * math.sqrt(sum(x.var() / len(x) / x.mean() / x.mean() for x in (ours, others)))
        n = f"{len(joined):,} customers"
        rows.append(Row(f"{what}: rate of members over that of others", ratio, of_members, error, n))
    return rows
