"""Failures, complaints and recovery (MODEL 3.11; SCIENCE E33)."""

import math

from loyaltysim.rules import causes, world
from loyaltysim.rules.compiled import rule, step
from loyaltysim.rules.draws import FAILURE, RECOVERY, VOICE, uniform
from loyaltysim.rules.experience import attribute_delivered, clipped, encounter_satisfaction, weight_of_visit
from loyaltysim.rules.ledger import M
from loyaltysim.rules.purchase import charge
from loyaltysim.rules.state import FIRM


@rule
def fails(w, i, where):
    """Does this visit fail? The same luck wherever she goes: a lower chance fails in fewer visits."""
    c = world.customers(w)[i]
    return uniform(c.key, FAILURE, 0, c.occasions) < world.failures(w)[where].chance


@rule
def csi_lost(w, i, where, z, lost, shift):
    """What a failure takes from the CSI of this visit: severity on its attribute, before the clip."""
    terms = world.terms(w)[0]
    failure = world.failures(w)[where]
    k = failure.attribute
    level, spread = world.levels(w)[where, k], world.spreads(w)[where, k]
    fit = float(world.ties(w)[i][where].fit)
    x = attribute_delivered(terms, k, level, spread, fit, z, lost, shift)
    y = attribute_delivered(terms, k, level - failure.severity, spread, fit, z, lost, shift)
    kind = world.attributes(w)[k]
    spoilt = kind.penalty * (max(kind.floor - y, 0.0) - max(kind.floor - x, 0.0))
    return world.weights(w)[world.customers(w)[i].segment, k] * (x - y) + spoilt


@rule
def fade_cases(w, i, now):
    """What is still to be made good fades with the satisfaction that it belongs to; before `fade`."""
    terms = world.terms(w)[0]
    elapsed = now - world.customers(w)[i].felt_at
    if terms.failing == 0 or terms.decay == 0.0 or elapsed <= 0.0:
        return
    kept = math.exp(-terms.decay * elapsed)
    for j in range(len(world.providers(w))):
        keep(world.cases(w)[i, j], kept)


@rule
def keep(case, share):
    """Only this share of an old loss, and of what was gained beyond it, is still part of satisfaction."""
    case.repair *= share
    case.beyond *= share
    case.glow *= share


@rule
def settle(w, i, now):
    """Recoveries whose day has come: satisfaction gains what they give back."""
    if world.terms(w)[0].failing == 0:
        return
    for j in range(len(world.providers(w))):
        case = world.cases(w)[i, j]
        if (case.repair > 0.0 or case.beyond > 0.0) and case.due <= now:
            tie = world.ties(w)[i][j]
            before = tie.satisfaction
            tie.satisfaction = clipped(before + case.repair)
            causes.repair(w, i, j, tie.satisfaction - before)
            case.glow += case.beyond
            case.repair = 0.0
            case.beyond = 0.0


@rule
def another_visit(w, i, where):
    """The visit just lived has diluted older losses, and older gains, at this provider."""
    visits = float(world.ties(w)[i][where].visits)
    keep(world.cases(w)[i, where], 1.0 - weight_of_visit(world.terms(w)[0].memory, visits))


@step
def respond(w, i, now, where, csi, new, expectation, s):
    """After a visit that failed: she complains or is silent; it is made good or not.

    `csi` is what the visit would have been without the failure, `expectation` and `new` those before it,
    `s` the satisfaction it gave. The loss is what the failure took from cumulative satisfaction.
    """
    c = world.customers(w)[i]
    terms = world.terms(w)[0]
    failure = world.failures(w)[where]
    tie = world.ties(w)[i][where]
    row = world.money(w)[world.clock(w)[0].month, c.segment]
    if where == FIRM:
        row[M.FAILURES] += 1
    if uniform(c.key, VOICE, 0, c.occasions) >= failure.complains:
        return
    if where == FIRM:
        row[M.COMPLAINTS] += 1
        charge(w, i, now, failure.cost, M.RECOVERY_COST)
    without = encounter_satisfaction(terms, csi, expectation - new)
    lost = weight_of_visit(terms.memory, float(tie.visits)) * (without - s)
    if uniform(c.key, RECOVERY, 0, c.occasions) >= failure.recovered:
        before = tie.satisfaction
        tie.satisfaction = clipped(before - failure.resentment * lost)
        causes.repair(w, i, where, tie.satisfaction - before)
        return
    if where == FIRM:
        row[M.RECOVERED] += 1
    case = world.cases(w)[i, where]
    case.due = max(now, case.due) if case.repair > 0.0 else now
    case.due = max(case.due, now + failure.delay)
    acts = failure.repairs if terms.paradox == 1 else min(failure.repairs, 1.0)
    case.repair += acts * lost
    case.beyond += (failure.repairs - acts) * lost
    settle(w, i, now)


@rule
def glow(w, i, j):
    """Satisfaction with a provider beyond what moves her: a recovery better than no failure at all."""
    return world.cases(w)[i, j].glow if world.terms(w)[0].failing == 1 else 0.0
