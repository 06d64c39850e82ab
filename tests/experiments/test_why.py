"""Why two files differ: Shapley shares on common luck."""

from pathlib import Path

import pytest

from loyaltysim.errors import UsageError
from loyaltysim.experiments.compare import compare
from loyaltysim.experiments.why import children, lines, partitions, reasons, shapley, subsets, why
from loyaltysim.scenario.load import load

COFFEE = Path(__file__).resolve().parents[2] / "scenarios" / "coffee.yaml"
SMALL = ("market.customers=80", "horizon=13 months", "warm_up=1 month", "checks=[]")


def coffee(*overrides):
    """The coffee scenario, small."""
    return load(COFFEE, (*SMALL, "rivals.Bean House.offers=[]", *overrides))


def values_of(parts, function):
    """v of every subset, one replication."""
    return {chosen: [function({".".join(p) for p in chosen})] for chosen in subsets(parts)}


def test_parts_that_only_work_together_share_alike():
    """Shapley (1953): v = 6 where a and b are both there, and 1 for c: 3, 3 and 1; d changes nothing.

    Break: every set weighs 1/k.
    """
    parts = [("a",), ("b",), ("c",), ("d",)]
    v = values_of(parts, lambda there: 6.0 * ({"a", "b"} <= there) + 1.0 * ("c" in there))
    shares = shapley(parts, v)
    assert [shares[p][0] for p in parts] == pytest.approx([3.0, 3.0, 1.0, 0.0], abs=1e-12)


def test_shares_do_not_hang_on_the_order_and_sum_to_the_difference():
    """The glove game: a left glove and two right ones: 4/6, 1/6, 1/6."""
    parts = [("left",), ("right",), ("other",)]
    v = values_of(parts, lambda there: 1.0 * ("left" in there and bool({"right", "other"} & there)))
    there, back = shapley(parts, v), shapley(parts[::-1], v)
    assert [there[p][0] for p in parts] == pytest.approx([4 / 6, 1 / 6, 1 / 6])
    assert [there[p] for p in parts] == [pytest.approx(back[p]) for p in parts]


@pytest.fixture(scope="module")
def compared():
    """Dearer stars, a second desk, another seed of names: against the shipped file."""
    ours = coffee("programme.points.worth=0.08 EUR", "firm.service.desks=2", "name=dearer", "question=Why?")
    return compare([coffee(), ours], replications=5, workers=1)


@pytest.mark.parametrize("figure", ["retention_12m", "profit", "incremental_contribution"])
def test_the_shares_of_a_difference_sum_to_it(compared, figure):
    """Of the estimates, by replication; parts are the finest that can be mixed."""
    rows = reasons(compared, [figure], workers=1)
    assert [row["part"] for row in rows] == ["firm.service.desks", "programme.points.worth"]
    whole = next(one for one in compared.differences if one["kpi"] == figure)
    total = sum(row["estimate"] for row in rows)
    assert total == pytest.approx(whole["estimate"], rel=1e-9, abs=1e-9)


def test_files_that_differ_in_words_only_have_nothing_to_explain():
    assert why(coffee(), coffee("name=other", "question=Why?"), ["profit"], replications=2) == []


def test_what_is_missing_from_one_file_is_one_part():
    """No programme against a programme: the programme as a whole, since nothing smaller is in both."""
    without = coffee("programme=null", "name=without")
    parts = list(partitions(coffee(), without))[-1]
    assert parts == [("programme",)]
    assert children({"x": 1}, {"x": 1}, ()) == []


def test_more_than_six_parts_are_refused_in_words():
    many = [
        "first_day=2028-01-01", "warm_up=2 months", "loyalty.steepness=5",
        "experience.beta_up=0.1", "reputation.speed=0.3", "market.customers=90", "waiting.penalty=30",
    ]  # fmt: skip
    with pytest.raises(UsageError, match="differ in 7 parts, more than 6"):
        list(partitions(coffee(), coffee(*many)))


def test_an_unknown_figure_is_refused_with_the_one_that_was_meant():
    with pytest.raises(UsageError, match="did you mean 'profit'"):
        why(coffee(), coffee("firm.service.desks=2"), ["proft"])


def test_what_a_change_is_stands_in_the_words_of_diff(compared):
    """Break: the path in their place."""
    rows = reasons(compared, ["profit"], workers=1)
    assert {row["part"]: row["words"] for row in rows} == {
        "firm.service.desks": "the desks of each site of the firm rise from 1 to 2",
        "programme.points.worth": "the worth of a point rises from 0.05 EUR to 0.08 EUR",
    }
    assert any(
        line.endswith("the desks of each site of the firm rise from 1 to 2") for line in lines(rows, str)
    )
