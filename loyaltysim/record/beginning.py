"""A programme takes over from the status quo: for everybody, for some, by stages, at month 0 or later."""

from __future__ import annotations

import math

import numpy as np

from loyaltysim.rules import calls
from loyaltysim.rules.arrays import World
from loyaltysim.rules.parameters import TO_PROGRAMME
from loyaltysim.rules.world import handle_of
from loyaltysim.scenario.lower import Parameters


def take_over(world: World, parameters: Parameters, day: float) -> None:
    """From this day on the programme holds for those whom it reaches."""
    roll_out(world, parameters)
    begin_programme(world, parameters)
    world.clock["wave"] = 0
    if not len(world.outside) or not world.outside.all():
        provoke(world, day)
    if opens(parameters.points, parameters.storing, parameters.clubs):
        calls.open_books(handle_of(world), 0, day)
    if parameters.tiering["opening"][0]:
        calls.open_tiers(handle_of(world), day)
    world.approaches["active"] = True
    world.referring["active"] = True


def provoke(world: World, day: float) -> None:
    """Rivals see on this day that the programme goes to somebody."""
    world.reactions["since"][world.reactions["to"] == TO_PROGRAMME] = day


def draw_waves(world: World, parameters: Parameters) -> None:
    """Which stage of the rollout reaches whom, by one draw of each; newcomers to come, too."""
    if not parameters.waves:
        return
    world.waves[:] = len(parameters.waves)
    for stage, wave in reversed(list(enumerate(parameters.waves))):
        calls.roll_out(handle_of(world), wave.share)
        world.waves[(world.outside == 0) & np.isin(world.customers["site"], wave.sites)] = stage
    world.outside[:] = 0


def go_on(world: World, parameters: Parameters, stage: int, day: float) -> None:
    """A later stage of the rollout, in the arm in which the programme runs: it begins for more customers."""
    if world.clock["wave"][0] != stage - 1:
        return
    world.clock["wave"] = stage
    reached = (world.outside == 1) & (world.waves <= stage)
    if reached.any() and world.outside.all():
        provoke(world, day)
    if not tiers_alike(world, parameters, 1):
        below_all_tiers(world, reached)
    calls.widen(handle_of(world), stage, day)


def begin_late(world: World, parameters: Parameters, day: float) -> None:
    """The day on which a rollout begins that did not begin at month 0."""
    take_over(world, parameters, day)
    world.clock["begins"] = math.inf
    calls.fork(handle_of(world), day, False)


def opens(*terms: np.ndarray) -> bool:
    """Does somebody hold points, stored value or a membership on the first day of these terms?"""
    return any(one["opening_share"][0] > 0.0 for one in terms)


def roll_out(world: World, parameters: Parameters) -> None:
    """Who lives outside of the rollout from now on goes on under what held until now."""
    if parameters.rollout is None:
        return
    share, sites = parameters.rollout
    calls.roll_out(handle_of(world), share)
    world.outside[~np.isin(world.customers["site"], sites)] = 1
    for terms in (
        world.points,
        world.enrolment,
        world.tiering,
        world.tiers,
        world.storing,
        world.clubs,
        world.outreach,
        world.plans,
        world.communities,
    ):
        terms[1] = terms[0]


def begin_programme(world: World, parameters: Parameters) -> None:
    """The programme takes the place of the status quo: balances and members stay.

    Tiers stay where they are reached in the same way; where they are not, everybody whom the programme
    reaches begins below them.
    """
    world.points[0] = parameters.points[0]
    world.dated[:] = parameters.dated
    if len(parameters.plain):
        world.points[2] = parameters.plain[0]
        world.plain[:] = parameters.plain[1:]
    world.enrolment[0] = parameters.enrolment[0]
    world.storing[0] = parameters.storing[0]
    world.clubs[0] = parameters.clubs[0]
    world.outreach[0] = parameters.outreach[0]
    world.plans[0] = parameters.plans
    world.communities[0] = parameters.communities[0]
    alike = tiers_alike(world, parameters, 0)
    share = world.tiers["share"][0].copy()
    world.tiering[0] = parameters.tiering[0]
    world.tiers[0] = parameters.tiers
    if alike:
        world.tiers["share"][0] = share
    else:
        below_all_tiers(world, world.outside == 0 if len(world.outside) else np.ones(len(world.ranks), bool))


def tiers_alike(world: World, parameters: Parameters, row: int) -> bool:
    """Are the tiers of this row (0: that hold, 1: outside of a rollout) reached as the programme's are?"""
    terms = ("active", "by", "window", "calendar")
    alike = all(world.tiering[name][row] == parameters.tiering[name][0] for name in terms)
    return alike and bool((world.tiers["threshold"][row] == parameters.tiers["threshold"]).all())


def below_all_tiers(world: World, who: np.ndarray) -> None:
    """These customers begin below all tiers."""
    if len(world.ranks):
        for name in ("tier", "began", "counted", "until", "hurt", "ahead"):
            world.ranks[name][who] = 0
        world.qualified[who] = 0
