"""What the rules read of a programme: the flat records of its terms, made by `scenario.lower`.

Times in days, money in minor units, chances as fractions. A table number of -1 means: no table, the quantity
does not vary.
"""

import numpy as np

MILLIONTHS = 1_000_000  # of a minor unit: in which the cost of a contact is told

# Rounding of points
DOWN, NEAREST, UP = range(3)

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

TARGET = np.dtype(  # bits of what is admitted; -1: anything
    [
        ("segments", "i8"),
        ("classes", "i8"),
        ("tiers", "i8"),
        ("stages", "i8"),
        ("groups", "i8"),
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
        ("opening_share", "f8"),  # of those to whom it is worth its fee, members on the first day
        ("refund_part", "f8"),  # of what is left of a fee
        ("refund_chance", "f8"),  # of asking for it on leaving
    ]
)

OUTREACH = np.dtype(  # contacts with members
    [
        ("active", "i8"),
        ("rate", "f8"),  # a month
        ("target", "i8"),  # 0: everybody
        ("cost", "i8"),  # of one, millionths of a minor unit
        ("consent", "f8"),  # share of customers who give it
        ("asleep", "f8"),  # days without a purchase after which they stop
        ("most", "f8"),  # the bond that contacts lead to at most, CSI points
        ("growing", "f8"),  # ln(1 - gain / most): of what is left to that, a contact
        ("fading", "f8"),  # of the bond, per day
        ("tolerance", "f8"),  # contacts a month
        ("tolerance_spread", "f8"),  # sd of its logarithm over customers
        ("effort", "f8"),  # CSI points a contact beyond
        ("healing", "f8"),  # of the strain, per day
        ("wearing_out", "f8"),  # -ln(1 - chance) of withdrawing consent, a contact beyond
    ]
)

PLAN = np.dtype(  # another rate of contacts for some
    [
        ("target", "i8"),
        ("rate", "f8"),  # a month; inf: no plan
    ]
)

COMMUNITY = np.dtype(
    [
        ("active", "i8"),
        ("interest", "f8"),  # share of customers
        ("logit", "f8"),  # of joining in a month, satisfaction being at par
        ("devotion", "f8"),  # logit per CSI point of satisfaction beyond
        ("most", "f8"),  # the bond that it leads to, CSI points
        ("growing", "f8"),  # per day
        ("fading", "f8"),  # per day
        ("leaving", "f8"),  # -ln(1 - chance) of leaving, a month
        ("cost", "i8"),  # minor units a month of each who takes part
    ]
)

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
        ("remits", "i8"),  # 1: money that nobody asks for goes to the state
    ]
)
