"""What is counted: the rows of the ledgers, their fixed points, and the positions that rules write to.

All ledgers are int64, so that sums do not depend on order: flows of a month, then stocks at its close.
"""

from types import ModuleType

CENT = 65536.0  # fixed point of sums of CSI points and of discounted money (2^-16 of a unit)
SQUARE = 64.0  # fixed point of sums of squared CSI points (2^-6)
MILLISECONDS = 86_400_000.0  # a day, in the unit in which waits are added up
WAIT_BINS = 7201  # histogram of waits: one bin a second up to two hours, and one beyond

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
    "fees_opening",  # of terms that run on the first day: not earned yet then
    "fees_refunded",  # of terms that were cancelled
    "prepaid_remitted",  # of what was forfeited: goes to the state
    "contacts",
    "contacts_beyond",  # of those, beyond what she tolerates, CENT
    "contact_cost",
    "unsubscribed",  # customers who withdrew their consent
    "community_joined",
    "community_left",
    "community_cost",  # of those who took part
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
    "contact_known",  # members whom the firm could contact if they consent
    "contact_open",  # of those, with their consent
    "contact_bond",  # of home customers, CENT
    "contact_strain",  # of home customers, CENT
    "community_members",
    "community_bond",  # of home customers, CENT
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

CAUSES = (  # of leaving the firm, after one for each attribute
    "wait",
    "failure",
    "price",
    "expectation",
    "offer",
    "rivals",
    "bonds",
    "programme",
    "referral",
    "none",
)

LIFT = ("retention", "capture", "acquisition", "frequency", "basket")  # of margin, half minor units
STATUS = ("home", "won_back", "elsewhere", "outside", "left_market")  # of the base cohort
COHORT = ("customers", "home", "spend", "visits")  # of a cohort at an age, in closes
COHORTS = 25  # rows of a table of cohorts at most: the base cohort's, and 24 of equal length
FELT = 20  # classes of satisfaction, five CSI points each
GAPS = 200  # classes of the gap of a visit, one CSI point each, from -100 to 100


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
