"""Balances of points on a programme's first day, in lots of the months before it (MODEL 3.8)."""

import math

from loyaltysim.rules import world
from loyaltysim.rules.compiled import rule, step
from loyaltysim.rules.draws import OPENING, OPENS, uniform
from loyaltysim.rules.programme import cohorts, stored_value
from loyaltysim.rules.programme.enrolment import earning_share, kept_apart
from loyaltysim.rules.standing import stand_anew
from loyaltysim.rules.state import FIRM, M, U
from loyaltysim.rules.variates import gamma, rounded


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
