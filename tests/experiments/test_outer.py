"""The outer loop: who shares a draw, what adds none, and what becomes of intervals."""

import json

import numpy as np
import pytest
from small_worlds import MARKET

from loyaltysim.errors import ScenarioError, UsageError
from loyaltysim.experiments.compare import compare
from loyaltysim.experiments.moves import lines
from loyaltysim.experiments.outer import CUBE, outer_of
from loyaltysim.experiments.run import run
from loyaltysim.experiments.why import reasons
from loyaltysim.metrics.statistics import mean_interval
from loyaltysim.scenario.load import load

LEVEL = "firm.attributes.quality.level"
SHORT = ("horizon=8 months",)
WORTH = "programme.points.worth: {uniform: [0.05 EUR, 0.3 EUR]}"
TWO = f"uncertainties={{loyalty.offset: {{uniform: [-9, 9]}}, {WORTH}}}"


def market(*overrides):
    """The small market, shorter."""
    return load(MARKET, (*SHORT, *overrides))


def test_draws_are_a_latin_hypercube_keyed_by_path():
    """Each twentieth once; another number, or more replications, change no draw; another seed does.

    Catches: one generator for all columns.
    """
    two, one = market(TWO), market("uncertainties={loyalty.offset: {uniform: [-9, 9]}}")
    outer = outer_of(two, 7)
    shares = [outer.shares(draw) for draw in range(2 * CUBE)]
    for path in two.scenario.uncertainties:
        for cube in (shares[:CUBE], shares[CUBE:]):
            assert sorted(int(share[path] * CUBE) for share in cube) == list(range(CUBE))
    assert [s["loyalty.offset"] for s in shares] == [
        outer_of(one, 7).shares(d)["loyalty.offset"] for d in range(2 * CUBE)
    ]
    assert outer_of(two, 8).shares(0) != shares[0]


def test_what_is_drawn_together_moves_together():
    """Rows of values stay rows."""
    law = "{{values: [{}], together: fit}}".format
    outer = outer_of(
        market(f"uncertainties={{loyalty.offset: {law('-2, 0, 2')}, loyalty.steepness: {law('3, 4, 5')}}}"), 1
    )
    rows = {tuple(outer.settings(draw).values()) for draw in range(CUBE)}
    assert rows == {("-2", "3"), ("0", "4"), ("2", "5")}


def test_a_law_without_width_changes_nothing():
    """A number that is drawn as it was written gives the same records, whatever the engine or the workers."""
    plain = run(market(), replications=4, workers=1)
    same = "uncertainties={loyalty.offset: {values: [1, 1]}}"
    for how in ({"workers": 1, "engine": "simpy"}, {"workers": 2}):
        assert run(market(same), replications=4, **how).digests == plain.digests


def test_replications_of_a_draw_differ_by_luck_and_arms_share_it():
    """Replication r lives draw r // 2 with its own luck: what a run of that very scenario lives."""
    results = run(market(TWO), replications=6, workers=1)
    outer = results.outer
    for number in (0, 1, 5):
        set_to = [f"{path}={value}" for path, value in outer.settings(number // 2).items()]
        known = run(market(*set_to), replications=6, workers=1)
        assert known.digests[number] == results.digests[number]


def test_intervals_are_over_draws_and_say_apart_what_is_not_known():
    """Two replications of a draw are one value: the t interval is that of the draws' means.

    Catches: intervals over all replications.
    """
    results = run(market(TWO), replications=8, workers=1)
    row = results.kpi("incremental_contribution")
    values = results.samples.query("kpi == 'incremental_contribution'")
    means = values.groupby("draw")["value"].mean().tolist()
    assert (row["low"], row["high"], row["n"]) == pytest.approx((*mean_interval(means)[1:3], 4))
    told = row["uncertainty"]
    assert told["draws"] == 4 and 0.0 <= told["share"] <= 1.0 and told["luck_sd"] > 0.0
    assert json.loads(json.dumps(results.to_json(), allow_nan=False))["uncertainty"]["draws"] == 4
    assert any("4 draws, 2 replications of each" in line for line in lines(results))


def test_what_moves_it_is_found():
    """The worth of a point moves what the programme costs, the offset does not by much."""
    results = run(market(TWO, "replications_per_draw=1"), replications=40, workers=2)
    cost = [row for row in results.moves if row["kpi"] == "programme_cost"]
    assert cost[0]["paths"] == ["programme.points.worth"] and cost[0]["clear"] and cost[0]["part"] > 0.5
    assert cost[0]["at_low"] < cost[0]["at_high"]
    assert results.kpi("programme_cost", "programme")["uncertainty"] is None
    assert any("one replication a draw" in text for text in results.warnings)


def test_all_is_kept_and_resumed(tmp_path):
    """draws.csv tells the draws; kpis.csv names the draw; what was kept is what a fresh run gives."""
    first = run(market(TWO), replications=4, workers=1, out=tmp_path)
    more = run(market(TWO), replications=6, workers=1, out=tmp_path, resume=True)
    assert more.digests[:4] == first.digests
    draws = (tmp_path / "draws.csv").read_text().splitlines()
    assert draws[0] == "draw,path,value" and len(draws) == 1 + 3 * 2
    assert (tmp_path / "kpis.csv").read_text().splitlines()[0] == "scenario,arm,replication,draw,kpi,value"


def test_files_that_are_compared_share_the_draws():
    """A file with itself is exactly 0; else the difference is that of the same draws, and so is why."""
    a, b = market(TWO), market(TWO, f"{LEVEL}=84", "name=better", "firm.price_level=-1 %")
    same = compare([a, market(TWO, "name=same")], replications=4, workers=1)
    assert {row["estimate"] for row in same.differences if row["estimable"]} == {0.0}
    found = compare([a, b], replications=6, workers=1)
    row = next(r for r in found.differences if r["kpi"] == "revenue")
    values = [one.samples.query("kpi == 'revenue' and arm == 'programme'") for one in found.results]
    apart = values[1]["value"].to_numpy() - values[0]["value"].to_numpy()
    assert row["n"] == 3 and row["estimate"] == pytest.approx(apart.mean())
    shares = reasons(found, ["revenue"], workers=1)
    assert {r["part"].split(".")[0] for r in shares} == {"firm"} and len(shares) == 2
    assert sum(r["estimate"] for r in shares) == pytest.approx(row["estimate"])
    assert {r["n"] for r in shares} == {3}


def test_a_certain_file_beside_an_uncertain_one():
    """Pairs are draws in both; files that live draws unlike often are refused."""
    found = compare([market(), market(TWO, "name=not sure")], replications=6, workers=1)
    assert next(r for r in found.differences if r["kpi"] == "revenue")["n"] == 3
    with pytest.raises(UsageError, match="live 2 and 3 replications of a draw"):
        compare([market(TWO), market(TWO, "replications_per_draw=3", "name=x")], replications=6, workers=1)


def test_draws_that_are_no_scenario_are_told_before_anything_is_lived():
    """Shares of segments that no longer sum to 100 %."""
    odd = market("uncertainties={market.segments.regulars.share: {uniform: [30 %, 70 %]}}")
    with pytest.raises(ScenarioError, match=r"uncertainties: draw 0 .*is no scenario.*100 %"):
        run(odd, replications=4, workers=1)


def test_under_another_curve_the_draws_stay():
    """`--theory` replaces the curve; everything else is drawn as before."""
    from loyaltysim.experiments.theories import curve_for, under

    other = under(market(TWO), curve_for(market(TWO), "kotler"))
    drawn = outer_of(other, 7).at(0)
    assert drawn.loyalty.theory == "kotler"
    assert drawn.programme.points.worth == outer_of(market(TWO), 7).at(0).programme.points.worth
    assert np.isfinite(run(other, replications=2, workers=1).kpi("revenue", "programme")["estimate"])
