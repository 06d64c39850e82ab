"""MODEL 6: money that comes back and money that is not asked for keep customers alike."""

from __future__ import annotations

import math

import numpy as np

from loyaltysim.rules.ledger import M
from loyaltysim.validation.verdict import SCENARIOS, Row, run

LIVING = SCENARIOS / "facts" / "living.yaml"
REPLICATIONS = 10


def defection(*overrides: str) -> np.ndarray:
    """Yearly rate of leaving of the firm's customers after a warm-up of two years, by replication."""
    found = run(LIVING, "market.customers=3000", *overrides, replications=REPLICATIONS, engine="compiled")
    sums = [r.twin.money[r.warm_up :].sum(axis=(0, 1)) for r in found]
    return np.array([12.0 * s[M.DEFECTIONS] / s[M.HOME_CUSTOMERS] for s in sums])


def difference(what: str, values: np.ndarray) -> Row:
    """The mean of paired differences, that is to be 0."""
    error = float(values.std(ddof=1)) / math.sqrt(len(values))
    return Row(what, 0.0, float(values.mean()), error, f"{REPLICATIONS} x 3,000 customers at the start")


def back_or_off() -> list[Row]:
    """Cash back of 10 % and prices 10 % lower, two years on, in a market that learns, forgets and talks."""
    back, off = defection("status_quo.cashback=10 %"), defection("firm.price_level=-10 %")
    return [difference("yearly defection, prices lower less cash back", off - back)]


def neither() -> np.ndarray:
    """What cash back of 10 % takes off the yearly defection, by replication: what the check could miss."""
    return defection() - defection("status_quo.cashback=10 %")
