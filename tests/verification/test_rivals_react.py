"""Rivals' reactions (MODEL 3.13, E14): when, how deep, in which world; R24's shapes."""

import numpy as np
import pytest
from small_worlds import SEED, parameters

from loyaltysim.engines.simulate import run_arms
from loyaltysim.record.world import open_world
from loyaltysim.rules.ledger import M

ALONE = ("firm.service=", "waiting=", "firm.offers=[]", "rivals.Bean.offers=[]", "firm.price_level=0")
BEAN, KIOSK = 1, 2


def lived(*overrides):
    """The parameters, the worlds of both arms and their reputations."""
    numbers = parameters(*ALONE, *overrides)
    return numbers, *run_arms(numbers, 0, SEED, "simpy")


@pytest.mark.parametrize(("does", "by"), [("match", 0.0), ("undercut", 0.03)])
def test_a_programme_is_answered_only_where_there_is_one(does, by):
    """The rival's price falls by the programme's flow, worth 8 % of the basket here: never in the twin.

    Break: a reaction in both arms.
    """
    text = f"[{{to: programme, does: {does}, lag: 2 months{', by: 3 %' if by else ''}}}]"
    _, programme, twin, _ = lived(f"rivals.Bean.reactions={text}")
    assert programme.providers["price_level"][BEAN] == pytest.approx(-0.1 * 0.8 - by, rel=1e-12)
    assert twin.providers["price_level"][BEAN] == 0.0
    assert (programme.providers["price_level"][KIOSK], twin.reactions["done"][0]) == (-0.03, 0)


def test_a_reaction_to_the_programme_leaves_the_twin_as_it_was():
    """The twin of a market with reactions to the programme is the twin of one without, bit for bit."""
    _, with_it, twin, _ = lived("rivals.Bean.reactions=[{to: programme, does: copy, lag: 1 month}]")
    _, plain, other, _ = lived()
    assert (twin.money == other.money).all()
    assert (with_it.money != plain.money).any()


def test_a_copy_comes_at_the_first_close_after_its_lag():
    numbers, programme, twin, _ = lived("rivals.Bean.reactions=[{to: programme, does: copy, lag: 70 days}]")
    (mine,) = np.flatnonzero(programme.offers["provider"] == BEAN)
    first = numbers.closes[numbers.closes >= 70.0][0]
    assert programme.offers["start"][mine] == first and twin.offers["start"][mine] == np.inf


def test_an_offer_is_answered_by_one_as_long_and_by_more_deeper():
    """From the first close a lag after it begins. Break: an answer that begins with the offer."""
    numbers, _, twin, _ = lived(
        "firm.offers=[{from: day 50, to: day 90, depth: 20 %, reach: 60 %}]",
        "rivals.Kiosk.reactions=[{to: offer, does: undercut, by: 4 %, lag: 30 days}]",
    )
    answer = twin.offers[twin.offers["provider"] == KIOSK][0]
    start = numbers.closes[numbers.closes >= 80.0][0]
    assert (answer["start"], answer["end"]) == (start, start + 40.0)
    assert answer["depth"] == pytest.approx(0.24) and answer["reach"] == 0.6


def test_a_price_is_followed_once_it_has_been_seen():
    """The firm cuts by 6 % on day 100: matched 60 days after the next close; a dearer firm is not."""
    cut = "events=[{at: day 100, set: {firm.price_level: -6 %}}]"
    follow = "rivals.Bean.reactions=[{to: price, does: match, lag: 60 days}]"
    numbers, _, twin, _ = lived(cut, follow)
    assert twin.providers["price_level"][BEAN] == -0.06
    shorter = int(np.searchsorted(numbers.closes, numbers.closes[numbers.closes >= 100.0][0] + 60.0))
    _, _, early, _ = lived(cut, follow, f"horizon={shorter - numbers.warm_up - 1} months")
    assert early.providers["price_level"][BEAN] == 0.0
    _, _, dear, _ = lived("events=[{at: day 100, set: {firm.price_level: 6 %}}]", follow)
    assert dear.providers["price_level"][BEAN] == 0.0


def test_whether_a_rival_reacts_is_drawn_once_a_replication():
    """About half of 60 replications at 50 %, and never in between: done from the start, or at its close."""
    numbers = parameters(
        *ALONE, "rivals.Bean.reactions=[{to: programme, does: copy, lag: 0 days, chance: 50 %}]"
    )

    never = sum(int(open_world(numbers, SEED, r).reactions["done"][0]) for r in range(60))
    assert 14 <= never <= 46  # 4 standard errors about 30


@pytest.mark.statistical
def test_r24_the_gain_goes_as_rivals_programmes_come():
    """What the programme gains in visits shrinks when rivals copy it at once, and more when both do (rigid).

    Liu & Yang (2009). Four replications with the same luck. Break: a copy that gives nothing back.
    """
    rigid = (
        "market.category_expandability=0 %",
        "market.customers=400",
        "loyalty.away={at_par: 30 %, slope: 20}",
    )
    copy = "[{to: programme, does: copy, lag: 0 days}]"
    gains = []
    for copied in ((), ("Bean",), ("Bean", "Kiosk")):
        reactions = [f"rivals.{name}.reactions={copy}" for name in copied]
        numbers = parameters(*ALONE, *rigid, *reactions)
        gain = 0
        for replication in range(4):
            programme, twin, _ = run_arms(numbers, replication, SEED, "simpy")
            gain += int((programme.money - twin.money)[..., M.VISITS].sum())
        gains.append(gain)
    assert gains[0] > gains[1] > gains[2]
