"""Affect, trust and habit: what ties her to her home besides satisfaction (MODEL 3.4)."""

import math

from loyaltysim.rules import world
from loyaltysim.rules.compiled import rule
from loyaltysim.rules.ledger import CENT, B
from loyaltysim.rules.loyalty import hazard_of_period
from loyaltysim.rules.programme.relations import held
from loyaltysim.rules.rivals import is_outside
from loyaltysim.rules.state import FIRM
from loyaltysim.rules.variates import rounded

ELSEWHERE, NONE, PREFERENCE, HABITUAL, DEVOTED = range(5)  # stages: `state.STAGES`
OFTEN = 0.6  # habit of who buys from home by habit (E40)
HELD = 6.25  # CSI points that hold her besides affection: E40's .5 of .8 units, .8 being 10 points of par


@rule
def steps_down(gap):
    """How hard a disappointment strikes: tens of CSI points below expectation, 3 at most."""
    return min(-gap / 10.0, 3.0)


@rule
def next_affect(terms, affect, gap):
    """Up with every visit that does not disappoint, faster with delight; down faster (Oliver 1999)."""
    if gap < -terms.zone:
        return affect - terms.feel_down * affect * steps_down(gap)
    delight = min(gap / 10.0, 3.0) if gap > terms.zone else 0.0
    return min(affect + terms.feel_up * (100.0 - affect) * (1.0 + delight), 100.0)


@rule
def next_trust(terms, trust, gap):
    """T + a+ (100 - T) with a promise kept, T - a- T min(|d| / 10, 3) with one broken (E40)."""
    if gap < -terms.breach:
        return trust - terms.feel_down * trust * steps_down(gap)
    return trust + terms.feel_up * (100.0 - trust)


@rule
def next_habit(terms, habit, at_home):
    """Average over her occasions of whether she bought from home, the latest weighing `habit_speed`."""
    return habit + terms.habit_speed * ((1.0 if at_home else 0.0) - habit)


@rule
def relational_bond(segment, feeling):
    """(affect A + trust T) / 100 + habit h, in CSI points (MODEL 3.5)."""
    return (segment.affect * feeling.affect + segment.trust * feeling.trust) / 100.0 + (
        segment.habit * feeling.habit
    )


@rule
def begin_at_rest(w, i, at_start):
    """A home is new to her: affect and trust at rest, no habit yet; at the start habit is at rest, too."""
    c = world.customers(w)[i]
    feeling = world.feelings(w)[i]
    feeling.affect = world.rests(w)[c.segment, c.home, 0]
    feeling.trust = world.rests(w)[c.segment, c.home, 1]
    feeling.habit = world.rests(w)[c.segment, c.home, 2] if at_start else 0.0
    c.bond = relational_bond(world.segments(w)[c.segment], feeling)


@rule
def touch(w, i, where, gap, bought):
    """What a visit does to them; `gap` is quality less what she expected. Elsewhere only habit suffers."""
    c = world.customers(w)[i]
    terms = world.terms(w)[0]
    feeling = world.feelings(w)[i]
    if where == c.home:
        feeling.affect = next_affect(terms, feeling.affect, gap)
        feeling.trust = next_trust(terms, feeling.trust, gap)
    feeling.habit = next_habit(terms, feeling.habit, bought and where == c.home)
    c.bond = relational_bond(world.segments(w)[c.segment], feeling)


@rule
def staying_a_year(terms, customer, standing):
    """Her chance of staying for a year at this standing."""
    if standing == math.inf:
        return 1.0
    periods = 365.0 / terms.period if terms.period > 0.0 else 365.0 * float(customer.rate)
    return math.exp(-periods * hazard_of_period(terms, customer, standing))


@rule
def stage_of(segment, feeling, intention):
    """Her stage of the pyramid (E40); `intention` is her chance of staying a year, rivals being at par."""
    if intention < 0.3:
        return NONE
    if feeling.affect >= 80.0 and feeling.trust >= 70.0:
        return DEVOTED
    if feeling.habit >= OFTEN and segment.procedural + segment.habit * feeling.habit >= HELD:
        return HABITUAL
    return PREFERENCE if feeling.affect >= 60.0 else NONE


@rule
def relative_attitude(terms, satisfaction, providers):
    """Satisfaction with the firm less the best reputation of a rival that can be seen, or less par."""
    best = -math.inf
    for j in range(len(providers)):
        if j != FIRM and providers[j].awareness > 0.0 and not is_outside(terms, j):
            best = max(best, providers[j].reputation)
    return satisfaction - (terms.par_standing if best == -math.inf else best)


@rule
def book_stage(w, i, satisfaction):
    """At the close: her stage, then and now; if the firm is her home, her dimensions, too."""
    c = world.customers(w)[i]
    feeling = world.feelings(w)[i]
    month = world.clock(w)[0].month
    stage = ELSEWHERE
    if c.present == 1 and c.home == FIRM:
        terms = world.terms(w)[0]
        segment = world.segments(w)[c.segment]
        at_par = satisfaction + segment.bonds + float(c.bond) + held(w, i) + terms.offset
        stage = stage_of(segment, feeling, staying_a_year(terms, c, at_par))
        attitude = relative_attitude(terms, satisfaction, world.providers(w))
        row = world.loyalty(w)[month]
        row[B.COGNITIVE] += rounded(attitude * CENT)
        row[B.AFFECT] += rounded(feeling.affect * CENT)
        row[B.TRUST] += rounded(feeling.trust * CENT)
        row[B.CONATIVE] += rounded(staying_a_year(terms, c, c.standing) * CENT)
        row[B.HABIT] += rounded(feeling.habit * CENT)
        if feeling.habit >= OFTEN:
            row[B.LOYAL if attitude > 0.0 else B.SPURIOUS] += 1
        else:
            row[B.LATENT if attitude > 0.0 else B.UNATTACHED] += 1
    if stage != ELSEWHERE or feeling.stage != ELSEWHERE:
        world.stages(w)[month, feeling.stage, stage] += 1
    feeling.stage = stage
