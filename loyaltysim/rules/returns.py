"""Sales that are brought back (MODEL 3.7): the reverse of the sale, in the tender in which it was paid.

Whether and when is drawn by the occasion of the sale. It is booked at her first visit or close from that
day on, and dated that day: in the same month, since every month closes.
"""

import math

from loyaltysim.rules import world
from loyaltysim.rules.compiled import rule, step
from loyaltysim.rules.counting import note
from loyaltysim.rules.draws import BROUGHT_BACK, DAY_BACK, uniform
from loyaltysim.rules.eventlog import KINDS
from loyaltysim.rules.ledger import CENT, M, U
from loyaltysim.rules.programme import cohorts, membership, stored_value, tiers
from loyaltysim.rules.programme import points as book
from loyaltysim.rules.programme.debts import after_debt
from loyaltysim.rules.programme.enrolment import kept_apart, remember_spending
from loyaltysim.rules.state import FIRM, NOWHERE
from loyaltysim.rules.variates import rounded

RETURNED = KINDS.index("returned")


@rule
def happen(w):
    """Are sales brought back?"""
    return w.parcels_0 > 0


@step
def perhaps(
    w, i, now, price, discount, member, paid, cash, net, goods, earned, redeemed, counted, stored, bonus
):
    """A sale has been made: will it come back? Points redeemed for goods on top are none of its tender."""
    c = world.customers(w)[i]
    terms = world.terms(w)[0]
    if uniform(c.key, BROUGHT_BACK, 0, c.occasions) >= terms.returned:
        return
    p = world.parcels(w)[i][free_place(w, i, now)]
    p.open = 1
    p.due = now + terms.return_within * uniform(c.key, DAY_BACK, 0, c.occasions)
    p.occasion = c.occasions
    p.month = world.clock(w)[0].month
    p.price = price
    p.discount = discount
    p.member = member
    p.paid = paid
    p.cash = cash
    p.net = net
    p.goods = goods
    p.earned = earned
    p.redeemed = redeemed if paid > 0 else 0
    p.counted = counted
    p.stored = stored
    p.bonus = bonus


@rule
def free_place(w, i, now):
    """Where the next sale may wait; when all places are taken, the one due first comes back now."""
    parcels = world.parcels(w)[i]
    first = 0
    for k in range(len(parcels)):
        if parcels[k].open == 0:
            return k
        if parcels[k].due < parcels[first].due:
            first = k
    bring_back(w, i, first, now)
    return first


@rule
def bring_back_due(w, i, now):
    """Everything that was to come back by now has come back."""
    if not happen(w):
        return
    for k in range(len(world.parcels(w)[i])):
        if world.parcels(w)[i, k].open == 1 and world.parcels(w)[i, k].due <= now:
            bring_back(w, i, k, world.parcels(w)[i, k].due)


@step
def bring_back(w, i, k, day):
    """The reverse of a sale: goods, money and points, and what it counted for."""
    c = world.customers(w)[i]
    terms = world.terms(w)[0]
    p = world.parcels(w)[i][k]
    p.open = 0
    month = world.clock(w)[0].month
    row = world.money(w)[month, c.segment]
    restore(w, i, p.redeemed)
    charge = take_back(w, i, p.earned, p.net)
    refund = p.net - charge
    stored = stored_value.put_back(w, i, min(p.stored, refund), p.bonus) if p.stored + p.bonus > 0 else 0
    goods = rounded(p.goods * terms.resold)
    row[M.RETURNS] += 1
    row[M.REFUNDS] += refund
    row[M.CHARGED] += charge
    row[M.RETURN_COST] += terms.return_cost
    row[M.LIST_SALES] -= p.price
    row[M.DISCOUNTS] -= p.discount
    row[M.MEMBER_DISCOUNTS] -= p.member
    row[M.REWARDS_PAID] -= p.paid
    row[M.CASHBACK] -= p.cash
    row[M.REVENUE] -= refund
    row[M.GOODS_SOLD] -= goods
    if month >= terms.warm_up:
        today = CENT * math.exp(-terms.discount * day)
        value = rounded((refund - stored - goods + terms.return_cost) * today)
        reward = rounded((p.paid + p.member + p.cash + charge + p.bonus) * today)
        row[M.VALUE] -= value
        row[M.REWARD_COST] -= reward
        c.value -= value
        c.reward_cost -= reward
        c.spend -= refund
        c.margin -= p.price - goods
        if day >= terms.year_from:
            c.spend_year -= refund
            c.spend_year_all -= refund
    if kept_apart(w):
        remember_spending(w, i, day, -refund, False)
    if membership.are_kept(w):
        membership.remember(w, i, day, -refund)
    if p.counted == 1 and tiers.hold(w, i):
        tiers.disqualify(w, i, p.month, p.net, p.earned)
    place = note(w, i, RETURNED, day, FIRM, NOWHERE)
    if place >= 0:
        line = world.log(w)[place]
        line.occasion = p.occasion
        line.list_price = -p.price
        line.paid = -refund
        line.earned = -p.earned
        line.redeemed = -p.redeemed


@rule
def restore(w, i, number):
    """Points that had paid for the sale are hers again, as points of this month."""
    if number == 0:
        return
    c = world.customers(w)[i]
    month = world.clock(w)[0].month
    world.money(w)[month, c.segment, M.POINTS_RESTORED] += number
    left = after_debt(w, i, number)
    cohorts.uses_of(w, i)[0, U.RESTORED] += left
    c.balance += left
    book.grant(world.lots(w)[i], month, left)


@rule
def take_back(w, i, number, net):
    """The points that the sale earned, the youngest first; returns what those spent take off the refund."""
    if number == 0:
        return 0
    c = world.customers(w)[i]
    points = world.own_points(w, i)
    month = world.clock(w)[0].month
    row = world.money(w)[month, c.segment]
    there = min(int(c.balance), number)
    book.take_youngest(world.lots(w)[i], world.gifts(w)[i], month, there, cohorts.uses_of(w, i))
    c.balance -= there
    row[M.POINTS_TAKEN_BACK] += number
    missing = number - there
    if missing == 0:
        return 0
    if points.charges == 1:
        row[M.POINTS_CHARGED] += missing
        return min(book.face_value(points, missing), net)
    world.debts(w)[i] += missing
    return 0


@rule
def write_off(w, i):
    """Who leaves the market pays no debt; what was on its way back stays with her."""
    if not happen(w):
        return
    c = world.customers(w)[i]
    world.money(w)[world.clock(w)[0].month, c.segment, M.POINTS_WRITTEN_OFF] += world.debts(w)[i]
    world.debts(w)[i] = 0
