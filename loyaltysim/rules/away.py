"""Buying elsewhere now and then, and what a faster pace is made of (MODEL 3.6).

With `category_expandability` e, a programme that makes her buy h times as often from the firm adds
x = (h - 1)(1 - p) purchases for each that she makes: e x of them are new to the category, the others were
bought elsewhere before. Who gives us all her purchases has none to move (Liu & Yang 2009).
"""

from loyaltysim.rules import world
from loyaltysim.rules.compiled import rule, step
from loyaltysim.rules.draws import AWAY, AWAY_TO, uniform
from loyaltysim.rules.measures import weigh
from loyaltysim.rules.programme import goals
from loyaltysim.rules.programme.savings import drive
from loyaltysim.rules.standing import home_of_her_choice, standing_of
from loyaltysim.rules.state import FIRM
from loyaltysim.rules.variates import logistic


@step
def chance_away(w, i, now):
    """Chance that she buys this purchase away from home, the programme's pace apart.

    logistic(logit(at_par) - (standing of the occasion - par) / slope); 0 where nobody buys elsewhere.
    """
    terms = world.terms(w)[0]
    if terms.away_slope == 0.0:
        return 0.0
    return logistic(terms.away_logit - (standing_of(w, i, now, True) - terms.par_standing) / terms.away_slope)


@rule
def acceleration(w, i, now):
    """h: what the programme multiplies her purchases at the firm by; 1 for customers of rivals."""
    c = world.customers(w)[i]
    if c.home != FIRM:
        return 1.0
    h = goals.acceleration(world.own_points(w, i), c, world.cards(w), i, now) * float(c.zeal)
    return h * drive(w, i) if w.subscriptions_0 > 0 else h


@rule
def pace(w, i, now):
    """Factor of the programme on her rate of occasions: h, or 1 + e (h - 1)(1 - p)."""
    h = acceleration(w, i, now)
    terms = world.terms(w)[0]
    if terms.wallets == 0 or h == 1.0:
        return h
    return 1.0 + terms.expandability * (h - 1.0) * (1.0 - chance_away(w, i, now))


@rule
def left_away(chance, h, expandability):
    """Chance of buying away once the programme has moved purchases to us: (p - min((1-e)x, p)) / (1+ex)."""
    extra = (h - 1.0) * (1.0 - chance)
    occasions = 1.0 + expandability * extra
    if occasions <= 0.0:
        return chance
    return (chance - min((1.0 - expandability) * extra, chance)) / occasions


@step
def shop(w, i, now):
    """Where she buys at this occasion: at home, or sometimes with another provider (a logit, MODEL 3.5).

    Decided once; the purchase with which she enters the market is made at home.
    """
    c = world.customers(w)[i]
    terms = world.terms(w)[0]
    wallet = world.wallets(w)[i]
    if wallet.bound > 0:
        return int(wallet.bound) - 1
    where = int(c.home)
    chance = chance_away(w, i, now)
    if where == FIRM and c.newcomer == 0:
        weigh(w, i, chance)
    chance = left_away(chance, acceleration(w, i, now), terms.expandability)
    if c.newcomer == 0 and uniform(c.key, AWAY, 0, c.occasions) < chance:
        other = home_of_her_choice(w, i, now, where, int(c.occasions), AWAY_TO, True)
        if other >= 0:
            where = other
    wallet.bound = where + 1
    return where
