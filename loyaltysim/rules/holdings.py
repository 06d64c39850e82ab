"""What a customer holds of programmes, and what the firm knows of her: an array each."""

import numpy as np

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

RELATION = (
    np.dtype(  # to the firm, beside what she lives there; one array, empty without contacts and community
        [
            ("bond", "f8"),  # that contacts have left, CSI points
            ("strain", "f8"),  # what contacts beyond her tolerance have left, CSI points
            ("belonging", "f8"),  # that a community has left, CSI points
            ("weary", "f8"),  # hazard of withdrawing her consent, used up
            ("hazard", "f8"),  # of joining the community, or of leaving it, used up
            ("joined", "f8"),  # day she joined the community in which she is (inf: in none)
            ("due", "i8"),  # what contacts have cost and is not yet booked, millionths of a minor unit
            ("contacts", "i4"),  # so far
            ("times", "i4"),  # joined so far
            ("withdrawn", "i1"),  # 1: she has withdrawn her consent
        ]
    )
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
