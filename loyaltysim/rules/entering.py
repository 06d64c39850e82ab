"""Entering the market: what she is, drawn once, and her first home, expectation and occasion (MODEL 2)."""

import math

from loyaltysim.rules import causes, world
from loyaltysim.rules.bonds import begin_at_rest
from loyaltysim.rules.compiled import rule, step
from loyaltysim.rules.counting import ENTERED, note
from loyaltysim.rules.draws import CATCHMENT, FIT, HOME, SEGMENT, uniform
from loyaltysim.rules.experience import clipped, satisfaction_class
from loyaltysim.rules.kinds import expect_extras, set_norm_of_extras
from loyaltysim.rules.ledger import M
from loyaltysim.rules.loyalty import own_staying, own_threshold, resistance
from loyaltysim.rules.occasions import first_gap, own_basket, own_exit, own_rate
from loyaltysim.rules.programme import community, enrolment, membership, relations, stored_value
from loyaltysim.rules.programme import points as book
from loyaltysim.rules.programme.gifts import month_of_birth
from loyaltysim.rules.referrals import blank, first_referral
from loyaltysim.rules.rivals import is_outside
from loyaltysim.rules.standing import first_home, home_of_her_choice, satisfaction_at, stand_anew
from loyaltysim.rules.state import FIRM, NOWHERE
from loyaltysim.rules.variates import normal


@rule
def create(w, i, enters):
    """Draw once what she is: segment, rate, basket, threshold, fit, lifetime; she enters later."""
    c = world.customers(w)[i]
    key = c.key
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
        if not is_outside(world.terms(w)[0], j):
            world.ties(w)[i][j].fit = segment.fit_sd * normal(
                uniform(key, FIT, world.providers(w)[j].luck, 0)
            )
    c.home = NOWHERE
    c.home_12 = NOWHERE
    c.home_24 = NOWHERE
    c.home_36 = NOWHERE
    c.arrival = math.nan
    c.occasion = math.nan
    c.last_purchase = -math.inf
    c.index_purchase = math.nan
    c.first_defection = math.inf
    c.standing = math.nan
    c.earns = 1.0
    c.shows = 1.0
    c.zeal = 1.0
    world.satisfaction_12(w)[i] = math.nan
    if w.files_0 > 0:
        world.files(w)[i].first = math.nan
        world.files(w)[i].group = -1
        world.files(w)[i].true_group = -1
    if enrolment.kept_apart(w):
        enrolment.blank(w, i)
    if stored_value.are_kept(w):
        world.purses(w)[i].since = math.inf
    if membership.are_kept(w):
        membership.blank(w, i)
    if relations.are_kept(w):
        community.blank(w, i)
    if len(world.cards(w)) > 0:
        world.cards(w)[i].rewarded = -math.inf
        world.cards(w)[i].planned = math.inf
        world.cards(w)[i].birthday = month_of_birth(key)


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
    told = -1
    if w.referring_0 > 0:
        if at_start:
            blank(w, i)
        else:
            told = first_referral(w, i, now)
    if at_start:
        c.home = first_home(world.intercepts(w)[c.segment], c, ties, world.providers(w))
        at_par = terms.fresh == 1
        if is_outside(terms, c.home):
            c.expectation = world.clock(w)[0].norm
        else:
            tie = ties[c.home]
            reputation = world.providers(w)[c.home].reputation
            tie.satisfaction = reputation if at_par else clipped(reputation + float(tie.fit))
            tie.visits = 1.0 / terms.memory
            c.expectation = tie.satisfaction
    else:
        buys_nothing = int(terms.outside_number) if terms.outside_number > 0 else -1
        c.home = told if told >= 0 else max(home_of_her_choice(w, i, now, buys_nothing, 0, HOME, False), FIRM)
        world.money(w)[world.clock(w)[0].month, c.segment, M.ENTERED_FIRM] += c.home == FIRM
        c.expectation = world.providers(w)[c.home].reputation
        if terms.entry_purchase == 1:
            c.gap = 0.0
            c.newcomer = 1
    expect_extras(w, i, at_start and terms.fresh == 1)
    if terms.feels == 1:
        begin_at_rest(w, i, at_start)
    if causes.are_kept(w) and at_start and c.home == FIRM:
        causes.set_usual(w, i, float(ties[FIRM].fit))
    stand_anew(w, i, now, False)
    c.class_close = satisfaction_class(
        world.cuts(w), satisfaction_at(ties[c.home], world.providers(w)[c.home])
    )
    world.money(w)[world.clock(w)[0].month, c.segment, M.ENTERED] += 1
    note(w, i, ENTERED, now, int(c.home), NOWHERE)


@rule
def enter_all(w, first, last, now, at_start):
    """Customers `first` to `last` - 1 enter the market now."""
    if at_start:
        set_norm_of_extras(w)
    for i in range(first, last):
        enter(w, i, now, at_start)


@rule
def create_all(w, first, last, enters):
    """Draw what customers `first` to `last` - 1 are; they enter the market on the day `enters`."""
    for i in range(first, last):
        create(w, i, enters)
