"""Kinds of attributes (MODEL 3.2, 3.3): hygiene spoils the whole, extras delight until they are expected."""

import math

from loyaltysim.rules import world
from loyaltysim.rules.compiled import rule
from loyaltysim.rules.experience import attribute_delivered, clipped
from loyaltysim.rules.rivals import is_outside


@rule
def below_the_floor(terms, attributes, levels, spreads, fit, z, lost, shift):
    """CSI points that hygiene takes: penalty x points below the floor, over all hygiene attributes."""
    taken = 0.0
    for k in range(len(attributes)):
        if attributes[k].penalty > 0.0:
            x = attribute_delivered(terms, k, levels[k], spreads[k], fit, z, lost, shift)
            taken += attributes[k].penalty * max(attributes[k].floor - x, 0.0)
    return taken


@rule
def extras_that_stay(attributes, levels, spreads, z):
    """CSI points of extras that are part of the CSI, expected or not: the share `keeps` of each."""
    points = 0.0
    for k in range(len(attributes)):
        if attributes[k].extra == 1:
            points += attributes[k].keeps * clipped(levels[k] + spreads[k] * z)
    return points


@rule
def extras_that_fade(attributes, levels, spreads, z):
    """Y, CSI points of extras that only delight: what `keeps` leaves. Fit does not colour them."""
    points = 0.0
    for k in range(len(attributes)):
        if attributes[k].extra == 1:
            points += (1.0 - attributes[k].keeps) * clipped(levels[k] + spreads[k] * z)
    return points


@rule
def usual_extras(w, j):
    """What the extras of a provider that only delight have come to, at their mean levels."""
    return extras_that_fade(world.attributes(w), world.levels(w)[j], world.spreads(w)[j], 0.0)


@rule
def expect_extras(w, i, fresh):
    """G at entry: what the extras of her home have come to; at a fresh start nothing."""
    if world.terms(w)[0].extras == 1:
        c = world.customers(w)[i]
        usual = 0.0 if fresh else usual_extras(w, c.home)
        world.expected_extras(w)[i] = world.segments(w)[c.segment].extras * usual


@rule
def novelty(w, i, where, z, beside):
    """Y - G of this visit, and G moves: by kappa+ up and kappa- down, as expectation of quality does (E5).

    `beside`: CSI points of extras that are no attribute of the provider (a surprise).
    """
    terms = world.terms(w)[0]
    c = world.customers(w)[i]
    points = extras_that_fade(world.attributes(w), world.levels(w)[where], world.spreads(w)[where], z)
    new = world.segments(w)[c.segment].extras * (points + beside) - world.expected_extras(w)[i]
    world.expected_extras(w)[i] += (terms.kappa_up if new > 0.0 else terms.kappa_down) * new
    return new


@rule
def forget_extras(w, i, now):
    """Between visits G drifts to the market's norm, as E does; before `fade`, which sets the clock."""
    terms = world.terms(w)[0]
    c = world.customers(w)[i]
    elapsed = now - c.felt_at
    if terms.extras == 0 or terms.forgetting == 0.0 or elapsed <= 0.0:
        return
    norm = world.segments(w)[c.segment].extras * world.clock(w)[0].norm_extras
    kept = math.exp(-terms.forgetting * elapsed)
    world.expected_extras(w)[i] = norm + (world.expected_extras(w)[i] - norm) * kept


@rule
def set_norm_of_extras(w):
    """The market's norm of extras: the mean over the providers that can be seen."""
    if world.terms(w)[0].extras == 0:
        return
    total = 0.0
    active = 0
    for j in range(len(world.providers(w))):
        if world.providers(w)[j].awareness > 0.0 and not is_outside(world.terms(w)[0], j):
            total += usual_extras(w, j)
            active += 1
    world.clock(w)[0].norm_extras = total / active


@rule
def csi_of_kinds(w, i, where, z, lost, shift):
    """What hygiene takes from the CSI of this visit and what extras that stay give to it."""
    terms = world.terms(w)[0]
    levels, spreads = world.levels(w)[where], world.spreads(w)[where]
    fit = float(world.ties(w)[i][where].fit)
    points = -below_the_floor(terms, world.attributes(w), levels, spreads, fit, z, lost, shift)
    if terms.extras == 1:
        stay = extras_that_stay(world.attributes(w), levels, spreads, z)
        points += world.segments(w)[world.customers(w)[i].segment].extras * stay
    return points
