"""At the ends of a scale the answer is known: TRUST M20.

The breaks named in the docstrings were made in a copy of the tree and seen to fail the test.
"""

import numpy as np
import pytest
from small_worlds import CALM, differences, of_kind, play, worlds

from loyaltysim.rules.ledger import MONEY, M, V

AROUND_THE_CLOCK = (
    "firm.service.open={from: 0, hours: 24}",
    "firm.service.time.mean=5 h",
    "waiting=",
)
NEVER_LEAVES = ("standing", "hazard", "hazard_rate", "hazard_from")


def test_without_end_of_patience_nobody_gives_up(engine):
    """Patience absent, doors never shut: all who came are served or still wait.

    Break: patience that ends after a day when none is stated.
    """
    rows = play(engine, *AROUND_THE_CLOCK, "firm.service.patience=").twin.service[:, 0]
    assert rows[:, V.GAVE_UP].sum() == 0
    assert rows[:, V.ARRIVED].sum() == rows[:, V.SERVED].sum() + rows[-1, V.WAITING]
    assert rows[:, V.WAIT_MS].sum() > 0


def test_without_patience_nobody_waits(engine):
    """Patience 0: served at once or not at all (Erlang's loss system)."""
    impatient = "firm.service.patience={law: constant, mean: 0 min, cv: null}"
    world = worlds(engine, *AROUND_THE_CLOCK, impatient)[1]
    lines = of_kind(world.log, "visit", "gave_up")
    assert not lines["wait"].any()
    row = world.service[:, 0].sum(axis=0)
    assert row[V.WAIT_MS] == row[V.WAITING] == 0
    assert row[V.SERVED] > 100 and row[V.GAVE_UP] > 100


def test_without_service_nobody_waits_or_is_sent_away(engine):
    """No desks: the ledger of service stays empty, and every occasion of the firm's customers is a visit."""
    played = play(engine, "firm.service=")
    assert not played.twin.service.any()
    money = played.twin.money.sum(axis=(0, 1))
    assert money[M.OCCASIONS] == money[M.VISITS] + money[M.VISITS_RIVALS]


@pytest.mark.parametrize("replication", range(2))
def test_who_stays_with_certainty_never_leaves(engine, replication):
    """L = 1: nobody moves; and it is the market without `loyalty`, but for the standing nobody reads.

    Break: -ln L read of min(L, 0.999).
    """
    certain = play(engine, "loyalty.stay=[100 %, 100 %]", replication=replication)
    for arm in (certain.programme, certain.twin):
        assert arm.money[..., (M.DEFECTIONS, M.WINBACKS, M.ACQUIRED)].sum() == 0
        assert (arm.customers["first_defection"] == np.inf).all()
        assert not arm.customers["hazard"].any()
        base = arm.customers["base"] == 1
        gone = arm.customers["home_12"] < 0
        assert ((arm.customers["home_12"] == 0) | gone)[base].all()
    slope = ("market.entrants=0", "market.entries=[]")
    stated = play(engine, *slope, "loyalty.stay=[100 %, 100 %]", replication=replication)
    absent = play(engine, *slope, "loyalty=", replication=replication)
    assert differences(stated.twin, absent.twin, NEVER_LEAVES) == []


def test_who_leaves_with_certainty_is_gone_after_one_period(engine):
    """L = 0 (1e-300 in the hazard): the whole base cohort has left its home by the first close.

    Break: -ln L read of max(L, 0.1).
    """
    certain = ("loyalty.theory=constant", "loyalty.rate=0 %", "loyalty.never_returns=0 %")
    played = play(engine, *certain, "loyalty.period=1 month")
    twin = played.twin
    base = twin.customers["base"] == 1
    assert base.sum() > 0
    assert twin.money[played.warm_up, :, M.BASE_NEVER_LEFT].sum() == 0
    stayed = base & (
        (twin.customers["present"] == 1) | (twin.customers["exits"] > played.days[played.warm_up + 1])
    )
    assert (twin.customers["first_defection"][stayed] < 31.0).all()


def test_without_occasions_nothing_is_bought(engine):
    """A season of zeros: nobody comes anywhere, no point is issued, nobody is counted as active."""
    season = "market.season=[" + ", ".join(["0"] * 12) + "]"
    played = play(engine, season, "market.entry_purchase=false")
    of_people = ("left_market", "acquired", "winbacks", "satisfaction")
    of_people += tuple(
        m for m in MONEY if m.startswith(("entered", "defections", "base", "home", "customers"))
    )
    for arm in (played.programme, played.twin):
        total = arm.money.sum(axis=(0, 1))
        assert {name for name, sum_ in zip(MONEY, total, strict=True) if sum_ != 0} <= set(of_people)
        assert not arm.service[..., V.ARRIVED].any()
        assert np.isnan(arm.customers["arrival"]).all()


def test_a_market_that_fills_later_is_empty_before(engine):
    """Nobody at the start: everything is 0 until the first entry, and then it is not."""
    late = (
        "market.customers=0",
        "market.entrants=0",
        "market.entries=[{on: day 40, customers: 30}]",
    )
    money = play(engine, *late).twin.money.sum(axis=1)
    assert not money[:4].any()
    assert money[4, M.CUSTOMERS] > 0 and money[5:, M.OCCASIONS].all()


def test_an_offer_of_nothing_changes_nothing(engine):
    """Depth 0 %, seen by all: whoever sees it stands as before, so not even a piece of hazard ends.

    Break: a piece of hazard that ends at every turn of an offer.
    """
    plain = play(engine, *CALM)
    other = play(engine, *CALM, "firm.offers=[{from: day 17, to: day 140, depth: 0 %}]")
    assert differences(plain.twin, other.twin, ("felt_at",)) == []
    assert plain.twin.money[..., M.DEFECTIONS].sum() > 3


def test_one_customer_and_one_month(engine):
    """The smallest market: one customer, one month, no warm-up."""
    alone = (
        "market.customers=1", "market.entrants=0", "market.entries=[]", "warm_up=0", "horizon=1 month",
        "firm.offers=[]", "rivals.Bean.offers=[]",
    )  # fmt: skip
    played = play(engine, *alone)
    assert len(played.twin.customers) == 1
    assert played.twin.money.shape[0] == 1
    assert played.twin.money[0, :, M.CUSTOMERS].sum() == 1
