"""A programme that goes to some customers only: who lives outside of it (MODEL 3.7)."""

from loyaltysim.rules import world
from loyaltysim.rules.compiled import rule
from loyaltysim.rules.draws import ROLLOUT, uniform


@rule
def roll_out(w, share):
    """Month 0: which customers the programme does not reach, by one draw of each; newcomers to come, too."""
    for i in range(len(world.outside(w))):
        world.outside(w)[i] = uniform(world.customers(w)[i].key, ROLLOUT, 0, 0) >= share
