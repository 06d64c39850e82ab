"""Measures of loyalty that are counted as she decides: at each occasion, and after each failure (MODEL 3.4).

They change nothing. Whole numbers: shares and bits in 2^-16.
"""

import math

from loyaltysim.rules import world
from loyaltysim.rules.compiled import rule, step
from loyaltysim.rules.ledger import CENT, M
from loyaltysim.rules.parameters import PRICE_OFFER
from loyaltysim.rules.rivals import sees
from loyaltysim.rules.state import FIRM
from loyaltysim.rules.variates import rounded

BIT = 0.6931471805599453


@rule
def bits(p):
    """Entropy of a choice of two, bits: 1 where both are alike, 0 where there is nothing to choose."""
    if p <= 0.0 or p >= 1.0:
        return 0.0
    return -(p * math.log(p) + (1.0 - p) * math.log(1.0 - p)) / BIT


@step
def weigh(w, i, chance):
    """A customer of ours decides where to buy: how hard it is, and how price would tell.

    d ln(1 - p) / d ln(price) = -p · 100 w / slope, as 1 % of the price is w CSI points of standing (3.6).
    """
    c = world.customers(w)[i]
    row = world.money(w)[world.clock(w)[0].month, c.segment]
    weight = 100.0 * world.segments(w)[c.segment].price_weight
    row[M.DECISIONS] += 1
    row[M.DECISION_BITS] += rounded(bits(chance) * CENT)
    row[M.PRICE_SENSITIVITY] += rounded(chance * weight / world.terms(w)[0].away_slope * CENT)


@step
def watch_offers(w, i, now, where):
    """An occasion of a customer of ours: does a rival's price offer reach her, and does she buy from us?"""
    c = world.customers(w)[i]
    offers = world.offers(w)
    for o in range(len(offers)):
        offer = offers[o]
        rival = offer.provider != FIRM and offer.programme == PRICE_OFFER and offer.depth > 0.0
        rival = rival and world.providers(w)[offer.provider].awareness > 0.0
        if rival and offer.start <= now < offer.end and sees(c, offer):
            row = world.money(w)[world.clock(w)[0].month, c.segment]
            row[M.OFFERS_MET] += 1
            if where == FIRM:
                row[M.OFFERS_REFUSED] += 1
            return


@step
def watch_failures(w, i, where):
    """The first occasion after a failure at her home, the firm: does she come back?"""
    case = world.cases(w)[i][FIRM]
    if case.fresh == 0:
        return
    case.fresh = 0
    row = world.money(w)[world.clock(w)[0].month, world.customers(w)[i].segment]
    row[M.FAILURES_FOLLOWED] += 1
    if where == FIRM:
        row[M.FAILURES_TOLERATED] += 1
