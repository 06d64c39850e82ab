"""The service desk (MODEL 3.9): service, patience, who is first, self-service, the wait as it is felt."""

import math

from loyaltysim.rules.compiled import rule
from loyaltysim.rules.draws import PATIENCE, SELF_SERVICE, SELF_SERVICE_FAILS, SERVICE, uniform
from loyaltysim.rules.experience import wait_penalty
from loyaltysim.rules.parameters import CONSTANT_TIME, EXPONENTIAL_TIME
from loyaltysim.rules.state import FIRST, IN_LINE
from loyaltysim.rules.variates import exponential, lognormal


@rule
def time_from(law, mean, cv, u):
    """A positive time in days by its law."""
    if law == CONSTANT_TIME:
        return mean
    if law == EXPONENTIAL_TIME:
        return mean * exponential(u)
    return mean * lognormal(cv, u)


@rule
def service_time(terms, key, occasion):
    """Time the clerk spends on this visit, days."""
    return time_from(
        terms.service_law, terms.service_mean, terms.service_cv, uniform(key, SERVICE, 0, occasion)
    )


@rule
def patience(terms, key, occasion):
    """Longest wait she stands on this visit, days; drawn anew at each visit."""
    if terms.patience_mean == math.inf:
        return math.inf
    u = uniform(key, PATIENCE, 0, occasion)
    return time_from(terms.patience_law, terms.patience_mean, terms.patience_cv, u)


@rule
def gives_up(start, arrival, patience):
    """She gives up when service would start after her patience ends, in this form (MODEL 1)."""
    return start > arrival + patience


@rule
def closing_time(terms, day):
    """Instant at which the doors shut on this day."""
    return day + terms.opens + terms.open_share


@rule
def place_in_line(segment, by_tier):
    """Where she stands: IN_LINE, or FIRST, with those who are served before it, by segment or by tier."""
    return FIRST if segment.priority == 1 or by_tier else IN_LINE


@rule
def tries_herself(terms, key, occasion):
    """Does she turn to self-service at this visit?"""
    return terms.self_share > 0.0 and uniform(key, SELF_SERVICE, 0, occasion) < terms.self_share


@rule
def needs_a_clerk(terms, key, occasion):
    """Does this visit take a clerk: she does not serve herself, or it fails her?"""
    if not tries_herself(terms, key, occasion):
        return True
    return uniform(key, SELF_SERVICE_FAILS, 0, occasion) < terms.self_fails


@rule
def promise_broken(terms, wait, gave_up):
    """Was she served after a wait longer than promised?"""
    return not gave_up and wait > terms.promise_within


@rule
def time_lost(terms, key, occasion, wait, gave_up):
    """Points of `time` that this visit costs: the wait as it is felt, and her own effort (E34; Maister 1985).

    The item of a broken promise gives back at most what the wait has cost.
    """
    lost = 0.0
    if wait > 0.0:
        lost = wait_penalty(terms, wait * terms.felt_share)
    if promise_broken(terms, wait, gave_up):
        lost = max(lost - terms.promise_eases, 0.0)
    if tries_herself(terms, key, occasion):
        lost += terms.self_effort
    return lost
