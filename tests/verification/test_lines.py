"""Lines with two classes, without patience, with more clerks: TRUST M13 to M15 and M20, and Cobham's waits.

The world is the line alone (`scenarios/line.yaml`): customers so many and so rare that their occasions are a
Poisson stream. Times are in units of a mean service, of which a month has so many that 10,000 customers come.
"""

import math

import numpy as np
import pytest
from queues import A_MONTH, CUSTOMERS, MONTH, minutes

from loyaltysim.engines.kernel import advance
from loyaltysim.engines.simulate import simulate
from loyaltysim.record.world import EVERYBODY, open_world
from loyaltysim.rules.eventlog import EVENT, KINDS
from loyaltysim.rules.ledger import V
from loyaltysim.scenario.load import load
from loyaltysim.scenario.lower import lower
from loyaltysim.validation.verdict import SCENARIOS, Row, require

SERVED = KINDS.index("visit")
TWO = (
    "market.segments={{all: {{share: {0!r}, priority: {1}}}, later: {{share: {2!r}, "
    "occasions: {{mean: 0.01 / day}}, basket: {{mean: 10 EUR}}, weights: {{quality: 100 %}}}}}}"
)


def line(rate, *overrides, months=5, customers=CUSTOMERS, desks=1, law="exponential"):
    """The numbers of a line at which `rate` customers come in a unit of time, a mean service."""
    unit = minutes(rate) * CUSTOMERS / customers
    mean = A_MONTH / MONTH / CUSTOMERS
    rates = [f"market.segments.all.occasions.mean={mean!r} / day"]
    rates += [f"market.segments.later.occasions.mean={mean!r} / day"] * any("later" in o for o in overrides)
    given = (
        f"horizon={months - 1} months",
        f"market.customers={customers}",
        f"firm.service={{desks: {desks}, time: {{law: {law}, mean: {unit!r} min}}}}",
        *overrides,
        *rates,
    )
    return lower(load(SCENARIOS / "line.yaml", given).scenario), unit / 1440.0


def story(numbers, seed, replication, room=80_000):
    """Who came to the desks after the first month: (segment, customer, occasion, kind, wait in days)."""
    world = open_world(numbers, seed, replication)
    world.clock["logged"] = EVERYBODY
    world = world._replace(log=np.zeros(room, EVENT))
    advance(world, numbers, len(numbers.closes) - 1, "lines")
    log = world.log[: int(world.logged[0])]
    assert len(log) < room
    log = log[(log["time"] - log["wait"] >= numbers.closes[1]) & (log["kind"] > 0)]
    log = log[np.lexsort((log["occasion"], log["customer"]))]
    return world.customers["segment"][log["customer"]], log


@pytest.mark.statistical
def test_two_classes_wait_as_cobham_says():
    """Cobham 1954: .3 + .5 a unit, service 1: waits .8/.7 = 1.142857 and .8/(.7 x .2) = 5.714286.

    Weighted by how often they come both wait 4.0 on the average, as first come, first served (Kleinrock's
    conservation law). Eight replications of 40,000 arrivals.

    Break: first come, first served: the first class waits 4.0, two hundred standard errors too long.
    """
    numbers, unit = line(0.8, TWO.format(0.375, "true", 0.625))
    found = np.empty((8, 3))
    for replication in range(8):
        segment, log = story(numbers, 11, replication)
        waits = log["wait"] / unit
        found[replication] = waits[segment == 0].mean(), waits[segment == 1].mean(), waits.mean()
    names = ("first class", "second class", "both")
    expected = (0.8 / 0.7, 0.8 / (0.7 * 0.2), 4.0)
    rows = [
        Row(name, wait, float(x.mean()), float(x.std(ddof=1)) / math.sqrt(8), "8 x 40,000 arrivals")
        for name, wait, x in zip(names, expected, found.T, strict=True)
    ]
    require(rows)
    assert rows[0].error < 0.03 and rows[1].error < 0.4


def erlang_b(load, desks):
    """Chance that all desks are busy in a system without a line (Erlang 1917)."""
    b = 1.0
    for c in range(1, desks + 1):
        b = load * b / (c + load * b)
    return b


@pytest.mark.statistical
@pytest.mark.parametrize(("rate", "desks"), [(0.8, 1), (8.0, 10)])
def test_without_patience_it_is_erlangs_loss_system(rate, desks):
    """M20: patience 0: the share sent away is Erlang's B, one desk (a/(1 + a)) included.

    Break: patience of a tenth of a service where none is stated.
    """
    patience = "firm.service.patience={law: constant, mean: 0 min}"
    numbers, _ = line(rate, patience, desks=desks)
    rows = [
        simulate(numbers, r, 12, "compiled").twin.service[1:, 0].sum(axis=0).astype(float) for r in range(8)
    ]
    lost = np.array([row[V.GAVE_UP] / row[V.ARRIVED] for row in rows])
    error = float(lost.std(ddof=1)) / math.sqrt(8)
    require([Row(f"sent away, {desks} desks", erlang_b(rate, desks), lost.mean(), error, "8 x 40,000")])
    assert error < 0.002


ONCE = (  # ten customers a day, each of whom comes once at most
    "horizon=4 months",
    "market.customers=4000",
    "market.segments.all.occasions={every: 400 days, mean: null}",
)


def waits_of(desks, days, seed):
    """Waits by customer, days, at so many desks that take so long for each on average."""
    service = f"firm.service={{desks: {desks}, time: {{mean: {days * 1440.0!r} min}}}}"
    _, log = story(lower(load(SCENARIOS / "line.yaml", (*ONCE, service)).scenario), seed, 0)
    assert len(np.unique(log["customer"])) == len(log) > 1000
    return dict(zip(log["customer"].tolist(), log["wait"].tolist(), strict=True))


def no_wait_is_longer(short, long):
    """Whether nobody waits longer in `short` than in `long`, where all wait longer on average.

    Who came at the very end and is served in one of the two only is left out.
    """
    both = short.keys() & long.keys()
    assert len(both) > 0.98 * len(long)
    assert sum(short[i] for i in both) < 0.95 * sum(long[i] for i in both)
    return all(short[i] <= long[i] + 1e-9 for i in both)


@pytest.mark.parametrize("seed", range(3))
def test_more_clerks_lengthen_nobodys_wait(seed):
    """M13: first come, first served, nobody gives up: one clerk more, every wait is as long or shorter.

    Break: last come, first served.
    """
    assert no_wait_is_longer(waits_of(3, 0.17, seed), waits_of(2, 0.17, seed))


@pytest.mark.parametrize("seed", range(3))
def test_longer_service_shortens_nobodys_wait(seed):
    """M14: every service a tenth longer, the same arrivals: every wait is as long or longer.

    Break: last come, first served.
    """
    assert no_wait_is_longer(waits_of(2, 0.17, seed), waits_of(2, 0.187, seed))


@pytest.mark.statistical
def test_more_clerks_help_on_average_where_customers_give_up_or_pass_each_other():
    """M15: never path by path; over 200 paired replications fewer give up and the mean wait falls, beyond
    four standard errors.
    """
    found = np.empty((200, 2, 2))
    for k, desks in enumerate((2, 3)):
        more = (TWO.format(0.375, "true", 0.625), f"firm.service.desks={desks}")
        numbers, unit = line(2.4, *more, months=3, customers=200)
        patience = f"firm.service.patience={{mean: {unit * 1440.0!r} min}}"
        numbers, _ = line(2.4, *more, patience, months=3, customers=200)
        for r in range(200):
            row = simulate(numbers, r, 13, "compiled").twin.service[:, 0].sum(axis=0)
            found[r, k] = row[V.GAVE_UP] / row[V.ARRIVED], row[V.WAIT_MS] / row[V.ARRIVED]
    gained = found[:, 0] - found[:, 1]
    error = gained.std(axis=0, ddof=1) / math.sqrt(200)
    assert (error > 0.0).all() and (gained.mean(axis=0) > 4.0 * error).all()
