"""Scenario -> Parameters: the only translation, every cast, every unit.

Providers are numbered by name (the firm is 0), segments and attributes stand in name order: the order
of keys in the file changes nothing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from loyaltysim.scenario import timetable
from loyaltysim.scenario.currencies import money_unit
from loyaltysim.scenario.lower_awareness import lower_growths, with_outside
from loyaltysim.scenario.lower_cap import Cap, lower_cap
from loyaltysim.scenario.lower_classes import lower_mixtures
from loyaltysim.scenario.lower_contacts import lower_community, lower_contacts, lower_plans
from loyaltysim.scenario.lower_enrolment import lower_enrolment
from loyaltysim.scenario.lower_events import level_of, lower_claims, lower_events
from loyaltysim.scenario.lower_market import (
    entries,
    lower_attributes,
    lower_failures,
    lower_homes,
    lower_providers,
    lower_rests,
    lower_segments,
)
from loyaltysim.scenario.lower_membership import lower_membership
from loyaltysim.scenario.lower_needs import lower_needs
from loyaltysim.scenario.lower_opening import lower_ages, lower_opening
from loyaltysim.scenario.lower_programme import (
    gives_points,
    lot_months,
    lower_changes,
    lower_programme,
    run_off,
)
from loyaltysim.scenario.lower_rivalry import lower_approaches, lower_offers, lower_reactions
from loyaltysim.scenario.lower_rollout import Wave, lower_begin, lower_rollout, lower_waves
from loyaltysim.scenario.lower_storing import lower_storing
from loyaltysim.scenario.lower_talk import lower_referring, lower_talk
from loyaltysim.scenario.lower_targeting import lower_records, lower_targets, number_of
from loyaltysim.scenario.lower_terms import lower_peaks, lower_terms
from loyaltysim.scenario.lower_tiers import lower_tiers, rolling_months, with_rows
from loyaltysim.scenario.lowering import Tables
from loyaltysim.scenario.mixtures import classes_of
from loyaltysim.scenario.spec import Provider, Scenario


class Parameters(NamedTuple):
    """A scenario as plain numbers: what every replication starts from. Arrays as in `World`."""

    terms: np.ndarray
    segments: np.ndarray
    attributes: np.ndarray
    failures: np.ndarray
    weights: np.ndarray
    levels: np.ndarray
    spreads: np.ndarray
    intercepts: np.ndarray
    rests: np.ndarray
    offers: np.ndarray
    approaches: np.ndarray  # under the programme
    reactions: np.ndarray
    claims: np.ndarray
    changes: np.ndarray
    tables: np.ndarray
    closes: np.ndarray
    seasons: np.ndarray
    peaks: np.ndarray
    cuts: np.ndarray
    providers: np.ndarray
    status_quo: np.ndarray  # POINTS (1,): before month 0, and in the twin for ever
    points: np.ndarray  # POINTS (1,): under the programme
    enrolment_before: np.ndarray  # ENROLMENT (1,): before month 0, and in the twin for ever
    enrolment: np.ndarray  # ENROLMENT (1,): under the programme
    tiering_before: np.ndarray  # TIERING (1,): before month 0, and in the twin for ever
    tiering: np.ndarray  # TIERING (1,): under the programme
    tiers_before: np.ndarray  # TIER (tiers + 1,)
    tiers: np.ndarray  # TIER (tiers + 1,), as many rows as `tiers_before`
    has_tiers: bool
    tier_months: int  # months of a rolling window that are kept apart
    has_members: bool  # whether it is written down who is a member
    dated: np.ndarray  # POINTS (changes,): terms that take their place, or are announced, in time order
    lots: int  # months of points kept apart
    gift_lots: int  # the same, of points without a purchase
    carded: bool  # is there a card to remember things on?
    first: int  # customers in the market at the start
    claim_days: tuple[float, ...]  # of the claims
    events: tuple[tuple[float, int, int], ...]  # (day, first change, change after the last), in time order
    entries: tuple[tuple[float, int], ...]  # (day, customers) who enter later, in time order
    warm_up: int
    money_unit: int  # minor units in a unit of the currency
    names: tuple[str, ...]  # of the providers
    segment_names: tuple[str, ...]
    has_programme: bool
    plain: np.ndarray  # POINTS (changes + 1,): at month 0 and then, without campaigns for some; or none
    targets: np.ndarray
    ages: np.ndarray  # float64 (2, months): of opening balances, as in `World`
    rollout: (
        tuple[float, tuple[int, ...]] | None
    )  # share of the customers of these sites (from 0) that the programme reaches; None: all
    talk: np.ndarray
    referring: np.ndarray
    growths: np.ndarray
    needs: (
        np.ndarray
    )  # float64 (months, segments, attributes): weights from each close on, luck apart; or empty
    attribute_names: tuple[str, ...]
    begins: float  # day on which the programme takes over, if it does after month 0
    wandering: np.ndarray  # float64 (months, segments): sd of the step of each of their logarithms
    storing_before: np.ndarray  # STORING (1,): before month 0, and in the twin for ever
    storing: np.ndarray  # STORING (1,): under the programme
    stores: bool  # whether anybody can store value
    clubs_before: np.ndarray  # CLUB (1,): before month 0, and in the twin for ever
    clubs: np.ndarray  # CLUB (1,): under the programme
    has_club: bool  # whether there is a paid club
    outreach_before: np.ndarray  # OUTREACH (1,): before month 0, and in the twin for ever
    outreach: np.ndarray  # OUTREACH (1,): under the programme
    plans_before: np.ndarray  # PLAN (plans,): before month 0, and in the twin for ever
    plans: np.ndarray  # PLAN (plans,): under the programme
    communities_before: np.ndarray  # COMMUNITY (1,): before month 0, and in the twin for ever
    communities: np.ndarray  # COMMUNITY (1,): under the programme
    relates: bool  # whether there are contacts, or a community
    waves: tuple[Wave, ...] = ()  # stages of the rollout, in time order; none where it has none
    causes: bool = False  # whether the cause of each defection is asked for
    cap: Cap | None = None  # a budget that bites


def lower(scenario: Scenario) -> Parameters:
    """Translate a valid scenario into the numbers that the rules read."""
    unit = money_unit(scenario.currency)
    names = ("firm", *sorted(scenario.rivals))
    offered: list[Provider] = [scenario.firm, *(scenario.rivals[name] for name in names[1:])]
    segment_names = tuple(sorted(scenario.market.segments))
    segments = [scenario.market.segments[name] for name in segment_names]
    attributes = sorted(scenario.firm.attributes)
    weights = np.array([[s.weights.get(a, 0.0) for a in attributes] for s in segments])
    levels = np.array([[level_of(x, a) for a in attributes] for x in offered], float)
    spreads = np.array([[x.attributes[a].sd for a in attributes] for x in offered], float)
    tables = Tables()
    terms = lower_terms(scenario, attributes, unit, tables)
    closes = timetable.closes(scenario)
    changes, events = lower_events(scenario, names, attributes)
    claims, claim_days = lower_claims(scenario, names, offered)
    points = lower_programme(scenario.programme, unit)
    offers = lower_offers(scenario, names, offered)
    before = lower_programme(scenario.status_quo, unit)
    run_off(points[0], before[0])
    tiering, tiers = lower_tiers(scenario.programme.tiers if scenario.programme else None, unit)
    tiering_before, tiers_before = lower_tiers(
        scenario.status_quo.tiers if scenario.status_quo else None, unit
    )
    for programme, level in ((scenario.programme, tiering[0]), (scenario.status_quo, tiering_before[0])):
        if programme is not None and programme.tiers is not None:
            level["target"] = number_of(programme.tiers.target, scenario)
    programmes = [x for x in (scenario.programme, scenario.status_quo) if x is not None]
    rows = max(len(tiers), len(tiers_before))
    for programme, one in ((scenario.programme, points[0]), (scenario.status_quo, before[0])):
        if programme is not None and programme.member_price is not None:
            one["price_target"] = number_of(programme.member_price.target, scenario)
        if programme is not None:
            one["cash_target"] = number_of(programme.cashback_target, scenario)
        if programme is not None and programme.surprise is not None:
            one["surprise_target"] = number_of(programme.surprise.target, scenario)
    lower_records(scenario, unit, terms[0])
    lowered = lower_segments(segments, scenario.loyalty, scenario.relationship is not None, unit, tables)
    lower_mixtures(scenario, segment_names, lowered)
    points[0]["mixed"] = 1 if classes_of(scenario.programme) else 0
    before[0]["mixed"] = 2 if classes_of(scenario.status_quo) else 0
    lower_opening(scenario.programme, tables, points[0])
    lower_opening(scenario.status_quo, tables, before[0])
    ages = lower_ages(scenario)
    lots = max(lot_months(one[0], len(closes) - 1 + ages.shape[1]) for one in (points, before))
    needs, wandering = lower_needs(scenario, attributes)
    clubs_before, clubs = (
        lower_membership(one, unit, tables) for one in (scenario.status_quo, scenario.programme)
    )
    storing_before, storing = (
        lower_storing(one, unit, tables) for one in (scenario.status_quo, scenario.programme)
    )
    outreach_before, outreach = (
        lower_contacts(scenario, one, unit) for one in (scenario.status_quo, scenario.programme)
    )
    plans_before, plans = (lower_plans(scenario, one) for one in (scenario.status_quo, scenario.programme))
    communities_before, communities = (
        lower_community(scenario, one, unit) for one in (scenario.status_quo, scenario.programme)
    )
    dated, plain = lower_changes(scenario, points[0], unit)
    found = Parameters(
        terms=terms,
        segments=lowered,
        attributes=lower_attributes(scenario, attributes),
        failures=lower_failures(offered, attributes, unit),
        weights=weights,
        levels=levels,
        spreads=spreads,
        intercepts=np.array(
            [lower_homes(s, names, offered, scenario.market.outside is not None) for s in segments]
        ),
        rests=lower_rests(scenario, weights, spreads),
        offers=offers,
        approaches=lower_approaches(scenario.programme, scenario, unit),
        reactions=lower_reactions(scenario, names, offers),
        claims=claims,
        changes=changes,
        tables=tables.array(),
        closes=closes,
        seasons=timetable.seasons(scenario),
        peaks=lower_peaks(scenario),
        cuts=np.array(scenario.satisfaction.cuts, float),
        providers=lower_providers(scenario, names, offered, segments, weights, levels, spreads, attributes),
        status_quo=before,
        points=points,
        enrolment_before=lower_enrolment(scenario.status_quo, unit),
        enrolment=lower_enrolment(scenario.programme, unit),
        tiering_before=tiering_before,
        tiering=tiering,
        tiers_before=with_rows(tiers_before, rows),
        tiers=with_rows(tiers, rows),
        has_tiers=any(x.tiers is not None for x in programmes),
        tier_months=max(rolling_months(tiering), rolling_months(tiering_before)),
        has_members=any(x.enrolment is not None for x in programmes),
        dated=dated,
        plain=plain,
        targets=lower_targets(scenario, unit),
        lots=lots,
        gift_lots=lots if any(gives_points(one[0]) for one in (points, before)) else 0,
        carded=bool(points[0]["carded"] or before[0]["carded"]),
        first=scenario.market.customers,
        claim_days=claim_days,
        events=events,
        entries=entries(scenario),
        warm_up=scenario.warm_up,
        money_unit=unit,
        names=names,
        segment_names=segment_names,
        has_programme=scenario.programme is not None,
        ages=ages,
        rollout=lower_rollout(scenario),
        talk=lower_talk(scenario),
        referring=lower_referring(scenario, unit),
        growths=lower_growths(scenario, names),
        needs=needs,
        wandering=wandering,
        attribute_names=tuple(attributes),
        storing_before=storing_before,
        storing=storing,
        stores=any(x.stored_value is not None for x in programmes),
        clubs_before=clubs_before,
        clubs=clubs,
        has_club=any(x.membership is not None for x in programmes),
        causes=scenario.loyalty is not None and scenario.loyalty.causes,
        outreach_before=outreach_before,
        outreach=outreach,
        plans_before=plans_before,
        plans=plans,
        communities_before=communities_before,
        communities=communities,
        relates=any(x.contact is not None or x.community is not None for x in programmes),
        cap=lower_cap(scenario, unit, len(closes) - 1),
        begins=lower_begin(scenario),
        waves=lower_waves(scenario),
    )
    return with_outside(found, scenario)
