"""What customers want changes: weights of a segment, and a person's fit with providers (MODEL 3.2)."""

import math

from loyaltysim.rules import world
from loyaltysim.rules.compiled import step
from loyaltysim.rules.draws import TASTE, uniform
from loyaltysim.rules.rivals import is_outside
from loyaltysim.rules.variates import normal


@step
def change_needs(w):
    """At a close: the weights that every segment gives to attributes from now on."""
    month = world.clock(w)[0].month
    for s in range(len(world.segments(w))):
        for k in range(len(world.attributes(w))):
            world.weights(w)[s, k] = world.needs(w)[month, s, k]


@step
def drift_taste(w, i, now):
    """Her part of the close: m' = c m + sqrt(1 - c^2) sd z, c = 2^(-days / half-life)."""
    c = world.customers(w)[i]
    segment = world.segments(w)[c.segment]
    month = world.clock(w)[0].month
    days = now - world.closes(w)[month]
    kept = math.exp(-segment.taste_drift * days)
    spread = math.sqrt(1.0 - kept * kept) * segment.fit_sd
    for j in range(len(world.providers(w))):
        if not is_outside(world.terms(w)[0], j):
            tie = world.ties(w)[i][j]
            z = normal(uniform(c.key, TASTE, world.providers(w)[j].luck, month))
            tie.fit = kept * float(tie.fit) + spread * z
