"""Points by the month in which they were issued: what the books need to know of them (MODEL 5).

`world.cohorts[month, segment, age]` holds what happened in a month to the points issued `age` months before:
those of purchases first (as many ages as a customer has lots), then those without a purchase.
"""

from loyaltysim.rules import world
from loyaltysim.rules.compiled import rule
from loyaltysim.rules.ledger import CENT, U
from loyaltysim.rules.variates import rounded


@rule
def uses_of(w, i):
    """The rows of her segment in the running month, by age."""
    return world.cohorts(w)[world.clock(w)[0].month, world.customers(w)[i].segment]


@rule
def face_of(points, number):
    """Face value of so many points, CENT."""
    return rounded(number * (CENT * points.worth / points.worth_over))


@rule
def count_sale(w, i, points, earned, net, goods):
    """A sale that earns: its points, what is paid for it, what its goods sell for to anybody."""
    uses = uses_of(w, i)
    uses[0, U.EARNED] += earned
    uses[0, U.FACE] += face_of(points, earned)
    uses[0, U.PAID] += net
    uses[0, U.GOODS] += goods


@rule
def count_all(w, i, use):
    """Everything she holds is used up in this way."""
    uses = uses_of(w, i)
    month = world.clock(w)[0].month
    lots = world.lots(w)[i]
    for place in range(len(lots)):
        uses[(month - place) % len(lots), use] += lots[place]
    gifts = world.gifts(w)[i]
    for place in range(len(gifts)):
        uses[len(lots) + (month - place) % len(lots), use] += gifts[place]
