"""How well a provider is known: set by events, or growing on its own (MODEL 3.5, 3.13)."""

import math

from loyaltysim.rules import world
from loyaltysim.rules.compiled import rule, step


@rule
def become_known(provider, awareness):
    """A provider weighs so much from now on; at 0 nobody sees it."""
    provider.awareness = awareness
    provider.log_awareness = math.log(awareness) if awareness > 0.0 else 0.0


@step
def grow_all(w, now):
    """At a close awareness has gone its way: a' = pace (to - a) since the last one (Vidale & Wolfe 1957)."""
    before = world.closes(w)[world.clock(w)[0].month]
    for g in range(len(world.growths(w))):
        growth = world.growths(w)[g]
        days = now - max(before, growth.since)
        if days > 0.0:
            provider = world.providers(w)[growth.provider]
            left = (provider.awareness - growth.to) * math.exp(-growth.pace * days)
            become_known(provider, growth.to + left)
