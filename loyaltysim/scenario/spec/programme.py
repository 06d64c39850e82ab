"""The programme: any mix of instruments (MODEL 3.7)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from loyaltysim.scenario.quantities import EarnRate, Money, MoneyPerMonth, Months, Name, Number, Points, Share
from loyaltysim.scenario.spec.base import NotNegative, Spec
from loyaltysim.scenario.spec.contacts import Community, Contact
from loyaltysim.scenario.spec.enrolment import Enrolment
from loyaltysim.scenario.spec.membership import Membership
from loyaltysim.scenario.spec.opening import OpeningBalances
from loyaltysim.scenario.spec.rivalry import Acquisition, Save, WinBack
from loyaltysim.scenario.spec.rollout import Rollout
from loyaltysim.scenario.spec.stamps import Campaign, Change, Endowed, Goal, Lift, MemberPrice, Plan
from loyaltysim.scenario.spec.stored_value import StoredValue
from loyaltysim.scenario.spec.surprises import Surprise
from loyaltysim.scenario.spec.talk import ReferralReward
from loyaltysim.scenario.spec.targeting import Target
from loyaltysim.scenario.spec.tiers import Tiers


class PointsTerms(Spec):
    """A points scheme (MODEL 3.7, 3.8)."""

    earn: EarnRate
    """Points per currency unit of net spend (`1 / EUR`), or per visit (`1 / visit`)."""
    worth: Money
    """Face value of one point."""
    minimum: Annotated[Points, Field(ge=1)] = 1
    """Smallest balance that may be redeemed, points."""
    step: Annotated[Points, Field(ge=1)] | None = None
    """Points are redeemed in multiples of this; absent: `minimum`."""
    expiry: Months | None = None
    """Months after which points lapse; absent: never."""
    expires: Literal["fixed", "rolling"] = "fixed"
    """`fixed`: a month's points lapse that many months later; `rolling`: all lapse after as many months
    without a purchase."""
    classes: dict[Name, Annotated[Number, Field(ge=0, le=100)]] = Field(default_factory=dict)
    """Factor on the points that each class of products earns, by name (`fresh: 2`, `tobacco: 0`); what is
    in no class earns once. Which segment buys how much of it is told at `market.segments.*.buys`."""
    rounding: Literal["down", "nearest", "up"] = "down"
    """How fractions of points are rounded, per basket."""
    valuation: NotNegative = 0.8
    """What a customer feels a unit of face value to be worth."""
    hassle: Money | None = None
    """What redeeming costs her in trouble; absent: 1.5 currency units."""
    choice_scale: Money | None = None
    """Scale of the logit of redeeming; absent: 1 currency unit."""
    displacement: Share = 0.4
    """Chance that a reward pays for what she would have bought anyway."""
    fulfilment: Money | None = None
    """Cost of handing out one reward, besides the goods."""
    goal: Goal | None = None
    """Pull of a reward that is near; absent: none."""
    lift: Lift | None = None
    """Lift of her pace after a reward; absent: none."""
    plan: Plan | None = None
    """Redeeming as a plan; absent: decided and done at one visit."""
    endowed: Endowed | None = None
    """Progress given with her first card; absent: none."""
    kept: Annotated[Share, Field(gt=0)] = 1.0
    """Chance that she keeps her card at a purchase before the first reward; who puts it aside collects no
    more."""
    sign_up: Points = 0
    """Points given with her first purchase under the programme."""
    birthday: Points = 0
    """Points given each year at the close of the month of her birthday, once she has bought."""
    returns: Literal["debt", "charge"] = "debt"
    """When a sale is brought back whose points she has spent: `debt`: she owes them, and later points pay
    that first; `charge`: their face value is kept from the refund."""
    opening: OpeningBalances | None = None
    """Points that customers hold on the first day; absent: none."""


class DatedPoints(PointsTerms):
    """A points scheme on trial, whose terms may change on a day."""

    target: Target | None = None
    """Whose purchases earn points, by the firm's records; absent: everybody's. What is held stays, and may be
    redeemed."""
    campaigns: tuple[Campaign, ...] = ()
    """Days of double points and the like; they do not overlap."""
    changes: tuple[Change, ...] = ()
    """Changes of these terms, in time order."""


class Instruments(Spec):
    """What a programme consists of that can be running already (MODEL 4)."""

    enrolment: Enrolment | None = None
    """How customers join; absent: every customer is a member from the start."""
    points: PointsTerms | None = None
    """Points."""
    cashback: Annotated[Share, Field(lt=1)] = 0.0
    """Part of the net price that comes back to members in cash at once, at face value; no balance."""
    cashback_target: Target | None = None
    """To whom cash comes back, by the firm's records; absent: to every member."""
    member_price: MemberPrice | None = None
    """A price cut for members at every purchase; absent: none."""
    tiers: Tiers | None = None
    """Tiers."""
    surprise: Surprise | None = None
    """Gifts that nobody promised; absent: none."""
    stored_value: StoredValue | None = None
    """Paying ahead; absent: nobody can."""
    membership: Membership | None = None
    """A club with a fee; absent: none."""
    contact: Contact | None = None
    """Contacts with members; absent: none."""
    community: Community | None = None
    """A community of customers; absent: none."""
    fixed: MoneyPerMonth | None = None
    """Fixed cost of the programme, per month."""
    acceleration: Annotated[Number, Field(ge=0, le=10)] = 1.0
    """Factor on the occasions of the firm's customers (a lever of tests; 1: none)."""


class Programme(Instruments):
    """The loyalty programme: any mix of instruments."""

    points: DatedPoints | None = None
    """Points."""

    acquisition: dict[Name, Acquisition] = Field(default_factory=dict)
    """Campaigns to win customers of rivals, by name."""
    win_back: WinBack | None = None
    """An offer to those who have left."""
    save: Save | None = None
    """An offer to those who are about to leave."""
    rollout: Rollout | None = None
    """To whom it goes; absent: to everybody. The fixed cost is paid in full as long as it goes to anybody,
    that of the status quo as long as anybody lives outside."""
    referral: ReferralReward | None = None
    """What a referral is rewarded with; absent: nothing."""
