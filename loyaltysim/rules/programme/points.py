"""Points (MODEL 3.7, 3.8): earning, lots, expiry, redemption as a choice. Whole numbers throughout."""

import math

from loyaltysim.rules.compiled import rule
from loyaltysim.rules.draws import DISPLACES, REDEEM, uniform
from loyaltysim.rules.ledger import U
from loyaltysim.rules.meant import meant
from loyaltysim.rules.programme.terms import DOWN, UP
from loyaltysim.rules.variates import exponential


@rule
def earned(points, net):
    """Points for a net spend in minor units, or for the visit; nothing on what points paid."""
    if net <= 0:
        return 0
    amount = points.earn if points.per_visit == 1 else net * points.earn
    return whole_points(points, amount, points.earn_over)


@rule
def whole_points(points, amount, over):
    """Amount / over, rounded as the terms say."""
    if points.rounding == DOWN:
        return amount // over
    if points.rounding == UP:
        return (amount + over - 1) // over
    return (2 * amount + over) // (2 * over)


@rule
def mixture(points, segment):
    """Factor on the points of a basket of this segment, as a fraction: the mean over classes of products."""
    if points.mixed == 0:
        return 1, 1
    if points.mixed == 1:
        return segment.mix_times, segment.mix_over
    return segment.mix_times_before, segment.mix_over_before


@rule
def mean_factor(points, segment):
    """The same as a number."""
    if points.mixed == 0:
        return 1.0
    times, over = mixture(points, segment)
    return times / over


@rule
def earned_by_class(points, segment, net):
    """Points for a net spend whose parts earn by class of products; rounded once, for the whole basket."""
    if points.mixed == 0 or net <= 0:
        return earned(points, net)
    times, over = mixture(points, segment)
    return whole_points(points, net * points.earn * times, points.earn_over * over)


@rule
def face_value(points, number):
    """Face value of so many points, minor units, rounded to the nearest."""
    return (2 * number * points.worth + points.worth_over) // (2 * points.worth_over)


@rule
def redeemable(points, balance, price):
    """Most points she may redeem now: whole steps, within her balance and the price of the basket."""
    if balance < points.minimum:
        return 0
    number = balance // points.step * points.step
    if points.worth > 0:
        number = min(number, price * points.worth_over // points.worth // points.step * points.step)
    if number < points.minimum:
        return 0
    return number


@rule
def chance_of_redeeming(points, face):
    """P = logistic((valuation x face - hassle) / scale) at one eligible visit (E22)."""
    x = (points.valuation * face - points.hassle) / points.choice_scale
    return 1.0 / (1.0 + math.exp(-min(max(x, -700.0), 700.0)))


@rule
def redeeming_hazard(points, face):
    """-ln(1 - P) of one eligible visit: ln(1 + exp(x)), stable for large x."""
    x = (points.valuation * face - points.hassle) / points.choice_scale
    if x > 0.0:
        return x + math.log1p(math.exp(-min(x, 700.0)))
    return math.log1p(math.exp(max(x, -700.0)))


@rule
def resistance_to_redeeming(key, redemptions):
    """Exp(1), drawn once for each spell between two redemptions."""
    return exponential(uniform(key, REDEEM, 0, redemptions))


@rule
def displaces(points, key, redemptions):
    """Does this reward pay for something she would have bought anyway?"""
    return uniform(key, DISPLACES, 0, redemptions) < points.displacement


@rule
def grant(lots, month, number):
    """Add points to the lot of this month."""
    lots[month % len(lots)] += number


@rule
def take_oldest(lots, gifts, month, number, uses):
    """Take points out of the oldest lots first; of one month, what a purchase earned before what was given.

    Returns how many of them had been given; into `uses` goes of which age they are.
    """
    left = number
    given = 0
    for age in range(len(lots) - 1, -1, -1):
        place = (month - age) % len(lots)
        taken = min(left, int(lots[place]))
        lots[place] -= taken
        uses[age, U.REDEEMED] += taken
        left -= taken
        if len(gifts) > 0:
            taken = min(left, int(gifts[place]))
            gifts[place] -= taken
            uses[len(lots) + age, U.REDEEMED] += taken
            left -= taken
            given += taken
        if left == 0:
            break
    return given


@rule
def take_youngest(lots, gifts, month, number, uses):
    """Take points back out of the youngest lots first; of one month, what a purchase earned before gifts."""
    left = number
    for age in range(min(len(lots), month + 1)):
        place = (month - age) % len(lots)
        back = min(left, int(lots[place]))
        lots[place] -= back
        uses[age, U.TAKEN_BACK] += back
        left -= back
        if len(gifts) > 0:
            back = min(left, int(gifts[place]))
            gifts[place] -= back
            uses[len(lots) + age, U.TAKEN_BACK] += back
            left -= back
        if left == 0:
            break


@rule
def lapsing(points, lots, month, active_month, uses, first):
    """Points that lapse at the close of this month, taken out of the lots.

    Fixed: lots earned `validity` months before, or earlier under other terms. Rolling: everything, once so
    many months have gone by without a purchase. Into `uses`, from row `first` on, goes of which age they are.
    """
    if points.validity == 0 or len(lots) == 0:
        return 0
    gone = 0
    if points.rolling == 1:
        if month - active_month >= points.validity:
            for place in range(len(lots)):
                gone += int(lots[place])
                uses[first + (month - place) % len(lots), U.EXPIRED] += lots[place]
                lots[place] = 0
    elif points.validity < len(lots):  # otherwise there is room for more months than can have passed
        for age in range(points.validity, len(lots)):
            place = (month - age) % len(lots)
            gone += int(lots[place])
            uses[first + age, U.EXPIRED] += lots[place]
            lots[place] = 0
    return gone


@rule
def all_points(lots):
    """Empty all lots; returns what was in them."""
    gone = 0
    for place in range(len(lots)):
        gone += int(lots[place])
        lots[place] = 0
    return gone


@rule
def at_stake(points, number):
    """Face value that these points lose by the change announced, weighed by her rush, minor units."""
    if points.until == math.inf:
        return 0.0
    later = (2 * number * points.next_worth + points.next_worth_over) // (2 * points.next_worth_over)
    return points.rush * max(face_value(points, number) - later, 0)


@rule
def part_before(points, now, horizon):
    """Part of H that lies before the change announced: min(time left, H) / H; 1 when none is."""
    if points.until == math.inf:
        return 1.0
    return min(points.until - now, horizon) / horizon


@rule
def flow_value(points, basket, before):
    """Points earned by a usual purchase at her own valuation, as a share of the basket.

    `before` is the part of H under these terms; in the rest those announced hold.
    """
    if points.active == 0:
        return 0.0
    worth = points.valuation * points.worth / points.worth_over * points.earn / points.earn_over
    if before < 1.0:
        later = points.valuation * points.next_worth / points.next_worth_over
        later = later * points.next_earn / points.next_earn_over
        worth += (1.0 - before) * (later - worth)
    return worth / basket if points.per_visit == 1 else worth


@rule
def price_for_members(points, customer):
    """The price cut that she would have as a member, a share of the list price."""
    return points.member_price if meant(customer, points.price_target) else 0.0


@rule
def cash_back(points, customer):
    """The part of the net price that comes back to her as a member."""
    return points.cashback if meant(customer, points.cash_target) else 0.0


@rule
def stock_value(points, balance, basket, purchases, before):
    """Points held at her own valuation, spread over the purchases of H, as a share of the basket."""
    if points.active == 0:
        return 0.0
    stock = points.valuation * balance * points.worth / points.worth_over
    if before < 1.0:
        later = points.valuation * balance * points.next_worth / points.next_worth_over
        stock += (1.0 - before) * (later - stock)
    return stock / basket / max(purchases, 1.0)
