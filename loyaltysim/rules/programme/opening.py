"""Balances of points on a programme's first day, in lots of the months before it (MODEL 3.8)."""

import math

from loyaltysim.rules import world
from loyaltysim.rules.compiled import rule, step
from loyaltysim.rules.counting import note
from loyaltysim.rules.draws import OPENING, OPENS, QUALIFIED, uniform
from loyaltysim.rules.eventlog import KINDS
from loyaltysim.rules.ledger import M, U
from loyaltysim.rules.meant import meant
from loyaltysim.rules.occasions import usual_basket
from loyaltysim.rules.parameters import BY_POINTS, BY_SPEND
from loyaltysim.rules.programme import cohorts, membership, stored_value, tiers
from loyaltysim.rules.programme.enrolment import earning_share, is_member, kept_apart
from loyaltysim.rules.programme.points import earned_by_class
from loyaltysim.rules.standing import stand_anew
from loyaltysim.rules.state import FIRM, NOWHERE
from loyaltysim.rules.variates import gamma, normal, rounded

OPENED = KINDS.index("opened")
MANY = 500.0  # purchases from which the normal law stands for the Poisson


@rule
def opening_balance(points, tables, key):
    """What she holds on the first day: nothing, or a gamma about the mean; whole points."""
    if uniform(key, OPENS, 0, 0) >= points.opening_share:
        return 0
    if points.opening_table < 0:
        return rounded(points.opening_mean)
    u = uniform(key, OPENING, 0, 0)
    return rounded(points.opening_mean * gamma(tables[points.opening_table], u) / points.opening_shape)


@rule
def issue_before(points, lots, ages, month, number, uses):
    """Put a balance into the lots of the months before, the shares cumulative; how old is the youngest?"""
    youngest = 0
    before = 0
    for age in range(1, len(ages) + 1):
        so_far = int(number * ages[age - 1])
        if so_far > before:
            lots[(month - age) % len(lots)] += so_far - before
            uses[age, U.OPENING] += so_far - before
            uses[age, U.FACE] += cohorts.face_of(points, so_far - before)
            youngest = age if youngest == 0 else youngest
        before = so_far
    return youngest


@step
def open_account(w, i, of_status_quo, now):
    """Her balance on the first day, in the books as issued; whoever holds points is a member with a card."""
    c = world.customers(w)[i]
    points = world.own_points(w, i)
    number = opening_balance(points, world.tables(w), c.key)
    if number == 0:
        return
    month = world.clock(w)[0].month
    uses = cohorts.uses_of(w, i)
    age = issue_before(points, world.lots(w)[i], world.ages(w)[of_status_quo], month, number, uses)
    bought = c.active_month if float(c.last_purchase) > -math.inf else month - age
    c.active_month = max(bought, month - age)
    c.balance += number
    row = world.money(w)[month, c.segment]
    row[M.POINTS_ISSUED] += number
    row[M.POINTS_OPENING] += number
    if points.carded == 1:
        world.cards(w)[i].joined = 1
        world.cards(w)[i].reached = 1
    if kept_apart(w) and world.members(w)[i].since == math.inf and world.own_enrolment(w, i).active == 1:
        world.members(w)[i].since = now
        world.members(w)[i].watched = now
        c.earns = earning_share(w, i)
        c.shows = c.earns
        row[M.ENROLLED] += 1
    note(w, i, OPENED, now, FIRM, NOWHERE)
    stand_anew(w, i, now, False)


@rule
def open_books(w, of_status_quo, now):
    """The first day of the programme on trial (0) or of the status quo (1), for the firm's home customers."""
    for i in range(len(world.customers(w))):
        c = world.customers(w)[i]
        if c.present == 1 and c.home == FIRM and world.part(w, i) == 0:
            open_account(w, i, of_status_quo, now)
            if stored_value.are_kept(w):
                stored_value.open_purse(w, i, now)
                stand_anew(w, i, now, False)
            if membership.are_kept(w):
                membership.open_term(w, i, now)
                stand_anew(w, i, now, False)


@rule
def poisson(mean, u):
    """The u-quantile of the Poisson law, by adding up its chances."""
    if mean > MANY:
        return max(rounded(mean + math.sqrt(mean) * normal(u)), 0)
    number = 0
    chance = math.exp(-mean)
    below = chance
    while u > below and number < 2000:
        number += 1
        chance *= mean / number
        below += chance
    return number


@rule
def likely_tier(w, i):
    """The tier that a window before the first day would have given her: purchases by the law of her rate."""
    c = world.customers(w)[i]
    tiering = world.own_tiering(w, i)
    mean = float(c.rate) * tiering.span * earning_share(w, i)
    counted = poisson(mean, uniform(c.key, QUALIFIED, 0, 0))
    basket = rounded(usual_basket(c))
    if tiering.by == BY_SPEND:
        counted *= basket
    elif tiering.by == BY_POINTS:
        counted *= earned_by_class(world.own_points(w, i), world.segments(w)[c.segment], basket)
    return tiers.tier_for(world.own_tiers(w, i), counted)


@rule
def open_tiers(w, now):
    """The first day of tiers: members at home with the firm hold those of the window before."""
    for i in range(len(world.customers(w))):
        c = world.customers(w)[i]
        inside = c.present == 1 and c.home == FIRM and world.part(w, i) == 0 and is_member(w, i)
        if inside and meant(c, world.own_tiering(w, i).target):
            r = world.ranks(w)[i]
            r.tier = likely_tier(w, i)
            r.began = r.tier
            r.since = now
            r.until = world.clock(w)[0].month + world.own_tiering(w, i).window
            world.tiers(w)[0][r.tier].holders += 1
    tiers.count_holders(w)
    for i in range(len(world.customers(w))):
        if world.ranks(w)[i].tier > 0 and world.part(w, i) == 0:
            tiers.begin_programme(w, i, now)
            stand_anew(w, i, now, False)
