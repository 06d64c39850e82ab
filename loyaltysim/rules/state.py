"""What is remembered: the customer's record, her tie with each provider, and what the ledgers count.

Times are float64 days on one clock (0 = month 0), money is in minor units, points are whole,
satisfaction is in CSI points. Everything that is added up is int64: sums do not depend on order.
"""

from types import ModuleType

import numpy as np

NOWHERE = -1  # home of those who left the market, or have not entered yet
FIRM = 0  # the firm's number among the providers
IN_LINE, FIRST = 1, 2  # where she stands: in the line, or in that of those who are served before it

CENT = 65536.0  # fixed point of sums of CSI points and of discounted money (2^-16 of a unit)
SQUARE = 64.0  # fixed point of sums of squared CSI points (2^-6)
MILLISECONDS = 86_400_000.0  # a day, in the unit in which waits are added up
WAIT_BINS = 7201  # histogram of waits: one bin a second up to two hours, and one beyond

CUSTOMER = np.dtype(
    [
        # who she is; drawn once
        ("key", "u8"),  # key of all her luck
        ("enters", "f4"),  # day she enters the market
        ("exits", "f8"),  # day she leaves the market (inf: never)
        ("rate", "f4"),  # occasions a day (an f4 is always read through float())
        ("basket", "f4"),  # her mean basket, minor units
        ("threshold", "f4"),  # her switching threshold, CSI points
        ("stays", "f4"),  # her own chance of staying (theory beta)
        # when she comes
        ("arrival", "f8"),  # her next arrival (nan: not this month)
        ("occasion", "f8"),  # the occasion behind it
        ("gap", "f8"),  # what is left of the unit-mean gap to the next occasion
        ("counted_from", "f8"),  # day from which that gap is spent
        ("last_purchase", "f4"),  # day of, at the firm
        # what she feels
        ("expectation", "f8"),  # E, CSI points
        ("felt_at", "f8"),  # day up to which decay and drift are done
        ("standing", "f8"),  # her standing from now on
        ("bond", "f4"),  # what affect, trust and habit bind her with, CSI points
        # when she leaves her home
        ("resistance", "f8"),  # R ~ Exp(1) of this spell
        ("hazard", "f8"),  # Lambda used up by pieces that ended
        ("hazard_rate", "f8"),  # per day, in the piece that runs
        ("hazard_from", "f8"),  # beginning of the piece that runs
        ("first_defection", "f8"),  # first crossing away from the firm after month 0 (inf: none)
        ("index_purchase", "f8"),  # first purchase at the firm after month 0 (nan: none)
        # the points book
        ("reward_resistance", "f8"),  # what is left of her resistance to the next redemption
        ("balance", "i4"),  # points
        ("earns", "f4"),  # factor on what earning points is worth to her (0: no member)
        ("shows", "f4"),  # share of her purchases that are identified: what member prices count for
        ("status", "f4"),  # what her tier adds to her standing at home, CSI points
        ("zeal", "f4"),  # factor on her pace at the firm after a goal reached or missed
        ("saves", "f4"),  # what stored value and a paid club save her at the firm, of her usual basket
        # money over the horizon, minor units
        ("spend", "i8"),  # net spend at the firm after month 0
        ("margin", "i8"),  # list price less the cost of goods, of her purchases at the firm after month 0
        ("spend_year", "i8"),  # net spend at the firm in the last 365 days of the horizon
        ("spend_year_all", "i8"),  # the same at all providers
        ("value", "i8"),  # discounted contribution after month 0, CENT
        ("reward_cost", "i8"),  # discounted variable cost of the programme for her after month 0, CENT
        # counters
        ("occasions", "i4"),  # occasions so far: index of the draws of the next visit
        ("spells", "i2"),  # homes left so far
        ("redemptions", "i2"),
        ("purchases", "i4"),  # at the firm after month 0
        ("active_month", "i2"),  # last month with a purchase at the firm (rolling expiry)
        ("segment", "i2"),
        ("site", "i2"),  # of the firm, in whose catchment she lives
        ("home", "i1"),
        ("home_12", "i1"),  # home at the 12th, 24th, 36th close after month 0 (NOWHERE: left the market)
        ("home_24", "i1"),
        ("home_36", "i1"),
        ("retained_months", "i1"),  # closes 1 to 12 with home at the firm
        ("newcomer", "i1"),  # 1: her next occasion is the purchase with which she enters the market
        ("decided", "i1"),  # 1: she has decided at this occasion already (`period: occasion`)
        ("waiting", "i1"),  # IN_LINE or FIRST while she stands in the line, else 0
        ("present", "i1"),  # 0 not yet entered, 1 in the market, 2 left it
        ("base", "i1"),  # 1: home at the firm at month 0
        ("class_0", "i1"),  # class of satisfaction with the firm at month 0
        ("class_close", "i1"),  # class of satisfaction with the home at the last close
        ("came_back", "i1"),  # 1: left the firm after month 0 and came back
        ("marks", "i4"),  # bits of the targets to which she belongs by the firm's records at the last close
        ("repeated", "i1"),  # 1: bought again on a later day within 90 days of the index purchase
    ]
)

CARD = np.dtype(  # what a programme remembers of her beside the points; one array, empty where none needs it
    [
        ("rewarded", "f8"),  # day of her last redemption (-inf: none)
        ("planned", "f8"),  # day from which she redeems as she has decided (inf: no plan)
        ("worn", "f8"),  # hazard of putting her card aside, used up
        ("joined", "i1"),  # 1: she has bought under the programme
        ("reached", "i1"),  # 1: her balance has reached a reward
        ("aside", "i1"),  # 1: she has put her card aside and collects no more
        ("birthday", "i1"),  # month of the year, 0 to 11
    ]
)

FILE = np.dtype(  # what the firm's records know of her; one array, empty where nothing is for some only
    [
        ("value", "f8"),  # net spend a year at the firm, minor units: a running sum with a memory of a year
        ("first", "f8"),  # day of her first purchase (nan: none)
        ("bought", "i4"),
        ("group", "i1"),  # GROUPS, as recorded at the last close (-1: no record)
        ("true_group", "i1"),  # as it would be without error
    ]
)
GROUPS = ("friends", "butterflies", "barnacles", "strangers")  # of value x loyalty

TIE = np.dtype(
    [
        ("satisfaction", "f8"),  # S_ij, CSI points
        ("visits", "f4"),  # encounters n_ij
        ("fit", "f4"),  # m_ij, CSI points
        ("barred", "i1"),  # 1: she left disappointed and never comes back
    ]
)

WALLET = np.dtype(
    [
        ("debt", "f8"),  # purchases that she has made early and will leave out
        ("bound", "i2"),  # 1 + the provider for which she has decided at this occasion; 0: not decided
    ]
)

DEPARTURE = np.dtype(
    [
        ("day", "f8"),  # on which she left the firm (nan: she has not, or is back)
        ("asked", "i1"),  # 1: the firm has asked her to come back since
    ]
)

CASE = np.dtype(
    [
        ("due", "f8"),  # day on which it is made good
        ("repair", "f8"),  # what satisfaction will gain, CSI points
        ("beyond", "f8"),  # and beyond that, without effect on what she does
        ("glow", "f8"),  # gained beyond so far: part of satisfaction, not of standing
        ("fresh", "i1"),  # 1: it failed at her home, and no occasion has come since
    ]
)

MEMBER = np.dtype(
    [
        ("since", "f8"),  # day she joined the programme (inf: no member)
        ("watched", "f8"),  # day after which her spending is compared between the arms (inf: not at all)
        ("hazard", "f8"),  # of joining, used up
        ("seen", "f8"),  # day of her last identified purchase (-inf: none)
        ("spend", "i8"),  # net spend at the firm after `watched`, minor units
        ("before", "i8"),  # net spend at the firm as long as she is no member, minor units
        ("past", "i8"),  # net spend at the firm before month 0, minor units
    ]
)

RANK = np.dtype(
    [
        ("since", "f8"),  # day on which she reached the tier
        ("fell", "f8"),  # day of her last demotion
        ("hurt", "f8"),  # what it cost on that day beyond the status lost, CSI points
        ("counted", "i8"),  # visits, minor units or points in the window so far
        ("until", "i4"),  # rolling: month before which she keeps the tier
        ("tier", "i1"),  # 0: none
        ("began", "i1"),  # the tier in which she began the window of the calendar
        ("ahead", "f8"),  # what her progress to the next tier adds to standing at home, a stock, CSI points
    ]
)

PURSE = np.dtype(  # value she has stored with the firm, minor units; one array, empty where nobody can
    [
        ("since", "f8"),  # day she took it up (inf: she has not)
        ("hazard", "f8"),  # of taking it up, used up
        ("cash", "i8"),  # paid in and not spent
        ("bonus", "i8"),  # given on top and not spent
        ("used", "i4"),  # last month in which she paid in or spent
    ]
)

SUBSCRIPTION = np.dtype(  # to the firm's paid club; one array, empty where there is none
    [
        ("since", "f8"),  # day she joined (inf: never)
        ("ended", "f8"),  # day her membership ended (inf: it has not)
        ("begins", "f8"),  # beginning of the term that runs
        ("until", "f8"),  # its end
        ("hazard", "f8"),  # of thinking about it, used up
        ("watched", "f8"),  # day after which her spending is compared between the arms (inf: not at all)
        ("spend", "i8"),  # net spend at the firm after `watched`, minor units
        ("fee", "i8"),  # of the term that runs, minor units
        ("earned", "i8"),  # of it, so far
        ("terms", "i4"),  # paid for so far
        ("state", "i1"),  # rules.programme.membership: none, on trial, paying, over
    ]
)

PARCEL = np.dtype(  # a sale that is going to be brought back; money in minor units
    [
        ("due", "f8"),  # the day
        ("price", "i8"),
        ("discount", "i8"),
        ("member", "i8"),
        ("paid", "i8"),  # by points
        ("cash", "i8"),
        ("net", "i8"),
        ("goods", "i8"),  # their cost
        ("earned", "i8"),
        ("redeemed", "i8"),  # points that paid
        ("occasion", "i4"),  # at which it was sold
        ("month", "i4"),
        ("open", "i1"),  # 1: still to come
        ("counted", "i1"),  # 1: identified, so that it counted towards a tier
        ("stored", "i8"),  # of the net price, what stored money paid
        ("bonus", "i8"),  # paid by stored bonus
    ]
)
PARCELS = 8  # on their way back at once, at most
REFERRAL = np.dtype(  # what others have told her; empty where nobody refers
    [
        ("left", "f8"),  # of her resistance to the next referral
        ("day", "f8"),  # of the last one that moved her
        ("source", "i4"),  # whose it was (-1: nobody's)
        ("heard", "i4"),  # referrals so far
        ("won", "i4"),  # customers who came to her home at her word
        ("to", "i1"),  # the provider to which it moved her (NOWHERE: to none)
    ]
)
SPEAKER = np.dtype([("who", "i8"), ("up_to", "i8")])  # referrals of all up to her, 2^-32 of one

FEELING = np.dtype(  # towards her home
    [
        ("affect", "f8"),  # 0 to 100
        ("trust", "f8"),  # 0 to 100
        ("habit", "f8"),  # 0 to 1
        ("stage", "i1"),  # of the pyramid at the last close: STAGES
    ]
)
STAGES = ("elsewhere", "none", "preference", "habitual", "devoted")
LOYALTY = (  # of the firm's home customers at each close, added up
    "cognitive",  # CENT
    "affect",  # CENT
    "trust",  # CENT
    "conative",  # CENT
    "habit",  # CENT
    "loyal",
    "latent",
    "spurious",
    "unattached",
)

MONEY = (  # customers and money, by month and segment: flows of the month, then stocks at its close
    "entered",
    "left_market",
    "occasions",
    "visits",  # purchases at the firm
    "visits_rivals",
    "repeat_visits",  # purchases at the firm but for those of a first occasion in the market
    "list_sales",
    "discounts",
    "rewards_paid",  # face of rewards that paid for goods
    "member_discounts",  # what a member price takes off beyond an offer
    "cashback",
    "revenue",
    "goods_sold",
    "goods_rewards",  # goods given on top
    "fulfilment",
    "spend_rivals",
    "value",  # discounted contribution before fixed cost, CENT (0 before month 0)
    "reward_cost",  # discounted variable cost of the programme, CENT (0 before month 0)
    "rewards",  # redemptions
    "rewards_earned",  # a reward counts as earned when the balance reaches it
    "points_issued",
    "points_redeemed",
    "points_expired",
    "points_forfeited",
    "cards_begun",  # first purchases under a programme that keeps cards
    "first_rewards",  # cards on which a first reward has been reached
    "csi",  # sum over served visits at the firm, CENT
    "csi_squares",  # SQUARE
    "gap",  # CENT
    "gap_negative",
    "defections",
    "defections_satisfied",  # in the top two classes at the last close before
    "acquired",
    "winbacks",
    "self_service_cost",
    "promise_cost",  # of items given for waits longer than promised
    "visits_away",  # purchases at rivals of customers whose home is the firm
    "visits_drop_in",  # purchases at the firm of customers whose home is elsewhere
    "approached_acquisition",  # customers addressed, in the order of `parameters.ACQUIRE`, WIN_BACK, SAVE
    "approached_winback",
    "approached_save",
    "accepted_acquisition",  # in the same order, as are the costs
    "accepted_winback",
    "accepted_save",
    "acquisition_cost",  # contacts and gifts
    "winback_cost",
    "save_cost",
    "failures",
    "complaints",
    "recovered",  # complaints that were, or will be, made good
    "recovery_cost",
    "enrolled",  # customers who joined the programme
    "enrolment_cost",
    "points_given",  # of those issued: without a purchase
    "member_spend",  # net spend at the firm of members
    "member_days",  # days as a member, CENT
    "promoted",
    "demoted",
    "goals_missed",  # windows that ended with the next tier near and missed
    "perk_cost",
    "other_days",  # days of home customers who are not members, CENT
    "returns",  # sales brought back
    "refunds",  # what was paid back for them
    "return_cost",
    "charged",  # kept of refunds for points that were spent
    "points_charged",  # those points
    "points_taken_back",  # points of sales brought back
    "points_restored",  # points that had paid for them
    "points_written_off",  # owed by customers who left the market
    "decisions",  # occasions of customers of ours who may buy elsewhere
    "decision_bits",  # entropy of those decisions, CENT
    "price_sensitivity",  # part of purchases at home lost to 1 % of price, in %, summed over them, CENT
    "offers_met",  # occasions of customers of ours who see a rival's price offer
    "offers_refused",  # of these, bought from the firm
    "failures_followed",  # failures of customers of ours after which an occasion came
    "failures_tolerated",  # of these, spent with the firm
    "points_opening",  # of those issued: held on the programme's first day already
    "surprises",
    "surprise_cost",
    "surprise_delight",  # what extras gave beyond expectation at visits with a surprise, CENT
    "lived_through",  # customers with the firm since the last close
    "praised",  # of those, satisfied enough to recommend it
    "warned",  # of those, dissatisfied enough to warn of it
    "referrals_heard",  # referrals to the firm that somebody was told
    "referrals",  # of those, the ones that were followed
    "referrals_rewarded",  # of those, the ones that the programme rewards
    "referral_cost",
    "referred_away",  # customers of the firm who went where somebody else told them
    "entered_firm",  # entrants whose first home is the firm
    "left_out",  # occasions of customers who buy nothing in the category
    "visits_paid_back",  # purchases left out since they had been made early, CENT
    "prepaid_begun",  # customers who took up stored value
    "top_ups",
    "prepaid_in",  # money paid in
    "prepaid_opening",  # held on the first day, beside what was paid in since
    "prepaid_spent",  # net of what returns gave back
    "prepaid_refunded",
    "prepaid_forfeited",
    "bonus_granted",
    "bonus_spent",  # of that, what paid: a price cut
    "bonus_forfeited",
    "club_joined",
    "club_trials_ended",
    "club_converted",  # of those, paid for from then on
    "club_terms_ended",  # terms that had been paid for
    "club_renewed",  # of those, followed by another
    "fees_received",
    "fees_earned",  # over the term, day by day
    "club_cost",  # of what members get at each purchase
    "club_spend",  # net spend at the firm of members of the club
    "club_days",  # days as such a member, CENT
    "club_other_days",  # days of home customers who are none, CENT
    # stocks at the close
    "customers",
    "home_customers",
    "active_12m",
    "satisfaction",  # of home customers, CENT
    "base_never_left",  # of the base cohort: no defection so far
    "base_home",  # of the base cohort: home at the firm
    "points_outstanding",
    "members",
    "active_members",  # with an identified purchase not long ago
    "tier_1",  # customers in the lowest tier
    "tier_2",
    "tier_3",
    "tier_4",
    "tier_5",
    "outside",  # customers who buy nothing in the category
    "points_debt",  # owed by customers
    "points_outside",  # of the points outstanding: held by those outside of a rollout
    "prepaid_outstanding",
    "bonus_outstanding",
    "prepaid_users",
    "fees_deferred",
    "club_members",
    "club_paying",
)
FLOWS = MONEY[: MONEY.index("customers")]
STOCKS = MONEY[MONEY.index("customers") :]

USES = (  # of points by month, segment and age: what becomes of those issued so many months before
    "earned",  # with a purchase
    "opening",  # held on the first day
    "given",  # without a purchase
    "restored",  # had paid for a sale that was brought back
    "redeemed",
    "expired",
    "forfeited",
    "taken_back",
    "face",  # face value of those earned, or held on the first day, CENT
    "paid",  # for the sales that earned them, minor units
    "goods",  # what their goods sell for to anybody, without points, minor units
)
POINTS_IN, POINTS_OUT = USES[:4], USES[4:8]

SERVICE = (
    "arrived",  # at the line
    "served",
    "gave_up",
    "wait_ms",
    "busy_ms",
    "staffed_ms",
    "waiting",  # a stock
    "self_served",
    "self_failed",  # self-service that failed; she joined the line
    "promise_broken",  # served after a wait longer than promised
)
CLASSES = 7  # classes of satisfaction at most

DIARY = np.dtype(  # what is remembered of her from one close after month 0 to the next
    [
        ("margin", "i8"),  # `margin`, `spend` and `purchases` of her record at the last close
        ("spend", "i8"),
        ("purchases", "i4"),
        ("joined", "i2"),  # close at which the firm was first found to be her home: 0 is month 0, -1 never
        ("enrolled", "i2"),  # close by which she had joined the programme; 0: before month 0, -1: has not
        ("felt", "i1"),  # FELT class of her satisfaction with the firm, home at the last close; -1: not home
    ]
)
MONTH_OF_HERS = np.dtype(  # what a customer's month was in the arm of the programme, for her twin to compare
    [
        ("margin", "i8"),  # list price less the cost of goods, minor units
        ("visits", "i4"),
        ("home", "i1"),  # 1: the firm is her home at the close
    ]
)
LIFT = ("retention", "capture", "acquisition", "frequency", "basket")  # of margin, half minor units
STATUS = ("home", "won_back", "elsewhere", "outside", "left_market")  # of the base cohort
COHORT = ("customers", "home", "spend", "visits")  # of a cohort at an age, in closes
COHORTS = 25  # rows of a table of cohorts at most: the base cohort's, and 24 of equal length
FELT = 20  # classes of satisfaction, five CSI points each
GAPS = 200  # classes of the gap of a visit, one CSI point each, from -100 to 100

EVENT = np.dtype(
    [
        ("time", "f8"),
        ("customer", "i4"),
        ("kind", "i1"),
        ("provider", "i2"),  # where it happened, or the new home
        ("other", "i2"),  # the old home
        ("occasion", "i4"),
        ("wait", "f8"),  # days
        ("csi", "f8"),
        ("expectation", "f8"),  # before the visit
        ("satisfaction", "f8"),  # afterwards
        ("standing", "f8"),  # afterwards
        ("list_price", "i8"),
        ("paid", "i8"),
        ("earned", "i8"),
        ("redeemed", "i8"),
        ("balance", "i4"),
    ]
)
KINDS = (
    "entered",
    "visit",
    "gave_up",
    "moved",
    "expired",
    "left_market",
    "offer",
    "enrolled",
    "promoted",
    "demoted",
    "returned",
    "referred",
    "topped_up",
    "paid_ahead",
    "balance_ended",
    "club_began",
    "club_ended",
    "surprised",
    "opened",
)


def positions(names: tuple[str, ...]) -> ModuleType:
    """The place of each name, as a module: numba takes its attributes for the numbers that they are."""
    places = ModuleType("positions")
    for place, name in enumerate(names):
        setattr(places, name.upper(), place)
    return places


M = positions(MONEY)  # positions in the ledger of customers and money
V = positions(SERVICE)  # positions in the ledger of service
B = positions(LOYALTY)  # positions in the ledger of loyalty
U = positions(USES)  # positions in the ledger of points by cohort
