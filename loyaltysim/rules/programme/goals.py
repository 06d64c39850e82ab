"""What a reward ahead, or one just had, does to the pace of her occasions (MODEL 3.6, 3.7).

Goal gradient (E19, E25), endowed progress (E20), reset and lift after a reward (E21). Her pace changes
only where she is planned for anew: at her own visits and at the closes; in between it is constant.
"""

import math

from loyaltysim.rules.compiled import rule
from loyaltysim.rules.draws import KEPT, uniform
from loyaltysim.rules.variates import exponential


@rule
def progress(points, balance):
    """Which part of the way to the next reward lies behind her: 0 to 1.

    Up to the minimum it counts from nothing, beyond it from the last whole step: a reward counts as
    earned when the balance reaches it, so there the way begins anew (Kivetz et al. 2006).
    """
    if balance < points.minimum:
        return balance / points.minimum
    return (balance % points.step) / points.step


@rule
def own_gradient(points, rate):
    """g_i = g exp(-lambda_i / lambda_0): who buys often anyway hardly hurries (E25)."""
    return points.gradient * math.exp(-rate / points.heavy_rate)


@rule
def nearness(points, rate, balance):
    """1 + g_i p^k: the factor on her pace at this progress (E19)."""
    if points.gradient == 0.0:
        return 1.0
    return 1.0 + own_gradient(points, rate) * math.pow(progress(points, balance), points.gradient_power)


@rule
def afterglow(points, since):
    """1 + a 2^(-t / half-life): the factor on her pace so many days after a reward (E21)."""
    if points.lift == 0.0:
        return 1.0
    return 1.0 + points.lift * math.exp(-points.lift_decay * since)


@rule
def acceleration(points, customer, cards, i, day):
    """h: the programme's factor on the pace of customer `i`, if the firm is her home, from `day` on."""
    if points.carded == 0:
        return points.acceleration
    card = cards[i]
    h = points.acceleration * afterglow(points, day - card.rewarded)
    if card.aside == 1:
        return h
    if spurred(points, card):
        h *= 1.0 + points.haste
    if points.plan_ahead > 0.0 and card.planned < math.inf and customer.balance >= points.minimum:
        h *= 1.0 + points.plan_lift
    return h * nearness(points, float(customer.rate), customer.balance)


@rule
def spurred(points, card):
    """Is she on her way to a first reward with progress that was given to her? (E20)"""
    return points.endowed > 0 and card.joined == 1 and card.reached == 0


@rule
def keeping(points, card):
    """q: chance to keep her card at a purchase; given progress multiplies its odds by e^eta (E20)."""
    if not spurred(points, card):
        return points.kept
    odds = points.kept * math.exp(points.commitment)
    return odds / (odds + 1.0 - points.kept)


@rule
def mark(points, key, card, balance, redeemed, now):
    """After a purchase: has she reached a first reward now? If not, does she put her card aside?

    A reward had lifts her pace from now on. Putting aside has one resistance, used up by -ln q a purchase.
    """
    if redeemed > 0:
        card.rewarded = now
    if card.reached == 1:
        return False
    if balance >= points.minimum or redeemed > 0:
        card.reached = 1
        return True
    if points.kept < 1.0:
        card.worn -= math.log(max(keeping(points, card), 1e-300))
        if card.worn > exponential(uniform(key, KEPT, 0, 0)):
            card.aside = 1
    return False
