"""One scenario under every curve: made comparable, told honestly."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from loyaltysim.errors import UsageError
from loyaltysim.experiments.conclusions import conclusion, lines
from loyaltysim.experiments.run import run
from loyaltysim.experiments.theories import (
    at_month_0,
    curve_for,
    curves_for,
    moved_to,
    run_under,
    theory_names,
)
from loyaltysim.report.theories_page import write_theories
from loyaltysim.rules.loyalty import mean_staying
from loyaltysim.scenario.load import load
from loyaltysim.scenario.lower import lower

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
SMALL = (
    "market.customers=80",
    "horizon=13 months",
    "warm_up=1 month",
    "checks=[]",
    "rivals.Bean House.offers=[]",
)


def coffee(*overrides):
    """The coffee scenario, small."""
    return load(SCENARIOS / "coffee.yaml", (*SMALL, *overrides))


@pytest.fixture(scope="module")
def found():
    """The small coffee cart under all seven curves."""
    return run_under(coffee(), replications=4, workers=1)


def test_as_many_stay_under_every_curve():
    """At the standings of month 0. Break: the offset subtracted instead of added."""
    scenario = coffee().scenario
    customers, terms = at_month_0(scenario, scenario.seed)
    own = mean_staying(terms, customers, 0.0)
    for curve in curves_for(scenario, theory_names()):
        moved = curve.loyalty.offset - scenario.loyalty.offset
        if curve.theory == "beta":
            renewal = curve.loyalty.renewal
            stays = renewal.beta / (renewal.alpha + renewal.beta)
        else:
            terms = lower(scenario.model_copy(update={"loyalty": curve.loyalty})).terms
            stays = mean_staying(terms, customers, moved)
        assert curve.met and stays == pytest.approx(own, abs=1e-4), curve.theory


def test_the_standings_of_month_0_under_the_moved_curve_are_moved_as_said():
    """A run under the curve finds everybody who has not moved that many points higher than under its own."""
    scenario = coffee("warm_up=0 months").scenario
    curve = next(c for c in curves_for(scenario, ["competitive"]))
    before, _ = at_month_0(scenario, scenario.seed)
    after, _ = at_month_0(scenario.model_copy(update={"loyalty": curve.loyalty}), scenario.seed)
    assert after["standing"] - before["standing"] == pytest.approx(curve.loyalty.offset, abs=1e-9)


@pytest.mark.parametrize(
    ("curve", "target", "points"),
    [
        (lambda x: 1.0 / (1.0 + math.exp(-x / 10.0)), 0.5, 0.0),
        (lambda x: math.exp(-((x - 30.0) ** 2) / 200.0), math.exp(-0.5), 20.0),  # the rising side of a hump
        (lambda x: 0.9 * math.exp(-((x - 30.0) ** 2) / 200.0), 0.95, 30.0),  # its summit, too low
        (lambda x: max(0.4, min(0.9, 0.4 + x / 100.0)), 0.95, 50.0),  # a plateau: no farther than needed
    ],
)
def test_a_curve_is_moved_to_the_target_or_as_near_as_it_comes(curve, target, points):
    assert moved_to(curve, target) == pytest.approx(points, abs=1e-3)


def test_its_own_curve_is_the_scenario_itself(found):
    """The first is the file as it stands. Break: the own curve fitted, too."""
    plain = run(coffee(), replications=4, workers=1)
    assert found.curves[0].own and found.results[0].digest == plain.digest
    assert [c.theory for c in found.curves] == list(theory_names())
    assert len({one.digest for one in found.results}) == 7


def test_constant_retention_cannot_be_raised(found):
    """Under `constant` the arms leave on the same days: nobody of the base cohort defects more or less."""
    place = [c.theory for c in found.curves].index("constant")
    row = found.results[place].kpi("defection_12m", "effect")
    assert (row["estimate"], row["low"], row["high"]) == (0.0, 0.0, 0.0)


def row(estimate, low, high):
    return {"estimate": estimate, "low": low, "high": high, "unit": "EUR"}


UP, DOWN, ZERO, BETWEEN = row(2, 1, 3), row(-2, -3, -1), row(0, 0, 0), row(1, -1, 3)


@pytest.mark.parametrize(
    ("rows", "verdict"),
    [
        ([UP, UP], "survives"),
        ([DOWN, DOWN], "survives"),
        ([UP, BETWEEN], "depends"),
        ([UP, ZERO], "depends"),
        ([UP, DOWN], "contradicted"),
        ([BETWEEN, ZERO], "open"),
        ([ZERO, ZERO], "nothing"),
        ([row(None, None, None), UP], "survives"),
    ],
)
def test_what_survives(rows, verdict):
    """Break: an interval that touches 0 taken for clear."""
    found = conclusion("profit", ["kotler", "threshold"], rows)
    assert found.verdict == found.of_those_that_matter == verdict
    assert conclusion("profit", ["kotler", "constant"], [UP, DOWN]).of_those_that_matter == "survives"


def test_it_is_told_in_words_and_in_json(found):
    told = "\n".join(lines(found))
    for theory in theory_names():
        assert f"\n{theory} " in told
    assert "highest first:" in told
    document = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert [one["theory"] for one in document["theories"]] == list(theory_names())
    assert {one["verdict"] for one in document["conclusions"]} <= {
        "survives", "depends", "contradicted", "open", "nothing",
    }  # fmt: skip


def test_without_a_programme_levels_are_shown_and_no_effect_claimed():
    found = run_under(coffee("programme="), ["kotler"], replications=2, workers=1)
    assert found.conclusions == [] and found.ranking == []
    assert "no effect that could survive" in lines(found)[-1]


def test_a_scenario_in_which_nobody_leaves_has_no_curve():
    with pytest.raises(UsageError, match="no 'loyalty', so nobody leaves"):
        curve_for(coffee("loyalty="), "kotler")


def test_the_command_line_knows_every_theory():
    from loyaltysim.cli.words import Theory

    assert [one.value for one in Theory] == [*theory_names(), "all"]


def test_nobody_in_the_market_is_no_obstacle():
    """No standings at month 0: the curves stay where they are."""
    entries = "market.entries=[{on: day 3, customers: 5}]"
    scenario = coffee("market.customers=0", "market.entrants=0", "warm_up=0 months", entries).scenario
    curves = curves_for(scenario, ["kotler", "constant"])
    assert np.isfinite([c.stays for c in curves]).all() and curves[0].loyalty.offset == 0.0


def test_each_says_by_which_words_it_is_had_again(found):
    """Break: `--theory` left out of the words, so that the page's command gives other numbers."""
    given = coffee().words
    assert found.results[0].loaded.words == given and given[::2] == ("--set",) * len(SMALL)
    for curve, one in zip(found.curves[1:], found.results[1:], strict=True):
        assert one.loaded.words == (*given, "--theory", curve.theory)


def test_one_page_shows_all_curves(found, tmp_path):
    page = write_theories(found, tmp_path).read_text()
    assert "What survives the choice of the curve" in page
    assert all(theory in page for theory in theory_names())
    assert sorted(path.stem for path in (tmp_path / "theories").glob("*.svg")) == [
        "effect-by-theory",
        "staying-by-theory",
    ]
    assert "--theory all" in page and "market.customers=80" in page
    assert page == write_theories(found, tmp_path).read_text()
