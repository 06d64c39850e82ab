"""What the firm's records know of each customer, and the targets to which she belongs by them (MODEL 3.7).

Records are read at the closes and at month 0. Their value is the true one times an error that lasts, their
satisfaction the true one plus such an error; of some customers there is no record. Loyal is who is likely to
be still active by the pattern of her purchases, t^n (Reinartz & Kumar 2002, after Schmittlein, Morrison &
Colombo 1987).
"""

import math

from loyaltysim.rules import world
from loyaltysim.rules.compiled import rule, step
from loyaltysim.rules.draws import MISFILED, MISREAD, MISVALUED, RECORDED, uniform
from loyaltysim.rules.experience import satisfaction_class
from loyaltysim.rules.state import FIRM
from loyaltysim.rules.variates import normal

PYRAMID = 4  # stages of those whose home is the firm, from 1 on
FORGETS = 1.0 / 365.0  # a day: the running sum of a year's spend


@rule
def are_kept(w):
    """Does anything depend on records?"""
    return w.files_0 > 0


@rule
def file_purchase(w, i, now, net):
    """A purchase at the firm enters her file."""
    file = world.files(w)[i]
    file.value += net
    file.bought += 1
    if math.isnan(file.first):
        file.first = now


@rule
def still_active(first, last, bought, now):
    """t^n: her chance of being still active after n purchases, the last one after the part t of the time."""
    if bought == 0:
        return 0.0
    part = (last - first) / (now - first) if now > first else 1.0
    return math.pow(min(max(part, 0.0), 1.0), float(bought))


@rule
def recorded_value(terms, key, value):
    """Value times exp(error x z - error^2 / 2): right in the mean, wrong for each."""
    if terms.value_error == 0.0:
        return value
    e = terms.value_error
    return value * math.exp(e * normal(uniform(key, MISVALUED, 0, 0)) - 0.5 * e * e)


@rule
def recorded_stage(terms, key, stage):
    """Her stage of the pyramid, or for some, lastingly, another one."""
    if stage == 0 or uniform(key, MISFILED, 0, 0) >= terms.stage_error:
        return stage
    return 1 + (stage - 1 + 1 + int(uniform(key, MISFILED, 0, 1) * (PYRAMID - 1))) % PYRAMID


@rule
def group_of(terms, value, active):
    """Class of value x loyalty: friends, butterflies, barnacles, strangers."""
    low = 0 if value >= terms.high_value else 2
    return low + (0 if active >= terms.loyal_from else 1)


@rule
def admits(bits, place):
    """Does a criterion admit this value? One that is not named admits all, another nobody without a value."""
    return bits == -1 or (place >= 0 and (bits >> place) & 1 == 1)


@step
def mark(w, i, now):
    """Read her file: to which targets does she belong from now on?"""
    c = world.customers(w)[i]
    terms = world.terms(w)[0]
    file = world.files(w)[i]
    active = still_active(file.first, float(c.last_purchase), file.bought, now)
    file.true_group = group_of(terms, file.value, active)
    c.marks = 0
    file.group = -1
    if uniform(c.key, RECORDED, 0, 0) >= terms.known:
        return
    file.group = group_of(terms, recorded_value(terms, c.key, file.value), active)
    tie = world.ties(w)[i][FIRM]
    place = -1
    if tie.visits > 0.0:
        felt = tie.satisfaction
        if terms.satisfaction_error > 0.0:
            felt += terms.satisfaction_error * normal(uniform(c.key, MISREAD, 0, 0))
        place = satisfaction_class(world.cuts(w), felt)
    stage = recorded_stage(terms, c.key, world.feelings(w)[i].stage) - 1 if terms.feels == 1 else -1
    tier = int(world.ranks(w)[i].tier) if w.ranks_0 > 0 else 0
    for k in range(len(world.targets(w))):
        target = world.targets(w)[k]
        if (
            admits(target.segments, c.segment)
            and admits(target.classes, place)
            and admits(target.tiers, tier)
            and admits(target.stages, stage)
            and admits(target.groups, file.group)
        ):
            c.marks |= 1 << k


@rule
def close_file(w, i, now):
    """At the close a year's spend has moved on; then her file is read."""
    month = world.clock(w)[0].month
    days = now - max(world.closes(w)[month], float(world.customers(w)[i].enters))
    world.files(w)[i].value *= math.exp(-FORGETS * days)
    mark(w, i, now)
