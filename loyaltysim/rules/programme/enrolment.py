"""Joining the programme (MODEL 3.7): heavier buyers first; only identified visits of members earn.

At each visit of a customer who is no member the logit of joining is linear in the logarithm of her rate
(E31; Leenheer et al. 2007). Its chance P adds -ln(1 - P) to a hazard, and she joins when that has passed
one resistance: she joins at the n-th visit with the law of independent decisions.
"""

import math

from loyaltysim.rules import world
from loyaltysim.rules.compiled import rule, step
from loyaltysim.rules.counting import note
from loyaltysim.rules.draws import ENROLS, IDENTIFIED, uniform
from loyaltysim.rules.eventlog import KINDS
from loyaltysim.rules.ledger import CENT, M, U
from loyaltysim.rules.occasions import usual_basket
from loyaltysim.rules.programme import cohorts
from loyaltysim.rules.programme import points as book
from loyaltysim.rules.programme.costs import charge
from loyaltysim.rules.programme.debts import after_debt
from loyaltysim.rules.state import FIRM, NOWHERE
from loyaltysim.rules.variates import exponential, rounded

ENROLLED = KINDS.index("enrolled")
MONTH = 365.0 / 12.0


@rule
def kept_apart(w):
    """Is it written down who is a member? (Without a rule of enrolment everybody is.)"""
    return w.members_0 > 0


@rule
def is_member(w, i):
    """Has she joined the programme?"""
    return world.own_enrolment(w, i).active == 0 or world.members(w)[i].since < math.inf


@rule
def earning_share(w, i):
    """Share of her visits that earn: none before she has joined."""
    enrolment = world.own_enrolment(w, i)
    if enrolment.active == 0:
        return 1.0
    return enrolment.identified if world.members(w)[i].since < math.inf else 0.0


@rule
def shows_her_card(w, i):
    """Is this visit a member's, and identified? Only such a visit earns and redeems."""
    enrolment = world.own_enrolment(w, i)
    if enrolment.active == 0:
        return True
    if world.members(w)[i].since == math.inf:
        return False
    c = world.customers(w)[i]
    return uniform(c.key, IDENTIFIED, 0, c.occasions) < enrolment.identified


@rule
def benefit(enrolment, points, segment, customer):
    """What joining promises at her own valuation, minor units: a month's points and the bonus.

    The trouble of joining is taken off.
    """
    basket = usual_basket(customer)
    flow = book.flow_value(points, basket, 1.0) * book.mean_factor(points, segment)
    flow = flow * basket * float(customer.rate) * MONTH * enrolment.identified
    bonus = 0.0
    if points.active == 1:
        bonus = points.valuation * book.face_value(points, enrolment.bonus)
    return flow + bonus - enrolment.friction


@rule
def joining_hazard(enrolment, points, segment, customer):
    """-ln(1 - P) of one visit, P = logistic(a + b ln(occasions a month) + c benefit) (E31)."""
    x = enrolment.logit + enrolment.slope * math.log(max(float(customer.rate) * MONTH, 1e-300))
    if enrolment.appeal != 0.0:
        x += enrolment.appeal * benefit(enrolment, points, segment, customer)
    if x > 0.0:
        return x + math.log1p(math.exp(max(-x, -700.0)))
    return math.log1p(math.exp(max(x, -700.0)))


@step
def perhaps_joins(w, i, now):
    """A visit of somebody who is no member: does she join? It counts from her next visit on."""
    c = world.customers(w)[i]
    enrolment = world.own_enrolment(w, i)
    m = world.members(w)[i]
    m.hazard += joining_hazard(enrolment, world.own_points(w, i), world.segments(w)[c.segment], c)
    if m.hazard > exponential(uniform(c.key, ENROLS, 0, 0)):
        join(w, i, now)


@rule
def join(w, i, now):
    """She is a member from now on: what it costs the firm, and the points that she is given."""
    c = world.customers(w)[i]
    enrolment = world.own_enrolment(w, i)
    month = world.clock(w)[0].month
    row = world.money(w)[month, c.segment]
    m = world.members(w)[i]
    m.since = now
    m.watched = now
    c.earns = earning_share(w, i)
    c.shows = c.earns
    row[M.ENROLLED] += 1
    row[M.ENROLMENT_COST] += enrolment.cost
    charge(w, i, enrolment.cost, now)
    if world.own_points(w, i).active == 1:
        given = enrolment.bonus
        step_of_reward = world.own_points(w, i).step
        left = after_debt(w, i, given)
        row[M.REWARDS_EARNED] += (c.balance + left) // step_of_reward - c.balance // step_of_reward
        row[M.POINTS_ISSUED] += given
        row[M.POINTS_GIVEN] += given
        c.balance += left
        book.grant(world.lots(w)[i], month, left)
        cohorts.uses_of(w, i)[0, U.GIVEN] += left
    note(w, i, ENROLLED, now, FIRM, NOWHERE)


@rule
def remember_spending(w, i, now, net, identified):
    """What the naive comparisons want to know of a purchase at the firm."""
    m = world.members(w)[i]
    month = world.clock(w)[0].month
    if month < world.terms(w)[0].warm_up:
        m.past += net
    if now > m.watched:
        m.spend += net
    if m.since == math.inf:
        m.before += net
        return
    world.money(w)[month, world.customers(w)[i].segment, M.MEMBER_SPEND] += net
    if identified:
        m.seen = now


@rule
def count_days(w, i, until):
    """Her days of the month up to `until`: as a member, or as a home customer who is none."""
    c = world.customers(w)[i]
    month = world.clock(w)[0].month
    row = world.money(w)[month, c.segment]
    begins = max(world.closes(w)[month], float(c.enters))
    since = world.members(w)[i].since
    if since < until:
        row[M.MEMBER_DAYS] += rounded((until - max(begins, since)) * CENT)
    if c.home == FIRM:
        row[M.OTHER_DAYS] += rounded(max(min(since, until) - begins, 0.0) * CENT)


@rule
def count_member(w, i, now):
    """Her line among the stocks of a close: a member, awake or asleep."""
    m = world.members(w)[i]
    if m.since < math.inf:
        row = world.money(w)[world.clock(w)[0].month, world.customers(w)[i].segment]
        row[M.MEMBERS] += 1
        if max(m.seen, m.since) > now - world.own_enrolment(w, i).asleep:
            row[M.ACTIVE_MEMBERS] += 1


@rule
def blank(w, i):
    """Before she enters the market she is no member."""
    m = world.members(w)[i]
    m.since = math.inf
    m.watched = math.inf
    m.seen = -math.inf


@rule
def begin_programme(w, i, now):
    """Month 0: where customers have to join, only members earn. Spending is compared from now on."""
    m = world.members(w)[i]
    m.spend = 0
    if m.since < math.inf:
        m.watched = now
    c = world.customers(w)[i]
    c.earns = earning_share(w, i)
    c.shows = c.earns
