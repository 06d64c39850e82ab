"""Why she leaves: the term of standing whose fall since her spell began cost us most (MODEL 3.5).

For a customer of ours and each term g of standing, v_g is what it is now and v_g(0) what it was when the
spell began. With it the hazard would have grown along standing + v_g(0) - v_g: by how much less is added up
beside Lambda, over the same pieces. What she feels at the firm is told apart into terms by running each
term's part of a visit through the rules of satisfaction and expectation (MODEL 3.3), which are linear.
Descriptive: nothing here moves anybody.
"""

import math

from loyaltysim.rules import world
from loyaltysim.rules.compiled import rule, step
from loyaltysim.rules.experience import attribute_delivered, clipped, weight_of_visit
from loyaltysim.rules.ledger import CAUSES, CENT
from loyaltysim.rules.loyalty import crossing, hazard_of_period
from loyaltysim.rules.programme.points import price_for_members
from loyaltysim.rules.programme.relations import held
from loyaltysim.rules.rivals import offer_value
from loyaltysim.rules.state import FIRM
from loyaltysim.rules.variates import rounded

FELT, EXPECTED, START, RATE, LESS = range(5)  # columns of a term; RATE a day, or a decision
COLUMNS = 5
# The terms, after one for each attribute: the first three are felt at visits, as attributes are
WAIT, FAILURE, PRICE, EXPECTATION, OFFER, RIVALS, BONDS, PROGRAMME, TOLD, NONE = range(len(CAUSES))
FELT_TERMS, TERMS_OF_STANDING = EXPECTATION, TOLD
UNKNOWN = -1  # no cause is asked for
NOISE = 1e-9  # CSI points, or units of Lambda: less is rounding
ROOT_3 = 1.7320508075688772


@rule
def are_kept(w):
    """Does the scenario ask for causes?"""
    return w.causes_0 > 0


@rule
def part_of(w, i, k, fit, z, lost, shift):
    """CSI points that attribute k of the firm gives her above what an attribute at par would."""
    terms = world.terms(w)[0]
    segment = world.customers(w)[i].segment
    level, spread = world.levels(w)[FIRM, k], world.spreads(w)[FIRM, k]
    x = attribute_delivered(terms, k, level, spread, fit, z, lost, shift)
    points = world.weights(w)[segment, k] * (x - terms.par_standing)
    if terms.kinds == 1:
        kind = world.attributes(w)[k]
        points -= kind.penalty * max(kind.floor - x, 0.0)
        if kind.extra == 1:
            points += world.segments(w)[segment].extras * kind.keeps * clipped(level + spread * z)
    return points


@step
def mean_part(w, i, k, fit, lost):
    """The same at a usual visit: the mean over its mood by three points (Gauss and Hermite)."""
    total = 0.0
    for n in range(-1, 2):
        total += (4.0 if n == 0 else 1.0) * part_of(w, i, k, fit, n * ROOT_3, lost, 0.0)
    return total / 6.0


@step
def usual(w, i, g, fit):
    """What a felt term comes to at a usual visit, as the firm now is and with last month's waits."""
    k = w.attributes_0
    terms = world.terms(w)[0]
    if g < k:
        return mean_part(w, i, g, fit, 0.0)
    if g == k + WAIT:
        lost = world.clock(w)[0].usual_wait
        if terms.time_attribute < 0 or lost == 0.0:
            return 0.0
        t = terms.time_attribute
        return mean_part(w, i, t, fit, lost) - mean_part(w, i, t, fit, 0.0)
    return price_part(w, i) if g == k + PRICE else 0.0


@rule
def price_part(w, i):
    """CSI points that the firm's price level gives her."""
    weight = world.segments(w)[world.customers(w)[i].segment].price_weight
    return -weight * 100.0 * world.providers(w)[FIRM].price_level


@step
def set_usual(w, i, fit):
    """She has not been with the firm yet, or the market opens: she knows what a usual visit is like."""
    mine = world.causes(w)[i]
    for g in range(w.attributes_0 + FELT_TERMS):
        mine[g, FELT] = usual(w, i, g, fit)
        mine[g, EXPECTED] = mine[g, FELT]


@step
def live(w, i, mood, lost, shift, spoilt, csi, expectation, new):
    """A visit to the firm has been felt: each term's part of satisfaction and of expectation moves with it.

    `csi` after a failure that took `spoilt` of it, `expectation` before; `new` is Y - G.
    """
    terms = world.terms(w)[0]
    tie = world.ties(w)[i][FIRM]
    mine = world.causes(w)[i]
    k = w.attributes_0
    visits = float(tie.visits)
    if visits == 1.0 and world.customers(w)[i].home != FIRM:
        set_usual(w, i, 0.0)
    gap = csi - expectation + new
    beta = 0.0
    if abs(gap) > terms.zone:
        beta = terms.beta_up if gap > 0.0 else terms.beta_down
    kappa = terms.kappa_up if csi - expectation > 0.0 else terms.kappa_down
    omega = weight_of_visit(terms.memory, visits)
    fit = float(tie.fit)
    waited = 0.0
    for g in range(k + FELT_TERMS):
        given = -spoilt
        if g < k:
            given = part_of(w, i, g, fit, mood, 0.0, shift)
            if g == terms.time_attribute and lost != 0.0:
                waited = part_of(w, i, g, fit, mood, lost, shift) - given
        elif g == k + WAIT:
            given = waited
        elif g == k + PRICE:
            given = price_part(w, i)
        beyond = given - mine[g, EXPECTED]
        mine[g, FELT] += omega * (given + beta * beyond - mine[g, FELT])
        mine[g, EXPECTED] += kappa * beyond
    world.waited(w)[0] += rounded(lost * CENT)
    world.waited(w)[1] += 1


@step
def forget(w, i, now):
    """What fades of satisfaction and of expectation fades of each part, towards a usual visit."""
    terms = world.terms(w)[0]
    elapsed = now - world.customers(w)[i].felt_at
    if elapsed <= 0.0 or terms.decay + terms.forgetting == 0.0:
        return
    mine = world.causes(w)[i]
    for g in range(w.attributes_0 + FELT_TERMS):
        norm = usual(w, i, g, 0.0)
        if world.ties(w)[i][FIRM].visits > 0.0:
            mine[g, FELT] = norm + (mine[g, FELT] - norm) * math.exp(-terms.decay * elapsed)
        mine[g, EXPECTED] = norm + (mine[g, EXPECTED] - norm) * math.exp(-terms.forgetting * elapsed)


@rule
def repair(w, i, j, points):
    """A recovery, or a bungled one, has moved her satisfaction with provider j by so much."""
    if w.causes_0 > 0 and j == FIRM:
        world.causes(w)[i, w.attributes_0 + FAILURE, FELT] += points


@rule
def own_offer(w, i, now):
    """CSI points that a price offer of the firm's is worth to her."""
    c = world.customers(w)[i]
    terms = world.terms(w)[0]
    rate = float(c.rate)
    horizon = max(terms.stock_horizon, 1.0 / rate) if rate > 0.0 else terms.stock_horizon
    member = price_for_members(world.own_points(w, i), c) * float(c.shows)
    worth = offer_value(c, world.offers(w), FIRM, now, horizon, member)
    return world.segments(w)[c.segment].price_weight * 100.0 * worth


@rule
def opened_at_home(w, i):
    """At the close of month 0: has she been with the firm since the market opened?

    That spell began before the market was at rest, so that its terms are taken as they are now.
    """
    c = world.customers(w)[i]
    month_0 = world.clock(w)[0].month + 1 == world.terms(w)[0].warm_up
    return month_0 and c.spells == 0 and float(c.enters) < world.closes(w)[0] + 0.01


@step
def weigh(w, i, standing, now, close, felt, money, against, plain):
    """Her standing from now on, term by term; the piece of hazard that has run is booked (before it ends).

    `felt` is her satisfaction with the firm, `money` all that its programme and offers are worth, `against`
    the pull of others and `plain` that without their offers.
    """
    c = world.customers(w)[i]
    terms = world.terms(w)[0]
    begins = math.isnan(c.standing)
    if (standing == c.standing and not close) or (not begins and crossing(c, now) < math.inf):
        return
    mine = world.causes(w)[i]
    if begins and world.ties(w)[i][FIRM].visits == 0.0:
        set_usual(w, i, 0.0)
    begins = begins or (close and opened_at_home(w, i))
    k = w.attributes_0
    own = own_offer(w, i, now)
    over = terms.period if terms.period > 0.0 else 1.0
    days = now - c.hazard_from if terms.period > 0.0 else 0.0
    hazard = hazard_of_period(terms, c, standing) if standing < math.inf else 0.0
    rest = felt
    for g in range(k + TERMS_OF_STANDING):
        value = rest
        if g < k + FELT_TERMS:
            value = mine[g, FELT]
            rest -= value
            if g == k + PRICE:
                value += own
        elif g == k + OFFER:
            value = plain - against if against > -math.inf else 0.0
        elif g == k + RIVALS:
            value = -plain
        elif g == k + BONDS:
            value = world.segments(w)[c.segment].bonds + float(c.bond) + held(w, i)
        elif g == k + PROGRAMME:
            value = money - own
        if begins:
            mine[g, START] = value
            mine[g, LESS] = 0.0
            mine[g, RATE] = 0.0
            continue
        mine[g, LESS] += days * mine[g, RATE]
        mine[g, RATE] = 0.0
        before = standing + (mine[g, START] - value) if standing < math.inf else standing
        if abs(before - standing) > NOISE:
            less = hazard - hazard_of_period(terms, c, before) if before < math.inf else hazard
            mine[g, RATE] = less / over


@step
def decide(w, i):
    """With `period: occasion`: a decision has used up hazard, and would have used up less."""
    if world.terms(w)[0].period == 0.0 and world.customers(w)[i].home == FIRM:
        mine = world.causes(w)[i]
        for g in range(w.attributes_0 + TERMS_OF_STANDING):
            mine[g, LESS] += mine[g, RATE]


@step
def cause_of(w, i, day):
    """The cause of her leaving the firm on this day: the number of the term, or none has fallen."""
    k = w.attributes_0
    mine = world.causes(w)[i]
    days = day - world.customers(w)[i].hazard_from if world.terms(w)[0].period > 0.0 else 0.0
    cause = k + NONE
    most = NOISE
    for g in range(k + TERMS_OF_STANDING):
        less = mine[g, LESS] + days * mine[g, RATE]
        if less > most:
            most = less
            cause = g
    return cause


@rule
def count(w, cause):
    """A customer has left the firm for this cause."""
    if cause != UNKNOWN:
        world.left_by(w)[world.clock(w)[0].month, cause] += 1


@rule
def learn_waits(w):
    """At a close: what waiting took of `time` at a usual visit of the month."""
    if world.waited(w)[1] > 0:
        world.clock(w)[0].usual_wait = world.waited(w)[0] / CENT / world.waited(w)[1]
    world.waited(w)[0] = 0
    world.waited(w)[1] = 0
