"""The month's close, in the order of MODEL 3.15, and month 0, where the arms part (MODEL 4)."""

import math

from loyaltysim.rules import causes, diary, targeting, world
from loyaltysim.rules.approach import approach_all
from loyaltysim.rules.awareness import grow_all
from loyaltysim.rules.bonds import book_stage
from loyaltysim.rules.compiled import rule
from loyaltysim.rules.complaints import glow, settle
from loyaltysim.rules.counting import EXPIRED, LEFT_MARKET, note
from loyaltysim.rules.drifting import change_needs, drift_taste
from loyaltysim.rules.experience import satisfaction_class
from loyaltysim.rules.fading import pass_time
from loyaltysim.rules.kinds import set_norm_of_extras
from loyaltysim.rules.ledger import CENT, MILLISECONDS, M, U, V
from loyaltysim.rules.life import leave_if_due
from loyaltysim.rules.programme import (
    cohorts,
    community,
    contacts,
    enrolment,
    membership,
    relations,
    stored_value,
    tiers,
)
from loyaltysim.rules.programme import points as book
from loyaltysim.rules.programme.beginning import begin_for
from loyaltysim.rules.programme.gifts import congratulate
from loyaltysim.rules.reaction import react_all
from loyaltysim.rules.referrals import refer_all
from loyaltysim.rules.returns import bring_back_due, write_off
from loyaltysim.rules.rivals import is_outside
from loyaltysim.rules.standing import satisfaction_at, stand_anew
from loyaltysim.rules.state import FIRM, NOWHERE
from loyaltysim.rules.variates import rounded
from loyaltysim.rules.word_of_mouth import spread_word


@rule
def close_customer(w, i, now):
    """Her part of the month's close: leaving, market exit, decay and drift, expiry (MODEL 3.15)."""
    c = world.customers(w)[i]
    if c.present != 1:
        return
    month = world.clock(w)[0].month
    row = world.money(w)[month, c.segment]
    leave_if_due(w, i, min(now, c.exits))
    bring_back_due(w, i, min(now, c.exits))
    if c.exits <= now and c.waiting == 0:
        c.present = 2
        if enrolment.kept_apart(w):
            enrolment.count_days(w, i, c.exits)
        row[M.LEFT_MARKET] += 1
        row[M.POINTS_FORFEITED] += c.balance
        c.balance = 0
        write_off(w, i)
        cohorts.count_all(w, i, U.FORFEITED)
        if stored_value.are_kept(w):
            stored_value.settle(w, i, c.exits, stored_value.EXITS)
        if membership.are_kept(w):
            membership.catch_up(w, i, c.exits, membership.EXITS)
        if relations.are_kept(w):
            community.leave(w, i, c.exits)
        book.all_points(world.lots(w)[i])
        book.all_points(world.gifts(w)[i])
        c.arrival = math.nan
        if world.terms(w)[0].feels == 1:
            book_stage(w, i, 0.0)
        note(w, i, LEFT_MARKET, c.exits, int(c.home), NOWHERE)
        return
    pass_time(w, i, now)
    settle(w, i, now)
    if world.segments(w)[c.segment].taste_drift > 0.0:
        drift_taste(w, i, now)
    if w.lots_1 > 0:
        uses, points = cohorts.uses_of(w, i), world.own_points(w, i)
        lapsed = book.lapsing(points, world.lots(w)[i], month, c.active_month, uses, 0)
        lapsed += book.lapsing(points, world.gifts(w)[i], month, c.active_month, uses, w.lots_1)
        c.balance -= lapsed
        row[M.POINTS_EXPIRED] += lapsed
        if lapsed > 0:
            place = note(w, i, EXPIRED, now, FIRM, NOWHERE)
            if place >= 0:
                world.log(w)[place].redeemed = lapsed
        congratulate(w, i)
    if stored_value.are_kept(w):
        stored_value.settle(w, i, now, stored_value.CLOSES)
    if tiers.hold(w, i):
        tiers.review(w, i, now)
    if membership.are_kept(w):
        membership.catch_up(w, i, now, membership.CLOSES)
    if relations.are_kept(w):
        contacts.contact(w, i, now)
        community.take_part(w, i, now)


@rule
def close_market(w, now):
    """Reputations follow what was lived, then what was said; the norm follows the reputations (MODEL 3.5)."""
    terms = world.terms(w)[0]
    if w.needs_0 > 0:
        change_needs(w)
    if causes.are_kept(w):
        causes.learn_waits(w)
    for j in range(len(world.providers(w))):
        p = world.providers(w)[j]
        if p.visits > 0 and terms.reputation_speed > 0.0:
            p.reputation += terms.reputation_speed * (p.lived / CENT / p.visits - p.reputation)
        p.lived = 0
        p.visits = 0
    grow_all(w, now)
    if w.talk_0 > 0:
        spread_word(w)
    total = 0.0
    active = 0
    for j in range(len(world.providers(w))):
        p = world.providers(w)[j]
        if p.awareness > 0.0 and not is_outside(terms, j):
            total += p.reputation
            active += 1
    world.clock(w)[0].norm = total / active
    set_norm_of_extras(w)
    if tiers.are_kept(w):
        tiers.count_holders(w)


@rule
def close_month(w, now):
    """The month's close for everyone, in the order of MODEL 3.15, up to the entrants."""
    for i in range(len(world.customers(w))):
        close_customer(w, i, now)
    close_market(w, now)
    react_all(w, now)
    approach_all(w, now)
    if w.referring_0 > 0:
        refer_all(w, now)


@rule
def take_stock(w, i, now):
    """After the close: her standing with the new reputations, and her line in the stocks."""
    c = world.customers(w)[i]
    if c.present != 1:
        return
    terms = world.terms(w)[0]
    if targeting.are_kept(w):
        targeting.close_file(w, i, now)
    stand_anew(w, i, now, True)
    satisfaction = satisfaction_at(world.ties(w)[i][c.home], world.providers(w)[c.home]) + glow(w, i, c.home)
    c.class_close = satisfaction_class(world.cuts(w), satisfaction)
    if terms.feels == 1:
        book_stage(w, i, satisfaction)
    row = world.money(w)[world.clock(w)[0].month, c.segment]
    row[M.CUSTOMERS] += 1
    row[M.POINTS_OUTSTANDING] += c.balance
    row[M.POINTS_OUTSIDE] += world.part(w, i) * c.balance
    if w.debts_0 > 0:
        row[M.POINTS_DEBT] += world.debts(w)[i]
    if stored_value.are_kept(w):
        stored_value.count(w, i)
    if membership.are_kept(w):
        membership.count(w, i)
    if relations.are_kept(w):
        contacts.count(w, i, now)
    if tiers.hold(w, i):
        tiers.count_tier(w, i)
    if enrolment.kept_apart(w):
        enrolment.count_days(w, i, now)
        enrolment.count_member(w, i, now)
    if float(c.last_purchase) > now - 365.0:
        row[M.ACTIVE_12M] += 1
    row[M.OUTSIDE] += is_outside(terms, c.home)
    if c.home == FIRM:
        row[M.HOME_CUSTOMERS] += 1
        row[M.SATISFACTION] += rounded(satisfaction * CENT)
    if c.base == 1:
        if c.home == FIRM:
            row[M.BASE_HOME] += 1
        if c.first_defection == math.inf:
            row[M.BASE_NEVER_LEFT] += 1
    world.service(w)[world.clock(w)[0].month, c.site, V.WAITING] += 1 if c.waiting > 0 else 0


@rule
def remember_month(w, i, months):
    """Where she is so many months after month 0; a leaver keeps the satisfaction she left with."""
    c = world.customers(w)[i]
    home = c.home if c.present == 1 else NOWHERE
    if months <= 12 and home == FIRM:
        c.retained_months += 1
    if months == 12:
        c.home_12 = home
        world.satisfaction_12(w)[i] = satisfaction_at(
            world.ties(w)[i][FIRM], world.providers(w)[FIRM]
        ) + glow(w, i, FIRM)
    elif months == 24:
        c.home_24 = home
    elif months == 36:
        c.home_36 = home


@rule
def take_stock_of_all(w, now):
    """The accounting snapshot of a close; the next month begins."""
    months = world.clock(w)[0].month + 1 - world.terms(w)[0].warm_up
    for i in range(len(world.customers(w))):
        take_stock(w, i, now)
        if months > 0:
            remember_month(w, i, months)
            diary.keep_month(w, i, months)
    days = world.closes(w)[world.clock(w)[0].month + 1] - world.closes(w)[world.clock(w)[0].month]
    for site in range(world.terms(w)[0].sites):
        world.service(w)[world.clock(w)[0].month, site, V.STAFFED_MS] += rounded(
            world.terms(w)[0].desks * world.terms(w)[0].open_share * days * MILLISECONDS
        )
    world.clock(w)[0].month += 1


@rule
def fork(w, now, base):
    """Everyone stands as the programme that now holds makes her stand; month 0 fixes the `base` cohort."""
    for i in range(len(world.customers(w))):
        c = world.customers(w)[i]
        if base:
            diary.begin(w, i)
        if base and c.present == 1 and c.home == FIRM:
            c.base = 1
            c.class_0 = satisfaction_class(
                world.cuts(w),
                satisfaction_at(world.ties(w)[i][FIRM], world.providers(w)[FIRM]) + glow(w, i, FIRM),
            )
        begin_for(w, i, now)
