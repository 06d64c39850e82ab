"""Instruments, campaigns and offers for some customers only, by records of stated quality (MODEL 3.7).

Where a docstring says "Break", that break was made in a copy and seen to fail.
"""

import numpy as np
import pytest
from small_worlds import ALONE, MARKET, advanced, differences, differing_fields, parameters, play

from loyaltysim.metrics.measure import measure
from loyaltysim.metrics.terms import terms_of
from loyaltysim.rules.draws import MISREAD, MISVALUED, RECORDED, uniform
from loyaltysim.rules.ledger import M
from loyaltysim.rules.state import FIRM
from loyaltysim.rules.variates import normal
from loyaltysim.scenario.load import load

NO_NEWCOMERS = ("market.entrants=0", "market.entries=[]")  # of whom there is no record before a close
MARKS = ("marks",)
ALL = "{segments: [regulars, visitors]}"


def for_some(target):
    """The overrides of offers and instruments that are all for one target (empty: for everybody)."""
    more = f", target: {target}" if target else ""
    return (
        f"firm.offers=[{{from: day 60, to: day 170, depth: 10 %, reach: 60 %{more}}}]",
        f"programme.member_price={{discount: 4 %{more}}}",
        f"programme.points.campaigns=[{{from: day 100, to: day 140, multiplier: 3{more}}}]",
        f"programme.save={{reach: 80 %, gift: 2 EUR, cost: 0.20 EUR, readiness: 1{more}}}",
        f"programme.win_back={{gift: 4 EUR, readiness: 1{more}}}",
        f"programme.acquisition={{spring: {{at: month 3, cost: 1 EUR, gift: 4 EUR, readiness: 0{more}}}}}",
    )


NOTHING = ("firm.offers=[]",)


def test_for_all_is_for_everybody(engine):
    """A target that holds for all, with perfect records, changes nobody's life."""
    some, everybody = (play(engine, *NO_NEWCOMERS, *for_some(target)) for target in (ALL, ""))
    assert differences(some.programme, everybody.programme, MARKS) == []
    assert differences(some.twin, everybody.twin, MARKS) == []


def test_without_records_nothing_happens(engine):
    """A firm that knows nobody offers nothing to anybody: as if there were none of it.

    Break: a campaign for some lets those whom it does not mean stand anew on its days.
    """
    some = play(engine, *for_some(ALL), "firm.records={known: 0}")
    none = play(engine, *NOTHING)
    assert differences(some.programme, none.programme, MARKS) == []
    assert differences(some.twin, none.twin, MARKS) == []


def test_only_those_who_are_meant_live_otherwise(engine):
    """For one segment: the other lives as without, nobody of it being addressed or paid for.

    Break: those whom a campaign does not mean earn as if it meant them.
    """
    some = play(engine, *ALONE, *NO_NEWCOMERS, *for_some("{segments: [visitors]}"))
    none = play(engine, *ALONE, *NO_NEWCOMERS, *NOTHING)
    everybody = play(engine, *ALONE, *NO_NEWCOMERS, *for_some(""))
    regulars = some.programme.customers["segment"] == 0
    for who, other in ((regulars, none.programme), (~regulars, everybody.programme)):
        assert differing_fields(some.programme.customers[who], other.customers[who], MARKS) == []
    money = some.programme.money.sum(axis=0)
    for measure_of in (M.MEMBER_DISCOUNTS, M.DISCOUNTS, M.APPROACHED_ACQUISITION, M.APPROACHED_WINBACK):
        assert money[0, measure_of] == 0 < money[1, measure_of]


TIERS = (
    "programme.tiers={window: 3 months, review: rolling, levels: {low: {from: 2 visits}, "
    "high: {from: 5 visits, status: 4}}}"
)
CRITERIA = (
    "{classes: [4, 5]}",
    "{tiers: [low, high]}",
    "{stages: [habitual, devoted]}",
    "{groups: [friends, barnacles]}",
    "{segments: [regulars], classes: [3, 4, 5], tiers: [none]}",
)
RECORDS = "firm.records={known: 80 %, value_error: 0.5, satisfaction_error: 9, high_value: 150 EUR}"
FELT = ("relationship={up: 20 %}", "market.segments.regulars.bonds={affect: 3, habit: 3}")


def marked_by_hand(world, before):
    """Each customer's marks from the world after a close (stages: from before it), by numpy."""
    c, ties, files = world.customers, world.ties[:, FIRM], world.files
    known = np.array([uniform(key, RECORDED, 0, 0) for key in c["key"]]) < 0.8
    misread = np.array([normal(uniform(key, MISREAD, 0, 0)) for key in c["key"]])
    misvalued = np.array([normal(uniform(key, MISVALUED, 0, 0)) for key in c["key"]])
    place = np.searchsorted(world.cuts, ties["satisfaction"] + 9.0 * misread, side="right")
    place[ties["visits"] == 0] = -1
    value = files["value"] * np.exp(0.5 * misvalued - 0.125)
    now = world.closes[world.clock["month"][0]]
    part = np.clip((c["last_purchase"] - files["first"]) / (now - files["first"]), 0.0, 1.0)
    loyal = (part ** files["bought"] >= 0.5) & (files["bought"] > 0)
    group = np.where(value < 15000, 2, 0) + np.where(loyal, 0, 1)
    tier, stage = world.ranks["tier"], before.feelings["stage"]
    held = (
        np.isin(place, (3, 4)),
        np.isin(tier, (1, 2)),
        np.isin(stage, (3, 4)),
        np.isin(group, (0, 2)),
        (c["segment"] == 0) & np.isin(place, (2, 3, 4)) & (tier == 0),
    )
    return sum((bits & known).astype(int) << k for k, bits in enumerate(held))


def test_targets_are_read_off_the_records():
    """At a close each customer belongs to the targets that her record says, errors and all.

    Break: the error of satisfaction is drawn with that of value.
    """
    offers = ", ".join(f"{{from: month 5, to: month 9, depth: 5 %, target: {one}}}" for one in CRITERIA)
    overrides = (f"firm.offers=[{offers}]", TIERS, RECORDS, *FELT, "market.customers=400")
    numbers = parameters(*overrides)
    before, world = (advanced("compiled", numbers, until=numbers.warm_up + m) for m in (7, 8))
    here = world.customers["present"] == 1
    found = world.customers["marks"][here]
    assert (found == marked_by_hand(world, before)[here]).all()
    for k in range(len(CRITERIA)):
        assert 5 < ((found >> k) & 1).sum() < here.sum() - 5, CRITERIA[k]


def test_the_records_are_shown_beside_the_truth(engine):
    """Shares of the four classes sum to those with a record; with perfect records nobody is misfiled."""
    target = for_some("{groups: [friends, butterflies]}")
    for records, wrong in (("{high_value: 150 EUR}", False), ("{high_value: 150 EUR, value_error: 1}", True)):
        overrides = (*target, *NO_NEWCOMERS, f"firm.records={records}")
        parts = measure(play(engine, *overrides), terms_of(load(MARKET, overrides).scenario)).parts
        names = ("friends", "butterflies", "barnacles", "strangers")
        shares = [parts[f"recorded_{name}", "programme"].value for name in names]
        assert sum(shares) == pytest.approx(1.0)
        assert (parts["misfiled", "programme"].numerator > 0) == wrong
