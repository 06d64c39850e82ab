"""How customers join the programme (MODEL 3.7; E31)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from loyaltysim.scenario.quantities import Money, Months, Number, Points, Share
from loyaltysim.scenario.spec.base import NotNegative, Spec


class Enrolment(Spec):
    """How customers join the programme (MODEL 3.7; E31): heavier buyers first."""

    chance: Share = 0.05
    """Chance of joining at one visit, of a customer with one occasion a month."""
    slope: Number = 1.0
    """How much sooner heavy buyers join: logit of that chance per unit of ln(her occasions a month), a_1
    (E31; sign: Leenheer, van Heerde, Bijmolt & Smidts 2007)."""
    appeal: NotNegative = 0.0
    """Logit of that chance per currency unit of what joining promises her: a month's points and the bonus at
    her own valuation, less `friction`; 0: the promise does not matter."""
    friction: Money | None = None
    """What joining costs her in trouble: a form, an app, her data; absent: nothing. Read with `appeal`."""
    cost: Money | None = None
    """What a new member costs the firm; absent: nothing."""
    bonus: Points = 0
    """Points for joining, issued without a purchase."""
    identified: Share = 1.0
    """Share of a member's visits that are identified (the card is shown); only these earn and redeem."""
    asleep: Annotated[Months, Field(ge=1)] = 12
    """Months without an identified purchase after which a member counts as asleep."""
