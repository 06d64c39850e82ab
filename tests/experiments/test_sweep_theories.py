"""Settings and budgets under every curve of loyalty: which choice survives."""

from pathlib import Path

import pytest

from loyaltysim.errors import UsageError
from loyaltysim.experiments.budget_theories import budgets_under
from loyaltysim.experiments.budget_theories import lines as of_budgets
from loyaltysim.experiments.frontier import frontier
from loyaltysim.experiments.sweep_theories import (
    lines,
    may_be_best,
    of_frontiers,
    order,
    ranked,
    swept_under,
    the_curve,
)
from loyaltysim.scenario.load import load

COFFEE = Path(__file__).resolve().parents[2] / "scenarios" / "coffee.yaml"
SMALL = (
    "market.customers=60", "horizon=12 months", "warm_up=1 month", "checks=[]", "rivals.Bean House.offers=[]",
    "levers={firm.service.desks: {from: 1, to: 3, steps: 3}}",
)  # fmt: skip
HOW = {"replications": 3, "workers": 1}


@pytest.fixture(scope="module")
def found():
    """One, two and three desks under two curves."""
    return swept_under(COFFEE, SMALL, ["threshold", "kotler"], **HOW)


def test_every_setting_lives_under_the_curve_that_was_fitted_once(found):
    """Break: each setting fitted at its own month 0, which takes back part of what it does."""
    own, other = found
    assert [one.curve.theory for one in found] == ["threshold", "kotler"] and own.curve.own
    offsets = {point.results.loaded.scenario.loyalty.offset for point in other.points}
    assert offsets == {other.curve.loyalty.offset}
    assert {point.results.loaded.scenario.loyalty.theory for point in other.points} == {"kotler"}
    assert [point.settings for point in own.points] == [point.settings for point in other.points]
    assert the_curve(COFFEE, SMALL, "kotler", None) == other.curve


def test_the_scenario_s_own_curve_gives_the_plain_sweep(found):
    plain = swept_under(COFFEE, SMALL, [], **HOW)
    assert [p.results.digest for p in plain[0].points] == [p.results.digest for p in found[0].points]


def test_orders_are_told_with_what_survives(found):
    told = "\n".join(lines(found))
    assert "3 settings under 2 curves (3 replications on common luck" in told
    assert told.count("best first:") == 3
    names = order(found[0].points, "profit")
    profits = {p.name: p.results.kpi("profit", "programme")["estimate"] for p in found[0].points}
    assert names == sorted(profits, key=lambda name: -profits[name])


def test_what_survives_is_what_may_be_best_under_all():
    """Break: the order alone judged, in which equal settings stand as chance has it."""
    orders = {"x": ["a", "b", "c"], "y": ["b", "a", "c"]}
    told = [
        ranked("profit", orders, dict(zip("xy", best, strict=True)))[-1]
        for best in ((["a"], ["a"]), (["a"], ["b", "a"]), (["a"], ["b"]), (["a", "b", "c"], ["b", "a", "c"]))
    ]
    assert [line.split(":")[0] for line in told] == ["Survives", "Survives", "Depends on the curve", "Open"]
    assert told[0] == "Survives: a is the best under every curve (95 %)."
    assert told[1] == "Survives: under every curve a may be the best (95 %)."


def test_settings_that_do_not_differ_may_all_be_best(found):
    point = found[0].points[0]
    again = [point, *(type(point)({"firm.service.desks": str(k)}, point.results) for k in (8, 9))]
    assert len(may_be_best(again, "profit")) == 3


def test_frontiers_tell_which_setting_may_be_best_under_all(found):
    made = {one.curve.theory: frontier(one.points, workers=1) for one in found}
    told = of_frontiers(made)
    may = [{one.points[one.peak].name, *one.alike} for one in made.values()]
    assert told[0] == "Profit, on fresh luck:"
    assert any("may be the most profitable" in line for line in told)
    assert all(name in "\n".join(told) for name in set.intersection(*may))


def test_without_loyalty_there_is_no_curve():
    with pytest.raises(UsageError, match="no 'loyalty', so nobody leaves"):
        swept_under(COFFEE, (*SMALL, "loyalty="), **HOW)


def test_a_budget_is_judged_under_each_curve():
    loaded = load(COFFEE, (*SMALL, "finance.budget={amount: 1 EUR/year}"))
    made = budgets_under(loaded, ["kotler"], replications=72, workers=1)
    told = of_budgets(made)
    assert [curve.theory for curve, _ in made] == ["threshold", "kotler"]
    assert not made[0][1].go
    assert told[-1] == "Survives: NO GO under every curve."
    assert (
        "GO under threshold, NO GO under kotler"
        in of_budgets([(made[0][0], _with(made[0][1], True)), made[1]])[-1]
    )


def _with(budgeted, go):
    """The same budget with another verdict."""
    from dataclasses import replace

    return replace(budgeted, verdicts=[replace(one, met=go) for one in budgeted.verdicts])
