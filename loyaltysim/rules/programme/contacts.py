"""Contacts with members who consent: they bind up to what she tolerates and strain beyond it (MODEL 3.7).

A month's contacts are entered at its close; so they cost a visit nothing. Whether she consents, what she
tolerates and how much it takes until she withdraws her consent are drawn once (E11, E39; Godfrey, Seiders &
Voss 2011).
"""

import math

from loyaltysim.rules import world
from loyaltysim.rules.compiled import rule, step
from loyaltysim.rules.counting import note
from loyaltysim.rules.draws import CONSENTS, CONTACTED, TOLERATES, UNSUBSCRIBES, uniform
from loyaltysim.rules.eventlog import KINDS
from loyaltysim.rules.ledger import CENT, M
from loyaltysim.rules.meant import meant
from loyaltysim.rules.programme.costs import charge
from loyaltysim.rules.programme.terms import MILLIONTHS
from loyaltysim.rules.state import FIRM, NOWHERE
from loyaltysim.rules.variates import exponential, normal, rounded

CONTACT = KINDS.index("contacted")
UNSUBSCRIBED = KINDS.index("unsubscribed")


@rule
def known(w, i, since, now):
    """Could the firm contact her: a member since then, who has been with it, and is not asleep?"""
    c = world.customers(w)[i]
    outreach = world.own_outreach(w, i)
    if outreach.active == 0 or world.ties(w)[i][FIRM].visits == 0.0:
        return False
    if world.own_enrolment(w, i).active == 1 and world.members(w)[i].since > since:
        return False
    return now - max(float(c.last_purchase), world.closes(w)[0]) <= outreach.asleep


@rule
def consents(w, i):
    """Does she consent to be contacted?"""
    if world.relations(w)[i].withdrawn == 1:
        return False
    key = world.customers(w)[i].key
    return uniform(key, CONSENTS, 0, 0) < world.own_outreach(w, i).consent


@rule
def rate_for(w, i):
    """Contacts a month that are meant for her: the least of the plans for her, or the rate for everybody."""
    c = world.customers(w)[i]
    plans = world.plans(w)[world.part(w, i)]
    least = math.inf
    for k in range(len(plans)):
        if plans[k].rate < least and meant(c, plans[k].target):
            least = plans[k].rate
    return least if least < math.inf else world.own_outreach(w, i).rate


@rule
def contacts_of_month(w, i):
    """Her contacts of the month that runs: whole ones, and one more with the chance that is left over."""
    rate = rate_for(w, i)
    whole = math.floor(rate)
    u = uniform(world.customers(w)[i].key, CONTACTED, 0, world.clock(w)[0].month)
    return whole + 1 if u < rate - whole else whole


@rule
def own_tolerance(w, i):
    """Contacts a month that she tolerates: t exp(s z - s^2 / 2), drawn once."""
    c = world.customers(w)[i]
    outreach = world.own_outreach(w, i)
    mean = world.segments(w)[c.segment].tolerates
    if mean < 0.0:
        mean = outreach.tolerance
    spread = outreach.tolerance_spread
    if spread == 0.0:
        return mean
    return mean * math.exp(spread * normal(uniform(c.key, TOLERATES, 0, 0)) - 0.5 * spread * spread)


@rule
def next_bond(outreach, bond, within):
    """M - (M - B) (1 - gain / M)^y after y contacts that she tolerates."""
    if within == 0.0 or outreach.most == 0.0:
        return bond
    return outreach.most - (outreach.most - bond) * math.exp(outreach.growing * within)


@step
def contact(w, i, now):
    """The month that ends: how often she was contacted, what it cost, and what it left."""
    c = world.customers(w)[i]
    month = world.clock(w)[0].month
    row = world.money(w)[month, c.segment]
    outreach = world.own_outreach(w, i)
    r = world.relations(w)[i]
    begins = world.closes(w)[month]
    r.bond *= math.exp(-outreach.fading * (now - begins))
    r.strain *= math.exp(-outreach.healing * (now - begins))
    if not known(w, i, begins, now) or not consents(w, i) or not meant(c, outreach.target):
        return
    n = contacts_of_month(w, i)
    if n == 0:
        return
    within = min(float(n), own_tolerance(w, i))
    beyond = n - within
    r.contacts += n
    r.bond = next_bond(outreach, r.bond, within)
    r.strain += outreach.effort * beyond
    r.due += outreach.cost * n
    cost = (r.due + MILLIONTHS // 2) // MILLIONTHS
    r.due -= cost * MILLIONTHS
    row[M.CONTACTS] += n
    row[M.CONTACTS_BEYOND] += rounded(beyond * CENT)
    row[M.CONTACT_COST] += cost
    charge(w, i, cost, now)
    place = note(w, i, CONTACT, now, FIRM, NOWHERE)
    if place >= 0:
        world.log(w)[place].earned = n
        world.log(w)[place].paid = cost
    r.weary += outreach.wearing_out * beyond
    if r.weary > exponential(uniform(c.key, UNSUBSCRIBES, 0, 0)):
        r.withdrawn = 1
        row[M.UNSUBSCRIBED] += 1
        note(w, i, UNSUBSCRIBED, now, FIRM, NOWHERE)


@rule
def count(w, i, now):
    """Her line among the stocks of a close."""
    c = world.customers(w)[i]
    r = world.relations(w)[i]
    row = world.money(w)[world.clock(w)[0].month, c.segment]
    if known(w, i, now, now):
        row[M.CONTACT_KNOWN] += 1
        row[M.CONTACT_OPEN] += consents(w, i)
    if c.home == FIRM:
        row[M.CONTACT_BOND] += rounded(r.bond * CENT)
        row[M.CONTACT_STRAIN] += rounded(r.strain * CENT)
        row[M.COMMUNITY_BOND] += rounded(r.belonging * CENT)
    row[M.COMMUNITY_MEMBERS] += r.joined < math.inf
