"""Tiers (MODEL 3.7; E24): qualification in a window, what a tier gives, what losing it costs.

A tier is reached at the purchase that fills its threshold, and reviewed at closes: at every close on the last
months (rolling), or where a window of the calendar ends. What a tier is worth to her is held in CSI points
of standing at home: its perks, which may come to be expected, and its status, which many holders dilute
(Dreze & Nunes 2009). A demotion hurts more than the promotion pleased (Wagner et al. 2009); a goal that was
near and missed slows her down until the next review (Wang et al. 2016).
"""

import math

from loyaltysim.rules import world
from loyaltysim.rules.compiled import rule, step
from loyaltysim.rules.counting import note
from loyaltysim.rules.eventlog import KINDS
from loyaltysim.rules.ledger import M
from loyaltysim.rules.meant import meant
from loyaltysim.rules.occasions import usual_basket
from loyaltysim.rules.parameters import BY_POINTS, BY_SPEND
from loyaltysim.rules.programme.costs import charge
from loyaltysim.rules.programme.enrolment import earning_share, is_member
from loyaltysim.rules.programme.points import flow_value, mean_factor
from loyaltysim.rules.state import FIRM, NOWHERE

PROMOTED = KINDS.index("promoted")
DEMOTED = KINDS.index("demoted")


@rule
def are_kept(w):
    """Does the world remember tiers?"""
    return w.ranks_0 > 0


@rule
def hold(w, i):
    """Do tiers hold now, for her?"""
    return w.ranks_0 > 0 and world.own_tiering(w, i).active == 1


@rule
def counts(w, i):
    """Do purchases count towards a tier for her?"""
    return meant(world.customers(w)[i], world.own_tiering(w, i).target)


@rule
def serves_first(w, i):
    """Do the desks serve her before others for the tier that she holds?"""
    return hold(w, i) and world.own_tiers(w, i)[world.ranks(w)[i].tier].priority == 1


@rule
def tier_for(tiers, counted):
    """The highest tier whose threshold so much reaches; 0 is none."""
    found = 0
    for k in range(1, len(tiers)):
        if counted >= tiers[k].threshold:
            found = k
    return found


@rule
def with_multiplier(w, i, earned):
    """Points with the multiplier of her tier, fractions dropped."""
    tier = world.own_tiers(w, i)[world.ranks(w)[i].tier]
    return earned * tier.times // tier.over


@rule
def status_of(tiering, tiers, k):
    """Status of tier k, CSI points: diluted by those who hold it or a higher one, raised by those below.

    status (1 - dilution x share at k or above + contrast x share in the tiers below k) (E24).
    """
    above = 0.0
    below = 0.0
    for t in range(1, len(tiers)):
        if t >= k:
            above += tiers[t].share
        else:
            below += tiers[t].share
    return tiers[k].status * (1.0 - tiering.dilution * above + tiering.contrast * below)


@rule
def perk_of(tier, days):
    """What the perks of a tier add to standing, CSI points, so many days after she reached it.

    A share `keeps` stays; the rest is an extra that comes to be expected.
    """
    if tier.keeps >= 1.0:
        return tier.perk
    return tier.perk * (tier.keeps + (1.0 - tier.keeps) * math.exp(-tier.wearing * days))


@rule
def refresh(w, i, now):
    """What her tier adds to her standing from now on, and what earning is worth to her."""
    c = world.customers(w)[i]
    r = world.ranks(w)[i]
    tiering = world.own_tiering(w, i)
    tiers = world.own_tiers(w, i)
    value = 0.0
    if r.tier > 0:
        value = status_of(tiering, tiers, r.tier) + perk_of(tiers[r.tier], now - r.since)
    if r.hurt > 0.0:
        value -= r.hurt * math.exp(-tiering.healing * (now - r.fell))
    c.status = value
    r.ahead = worth_ahead(w, i, now) if tiering.progress > 0.0 else 0.0


@step
def worth_ahead(w, i, now):
    """What leaving would forfeit of the way to the next tier, CSI points of standing, a stock (MODEL 3.5).

    progress x part of the way x what that tier adds a purchase x purchases in a window / purchases in H
    """
    r = world.ranks(w)[i]
    tiers = world.own_tiers(w, i)
    if r.tier + 1 >= len(tiers) or r.counted <= 0:
        return 0.0
    c = world.customers(w)[i]
    tiering = world.own_tiering(w, i)
    own = tiers[r.tier]
    after = tiers[r.tier + 1]
    adds = status_of(tiering, tiers, r.tier + 1) + after.perk
    if r.tier > 0:
        adds -= status_of(tiering, tiers, r.tier) + perk_of(own, now - r.since)
    segment = world.segments(w)[c.segment]
    points = world.own_points(w, i)
    flow = flow_value(points, usual_basket(c), 1.0) * mean_factor(points, segment) * earning_share(w, i)
    weight = 100.0 * segment.price_weight
    adds += weight * flow * (after.times / after.over - own.times / own.over)
    rate = float(c.rate)
    held = rate * tiering.span / max(rate * world.terms(w)[0].stock_horizon, 1.0)
    return tiering.progress * min(r.counted / after.threshold, 1.0) * max(adds, 0.0) * held


@rule
def stock_of(w, i):
    """What her progress to a tier adds to her standing at home with the firm."""
    if not hold(w, i) or world.customers(w)[i].home != FIRM:
        return 0.0
    return world.ranks(w)[i].ahead


@rule
def set_tier(w, i, tier, now):
    """She changes her tier: promoted, or demoted; the books and her feelings follow."""
    c = world.customers(w)[i]
    r = world.ranks(w)[i]
    tiering = world.own_tiering(w, i)
    tiers = world.own_tiers(w, i)
    row = world.money(w)[world.clock(w)[0].month, c.segment]
    if tier > r.tier:
        row[M.PROMOTED] += 1
        r.hurt = 0.0
    else:
        row[M.DEMOTED] += 1
        lost = status_of(tiering, tiers, r.tier)
        if tier > 0:
            lost -= status_of(tiering, tiers, tier)
        r.hurt = max((tiering.demotion - 1.0) * lost, 0.0)
        r.fell = now
    new = tiers[tier]
    c.earns = earning_share(w, i) * new.times / new.over
    kind = PROMOTED if tier > r.tier else DEMOTED
    r.tier = tier
    r.since = now
    note(w, i, kind, now, FIRM, NOWHERE)


@step
def qualify(w, i, now, net, earned):
    """A purchase that counts: the perks are enjoyed, the window filled, a promotion made."""
    tiering = world.own_tiering(w, i)
    tiers = world.own_tiers(w, i)
    r = world.ranks(w)[i]
    c = world.customers(w)[i]
    month = world.clock(w)[0].month
    if tiers[r.tier].perk_cost > 0:
        world.money(w)[month, c.segment, M.PERK_COST] += tiers[r.tier].perk_cost
        charge(w, i, tiers[r.tier].perk_cost, now)
    amount = 1
    if tiering.by == BY_SPEND:
        amount = net
    elif tiering.by == BY_POINTS:
        amount = earned
    if not counts(w, i):
        amount = 0
    if tiering.calendar == 0:
        world.qualified(w)[i, month % tiering.window] += amount
    r.counted += amount
    tier = tier_for(tiers, r.counted)
    if tier > r.tier:
        set_tier(w, i, tier, now)
        r.until = month + tiering.holds
    refresh(w, i, now)


@rule
def disqualify(w, i, month, net, earned):
    """A purchase of that month has been brought back: what it counted for is taken off, if it still does."""
    tiering = world.own_tiering(w, i)
    r = world.ranks(w)[i]
    now = world.clock(w)[0].month
    amount = 1
    if tiering.by == BY_SPEND:
        amount = net
    elif tiering.by == BY_POINTS:
        amount = earned
    if tiering.calendar == 1:
        first = world.terms(w)[0].warm_up
        if (month - first) // tiering.window == (now - first) // tiering.window:
            r.counted -= min(amount, r.counted)
    elif now - month < tiering.window:
        amount = min(amount, world.qualified(w)[i, month % tiering.window])
        world.qualified(w)[i, month % tiering.window] -= amount
        r.counted -= amount


@rule
def window_ends(tiering, warm_up, month):
    """Does this close end a window of the calendar? Windows count from month 0."""
    return (month + 1 - warm_up) % tiering.window == 0


@rule
def judge(w, i, now):
    """Review her tier by what counts now; with a soft landing she falls one tier at most."""
    tiering = world.own_tiering(w, i)
    r = world.ranks(w)[i]
    month = world.clock(w)[0].month
    earned = tier_for(world.own_tiers(w, i), r.counted)
    if earned >= r.tier:
        if r.tier > 0 and earned == r.tier:
            r.until = month + tiering.holds
        return
    if tiering.calendar == 0 and month < r.until:
        return
    set_tier(w, i, r.tier - 1 if tiering.soft == 1 else earned, now)


@rule
def feel_the_goal(w, i, before):
    """A window of the calendar has ended: the next tier reached, missed although near, or no goal of hers.

    `before` is the tier in which she began the window.
    """
    tiering = world.own_tiering(w, i)
    tiers = world.own_tiers(w, i)
    c = world.customers(w)[i]
    r = world.ranks(w)[i]
    c.zeal = 1.0
    if tier_for(tiers, r.counted) > before:
        c.zeal = 1.0 + tiering.success
    elif before + 1 < len(tiers) and r.counted >= tiering.near * tiers[before + 1].threshold:
        c.zeal = max(1.0 + tiering.failure * (1.0 + tiering.failure_by_tier * before), 0.0)
        world.money(w)[world.clock(w)[0].month, c.segment, M.GOALS_MISSED] += 1


@rule
def review(w, i, now):
    """Her part of the close: the window moves on, her tier is reviewed, she is counted in it."""
    tiering = world.own_tiering(w, i)
    r = world.ranks(w)[i]
    month = world.clock(w)[0].month
    if tiering.calendar == 1:
        if window_ends(tiering, world.terms(w)[0].warm_up, month):
            feel_the_goal(w, i, r.began)
            judge(w, i, now)
            r.began = r.tier
            r.counted = 0
    else:
        judge(w, i, now)
        oldest = (month + 1) % tiering.window
        r.counted -= world.qualified(w)[i, oldest]
        world.qualified(w)[i, oldest] = 0
    refresh(w, i, now)
    if r.tier > 0 or (world.customers(w)[i].home == FIRM and is_member(w, i)):
        world.own_tiers(w, i)[r.tier].holders += 1


@rule
def count_holders(w):
    """At the close: the share of members in each tier, which dilutes status until the next close."""
    for part in range(len(world.tiering(w))):
        if world.tiering(w)[part].active == 0:
            continue
        tiers = world.tiers(w)[part]
        members = 0
        for k in range(len(tiers)):
            members += tiers[k].holders
        for k in range(len(tiers)):
            tiers[k].share = tiers[k].holders / members if members > 0 else 0.0
            tiers[k].holders = 0


@rule
def count_tier(w, i):
    """Her line among the stocks of a close."""
    tier = world.ranks(w)[i].tier
    if tier > 0:
        world.money(w)[world.clock(w)[0].month, world.customers(w)[i].segment, M.TIER_1 + tier - 1] += 1


@rule
def begin_programme(w, i, now):
    """Month 0: her tier as the programme that now holds sees it."""
    c = world.customers(w)[i]
    tiering = world.own_tiering(w, i)
    if tiering.active == 0:
        c.status = 0.0
        c.zeal = 1.0
        c.earns = earning_share(w, i)
        c.shows = c.earns
        return
    tier = world.own_tiers(w, i)[world.ranks(w)[i].tier]
    c.earns = earning_share(w, i) * tier.times / tier.over
    refresh(w, i, now)
