"""What a person may write in a scenario file: frozen models, one field an idea.

The docstring under a field is its help text, its hover text in an editor and its entry in the
reference. Quantities arrive here already turned into plain values (see `quantities`): durations in
days, rates per day, shares as fractions, money as `Money` (amount and currency). `lower` is the only
reader; a test demands that it reads every field.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from loyaltysim.scenario.quantities import Count, Date, Months, Name
from loyaltysim.scenario.spec.base import Normal, Spec
from loyaltysim.scenario.spec.budget import Budget, Limits
from loyaltysim.scenario.spec.contacts import Community, Contact, ContactPlan
from loyaltysim.scenario.spec.customers import (
    Basket,
    Bonds,
    Entry,
    Fit,
    Lifetime,
    Market,
    Needs,
    Occasions,
    Outside,
    Segment,
)
from loyaltysim.scenario.spec.enrolment import Enrolment
from loyaltysim.scenario.spec.events import Event
from loyaltysim.scenario.spec.failures import Failures
from loyaltysim.scenario.spec.loyalty import (
    Away,
    Experience,
    Loyalty,
    Relationship,
    Renewal,
    Reputation,
    Satisfaction,
    Waiting,
)
from loyaltysim.scenario.spec.membership import FeeRefund, Membership, OpeningMembers
from loyaltysim.scenario.spec.opening import OpeningBalances
from loyaltysim.scenario.spec.programme import DatedPoints, Instruments, PointsTerms, Programme
from loyaltysim.scenario.spec.providers import (
    Attribute,
    Claim,
    Costs,
    Firm,
    FirmAttribute,
    FirmOffer,
    Growth,
    Offer,
    Provider,
    Rival,
)
from loyaltysim.scenario.spec.rivalry import Acquisition, Approach, Reaction, Save, WinBack
from loyaltysim.scenario.spec.rollout import Rollout, Stage
from loyaltysim.scenario.spec.service import (
    Comfort,
    Information,
    Law,
    Open,
    Promise,
    SelfService,
    Service,
)
from loyaltysim.scenario.spec.stamps import Campaign, Change, Endowed, Goal, Lift, MemberPrice, Plan
from loyaltysim.scenario.spec.stored_value import BalanceRefund, OpeningPurses, StoredValue
from loyaltysim.scenario.spec.study import (
    Check,
    Finance,
    Lever,
    Observed,
    PointEstimate,
    PrepaidEstimate,
    Survey,
)
from loyaltysim.scenario.spec.surprises import Surprise
from loyaltysim.scenario.spec.talk import ReferralReward, Referrals, WordOfMouth
from loyaltysim.scenario.spec.targeting import Records, Target
from loyaltysim.scenario.spec.tiers import Perks, Tier, Tiers
from loyaltysim.scenario.spec.uncertain import Uncertainty


class Scenario(Spec):
    """One complete scenario: a market, a firm, its programme, and how long to look at them."""

    schema_version: Annotated[Literal[1], Field(alias="schema")]
    """Version of this format."""
    name: Annotated[str, Field(min_length=1, max_length=100)]
    """Title of the report."""
    question: str = ""
    """The question that the scenario answers."""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    """ISO code of the currency of every amount."""
    first_day: Date | None = None
    """Date of month 0; absent: months of 365/12 days without a calendar."""
    warm_up: Months = 0
    """Months simulated before month 0, shared by both arms."""
    horizon: Annotated[Months, Field(ge=1)]
    """Months simulated from month 0."""
    seed: Annotated[Count, Field(ge=0, le=2**63 - 1)] = 1
    """Seed of all luck."""
    replications: Annotated[Count, Field(ge=1, le=1_000_000)] = 40
    """Independent repetitions."""
    opening: Literal["at_rest", "fresh"] = "at_rest"
    """How the market starts: at rest, or everybody at par."""
    market: Market
    """The customers."""
    firm: Firm
    """The firm."""
    rivals: dict[Name, Rival] = Field(default_factory=dict)
    """The firm's rivals, by name."""
    events: tuple[Event, ...] = ()
    """What happens on a day: upgrades, drift, another price level."""
    programme: Programme | None = None
    """The programme on trial; absent: both arms are the same."""
    status_quo: Instruments | None = None
    """The programme that runs already: before month 0 in the one past, and in the twin for ever. Points,
    members and tiers reached under it are there when the programme on trial begins; absent: there is none."""
    loyalty: Loyalty | None = None
    """How standing becomes leaving; absent: nobody leaves a provider."""
    relationship: Relationship | None = None
    """Affect, trust and habit as bonds; absent: none."""
    experience: Experience | None = None
    """How expectation and satisfaction move; absent: expectation stands still and does not matter."""
    reputation: Reputation | None = None
    """How reputation moves; absent: it stands still."""
    word_of_mouth: WordOfMouth | None = None
    """What customers say of providers; absent: nobody speaks."""
    referrals: Referrals | None = None
    """How customers refer others to their home; absent: nobody does."""
    waiting: Waiting | None = None
    """What waiting costs in experience; absent: nothing."""
    satisfaction: Satisfaction = Satisfaction()
    """Named classes of satisfaction."""
    finance: Finance = Finance()
    """How money is valued."""
    survey: Survey | None = None
    """A survey of the firm's customers at the horizon; absent: nobody is asked."""
    levers: dict[Name, Lever] = Field(default_factory=dict)
    """Values that `sweep` and `frontier` move, by path, such as `firm.service.desks`."""
    uncertainties: dict[Name, Uncertainty] = Field(default_factory=dict)
    """Numbers that are not known, by path, each with the law it is drawn from; absent: all is as written."""
    replications_per_draw: Annotated[Count, Field(ge=1, le=1000)] = 2
    """Replications that share a draw of the uncertain numbers and differ by luck alone; two or more tell
    luck and what is not known apart."""
    checks: tuple[Check, ...] = ()
    """Conditions on the result."""
    observed: Observed | None = None
    """Published data drawn beside the simulation."""

    @model_validator(mode="after")
    def parts_fit(self) -> Scenario:
        """What only shows when all parts are seen together (see `coherence`)."""
        from loyaltysim.scenario.coherence import faults

        problems = faults(self)
        if problems:
            raise ValueError("\x1e".join(f"{where}\x1f{what}" for where, what in problems))
        return self


__all__ = [
    "Acquisition",
    "Approach",
    "Attribute",
    "Away",
    "BalanceRefund",
    "Basket",
    "Bonds",
    "Budget",
    "Campaign",
    "Change",
    "Check",
    "Claim",
    "Comfort",
    "Community",
    "Contact",
    "ContactPlan",
    "Costs",
    "DatedPoints",
    "Endowed",
    "Enrolment",
    "Entry",
    "Event",
    "Experience",
    "Failures",
    "FeeRefund",
    "Finance",
    "Firm",
    "FirmAttribute",
    "FirmOffer",
    "Fit",
    "Goal",
    "Growth",
    "Information",
    "Instruments",
    "Law",
    "Lever",
    "Lifetime",
    "Lift",
    "Limits",
    "Loyalty",
    "Market",
    "MemberPrice",
    "Membership",
    "Needs",
    "Normal",
    "Observed",
    "Occasions",
    "Offer",
    "Open",
    "OpeningBalances",
    "OpeningMembers",
    "OpeningPurses",
    "Outside",
    "Perks",
    "Plan",
    "PointEstimate",
    "PointsTerms",
    "PrepaidEstimate",
    "Programme",
    "Promise",
    "Provider",
    "Reaction",
    "Records",
    "ReferralReward",
    "Referrals",
    "Relationship",
    "Renewal",
    "Reputation",
    "Rival",
    "Rollout",
    "Satisfaction",
    "Save",
    "Scenario",
    "Segment",
    "SelfService",
    "Service",
    "Spec",
    "Stage",
    "StoredValue",
    "Surprise",
    "Survey",
    "Target",
    "Tier",
    "Tiers",
    "Uncertainty",
    "Waiting",
    "WinBack",
    "WordOfMouth",
]
