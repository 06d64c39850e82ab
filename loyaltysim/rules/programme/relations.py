"""Her relation to the firm beside what she lives there: what contacts and a community leave (MODEL 3.7).

Both are bonds of MODEL 3.5, in CSI points, at home with the firm only. They move at the closes.
"""

from loyaltysim.rules import world
from loyaltysim.rules.compiled import rule
from loyaltysim.rules.state import FIRM


@rule
def are_kept(w):
    """Are there contacts, or a community?"""
    return w.relations_0 > 0


@rule
def held(w, i):
    """What they add to her standing, CSI points; elsewhere nothing."""
    if w.relations_0 == 0 or world.customers(w)[i].home != FIRM:
        return 0.0
    r = world.relations(w)[i]
    return r.bond - r.strain + r.belonging
