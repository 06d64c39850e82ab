"""The flat numeric records that the rules read; `scenario.lower` makes them and names their fields.

Times in days, money in minor units, satisfaction in CSI points, chances as fractions. A table number
of -1 means: no table, the quantity does not vary.
"""

import numpy as np

# Curves from standing to staying (MODEL 3.5)
NOBODY_LEAVES, THRESHOLD, KOTLER, CONSTANT, BETA, COMPETITIVE, TWO_THRESHOLD, INVERTED_U = range(8)
# Laws of times
CONSTANT_TIME, EXPONENTIAL_TIME, LOGNORMAL_TIME = range(3)
# Laws of gaps between occasions
POISSON, ERLANG, REGULAR = range(3)

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
        ("usual_wait", "f8"),  # what waiting took of `time` at a usual visit of last month; with causes only
        ("begins", "f8"),  # day on which the programme takes over in this arm (inf: it has, or never does)
        ("wave", "i8"),  # stage of the rollout that the programme of this arm has come to; -1: none
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
        ("tolerates", "f8"),  # contacts a month; -1: as the contacts say
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

# What counts towards a tier
BY_VISITS, BY_SPEND, BY_POINTS = range(3)

# What a purchase takes first from stored value
TOGETHER, CASH_FIRST, BONUS_FIRST = range(3)
