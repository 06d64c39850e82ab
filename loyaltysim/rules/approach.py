"""Offers made to one person: to win her, to win her back, to keep her as she leaves (E37, E38)."""

import math

from loyaltysim.rules import world
from loyaltysim.rules.bonds import begin_at_rest
from loyaltysim.rules.compiled import rule, step
from loyaltysim.rules.counting import MOVED, count_move, note
from loyaltysim.rules.draws import ACCEPTS, REACHED, uniform
from loyaltysim.rules.ledger import CENT, M
from loyaltysim.rules.loyalty import new_spell
from loyaltysim.rules.meant import meant
from loyaltysim.rules.occasions import usual_basket
from loyaltysim.rules.parameters import ACQUIRE, SAVE, WIN_BACK
from loyaltysim.rules.standing import money_at, satisfaction_at, stand_anew, standing_of, view
from loyaltysim.rules.state import FIRM
from loyaltysim.rules.variates import logistic, rounded


@rule
def gift_value(terms, segment, customer, gift):
    """CSI points that a gift (minor units) is worth: over the purchases of H, as a stock is (MODEL 3.5)."""
    rate = float(customer.rate)
    purchases = max(rate * terms.stock_horizon, 1.0)
    return segment.price_weight * 100.0 * gift / usual_basket(customer) / purchases


@rule
def lead(w, i, now):
    """By how much she sees herself better off with the firm than elsewhere, CSI points, the offset apart.

    A customer of ours: her standing over par. A rival's: her view of us against what holds her there.
    """
    c = world.customers(w)[i]
    terms = world.terms(w)[0]
    if c.home == FIRM:
        return standing_of(w, i, now, False) - terms.offset - terms.par_standing
    segment = world.segments(w)[c.segment]
    ties = world.ties(w)[i]
    providers = world.providers(w)
    offers = world.offers(w)
    points = world.own_points(w, i)
    there = satisfaction_at(ties[c.home], providers[c.home]) + segment.bonds
    there += money_at(terms, segment, c, offers, points, c.home, now, False, False)
    here = view(terms, ties[FIRM], providers[FIRM])
    return here + money_at(terms, segment, c, offers, points, FIRM, now, False, False) - there


@rule
def pay(w, i, now, kind, cost):
    """Enter what an approach of this kind costs: into its own line, and into her value."""
    c = world.customers(w)[i]
    row = world.money(w)[world.clock(w)[0].month, c.segment]
    discounted = rounded(cost * CENT * math.exp(-world.terms(w)[0].discount * now))
    row[M.ACQUISITION_COST + kind] += cost
    row[M.VALUE] -= discounted
    row[M.REWARD_COST] += discounted
    c.value -= discounted
    c.reward_cost += discounted


@step
def accepts(w, i, a, now, index, since):
    """The firm makes her an offer, `since` days after she left; returns whether she accepts.

    It costs the contact, and the gift when she accepts. A leaver who is not noticed costs nothing.
    """
    c = world.customers(w)[i]
    terms = world.terms(w)[0]
    offer = world.approaches(w)[a]
    row = world.money(w)[world.clock(w)[0].month, c.segment]
    reached = uniform(c.key, REACHED, offer.luck, index) < offer.reach
    if offer.kind == SAVE and not reached:
        return False
    row[M.APPROACHED_ACQUISITION + offer.kind] += 1
    yes = False
    if reached:
        better = lead(w, i, now) + gift_value(terms, world.segments(w)[c.segment], c, offer.gift)
        logit = offer.readiness + terms.choice_slope * better - offer.fades * since
        yes = uniform(c.key, ACCEPTS, offer.luck, index) < logistic(logit)
    if yes:
        row[M.ACCEPTED_ACQUISITION + offer.kind] += 1
    pay(w, i, now, int(offer.kind), int(offer.cost) + (int(offer.gift) if yes else 0))
    return yes


@rule
def begin_anew(w, i, day, now):
    """A spell with her home begins on this day."""
    c = world.customers(w)[i]
    new_spell(c, day)
    c.standing = math.nan
    stand_anew(w, i, now, False)


@rule
def kept(w, i, day, now):
    """She has left the firm on this day, and it shows now: does an offer keep her?"""
    if world.part(w, i) == 1:
        return False
    for a in range(len(world.approaches(w))):
        offer = world.approaches(w)[a]
        if offer.active == 0 or offer.kind != SAVE or not meant(world.customers(w)[i], offer.target):
            continue
        if accepts(w, i, a, now, int(world.customers(w)[i].spells), 0.0):
            begin_anew(w, i, day, now)
            return True
    return False


@rule
def remember_departure(w, i, old, day):
    """When she left the firm, for the offers that are to win her back."""
    if len(world.departures(w)) == 0:
        return
    gone = world.departures(w)[i]
    if old == FIRM:
        gone.day = day
        gone.asked = 0
    if world.customers(w)[i].home == FIRM:
        gone.day = math.nan


@step
def come_home(w, i, now):
    """She accepts an offer of the firm's and is at home there from now on."""
    c = world.customers(w)[i]
    old = int(c.home)
    c.home = FIRM
    if world.terms(w)[0].feels == 1:
        begin_at_rest(w, i, False)
    begin_anew(w, i, now, now)
    remember_departure(w, i, old, now)
    count_move(w, i, old, now, False)
    note(w, i, MOVED, now, FIRM, old)


@rule
def approach(w, i, a, now):
    """One campaign looks at one customer of a rival, who may be asked, and may come."""
    c = world.customers(w)[i]
    if c.present != 1 or c.home == FIRM or world.ties(w)[i][FIRM].barred == 1 or world.part(w, i) == 1:
        return
    offer = world.approaches(w)[a]
    if not meant(c, offer.target):
        return
    index = 0
    since = 0.0
    if offer.kind == WIN_BACK:
        gone = world.departures(w)[i]
        since = now - gone.day
        if gone.asked == 1 or not since >= offer.delay:
            return
        gone.asked = 1
        index = int(c.spells)
    if accepts(w, i, a, now, index, since):
        come_home(w, i, now)


@rule
def approach_all(w, now):
    """The firm's campaigns at a close: those to win whose day lies in the month, and those to win back."""
    before = world.closes(w)[world.clock(w)[0].month]
    for a in range(len(world.approaches(w))):
        offer = world.approaches(w)[a]
        due = offer.kind == WIN_BACK or (offer.kind == ACQUIRE and before < offer.day <= now)
        if due and offer.active == 1:
            for i in range(len(world.customers(w))):
                approach(w, i, a, now)
