"""The flat numeric records that the rules read; `scenario.lower` makes them and names their fields.

Times in days, money in minor units, satisfaction in CSI points, chances as fractions. A table number
of -1 means: no table, the quantity does not vary.
"""

from typing import NamedTuple

import numpy as np

# Curves from standing to staying (MODEL 3.5)
NOBODY_LEAVES, THRESHOLD, KOTLER, CONSTANT, BETA, COMPETITIVE, TWO_THRESHOLD, INVERTED_U = range(8)
# Laws of times
CONSTANT_TIME, EXPONENTIAL_TIME, LOGNORMAL_TIME = range(3)
# Laws of gaps between occasions
POISSON, ERLANG, REGULAR = range(3)
# Rounding of points
DOWN, NEAREST, UP = range(3)

TERMS = np.dtype(
    [
        # loyalty
        ("theory", "i8"),
        ("period", "f8"),  # days; 0: one decision an occasion
        ("stay_low", "f8"),
        ("stay_high", "f8"),
        ("steepness", "f8"),
        ("stay_rate", "f8"),
        ("renewal_table", "i8"),
        ("bend", "f8"),  # power of the competitive curve
        ("width", "f8"),  # from her threshold to the plateau, CSI points
        ("peak", "f8"),  # of the inverted U, CSI points
        ("drop", "f8"),  # lost beyond the peak
        ("offset", "f8"),
        ("par_standing", "f8"),
        ("choice_slope", "f8"),
        ("softness", "f8"),
        ("rechoose_all", "i8"),
        ("never_returns", "f8"),
        ("stock_horizon", "f8"),
        # buying elsewhere, and what a faster pace is made of
        ("wallets", "i8"),  # 1: some of it is named
        ("away_logit", "f8"),  # logit of the chance at par
        ("away_slope", "f8"),  # CSI points; 0: she never buys away from home
        ("expandability", "f8"),
        ("borrowed", "f8"),
        ("outside_number", "i8"),  # of the provider that stands for buying nothing; 0: there is none
        # affect, trust and habit
        ("feels", "i8"),  # 1: they are kept
        ("feel_up", "f8"),
        ("feel_down", "f8"),
        ("breach", "f8"),  # CSI points below expectation that break a promise
        ("habit_speed", "f8"),
        # experience
        ("beta_up", "f8"),
        ("beta_down", "f8"),
        ("kappa_up", "f8"),
        ("kappa_down", "f8"),
        ("zone", "f8"),
        ("memory", "f8"),
        ("prior", "f8"),
        ("decay", "f8"),  # per day
        ("forgetting", "f8"),  # per day
        ("reputation_speed", "f8"),
        ("failing", "i8"),  # 1: somewhere visits may fail
        ("paradox", "i8"),  # 1: what a recovery gives beyond the loss changes behaviour too
        ("kinds", "i8"),  # 1: some attribute is hygiene or an extra
        ("extras", "i8"),  # 1: some attribute is an extra
        # waiting and the desks
        ("wait_penalty", "f8"),
        ("wait_tolerance", "f8"),  # days
        ("time_attribute", "i8"),  # -1: none
        ("sites", "i8"),
        ("desks", "i8"),  # of each site; 0: no desk, nobody waits
        ("opens", "f8"),  # fraction of the day
        ("open_share", "f8"),  # fraction of the day
        ("service_law", "i8"),
        ("service_mean", "f8"),
        ("service_cv", "f8"),
        ("patience_law", "i8"),
        ("patience_mean", "f8"),  # inf: waits without end
        ("patience_cv", "f8"),
        ("service_attribute", "i8"),  # -1: none
        ("self_share", "f8"),  # of visits that turn to self-service
        ("self_fails", "f8"),
        ("self_shift", "f8"),  # points of `service`
        ("self_effort", "f8"),  # points of `time`
        ("self_cost", "i8"),  # minor units a use
        ("felt_share", "f8"),  # of the wait that is felt, with comfort and information
        ("promise_within", "f8"),  # days; inf: no promise
        ("promise_eases", "f8"),  # points of `time`
        ("promise_cost", "i8"),  # minor units
        # money
        ("goods_share", "f8"),
        ("discount", "f8"),  # force of discount, per day
        # the calendar
        ("warm_up", "i8"),  # months
        ("months", "i8"),  # months in all
        ("year_from", "f8"),  # start of the last 365 days
        ("horizon_day", "f8"),
        ("entry_purchase", "i8"),
        ("fresh", "i8"),
        # satisfaction classes
        ("classes", "i8"),
        # sales that are brought back
        ("returned", "f8"),  # share
        ("return_within", "f8"),  # days
        # the firm's records
        ("known", "f8"),
        ("value_error", "f8"),
        ("satisfaction_error", "f8"),
        ("stage_error", "f8"),
        ("high_value", "f8"),  # minor units a year
        ("loyal_from", "f8"),
        ("resold", "f8"),  # share of their goods' cost that comes back
        ("return_cost", "i8"),  # minor units
    ]
)

CLOCK = np.dtype(
    [
        ("month", "i8"),  # the month that runs, from the start of the warm-up
        ("norm", "f8"),  # mean reputation of the active providers
        ("norm_extras", "f8"),  # mean of the extras of the active providers that do not stay
        ("begins", "f8"),  # day on which the programme takes over in this arm (inf: it has, or never does)
        ("logged", "i8"),  # -3: a sample; -2: nobody; -1: everybody; else one customer
        ("sample", "u8"),  # of the sample: the customers whose hash lies below this
    ]
)

SEGMENT = np.dtype(
    [
        ("up_to", "f8"),  # cumulative share
        ("gap_law", "i8"),
        ("rate", "f8"),
        ("rate_shape", "f8"),
        ("rate_table", "i8"),
        ("stages", "f8"),
        ("gap_table", "i8"),  # gamma of shape `stages`
        ("phase_table", "i8"),  # gamma of shape `stages` + 1
        ("basket", "f8"),
        ("basket_shape", "f8"),
        ("basket_table", "i8"),
        ("basket_spread", "f8"),
        ("spread_table", "i8"),
        ("correlation", "f8"),  # of the normal copula
        ("threshold", "f8"),
        ("threshold_sd", "f8"),
        ("fit_sd", "f8"),
        ("taste_drift", "f8"),  # per day; 0: fit never changes
        ("bonds", "f8"),  # procedural, less those at par
        ("procedural", "f8"),  # CSI points
        ("affect", "f8"),  # what each is worth, CSI points
        ("trust", "f8"),
        ("habit", "f8"),
        ("price_weight", "f8"),
        ("priority", "i8"),  # 1: served before others
        ("extras", "f8"),  # what extras mean to her, a factor on their points
        ("mix_times", "i8"),  # numerator of the factor that classes of products make of a basket's points
        ("mix_over", "i8"),  # its denominator
        ("mix_times_before", "i8"),  # the same under the status quo
        ("mix_over_before", "i8"),
        ("exit_rate", "f8"),  # 0: stays for ever
        ("exit_shape", "f8"),
        ("exit_table", "i8"),
        ("exit_scale", "f8"),
    ]
)

ATTRIBUTE = np.dtype(
    [
        ("extra", "i8"),  # 1: CSI points beside the weighted sum
        ("keeps", "f8"),  # share of an extra that stays in the CSI
        ("floor", "f8"),
        ("penalty", "f8"),  # CSI points per point below the floor; 0: no hygiene
    ]
)

FAILURE = np.dtype(
    [
        ("chance", "f8"),  # per visit
        ("attribute", "i8"),
        ("severity", "f8"),  # points of that attribute
        ("complains", "f8"),  # chance that she speaks
        ("recovered", "f8"),  # chance that it is made good
        ("repairs", "f8"),  # share of the loss of satisfaction that is given back
        ("resentment", "f8"),  # share of it that is lost again when it is not made good
        ("delay", "f8"),  # days
        ("cost", "i8"),  # of a complaint, minor units
    ]
)

PROVIDER = np.dtype(
    [
        ("luck", "i8"),  # what draws about this provider are keyed by: a hash of its name
        ("price_level", "f8"),
        ("awareness", "f8"),
        ("log_awareness", "f8"),
        ("reputation", "f8"),
        ("lived", "i8"),  # sum of encounter satisfaction this month, CENT
        ("visits", "i8"),  # encounters this month
    ]
)

# What an offer is (OFFER.programme): a price cut; or what a rival's programme gives back, which comes on top
PRICE_OFFER, OWN_PROGRAMME, COPY_OF_OURS = range(3)

OFFER = np.dtype(
    [
        ("provider", "i8"),
        ("luck", "i8"),
        ("start", "f8"),
        ("end", "f8"),
        ("depth", "f8"),
        ("reach", "f8"),
        ("programme", "i8"),
        ("answers", "i8"),  # the reaction that it belongs to; -1: none
        ("target", "i8"),  # number of the target whom it is for, from 1; 0: everybody
    ]
)

# To whom an offer to single persons is made (APPROACH.kind); the ledger's lines stand in this order
ACQUIRE, WIN_BACK, SAVE = range(3)

APPROACH = np.dtype(
    [
        ("active", "i8"),  # 1: in the world with the programme, from month 0 on
        ("kind", "i8"),
        ("luck", "i8"),
        ("day", "f8"),
        ("delay", "f8"),  # days
        ("reach", "f8"),
        ("gift", "i8"),
        ("cost", "i8"),
        ("readiness", "f8"),  # logit
        ("fades", "f8"),  # per day
        ("target", "i8"),  # 0: everybody
    ]
)

# What a rival reacts to (REACTION.to), and what it does; undercutting is matching with `by` above 0
TO_PROGRAMME, TO_OFFER, TO_PRICE = range(3)
MATCHES, COPIES, STARTS = range(3)

REACTION = np.dtype(
    [
        ("provider", "i8"),
        ("place", "i8"),  # among the reactions of that rival
        ("to", "i8"),
        ("does", "i8"),
        ("lag", "f8"),  # days
        ("chance", "f8"),
        ("by", "f8"),
        ("offer", "i8"),  # number of the offer that is its programme; -1: none
        ("since", "f8"),  # day from which the lag counts; nan: nothing to react to
        ("done", "i8"),  # 1: it has reacted, or never will
    ]
)

TARGET = np.dtype(  # bits of what is admitted; -1: anything
    [
        ("segments", "i8"),
        ("classes", "i8"),
        ("tiers", "i8"),
        ("stages", "i8"),
        ("groups", "i8"),
    ]
)

CLAIM = np.dtype([("luck", "i8"), ("points", "f8"), ("reach", "f8")])  # a promise made by advertising

# What an event sets (CHANGE.what)
LEVEL, SPREAD, PRICE_LEVEL, AWARENESS = range(4)

CHANGE = np.dtype(
    [
        ("what", "i8"),
        ("provider", "i8"),
        ("attribute", "i8"),  # -1: none
        ("value", "f8"),
    ]
)

POINTS = np.dtype(
    [
        ("active", "i8"),
        ("per_visit", "i8"),
        ("earn", "i8"),  # numerator of points per minor unit (or per visit)
        ("earn_over", "i8"),  # its denominator
        ("worth", "i8"),  # numerator of minor units per point
        ("worth_over", "i8"),
        ("minimum", "i8"),
        ("step", "i8"),
        ("validity", "i8"),  # months; 0: for ever
        ("rolling", "i8"),
        ("rounding", "i8"),
        ("valuation", "f8"),
        ("hassle", "f8"),
        ("choice_scale", "f8"),
        ("displacement", "f8"),
        ("fulfilment", "i8"),
        ("acceleration", "f8"),
        ("carded", "i8"),  # 1: the array of cards is needed
        ("gradient", "f8"),  # g of the goal gradient
        ("gradient_power", "f8"),  # k
        ("heavy_rate", "f8"),  # occasions a day over which g falls by a factor e
        ("lift", "f8"),  # part by which a reward lifts her pace at first
        ("lift_decay", "f8"),  # per day
        ("sign_up", "i8"),  # points given with the first purchase
        ("endowed", "i8"),  # the same, as progress on her first card
        ("commitment", "f8"),  # log-odds that it adds to keeping her card, until the first reward
        ("haste", "f8"),  # part by which it lifts her pace until then
        ("kept", "f8"),  # chance to keep the card at a purchase before the first reward
        ("birthday", "i8"),  # points given at the close of the month of her birthday
        ("cashback", "f8"),  # part of the net price that comes back in cash
        ("member_price", "f8"),  # price cut for members, a part of the list price
        ("since", "f8"),  # day from which these terms hold
        ("until", "f8"),  # day of the change that is announced (inf: none)
        ("next_earn", "i8"),  # what holds from then on
        ("next_earn_over", "i8"),
        ("next_worth", "i8"),
        ("next_worth_over", "i8"),
        ("rush", "f8"),  # weight of a loss that redeeming now avoids
        ("charges", "i8"),  # 1: points that a return misses are kept from the refund; 0: she owes them
        ("opening_share", "f8"),  # of home customers who hold points on the first day
        ("opening_mean", "f8"),  # points
        ("opening_shape", "f8"),
        ("opening_table", "i8"),
        ("surprise_chance", "f8"),  # of a purchase
        ("surprise_value", "f8"),  # CSI points
        ("surprise_cost", "i8"),  # minor units
        ("surprise_target", "i8"),  # 0: everybody
        ("mixed", "i8"),  # 0: all products earn alike; 1: classes of this programme, 2: of the status quo
        ("price_target", "i8"),  # of the member price; 0: everybody
        ("earn_target", "i8"),  # of the campaign that runs; 0: everybody
        ("cash_target", "i8"),  # of the cash back; 0: everybody
        ("plan_ahead", "f8"),  # days from deciding to redeem to doing so; 0: no plan
        ("plan_lift", "f8"),  # part by which her pace rises in between
    ]
)

ENROLMENT = np.dtype(
    [
        ("active", "i8"),  # 0: everybody is a member from the start
        ("logit", "f8"),  # of joining at a visit, for one occasion a month
        ("slope", "f8"),  # logit per ln of her occasions a month
        ("appeal", "f8"),  # logit per minor unit of expected benefit
        ("friction", "f8"),  # what joining costs her in trouble, minor units
        ("cost", "i8"),  # what a new member costs the firm, minor units
        ("bonus", "i8"),  # points for joining
        ("identified", "f8"),  # chance that a visit is identified
        ("asleep", "f8"),  # days without an identified purchase after which a member is asleep
    ]
)

TALK = np.dtype(  # what customers say of providers
    [
        ("rate", "f8"),  # per day
        ("delight", "f8"),  # CSI points
        ("disappointment", "f8"),
        ("louder", "f8"),
        ("weight", "f8"),
    ]
)

GROWTH = np.dtype(  # how awareness grows
    [
        ("provider", "i8"),
        ("to", "f8"),
        ("since", "f8"),  # day
        ("pace", "f8"),  # per day
    ]
)

REFERRING = np.dtype(  # how customers refer others to their home, and what the programme gives for it
    [
        ("rate", "f8"),  # per day, at a satisfaction of 100
        ("delight", "f8"),  # CSI points
        ("readiness", "f8"),  # logit
        ("matching", "f8"),
        ("newcomers", "f8"),
        ("active", "i8"),  # 1: in the world with the programme, from month 0 on
        ("lift", "f8"),  # part by which a reward lifts the rate
        ("bonus", "i8"),  # minor units, to who refers
        ("welcome", "i8"),  # minor units, to who comes
    ]
)

# What counts towards a tier
BY_VISITS, BY_SPEND, BY_POINTS = range(3)
MOST_TIERS = 5

TIERING = np.dtype(
    [
        ("active", "i8"),
        ("by", "i8"),  # visits, minor units or points
        ("window", "i8"),  # months
        ("calendar", "i8"),  # 1: windows follow one another; 0: rolling
        ("holds", "i8"),  # months
        ("soft", "i8"),  # 1: a demotion takes one tier at most
        ("dilution", "f8"),
        ("contrast", "f8"),
        ("demotion", "f8"),  # what losing status costs, in what it gave
        ("healing", "f8"),  # of that hurt, per day
        ("near", "f8"),  # share of the way
        ("failure", "f8"),  # change of pace
        ("opening", "i8"),  # 1: tiers are held on the first day
        ("target", "i8"),  # whose purchases count; 0: everybody's
        ("failure_by_tier", "f8"),  # of that, more for each tier below
        ("success", "f8"),
        ("progress", "f8"),  # what progress towards a tier is worth, of what the tier gives
        ("span", "f8"),  # length of the window, days
    ]
)

TIER = np.dtype(  # no tier, then the tiers from the lowest on
    [
        ("threshold", "i8"),  # visits, minor units or points in a window
        ("times", "i8"),  # numerator of the multiplier on points
        ("over", "i8"),  # its denominator
        ("perk_cost", "i8"),  # minor units a visit
        ("perk", "f8"),  # CSI points
        ("keeps", "f8"),
        ("wearing", "f8"),  # of the rest, per day
        ("status", "f8"),  # CSI points
        ("priority", "i8"),  # 1: served before others
        ("share", "f8"),  # of the members at the last close
        ("holders", "i8"),  # members counted at this close
    ]
)


CLUB = np.dtype(  # a paid membership
    [
        ("active", "i8"),
        ("fee", "i8"),  # minor units a term
        ("term", "f8"),  # days
        ("trial", "f8"),  # days; 0: none
        ("discount", "f8"),
        ("worth", "f8"),  # to her, minor units a purchase
        ("cost", "i8"),  # to the firm, minor units a purchase
        ("thinks", "f8"),  # -ln(1 - chance) of thinking about it at a purchase
        ("taste", "f8"),  # scale of what else speaks for it, minor units
        ("valuation", "f8"),
        ("sunk_cost", "f8"),  # factor on her pace
        ("renewal_table", "i8"),  # -1: everybody renews
    ]
)

# What a purchase takes first from stored value
TOGETHER, CASH_FIRST, BONUS_FIRST = range(3)

STORING = np.dtype(  # stored value: paying ahead
    [
        ("active", "i8"),
        ("top_up", "i8"),  # minor units
        ("bonus", "i8"),  # minor units on top of each
        ("below", "i8"),  # balance below which she tops up, minor units; -1: what she has to pay
        ("first", "i8"),
        ("expiry", "i8"),  # months without use; 0: never
        ("logit", "f8"),  # of taking it up at a purchase, for one occasion a month
        ("slope", "f8"),  # logit per ln of her occasions a month
        ("appeal", "f8"),  # logit per minor unit of a month's bonus
        ("valuation", "f8"),
        ("uplift", "f8"),  # part by which baskets are larger
        ("refund_part", "f8"),
        ("refund_chance", "f8"),
        ("refund_leaving", "i8"),  # 1: also when she leaves for another provider
        ("opening_share", "f8"),
        ("opening_mean", "f8"),  # minor units
        ("opening_shape", "f8"),
        ("opening_table", "i8"),
    ]
)


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
