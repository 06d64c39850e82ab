"""Stored value (MODEL 3.7; E27): customers pay ahead, get a bonus on top, and pay with what they hold.

Money paid in and bonus are kept apart in whole minor units. Paid in = spent + refunded + forfeited +
outstanding. Money is received when it is paid in and revenue when it is spent; what the bonus pays is a
price cut.
"""

import math

from loyaltysim.rules import world
from loyaltysim.rules.compiled import rule, step
from loyaltysim.rules.counting import note
from loyaltysim.rules.draws import HELD, HOLDS, PREPAYS, REFUND, uniform
from loyaltysim.rules.eventlog import KINDS
from loyaltysim.rules.ledger import M
from loyaltysim.rules.occasions import usual_basket
from loyaltysim.rules.parameters import BONUS_FIRST, CASH_FIRST
from loyaltysim.rules.programme.costs import receive
from loyaltysim.rules.programme.savings import part_saved, set_savings
from loyaltysim.rules.state import FIRM, NOWHERE
from loyaltysim.rules.variates import exponential, gamma, hazard_of_logit, rounded

TOPPED_UP = KINDS.index("topped_up")
PAID_AHEAD = KINDS.index("paid_ahead")
BALANCE_ENDED = KINDS.index("balance_ended")
LEAVES, EXITS, CLOSES = range(3)  # when a balance may end: she leaves the firm, the market, a month closes
MONTH = 365.0 / 12.0


@rule
def are_kept(w):
    """Can anybody store value?"""
    return w.purses_0 > 0


@rule
def larger_basket(w, i, goods):
    """The basket of one who comes with value stored: paying hurts less (Prelec & Loewenstein 1998)."""
    uplift = world.own_storing(w, i).uplift
    if uplift == 0.0 or world.purses(w)[i].cash + world.purses(w)[i].bonus == 0:
        return goods
    return rounded(goods * (1.0 + uplift))


@rule
def perhaps_begins(w, i, now):
    """A purchase of one who stores nothing yet: does she take it up? Heavy buyers sooner, as in E31."""
    c = world.customers(w)[i]
    p = world.purses(w)[i]
    terms = world.own_storing(w, i)
    often = float(c.rate) * MONTH
    x = terms.logit + terms.slope * math.log(max(often, 1e-300))
    if terms.appeal != 0.0:
        x += terms.appeal * terms.valuation * part_saved(terms) * usual_basket(c) * often
    p.hazard += hazard_of_logit(x)
    if p.hazard > exponential(uniform(c.key, PREPAYS, 0, 0)):
        p.since = now
        world.money(w)[world.clock(w)[0].month, c.segment, M.PREPAID_BEGUN] += 1
        set_savings(w, i)


@rule
def tell(w, i, now, kind, cash, bonus):
    """A line of her story: money and bonus that moved, and the balance after it, in minor units."""
    place = note(w, i, kind, now, FIRM, NOWHERE)
    if place >= 0:
        line = world.log(w)[place]
        line.paid = cash
        line.earned = bonus
        line.list_price = world.purses(w)[i].cash + world.purses(w)[i].bonus


@rule
def top_up(w, i, now):
    """She pays in; the bonus comes on top."""
    p = world.purses(w)[i]
    terms = world.own_storing(w, i)
    p.cash += terms.top_up
    p.bonus += terms.bonus
    row = world.money(w)[world.clock(w)[0].month, world.customers(w)[i].segment]
    row[M.TOP_UPS] += 1
    row[M.PREPAID_IN] += terms.top_up
    row[M.BONUS_GRANTED] += terms.bonus
    receive(w, i, terms.top_up, now)
    tell(w, i, now, TOPPED_UP, terms.top_up, terms.bonus)


@rule
def money_of(terms, cash, bonus, amount):
    """How much of an amount that the balance pays is money; the rest is bonus."""
    if terms.first == CASH_FIRST:
        return min(cash, amount)
    if terms.first == BONUS_FIRST:
        return amount - min(bonus, amount)
    return (2 * amount * cash + cash + bonus) // (2 * (cash + bonus))


@step
def pay(w, i, now, due):
    """She pays with what she has stored, topping up first where it is time. Returns (money, bonus) spent."""
    p = world.purses(w)[i]
    terms = world.own_storing(w, i)
    if terms.active == 1:
        if p.since == math.inf:
            perhaps_begins(w, i, now)
        if p.since < math.inf and p.cash + p.bonus < (due if terms.below < 0 else terms.below):
            top_up(w, i, now)
    amount = min(p.cash + p.bonus, due)
    if amount <= 0:
        return 0, 0
    cash = money_of(terms, p.cash, p.bonus, amount)
    month = world.clock(w)[0].month
    p.cash -= cash
    p.bonus -= amount - cash
    p.used = month
    row = world.money(w)[month, world.customers(w)[i].segment]
    row[M.PREPAID_SPENT] += cash
    row[M.BONUS_SPENT] += amount - cash
    tell(w, i, now, PAID_AHEAD, cash, amount - cash)
    return cash, amount - cash


@rule
def put_back(w, i, cash, bonus):
    """A sale is brought back: what stored value had paid is stored again. Returns the money."""
    p = world.purses(w)[i]
    p.cash += cash
    p.bonus += bonus
    p.used = world.clock(w)[0].month
    row = world.money(w)[world.clock(w)[0].month, world.customers(w)[i].segment]
    row[M.PREPAID_SPENT] -= cash
    row[M.BONUS_SPENT] -= bonus
    return cash


@step
def settle(w, i, now, why):
    """She leaves the firm or the market, or a month closes: is her balance refunded, or forfeited?"""
    p = world.purses(w)[i]
    if p.cash + p.bonus == 0:
        return
    c = world.customers(w)[i]
    terms = world.own_storing(w, i)
    month = world.clock(w)[0].month
    back = 0
    asks = False
    if why == CLOSES:
        if terms.expiry == 0 or month - p.used < terms.expiry:
            return
    else:
        asks = (why == EXITS or terms.refund_leaving == 1) and terms.refund_chance > 0.0
        asks = asks and uniform(c.key, REFUND, why, c.spells) < terms.refund_chance
        if why == LEAVES and not asks:
            return
        back = rounded(p.cash * terms.refund_part) if asks else 0
    row = world.money(w)[month, c.segment]
    row[M.PREPAID_REFUNDED] += back
    row[M.PREPAID_FORFEITED] += p.cash - back
    row[M.BONUS_FORFEITED] += p.bonus
    if terms.remits == 1 and not asks and p.cash > 0:
        row[M.PREPAID_REMITTED] += p.cash
        receive(w, i, -p.cash, now)
    lost = p.cash - back + p.bonus
    p.cash = 0
    p.bonus = 0
    if back > 0:
        receive(w, i, -back, now)
    tell(w, i, now, BALANCE_ENDED, back, lost)


@rule
def count(w, i):
    """Her line among the stocks of a close."""
    p = world.purses(w)[i]
    row = world.money(w)[world.clock(w)[0].month, world.customers(w)[i].segment]
    row[M.PREPAID_OUTSTANDING] += p.cash
    row[M.BONUS_OUTSTANDING] += p.bonus
    row[M.PREPAID_USERS] += p.since < math.inf


@step
def open_purse(w, i, now):
    """What she has stored on the first day, paid in before; all of it money."""
    c = world.customers(w)[i]
    terms = world.own_storing(w, i)
    if uniform(c.key, HOLDS, 0, 0) >= terms.opening_share:
        return
    amount = terms.opening_mean
    if terms.opening_table >= 0:
        u = uniform(c.key, HELD, 0, 0)
        amount = amount * gamma(world.tables(w)[terms.opening_table], u) / terms.opening_shape
    p = world.purses(w)[i]
    row = world.money(w)[world.clock(w)[0].month, c.segment]
    if p.since == math.inf:
        p.since = now
        row[M.PREPAID_BEGUN] += 1
    p.cash += rounded(amount)
    p.used = world.clock(w)[0].month
    row[M.PREPAID_OPENING] += rounded(amount)
    set_savings(w, i)
