"""The log of events: what is written down of each, and the kinds there are."""

import numpy as np

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
        ("cause", "i2"),  # of leaving the firm: the number of a term of standing; -1: none is asked for
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
    "contacted",
    "unsubscribed",
    "community_joined",
    "community_left",
)
