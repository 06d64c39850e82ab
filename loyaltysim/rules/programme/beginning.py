"""A programme begins for a customer: at month 0, with a late rollout, or with the stage that reaches her."""

from loyaltysim.rules import targeting, world
from loyaltysim.rules.compiled import rule, step
from loyaltysim.rules.programme import enrolment, membership, savings, tiers
from loyaltysim.rules.standing import stand_anew


@step
def begin_for(w, i, now):
    """She stands as the programme that now holds for her makes her stand."""
    if enrolment.kept_apart(w):
        enrolment.begin_programme(w, i, now)
    if tiers.are_kept(w):
        tiers.begin_programme(w, i, now)
    savings.set_savings(w, i)
    if membership.are_kept(w):
        membership.watch(w, i, now)
    if world.customers(w)[i].present == 1:
        if targeting.are_kept(w):
            targeting.mark(w, i, now)
        stand_anew(w, i, now, False)


@rule
def widen(w, stage, now):
    """A stage of a rollout: the programme begins for those whom it reaches from now on."""
    for i in range(len(world.waves(w))):
        if world.outside(w)[i] == 1 and world.waves(w)[i] <= stage:
            world.outside(w)[i] = 0
            begin_for(w, i, now)
