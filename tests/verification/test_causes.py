"""Causes of defection, where one thing changes, and against the world in which it does not (MODEL 3.5).

"Catches" says what a test is meant for.
"""

from pathlib import Path

import numpy as np
import pytest
from small_worlds import MARKET, of_kind, play, story

from loyaltysim.engines.simulate import run_arms
from loyaltysim.metrics.causes import KPIS
from loyaltysim.metrics.frames import defections_by_cause
from loyaltysim.metrics.measure import measure
from loyaltysim.metrics.terms import terms_of
from loyaltysim.metrics.view import views
from loyaltysim.record.columns import causes_of
from loyaltysim.record.world import EVERYBODY
from loyaltysim.rules.causes import LESS, PRICE
from loyaltysim.rules.ledger import M
from loyaltysim.scenario.load import load
from loyaltysim.scenario.lower import lower

FILE = Path(__file__).parent / "causes.yaml"
ASKED = "loyalty.causes=true"
NEW = "rivals.New={awareness: 0, attributes: {quality: {level: 82}, time: {level: 82}}}"
WAITS = (
    "waiting={penalty: 10, tolerance: 5 min}",
    "firm.service={desks: 1, open: {from: 8, hours: 4 h/day}, time: {mean: 2 min}}",
    "market.customers=500",
    "market.season=[1, 1, 1, 1, 1, 1.6, 1.6, 1.6, 1.6, 1, 1, 1]",
)
MOVES = "experience={kappa_up: 30 %, kappa_down: 30 %, beta_up: 0.4, beta_down: 0.4, zone: 0}"
ONE_THING = {  # what alone changes after month 0, and the cause that it is
    "price": ("events=[{at: month 2, set: {firm.price_level: 12 %}}]",),
    "quality": ("events=[{at: month 2, set: {firm.attributes.quality.level: 50}}]",),
    "time": ("firm.effort=0", "events=[{at: month 2, set: {firm.effort: 20}}]"),
    "offer": ("rivals.Other.offers=[{from: month 2, to: month 17, depth: 25 %}]",),
    "rivals": (NEW, "events=[{at: month 2, set: {rivals.New.awareness: 1}}]"),
    "programme": ("status_quo={cashback: 15 %}", "programme={fixed: 1 EUR/month}"),
    "failure": ("firm.failures={chance: 25 %, attribute: quality, severity: 60}",),
    "wait": WAITS,
}


def left(*overrides, first=False):
    """How many left the firm for each cause where things change; of each person only the first time."""
    scenario = load(FILE, overrides).scenario
    parameters = lower(scenario)
    programme, twin, _ = run_arms(parameters, 0, scenario.seed, "compiled", EVERYBODY)
    world = programme if scenario.programme else twin
    moved = of_kind(story(world), "moved")
    moved = moved[moved["other"] == 0]
    found = np.bincount(moved["cause"], minlength=world.left_by.shape[1])
    assert (found == world.left_by.sum(axis=0)).all()
    if first:
        _, once = np.unique(moved["customer"], return_index=True)
        found = np.bincount(moved["cause"][once], minlength=world.left_by.shape[1])
    return dict(zip(causes_of(parameters.attribute_names), found.tolist(), strict=True))


@pytest.mark.parametrize("gaps", [(), (MOVES,)], ids=["satisfaction", "gaps"])
@pytest.mark.parametrize("cause", ONE_THING)
def test_the_one_thing_that_changes_is_the_cause(cause, gaps):
    """Who leaves for the first time leaves for it, or for nothing. (Who comes back may expect what she had at
    the rival's: with gaps that is one more thing that changes.)

    Catches: the sum of an offer and a rival's worth as one term; a part of a visit without its gap.
    """
    found = left(*ONE_THING[cause], *gaps, first=bool(gaps))
    found.pop("none")
    assert found[cause] > 40 and sum(found.values()) == found[cause], found


def test_without_a_change_nothing_is_the_cause():
    """Who leaves all the same does so at the standing with which she came."""
    found = left()
    assert found["none"] == sum(found.values()) > 20


@pytest.mark.parametrize("change", [ONE_THING["price"], ONE_THING["quality"]], ids=["price", "quality"])
@pytest.mark.parametrize("engine", ["simpy", "compiled"])
def test_what_a_term_costs_is_the_hazard_of_the_world_in_which_it_had_not_changed(change, engine):
    """Lambda less what is booked for the term = Lambda of the same person in the world without the change.

    Visits vary and fit differs; nothing clips, and expectation reacts alike both ways, so that the parts are
    exact. (A term that varies by luck besides would be held at what it was at the start.) Catches: parts that
    move by the weight of the visit before; rates of the piece that begins.
    """
    lively = (MOVES, "market.segments.all.fit={sd: 3}", "loyalty.steepness=8", "market.customers=300",
              "firm.attributes.time.sd=3",
                  f"firm.attributes.quality.sd={4 if change == ONE_THING['price'] else 0}")  # fmt: skip
    one, other = (
        run_arms(lower(load(FILE, (*lively, *more)).scenario), 0, 98, engine)[1] for more in (change, ())
    )
    still = (one.customers["home"] == 0) & (other.customers["home"] == 0)
    still &= (one.customers["spells"] == 0) & (other.customers["spells"] == 0)
    assert still.sum() > 50
    place = 2 + PRICE if change == ONE_THING["price"] else 0
    less = one.causes[still, place, LESS]
    gap = one.customers["hazard"][still] - other.customers["hazard"][still]
    assert less == pytest.approx(gap, rel=1e-9, abs=1e-12)
    assert less.max() > 0.05


def test_shares_sum_to_one_and_the_table_says_the_same(engine):
    """Each defection has one cause or none; KPIs, table and ledger are one."""
    overrides = (ASKED, "referrals={rate: 1 / month, delight: 65, readiness: 0}")
    found = play(engine, *overrides)
    terms = terms_of(load(MARKET, overrides).scenario)
    ours = views(found, terms)[0]
    parts = {kpi.name: kpi.formula(ours) for kpi in KPIS if kpi.when(terms)}
    known, every = parts.pop("defections_with_cause")
    assert every == ours.flow("defections") == found.programme.money[found.warm_up :, :, M.DEFECTIONS].sum()
    assert sum(above for above, _ in parts.values()) == known > 10
    table = defections_by_cause([measure(found, terms)], terms)
    table = table[table["arm"] == "programme"]
    assert table["estimate"].sum() == pytest.approx(1.0) and table["defections"].sum() == known
    named = dict(zip(table["cause"], table["defections"], strict=True))
    price = named["price"] + named["price (attribute)"]
    assert parts["defections_by_cause.price"][0] == price
    assert parts["defections_by_cause.quality"][0] == named["quality"] + named["time"]
