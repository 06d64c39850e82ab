"""What rivals do at the closes when the firm moves: match, undercut, copy, start a programme (E14)."""

import math

from loyaltysim.rules import world
from loyaltysim.rules.compiled import rule
from loyaltysim.rules.parameters import COPIES, COPY_OF_OURS, OWN_PROGRAMME, STARTS, TO_OFFER, TO_PRICE
from loyaltysim.rules.programme.points import flow_value, mean_factor
from loyaltysim.rules.state import FIRM


@rule
def worth_of_programme(w):
    """What the firm's programme gives back for a purchase, as a share of the basket; mean over segments."""
    worth = 0.0
    below = 0.0
    for k in range(len(world.segments(w))):
        segment = world.segments(w)[k]
        flow = flow_value(world.points(w)[0], max(segment.basket, 1.0), 1.0)
        worth += (segment.up_to - below) * flow * mean_factor(world.points(w)[0], segment)
        below = segment.up_to
    return worth


@rule
def cut_below(rival, price, by):
    """The rival's price level becomes `by` below this one, never under a twentieth of the reference."""
    rival.price_level = max(price - by, -0.95)


@rule
def react_to_price(w, r, now):
    """A rival whom the firm undersells follows after its lag; whom it no longer undersells forgets it."""
    reaction = world.reactions(w)[r]
    rival = world.providers(w)[reaction.provider]
    price = world.providers(w)[FIRM].price_level
    if price >= rival.price_level:
        reaction.since = math.nan
        return
    if math.isnan(reaction.since):
        reaction.since = now
    if now >= reaction.since + reaction.lag:
        cut_below(rival, price, reaction.by)
        reaction.since = math.nan


@rule
def react_to_programme(w, r, now):
    """Once, at the first close a lag after the programme has begun; never in a world in which it has not."""
    reaction = world.reactions(w)[r]
    if not now >= reaction.since + reaction.lag:
        return
    if reaction.does == STARTS or reaction.does == COPIES:
        offer = world.offers(w)[reaction.offer]
        offer.start = now
        offer.programme = OWN_PROGRAMME if reaction.does == STARTS else COPY_OF_OURS
    else:
        rival = world.providers(w)[reaction.provider]
        cut_below(rival, rival.price_level - worth_of_programme(w), reaction.by)
    reaction.done = 1


@rule
def react_all(w, now):
    """The rivals' reactions of this close. Those to offers are dated offers of their own."""
    for r in range(len(world.reactions(w))):
        reaction = world.reactions(w)[r]
        if reaction.done == 1 or reaction.to == TO_OFFER:
            continue
        if reaction.to == TO_PRICE:
            react_to_price(w, r, now)
        else:
            react_to_programme(w, r, now)
