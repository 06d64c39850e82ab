"""All arrays of a run, by name: what the rules read, and what they change."""

from typing import NamedTuple

import numpy as np


class World(NamedTuple):
    """Everything a run knows: what it reads, and what it changes (levels, spreads, and from `clock` on)."""

    terms: np.ndarray  # TERMS (1,)
    segments: np.ndarray  # SEGMENT (segments,)
    attributes: np.ndarray  # ATTRIBUTE (attributes,): what kind each is
    failures: np.ndarray  # FAILURE (providers,); empty where nothing fails
    weights: np.ndarray  # float64 (segments, attributes): of the running month
    levels: np.ndarray  # float64 (providers, attributes)
    spreads: np.ndarray  # float64 (providers, attributes)
    intercepts: np.ndarray  # float64 (segments, providers): of the first home
    rests: np.ndarray  # float64 (segments, providers, 3): affect, trust and habit at rest
    offers: np.ndarray  # OFFER (offers,)
    claims: np.ndarray  # CLAIM (claims,): what advertising promises
    changes: np.ndarray  # CHANGE (changes,): what events set, event by event
    tables: np.ndarray  # float64 (tables, TABLE_CELLS + 1)
    closes: np.ndarray  # float64 (months + 1,): days of the closes; the first is the start
    seasons: np.ndarray  # float64 (months,)
    peaks: (
        np.ndarray
    )  # float64 (periods + 1,): share of arrivals up to each part of the opening time; or empty
    cuts: np.ndarray  # float64 (classes - 1,)
    points: np.ndarray  # POINTS (1,); with a rollout (2,): for those in it, and outside; with campaigns
    # for some customers (3,): the last for those whom the campaign that runs does not mean
    enrolment: np.ndarray  # ENROLMENT, as many
    tiering: np.ndarray  # TIERING, as many
    tiers: np.ndarray  # TIER (as many, tiers + 1): none, then from the lowest on
    clock: np.ndarray  # CLOCK (1,)
    providers: np.ndarray  # PROVIDER (providers,)
    customers: np.ndarray  # CUSTOMER (customers,)
    cases: np.ndarray  # CASE (customers, providers): recoveries to come; empty where nothing fails
    expected_extras: np.ndarray  # float64 (customers,): G, CSI points; empty without extras
    ties: np.ndarray  # TIE (customers, providers)
    approaches: np.ndarray  # APPROACH (approaches,): the firm's offers to single persons, under its programme
    reactions: np.ndarray  # REACTION (reactions,)
    departures: np.ndarray  # DEPARTURE (customers,); empty where nobody is to be won back
    wallets: np.ndarray  # WALLET (customers,); empty where nobody buys elsewhere and nothing is borrowed
    feelings: np.ndarray  # FEELING (customers,); empty without affect, trust and habit
    stages: np.ndarray  # int64 (months, STAGES, STAGES): from one close to the next; empty as `feelings`
    loyalty: np.ndarray  # int64 (months, LOYALTY); empty as `feelings`
    lots: np.ndarray  # int32 (customers, months of validity): points by month of issue; empty without points
    ranks: np.ndarray  # RANK (customers,); no rows without tiers
    qualified: np.ndarray  # int64 (customers, months of the window): what counts, by month, a ring; or empty
    members: np.ndarray  # MEMBER (customers,); no rows where everybody is a member
    dated: np.ndarray  # POINTS (changes,): terms that hold, or are announced, from a day on; of this arm
    gifts: np.ndarray  # int32, the same of points without a purchase; no columns where none are given
    cards: np.ndarray  # CARD (customers,); empty where no programme needs it
    satisfaction_12: np.ndarray  # float64 (customers,)
    money: np.ndarray  # int64 (months, segments, MONEY)
    service: np.ndarray  # int64 (months, sites, SERVICE)
    waits: np.ndarray  # int64 (WAIT_BINS,)
    weeks: np.ndarray  # int64 (weeks,): repeat purchases at the firm by week from month 0
    log: np.ndarray  # EVENT (capacity,)
    logged: np.ndarray  # int64 (1,): events so far; those beyond the capacity are counted, not kept
    desks: np.ndarray  # float64 (sites, desks): when each desk is or was last free
    parcels: np.ndarray  # PARCEL (customers, PARCELS): sales on their way back; no rows where none are
    debts: np.ndarray  # int64 (customers,): points owed after returns; no rows where none are
    ages: np.ndarray  # float64 (2, months): share of opening balances issued in so many months before, of
    # the programme on trial and of the status quo; no columns without
    outside: np.ndarray  # int32 (customers,), 1: outside of the rollout; empty where it goes to everybody
    targets: np.ndarray  # TARGET (targets,)
    files: np.ndarray  # FILE (customers,); empty where nothing is for some customers only
    plain: np.ndarray  # POINTS, as many as `dated`: the same without campaigns for some customers, or none
    talk: np.ndarray  # TALK (1,); empty where nobody speaks, as are the next two
    heard_of: np.ndarray  # float64 (customers, providers): encounters up to the last close
    voices: np.ndarray  # int64 (providers, 2): how loudly is spoken of each; that times S, CENT
    growths: np.ndarray  # GROWTH (growths,): of the awareness of providers
    referring: np.ndarray  # REFERRING (1,); empty where nobody refers, as are the next three
    referrals: np.ndarray  # REFERRAL (customers,)
    speakers: np.ndarray  # SPEAKER (customers,): who refers, by provider, at the last close
    circles: np.ndarray  # int64 (providers, 5): see `rules.referrals`
    needs: np.ndarray  # float64 (months, segments, attributes): weights from each close on; empty where they
    # stand
    cohorts: np.ndarray  # int64 (months, segments, ages, USES): `rules.programme.cohorts`; or no ages
    diaries: np.ndarray  # DIARY (customers,)
    paired: np.ndarray  # MONTH_OF_HERS (months held, customers): both arms share it; empty in the past
    lift: np.ndarray  # int64 (months after month 0, LIFT): counted by the twin; empty in the other arm
    status: np.ndarray  # int64 (closes from month 0 on, STATUS): the base cohort
    joiners: np.ndarray  # int64 (rows, ages, COHORT): by the month of joining the firm, then the programme
    curve: np.ndarray  # int64 (FELT, 2): months of home customers by satisfaction, those that ended elsewhere
    gaps: np.ndarray  # int64 (GAPS,): served visits at the firm after month 0 by their gap
    lost_from: np.ndarray  # int64 (CLASSES,): defections after month 0 by class at the last close before
    storing: np.ndarray  # STORING, as many as `points` parts (1, or with a rollout 2)
    purses: np.ndarray  # PURSE (customers,); empty where nobody can store value
    clubs: np.ndarray  # CLUB, as many as `storing`
    subscriptions: np.ndarray  # SUBSCRIPTION (customers,); empty where there is no paid club
    causes: np.ndarray  # float64 (customers, terms of standing, COLUMNS): `rules.causes`; or no rows
    left_by: np.ndarray  # int64 (months, attributes + CAUSES): defections by cause; no columns without causes
    waited: np.ndarray  # int64 (2,): what waiting took of `time` this month, CENT; of how many visits
    outreach: np.ndarray  # OUTREACH, as many as `storing`
    plans: np.ndarray  # PLAN (as many as `storing`, plans): other rates of contacts for some
    communities: np.ndarray  # COMMUNITY, as many as `storing`
    relations: np.ndarray  # RELATION (customers,); empty without contacts and community
    waves: np.ndarray  # int32 (customers,): stage of the rollout that reaches her; empty where it has none
    wedge: np.ndarray  # int64 (months after month 0, stages + 1, 2): spend and purchases of the base cohort
