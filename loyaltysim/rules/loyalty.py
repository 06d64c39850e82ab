"""Curves from standing to the chance of staying for one period (MODEL 3.5; SCIENCE 2b)."""

import math

from loyaltysim.rules.compiled import rule
from loyaltysim.rules.draws import RESISTANCE, STAYS, THRESHOLD, uniform
from loyaltysim.rules.loading import MARKET
from loyaltysim.rules.parameters import (
    BETA,
    COMPETITIVE,
    CONSTANT,
    INVERTED_U,
    KOTLER,
    NOBODY_LEAVES,
    TWO_THRESHOLD,
)
from loyaltysim.rules.parameters import THRESHOLD as THRESHOLD_CURVE
from loyaltysim.rules.variates import beta, exponential, logistic, normal


@rule
def own_threshold(key, segment):
    """Her own switching threshold, normal over customers, CSI points."""
    return segment.threshold + segment.threshold_sd * normal(uniform(key, THRESHOLD, 0, 0))


@rule
def own_staying(key, terms, tables):
    """Her own chance of staying at a decision: 1 - beta (sBG; Fader & Hardie 2007)."""
    if terms.theory != BETA:
        return 1.0
    return 1.0 - beta(tables[terms.renewal_table], uniform(key, STAYS, 0, 0))


@rule
def resistance(key, spells):
    """R ~ Exp(1): how much hazard this spell stands."""
    return exponential(uniform(key, RESISTANCE, 0, spells))


@rule
def threshold_curve(standing, threshold, steepness, low, high):
    """L_lo + (L_hi - L_lo) logistic((standing - theta_i) / tau) (E10; Oliver 1999)."""
    return low + (high - low) * logistic((standing - threshold) / steepness)


@rule
def kotler_curve(standing):
    """Defection .80 .40 .20 .10 .015 at 10 30 50 70 90, linear in the logit between and beyond (E9)."""
    if standing < 30.0:
        logit = 1.3862943611198906 + (standing - 10.0) * (-0.4054651081081644 - 1.3862943611198906) / 20.0
    elif standing < 50.0:
        logit = -0.4054651081081644 + (standing - 30.0) * (-1.3862943611198906 + 0.4054651081081644) / 20.0
    elif standing < 70.0:
        logit = -1.3862943611198906 + (standing - 50.0) * (-2.197224577336219 + 1.3862943611198906) / 20.0
    else:
        logit = -2.197224577336219 + (standing - 70.0) * (-4.184591440069879 + 2.197224577336219) / 20.0
    return logistic(-logit)


@rule
def competitive_curve(standing, bend, low, high):
    """L_lo + (L_hi - L_lo) (standing / 100)^bend, the standing cut to 0-100 (E8; Jones & Sasser 1995)."""
    if standing <= 0.0:
        return low
    return low + (high - low) * math.exp(bend * math.log(min(standing, 100.0) / 100.0))


@rule
def rounding_off(x):
    """ln(1 + e^x) - max(x, 0): by how much a rounded corner at 0 lies above a sharp one."""
    return math.log1p(math.exp(-min(abs(x), 700.0)))


@rule
def two_threshold_curve(standing, threshold, width, steepness, low, high):
    """A ramp with rounded ends from theta_i to a plateau at theta_i + width (E10; Ngobo 1999)."""
    top = width / steepness
    x = (standing - threshold) / steepness
    rise = min(max(x, 0.0), top) + rounding_off(x) - rounding_off(x - top)
    return low + (high - low) * min(max(rise / top, 0.0), 1.0)


@rule
def inverted_u_curve(standing, peak, drop, low, high):
    """Up from L_lo at 0 to L_hi at the peak, then down by `drop` at 10/7 of the peak (E11)."""
    if standing <= peak:
        left = 1.0 - max(standing, 0.0) / peak
        return high - (high - low) * left * left
    beyond = (standing - peak) / (peak * 3.0 / 7.0)
    return max(high - drop * beyond * beyond, low)


@rule
def staying(terms, customer, standing):
    """Chance of staying for one period at this standing, under the scenario's theory."""
    if terms.theory == THRESHOLD_CURVE:
        return threshold_curve(
            standing, float(customer.threshold), terms.steepness, terms.stay_low, terms.stay_high
        )
    if terms.theory == KOTLER:
        return kotler_curve(standing)
    if terms.theory == COMPETITIVE:
        return competitive_curve(standing, terms.bend, terms.stay_low, terms.stay_high)
    if terms.theory == TWO_THRESHOLD:
        return two_threshold_curve(
            standing,
            float(customer.threshold),
            terms.width,
            terms.steepness,
            terms.stay_low,
            terms.stay_high,
        )
    if terms.theory == INVERTED_U:
        return inverted_u_curve(standing, terms.peak, terms.drop, terms.stay_low, terms.stay_high)
    if terms.theory == CONSTANT:
        return terms.stay_rate
    if terms.theory == BETA:
        return float(customer.stays)
    return 1.0


@rule
def hazard_of_period(terms, customer, standing):
    """-ln L, with L at least 1e-300."""
    if terms.theory == NOBODY_LEAVES:
        return 0.0
    return -math.log(max(staying(terms, customer, standing), 1e-300))


@MARKET.entry("terms customers real", "real")
def mean_staying(terms, customers, points):
    """Mean chance of staying for one period over customers, all standing so many points higher."""
    total = 0.0
    for i in range(len(customers)):
        total += staying(terms[0], customers[i], customers[i].standing + points)
    return total / len(customers)


@rule
def crossing(customer, now):
    """The day on which the hazard of the spell passes her resistance, or inf if not by `now`."""
    left = customer.resistance - customer.hazard
    if left <= 0.0:
        return customer.hazard_from
    if customer.hazard_rate <= 0.0:
        return math.inf
    day = customer.hazard_from + left / customer.hazard_rate
    return day if day <= now else math.inf


@rule
def new_piece(customer, rate, now):
    """End the running piece of constant hazard at `now` and begin one with the given daily rate."""
    customer.hazard += (now - customer.hazard_from) * customer.hazard_rate
    customer.hazard_from = now
    customer.hazard_rate = rate


@rule
def new_spell(customer, day):
    """A spell with a new home begins: hazard nil, a resistance of its own."""
    customer.spells += 1
    customer.resistance = resistance(customer.key, customer.spells)
    customer.hazard = 0.0
    customer.hazard_rate = 0.0
    customer.hazard_from = day
