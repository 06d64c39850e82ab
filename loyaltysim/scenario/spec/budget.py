"""The budget of a programme, and what must hold of it to be signed."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from loyaltysim.scenario.quantities import Money, MoneyPerMonth, Ratio, Share
from loyaltysim.scenario.spec.base import Spec


class Limits(Spec):
    """Thresholds for go or no-go; each is judged by the end of its interval that is the worse one."""

    overspend: Annotated[Share, Field(gt=0, lt=1)] | None = None
    """Largest chance of spending more than the budget in any budget year; absent: 1 - `confidence`."""
    roi: Ratio | None = None
    """Smallest return on the programme, incremental contribution over its cost; absent: none asked for."""
    liability: Money | None = None
    """Most that may be owed at the horizon, at the asked confidence; absent: none asked for."""


class Budget(Spec):
    """What the programme may cost a year, and how sure one must be of it (`loyaltysim budget`)."""

    amount: MoneyPerMonth
    """Budget of the programme, `40000 EUR/year`; the first budget year is the twelve months from month 0."""
    counts: Literal["accrued", "cash"] = "accrued"
    """`accrued`: rewards when used, the change in what is owed, everything spent on members, the programme's
    fixed cost; `cash`: the same without the change in what is owed."""
    when_dry: Literal["overspend", "stop"] = "overspend"
    """What happens once a year's budget is spent: `overspend`: nothing; `stop`: from the close at which it
    shows nothing is given until the next budget year: no points, none for joining or birthdays, no cash
    back, member price, surprise, perks of a tier, bonus on money paid ahead, reward of a referral or offer to
    single persons, and nobody joins the club. What is held or has been paid for stays good: points, balances,
    tiers with their status, terms of the club that run; customers feel it, and `budget` tells what that
    does."""
    confidence: Annotated[Share, Field(gt=0.5, lt=1)] = 0.95
    """Chance with which the cost has to stay within the budget."""
    limits: Limits = Limits()
    """Thresholds for go or no-go."""
