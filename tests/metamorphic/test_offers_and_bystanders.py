"""Offers and those whom they do not concern: TRUST 2f."""

from small_worlds import differing_fields, play

ALONE = (
    "market.segments.regulars.lifetime.mean=4 months", "programme=", "reputation=", "firm.service=",
    "waiting=", "rivals.Bean.offers=[]", "firm.offers=[]", "horizon=6 months",
)  # fmt: skip


def test_an_offer_reaches_nobody_who_has_left_or_not_yet_come(engine):
    """Who left the market before an offer, or came after it, is as if it had never been.

    Bugs: an offer that turns for those who have left; one that turns for those who have yet to enter.
    """
    plain = play(engine, *ALONE).twin.customers
    other = play(
        engine, *ALONE, "rivals.Bean.offers=[{from: day 63, to: day 77, depth: 30 %}]"
    ).twin.customers
    gone, later = plain["exits"] < 59.0, plain["enters"] > 77.0
    here = (plain["enters"] < 63.0) & (plain["exits"] > 77.0)
    assert gone.sum() > 10 and later.sum() > 3
    assert differing_fields(plain[gone], other[gone]) == []
    assert differing_fields(plain[later], other[later]) == []
    assert "hazard" in differing_fields(plain[here], other[here])
