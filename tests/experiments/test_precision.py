"""Replicating until an interval is narrow enough."""

from pathlib import Path

import pytest

from loyaltysim.errors import UsageError
from loyaltysim.experiments import precision, run
from loyaltysim.experiments.compare import compare
from loyaltysim.experiments.precision import next_look, target_of
from loyaltysim.scenario.load import load

COFFEE = Path(__file__).resolve().parents[2] / "scenarios" / "coffee.yaml"
SMALL = ("market.customers=30", "horizon=12 months", "warm_up=0 months", "checks=[]")


def coffee(*overrides):
    """The coffee scenario, tiny."""
    return load(COFFEE, (*SMALL, "rivals.Bean House.offers=[]", *overrides))


def test_looks_are_at_40_48_58_and_so_on():
    looks = [next_look(0)]
    for _ in range(4):
        looks.append(next_look(looks[-1]))
    assert looks == [40, 48, 58, 70, 84]


@pytest.mark.parametrize(
    ("text", "width"),
    [("profit=200", 200.0), ("retention_12m=0.5%", 0.005), (" retention_12m = 0.5 % ", 0.005)],
)
def test_a_target_is_a_figure_and_a_width(text, width):
    assert target_of(text).half_width == pytest.approx(width)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("profit", "write kpi=half-width"),
        ("profit=0", "write kpi=half-width"),
        ("profit=1e400", "write kpi=half-width"),
        ("profit=-3", "write kpi=half-width"),
        ("proft=3", "did you mean 'profit'"),
    ],
)
def test_what_is_no_target_is_refused_in_words(text, words):
    with pytest.raises(UsageError, match=words):
        target_of(text)


def test_a_run_goes_on_until_it_is_precise_and_no_further():
    """The half-width asked for is what 58 replications give; those lived are the first of a run of 58."""
    plain = run.run(coffee(), replications=58, workers=1)
    asked = (plain.kpi("profit")["high"] - plain.kpi("profit")["estimate"]) * 1.001
    found = run.run(coffee(), precision=[f"profit={asked}"], workers=1)
    assert found.replications in (40, 48, 58)
    half = (found.kpi("profit")["high"] - found.kpi("profit")["low"]) / 2
    assert half <= asked
    assert found.digests == plain.digests[: found.replications]


def test_what_cannot_be_reached_is_told(monkeypatch):
    monkeypatch.setattr(run, "MOST", 48)
    found = run.run(coffee(), precision=["profit=0.01"], workers=1)
    assert found.replications == 48
    assert any("profit: half-width" in text and "0.01 was asked for" in text for text in found.warnings)


def test_a_comparison_goes_on_until_the_difference_is_precise(monkeypatch):
    """Two files alike: the difference is 0 at once; two that differ: as far as it may go."""
    other = coffee("programme.points.worth=0.08 EUR", "name=dearer")
    assert (
        compare([coffee(), coffee("name=same")], precision=["profit=1"], workers=1).results[0].replications
        == 40
    )
    monkeypatch.setattr("loyaltysim.experiments.compare.MOST", 48)
    found = compare([coffee(), other], precision=["profit=0.001"], workers=1)
    assert [one.replications for one in found.results] == [48, 48]
    assert "dearer: profit: half-width" in found.warnings[0]
    assert precision.FIRST_LOOK == 40


def test_without_a_programme_the_figure_itself_is_to_be_precise(monkeypatch):
    """Its effect is 0 at once. Break: the effect judged, so that 40 replications were always enough."""
    monkeypatch.setattr(run, "MOST", 48)
    found = run.run(coffee("programme="), precision=["profit=0.01"], workers=1)
    assert found.replications == 48
    assert any("profit: half-width" in text for text in found.warnings)


def test_a_figure_that_the_scenario_does_not_have_is_refused_before_anything_is_lived():
    with pytest.raises(UsageError, match=r"tier_share\.1: this scenario has no such figure"):
        run.run(coffee(), precision=["tier_share.1=1%"], workers=1)
    with pytest.raises(UsageError, match="renewal_rate: this scenario has no such figure"):
        compare([coffee(), coffee("name=other")], precision=["renewal_rate=1%"], workers=1)
