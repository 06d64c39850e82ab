"""Surprises: extras at some purchases, which delight until they are expected (MODEL 3.7).

They count among the extras Y of a visit; what she has come to expect of extras, G, learns from them as from
all others and goes with her to rivals (MODEL 3.3; Rust & Oliver 2000).
"""

from loyaltysim.rules import world
from loyaltysim.rules.compiled import rule
from loyaltysim.rules.counting import note
from loyaltysim.rules.draws import SURPRISE, uniform
from loyaltysim.rules.eventlog import KINDS
from loyaltysim.rules.kinds import novelty
from loyaltysim.rules.ledger import CENT, M
from loyaltysim.rules.meant import meant
from loyaltysim.rules.programme.costs import charge
from loyaltysim.rules.programme.enrolment import is_member
from loyaltysim.rules.state import FIRM, NOWHERE
from loyaltysim.rules.variates import rounded

SURPRISED = KINDS.index("surprised")


@rule
def surprised(w, i, where, gave_up):
    """Does this visit bring a surprise? One draw for each occasion, wherever she spends it."""
    points = world.own_points(w, i)
    if points.surprise_chance == 0.0 or where != FIRM or gave_up:
        return False
    c = world.customers(w)[i]
    if not meant(c, points.surprise_target) or not is_member(w, i):
        return False
    return uniform(c.key, SURPRISE, 0, c.occasions) < points.surprise_chance


@rule
def delight(w, i, where, now, z, gave_up):
    """Y - G of this visit, a surprise included, which is paid for and counted."""
    if not surprised(w, i, where, gave_up):
        return novelty(w, i, where, z, 0.0)
    points = world.own_points(w, i)
    new = novelty(w, i, where, z, points.surprise_value)
    row = world.money(w)[world.clock(w)[0].month, world.customers(w)[i].segment]
    row[M.SURPRISES] += 1
    row[M.SURPRISE_COST] += points.surprise_cost
    row[M.SURPRISE_DELIGHT] += rounded(new * CENT)
    charge(w, i, points.surprise_cost, now)
    place = note(w, i, SURPRISED, now, FIRM, NOWHERE)
    if place >= 0:
        world.log(w)[place].csi = new
    return new
