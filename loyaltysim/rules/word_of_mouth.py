"""Word of mouth (MODEL 3.12, E32): the delighted recommend, the disappointed warn, and reputations follow.

Whoever has been with a provider since the last close may speak of it, the louder the farther her
satisfaction lies above `delight` or below `disappointment` (the U of Anderson 1998); in between nobody has
anything to tell. Entrants, who have no experience of their own, choose by the reputations that result.
"""

import math

from loyaltysim.rules import world
from loyaltysim.rules.compiled import rule, step
from loyaltysim.rules.ledger import CENT, M
from loyaltysim.rules.state import FIRM
from loyaltysim.rules.variates import rounded

SCALE = 20.0  # CSI points above `delight` at which she speaks as often as `rate` says: from 80 to 100


@rule
def voice(talk, satisfaction):
    """How loudly she speaks: ((S - delight)+ + louder (disappointment - S)+) / 20 (E32)."""
    praise = max(satisfaction - talk.delight, 0.0)
    warning = max(talk.disappointment - satisfaction, 0.0)
    return (praise + talk.louder * warning) / SCALE


@rule
def listen(w, i):
    """What one customer has to say of those with whom she has been since the last close is added up."""
    c = world.customers(w)[i]
    talk = world.talk(w)[0]
    for j in range(len(world.providers(w))):
        tie = world.ties(w)[i][j]
        visits = float(tie.visits)
        been = visits > world.heard_of(w)[i, j]
        world.heard_of(w)[i, j] = visits
        if not been or c.present != 1:
            continue
        loud = voice(talk, tie.satisfaction)
        world.voices(w)[j, 0] += rounded(loud * CENT)
        world.voices(w)[j, 1] += rounded(loud * tie.satisfaction * CENT)
        if j == FIRM:
            row = world.money(w)[world.clock(w)[0].month, c.segment]
            row[M.LIVED_THROUGH] += 1
            row[M.PRAISED] += tie.satisfaction > talk.delight
            row[M.WARNED] += tie.satisfaction < talk.disappointment


@step
def spread_word(w):
    """At a close, after reputations have followed what was lived: they follow what is said.

    m = rate x days x voices / customers is how often one customer hears of a provider; of the 1 - e^-m who
    do, reputation takes `weight` of the way to the mean satisfaction of those who spoke, by their voices.
    """
    talk = world.talk(w)[0]
    month = world.clock(w)[0].month
    here = 0
    for j in range(len(world.providers(w))):
        world.voices(w)[j, 0] = 0
        world.voices(w)[j, 1] = 0
    for i in range(len(world.customers(w))):
        here += world.customers(w)[i].present == 1
        listen(w, i)
    if here == 0:
        return
    days = world.closes(w)[month + 1] - world.closes(w)[month]
    for j in range(len(world.providers(w))):
        loud = float(world.voices(w)[j, 0])
        if loud > 0.0:
            p = world.providers(w)[j]
            said = float(world.voices(w)[j, 1]) / loud
            reached = 1.0 - math.exp(-talk.rate * days * loud / CENT / here)
            p.reputation += talk.weight * reached * (said - p.reputation)
