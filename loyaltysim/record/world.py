"""Worlds: opened from the parameters, forked at month 0, copied where a run is cut."""

from __future__ import annotations

import math

import numpy as np

from loyaltysim.record.beginning import draw_waves, opens, take_over
from loyaltysim.record.outcome import Arm
from loyaltysim.rules import calls
from loyaltysim.rules.arrays import World
from loyaltysim.rules.causes import COLUMNS, TERMS_OF_STANDING
from loyaltysim.rules.draws import keys_of
from loyaltysim.rules.eventlog import EVENT
from loyaltysim.rules.holdings import (
    CARD,
    FILE,
    MEMBER,
    PARCEL,
    PARCELS,
    PURSE,
    RANK,
    REFERRAL,
    RELATION,
    SPEAKER,
    SUBSCRIPTION,
)
from loyaltysim.rules.ledger import (
    COHORT,
    COHORTS,
    FELT,
    GAPS,
    LIFT,
    LOYALTY,
    MONEY,
    SERVICE,
    STATUS,
    USES,
    WAIT_BINS,
)
from loyaltysim.rules.parameters import CLOCK, WIN_BACK
from loyaltysim.rules.state import (
    CASE,
    CLASSES,
    CUSTOMER,
    DEPARTURE,
    DIARY,
    FEELING,
    MONTH_OF_HERS,
    STAGES,
    TIE,
    WALLET,
)
from loyaltysim.rules.world import handle_of
from loyaltysim.scenario.lower import Parameters
from loyaltysim.scenario.lower_needs import drawn_needs
from loyaltysim.scenario.lower_rivalry import drawn_reactions

SAMPLE, NOBODY, EVERYBODY = -3, -2, -1
ROOM = 1_000_000  # events that a log holds, unless told otherwise


def open_world(
    parameters: Parameters, seed: int, replication: int, follow: int = NOBODY, below: int = 0
) -> World:
    """The market on its first day, under the status quo.

    `follow` is the customer whose story is logged: her number, NOBODY, EVERYBODY, or SAMPLE, those whose
    hash lies below `below`.
    """
    number = parameters.first + sum(count for _, count in parameters.entries)
    months, segments = len(parameters.closes) - 1, len(parameters.segments)
    horizon = months - parameters.warm_up
    sites, desks = int(parameters.terms["sites"][0]), int(parameters.terms["desks"][0])
    parts = 1 if parameters.rollout is None else 2
    refer = len(parameters.referring) > 0
    terms_of_standing = len(parameters.attribute_names) + TERMS_OF_STANDING
    won_back = (parameters.approaches["kind"] == WIN_BACK).any()
    reactions, offers = drawn_reactions(
        parameters.reactions, parameters.offers, parameters.providers, seed, replication
    )
    world = World(
        terms=parameters.terms.copy(),
        segments=parameters.segments,
        attributes=parameters.attributes,
        failures=parameters.failures,
        weights=parameters.weights.copy(),
        levels=parameters.levels.copy(),
        spreads=parameters.spreads.copy(),
        intercepts=parameters.intercepts,
        rests=parameters.rests,
        offers=offers,
        claims=parameters.claims,
        changes=parameters.changes,
        tables=parameters.tables,
        closes=parameters.closes,
        seasons=parameters.seasons,
        peaks=parameters.peaks,
        cuts=parameters.cuts,
        points=parameters.status_quo.repeat(3 if len(parameters.plain) else parts),
        enrolment=parameters.enrolment_before.repeat(parts),
        tiering=parameters.tiering_before.repeat(parts),
        tiers=parameters.tiers_before[None].repeat(parts, axis=0),
        clock=np.zeros(1, CLOCK),
        providers=parameters.providers.copy(),
        customers=np.zeros(number, CUSTOMER),
        cases=np.zeros((number if parameters.terms["failing"][0] else 0, len(parameters.providers)), CASE),
        expected_extras=np.zeros(number if parameters.terms["extras"][0] else 0),
        ties=np.zeros((number, len(parameters.providers)), TIE),
        approaches=parameters.approaches.copy(),
        reactions=reactions,
        departures=np.zeros(number if won_back else 0, DEPARTURE),
        wallets=np.zeros(number if parameters.terms["wallets"][0] else 0, WALLET),
        feelings=np.zeros(number if parameters.terms["feels"][0] else 0, FEELING),
        stages=np.zeros((months if parameters.terms["feels"][0] else 0, len(STAGES), len(STAGES)), np.int64),
        loyalty=np.zeros((months if parameters.terms["feels"][0] else 0, len(LOYALTY)), np.int64),
        lots=np.zeros((number, parameters.lots), np.int32),
        ranks=np.zeros(number if parameters.has_tiers else 0, RANK),
        qualified=np.zeros((number if parameters.has_tiers else 0, parameters.tier_months), np.int64),
        members=np.zeros(number if parameters.has_members else 0, MEMBER),
        dated=never(parameters.dated),
        gifts=np.zeros((number, parameters.gift_lots), np.int32),
        cards=np.zeros(number if parameters.carded else 0, CARD),
        satisfaction_12=np.zeros(number),
        money=np.zeros((months, segments, len(MONEY)), np.int64),
        service=np.zeros((months, sites, len(SERVICE)), np.int64),
        waits=np.zeros(WAIT_BINS, np.int64),
        weeks=np.zeros(max(math.ceil(parameters.closes[-1] / 7.0), 1), np.int64),
        log=np.zeros(0 if follow == NOBODY else max(number, ROOM), EVENT),
        logged=np.zeros(1, np.int64),
        desks=np.full((sites, desks), parameters.closes[0]),
        parcels=np.zeros((number if parameters.terms["returned"][0] > 0.0 else 0, PARCELS), PARCEL),
        debts=np.zeros(number if parameters.terms["returned"][0] > 0.0 else 0, np.int64),
        ages=parameters.ages,
        targets=parameters.targets,
        files=np.zeros(number if len(parameters.targets) else 0, FILE),
        plain=never(parameters.plain[1:]),
        outside=np.zeros(number if parts > 1 else 0, np.int32),
        talk=parameters.talk,
        growths=parameters.growths,
        referring=parameters.referring.copy(),
        referrals=np.zeros(number if refer else 0, REFERRAL),
        speakers=np.zeros(number if refer else 0, SPEAKER),
        circles=np.zeros((len(parameters.providers) if refer else 0, 5), np.int64),
        heard_of=np.zeros((number if len(parameters.talk) else 0, len(parameters.providers))),
        cohorts=np.zeros((months, segments, parameters.lots + parameters.gift_lots, len(USES)), np.int64),
        voices=np.zeros((len(parameters.providers) if len(parameters.talk) else 0, 2), np.int64),
        needs=drawn_needs(parameters, seed, replication),
        diaries=np.zeros(number, DIARY),
        paired=np.zeros((0, number), MONTH_OF_HERS),
        lift=np.zeros((0, len(LIFT)), np.int64),
        status=np.zeros((horizon + 1, len(STATUS)), np.int64),
        joiners=np.zeros((2 * min(horizon + 1, COHORTS), horizon + 1, len(COHORT)), np.int64),
        curve=np.zeros((FELT, 2), np.int64),
        gaps=np.zeros(GAPS, np.int64),
        lost_from=np.zeros(CLASSES, np.int64),
        storing=parameters.storing_before.repeat(parts),
        purses=np.zeros(number if parameters.stores else 0, PURSE),
        clubs=parameters.clubs_before.repeat(parts),
        subscriptions=np.zeros(number if parameters.has_club else 0, SUBSCRIPTION),
        causes=np.zeros((number if parameters.causes else 0, terms_of_standing, COLUMNS)),
        left_by=np.zeros((months, terms_of_standing + 2 if parameters.causes else 0), np.int64),
        waited=np.zeros(2, np.int64),
        outreach=parameters.outreach_before.repeat(parts),
        plans=parameters.plans_before[None].repeat(parts, axis=0),
        communities=parameters.communities_before.repeat(parts),
        relations=np.zeros(number if parameters.relates else 0, RELATION),
        waves=np.zeros(number if parameters.waves else 0, np.int32),
        wedge=np.zeros((horizon if parameters.waves else 0, len(parameters.waves) + 1, 2), np.int64),
    )
    world.departures["day"] = math.nan
    world.clock["begins"] = math.inf
    world.clock["wave"] = -1
    world.clock["logged"] = follow
    world.clock["usual_wait"] = parameters.terms["wait_penalty"][0] if desks else 0.0
    world.clock["sample"] = below
    seen = world.providers["awareness"] > 0.0
    if (outside := int(world.terms["outside_number"][0])) > 0:
        seen[outside] = False
    world.clock["norm"] = sum(world.providers["reputation"][seen].tolist()) / seen.sum()
    world.customers["key"] = keys_of(seed, replication, number)
    handle, created = handle_of(world), 0
    for day, count in ((parameters.closes[0], parameters.first), *parameters.entries):
        calls.create_all(handle, created, created + count, float(day))
        created += count
    draw_waves(world, parameters)
    calls.enter_all(handle, 0, parameters.first, float(parameters.closes[0]), True)
    if opens(parameters.status_quo, parameters.storing_before, parameters.clubs_before):
        calls.open_books(handle, 1, float(parameters.closes[0]))
    if parameters.tiering_before["opening"][0]:
        calls.open_tiers(handle, float(parameters.closes[0]))
    world.heard_of[...] = world.ties["visits"][: len(world.heard_of)]
    return world


def copy_of(world: World) -> World:
    """The same world once more: nothing that a run changes is shared."""
    return World(*(part.copy() for part in world))


def fork(world: World, parameters: Parameters, programme: bool) -> World:
    """A future of this world from month 0 on: under the programme, or under the status quo."""
    future = copy_of(world)
    set_out(future, parameters, programme)
    return future


def twin_of(programme: World, twin: World, held: int = 1) -> tuple[World, World]:
    """The two arms, from now on comparing customers' months; `held` of them are kept at a time.

    Where the arms are carried on side by side one is enough: the twin's month follows the programme's.
    """
    months = len(programme.status) - 1
    paired = np.zeros((held, len(programme.customers)), MONTH_OF_HERS)
    counted = np.zeros((months, len(LIFT)), np.int64)
    return programme._replace(paired=paired), twin._replace(paired=paired, lift=counted)


def set_out(world: World, parameters: Parameters, programme: bool) -> None:
    """Month 0 in this world: what holds from now on is the programme's, or the status quo's."""
    day = float(parameters.closes[parameters.warm_up])
    if programme and parameters.begins > day:
        world.clock["begins"] = parameters.begins
    elif programme:
        take_over(world, parameters, day)
    calls.fork(handle_of(world), day, True)


def watch_members(twin: World, programme: World) -> None:
    """In the twin the spending of the programme's members is added up over the same days."""
    twin.members["watched"] = programme.members["watched"]
    twin.subscriptions["watched"] = programme.subscriptions["watched"]


def never(dated: np.ndarray) -> np.ndarray:
    """The same terms, of which none ever begins to hold: those of an arm without the programme."""
    terms = dated.copy()
    terms["since"] = math.inf
    return terms


def arm_of(world: World, reputation: np.ndarray) -> Arm:
    """What a finished world leaves behind."""
    return Arm(
        money=world.money,
        service=world.service,
        waits=world.waits,
        customers=np.asarray(world.customers),
        members=np.asarray(world.members),
        satisfaction=satisfaction_of(world),
        satisfaction_12=world.satisfaction_12,
        reputation=reputation,
        weeks=world.weeks,
        stages=world.stages,
        loyalty=world.loyalty,
        outside=world.outside,
        files=world.files,
        referrals=np.asarray(world.referrals),
        cohorts=world.cohorts,
        open_lots=open_lots(world),
        status=world.status,
        joiners=world.joiners,
        curve=world.curve,
        gaps=world.gaps,
        lost_from=world.lost_from,
        purses=np.asarray(world.purses),
        subscriptions=np.asarray(world.subscriptions),
        left_by=world.left_by,
        waves=world.waves,
        wedge=world.wedge,
        relations=np.asarray(world.relations),
    )


def open_lots(world: World) -> np.ndarray:
    """Points that all customers hold: those of purchases, and those without one; by segment and age."""
    width = world.lots.shape[1]
    kinds = [lots for lots in (world.lots, world.gifts) if lots.shape[1]]
    found = np.zeros((len(kinds), len(world.segments), width), np.int64)
    last = int(world.clock["month"][0]) - 1
    place = (last - np.arange(width)) % max(width, 1)
    for kind, lots in enumerate(kinds):
        for segment in range(len(world.segments)):
            hers = world.customers["segment"] == segment
            found[kind, segment] = lots[hers].sum(axis=0, dtype=np.int64)[place]
    return found


def satisfaction_of(world: World) -> np.ndarray:
    """Satisfaction of each customer with each provider, what a recovery gave beyond behaviour included."""
    felt = np.array(world.ties["satisfaction"])
    return felt + world.cases["glow"] if len(world.cases) else felt
