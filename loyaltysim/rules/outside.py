"""The provider `outside`: who is at home there buys nothing in the category (MODEL 0.2, 3.5).

It is one of the providers, the last, with a reputation that never moves; nobody has been there, so
everybody's view of it, and satisfaction with it, is that constant.
"""

from loyaltysim.rules import world
from loyaltysim.rules.compiled import step
from loyaltysim.rules.fading import pass_time
from loyaltysim.rules.ledger import M
from loyaltysim.rules.standing import stand_anew


@step
def leave_out(w, i, now):
    """An occasion of hers comes and goes without a purchase."""
    c = world.customers(w)[i]
    pass_time(w, i, now)
    row = world.money(w)[world.clock(w)[0].month, c.segment]
    row[M.OCCASIONS] += 1
    row[M.LEFT_OUT] += 1
    stand_anew(w, i, now, False)
