"""What the programme has cost so far, read off the ledger of money: what a cap looks at (MODEL 3.14)."""

from __future__ import annotations

import numpy as np

from loyaltysim.rules.ledger import CENT, MONEY
from loyaltysim.scenario.lower_cap import Cap

MONTH = 365.0 / 12.0  # days
COST, OPEN, OUTSIDE, BONUS, OPENING = (
    MONEY.index(name)
    for name in ("reward_cost", "points_outstanding", "points_outside", "bonus_outstanding", "points_opening")
)


def spent(money: np.ndarray, cap: Cap, warm_up: int, first: int, until: int) -> float:
    """Cost of the programme in the months `first` to `until` - 1 of the run, minor units.

    As `metrics.budget.yearly_cost` counts it: rewards when used, with the ledger's discount undone at the
    middle of each month, the programme's fixed cost; `accrued` also the change in what is owed in rewards.
    """
    months = np.arange(first, until)
    undone = (1.0 + cap.discount) ** ((months - warm_up + 0.5) * MONTH / 365.0)
    cost = float((money[first:until, :, COST].sum(axis=1) / CENT * undone).sum()) + cap.fixed * len(months)
    if cap.accrued:
        cost += owed(money, cap, warm_up, until - 1) - owed(money, cap, warm_up, first - 1)
    return cost


def owed(money: np.ndarray, cap: Cap, warm_up: int, month: int) -> float:
    """What is owed in rewards at the close of a month of the run; before the first what is held that day."""
    if month < 0:
        return float(money[0, :, OPENING].sum()) * cap.before if cap.inherits else 0.0
    held, outside, bonus = (int(money[month, :, place].sum()) for place in (OPEN, OUTSIDE, BONUS))
    point = cap.points[month] if month >= warm_up else cap.before
    return (held - outside) * point + outside * cap.before + cap.bonus * bonus
