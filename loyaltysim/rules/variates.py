"""From a uniform number to a random quantity, by inversion: one draw, one quantity, monotone.

Gamma and beta quantiles come from tables (`scenario.tables` makes them): a function of
logit(u), interpolated by a cubic through four points.
"""

import math

from loyaltysim.rules.compiled import rule
from loyaltysim.rules.loading import MARKET

TABLE_REACH = 37.0  # tables cover logit(u) from -37 to 37: u from 1e-16 to 1 - 1e-16
TABLE_CELLS = 1480  # cells of width 0.05


@rule
def exponential(u):
    """Exponential quantity of mean 1."""
    return -math.log(u)


@rule
def gumbel(u):
    """Standard Gumbel quantity (location 0, scale 1)."""
    return -math.log(-math.log(u))


@rule
def logistic(x):
    """1 / (1 + exp(-x)), without overflow."""
    if x >= 0.0:
        return 1.0 / (1.0 + math.exp(-min(x, 700.0)))
    e = math.exp(max(x, -700.0))
    return e / (1.0 + e)


@rule
def normal_chance(z):
    """Chance that a standard normal quantity lies below z."""
    return 0.5 * math.erfc(-z * 0.7071067811865476)


@MARKET.entry("real", "real")
def normal(u):
    """Standard normal quantity (Wichura 1988, AS 241, PPND16; relative error about 1e-16)."""
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        top = ((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
                  + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r
               + 133.14166789178437745) * r + 3.387132872796366608  # fmt: skip
        low = ((((((5226.495278852854561 * r + 28729.085735721942674) * r + 39307.89580009271061) * r
                  + 21213.794301586595867) * r + 5394.1960214247511077) * r + 687.1870074920579083) * r
               + 42.313330701600911252) * r + 1.0  # fmt: skip
        return q * top / low
    r = u if q < 0.0 else 1.0 - u
    r = math.sqrt(-math.log(r))
    if r <= 5.0:
        r -= 1.6
        top = ((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r
                  + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.7694972214606914055) * r
               + 4.6303378461565452959) * r + 1.42343711074968357734  # fmt: skip
        low = ((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r
                  + 0.14810397642748007459) * r + 0.68976733498510000455) * r + 1.6763848301838038494) * r
               + 2.05319162663775882187) * r + 1.0  # fmt: skip
    else:
        r -= 5.0
        top = ((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r
                  + 0.026532189526576123093) * r + 0.29656057182850489123) * r + 1.7848265399172913358) * r
               + 5.4637849111641143699) * r + 6.6579046435011037772  # fmt: skip
        low = ((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r
                  + 7.868691311456132591e-4) * r + 0.0148753612908506148525) * r + 0.13692988092273580531) * r
               + 0.59983220655588793769) * r + 1.0  # fmt: skip
    return -top / low if q < 0.0 else top / low


@rule
def from_table(table, u):
    """Cubic through the four table values about logit(u)."""
    place = (math.log(u / (1.0 - u)) + TABLE_REACH) * (TABLE_CELLS / (2.0 * TABLE_REACH))
    cell = int(min(max(math.floor(place), 1.0), TABLE_CELLS - 2.0))
    x = place - cell
    before, here, after, beyond = table[cell - 1], table[cell], table[cell + 1], table[cell + 2]
    return (
        here
        + x * (after - before * (1.0 / 3.0) - here * 0.5 - beyond * (1.0 / 6.0))
        + x * x * (0.5 * (before + after) - here)
        + x * x * x * (0.5 * (here - after) + (beyond - before) * (1.0 / 6.0))
    )


@rule
def gamma(table, u):
    """Gamma quantity of scale 1: the table holds the logarithm of its quantile."""
    return math.exp(from_table(table, u))


@rule
def beta(table, u):
    """Beta quantity: the table holds the logit of its quantile."""
    return logistic(from_table(table, u))


@rule
def lognormal(cv, u):
    """Lognormal quantity of mean 1 and the given coefficient of variation."""
    variance = math.log(1.0 + cv * cv)
    return math.exp(math.sqrt(variance) * normal(u) - 0.5 * variance)


@rule
def rounded(x):
    """Nearest whole number, halves up."""
    return math.floor(x + 0.5)


@rule
def hazard_of_logit(x):
    """-ln(1 - P) of P = logistic(x): ln(1 + exp(x)), stable for large x."""
    if x > 0.0:
        return x + math.log1p(math.exp(max(-x, -700.0)))
    return math.log1p(math.exp(max(x, -700.0)))
