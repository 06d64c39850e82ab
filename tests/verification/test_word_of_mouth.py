"""Word of mouth (MODEL 3.12, E32): where reputations go, who is heard, what entrants make of it."""

import math

import numpy as np
import pytest
from small_worlds import ENGINES, differences, parameters, play

from loyaltysim.engines.simulate import run_arms, simulate
from loyaltysim.rules.ledger import M
from loyaltysim.scenario.load import load
from loyaltysim.scenario.lower import lower
from loyaltysim.validation.verdict import SCENARIOS, share

TALK = SCENARIOS / "talk.yaml"
LOUD = "word_of_mouth={rate: 2 / month, delight: 78, disappointment: 66, weight: 40 %}"


def talked(*overrides, engine="simpy"):
    """The replication of the scenario in which S is 95 with the firm and 30 with its rival."""
    return simulate(lower(load(TALK, overrides).scenario), 0, 3, engine)


@pytest.mark.parametrize("louder", [1.5, 3.0])
def test_reputations_follow_what_is_said_as_fast_as_it_is_heard(louder):
    """rep - said falls by the factor 1 - weight (1 - e^-m) a month, m = rate x voice x share of customers.

    Break: `louder` read as 1. Catches: 1 - e^-m left out; m not divided by the customers; `weight` read
    twice.
    """
    arm = talked(f"word_of_mouth.louder={louder}").twin
    ours = (arm.customers["home"] == 0).mean()
    for j, (said, voice, part) in enumerate(
        [(95.0, (95 - 80) / 20, ours), (30.0, louder * (40 - 30) / 20, 1.0 - ours)]
    ):
        kept = 1.0 - 0.3 * (1.0 - math.exp(-0.5 * voice * part))
        expected = said + (70.0 - said) * kept ** np.arange(1, 9)
        np.testing.assert_allclose(arm.reputation[:, j], expected, rtol=1e-5)  # voices are whole CENTs


def test_who_is_neither_delighted_nor_disappointed_has_nothing_to_tell(engine):
    """With thresholds that nobody passes the record is that of a market without word of mouth."""
    silent = play(engine, "word_of_mouth={delight: 100, disappointment: 0}")
    plain = play(engine)
    counted = ("lived_through",)
    assert differences(silent.twin, plain.twin, (), counted) == []
    assert differences(silent.programme, plain.programme, (), counted) == []
    assert silent.twin.money[..., M.LIVED_THROUGH].sum() > 300
    assert differences(play(engine, LOUD).twin, plain.twin, (), counted) != []


def test_a_programme_without_effect_has_none_though_everybody_speaks(engine):
    """The twin stays exact: what is said follows from what was lived, in either arm."""
    free = play(engine, LOUD, "programme.points=")
    assert differences(free.programme, free.twin) == []


def test_entrants_go_where_people_praise():
    """Of newcomers the logit's share choose the firm, by the reputations after this close's word of mouth.

    Catches: entrants who enter before the word has spread; a reputation that only old customers see.
    """
    more = "market.entries=[{on: month 6, customers: 20000}]"
    slope, rows = 0.08, []
    for overrides in ((more,), (more, "word_of_mouth=")):
        arm = talked(*overrides, engine="compiled").twin
        home, enters = arm.customers["home"], arm.customers["enters"]
        rep = arm.reputation[5]
        chance = 1.0 / (1.0 + math.exp(-slope * (rep[0] - rep[1])))
        rows.append(share("entrants at the firm", chance, home[enters > 100.0] == 0, "entrants"))
    assert all(row.holds for row in rows), rows
    assert rows[0].expected > 0.8 and rows[1].expected == pytest.approx(0.5)


def test_she_who_left_disappointed_still_warns_and_who_did_not_come_is_silent():
    """Whoever has been there in the month speaks of it, at home there or not; others do not.

    Break: everybody speaks who ever was there. Catches: only home customers speak.
    """
    _, twin, _ = run_arms(parameters(LOUD), 0, 7, "simpy", follow=-1)
    spoke = twin.money[..., M.LIVED_THROUGH].sum(axis=1)
    home = twin.money[..., M.HOME_CUSTOMERS].sum(axis=1)
    assert (spoke < home).any()  # not all of them came
    rows = twin.log[: int(twin.logged[0])]
    closes = parameters(LOUD).closes
    at_the_firm = (rows["provider"] == 0) & ((rows["kind"] == 1) | (rows["kind"] == 2))
    for month in range(len(closes) - 1):
        inside = at_the_firm & (rows["time"] > closes[month]) & (rows["time"] <= closes[month + 1])
        inside &= np.isin(rows["customer"], np.flatnonzero(twin.customers["exits"] > closes[month + 1]))
        assert len(np.unique(rows["customer"][inside])) == spoke[month]


@pytest.mark.parametrize("name", ENGINES)
def test_the_loudest_are_counted(name):
    """Everybody at the firm praises it, nobody warns."""
    money = talked(engine=name).twin.money
    assert (money[..., M.PRAISED] == money[..., M.LIVED_THROUGH]).all()
    assert money[..., M.WARNED].sum() == 0 and money[..., M.PRAISED].sum() > 300
