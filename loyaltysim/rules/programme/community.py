"""A community of customers (MODEL 3.7): who is satisfied joins it, and who takes part is bound by it.

A relational switching cost (Burnham, Frels & Mahajan 2003) that grows with tenure and fades after leaving;
selection comes first (Algesheimer, Dholakia & Herrmann 2005). It moves at the closes.
"""

import math

from loyaltysim.rules import world
from loyaltysim.rules.compiled import rule, step
from loyaltysim.rules.counting import note
from loyaltysim.rules.draws import COMMUNITY, uniform
from loyaltysim.rules.eventlog import KINDS
from loyaltysim.rules.ledger import M
from loyaltysim.rules.programme.costs import charge
from loyaltysim.rules.programme.enrolment import is_member
from loyaltysim.rules.standing import satisfaction_at
from loyaltysim.rules.state import FIRM, NOWHERE
from loyaltysim.rules.variates import exponential, hazard_of_logit

JOINED = KINDS.index("community_joined")
LEFT = KINDS.index("community_left")
INTEREST, JOINING, LEAVING = range(3)  # what a draw is about


@rule
def blank(w, i):
    """Before she enters the market she is in no community."""
    world.relations(w)[i].joined = math.inf


@rule
def join(w, i, now):
    """She takes part from now on."""
    r = world.relations(w)[i]
    r.joined = now
    r.times += 1
    r.hazard = 0.0
    world.money(w)[world.clock(w)[0].month, world.customers(w)[i].segment, M.COMMUNITY_JOINED] += 1
    note(w, i, JOINED, now, FIRM, NOWHERE)


@rule
def leave(w, i, day):
    """She takes part no more."""
    r = world.relations(w)[i]
    if r.joined == math.inf:
        return
    r.joined = math.inf
    r.hazard = 0.0
    world.money(w)[world.clock(w)[0].month, world.customers(w)[i].segment, M.COMMUNITY_LEFT] += 1
    note(w, i, LEFT, day, FIRM, NOWHERE)


@rule
def joining_hazard(w, i):
    """-ln(1 - P) of a month: logit P = that of the chance + devotion x (S - par)."""
    community = world.own_community(w, i)
    s = satisfaction_at(world.ties(w)[i][FIRM], world.providers(w)[FIRM])
    return hazard_of_logit(community.logit + community.devotion * (s - world.terms(w)[0].par_standing))


@step
def take_part(w, i, now):
    """The month that ends: the bond grows with who took part and fades with others; some join, some leave."""
    c = world.customers(w)[i]
    community = world.own_community(w, i)
    r = world.relations(w)[i]
    month = world.clock(w)[0].month
    days = now - world.closes(w)[month]
    inside = r.joined < math.inf
    if inside and community.active == 1:
        r.belonging = community.most - (community.most - r.belonging) * math.exp(-community.growing * days)
        world.money(w)[month, c.segment, M.COMMUNITY_COST] += community.cost
        charge(w, i, community.cost, now)
    else:
        r.belonging *= math.exp(-community.fading * days)
    if inside:
        r.hazard += community.leaving
        tired = r.hazard > exponential(uniform(c.key, COMMUNITY, LEAVING, r.times))
        if tired or c.home != FIRM or community.active == 0:
            leave(w, i, now)
    elif community.active == 1 and c.home == FIRM and is_member(w, i):
        if uniform(c.key, COMMUNITY, INTEREST, 0) < community.interest:
            r.hazard += joining_hazard(w, i)
            if r.hazard > exponential(uniform(c.key, COMMUNITY, JOINING, r.times)):
                join(w, i, now)
