"""What is remembered of a customer: her record, her tie with each provider, and what her home means to her.

What is counted stands in `ledger`, what she holds of programmes in `holdings`, the log in `eventlog`.

Times are float64 days on one clock (0 = month 0), money is in minor units, points are whole,
satisfaction is in CSI points.
"""

import numpy as np

NOWHERE = -1  # home of those who left the market, or have not entered yet
FIRM = 0  # the firm's number among the providers
IN_LINE, FIRST = 1, 2  # where she stands: in the line, or in that of those who are served before it


def with_first(fields, first):
    """A record of these fields, packed, in which those named `first` come first."""
    kinds = dict(fields)
    names = [*first, *(name for name in kinds if name not in first)]
    return np.dtype([(name, kinds[name]) for name in names])


OF_A_CUSTOMER = [
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
CUSTOMER = with_first(
    OF_A_CUSTOMER,
    # what tells when she comes next fills one line of memory: of many nothing more is looked at in a month
    (
        "arrival", "occasion", "gap", "counted_from", "exits", "key", "rate", "zeal", "segment",
        "present", "home", "waiting", "decided", "newcomer",
    ),
)  # fmt: skip

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

FEELING = np.dtype(  # towards her home
    [
        ("affect", "f8"),  # 0 to 100
        ("trust", "f8"),  # 0 to 100
        ("habit", "f8"),  # 0 to 1
        ("stage", "i1"),  # of the pyramid at the last close: STAGES
    ]
)
STAGES = ("elsewhere", "none", "preference", "habitual", "devoted")

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
