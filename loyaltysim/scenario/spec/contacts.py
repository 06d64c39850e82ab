"""Contacts with members, and a community of customers (MODEL 3.7)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from loyaltysim.scenario.quantities import Days, Money, MoneyPerMonth, Months, Name, Number, PerDay, Share
from loyaltysim.scenario.spec.base import NotNegative, Spec
from loyaltysim.scenario.spec.targeting import Target

Often = Annotated[PerDay, Field(le=1000)]


class ContactPlan(Spec):
    """Another rate of contacts for some members."""

    rate: Often
    """Contacts with each of them, such as `1 / month`; 0: none. Where several plans mean her, the least rate
    holds."""
    target: Target
    """Whom it is for, by the firm's records."""


class Contact(Spec):
    """Messages to members who consent: they bind up to what she tolerates, are a nuisance beyond it and cost
    money at any rate (Godfrey, Seiders & Voss 2011; E11, E39). Contacts remind nobody to buy.
    """

    rate: Often
    """Contacts with each member who consents, such as `2 / month`; what is not whole is drawn, month by
    month."""
    cost: Money | None = None
    """Cost of one contact, fractions of a cent included; absent: nothing."""
    consent: Share = 0.6
    """Share of customers who consent, drawn once for each."""
    target: Target | None = None
    """Who is contacted at all, by the firm's records; absent: every member who has been with the firm."""
    plans: dict[Name, ContactPlan] = Field(default_factory=dict)
    """Other rates for some, by name; absent: one rate for all."""
    asleep: Annotated[Months, Field(ge=1)] = 12
    """Months without a purchase at the firm after which a member is contacted no more."""
    gain: NotNegative = 0.5
    """Bond that the first contact leaves, CSI points; the next ones leave less, up to `most`."""
    most: NotNegative = 4.0
    """Bond to which contacts lead at most, M, CSI points."""
    fades: Annotated[Days, Field(gt=0)] = 90.0
    """Half-life of that bond, days."""
    tolerance: Often = 4.0 * 12 / 365
    """Contacts that a customer tolerates, such as `4 / month`; only those beyond strain."""
    tolerance_spread: Annotated[NotNegative, Field(le=3)] = 0.0
    """Standard deviation of the logarithm of what she tolerates, over customers; the mean is right."""
    effort: NotNegative = 0.5
    """What a contact beyond that takes from her standing at home, eta, CSI points."""
    heals: Annotated[Days, Field(gt=0)] = 60.0
    """Half-life of that strain, days."""
    unsubscribes: Annotated[Share, Field(lt=1)] = 0.02
    """Chance that a contact beyond makes her withdraw her consent, for ever."""

    @model_validator(mode="after")
    def saturates(self) -> Contact:
        """The first contact leaves less than all of them."""
        if self.gain >= self.most > 0 or self.gain > self.most:
            raise ValueError(
                f"'gain', the bond of the first contact, must be below 'most', not {self.gain:g}"
            )
        return self


class Community(Spec):
    """A community of customers, without a fee: who is satisfied joins, and who takes part is bound by it, a
    relational switching cost (Burnham, Frels & Mahajan 2003; Algesheimer, Dholakia & Herrmann 2005).
    """

    interest: Share = 0.3
    """Share of customers for whom it is something at all, drawn once for each."""
    chance: Annotated[Share, Field(gt=0)] = 0.1
    """Chance that one of them who is at home with the firm joins in a month, satisfaction being at par."""
    devotion: Number = 0.5
    """What ten CSI points of satisfaction beyond par add to the logit of that chance."""
    most: NotNegative = 5.0
    """Bond to which taking part leads, M, CSI points."""
    half_life: Annotated[Days, Field(gt=0)] = 365.0
    """Time of taking part after which half of it has grown, days."""
    fades: Annotated[Days, Field(gt=0)] = 90.0
    """Half-life of the bond of one who takes part no more, days."""
    leaves: Annotated[Share, Field(lt=1)] = 0.02
    """Chance of leaving it in a month; who leaves the firm leaves it, too."""
    cost: MoneyPerMonth | None = None
    """Cost of each who takes part, per month; absent: nothing."""
    fixed: MoneyPerMonth | None = None
    """Cost that does not depend on how many do, per month; part of the programme's fixed cost."""
