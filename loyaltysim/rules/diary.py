"""What the closes after month 0 remember, for tables of customers over time (DESIGN 6).

Of each customer's month her margin at list prices, her visits and her home; of the base cohort where it is;
of cohorts what is left of them; and how satisfaction goes with staying. Nothing here moves anybody.
"""

import math

from loyaltysim.rules import world
from loyaltysim.rules.compiled import rule
from loyaltysim.rules.complaints import glow
from loyaltysim.rules.ledger import FELT
from loyaltysim.rules.programme import enrolment
from loyaltysim.rules.rivals import is_outside
from loyaltysim.rules.standing import satisfaction_at
from loyaltysim.rules.state import FIRM
from loyaltysim.rules.variates import rounded

RETENTION, CAPTURE, ACQUISITION, FREQUENCY, BASKET = range(5)  # of `state.LIFT`
HOME, WON_BACK, ELSEWHERE, OUTSIDE, LEFT_MARKET = range(5)  # of `state.STATUS`


@rule
def begin(w, i):
    """Month 0: her diary begins."""
    c = world.customers(w)[i]
    d = world.diaries(w)[i]
    d.margin = c.margin
    d.spend = c.spend
    d.purchases = c.purchases
    here = c.present == 1 and c.home == FIRM
    d.joined = 0 if here else -1
    d.enrolled = -1
    if enrolment.kept_apart(w) and world.members(w)[i].since < math.inf:
        d.enrolled = 0
    d.felt = felt(w, i, here)
    if here:
        world.status(w)[0, HOME] += 1
    in_cohort(w, i, d.joined, 0, 0, here, 0, 0)
    in_cohort(w, i, d.enrolled, w.joiners_0 // 2, 0, here, 0, 0)


@rule
def felt(w, i, here):
    """Class of her satisfaction with the firm, her home; -1 where it is not."""
    if not here:
        return -1
    tie = world.ties(w)[i][FIRM]
    satisfaction = satisfaction_at(tie, world.providers(w)[FIRM]) + glow(w, i, FIRM)
    return min(max(int(satisfaction * FELT / 100.0), 0), FELT - 1)


@rule
def keep_month(w, i, months):
    """The month that ends with this close, the `months`-th after month 0."""
    c = world.customers(w)[i]
    if c.present == 0:
        return
    d = world.diaries(w)[i]
    margin = c.margin - d.margin
    spend = c.spend - d.spend
    visits = c.purchases - d.purchases
    d.margin = c.margin
    d.spend = c.spend
    d.purchases = c.purchases
    here = c.present == 1 and c.home == FIRM
    if w.paired_0 > 0:
        pair(w, i, months - 1, margin, visits, c.home == FIRM)
    if d.felt >= 0 and c.present == 1:
        world.curve(w)[d.felt, 0] += 1
        world.curve(w)[d.felt, 1] += c.home != FIRM
    d.felt = felt(w, i, here)
    if c.base == 1:
        world.status(w)[months, status_of(w, i, here)] += 1
        if w.waves_0 > 0:
            world.wedge(w)[months - 1, world.waves(w)[i], 0] += spend
            world.wedge(w)[months - 1, world.waves(w)[i], 1] += visits
    if here and d.joined < 0:
        d.joined = months
    if d.enrolled < 0 and enrolment.kept_apart(w) and world.members(w)[i].since < math.inf:
        d.enrolled = months
    in_cohort(w, i, d.joined, 0, months, here, spend, visits)
    in_cohort(w, i, d.enrolled, w.joiners_0 // 2, months, here, spend, visits)


@rule
def status_of(w, i, here):
    """Where somebody of the base cohort is."""
    c = world.customers(w)[i]
    if here:
        return HOME if c.first_defection == math.inf else WON_BACK
    if c.present != 1:
        return LEFT_MARKET
    return OUTSIDE if is_outside(world.terms(w)[0], c.home) else ELSEWHERE


@rule
def in_cohort(w, i, joined, first, months, here, spend, visits):
    """Her line in the table of cohorts: hers begins with row `first`; -1: she is in none yet."""
    if joined < 0 or w.joiners_0 == 0:
        return
    rows, ages = w.joiners_0 // 2, w.joiners_1
    row = first
    if joined > 0:
        length = (ages + rows - 3) // (rows - 1)
        row += 1 + (joined - 1) // length
    line = world.joiners(w)[row, months - joined]
    line[0] += 1
    line[1] += here
    line[2] += spend
    line[3] += visits


@rule
def pair(w, i, month, margin, visits, home):
    """Her month in the arm of the programme is put down; her twin compares hers with it.

    Lift by mechanism, in half minor units, of margin at list prices: home with the firm in one arm only is
    retention (in the base cohort), capture (elsewhere at month 0) or acquisition (entered since); home in
    both or in neither, n visits of mean margin m: frequency (n1 - n0)(m1 + m0) / 2, basket the rest.
    """
    other = world.paired(w)[month % w.paired_0, i]
    if w.lift_0 == 0:
        other.margin = margin
        other.visits = visits
        other.home = home
        return
    row = world.lift(w)[month]
    gained = 2 * (other.margin - margin)
    if (other.home == 1) != home:
        c = world.customers(w)[i]
        kind = RETENTION
        if c.base != 1:
            kind = CAPTURE if float(c.enters) <= 0.0 else ACQUISITION
        row[kind] += gained
        return
    if gained == 0 and other.visits == visits:
        return
    with_it = other.margin / other.visits if other.visits > 0 else 0.0
    without = margin / visits if visits > 0 else 0.0
    frequency = rounded((other.visits - visits) * (with_it + without))
    row[FREQUENCY] += frequency
    row[BASKET] += gained - frequency
