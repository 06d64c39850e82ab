"""A purchase: basket, offer, redemption; she pays; she earns (MODEL 2, 3.7)."""

import math

from loyaltysim.rules import returns, targeting, world
from loyaltysim.rules.compiled import rule, step
from loyaltysim.rules.desk import promise_broken, tries_herself
from loyaltysim.rules.ledger import CENT, M, V
from loyaltysim.rules.programme import cohorts, enrolment, membership, stored_value, tiers
from loyaltysim.rules.programme import points as book
from loyaltysim.rules.programme.debts import after_debt
from loyaltysim.rules.programme.gifts import welcome
from loyaltysim.rules.programme.goals import mark
from loyaltysim.rules.rivals import discount_seen
from loyaltysim.rules.state import FIRM
from loyaltysim.rules.variates import rounded


@rule
def buy(w, i, now, place, goods):
    """She buys `goods` at the firm, minor units at the reference price: offer, redemption; pays; earns."""
    c = world.customers(w)[i]
    terms = world.terms(w)[0]
    points = world.own_points(w, i)
    month = world.clock(w)[0].month
    row = world.money(w)[month, c.segment]
    if stored_value.are_kept(w):
        goods = stored_value.larger_basket(w, i, goods)
    price = rounded(goods * (1.0 + world.providers(w)[FIRM].price_level))
    identified = enrolment.shows_her_card(w, i)
    depth = discount_seen(c, world.offers(w), FIRM, now)
    discount = rounded(price * depth)
    member = rounded(price * max(depth, book.price_for_members(points, c))) - discount if identified else 0
    if membership.are_kept(w):
        member += rounded((price - discount - member) * membership.price_cut(w, i))
    due = price - discount - member
    takes_part = points.active == 1 and identified
    if takes_part and points.carded == 1:
        takes_part = world.cards(w)[i].aside == 0
    redeemed, paid, given, fulfilment = redeem(w, i, due, now) if takes_part else (0, 0, 0, 0)
    stored, bonus = stored_value.pay(w, i, now, due - paid) if stored_value.are_kept(w) else (0, 0)
    due -= bonus
    earned = book.earned_by_class(points, world.segments(w)[c.segment], due - paid) if takes_part else 0
    cash = rounded((due - paid) * book.cash_back(points, c)) if identified else 0
    net = due - paid - cash
    if tiers.hold(w, i) and identified:
        earned = tiers.with_multiplier(w, i, earned)
        tiers.qualify(w, i, now, net, earned)
    if takes_part:
        welcome(w, i)
        left = after_debt(w, i, earned)
        cohorts.count_sale(w, i, points, left, net, due + member - paid)
        row[M.REWARDS_EARNED] += (c.balance + left) // points.step - c.balance // points.step
        c.balance += left
        book.grant(world.lots(w)[i], month, left)
        if points.carded == 1 and mark(points, c.key, world.cards(w)[i], c.balance, redeemed, now):
            row[M.FIRST_REWARDS] += 1
    cost = rounded(goods * terms.goods_share)
    row[M.VISITS] += 1
    row[M.VISITS_DROP_IN] += c.home != FIRM
    if c.occasions > 0:
        row[M.REPEAT_VISITS] += 1
        if now >= 0.0 and month >= terms.warm_up:
            world.weeks(w)[min(int(now / 7.0), len(world.weeks(w)) - 1)] += 1
    row[M.LIST_SALES] += price
    row[M.DISCOUNTS] += discount
    row[M.MEMBER_DISCOUNTS] += member
    row[M.REWARDS_PAID] += paid
    row[M.CASHBACK] += cash
    row[M.REVENUE] += net
    row[M.GOODS_SOLD] += cost
    row[M.GOODS_REWARDS] += given
    row[M.FULFILMENT] += fulfilment
    row[M.POINTS_ISSUED] += earned
    row[M.POINTS_REDEEMED] += redeemed
    c.active_month = month
    if month >= terms.warm_up:
        today = CENT * math.exp(-terms.discount * now)
        value = rounded((net - stored - cost - given - fulfilment) * today)
        reward = rounded((paid + given + fulfilment + member + cash + bonus) * today)
        row[M.VALUE] += value
        row[M.REWARD_COST] += reward
        c.value += value
        c.reward_cost += reward
        c.spend += net
        c.margin += price - cost
        remember_purchase(c, now, net, terms)
    c.last_purchase = now
    if targeting.are_kept(w):
        targeting.file_purchase(w, i, now, net)
    if enrolment.kept_apart(w):
        enrolment.remember_spending(w, i, now, net, identified)
        if not enrolment.is_member(w, i):
            enrolment.perhaps_joins(w, i, now)
    if membership.are_kept(w):
        membership.enjoy(w, i, now, net)
    if returns.happen(w):
        returns.perhaps(
            w, i, now, price, discount, member, paid, cash, net, cost, earned, redeemed,
            int(identified and tiers.counts(w, i)),
            stored, bonus,
        )  # fmt: skip
    if place >= 0:
        line = world.log(w)[place]
        line.list_price = price
        line.paid = net
        line.earned = earned
        line.redeemed = redeemed


@rule
def remember_purchase(c, now, net, terms):
    """What the KPIs want to know of a purchase at the firm after month 0."""
    c.purchases += 1
    if math.isnan(c.index_purchase):
        c.index_purchase = now
    elif (
        c.repeated == 0 and math.floor(now) > math.floor(c.index_purchase) and now <= c.index_purchase + 90.0
    ):
        c.repeated = 1
    if now >= terms.year_from:
        c.spend_year += net
        c.spend_year_all += net


@step
def redeem(w, i, due, now):
    """Redeem if the hazard of redeeming has passed her resistance, and she has not planned it for later.

    Returns (points, face that pays, cost of goods given on top, fulfilment), in points and minor units.
    """
    c = world.customers(w)[i]
    points = world.own_points(w, i)
    number = book.redeemable(points, c.balance, due)
    if number == 0:
        return 0, 0, 0, 0
    face = book.face_value(points, number)
    c.reward_resistance -= book.redeeming_hazard(points, face + book.at_stake(points, number))
    if c.reward_resistance >= 0.0:
        return 0, 0, 0, 0
    if points.plan_ahead > 0.0:
        card = world.cards(w)[i]
        if card.planned == math.inf:
            card.planned = now + points.plan_ahead
        if now < card.planned:
            return 0, 0, 0, 0
        card.planned = math.inf
    pays = book.displaces(points, c.key, c.redemptions)
    uses = cohorts.uses_of(w, i)
    book.take_oldest(world.lots(w)[i], world.gifts(w)[i], world.clock(w)[0].month, number, uses)
    c.balance -= number
    c.redemptions += 1
    c.reward_resistance = book.resistance_to_redeeming(c.key, c.redemptions)
    world.money(w)[world.clock(w)[0].month, c.segment, M.REWARDS] += 1
    if pays:
        return number, min(face, due), 0, points.fulfilment
    return number, 0, rounded(face * world.terms(w)[0].goods_share), points.fulfilment


@rule
def charge(w, i, now, amount, measure):
    """The firm pays an amount on her account, minor units: into the ledger, and off her value."""
    c = world.customers(w)[i]
    row = world.money(w)[world.clock(w)[0].month, c.segment]
    row[measure] += amount
    if world.clock(w)[0].month >= world.terms(w)[0].warm_up:
        value = rounded(amount * CENT * math.exp(-world.terms(w)[0].discount * now))
        row[M.VALUE] -= value
        c.value -= value


@rule
def pay_for_service(w, i, now, wait, gave_up):
    """What this visit costs besides the clerk: a use of self-service, the item of a broken promise."""
    c = world.customers(w)[i]
    terms = world.terms(w)[0]
    row = world.service(w)[world.clock(w)[0].month, c.site]
    if tries_herself(terms, c.key, c.occasions):
        charge(w, i, now, terms.self_cost, M.SELF_SERVICE_COST)
        row[V.SELF_FAILED if c.waiting > 0 else V.SELF_SERVED] += 1
    if promise_broken(terms, wait, gave_up):
        row[V.PROMISE_BROKEN] += 1
        charge(w, i, now, terms.promise_cost, M.PROMISE_COST)


@rule
def buy_elsewhere(w, i, now, where, place, goods):
    """She buys `goods` at a rival: only the money is counted."""
    c = world.customers(w)[i]
    row = world.money(w)[world.clock(w)[0].month, c.segment]
    price = rounded(goods * (1.0 + world.providers(w)[where].price_level))
    net = price - rounded(price * discount_seen(c, world.offers(w), where, now))
    row[M.VISITS_RIVALS] += 1
    row[M.VISITS_AWAY] += c.home == FIRM
    row[M.SPEND_RIVALS] += net
    if now >= world.terms(w)[0].year_from:
        c.spend_year_all += net
    if place >= 0:
        world.log(w)[place].list_price = price
        world.log(w)[place].paid = net
