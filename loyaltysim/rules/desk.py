"""The service desk (MODEL 3.9): how long service takes and how long she is ready to wait."""

import math

from loyaltysim.rules.compiled import rule
from loyaltysim.rules.draws import PATIENCE, SERVICE, uniform
from loyaltysim.rules.parameters import CONSTANT_TIME, EXPONENTIAL_TIME
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
