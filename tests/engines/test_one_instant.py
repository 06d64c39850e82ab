"""What happens at one instant: all acts of the market come before anybody plans (MODEL 1)."""

import pytest
from small_worlds import differences, play

PULLED = ("programme.points.goal={strength: 5}",)
LIFTED = (
    "programme.acceleration=1.6",
    "loyalty.away={at_par: 25 %, slope: 10}",
    "market.category_expandability=50 %",
)
AT_CLOSES = {
    "terms that change": (*PULLED, "programme.points.changes=[{at: month 4, minimum: 300}]"),
    "a campaign": (*PULLED, "programme.points.campaigns=[{from: month 2, to: month 5, multiplier: 9}]"),
    "an offer": (*LIFTED, "rivals.Bean.offers=[{from: month 3, to: month 6, depth: 50 %}]"),
}


@pytest.mark.parametrize("acts", AT_CLOSES.values(), ids=AT_CLOSES)
def test_who_plans_at_a_close_plans_after_what_is_dated_to_it(acts):
    """Both engines: the pace of the month that begins is that of the terms, and the offers, of its first day.

    Catches: sleepers woken by the close itself, before the acts that the scenario dates to that instant.
    """
    simpy, compiled = (play(engine, *acts) for engine in ("simpy", "compiled"))
    for one, other in ((simpy.programme, compiled.programme), (simpy.twin, compiled.twin)):
        assert differences(one, other) == []
