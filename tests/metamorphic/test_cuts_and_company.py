"""A run is the same however it is cut, how long it goes on, and what else is run or written down.

TRUST M7–M9, and determinism. The breaks named in the docstrings were made in a copy of the tree and seen
to fail the test.
"""

import numpy as np
import pytest
from small_worlds import (
    SEED,
    advanced,
    differences,
    differing_fields,
    differing_measures,
    parameters,
    play,
    same,
    worlds,
)

from loyaltysim.engines.simulate import run_arms, simulate
from loyaltysim.metrics.digest import digest
from loyaltysim.record.world import NOBODY
from loyaltysim.rules.arrays import World
from loyaltysim.rules.ledger import MONEY, V

ALL_DAY = (  # open around the clock with one slow clerk: somebody stands in the line at every close
    "firm.service.open={from: 0, hours: 24}",
    "firm.service.time.mean=7 h",
    "firm.service.patience.mean=48 h",
    "waiting=",
)
COUNTED = [name for name in World._fields if name not in ("log", "logged", "handle")]


def differing_parts(a, b):
    """Parts of two worlds that are not the same bit for bit."""
    found = []
    for name in COUNTED:
        one, other = np.asarray(getattr(a, name)), np.asarray(getattr(b, name))
        fields = one.dtype.names or (None,)
        found += [
            f"{name}.{f}" for f in fields if not same(one[f] if f else one, other[f] if f else other).all()
        ]
    return found


@pytest.mark.parametrize("cuts", [(6,), (1, 5, 9), (2, 4, 6, 8, 10, 12, 14), tuple(range(1, 16))])
@pytest.mark.parametrize("hours", ["opening hours", "around the clock", "three sites"])
def test_a_run_cut_at_closes_is_the_run_not_cut(engine, hours, cuts):
    """M7: in 2, 4, 8 and 16 pieces, also while customers stand in the line: the whole state, bit for bit.

    Break: a line put in order of numbers, and desks that are free, after a cut.
    """
    numbers = parameters(*{"around the clock": ALL_DAY, "three sites": ("firm.sites=3",)}.get(hours, ()))
    whole = advanced(engine, numbers)
    assert differing_parts(whole, advanced(engine, numbers, cuts)) == []
    if hours == "around the clock":
        assert (whole.service[:, 0, V.WAITING] > 1).sum() > 5


@pytest.mark.parametrize("hours", ["opening hours", "around the clock"])
def test_the_same_run_twice_has_the_same_digest(engine, hours):
    """The same numbers give the same bytes. (An earlier version planned beyond the last close and read
    beyond the calendar: two runs differed.)
    """
    numbers = parameters(*(ALL_DAY if hours == "around the clock" else ()))
    assert len({digest(simulate(numbers, 0, SEED, engine)) for _ in range(3)}) == 1


def test_a_longer_horizon_changes_nothing_before_it(engine):
    """M8: 13 months and 8 months agree on the first 8, to the bit; newcomers of the last close stay out.

    Nobody enters at the last close of a run, so the stocks of that one close lack them; nothing else
    knows the horizon, but `year_from` (the last 365 days) and the length of `weeks`.

    Break: a discount spread over the horizon.
    """
    long, short = play(engine), play(engine, "horizon=8 months")
    kept = 3 + 8
    stocks = ("entered", "entered_firm", "customers", "home_customers", "satisfaction")
    for a, b in ((long.programme, short.programme), (long.twin, short.twin)):
        assert differing_measures(a.money[: kept - 1], b.money[: kept - 1]) == []
        assert set(differing_measures(a.money[:kept], b.money[:kept])) <= set(stocks)
        assert (a.service[:kept] == b.service[:kept]).all()
        assert same(a.reputation[:kept], b.reputation[:kept]).all()
        weeks = len(b.weeks) - 1
        assert (a.weeks[:weeks] == b.weeks[:weeks]).all()


def test_a_truncated_run_is_in_the_state_of_the_longer_one(engine):
    """M8: the longer run, stopped at the shorter one's last close, is in the same state, newcomers apart.

    Break: a discount spread over the horizon.
    """
    no_newcomers = ("market.entrants=0", "programme.points.expiry=")
    long, short = (
        parameters(*no_newcomers),
        parameters(*no_newcomers, "horizon=8 months"),
    )
    stopped = advanced(engine, long, until=3 + 8)
    ended = advanced(engine, short)
    knowing = ("spend_year", "spend_year_all")
    assert differing_fields(stopped.customers, ended.customers, knowing) == []
    assert (stopped.lots[:, :11] == ended.lots).all()
    assert differing_measures(stopped.money[:11], ended.money) == []


def test_a_replication_alone_is_the_one_among_many(engine):
    """M9: replication 2 alone, after others, and in the opposite order.

    Break: a generator that lives from one replication to the next.
    """
    numbers = parameters()
    alone = digest(simulate(numbers, 2, SEED, engine))
    forward = [digest(simulate(numbers, k, SEED, engine)) for k in range(3)]
    backward = [digest(simulate(numbers, k, SEED, engine)) for k in reversed(range(3))]
    assert forward == backward[::-1]
    assert forward[2] == alone
    assert len(set(forward)) == 3


@pytest.mark.parametrize("follow", [-1, 0, 17])
def test_writing_a_story_down_changes_nothing(engine, follow):
    """M9: following one customer, or everybody, leaves every number as it was.

    Break: a log line that fades her feelings when it is written.
    """
    told = worlds(engine, follow=follow)
    for arm, quiet in zip(told, run_arms(parameters(), 0, SEED, engine, NOBODY)[:2], strict=True):
        parts = [part for part in differing_parts(arm, quiet) if part != "clock.logged"]
        assert parts == []
    if follow >= 0:
        assert set(told[0].log["customer"]) == {follow}


def test_a_story_of_one_is_her_part_of_the_story_of_all(engine):
    """M9: the lines of customer 17 are the same, whoever else is followed."""
    everybody, one = worlds(engine)[0].log, worlds(engine, follow=17)[0].log
    hers = everybody[everybody["customer"] == 17]
    for field in hers.dtype.names:
        assert same(hers[field], one[field]).all(), field


def test_arms_share_their_past(engine):
    """Before month 0 there is one world: the ledgers of the warm-up are the same in both arms."""
    played = play(engine)
    assert differing_measures(played.programme.money[:3], played.twin.money[:3]) == []
    assert (played.programme.service[:3] == played.twin.service[:3]).all()
    assert played.programme.money.shape[2] == len(MONEY)
    assert differences(played.programme, played.twin) != []


@pytest.mark.parametrize("overrides", [(), ("firm.sites=3",), ALL_DAY, ("firm.service=",)])
def test_threads_change_nothing(overrides):
    """Sites shared by two threads, or customers where nobody meets: the whole state, bit for bit.

    Break: threads that count into the same ledgers.
    """
    numbers = parameters(*overrides)
    one = advanced("compiled", numbers)
    assert differing_parts(one, advanced("compiled", numbers, threads=2)) == []
