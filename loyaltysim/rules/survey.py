"""A survey: who is asked, who answers, and what she says (MODEL 3.12). It changes nobody."""

import math

from loyaltysim.rules.compiled import rule
from loyaltysim.rules.draws import ANSWERS, ASKED, RESPONDS, uniform
from loyaltysim.rules.experience import clipped
from loyaltysim.rules.loading import MARKET
from loyaltysim.rules.variates import logistic, normal


@rule
def answer(key, satisfaction, mean, sample, logit, tilt, extremes, noise):
    """Her answer in CSI points, or nan when she is not asked or does not answer.

    `logit` is that of answering at the mean satisfaction; each 10 points above it add `tilt`, each 10 points
    away from it, on either side, `extremes`.
    """
    if uniform(key, ASKED, 0, 0) >= sample:
        return math.nan
    apart = (satisfaction - mean) / 10.0
    if uniform(key, RESPONDS, 0, 0) >= logistic(logit + tilt * apart + extremes * abs(apart)):
        return math.nan
    return clipped(satisfaction + noise * normal(uniform(key, ANSWERS, 0, 0)))


@MARKET.entry("keys reals real real real real real real reals")
def answers(keys, satisfaction, mean, sample, logit, tilt, extremes, noise, found):
    """The answers of so many customers, into `found`."""
    for i in range(len(keys)):
        found[i] = answer(keys[i], satisfaction[i], mean, sample, logit, tilt, extremes, noise)
