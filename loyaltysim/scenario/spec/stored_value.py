"""Stored value: customers pay ahead (MODEL 3.7; E27)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from loyaltysim.scenario.quantities import Flag, Money, Months, Number, Share
from loyaltysim.scenario.spec.base import NotNegative, Positive, Spec


class BalanceRefund(Spec):
    """What becomes of a balance when she leaves: the money, or part of it, is hers if she asks for it.

    A bonus is never paid out; it is lost with the refund.
    """

    part: Share = 1.0
    """Part of the money in her balance that is paid back."""
    chance: Share = 1.0
    """Chance that she asks for it, drawn at each leaving."""
    leaving: Flag = True
    """Whether it can be had on leaving for another provider; false: on leaving the market only."""


class OpeningPurses(Spec):
    """Money that the firm's home customers have stored on the programme's first day, paid in before.

    It was received before the time simulated: for the programme on trial it is a debt taken over at month 0,
    and its cost; under the status quo it is owed in both worlds.
    """

    share: Share = 1.0
    """Share of these customers who hold some."""
    mean: Money
    """Their mean balance."""
    shape: Positive | None = None
    """Shape of the gamma distribution of balances over them; absent: all alike."""


class StoredValue(Spec):
    """Paying ahead: a round sum is paid in at the till, a bonus comes on top, both pay for purchases."""

    top_up: Money
    """What she pays in at a time, T."""
    bonus: Annotated[Share, Field(le=1)] = 0.05
    """b: what comes on top, a part of what is paid in; worth b / (1 + b) off every purchase."""
    below: Money | None = None
    """She pays in at a purchase when her balance is below this; absent: when it does not cover the price."""
    first: Literal["together", "cash", "bonus"] = "together"
    """What a purchase takes first: her money, the bonus, or both in proportion."""
    chance: Share = 0.05
    """Chance of taking it up at one purchase, of a customer with one occasion a month."""
    slope: Number = 1.0
    """How much sooner heavy buyers take it up: logit of that chance per unit of ln(her occasions a month);
    as for joining a programme, E31."""
    appeal: NotNegative = 0.0
    """Logit of that chance per currency unit of a month's bonus at her own valuation."""
    valuation: NotNegative = 1.0
    """What a unit of bonus, and of a balance that leaving would forfeit, is worth to her; 0: it does not
    bind her."""
    uplift: Annotated[Share, Field(le=1)] = 0.03
    """Part by which baskets are larger when she comes with a balance: paying ahead takes the pain out of
    paying (Prelec & Loewenstein 1998; size: SCIENCE E27, design default)."""
    expiry: Annotated[Months, Field(ge=1)] | None = None
    """Months without use after which a balance lapses; absent: never."""
    refund: BalanceRefund | None = None
    """Refund of a balance; absent: none, and who leaves the market forfeits it."""
    unclaimed: Literal["kept", "state"] = "kept"
    """Money that lapses, or that nobody asks for when she leaves the market: `kept` by the firm, breakage;
    `state`: it goes to the state where the law says so, a debt and never income. A bonus is no money."""
    opening: OpeningPurses | None = None
    """Balances held on the first day; absent: none."""
