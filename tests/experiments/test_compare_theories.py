"""Scenario files side by side under every curve: one curve for all of them, verdicts on their differences."""

import json
from pathlib import Path

import pytest

from loyaltysim.errors import UsageError
from loyaltysim.experiments.compare import compare
from loyaltysim.experiments.compare_theories import all_under, compare_under, lines
from loyaltysim.experiments.theories import curves_for
from loyaltysim.scenario.load import load

COFFEE = Path(__file__).resolve().parents[2] / "scenarios" / "coffee.yaml"
SMALL = ("market.customers=80", "horizon=13 months", "warm_up=1 month", "checks=[]")
CURVES = ["kotler", "constant"]


def coffee(*overrides):
    """The coffee scenario, small."""
    return load(COFFEE, (*SMALL, "rivals.Bean House.offers=[]", *overrides))


@pytest.fixture(scope="module")
def found():
    """Dear goods, and the same file once more, against the shipped one, under three curves."""
    files = [coffee(), coffee("firm.costs.goods=60 %", "name=dear"), coffee("name=same")]
    return compare_under(files, CURVES, replications=4, workers=1)


def verdicts(found, scenario):
    return {one.kpi: one for name, one in found.conclusions if name == scenario}


def test_the_first_curve_is_the_files_as_they_stand(found):
    """Break: the baseline's own curve fitted, too."""
    plain = compare([coffee(), coffee("firm.costs.goods=60 %", "name=dear")], replications=4, workers=1)
    assert [c.theory for c in found.curves] == ["threshold", *CURVES]
    for one, other in zip(found.comparisons[0].results, plain.results, strict=False):
        assert one.digest == other.digest
    assert len({c.results[0].digest for c in found.comparisons}) == 3


def test_dearer_goods_cost_profit_under_every_curve_and_nothing_else(found):
    """A conclusion that cannot hang on the curve; customers live alike, to the last one."""
    told = verdicts(found, "dear")
    assert told["profit"].verdict == "survives" and set(told["profit"].signs.values()) == {"below"}
    assert told["customers_end"].verdict == told["share_of_wallet"].verdict == "nothing"
    assert {tuple(order[-1:]) for order in found.ranking().values()} == {("dear",)}


def test_a_file_compared_with_itself_differs_under_no_curve(found):
    """TRUST M2. Break: another seed under another curve for one of the files."""
    assert {one.verdict for one in verdicts(found, "same").values()} == {"nothing"}


def test_all_files_live_under_the_baselines_curve():
    """Not each under one fitted to itself: better quality would be taken back by the offset.

    Break: `curves_for` of each file.
    """
    better = coffee("firm.attributes.quality.level=90", "name=better", "loyalty.offset=2")
    files = [coffee("loyalty.offset=1"), better]
    (curve,) = curves_for(files[0].scenario, ["kotler"])
    base, other = (one.scenario.loyalty for one in all_under(files, curve, 0))
    assert base == curve.loyalty
    assert other.theory == "kotler" and other.offset == pytest.approx(curve.loyalty.offset + 1.0, abs=1e-6)
    (constant,) = curves_for(files[0].scenario, ["constant"])
    assert {one.scenario.loyalty.rate for one in all_under(files, constant, 0)} == {constant.loyalty.rate}


def test_it_is_told_in_words_and_in_json(found):
    told = "\n".join(lines(found))
    assert "dear, less coffee" in told.lower() and "Survives: Profit is below 0 under every curve" in told
    assert "highest first:" in told and "The order" in told
    document = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert [one["theory"] for one in document["theories"]] == ["threshold", *CURVES]
    assert {one["scenario"] for one in document["conclusions"]} == {"dear", "same"}
    assert set(document["ranking"]) == {"threshold", *CURVES}


def test_a_file_in_which_nobody_leaves_has_no_curve():
    with pytest.raises(UsageError, match="nobody leaves"):
        compare_under([coffee(), coffee("loyalty=", "name=bound")], CURVES, replications=2, workers=1)
