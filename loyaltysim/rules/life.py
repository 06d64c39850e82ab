"""The order of one life, told once: enter, choose, visit, close. Both engines call these functions.

They take the record of a whole world (`rules.world`) and a customer's number; the rules that they call
take the few records that they need. At each instant the order is that of MODEL 2: has she left her
home, where does she go, the line, the experience, the purchase, her standing from now on.
"""

import math

from loyaltysim.rules import world
from loyaltysim.rules.compiled import step
from loyaltysim.rules.desk import patience, service_time
from loyaltysim.rules.draws import CATCHMENT, FIT, SEGMENT, uniform
from loyaltysim.rules.experience import clipped, delivered, fade, feel, satisfaction_class, visit_mood
from loyaltysim.rules.loyalty import own_staying, own_threshold, resistance
from loyaltysim.rules.occasions import (
    arrival_at,
    basket,
    first_gap,
    gap,
    next_occasion,
    own_basket,
    own_exit,
    own_rate,
)
from loyaltysim.rules.programme import points as book
from loyaltysim.rules.rivals import discount_seen, sees
from loyaltysim.rules.standing import best_home, decide, first_home, has_left, move, satisfaction_at, stand
from loyaltysim.rules.state import CENT, FIRM, MILLISECONDS, NOWHERE, SQUARE, WAIT_BINS, M, V
from loyaltysim.rules.variates import normal, rounded

LATER = -2  # her arrival is still to come: ask again then
GONE = -1  # she has left the market
ENTERED, VISIT, GAVE_UP, MOVED, EXPIRED, LEFT_MARKET = 0, 1, 2, 3, 4, 5

_OCCASIONS, _VISITS, _VISITS_RIVALS, _REPEAT = M.OCCASIONS, M.VISITS, M.VISITS_RIVALS, M.REPEAT_VISITS
_LIST, _DISCOUNTS, _REWARDS_PAID, _REVENUE = M.LIST_SALES, M.DISCOUNTS, M.REWARDS_PAID, M.REVENUE
_GOODS_SOLD, _GOODS_REWARDS, _FULFILMENT = M.GOODS_SOLD, M.GOODS_REWARDS, M.FULFILMENT
_SPEND_RIVALS, _VALUE, _REWARD_COST = M.SPEND_RIVALS, M.VALUE, M.REWARD_COST
_REWARDS, _EARNED_REWARDS = M.REWARDS, M.REWARDS_EARNED
_ISSUED, _REDEEMED, _EXPIRED, _FORFEITED = (
    M.POINTS_ISSUED, M.POINTS_REDEEMED, M.POINTS_EXPIRED, M.POINTS_FORFEITED,
)  # fmt: skip
_CSI, _CSI_SQUARES, _GAP, _GAP_NEGATIVE = M.CSI, M.CSI_SQUARES, M.GAP, M.GAP_NEGATIVE
_ENTERED, _LEFT = M.ENTERED, M.LEFT_MARKET
_DEFECTIONS, _DEFECTIONS_SATISFIED = M.DEFECTIONS, M.DEFECTIONS_SATISFIED
_ACQUIRED, _WINBACKS = M.ACQUIRED, M.WINBACKS
_CUSTOMERS, _HOME, _ACTIVE, _SATISFACTION = M.CUSTOMERS, M.HOME_CUSTOMERS, M.ACTIVE_12M, M.SATISFACTION
_NEVER_LEFT, _BASE_HOME, _OUTSTANDING = M.BASE_NEVER_LEFT, M.BASE_HOME, M.POINTS_OUTSTANDING
_ARRIVED, _SERVED, _GAVE_UP = V.ARRIVED, V.SERVED, V.GAVE_UP
_WAIT, _BUSY, _STAFFED, _WAITING = V.WAIT_MS, V.BUSY_MS, V.STAFFED_MS, V.WAITING


@step
def create(w, i, key, enters):
    """Draw once what she is: segment, rate, basket, threshold, fit, lifetime; she enters later."""
    c = world.customers(w)[i]
    c.key = key
    u = uniform(key, SEGMENT, 0, 0)
    place = 0
    while place < len(world.segments(w)) - 1 and u >= world.segments(w)[place].up_to:
        place += 1
    c.segment = place
    segment = world.segments(w)[place]
    c.rate = own_rate(key, segment, world.tables(w))
    c.basket = own_basket(key, segment, world.tables(w))
    c.threshold = own_threshold(key, segment)
    c.stays = own_staying(key, world.terms(w)[0], world.tables(w))
    c.enters = enters
    c.site = min(int(uniform(key, CATCHMENT, 0, 0) * world.terms(w)[0].sites), world.terms(w)[0].sites - 1)
    c.exits = own_exit(key, segment, world.tables(w), enters)
    for j in range(len(world.providers(w))):
        world.ties(w)[i][j].fit = segment.fit_sd * normal(uniform(key, FIT, world.providers(w)[j].luck, 0))
    c.home = NOWHERE
    c.home_12 = NOWHERE
    c.home_24 = NOWHERE
    c.home_36 = NOWHERE
    c.barred = NOWHERE
    c.arrival = math.nan
    c.occasion = math.nan
    c.last_purchase = -math.inf
    c.index_purchase = math.nan
    c.first_defection = math.inf
    c.standing = math.nan
    world.satisfaction_12(w)[i] = math.nan


@step
def enter(w, i, now, at_start):
    """She enters the market now: a home, an expectation, a first occasion ahead."""
    terms = world.terms(w)[0]
    c = world.customers(w)[i]
    segment = world.segments(w)[c.segment]
    ties = world.ties(w)[i]
    c.present = 1
    c.felt_at = now
    c.counted_from = now
    c.hazard_from = now
    c.resistance = resistance(c.key, 0)
    c.reward_resistance = book.resistance_to_redeeming(c.key, 0)
    c.gap = first_gap(c.key, segment, world.tables(w))
    if at_start:
        c.home = first_home(world.intercepts(w)[c.segment], c, ties, world.providers(w))
        at_par = terms.fresh == 1
        tie = ties[c.home]
        reputation = world.providers(w)[c.home].reputation
        tie.satisfaction = reputation if at_par else clipped(reputation + float(tie.fit))
        tie.visits = 1.0 / terms.memory
        c.expectation = tie.satisfaction
    else:
        c.home = max(
            best_home(
                terms, segment, c, ties, world.providers(w), world.offers(w), world.points(w)[0], now, -1, 0
            ),
            FIRM,
        )
        c.expectation = world.providers(w)[c.home].reputation
        if terms.entry_purchase == 1:
            c.gap = 0.0
            c.newcomer = 1
    stand(terms, segment, c, ties, world.providers(w), world.offers(w), world.points(w)[0], now, False)
    c.class_close = satisfaction_class(
        world.cuts(w), satisfaction_at(ties[c.home], world.providers(w)[c.home])
    )
    world.money(w)[world.clock(w)[0].month, c.segment, _ENTERED] += 1
    note(w, i, ENTERED, now, int(c.home), NOWHERE)


@step
def note(w, i, kind, now, provider, other):
    """Write a line into the log, if she is followed; returns its place, or -1."""
    followed = world.clock(w)[0].logged
    if followed == -2 or (followed >= 0 and followed != i) or world.logged(w)[0] >= len(world.log(w)):
        return -1
    place = world.logged(w)[0]
    world.logged(w)[0] = place + 1
    line = world.log(w)[place]
    c = world.customers(w)[i]
    line.time = now
    line.customer = i
    line.kind = kind
    line.provider = provider
    line.other = other
    line.occasion = c.occasions
    line.wait = 0.0
    line.csi = 0.0
    line.expectation = c.expectation
    line.satisfaction = 0.0
    line.standing = c.standing
    line.list_price = 0
    line.paid = 0
    line.earned = 0
    line.redeemed = 0
    line.balance = c.balance
    return place


@step
def begin_month(w, i, now):
    """Her next arrival, or nan when her next occasion lies beyond the running month."""
    c = world.customers(w)[i]
    if c.present != 1 or not math.isnan(c.arrival):
        return c.arrival
    return plan(w, i, now)


@step
def plan(w, i, now):
    """Spend the gap to her next occasion; returns the arrival it leads to, not before `now`, or nan."""
    c = world.customers(w)[i]
    c.arrival = math.nan
    day = next_occasion(c, world.closes(w), world.seasons(w), world.clock(w)[0].month, world.points(w)[0])
    if math.isnan(day) or day >= c.exits:
        return c.arrival
    c.occasion = day
    c.arrival = arrival_at(world.terms(w)[0], day, now) if c.home == FIRM else max(day, now)
    return c.arrival


@step
def leave_if_due(w, i, now):
    """Has she left her home since? Then draw the new one, as often as crossings call for it."""
    c = world.customers(w)[i]
    terms = world.terms(w)[0]
    segment = world.segments(w)[c.segment]
    while has_left(c, now):
        old = int(c.home)
        satisfied = c.class_close >= terms.classes - 2
        day = move(
            terms, segment, c, world.ties(w)[i], world.providers(w), world.offers(w), world.points(w)[0], now
        )
        stand(
            terms,
            segment,
            c,
            world.ties(w)[i],
            world.providers(w),
            world.offers(w),
            world.points(w)[0],
            now,
            False,
        )
        if c.home != old:
            count_move(w, i, old, day, satisfied)
            note(w, i, MOVED, day, int(c.home), old)


@step
def count_move(w, i, old, day, satisfied):
    """Enter a change of home into the ledgers."""
    c = world.customers(w)[i]
    row = world.money(w)[world.clock(w)[0].month, c.segment]
    if old == FIRM:
        row[_DEFECTIONS] += 1
        if satisfied:
            row[_DEFECTIONS_SATISFIED] += 1
        if world.clock(w)[0].month >= world.terms(w)[0].warm_up and day < c.first_defection:
            c.first_defection = day
    elif c.home == FIRM:
        if world.ties(w)[i][FIRM].visits > 0.0:
            row[_WINBACKS] += 1
            c.came_back = 1
        else:
            row[_ACQUIRED] += 1


@step
def choose(w, i, now):
    """An occasion has come: where does she go? Returns (provider, LATER or GONE, patience, service time)."""
    c = world.customers(w)[i]
    terms = world.terms(w)[0]
    if c.present != 1:
        return GONE, 0.0, 0.0
    if c.decided == 0 and c.newcomer == 0:
        c.decided = 1
        decide(terms, c, now)
    was_elsewhere = c.home != FIRM
    leave_if_due(w, i, now)
    if c.home != FIRM:
        return int(c.home), 0.0, 0.0
    if was_elsewhere:
        c.arrival = arrival_at(terms, c.occasion, now)
        if c.arrival > now:
            return LATER, 0.0, 0.0
    if terms.desks > 0:
        c.waiting = 1
        world.service(w)[world.clock(w)[0].month, c.site, _ARRIVED] += 1
    return at_the_desk(w, i)


@step
def at_the_desk(w, i):
    """What she brings to the line: (the firm, patience, service time)."""
    c = world.customers(w)[i]
    terms = world.terms(w)[0]
    if terms.desks == 0:
        return FIRM, 0.0, 0.0
    return FIRM, patience(terms, c.key, c.occasions), service_time(terms, c.key, c.occasions)


@step
def visit(w, i, now, where, service, gave_up):
    """Everything that a visit changes, at the instant when service begins or she gives up.

    Returns her next arrival, or nan when it lies beyond the running month.
    """
    c = world.customers(w)[i]
    terms = world.terms(w)[0]
    segment = world.segments(w)[c.segment]
    ties = world.ties(w)[i]
    provider = world.providers(w)[where]
    wait = now - c.arrival
    fade(terms, world.clock(w)[0], c, ties, world.providers(w), now)
    mood = visit_mood(c.key, c.occasions)
    csi = delivered(
        terms, segment, world.weights(w)[c.segment], world.levels(w)[where], world.spreads(w)[where],
        provider.price_level, float(ties[where].fit), mood, wait,
    )  # fmt: skip
    place = note(w, i, GAVE_UP if gave_up else VISIT, now, where, NOWHERE)
    if where == FIRM:
        count_service(w, i, csi, wait, service, gave_up)
    s = feel(terms, c, ties[where], provider.reputation, csi)
    provider.lived += rounded(s * CENT)
    provider.visits += 1
    world.money(w)[world.clock(w)[0].month, c.segment, _OCCASIONS] += 1
    if not gave_up:
        if where == FIRM:
            buy(w, i, now, place)
        else:
            buy_elsewhere(w, i, now, where, place)
    stand(terms, segment, c, ties, world.providers(w), world.offers(w), world.points(w)[0], now, False)
    if place >= 0:
        line = world.log(w)[place]
        line.wait = wait
        line.csi = csi
        line.satisfaction = satisfaction_at(ties[where], provider)
        line.standing = c.standing
        line.balance = c.balance
    c.waiting = 0
    c.occasions += 1
    c.decided = 0
    c.newcomer = 0
    c.counted_from = c.occasion
    c.gap = gap(c.key, segment, world.tables(w), c.occasions)
    return plan(w, i, now)


@step
def count_service(w, i, csi, wait, service, gave_up):
    """Enter a visit to the firm into the ledgers of service and of experience."""
    c = world.customers(w)[i]
    month = world.clock(w)[0].month
    if world.terms(w)[0].desks > 0:
        row = world.service(w)[month, c.site]
        row[_GAVE_UP if gave_up else _SERVED] += 1
        row[_WAIT] += rounded(wait * MILLISECONDS)
        if not gave_up:
            row[_BUSY] += rounded(service * MILLISECONDS)
        if month >= world.terms(w)[0].warm_up:
            world.waits(w)[c.site, min(int(wait * 86400.0), WAIT_BINS - 1)] += 1
    if not gave_up:
        row = world.money(w)[month, c.segment]
        apart = csi - c.expectation
        row[_CSI] += rounded(csi * CENT)
        row[_CSI_SQUARES] += rounded(csi * csi * SQUARE)
        row[_GAP] += rounded(apart * CENT)
        if apart < 0.0:
            row[_GAP_NEGATIVE] += 1


@step
def buy(w, i, now, place):
    """She buys at the firm: basket, offer, redemption; pays; earns."""
    c = world.customers(w)[i]
    terms = world.terms(w)[0]
    points = world.points(w)[0]
    month = world.clock(w)[0].month
    row = world.money(w)[month, c.segment]
    goods = basket(c, world.segments(w)[c.segment], world.tables(w), c.occasions)
    price = rounded(goods * (1.0 + world.providers(w)[FIRM].price_level))
    discount = rounded(price * discount_seen(c.key, world.offers(w), FIRM, now))
    due = price - discount
    redeemed, paid, given, fulfilment = redeem(w, i, due) if points.active == 1 else (0, 0, 0, 0)
    net = due - paid
    earned = book.earned(points, net) if points.active == 1 else 0
    if points.active == 1:
        row[_EARNED_REWARDS] += (c.balance + earned) // points.step - c.balance // points.step
        c.balance += earned
        book.grant(world.lots(w)[i], month, earned)
    cost = rounded(goods * terms.goods_share)
    row[_VISITS] += 1
    if c.occasions > 0:
        row[_REPEAT] += 1
        if now >= 0.0 and month >= terms.warm_up:
            world.weeks(w)[min(int(now / 7.0), len(world.weeks(w)) - 1)] += 1
    row[_LIST] += price
    row[_DISCOUNTS] += discount
    row[_REWARDS_PAID] += paid
    row[_REVENUE] += net
    row[_GOODS_SOLD] += cost
    row[_GOODS_REWARDS] += given
    row[_FULFILMENT] += fulfilment
    row[_ISSUED] += earned
    row[_REDEEMED] += redeemed
    c.active_month = month
    if month >= terms.warm_up:
        today = CENT * math.exp(-terms.discount * now)
        value = rounded((net - cost - given - fulfilment) * today)
        reward = rounded((paid + given + fulfilment) * today)
        row[_VALUE] += value
        row[_REWARD_COST] += reward
        c.value += value
        c.reward_cost += reward
        c.spend += net
        remember_purchase(c, now, net, terms)
    c.last_purchase = now
    if place >= 0:
        line = world.log(w)[place]
        line.list_price = price
        line.paid = net
        line.earned = earned
        line.redeemed = redeemed


@step
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
def redeem(w, i, due):
    """Redeem if the hazard of redeeming has passed her resistance.

    Returns (points, face that pays, cost of goods given on top, fulfilment), in points and minor units.
    """
    c = world.customers(w)[i]
    points = world.points(w)[0]
    number = book.redeemable(points, c.balance, due)
    if number == 0:
        return 0, 0, 0, 0
    face = book.face_value(points, number)
    c.reward_hazard += book.redeeming_hazard(points, face)
    if c.reward_hazard <= c.reward_resistance:
        return 0, 0, 0, 0
    pays = book.displaces(points, c.key, c.redemptions)
    book.take_oldest(world.lots(w)[i], world.clock(w)[0].month, number)
    c.balance -= number
    c.redemptions += 1
    c.reward_hazard = 0.0
    c.reward_resistance = book.resistance_to_redeeming(c.key, c.redemptions)
    world.money(w)[world.clock(w)[0].month, c.segment, _REWARDS] += 1
    if pays:
        return number, min(face, due), 0, points.fulfilment
    return number, 0, rounded(face * world.terms(w)[0].goods_share), points.fulfilment


@step
def buy_elsewhere(w, i, now, where, place):
    """She buys at a rival: only the money is counted."""
    c = world.customers(w)[i]
    row = world.money(w)[world.clock(w)[0].month, c.segment]
    goods = basket(c, world.segments(w)[c.segment], world.tables(w), c.occasions)
    price = rounded(goods * (1.0 + world.providers(w)[where].price_level))
    net = price - rounded(price * discount_seen(c.key, world.offers(w), where, now))
    row[_VISITS_RIVALS] += 1
    row[_SPEND_RIVALS] += net
    if now >= world.terms(w)[0].year_from:
        c.spend_year_all += net
    if place >= 0:
        world.log(w)[place].list_price = price
        world.log(w)[place].paid = net


@step
def offer_turns(w, i, offer, now):
    """An offer begins or ends: whoever sees it stands differently from now on."""
    c = world.customers(w)[i]
    if c.present != 1 or not sees(c.key, world.offers(w)[offer]):
        return
    fade(world.terms(w)[0], world.clock(w)[0], c, world.ties(w)[i], world.providers(w), now)
    stand(
        world.terms(w)[0],
        world.segments(w)[c.segment],
        c,
        world.ties(w)[i],
        world.providers(w),
        world.offers(w),
        world.points(w)[0],
        now,
        False,
    )


@step
def close_customer(w, i, now):
    """Her part of the month's close: leaving, market exit, decay and drift, expiry (MODEL 3.15)."""
    c = world.customers(w)[i]
    if c.present != 1:
        return
    month = world.clock(w)[0].month
    row = world.money(w)[month, c.segment]
    leave_if_due(w, i, min(now, c.exits))
    if c.exits <= now and c.waiting == 0:
        c.present = 2
        row[_LEFT] += 1
        row[_FORFEITED] += c.balance
        c.balance = 0
        book.all_points(world.lots(w)[i])
        c.arrival = math.nan
        note(w, i, LEFT_MARKET, c.exits, int(c.home), NOWHERE)
        return
    fade(world.terms(w)[0], world.clock(w)[0], c, world.ties(w)[i], world.providers(w), now)
    if world.points(w)[0].active == 1:
        lapsed = book.lapsing(world.points(w)[0], world.lots(w)[i], month, c.active_month)
        c.balance -= lapsed
        row[_EXPIRED] += lapsed
        if lapsed > 0:
            place = note(w, i, EXPIRED, now, FIRM, NOWHERE)
            if place >= 0:
                world.log(w)[place].redeemed = lapsed


@step
def close_market(w):
    """At the close reputations follow what was lived; the norm follows the reputations (MODEL 3.5)."""
    terms = world.terms(w)[0]
    total = 0.0
    active = 0
    for j in range(len(world.providers(w))):
        p = world.providers(w)[j]
        if p.visits > 0 and terms.reputation_speed > 0.0:
            p.reputation += terms.reputation_speed * (p.lived / CENT / p.visits - p.reputation)
        p.lived = 0
        p.visits = 0
        if p.awareness > 0.0:
            total += p.reputation
            active += 1
    world.clock(w)[0].norm = total / active


@step
def take_stock(w, i, now):
    """After the close: her standing with the new reputations, and her line in the stocks."""
    c = world.customers(w)[i]
    if c.present != 1:
        return
    terms = world.terms(w)[0]
    stand(
        terms,
        world.segments(w)[c.segment],
        c,
        world.ties(w)[i],
        world.providers(w),
        world.offers(w),
        world.points(w)[0],
        now,
        True,
    )
    satisfaction = satisfaction_at(world.ties(w)[i][c.home], world.providers(w)[c.home])
    c.class_close = satisfaction_class(world.cuts(w), satisfaction)
    row = world.money(w)[world.clock(w)[0].month, c.segment]
    row[_CUSTOMERS] += 1
    row[_OUTSTANDING] += c.balance
    if float(c.last_purchase) > now - 365.0:
        row[_ACTIVE] += 1
    if c.home == FIRM:
        row[_HOME] += 1
        row[_SATISFACTION] += rounded(satisfaction * CENT)
    if c.base == 1:
        if c.home == FIRM:
            row[_BASE_HOME] += 1
        if c.first_defection == math.inf:
            row[_NEVER_LEFT] += 1
    world.service(w)[world.clock(w)[0].month, c.site, _WAITING] += c.waiting


@step
def remember_month(w, i, months):
    """Where she is so many months after month 0; a leaver keeps the satisfaction she left with."""
    c = world.customers(w)[i]
    home = c.home if c.present == 1 else NOWHERE
    if months <= 12 and home == FIRM:
        c.retained_months += 1
    if months == 12:
        c.home_12 = home
        world.satisfaction_12(w)[i] = satisfaction_at(world.ties(w)[i][FIRM], world.providers(w)[FIRM])
    elif months == 24:
        c.home_24 = home
    elif months == 36:
        c.home_36 = home


@step
def close_month(w, now):
    """The month's close for everyone, in the order of MODEL 3.15, up to the entrants."""
    for i in range(len(world.customers(w))):
        close_customer(w, i, now)
    close_market(w)


@step
def enter_all(w, first, last, now, at_start):
    """Customers `first` to `last` - 1 enter the market now."""
    for i in range(first, last):
        enter(w, i, now, at_start)


@step
def take_stock_of_all(w, now):
    """The accounting snapshot of a close; the next month begins."""
    months = world.clock(w)[0].month + 1 - world.terms(w)[0].warm_up
    for i in range(len(world.customers(w))):
        take_stock(w, i, now)
        if months > 0:
            remember_month(w, i, months)
    days = world.closes(w)[world.clock(w)[0].month + 1] - world.closes(w)[world.clock(w)[0].month]
    for site in range(world.terms(w)[0].sites):
        world.service(w)[world.clock(w)[0].month, site, _STAFFED] += rounded(
            world.terms(w)[0].desks * world.terms(w)[0].open_share * days * MILLISECONDS
        )
    world.clock(w)[0].month += 1


@step
def open_market(w, keys, enters, first):
    """Draw everybody's traits; the first `first` customers are in the market from the start."""
    for i in range(len(world.customers(w))):
        create(w, i, keys[i], enters[i])
    enter_all(w, 0, first, world.closes(w)[0], True)


@step
def offer_turns_for_all(w, offer, now):
    """An offer begins or ends."""
    for i in range(len(world.customers(w))):
        offer_turns(w, i, offer, now)


@step
def fork(w, now):
    """Month 0: fix the base cohort and let everyone stand as the programme that now holds makes her stand."""
    for i in range(len(world.customers(w))):
        c = world.customers(w)[i]
        if c.present != 1:
            continue
        if c.home == FIRM:
            c.base = 1
            c.class_0 = satisfaction_class(
                world.cuts(w), satisfaction_at(world.ties(w)[i][FIRM], world.providers(w)[FIRM])
            )
        stand(
            world.terms(w)[0],
            world.segments(w)[c.segment],
            c,
            world.ties(w)[i],
            world.providers(w),
            world.offers(w),
            world.points(w)[0],
            now,
            False,
        )
