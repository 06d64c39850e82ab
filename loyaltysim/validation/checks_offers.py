"""Offers that come at a rate and are accepted with a chance: leaving is thinned by both (TRUST 2b)."""

from __future__ import annotations

import numpy as np

from loyaltysim.validation.verdict import MONTH, Row, counts, run, share


def thinned() -> list[Row]:
    """Thinned offers: half of all see each month's offer, and a fifth of those accept it.

    Where accepting is a matter of luck, .9 a month stay. Where it is a matter of her own threshold, the same
    fifth accepts every time: half of those still here leave every month, the others never.
    """
    (found,) = run("thinned")
    left = found.programme.customers["first_defection"]
    rows = [
        share(f"still here after {m} months, a fifth accepts by luck", 0.9**m, left > m * MONTH, "customers")
        for m in (1, 3, 12)
    ]
    month = np.minimum(np.floor(left / MONTH), 12.0)
    chances = [0.9**m * 0.1 for m in range(12)] + [0.9**12]
    rows.append(counts("month of leaving, by luck", chances, month, "customers"))
    (found,) = run(  # the offer is worth 15 points: a fifth of thresholds lie between 55 and 70
        "thinned", "loyalty.stay=[0 %, 100 %]", "market.segments.all.threshold={mean: 50.7919, sd: 5}"
    )
    left = found.programme.customers["first_defection"]
    rows += [
        share(f"still here after {m} months, a fifth accepts by threshold", 0.8 + 0.2 * 0.5**m,
              left > m * MONTH, "customers")
        for m in (1, 3, 12)
    ]  # fmt: skip
    return rows
