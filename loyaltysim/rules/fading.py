"""What fades between visits: satisfaction, expectation, what is still to be made good (MODEL 3.3, 3.11)."""

from loyaltysim.rules import causes, world
from loyaltysim.rules.compiled import rule, step
from loyaltysim.rules.complaints import fade_cases
from loyaltysim.rules.experience import fade
from loyaltysim.rules.kinds import forget_extras


@rule
def pass_time(w, i, now):
    """What fades has faded by now, if time has passed; where nothing fades only her clock moves."""
    c = world.customers(w)[i]
    terms = world.terms(w)[0]
    if now <= c.felt_at:
        return
    if terms.decay == 0.0 and terms.forgetting == 0.0:
        c.felt_at = now
        return
    fade_all(w, i, now)


@step
def fade_all(w, i, now):
    """The parts in this order, since the last one moves her clock."""
    forget_extras(w, i, now)
    fade_cases(w, i, now)
    if causes.are_kept(w):
        causes.forget(w, i, now)
    fade(
        world.terms(w)[0], world.clock(w)[0], world.customers(w)[i], world.ties(w)[i], world.providers(w), now
    )
