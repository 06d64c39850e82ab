"""Events: on a day a provider delivers otherwise (MODEL 3.2: levels step up by upgrades)."""

from loyaltysim.rules import world
from loyaltysim.rules.awareness import become_known
from loyaltysim.rules.compiled import rule
from loyaltysim.rules.parameters import AWARENESS, LEVEL, PRICE_LEVEL, SPREAD


@rule
def take_effect(w, first, until):
    """Set what an event sets: the changes `first` to `until` - 1. It is felt from the next visit on."""
    for n in range(first, until):
        change = world.changes(w)[n]
        if change.what == LEVEL:
            world.levels(w)[change.provider, change.attribute] = change.value
        elif change.what == SPREAD:
            world.spreads(w)[change.provider, change.attribute] = change.value
        elif change.what == PRICE_LEVEL:
            world.providers(w)[change.provider].price_level = change.value
        elif change.what == AWARENESS:
            become_known(world.providers(w)[change.provider], change.value)
