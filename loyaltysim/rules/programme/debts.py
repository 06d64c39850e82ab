"""Points that a return has taken back although they were spent: later points pay them first (MODEL 3.7)."""

from loyaltysim.rules import world
from loyaltysim.rules.compiled import rule


@rule
def after_debt(w, i, number):
    """What is left of so many points to be credited, once her debt is paid."""
    if w.debts_0 == 0:
        return number
    pays = min(world.debts(w)[i], number)
    world.debts(w)[i] -= pays
    return number - pays
