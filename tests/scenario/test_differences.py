"""Two scenarios compared in business words: nothing is missed, nothing made up, and the words are right."""

import json
import re
import sys
from pathlib import Path

import pytest
from small_worlds import MARKET
from test_every_field_is_read import PERTURBED

from loyaltysim import cli
from loyaltysim.scenario.business_words import noun_of
from loyaltysim.scenario.differences import differences, differences_of_sources
from loyaltysim.scenario.form import ROOT
from loyaltysim.scenario.load import load

HERE = Path(__file__).parent
SHIPPED = HERE.parents[1] / "scenarios"
COFFEE = SHIPPED / "coffee.yaml"
VALID = sorted((HERE / "valid").glob("*.yaml"))
PLAIN = HERE / "valid/minimal.yaml"


def told(overrides, base=COFFEE, context=()):
    """The sentences about what overrides change."""
    one, other = load(base, context), load(base, (*context, *overrides))
    return [d.words for d in differences(one.scenario, other.scenario)]


@pytest.mark.parametrize("path", [*VALID, *sorted(SHIPPED.rglob("*.yaml"))], ids=lambda p: p.stem)
def test_a_scenario_does_not_differ_from_itself(path):
    one, other = load(path), load(path)
    assert differences(one.scenario, other.scenario) == []
    assert differences_of_sources(one, other) == []


@pytest.mark.parametrize("field", [field for field, (_, override, _) in PERTURBED.items() if override])
def test_a_change_of_any_field_is_told_in_both_directions(field):
    context, override, _ = PERTURBED[field]
    one = load(MARKET, context).scenario
    other = load(MARKET, (*context, *((override,) if isinstance(override, str) else override))).scenario
    there, back = differences(one, other), differences(other, one)
    assert there and len(there) == len(back)
    assert {(d.path, d.before, d.after) for d in there} == {(d.path, d.after, d.before) for d in back}
    for one_way, other_way in zip(there, back, strict=True):
        assert bool(re.search(r"\brises? from\b", one_way.words)) == bool(
            re.search(r"\bfalls? from\b", other_way.words)
        )
        assert "Undefined" not in one_way.words and "Decimal" not in one_way.words


@pytest.mark.parametrize("path", VALID, ids=lambda p: p.stem)
def test_scenarios_differ_exactly_if_something_is_told(path):
    one, other = load(path), load(PLAIN)
    assert bool(differences(one.scenario, other.scenario)) == (one.text_hash != other.text_hash)


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        (
            "programme.points.worth=0.07 EUR",
            [
                "the reward rises from 5 % to 7 % of sales",
                "the worth of a point rises from 0.05 EUR to 0.07 EUR",
            ],
        ),
        ("firm.service.desks=2", ["the desks of each site of the firm rise from 1 to 2"]),
        ("firm.attributes.quality.level=70", ["the quality of the firm falls from 78 to 70 CSI points"]),
        ("rivals.Kiosk.price_level=-5 %", ["the price level of Kiosk falls from 0 % to -5 %"]),
        ("horizon=2 years", ["the horizon falls from 36 to 24 months"]),
        (
            "market.segments.regulars.switching_cost=6",
            ["the switching cost of regulars rises from 4 to 6 CSI points"],
        ),
        ("loyalty.theory=kotler", ["the theory of loyalty changes from threshold to kotler"]),
        (
            "loyalty.stay=[10 %, 98 %]",
            ["the range of the chance of staying changes from [15 %, 98 %] to [10 %, 98 %]"],
        ),
        ("waiting=", ["the penalty of waiting is gone"]),
        ("programme.points.rounding=up", ["the rounding of points changes from down to up"]),
        ("survey={}", ["the survey is new"]),
        (
            "rivals.Bean House.offers[0].depth=30 %",
            ["the offer of Bean House from month 12 to month 15: the depth rises from 20 % to 30 %"],
        ),
        (
            "rivals.Bean House.offers=[]",
            ["an offer of Bean House is gone; it was from month 12, to month 15, depth 20 %, reach 50 %"],
        ),
        (
            "rivals.Bean House.offers[0].to=month 18",
            ["the offer of Bean House from month 12 to month 15: the end moves from month 15 to month 18"],
        ),
        ("firm.costs.clerk=", ["the cost of a clerk is gone; it was 17 EUR/h"]),
        ("first_day=2027-03-01", ["the first day changes from 2027-01-01 to 2027-03-01"]),
        ("currency=EUR", []),
    ],
)
def test_the_words(override, expected):
    assert told([override]) == expected


def test_a_reward_a_visit_is_told_in_money():
    stamp = SHIPPED / "stamp-card.yaml"
    words = told(["programme.points.worth=0.30 EUR"], base=stamp)
    assert words[0] == "the reward rises from 0.24 EUR to 0.3 EUR a visit"


def test_a_programme_that_runs_already_is_told_as_such():
    context = ("status_quo={points: {earn: 1 / EUR, worth: 0.02 EUR}}",)
    words = told(["status_quo.points.worth=0.03 EUR"], context=context)
    assert words == [
        "so far: the reward rises from 2 % to 3 % of sales",
        "so far: the worth of a point rises from 0.02 EUR to 0.03 EUR",
    ]


def test_the_order_of_names_does_not_matter(tmp_path):
    lines = COFFEE.read_text(encoding="utf-8").splitlines(keepends=True)
    start = next(n for n, line in enumerate(lines) if line.startswith("  Kiosk:"))
    end = next(n for n, line in enumerate(lines) if line.startswith("programme:"))
    first = next(n for n, line in enumerate(lines) if line.startswith("  Bean House:"))
    turned = [*lines[:first], *lines[start:end], *lines[first:start], *lines[end:]]
    (tmp_path / "turned.yaml").write_text("".join(turned), encoding="utf-8")
    one, other = load(COFFEE).scenario, load(tmp_path / "turned.yaml").scenario
    assert list(one.rivals) != list(other.rivals)
    assert differences(one, other) == []


def test_items_of_a_list_are_told_apart_by_their_day_and_not_by_their_place():
    first = "{from: month 3, to: month 4, depth: 10 %}"
    second = "{from: month 12, to: month 15, depth: 20 %, reach: 50 %}"
    assert told([f"rivals.Bean House.offers=[{first}, {second}]"]) == [
        "an offer of Bean House is new: from month 3, to month 4, depth 10 %"
    ]
    turned = told(
        [f"rivals.Bean House.offers=[{second}, {first}]"],
        context=(f"rivals.Bean House.offers=[{first}, {second}]",),
    )
    assert turned == ["the order of the list changes: offer of Bean House"]


def test_a_file_differs_from_what_it_extends_by_what_it_says(tmp_path):
    folder = tmp_path / "scenarios"
    folder.mkdir()
    (folder / "base.yaml").write_text(PLAIN.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "over.yaml").write_text("extends: base.yaml\nmarket: {customers: 900}\n", encoding="utf-8")
    one, other = load(folder / "base.yaml"), load(folder / "over.yaml")
    assert [d.words for d in differences(one.scenario, other.scenario)] == [
        "the number of customers in the market rises from 600 to 900"
    ]


def test_sources_and_ranges_are_told_apart_from_values():
    one = load(COFFEE)
    other = load(COFFEE, ("loyalty.steepness={value: 4, range: [2, 10], source: a survey}",))
    assert differences(one.scenario, other.scenario) == []
    assert [d.words for d in differences_of_sources(one, other)] == [
        "loyalty.steepness: the range given for the number changes from [1, 10] to [2, 10]",
        "loyalty.steepness: the source given for the number changes from "
        "'design default, SCIENCE E10' to 'a survey'",
    ]


# ---------------------------------------------------------------- the verb


@pytest.fixture
def call(monkeypatch, capsys):
    """Run the command line in this process: (exit code, stdout, stderr)."""

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["loyaltysim", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        printed = capsys.readouterr()
        return end.value.code or 0, printed.out, printed.err

    return run


@pytest.fixture
def dearer(tmp_path):
    """The coffee cart with a point that is worth more."""
    path = tmp_path / "dearer.yaml"
    text = COFFEE.read_text(encoding="utf-8").replace("worth: 0.05 EUR", "worth: 0.07 EUR")
    path.write_text(text.replace("design default, SCIENCE E10", "a survey"), encoding="utf-8")
    return path


def test_diff_ends_with_0_if_nothing_differs(call):
    assert call("diff", COFFEE, COFFEE) == (0, "", "the scenarios are the same\n")


def test_diff_ends_with_1_if_something_differs(call, dearer):
    code, out, err = call("diff", COFFEE, dearer)
    assert code == 1
    assert out.splitlines()[0] == "the reward rises from 5 % to 7 % of sales"
    assert err == "sources and ranges: 1 differ as well; --sources tells them\n"
    assert "a survey" in call("diff", COFFEE, dearer, "--sources")[1]


def test_diff_ends_with_2_if_a_file_cannot_be_read(call, tmp_path):
    code, out, err = call("diff", COFFEE, tmp_path / "missing.yaml")
    assert (code, out) == (2, "")
    assert "no such file" in err


def test_diff_as_json(call, dearer):
    code, out, _ = call("diff", COFFEE, dearer, "--json")
    found = json.loads(out)
    assert code == 1
    assert found["scenarios"] == [str(COFFEE), str(dearer)]
    assert found["differences"][1] == {
        "path": "programme.points.worth",
        "before": "0.05 EUR",
        "after": "0.07 EUR",
        "words": "the worth of a point rises from 0.05 EUR to 0.07 EUR",
    }
    assert json.loads(call("diff", COFFEE, COFFEE, "--json")[1])["differences"] == []


NAMED_BY_THEIR_PLACE = {  # wholes, and what hangs on a single study
    "checks", "events", "levers", "uncertainties", "schema", "observed",
}  # fmt: skip


def leaves(form, path=()):
    """Every place of a scenario that holds a value, names written as `*`; nothing within lists."""
    if form.model is not None:
        for name in form.fields():
            yield from leaves(form.child(name), (*path, name))
    elif form.named is not None:
        yield from leaves(form.child("*"), (*path, "*"))
    elif form.listed is None or form.child(0).model is None:
        yield path


def test_every_field_is_called_by_a_noun():
    """A field that is new has a noun, too. Break: take one out of the tables."""
    unnamed = [
        ".".join(path)
        for path in leaves(ROOT)
        if path[0] not in NAMED_BY_THEIR_PLACE and noun_of(path).text.startswith(f"{'.'.join(path[:-1])}: ")
    ]
    assert unnamed == []
