"""What paying in advance is worth to her: bonus, a club, and what leaving would forfeit (MODEL 3.5)."""

import math

from loyaltysim.rules import world
from loyaltysim.rules.compiled import rule
from loyaltysim.rules.occasions import usual_basket
from loyaltysim.rules.state import FIRM

OUT, ON_TRIAL, PAYING, OVER = range(4)  # of a paid club: never joined, on trial, a paid term runs, left it


@rule
def part_saved(terms):
    """What paying ahead saves, a share of what is bought: b / (1 + b) (C22)."""
    if terms.active == 0 or terms.bonus == 0:
        return 0.0
    return terms.bonus / (terms.top_up + terms.bonus)


@rule
def in_club(w, i):
    """Does a term of the paid club run for her, paid for or on trial?"""
    state = world.subscriptions(w)[i].state
    return state == ON_TRIAL or state == PAYING


@rule
def drive(w, i):
    """Factor on her pace while a fee is sunk (E29): she has paid, so she uses it."""
    return world.own_club(w, i).sunk_cost if world.subscriptions(w)[i].state == PAYING else 1.0


@rule
def set_savings(w, i):
    """What bonus and club are worth to her at each purchase from now on, a flow of MODEL 3.5."""
    saved = 0.0
    if w.purses_0 > 0 and world.purses(w)[i].since < math.inf:
        storing = world.own_storing(w, i)
        saved += storing.valuation * part_saved(storing)
    if w.subscriptions_0 > 0 and in_club(w, i):
        club = world.own_club(w, i)
        saved += club.discount + club.valuation * club.worth / usual_basket(world.customers(w)[i])
    world.customers(w)[i].saves = saved


@rule
def forfeited(w, i, now):
    """What she would lose by leaving the firm now, at her own valuation, minor units."""
    stock = 0.0
    if w.purses_0 > 0:
        p = world.purses(w)[i]
        terms = world.own_storing(w, i)
        safe = terms.refund_part * terms.refund_chance if terms.refund_leaving == 1 else 0.0
        stock += terms.valuation * (p.cash * (1.0 - safe) + p.bonus)
    if w.subscriptions_0 > 0:
        s = world.subscriptions(w)[i]
        if s.state == PAYING and now < s.until:
            left = (s.until - now) / (s.until - s.begins)
            club = world.own_club(w, i)
            stock += club.valuation * s.fee * left * (1.0 - club.refund_part * club.refund_chance)
    return stock


@rule
def stock_ahead(w, i, now):
    """The same spread over the purchases of H, CSI points a purchase; of home customers only."""
    if w.purses_0 + w.subscriptions_0 == 0 or world.customers(w)[i].home != FIRM:
        return 0.0
    stock = forfeited(w, i, now)
    if stock == 0.0:
        return 0.0
    c = world.customers(w)[i]
    purchases = max(world.terms(w)[0].stock_horizon * float(c.rate), 1.0)
    weight = world.segments(w)[c.segment].price_weight * 100.0
    return weight * stock / usual_basket(c) / purchases
