"""A paid club (MODEL 3.7; E29)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from loyaltysim.scenario.quantities import Money, Months, Number, Share
from loyaltysim.scenario.spec.base import NotNegative, Spec
from loyaltysim.scenario.spec.loyalty import Renewal


class OpeningMembers(Spec):
    """Members of the club on the programme's first day, by terms paid for before.

    How much of a term is over is drawn evenly. What is not earned of their fees was received before the time
    simulated: for the programme on trial it is a debt taken over at month 0, and its cost; under the status
    quo it is owed in both worlds.
    """

    share: Share = 1.0
    """Share of the firm's home customers to whom a term is worth its fee who are members."""


class FeeRefund(Spec):
    """What becomes of a fee when its term is cancelled."""

    part: Share = 1.0
    """Part of what is left of the fee, day by day, that is paid back."""
    chance: Annotated[Share, Field(gt=0)] = 1.0
    """Chance that she cancels and asks for it, drawn at each leaving of the firm, or of the market; who
    leaves the firm and does not ask stays in the club to the end of the term."""


class Membership(Spec):
    """A club with a fee. Who expects more from a term than it costs joins: heavy buyers, whatever it does."""

    fee: Money
    """Fee of a term, paid when it begins; earned day by day over the term."""
    term: Annotated[Months, Field(ge=1)] = 12
    """Length of a term."""
    trial: Annotated[Months, Field(ge=1)] | None = None
    """First months that are free, for everybody who thinks about joining; at their end those stay for whom a
    term is worth its fee. Absent: none."""
    discount: Annotated[Share, Field(lt=1)] = 0.0
    """Price cut for members at every purchase, on what is left of the price after other price cuts."""
    worth: Money | None = None
    """What else a member gets at each purchase (delivery, a film), in money, to her; absent: nothing."""
    cost: Money | None = None
    """What that costs the firm at each purchase; absent: nothing."""
    chance: Annotated[Share, Field(gt=0)] = 0.2
    """Chance of thinking about it at one purchase at the firm, once for all."""
    taste: Money | None = None
    """Scale of what else speaks for or against it, logistic over customers, drawn once; absent: nothing does,
    and she joins exactly when what she expects exceeds the fee."""
    valuation: NotNegative = 1.0
    """What a unit of `worth`, and of a fee not used up, weighs in her standing; 0: the club binds nobody."""
    sunk_cost: Annotated[Number, Field(ge=1, le=5)] = 1.2
    """Factor on her pace at the firm while a fee is sunk, by no advantage at all (Iyengar, Park & Yu 2022:
    two thirds of the lift; size: SCIENCE E29). 1: none."""
    refund: FeeRefund | None = None
    """Fees paid back on cancelling; absent: none are."""
    opening: OpeningMembers | None = None
    """Members on the first day; absent: nobody is."""
    renewal: Renewal | None = None
    """Her own chance of not renewing after each term paid for (sBG); absent: she renews as long as the firm
    is her home."""
