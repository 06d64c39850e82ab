"""Points without a purchase: for signing up, as progress given, on her birthday (MODEL 3.7; E20)."""

from loyaltysim.rules import world
from loyaltysim.rules.compiled import rule
from loyaltysim.rules.draws import BIRTHDAY, uniform
from loyaltysim.rules.ledger import M, U
from loyaltysim.rules.programme import cohorts
from loyaltysim.rules.programme import points as book
from loyaltysim.rules.programme.debts import after_debt


@rule
def month_of_birth(key):
    """Month of her birthday, 0 to 11, counted like the months of the run."""
    return int(uniform(key, BIRTHDAY, 0, 0) * 12.0)


@rule
def give(w, i, number):
    """Points for nothing enter the books: a lot apart from those of purchases."""
    c = world.customers(w)[i]
    month = world.clock(w)[0].month
    row = world.money(w)[month, c.segment]
    step = world.own_points(w, i).step
    left = after_debt(w, i, number)
    book.grant(world.gifts(w)[i], month, left)
    cohorts.uses_of(w, i)[w.lots_1, U.GIVEN] += left
    row[M.REWARDS_EARNED] += (c.balance + left) // step - c.balance // step
    c.balance += left
    row[M.POINTS_ISSUED] += number
    row[M.POINTS_GIVEN] += number


@rule
def welcome(w, i):
    """With her first purchase under the programme she gets what joining brings."""
    points = world.own_points(w, i)
    if points.carded == 0 or world.cards(w)[i].joined == 1:
        return
    card = world.cards(w)[i]
    card.joined = 1
    number = points.sign_up + points.endowed
    world.money(w)[world.clock(w)[0].month, world.customers(w)[i].segment, M.CARDS_BEGUN] += 1
    if number > 0:
        give(w, i, number)


@rule
def congratulate(w, i):
    """At the close of the month of her birthday she gets points, if she has joined."""
    points = world.own_points(w, i)
    if points.birthday == 0 or world.cards(w)[i].joined == 0:
        return
    if world.clock(w)[0].month % 12 == world.cards(w)[i].birthday:
        give(w, i, points.birthday)
