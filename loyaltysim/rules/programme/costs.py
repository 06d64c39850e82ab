"""What the programme costs the firm for one customer, beside her rewards."""

import math

from loyaltysim.rules import world
from loyaltysim.rules.compiled import rule
from loyaltysim.rules.ledger import CENT, M
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


@rule
def receive(w, i, amount, now):
    """Money that comes in on her account beside a sale, or goes out (below 0): into her value, discounted."""
    if world.clock(w)[0].month < world.terms(w)[0].warm_up:
        return
    c = world.customers(w)[i]
    value = rounded(amount * CENT * math.exp(-world.terms(w)[0].discount * now))
    world.money(w)[world.clock(w)[0].month, c.segment, M.VALUE] += value
    c.value += value
