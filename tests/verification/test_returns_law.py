"""Sales brought back against their law: the share asked for, days uniform over the time to bring them back.

Breaks seen to fail: the day drawn as its square; a share that is asked for twice.
"""

import math

import numpy as np
from small_worlds import of_kind, worlds

SHARE, WITHIN = 0.2, 40.0


def test_so_many_sales_come_back_each_day_alike():
    """n sales at least 40 days before the end: binomial share and uniform days, within 4 standard errors."""
    still = ("market.customers=400", "market.entries=[]", "market.entrants=0", "loyalty=", "waiting=",
             "firm.service=", "warm_up=0", "horizon=7 months", "firm.offers=[]", "rivals.Bean.offers=[]",
             *(f"market.segments.{s}.lifetime=" for s in ("regulars", "visitors")),
             f"firm.returns={{share: {100 * SHARE:.0f} %, within: {WITHIN:.0f} days}}")  # fmt: skip
    world = worlds("compiled", *still)[0]
    sold, back = of_kind(world.log, "visit"), of_kind(world.log, "returned")
    sold = sold[(sold["provider"] == 0) & (sold["time"] < world.closes[-1] - WITHIN)]
    day = {(r["customer"], r["occasion"]): r["time"] for r in back}
    days = np.array([day.get((s["customer"], s["occasion"]), np.nan) - s["time"] for s in sold])
    n, delays = len(days), days[~np.isnan(days)] / WITHIN
    assert n > 3000
    assert abs(len(delays) / n - SHARE) < 4.0 * math.sqrt(SHARE * (1.0 - SHARE) / n)
    assert abs(delays.mean() - 0.5) < 4.0 / math.sqrt(12.0 * len(delays))
    assert abs((delays**2).mean() - 1 / 3) < 4.0 * math.sqrt((1 / 5 - 1 / 9) / len(delays))
    assert delays.min() >= 0.0 and delays.max() <= 1.0
