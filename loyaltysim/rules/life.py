"""The order of one life, told once: enter, choose, visit, close. Both engines call these functions.

They take the record of a whole world (`rules.world`) and a customer's number; the rules that they call
take the few records that they need. At each instant the order is that of MODEL 2: has she left her
home, where does she go, the line, the experience, the purchase, her standing from now on.
"""

import math

from loyaltysim.rules import causes, world
from loyaltysim.rules.approach import kept, remember_departure
from loyaltysim.rules.away import pace, shop
from loyaltysim.rules.bonds import begin_at_rest, touch
from loyaltysim.rules.compiled import rule, step
from loyaltysim.rules.complaints import another_visit, csi_lost, fails, glow, respond, settle
from loyaltysim.rules.counting import GAVE_UP, MOVED, VISIT, count_move, count_service, note
from loyaltysim.rules.desk import needs_a_clerk, patience, place_in_line, service_time, time_lost
from loyaltysim.rules.draws import CLAIM, uniform
from loyaltysim.rules.experience import delivered, feel, visit_mood
from loyaltysim.rules.fading import pass_time
from loyaltysim.rules.kinds import csi_of_kinds
from loyaltysim.rules.ledger import CENT, M, V
from loyaltysim.rules.loyalty import crossing
from loyaltysim.rules.meant import meant
from loyaltysim.rules.measures import watch_failures, watch_offers
from loyaltysim.rules.occasions import arrival_at, basket, gap, next_occasion, peaked
from loyaltysim.rules.outside import leave_out
from loyaltysim.rules.programme import membership, stored_value
from loyaltysim.rules.programme.savings import set_savings
from loyaltysim.rules.programme.surprises import delight
from loyaltysim.rules.programme.tiers import serves_first
from loyaltysim.rules.purchase import buy, buy_elsewhere, pay_for_service
from loyaltysim.rules.returns import bring_back_due
from loyaltysim.rules.rivals import is_outside, sees
from loyaltysim.rules.standing import decide, has_left, move, satisfaction_at, stand_anew
from loyaltysim.rules.state import FIRM, NOWHERE
from loyaltysim.rules.variates import rounded

LATER = -2  # her arrival is still to come: ask again then
GONE = -1  # she has left the market


@rule
def begin_month(w, i, now):
    """Her next arrival, or nan when her next occasion lies beyond the running month."""
    c = world.customers(w)[i]
    if c.present != 1 or not math.isnan(c.arrival):
        return c.arrival
    return plan(w, i, now)


@rule
def day_of_next(w, i, now):
    """The day of her next occasion, or nan; her debt is carried along.

    An occasion that she does not live to see leaves no trace: it may be asked for again at every act of the
    market, and would be paid for each time.
    """
    c = world.customers(w)[i]
    borrowed = world.terms(w)[0].borrowed
    debt = world.wallets(w)[i].debt if borrowed > 0.0 else 0.0
    day, debt, paid = next_occasion(
        c, world.closes(w), world.seasons(w), world.clock(w)[0].month, pace(w, i, now), debt, borrowed
    )
    if borrowed > 0.0 and not day >= c.exits:
        world.wallets(w)[i].debt = debt
        world.money(w)[world.clock(w)[0].month, c.segment, M.VISITS_PAID_BACK] += rounded(paid * CENT)
    return day


@rule
def plan(w, i, now):
    """Spend the gap to her next occasion; returns the arrival it leads to, not before `now`, or nan."""
    c = world.customers(w)[i]
    c.arrival = math.nan
    day = day_of_next(w, i, now)
    if math.isnan(day) or day >= c.exits:
        return c.arrival
    c.occasion = day
    if c.home == FIRM:
        c.arrival = arrival_at(world.terms(w)[0], peaked(world.peaks(w), day), now)
    else:
        c.arrival = max(day, now)
    return c.arrival


@rule
def leave_if_due(w, i, now):
    """Has she left her home since?"""
    if has_left(world.customers(w)[i], now):
        leave(w, i, now)


@step
def leave(w, i, now):
    """She has left: draw the new home, as often as crossings call for it."""
    c = world.customers(w)[i]
    terms = world.terms(w)[0]
    while has_left(c, now):
        old = int(c.home)
        if old == FIRM and kept(w, i, crossing(c, now), now):
            continue
        satisfied = c.class_close >= terms.classes - 2
        cause = causes.UNKNOWN
        if old == FIRM and causes.are_kept(w):
            cause = causes.cause_of(w, i, crossing(c, now))
        day = move(w, i, now)
        if terms.feels == 1 and c.home != old:
            begin_at_rest(w, i, False)
        if old == FIRM and c.home != old and stored_value.are_kept(w):
            stored_value.settle(w, i, now, stored_value.LEAVES)
        if old == FIRM and c.home != old and membership.are_kept(w):
            if world.own_club(w, i).refund_chance > 0.0:
                membership.catch_up(w, i, now, membership.VISITS)
                membership.cancel(w, i, now, 0)
        stand_anew(w, i, now, False)
        if c.home != old:
            remember_departure(w, i, old, day)
            count_move(w, i, old, day, satisfied)
            causes.count(w, cause)
            place = note(w, i, MOVED, day, int(c.home), old)
            if place >= 0:
                world.log(w)[place].cause = cause


@rule
def goes(w, i, now):
    """An occasion has come: where does she go? The provider's number, LATER or GONE."""
    c = world.customers(w)[i]
    terms = world.terms(w)[0]
    if c.present != 1:
        return GONE
    if c.decided == 0 and c.newcomer == 0:
        c.decided = 1
        decide(terms, c, now)
        if causes.are_kept(w):
            causes.decide(w, i)
    was_elsewhere = c.home != FIRM
    leave_if_due(w, i, now)
    at_home = terms.away_slope == 0.0 or is_outside(terms, c.home)
    where = int(c.home) if at_home else shop(w, i, now)
    if not was_elsewhere and w.offers_0 > 0:
        watch_offers(w, i, now, where)
    if terms.failing == 1:
        watch_failures(w, i, where)
    if where != FIRM:
        return where
    if was_elsewhere:
        c.arrival = arrival_at(terms, peaked(world.peaks(w), c.occasion), now)
        if c.arrival > now:
            return LATER
    if terms.desks > 0 and needs_a_clerk(terms, c.key, c.occasions):
        c.waiting = place_in_line(world.segments(w)[c.segment], serves_first(w, i))
        world.service(w)[world.clock(w)[0].month, c.site, V.ARRIVED] += 1
    return FIRM


@rule
def patience_of(w, i):
    """How long she is ready to wait at this occasion, days."""
    c = world.customers(w)[i]
    return patience(world.terms(w)[0], c.key, c.occasions)


@rule
def service_time_of(w, i):
    """How long a clerk will be busy with her at this occasion, days."""
    c = world.customers(w)[i]
    return service_time(world.terms(w)[0], c.key, c.occasions)


@rule
def choose(w, i, now):
    """Where she goes, and what she brings: (provider, LATER or GONE; patience; service time)."""
    where = goes(w, i, now)
    return at_the_desk(w, i) if where == FIRM else (where, 0.0, 0.0)


@rule
def at_the_desk(w, i):
    """What she brings to the line: (the firm, patience, service time)."""
    if world.terms(w)[0].desks == 0:
        return FIRM, 0.0, 0.0
    return FIRM, patience_of(w, i), service_time_of(w, i)


@step
def visit(w, i, now, where, service, gave_up):
    """Everything that a visit changes, at the instant when service begins or she gives up.

    Returns her next arrival, or nan when it lies beyond the running month.
    """
    c = world.customers(w)[i]
    terms = world.terms(w)[0]
    if is_outside(terms, where):
        leave_out(w, i, now)
        segment = world.segments(w)[c.segment]
        return over(w, i, now, gap(c.key, segment, world.tables(w), c.occasions + 1))
    segment = world.segments(w)[c.segment]
    ties = world.ties(w)[i]
    provider = world.providers(w)[where]
    ahead = gap(
        c.key, segment, world.tables(w), c.occasions + 1
    )  # draws side by side: none waits for another
    goods = 0 if gave_up else basket(c, segment, world.tables(w), c.occasions)
    mood = visit_mood(c.key, c.occasions)
    wait = now - c.arrival
    at_a_desk = where == FIRM and terms.desks > 0
    lost = time_lost(terms, c.key, c.occasions, wait, gave_up) if at_a_desk else 0.0
    shift = terms.self_shift if at_a_desk and c.waiting == 0 else 0.0
    pass_time(w, i, now)
    settle(w, i, now)
    bring_back_due(w, i, now)
    if membership.are_kept(w):
        membership.catch_up(w, i, now, membership.VISITS)
    csi = delivered(
        terms, segment, world.weights(w)[c.segment], world.levels(w)[where], world.spreads(w)[where],
        provider.price_level, float(ties[where].fit), mood, lost, shift,
    )  # fmt: skip
    new = 0.0
    if terms.kinds == 1:
        csi += csi_of_kinds(w, i, where, mood, lost, shift)
        if terms.extras == 1:
            new = delight(w, i, where, now, mood, gave_up)
    whole, expected = csi, c.expectation
    failed = terms.failing == 1 and not gave_up and fails(w, i, where)
    if failed:
        csi -= csi_lost(w, i, where, mood, lost, shift)
        if where == FIRM and c.home == FIRM:
            world.cases(w)[i][FIRM].fresh = 1
    place = note(w, i, GAVE_UP if gave_up else VISIT, now, where, NOWHERE)
    if where == FIRM:
        count_service(w, i, csi, new, wait, service, gave_up)
    if terms.feels == 1:
        touch(w, i, where, csi - c.expectation + new, not gave_up)
    s = feel(terms, c, ties[where], provider.reputation, csi, new)
    if where == FIRM and causes.are_kept(w):
        causes.live(w, i, mood, lost, shift, whole - csi, csi, expected, new)
    if at_a_desk:
        pay_for_service(w, i, now, wait, gave_up)
    if terms.failing == 1:
        another_visit(w, i, where)
        if failed:
            respond(w, i, now, where, whole, new, expected, s)
    provider.lived += rounded(s * CENT)
    provider.visits += 1
    world.money(w)[world.clock(w)[0].month, c.segment, M.OCCASIONS] += 1
    if not gave_up:
        if where == FIRM:
            buy(w, i, now, place, goods)
        else:
            buy_elsewhere(w, i, now, where, place, goods)
    stand_anew(w, i, now, False)
    if place >= 0:
        line = world.log(w)[place]
        line.wait = wait
        line.csi = csi
        line.satisfaction = satisfaction_at(ties[where], provider) + glow(w, i, where)
        line.standing = c.standing
        line.balance = c.balance
    return over(w, i, now, ahead)


@rule
def over(w, i, now, ahead):
    """Her occasion is over: the gap `ahead` counts from it. Returns her next arrival."""
    c = world.customers(w)[i]
    c.waiting = 0
    if world.terms(w)[0].away_slope > 0.0:
        world.wallets(w)[i].bound = 0
    c.occasions += 1
    c.decided = 0
    c.newcomer = 0
    c.counted_from = c.occasion
    c.gap = ahead
    return plan(w, i, now)


@rule
def promise_to_all(w, number, now):
    """Advertising promises: whoever it reaches expects that much more, wherever she goes next (MODEL 3.3)."""
    claim = world.claims(w)[number]
    for i in range(len(world.customers(w))):
        c = world.customers(w)[i]
        if c.present == 1 and uniform(c.key, CLAIM, claim.luck, 0) < claim.reach:
            pass_time(w, i, now)
            c.expectation += claim.points


@rule
def concerns(w, i, offer):
    """Does it concern her that this offer turns, or (-1 - t) the programme's terms for target t?"""
    c = world.customers(w)[i]
    if offer >= 0:
        return sees(c, world.offers(w)[offer])
    return world.part(w, i) == 0 and meant(c, -1 - offer)


@rule
def stand_anew_all(w, offer, now):
    """An offer begins or ends, or (-1 - t) terms change: whom it concerns stands differently from now on."""
    for i in range(len(world.customers(w))):
        c = world.customers(w)[i]
        if c.present == 1 and concerns(w, i, offer):
            pass_time(w, i, now)
            if offer < 0:
                set_savings(w, i)
            stand_anew(w, i, now, False)
