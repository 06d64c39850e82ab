"""What must balance at every close (MODEL 6; TRUST L1, L2, L5, L7, L8, L11): whole numbers, no tolerance."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from loyaltysim.rules import world as of
from loyaltysim.rules.arrays import World
from loyaltysim.rules.ledger import POINTS_IN, B, M, U, V
from loyaltysim.rules.loading import Library
from loyaltysim.rules.programme.savings import ON_TRIAL, PAYING
from loyaltysim.rules.programme.terms import MILLIONTHS
from loyaltysim.rules.referrals import WON
from loyaltysim.rules.state import FIRM

BOOKS = Library("books", __name__)
SIGNED = {M.GAP, M.VALUE, M.CSI, M.SATISFACTION, M.SURPRISE_DELIGHT}  # measures that may be below 0
REVERSED = {  # and those that may where sales are brought back: more in a month than is sold
    M.LIST_SALES, M.DISCOUNTS, M.MEMBER_DISCOUNTS, M.REWARDS_PAID, M.CASHBACK, M.REVENUE, M.GOODS_SOLD,
    M.REWARD_COST, M.MEMBER_SPEND, M.PREPAID_SPENT, M.BONUS_SPENT, M.CLUB_SPEND,
}  # fmt: skip
FEW = [M.RECOVERED, M.COMPLAINTS, M.FAILURES, M.FAILURES_TOLERATED, M.OFFERS_REFUSED]  # never above
MANY = [M.COMPLAINTS, M.FAILURES, M.VISITS, M.FAILURES_FOLLOWED, M.OFFERS_MET]  # these


def broken(world: World, handle: np.ndarray) -> Iterator[str]:
    """Every identity that does not hold after the close that has just been made."""
    homes = np.zeros(len(world.providers), np.int64)
    held = np.zeros(world.lots.shape[1] + world.gifts.shape[1], np.int64)
    found = Found(*looked_through(handle, homes, held))
    so_far = world.money[: month(world) + 1].sum(axis=(0, 1))
    yield from broken_points(world, found, so_far)
    yield from broken_cohorts(world, held)
    yield from broken_customers(world, found, homes, so_far)
    yield from broken_stages(world)
    yield from broken_service(world)
    yield from broken_members(world, found, so_far)
    yield from broken_tiers(world)
    yield from broken_money(world, found)
    yield from broken_complaints(world)
    yield from broken_numbers(world, found)
    yield from broken_referrals(world)
    yield from broken_stored(world)
    yield from broken_club(world)
    yield from broken_causes(world)
    yield from broken_relations(world)


class Found(NamedTuple):
    """What the records of all customers say, from one look through them."""

    held: int  # points
    spent: int
    value: int
    reward_cost: int
    left: int  # customers who left the market
    present: int
    wrong_lots: int  # the first customer whose lots do not sum to her balance; -1: none
    low_lots: int  # customers with a lot below 0
    unknown: int  # present, with an expectation or a hazard that is not finite
    without_standing: int
    out_of_scale: int  # satisfactions
    joined: int  # customers who ever joined the programme
    members: int  # of those in the market


@BOOKS.entry("world wholes wholes", " ".join(["whole"] * 13))
def looked_through(handle: np.ndarray, homes: np.ndarray, lots: np.ndarray) -> tuple[int, ...]:
    """The numbers of `Found`; into `homes` goes how many are at home with each provider.

    Into `lots` go the points by place in the ring of months: of purchases, then those without a purchase.
    """
    w = handle[0]
    held = spent = value = reward_cost = left = present = 0
    wrong_lots = -1
    low_lots = unknown = without_standing = out_of_scale = joined = members = 0
    for i in range(len(of.customers(w))):
        c = of.customers(w)[i]
        held += c.balance
        spent += c.spend
        value += c.value
        reward_cost += c.reward_cost
        in_lots = 0
        low = 0
        for place in range(w.lots_1):
            number = of.lots(w)[i, place]
            in_lots += number
            lots[place] += number
            low |= number < 0
        for place in range(w.gifts_1):
            number = of.gifts(w)[i, place]
            in_lots += number
            lots[w.lots_1 + place] += number
            low |= number < 0
        low_lots += low
        if w.lots_1 > 0 and in_lots != c.balance and wrong_lots < 0:
            wrong_lots = i
        for j in range(len(homes)):
            if not (-1e6 <= of.ties(w)[i, j].satisfaction <= 1e6):
                out_of_scale += 1
        if w.members_0 > 0 and of.members(w)[i].since < math.inf:
            joined += 1
            members += c.present == 1
        if c.present == 2:
            left += 1
        if c.present == 1:
            present += 1
            if 0 <= c.home < len(homes):
                homes[c.home] += 1
            if not (math.isfinite(c.expectation) and math.isfinite(c.hazard)):
                unknown += 1
            if math.isnan(c.standing):
                without_standing += 1
    return (
        held, spent, value, reward_cost, left, present,
        wrong_lots, low_lots, unknown, without_standing, out_of_scale, joined, members,
    )  # fmt: skip


def month(world: World) -> int:
    """The month that has just closed."""
    return int(world.clock["month"][0]) - 1


def broken_points(world: World, found: Found, so_far: np.ndarray) -> Iterator[str]:
    """Issued = redeemed + expired + forfeited + outstanding, per customer and in total; no lot below 0.

    With returns: issued, less taken back, and what had paid for them, and what is no longer owed, stands on
    the left; what is owed is taken off what is outstanding.
    """
    gone = so_far[M.POINTS_REDEEMED] + so_far[M.POINTS_EXPIRED] + so_far[M.POINTS_FORFEITED]
    issued = so_far[M.POINTS_ISSUED] - so_far[M.POINTS_TAKEN_BACK] + so_far[M.POINTS_RESTORED]
    issued += so_far[M.POINTS_CHARGED] + so_far[M.POINTS_WRITTEN_OFF]
    debt = int(world.debts.sum())
    if issued != gone + found.held - debt:
        yield f"points: issued {issued} is not used {gone} + outstanding {found.held} - owed {debt}"
    if len(world.debts) and ((world.debts > 0) & (world.customers["balance"] > 0)).any():
        yield "points: somebody holds points and owes some"
    if (world.debts < 0).any() or int(world.money[month(world), :, M.POINTS_DEBT].sum()) != debt:
        yield f"points: {debt} owed by customers is not what the ledger says"
    if so_far[M.POINTS_RESTORED] > so_far[M.POINTS_REDEEMED]:
        yield "points: more are given back than were redeemed"
    if so_far[M.POINTS_TAKEN_BACK] > so_far[M.POINTS_ISSUED] or so_far[M.RETURNS] > so_far[M.VISITS]:
        yield "returns: more is brought back than was sold"
    if found.low_lots:
        yield "points: a lot is below 0"
    if found.wrong_lots >= 0:
        yield f"points: the lots of customer {found.wrong_lots} do not sum to her balance"
    outstanding = int(world.money[month(world), :, M.POINTS_OUTSTANDING].sum())
    apart = int(world.customers["balance"][: len(world.outside)] @ world.outside.astype(np.int64))
    if int(world.money[month(world), :, M.POINTS_OUTSIDE].sum()) != apart:
        yield f"points: those outside of the rollout hold {apart}, and the ledger says otherwise"
    if outstanding != found.held:
        yield f"points: {outstanding} outstanding in the ledger, {found.held} held by customers"


def broken_cohorts(world: World, in_lots: np.ndarray) -> Iterator[str]:
    """What is said of points by age is what is said of them in all; what is open of one is in its lots."""
    width, last = world.lots.shape[1], month(world)
    if width == 0:
        return
    row, uses = world.money[last].sum(axis=0), world.cohorts[last].sum(axis=(0, 1))
    used = ((U.REDEEMED, M.POINTS_REDEEMED), (U.EXPIRED, M.POINTS_EXPIRED), (U.FORFEITED, M.POINTS_FORFEITED))
    for use, measure in used:
        if uses[use] != row[measure]:
            yield f"cohorts: {uses[use]} points by age, {row[measure]} in all"
    for first, lots in ((0, world.lots), (width, world.gifts)):
        if lots.shape[1]:
            held = in_lots[first : first + width]
            unlike = np.flatnonzero(held != open_by_place(world.cohorts[: last + 1], first, width))
            if len(unlike):
                yield f"cohorts: lot {unlike[0]} of all customers is not what its months say"


def open_by_place(cohorts: np.ndarray, first: int, width: int) -> np.ndarray:
    """Points put in less points used so far, by place in the ring of months, from the row `first` on."""
    by_age = cohorts[:, :, first : first + width].sum(axis=1)
    net = by_age[:, :, : len(POINTS_IN)].sum(axis=2) - by_age[:, :, len(POINTS_IN) : U.FACE].sum(axis=2)
    place = (np.arange(len(net))[:, None] - np.arange(width)) % width
    return np.bincount(place.ravel(), net.ravel(), width).astype(np.int64)


def broken_customers(world: World, found: Found, homes: np.ndarray, so_far: np.ndarray) -> Iterator[str]:
    """Entered = at home with some provider + left the market; the ledger's stocks say the same."""
    left = found.left
    if so_far[M.ENTERED] != homes.sum() + left or so_far[M.LEFT_MARKET] != left:
        yield f"customers: entered {so_far[M.ENTERED]} is not {homes.sum()} at home + {left} left the market"
    stock = world.money[month(world)].sum(axis=0)
    if stock[M.CUSTOMERS] != found.present or stock[M.HOME_CUSTOMERS] != homes[FIRM]:
        yield f"customers: the ledger has {stock[M.CUSTOMERS]} in the market, the records {found.present}"


def broken_members(world: World, found: Found, so_far: np.ndarray) -> Iterator[str]:
    """Members are those who joined and are in the market; no more is spent by members than by all."""
    stock = world.money[month(world)].sum(axis=0)
    if so_far[M.ENROLLED] != found.joined or stock[M.MEMBERS] != found.members:
        yield (
            f"members: the ledger has {so_far[M.ENROLLED]} who joined and {stock[M.MEMBERS]} members, "
            f"the records {found.joined} and {found.members}"
        )
    if stock[M.ACTIVE_MEMBERS] > stock[M.MEMBERS]:
        yield "members: more are active than there are"
    if so_far[M.MEMBER_SPEND] > so_far[M.REVENUE] or (
        so_far[M.POINTS_GIVEN] + so_far[M.POINTS_OPENING] > so_far[M.POINTS_ISSUED]
    ):
        yield "members: they spend more than all customers, or their bonus is more than all points"


def broken_tiers(world: World) -> Iterator[str]:
    """Rises and falls account for everybody's tier; what counts in the window is the sum of its months."""
    if len(world.ranks) == 0:
        return
    if (world.ranks["counted"] < 0).any() or (world.qualified < 0).any():
        yield "tiers: somebody has done less than nothing"
    if (world.ranks["tier"] < 0).any() or (world.ranks["tier"] >= world.tiers.shape[1]).any():
        yield "tiers: somebody holds a tier that does not exist"
    rolling = (world.tiering["active"] == 1) & (world.tiering["calendar"] == 0)
    if rolling.any():
        part = world.outside if len(world.outside) else np.zeros(len(world.ranks), np.int32)
        counted = world.qualified.sum(axis=1) != world.ranks["counted"]
        unlike = np.flatnonzero(counted & rolling[part])
        if len(unlike):
            yield f"tiers: the months of customer {unlike[0]} do not sum to what counts"


def broken_stages(world: World) -> Iterator[str]:
    """Rows of the transitions are the last close's pyramid, columns this one's: all home customers."""
    if not len(world.stages):
        return
    last = month(world)
    here = world.stages[last].sum(axis=0)[1:]
    before = world.stages[last - 1].sum(axis=0)[1:] if last > 0 else np.zeros_like(here)
    if (world.stages[last].sum(axis=1)[1:] != before).any():
        yield "stages: who was in a stage at the last close is not who has moved on from it"
    if (np.bincount(world.feelings["stage"], minlength=len(world.stages[last]))[1:] != here).any():
        yield "stages: the ledger is not what the customers are"
    home = int(world.money[last, :, M.HOME_CUSTOMERS].sum())
    if here.sum() != home or world.loyalty[last, B.LOYAL :].sum() != home:
        yield f"stages: {here.sum()} customers in the pyramid, {home} at home with the firm"


def broken_service(world: World) -> Iterator[str]:
    """Arrived = served + gave up + waiting."""
    so_far = world.service[: month(world) + 1].sum(axis=0)
    waiting = world.service[month(world), :, V.WAITING]
    accounted = so_far[:, V.SERVED] + so_far[:, V.GAVE_UP] + waiting
    for site in np.flatnonzero(so_far[:, V.ARRIVED] != accounted):
        row = so_far[site]
        yield (
            f"service: site {site}: arrived {row[V.ARRIVED]} is not served {row[V.SERVED]} "
            f"+ gave up {row[V.GAVE_UP]} + waiting {waiting[site]}"
        )


def broken_money(world: World, found: Found) -> Iterator[str]:
    """Net sales = list price - price cuts - rewards that pay - cash back; what is spent is what came in.

    Each net of what was brought back; what is kept of a refund for points that were spent comes on top.
    """
    rows = world.money[: month(world) + 1].sum(axis=1)
    net = rows[:, M.LIST_SALES] - rows[:, M.DISCOUNTS] - rows[:, M.REWARDS_PAID]
    net += rows[:, M.CHARGED] - rows[:, M.MEMBER_DISCOUNTS] - rows[:, M.CASHBACK]
    net -= rows[:, M.BONUS_SPENT]
    if (rows[:, M.REVENUE] != net).any():
        yield "money: revenue is not list price less price cuts, rewards that pay and cash back"
    after = rows[int(world.terms["warm_up"][0]) :]
    if after[:, M.REVENUE].sum() != found.spent:
        yield f"money: revenue {after[:, M.REVENUE].sum()} is not what customers spent, {found.spent}"
    for measure, field in ((M.VALUE, "value"), (M.REWARD_COST, "reward_cost")):
        if after[:, measure].sum() != getattr(found, field):
            yield f"money: {field} by month is not {field} by customer"


def broken_complaints(world: World) -> Iterator[str]:
    """Recovered <= complaints <= failures <= visits; each complaint costs what it costs."""
    rows = world.money[: month(world) + 1]
    more = list(np.any(rows[..., FEW] > rows[..., MANY], axis=(0, 1)))
    if any(more[:3]):
        yield "complaints: more recovered than complained, or more complaints than failures, or than visits"
    if any(more[3:]):
        yield "measures: more was borne, or refused, than was met"
    cost = int(world.failures["cost"][FIRM]) if len(world.failures) else 0
    if (rows[..., M.RECOVERY_COST] != cost * rows[..., M.COMPLAINTS]).any():
        yield "complaints: the cost of recovery is not that of so many complaints"


def broken_numbers(world: World, found: Found) -> Iterator[str]:
    """Everything finite and within its scale."""
    if found.unknown:
        yield "numbers: an expectation or a hazard is not finite"
    if found.without_standing:
        yield "numbers: a standing is missing"
    if found.out_of_scale:
        yield "numbers: a satisfaction is out of scale"
    below = np.flatnonzero(world.money.min(axis=(0, 1)) < 0).tolist()
    if not set(below) <= ({*SIGNED, *REVERSED} if len(world.parcels) else SIGNED):
        yield "numbers: a count is negative"


def broken_referrals(world: World) -> Iterator[str]:
    """Each referral that was followed has its source and its reward; who hears is more than who follows."""
    if len(world.referrals) == 0:
        return
    rows = world.money[: month(world) + 1]
    won, followed = world.circles[:, WON], rows[..., M.REFERRALS]
    if world.referrals["won"].sum() != won.sum() or followed.sum() != won[FIRM]:
        yield f"referrals: {followed.sum()} in the ledger, {world.referrals['won'].sum()} with their sources"
    order = [rows[..., m] for m in (M.REFERRALS_REWARDED, M.REFERRALS, M.REFERRALS_HEARD)]
    if any((few > many).any() for few, many in pairwise(order)):
        yield "referrals: more rewarded than followed, or more followed than heard"
    each = int(world.referring["bonus"][0] + world.referring["welcome"][0])
    if rows[..., M.REFERRAL_COST].sum() != each * rows[..., M.REFERRALS_REWARDED].sum():
        yield "referrals: their cost is not that of so many rewards"


def broken_stored(world: World) -> Iterator[str]:
    """Paid in = spent + refunded + forfeited + outstanding; money and bonus apart, by segment."""
    if len(world.purses) == 0:
        return
    so_far = world.money[: month(world) + 1].sum(axis=0)
    for name, came, gone, held in STORED:
        outstanding = world.money[month(world), :, held]
        if (so_far[:, list(came)].sum(axis=1) != so_far[:, list(gone)].sum(axis=1) + outstanding).any():
            yield f"stored value: {name} paid in is not spent + refunded + forfeited + outstanding"
        if int(world.purses[name].sum()) != int(outstanding.sum()) or (world.purses[name] < 0).any():
            yield f"stored value: {name} held by customers is not what the ledger says, or below 0"
    if (so_far[:, M.PREPAID_REMITTED] > so_far[:, M.PREPAID_FORFEITED]).any():
        yield "stored value: more goes to the state than was forfeited"
    sold = so_far[:, M.REVENUE].sum() + so_far[:, M.CASHBACK].sum()  # cash back is paid out, whatever paid
    if not len(world.parcels) and so_far[:, M.PREPAID_SPENT].sum() > sold:
        yield "stored value: it paid for more than was sold"
    present = world.customers["present"] == 1
    used = np.isfinite(world.purses["since"])
    if so_far[:, M.PREPAID_BEGUN].sum() != used.sum() or (
        world.money[month(world), :, M.PREPAID_USERS].sum() != (used & present).sum()
    ):
        yield "stored value: those who took it up are not those who have"
    if (world.purses["cash"] + world.purses["bonus"])[~present].any():
        yield "stored value: somebody who is not in the market holds some"


STORED = (  # what came in, what went out, what is held
    (
        "cash",
        (M.PREPAID_IN, M.PREPAID_OPENING),
        (M.PREPAID_SPENT, M.PREPAID_REFUNDED, M.PREPAID_FORFEITED),
        M.PREPAID_OUTSTANDING,
    ),
    ("bonus", (M.BONUS_GRANTED,), (M.BONUS_SPENT, M.BONUS_FORFEITED), M.BONUS_OUTSTANDING),
)


def broken_club(world: World) -> Iterator[str]:
    """Fees received = earned + deferred, by segment, to the cent; members joined, and are in the market."""
    if len(world.subscriptions) == 0:
        return
    s, stock = world.subscriptions, world.money[month(world)]
    so_far = world.money[: month(world) + 1].sum(axis=0)
    came = so_far[:, M.FEES_RECEIVED] + so_far[:, M.FEES_OPENING]
    went = so_far[:, M.FEES_EARNED] + so_far[:, M.FEES_REFUNDED]
    if (came != went + stock[:, M.FEES_DEFERRED]).any():
        yield "club: fees received are not earned + refunded + deferred"
    deferred = s["fee"] - s["earned"]
    if deferred.sum() != stock[:, M.FEES_DEFERRED].sum() or (deferred < 0).any():
        yield "club: what members are owed of their fees is not what the ledger says, or below 0"
    inside = np.isin(s["state"], (ON_TRIAL, PAYING))
    if inside.sum() != stock[:, M.CLUB_MEMBERS].sum() or (world.customers["present"][inside] != 1).any():
        yield "club: its members are not those of the ledger, or somebody not in the market is one"
    if np.isfinite(s["since"]).sum() != so_far[:, M.CLUB_JOINED].sum():
        yield "club: those who joined are not those of the ledger"
    order = (M.CLUB_CONVERTED, M.CLUB_TRIALS_ENDED), (M.CLUB_RENEWED, M.CLUB_TERMS_ENDED)
    if any((so_far[:, few] > so_far[:, many]).any() for few, many in order):
        yield "club: more convert or renew than terms end"


def broken_causes(world: World) -> Iterator[str]:
    """Every defection has its cause, or none."""
    if len(world.causes) == 0:
        return
    last = month(world)
    counted, left = int(world.left_by[last].sum()), int(world.money[last, :, M.DEFECTIONS].sum())
    if counted != left:
        yield f"causes: {counted} of {left} defections are accounted for"


def broken_relations(world: World) -> Iterator[str]:
    """Contacts, consents withdrawn and the community are in the ledger what they are with customers."""
    if len(world.relations) == 0:
        return
    r, stock = world.relations, world.money[month(world)]
    so_far = world.money[: month(world) + 1].sum(axis=0)
    if r["contacts"].sum() != so_far[:, M.CONTACTS].sum():
        yield "contacts: those of customers are not those of the ledger"
    if (r["withdrawn"] == 1).sum() != so_far[:, M.UNSUBSCRIBED].sum():
        yield "contacts: those who withdrew their consent are not those of the ledger"
    prices, sent = np.unique(world.outreach["cost"]), stock[:, M.CONTACTS].sum()
    off = abs(stock[:, M.CONTACT_COST].sum() * MILLIONTHS - prices[0] * sent)
    if len(prices) == 1 and off > (MILLIONTHS * sent if prices[0] % MILLIONTHS else 0):
        yield "contacts: their cost is not that of so many contacts"
    if (np.abs(r["due"]) > MILLIONTHS // 2).any():
        yield "contacts: more than half a minor unit is not booked"
    if (stock[:, M.CONTACT_OPEN] > stock[:, M.CONTACT_KNOWN]).any():
        yield "contacts: more consent than there are"
    inside = np.isfinite(r["joined"])
    held = so_far[:, M.COMMUNITY_JOINED] - so_far[:, M.COMMUNITY_LEFT]
    if (held != stock[:, M.COMMUNITY_MEMBERS]).any() or inside.sum() != held.sum():
        yield "community: joined is not left + those who take part"
    if (world.customers["present"][inside] != 1).any():
        yield "community: somebody who is not in the market takes part"
