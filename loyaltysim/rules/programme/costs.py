"""What the programme costs the firm for one customer, beside her rewards."""

import math

from loyaltysim.rules import world
from loyaltysim.rules.compiled import rule
from loyaltysim.rules.state import CENT, M
from loyaltysim.rules.variates import rounded


@rule
def charge(w, i, amount, now):
    """Take an amount off her value, discounted; before month 0 nothing is valued."""
    month = world.clock(w)[0].month
    if month < world.terms(w)[0].warm_up:
        return
    c = world.customers(w)[i]
    row = world.money(w)[month, c.segment]
    cost = rounded(amount * CENT * math.exp(-world.terms(w)[0].discount * now))
    row[M.VALUE] -= cost
    row[M.REWARD_COST] += cost
    c.value -= cost
    c.reward_cost += cost
