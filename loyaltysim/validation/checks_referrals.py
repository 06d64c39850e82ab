"""C27 in the market: each customer refers R others, who refer R others each."""

from __future__ import annotations

import math

import numpy as np

from loyaltysim.rules.ledger import M
from loyaltysim.rules.state import FIRM
from loyaltysim.validation.verdict import Row, mean, run, share

RATE, TAKEN, DEATH, VISITS = 0.089706, 0.5, 1.0 / 6.0, 0.5  # a month; of the scenario `referred`


def reproduction() -> tuple[float, float]:
    """R of her who was there at the start, and of her who was referred, who has to buy before she speaks.

    She speaks at every close at which she lives: the sum of e^(-mu k), less those before her first visit.
    """
    closes = 1.0 / math.expm1(DEATH)
    before = 1.0 / math.expm1(DEATH + VISITS)
    return RATE * TAKEN * closes, RATE * TAKEN * (closes - before)


def families(source: np.ndarray, first: np.ndarray) -> np.ndarray:
    """How many stem from each of the first, herself included."""
    founder = np.where(first, np.arange(len(source)), -1)
    known = first.copy()
    while True:
        new = ~known & (source >= 0) & known[source]
        if not new.any():
            break
        founder[new] = founder[source[new]]
        known |= new
    return np.bincount(founder[known], minlength=len(source))[first]


def c27() -> list[Row]:
    """C27: families of 1 / (1 - R) on average; R = .2 makes 1.25."""
    (found,) = run("referred", engine="compiled")
    told = found.twin.referrals
    came = told["to"] == FIRM
    assert (told["source"][came] >= 0).all()
    first = (found.twin.customers["home"] == FIRM) & ~came  # who leaves the market keeps her home
    at_start, later = reproduction()
    made, followed = (int(found.twin.money[..., m].sum()) for m in (M.REFERRALS_HEARD, M.REFERRALS))
    sizes = families(told["source"], first)
    direct = np.bincount(told["source"][came], minlength=len(told))
    return [
        mean("C27: customers for each one at the start", 1.0 + at_start / (1.0 - later), sizes, "customers"),
        mean("C27: referrals followed, of each at the start", at_start, direct[first], "customers"),
        mean("C27: referrals followed, of each who was referred", later, direct[came], "customers"),
        share("C27: referrals followed, of those made", TAKEN, np.arange(made) < followed, "referrals"),
    ]
