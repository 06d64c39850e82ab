"""A paid club (MODEL 3.7; E29): fee, trial, renewal, what members get, and the pull of a fee that is sunk.

Who expects more from it than it costs joins, so members are the heavy buyers whatever the club does (C23). A
fee is received when a term begins and earned day by day over it: received = earned + deferred.
"""

import math

from loyaltysim.rules import world
from loyaltysim.rules.compiled import rule, step
from loyaltysim.rules.counting import note
from loyaltysim.rules.draws import FEE_BACK, IN_CLUB, RENEWING, RENEWS, TERM_BEGAN, THINKS, WILLING, uniform
from loyaltysim.rules.eventlog import KINDS
from loyaltysim.rules.ledger import CENT, M
from loyaltysim.rules.occasions import usual_basket
from loyaltysim.rules.programme.costs import charge, receive
from loyaltysim.rules.programme.savings import ON_TRIAL, OUT, OVER, PAYING, in_club, set_savings
from loyaltysim.rules.state import FIRM, NOWHERE
from loyaltysim.rules.variates import beta, exponential, rounded

CLUB_BEGAN = KINDS.index("club_began")
CLUB_ENDED = KINDS.index("club_ended")
VISITS, CLOSES, EXITS = range(3)  # when a membership is brought up to date


@rule
def are_kept(w):
    """Is there a paid club?"""
    return w.subscriptions_0 > 0


@rule
def blank(w, i):
    """Before she enters the market she is in no club."""
    s = world.subscriptions(w)[i]
    s.since = math.inf
    s.ended = math.inf
    s.watched = math.inf


@rule
def watch(w, i, now):
    """Month 0: spending of members of a club that runs already is compared from now on."""
    s = world.subscriptions(w)[i]
    s.spend = 0
    s.watched = now if s.state != OUT and s.ended == math.inf else math.inf


@rule
def price_cut(w, i):
    """What the club takes off the price that is left after other price cuts."""
    return world.own_club(w, i).discount if in_club(w, i) else 0.0


@rule
def worthwhile(w, i):
    """E[benefit of a term | her rate] - fee + xi > 0 (E29); xi logistic, drawn once."""
    c = world.customers(w)[i]
    club = world.own_club(w, i)
    purchases = float(c.rate) * club.term
    benefit = purchases * (club.worth + club.discount * usual_basket(c))
    u = uniform(c.key, WILLING, 0, 0)
    return benefit - club.fee + club.taste * math.log(u / (1.0 - u)) > 0.0


@rule
def begin_term(w, i, day, state):
    """A term begins: on trial, or paid for on that day."""
    c = world.customers(w)[i]
    s = world.subscriptions(w)[i]
    club = world.own_club(w, i)
    s.state = state
    s.begins = day
    s.until = day + (club.trial if state == ON_TRIAL else club.term)
    s.fee = 0 if state == ON_TRIAL else club.fee
    s.earned = 0
    if state == PAYING:
        s.terms += 1
        world.money(w)[world.clock(w)[0].month, c.segment, M.FEES_RECEIVED] += s.fee
        receive(w, i, s.fee, day)
    place = note(w, i, CLUB_BEGAN, day, FIRM, NOWHERE)
    if place >= 0:
        world.log(w)[place].paid = s.fee
        world.log(w)[place].earned = s.terms


@rule
def earn(w, i, now):
    """What of the fee is earned by now: the part of its term that is over, in whole minor units."""
    s = world.subscriptions(w)[i]
    part = min(max((now - s.begins) / (s.until - s.begins), 0.0), 1.0)
    so_far = rounded(s.fee * part)
    world.money(w)[world.clock(w)[0].month, world.customers(w)[i].segment, M.FEES_EARNED] += so_far - s.earned
    s.earned = so_far


@rule
def renews(w, i):
    """Does she go on after a term paid for? By her own chance, drawn once from a beta (sBG)."""
    c = world.customers(w)[i]
    table = world.own_club(w, i).renewal_table
    if table < 0:
        return True
    leaves = beta(world.tables(w)[table], uniform(c.key, RENEWING, 0, 0))
    return uniform(c.key, RENEWS, 0, world.subscriptions(w)[i].terms) >= leaves


@rule
def end_term(w, i):
    """A term is over: at home with the firm she may go on; elsewhere, or in a closed club, that was it."""
    c = world.customers(w)[i]
    s = world.subscriptions(w)[i]
    row = world.money(w)[world.clock(w)[0].month, c.segment]
    day = s.until
    earn(w, i, day)
    open_to_her = c.home == FIRM and world.own_club(w, i).active == 1
    if s.state == ON_TRIAL:
        goes_on = open_to_her and worthwhile(w, i)
        row[M.CLUB_TRIALS_ENDED] += 1
        row[M.CLUB_CONVERTED] += goes_on
    else:
        goes_on = open_to_her and renews(w, i)
        row[M.CLUB_TERMS_ENDED] += 1
        row[M.CLUB_RENEWED] += goes_on
    if goes_on:
        begin_term(w, i, day, PAYING)
    else:
        leave(w, i, day)


@rule
def leave(w, i, day):
    """Her membership ends."""
    s = world.subscriptions(w)[i]
    s.state = OVER
    s.ended = day
    s.fee = 0
    s.earned = 0
    set_savings(w, i)
    note(w, i, CLUB_ENDED, day, FIRM, NOWHERE)


@step
def cancel(w, i, now, leaves_market):
    """She leaves the market, or the firm and asks for it: what is left of her fee, or a part, is paid back.

    Nothing more is due then: what is not paid back is earned.
    """
    if not in_club(w, i):
        return
    c = world.customers(w)[i]
    s = world.subscriptions(w)[i]
    club = world.own_club(w, i)
    asks = club.refund_chance > 0.0
    asks = asks and uniform(c.key, FEE_BACK, leaves_market, c.spells) < club.refund_chance
    if leaves_market == 0 and not asks:
        return
    earn(w, i, now)
    left = s.fee - s.earned
    back = rounded(left * club.refund_part) if asks else 0
    row = world.money(w)[world.clock(w)[0].month, c.segment]
    row[M.FEES_REFUNDED] += back
    row[M.FEES_EARNED] += left - back
    if back > 0:
        receive(w, i, -back, now)
    leave(w, i, now)


@step
def open_term(w, i, now):
    """The first day: is she a member already, by a term paid for before?"""
    s = world.subscriptions(w)[i]
    c = world.customers(w)[i]
    club = world.own_club(w, i)
    if s.state != OUT or uniform(c.key, IN_CLUB, 0, 0) >= club.opening_share or not worthwhile(w, i):
        return
    s.state = PAYING
    s.since = now
    s.begins = now - uniform(c.key, TERM_BEGAN, 0, 0) * club.term
    s.until = s.begins + club.term
    s.fee = club.fee
    s.earned = min(rounded(s.fee * (now - s.begins) / (s.until - s.begins)), s.fee)
    s.terms = 1
    row = world.money(w)[world.clock(w)[0].month, c.segment]
    row[M.CLUB_JOINED] += 1
    row[M.FEES_OPENING] += s.fee - s.earned
    set_savings(w, i)


@rule
def count_days(w, i, until):
    """Her days of the month up to `until`: as a member of the club, or as a home customer who is none."""
    c = world.customers(w)[i]
    s = world.subscriptions(w)[i]
    month = world.clock(w)[0].month
    begins = max(world.closes(w)[month], float(c.enters))
    inside = max(min(s.ended, until) - max(s.since, begins), 0.0)
    row = world.money(w)[month, c.segment]
    row[M.CLUB_DAYS] += rounded(inside * CENT)
    if c.home == FIRM:
        row[M.CLUB_OTHER_DAYS] += rounded(max(until - begins - inside, 0.0) * CENT)


@step
def catch_up(w, i, now, why):
    """Terms that have ended by now have ended, each on its day; at a close fees are earned up to now.

    Who leaves the market leaves the club: what of the fee is not paid back is earned.
    """
    s = world.subscriptions(w)[i]
    while in_club(w, i) and s.until <= now:
        end_term(w, i)
    if why == VISITS:
        return
    if in_club(w, i):
        if why == EXITS:
            cancel(w, i, now, 1)
        else:
            earn(w, i, now)
    count_days(w, i, now)


@rule
def remember(w, i, now, net):
    """What the comparison of members with others wants to know of her spending."""
    s = world.subscriptions(w)[i]
    if now > s.watched:
        s.spend += net
    if s.since < now and now <= s.ended:
        world.money(w)[world.clock(w)[0].month, world.customers(w)[i].segment, M.CLUB_SPEND] += net


@step
def enjoy(w, i, now, net):
    """A purchase: what a member gets costs the firm; who is none may think about joining, from now on."""
    remember(w, i, now, net)
    c = world.customers(w)[i]
    s = world.subscriptions(w)[i]
    club = world.own_club(w, i)
    row = world.money(w)[world.clock(w)[0].month, c.segment]
    if in_club(w, i):
        if club.cost > 0:
            row[M.CLUB_COST] += club.cost
            charge(w, i, club.cost, now)
        return
    if s.state == OVER or club.active == 0:
        return
    s.hazard += club.thinks
    if s.hazard <= exponential(uniform(c.key, THINKS, 0, 0)):
        return
    if club.trial > 0.0 or worthwhile(w, i):
        s.since = now
        s.watched = now
        row[M.CLUB_JOINED] += 1
        begin_term(w, i, now, ON_TRIAL if club.trial > 0.0 else PAYING)
        set_savings(w, i)


@rule
def count(w, i):
    """Her line among the stocks of a close."""
    s = world.subscriptions(w)[i]
    row = world.money(w)[world.clock(w)[0].month, world.customers(w)[i].segment]
    row[M.FEES_DEFERRED] += s.fee - s.earned
    row[M.CLUB_MEMBERS] += in_club(w, i)
    row[M.CLUB_PAYING] += s.state == PAYING
