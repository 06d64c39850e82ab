"""Occasions and baskets (MODEL 3.1): when she needs something, and how much."""

import math

from loyaltysim.rules.compiled import rule
from loyaltysim.rules.draws import BASKET, BASKET_MEAN, EXIT, GAP, LIFETIME, PHASE, RATE, uniform
from loyaltysim.rules.parameters import POISSON, REGULAR
from loyaltysim.rules.variates import exponential, gamma, normal, normal_chance, rounded

DEBT_DAYS = 90.0  # a debt is paid back at debt / 90 purchases a day


@rule
def own_rate(key, segment, tables):
    """Her rate of occasions a day: gamma over customers (NBD; Ehrenberg 1959, E15)."""
    if segment.rate_table < 0:
        return segment.rate
    u = uniform(key, RATE, 0, 0)
    return segment.rate * gamma(tables[segment.rate_table], u) / segment.rate_shape


@rule
def own_basket(key, segment, tables):
    """Her mean basket in minor units: inverse gamma over customers (gamma-gamma, E16).

    The rank correlation with her rate enters by a normal copula.
    """
    if segment.spread_table < 0:
        return segment.basket
    u = uniform(key, BASKET_MEAN, 0, 0)
    if segment.correlation != 0.0:
        rho = segment.correlation
        common = normal(uniform(key, RATE, 0, 0))
        u = normal_chance(rho * common + math.sqrt(1.0 - rho * rho) * normal(u))
        u = min(max(u, 1.1102230246251565e-16), 1.0 - 1.1102230246251565e-16)
    return segment.basket * (segment.basket_spread - 1.0) / gamma(tables[segment.spread_table], 1.0 - u)


@rule
def own_exit(key, segment, tables, enters):
    """Day she leaves the market: exponential, its rate fixed or gamma over customers (Pareto/NBD, E17)."""
    rate = segment.exit_rate
    if segment.exit_table >= 0:
        rate = gamma(tables[segment.exit_table], uniform(key, LIFETIME, 0, 0)) / segment.exit_scale
    if rate <= 0.0:
        return math.inf
    return enters + exponential(uniform(key, EXIT, 0, 0)) / rate


@rule
def first_gap(key, segment, tables):
    """What is left, in mean gaps, of the gap that the clock interrupts.

    The gap that a given moment falls into is longer than others (density x f(x)), the moment is uniform
    within it: for Erlang-k gaps u times a gamma of shape k + 1 over k (Cox 1962, Renewal Theory).
    """
    u = uniform(key, PHASE, 0, 0)
    if segment.gap_law == REGULAR:
        return u
    v = uniform(key, GAP, 0, 0)
    if segment.gap_law == POISSON:
        return exponential(v)
    return u * gamma(tables[segment.phase_table], v) / segment.stages


@rule
def gap(key, segment, tables, occasion):
    """Unit-mean gap before an occasion: exponential, Erlang-k, or regular."""
    if segment.gap_law == REGULAR:
        return 1.0
    u = uniform(key, GAP, 0, occasion)
    if segment.gap_law == POISSON:
        return exponential(u)
    return gamma(tables[segment.gap_table], u) / segment.stages


@rule
def basket(customer, segment, tables, occasion):
    """Her basket at this occasion at the reference price, minor units: gamma about her own mean (E16)."""
    if segment.basket_table < 0:
        return rounded(float(customer.basket))
    u = uniform(customer.key, BASKET, 0, occasion)
    return rounded(float(customer.basket) * gamma(tables[segment.basket_table], u) / segment.basket_shape)


@rule
def usual_basket(customer):
    """Her expected basket, minor units, never less than one."""
    return max(float(customer.basket), 1.0)


@rule
def next_occasion(customer, closes, seasons, month, factor, debt, borrowed):
    """The day on which what is left of her gap is spent, or nan if the running month ends before.

    With it come her debt, and how much of it she has paid back on the way, both in purchases.

    The gap is spent against a rate that is constant within a month: her own, times the season, times the
    `factor` of the programme, less what pays back her debt. What a month uses up is taken off, so that the
    next month goes on from its beginning. Of the purchases that the factor adds, the share `borrowed`
    enters the debt, in purchases (MODEL 3.1).
    """
    paid = 0.0
    first = month
    while first > 0 and customer.counted_from < closes[first]:
        first -= 1
    for m in range(first, month + 1):
        start = max(customer.counted_from, closes[m])
        own = float(customer.rate) * seasons[m]
        rate = own * factor
        repaid = min(debt / DEBT_DAYS, rate)
        rate -= repaid
        room = (closes[m + 1] - start) * rate
        found = customer.gap < room
        days = customer.gap / rate if found else closes[m + 1] - start
        debt += (borrowed * own * max(factor - 1.0, 0.0) - repaid) * days
        paid += repaid * days
        if found:
            return start + days, debt, paid
        customer.gap -= room
        customer.counted_from = closes[m + 1]
    return math.nan, debt, paid


@rule
def peaked(peaks, occasion):
    """The occasion moved within its day to where the profile of arrivals puts it (MODEL 1).

    `peaks` holds the share of arrivals before each of the equal parts of the opening time, from 0 to 1; the
    fraction of the day becomes the fraction of the opening time at which that share has come. Poisson
    occasions become a Poisson stream whose rate follows the profile.
    """
    if len(peaks) == 0:
        return occasion
    day = math.floor(occasion)
    fraction = occasion - day
    part = 1
    while part < len(peaks) - 1 and fraction >= peaks[part]:
        part += 1
    within = (fraction - peaks[part - 1]) / (peaks[part] - peaks[part - 1])
    return day + (part - 1 + within) / (len(peaks) - 1)


@rule
def arrival_at(terms, occasion, now):
    """When an occasion brings her to the firm's door, not before `now` (MODEL 1).

    The fraction of the day becomes the same fraction of the opening time. Who would come when the doors
    are shut comes at the next opening.
    """
    if terms.open_share >= 1.0:
        return max(occasion, now)
    day = math.floor(occasion)
    arrival = max(day + terms.opens + (occasion - day) * terms.open_share, now)
    day = math.floor(arrival)
    if arrival < day + terms.opens:
        return day + terms.opens
    if arrival < day + terms.opens + terms.open_share:
        return arrival
    return day + 1.0 + terms.opens
