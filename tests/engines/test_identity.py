"""The two engines leave the same record, bit for bit: ledgers, customers, ties, lots, desks, every event.

What a visit changes is told once (`rules`); what is told twice, time and the line, is compared here. That
the comparison sees a difference when there is one is shown in `test_breaks`.
"""

from pathlib import Path

import numpy as np
import pytest
from identity import TIED, differences, differing, happened, lived, story, tied
from small_worlds import parameters

from loyaltysim.engines import market
from loyaltysim.rules.eventlog import KINDS
from loyaltysim.rules.ledger import V
from loyaltysim.scenario.load import load
from loyaltysim.scenario.lower import Parameters, lower

SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").rglob("*.yaml"))
SIMPY, COMPILED = ("simpy",), ("compiled",)
FEW = 60  # customers

ALL_DAY = (
    "firm.service.open={from: 0, hours: 24}",
    "firm.service.time.mean=6 h",
    "firm.service.patience.mean=30 h",
    "waiting={penalty: 10, tolerance: 24 h}",
)
BUSY_MARKET = (  # the market acts on many days, and each time somebody stands in the line
    *ALL_DAY,
    "firm.offers=[{from: day 3, to: day 200, depth: 10 %, reach: 70 %}, "
    "{from: day 50, to: day 51, depth: 5 %}]",
    "rivals.Bean.offers=[{from: day -40, to: day 77, depth: 20 %}, "
    "{from: month 4, to: day 301, depth: 30 %}]",
    "market.entries=[{on: day -50, customers: 3}, {on: day 33, customers: 9}, {on: day 34, customers: 1}, "
    "{on: day 35, customers: 4}, {on: month 7, customers: 5}]",
)


def with_few_customers(path: Path) -> Parameters:
    """A shipped scenario with some sixty customers, its clerks slower in proportion."""
    scenario = load(path).scenario
    all_of_them = scenario.market.customers + sum(e.customers for e in scenario.market.entries)
    part = min(1.0, FEW / all_of_them)
    left = iter(np.diff(np.round(np.cumsum([0, *(e.customers for e in scenario.market.entries)]) * part)))
    few = scenario.market.model_copy(
        update={
            "customers": round(scenario.market.customers * part),
            "entries": tuple(
                e.model_copy(update={"customers": int(next(left))}) for e in scenario.market.entries
            ),
        }
    )
    firm = scenario.firm
    if firm.service is not None:
        slow = firm.service.time.model_copy(update={"mean": firm.service.time.mean / part})
        firm = firm.model_copy(update={"service": firm.service.model_copy(update={"time": slow})})
    return lower(scenario.model_copy(update={"market": few, "firm": firm}))


@pytest.mark.parametrize("replication", range(3))
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_scenario(path, replication):
    assert differences(with_few_customers(path), SIMPY, COMPILED, replication) == []


@pytest.mark.parametrize("replication", range(3))
def test_the_small_market_in_which_every_mechanism_is_at_work(replication):
    assert differences(parameters(), SIMPY, COMPILED, replication) == []


def test_the_market_acts_while_customers_stand_in_the_line():
    """Offers begin and end, cohorts enter and months close while somebody waits, day and night."""
    numbers = parameters(*BUSY_MARKET)
    world = lived(numbers, COMPILED)[-1]
    visits = story(world)[story(world)["kind"] <= KINDS.index("gave_up")]
    visits = visits[(visits["kind"] >= KINDS.index("visit")) & (visits["provider"] == 0)]
    came = visits["time"] - visits["wait"]
    acts = market.acts(numbers, 0, len(numbers.closes) - 1)
    interrupted = {
        kind: sum(bool(((came < a.day) & (a.day < visits["time"])).any()) for a in acts if a.kind == kind)
        for kind in (market.CLOSE, market.OFFER_TURNS, market.ENTRY)
    }
    assert interrupted[market.CLOSE] >= 10 and min(interrupted.values()) >= 4
    assert differences(numbers, SIMPY, COMPILED) == []


@pytest.mark.parametrize("overrides", TIED.values(), ids=TIED)
def test_everything_falls_on_the_same_instants(overrides):
    """Cohorts that come, start, lose patience, are sent home and reach the close at the same instants."""
    numbers = tied(*overrides)
    seen = happened(lived(numbers, COMPILED)[-1])
    assert seen["waited"] > 300 and seen["moved"] > 5
    assert seen["gave_up"] > 900 or numbers.terms["patience_mean"][0] == np.inf
    assert seen["started_together"] > 400 or numbers.terms["desks"][0] == 1
    assert differences(numbers, SIMPY, COMPILED) == []


@pytest.mark.parametrize("hours", ["{from: 20, hours: 4 h/day}", "{from: 7, hours: 17 h/day}", "24 h/day"])
def test_doors_that_shut_at_midnight(hours):
    """A close is at midnight too. By rounding, the doors of day -1 shut 3e-17 days after month 0, where the
    run is cut: the SimPy engine once looked for doors from that day on only, and nobody left the line.
    """
    late = (f"firm.service.open={hours}", "firm.service.time.mean=3 h", "firm.service.patience.mean=9 h")
    assert differences(parameters(*late, "waiting="), SIMPY, COMPILED) == []


@pytest.mark.parametrize("overrides", [("firm.sites=3",), ("firm.sites=7", *ALL_DAY), ("firm.service=",)])
@pytest.mark.parametrize("threads", [1, 2, 3])
def test_sites_and_threads(overrides, threads):
    """Several sites shared by threads, or customers shared where nobody meets. (A story has one thread.)"""
    assert differences(parameters(*overrides), SIMPY, COMPILED, threads=threads) == []


@pytest.mark.parametrize("hours", ["by day", "around the clock", "ties"])
def test_each_engine_goes_on_where_the_other_stopped(hours):
    """Cut at every close, the engines taking turns: the run of one piece (M7 across engines)."""
    numbers = tied() if hours == "ties" else parameters(*(ALL_DAY if hours == "around the clock" else ()))
    turns, other_turns = ("simpy", "compiled"), ("compiled", "simpy")
    assert differences(numbers, SIMPY, turns) == []
    assert differences(numbers, SIMPY, other_turns) == []
    if hours == "around the clock":
        world = lived(numbers, turns)[0]
        assert (world.service[:, 0, V.WAITING] > 1).sum() > 5  # somebody was handed over in the line


def test_two_replications_are_told_apart():
    """The comparison is not blind: another replication, a bit of one customer are differences."""
    one, two = (lived(parameters(), COMPILED, r)[-1] for r in (0, 1))
    assert len(differing(one, two)) > 40
    again = lived(parameters(), COMPILED)[-1]
    assert differing(one, again) == []
    again.customers["expectation"][17] = np.nextafter(again.customers["expectation"][17], np.inf)
    assert differing(one, again) == ["customers.expectation"]
    again.desks[0, 0] = -0.0
    again.log["earned"][5] += 1
    assert differing(one, again) == ["customers.expectation", "log.earned", "desks"]


def test_what_lies_beyond_her_exit_is_paid_for_once(tmp_path):
    """The market acts twice before a customer leaves it: her debt is the same in both engines.

    Found by drawn scenarios: the compiled engine asks at every act for an occasion that she will not live to
    see, the SimPy engine once a month, and each time it entered her debt.
    """
    path = tmp_path / "debt.yaml"
    path.write_text(DEBT)
    numbers = lower(load(path).scenario)
    for one, other in zip(lived(numbers, SIMPY), lived(numbers, COMPILED), strict=True):
        assert not differing(one, other)


DEBT = """
schema: 1
name: debts of those who leave the market
currency: EUR
first_day: 2026-01-01
horizon: 1 month
market:
  customers: 20
  category_expandability: 0.01
  borrowed: 0.01
  segments:
    a:
      share: 1
      home: {firm: 1}
      occasions: {every: 1 day}
      basket: {mean: 0 EUR, shape: 0.4, spread: 1.5}
      weights: {quality: 1}
      price_weight: 0
      lifetime: {shape: 0.4, scale: 40 days}
firm:
  attributes: {quality: {level: 50}}
events:
  - {at: month 0, set: {firm.attributes.quality.level: 50}}
  - {at: day 7, set: {firm.attributes.quality.level: 50}}
programme: {acceleration: 1.01}
"""


def test_a_rollout_by_stages():
    """A programme that begins for more customers twice, whole and cut at every close."""
    stages = "{stages: [{from: month 1, share: 30 %}, {from: month 4, share: 60 %}, {from: month 8}]}"
    numbers = parameters(f"programme.rollout={stages}", "programme.cashback=3 %")
    assert differences(numbers, SIMPY, COMPILED) == []
    assert differences(numbers, SIMPY, ("compiled", "simpy")) == []
    assert lived(numbers, COMPILED)[-1].clock["wave"] == 2
