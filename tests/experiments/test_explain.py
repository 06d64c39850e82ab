"""What `check --explain` expects: by hand on a small scenario, and against a run of the coffee shop."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.special import gammainc

from loyaltysim.engines.simulate import simulate
from loyaltysim.experiments.explain import explain, no_steady_state
from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.metrics.terms import terms_of
from loyaltysim.metrics.view import views
from loyaltysim.rules.ledger import M
from loyaltysim.scenario.load import load
from loyaltysim.scenario.lower import lower

COFFEE = Path(__file__).parents[2] / "scenarios" / "coffee.yaml"


def told(*overrides):
    """The explanation of the coffee shop with these changes."""
    return explain(load(COFFEE, overrides).scenario)


def test_expectations_are_those_of_a_pocket_calculator():
    """210 of 600 are at home; half come 2.5, half 7.5 times a month; 90 s each at one desk, 4 h a day.

    A point costs 80 % x 5 cent x (40 % + 60 % x 32 %) = 2.368 cent; a basket rounded down earns half a
    point less than it is worth: 5.3 and 4.5 points.
    """
    found = told()
    assert found.value("visits_a_month") == pytest.approx(1050)
    assert found.value("utilisation") == pytest.approx(1050 * 1.5 / (240 * 365 / 12))
    assert found.value("months_to_first_reward", "occasionals") == pytest.approx(100 / (2.5 * 5.3))
    assert found.value("months_to_first_reward", "regulars") == pytest.approx(100 / (7.5 * 4.5))
    sales = 105 * (2.5 * 5.8 + 7.5 * 5.0)
    rewards = 105 * (2.5 * 5.3 + 7.5 * 4.5) * 0.02368
    assert found.value("programme_cost_share") == pytest.approx((rewards + 40) / sales)
    rate = rewards / sales
    assert found.value("break_even_lift") == pytest.approx(rate / (0.68 - rate))
    assert found.warnings == []


@pytest.mark.parametrize(
    ("goods", "earn", "lift"), [("70 %", 1, 0.0345), ("70 %", 3, 0.1111), ("90 %", 2, 0.25)]
)
def test_break_even_lift_is_the_closed_form(goods, earn, lift):
    """C31: rho / (g - rho), with points worth a cent that all cost their face."""
    found = told(
        f"firm.costs.goods={goods}",
        f"programme.points={{earn: {earn} / EUR, worth: 0.01 EUR, displacement: 100 %, rounding: nearest}}",
        "finance.point.redeemed=100 %",
    )
    assert found.value("break_even_lift") == pytest.approx(lift, abs=5e-5)


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("programme.points.minimum=500", "'regulars' never holds a reward"),
        ("firm.service.time={mean: 8 min}", "overloaded"),
        ("programme.points.worth=2 EUR", "every sale to a member loses money"),
        ("programme.points.worth=0.30 EUR", "able to outweigh any experience"),
        ("opening=fresh", "settles in 60 months"),
        ("experience.decay=2 years", "half-life of satisfaction"),
        ("programme.points.expiry=48 months", "no point lapses"),
    ],
)
def test_a_warning_names_what_one_should_know(override, words):
    assert any(words in text for text in told(override).warnings)


def test_overloaded_desks_where_nobody_gives_up_have_no_steady_state():
    slow = ("firm.service.time.mean=20 min",)
    (told,) = no_steady_state(load(COFFEE, (*slow, "firm.service.patience=")).scenario)
    assert "no steady state" in told
    assert list(no_steady_state(load(COFFEE, slow).scenario)) == []
    assert list(no_steady_state(load(COFFEE, ("firm.service.patience=",)).scenario)) == []
    assert list(no_steady_state(load(COFFEE, ("firm.service=", "waiting=")).scenario)) == []


def test_self_service_and_peaks_are_known():
    """Of a half that serves itself a fifth fails and joins the line; twice the mean comes at the peak."""
    found = told("firm.service.self_service={share: 50 %, fails: 20 %}", "firm.service.peaks=[1, 0, 1, 0]")
    assert found.value("utilisation") == pytest.approx(0.6 * told().value("utilisation"))
    assert found.value("utilisation_at_peak") == pytest.approx(2 * found.value("utilisation"))
    found = told("firm.service.time={mean: 4 min}", "firm.service.peaks=[1, 0, 1, 0]")
    assert [text for text in found.warnings if "at the peak" in text]


def test_purchases_away_from_home_are_known():
    """A fifth of those at home buy away; of the others a fifth, at one of two places: here or there."""
    found = told("loyalty.away={at_par: 20 %, slope: 30}")
    assert found.value("visits_a_month") == pytest.approx(3000 * (0.35 * 0.8 + 0.65 * 0.2 / 2))
    assert found.value("months_to_first_reward", "regulars") == pytest.approx(100 / (7.5 * 0.8 * 4.5))


TIERS = "programme.tiers={{window: 12 months, levels: {{high: {{from: {0}}}}}}}"


def test_a_tier_that_hardly_anybody_reaches_is_known():
    """Rates are gamma of shape 1.5; of those who come 7.5 times a month on average .45 fill 90 in a year."""
    found = told(TIERS.format("90 visits"))
    few, many = (1 - gammainc(1.5, 1.5 * 90 / (12 * rate)) for rate in (2.5, 7.5))
    assert found.value("tier_reached", "high") == pytest.approx((few + many) / 2)
    assert not any("tier" in text for text in found.warnings)
    assert any(
        "hardly anybody reaches the tier 'high'" in t for t in told(TIERS.format("900 visits")).warnings
    )
    assert any("no window ends" in t for t in told(TIERS.format("9 visits").replace("12", "60")).warnings)


def test_a_programme_that_runs_already_needs_a_warm_up_as_long_as_its_windows():
    running = "status_quo={points: {earn: 1 / EUR, worth: 0.05 EUR, expiry: 24 months}}"
    assert any("the expiry of points of the programme that runs" in t for t in told(running).warnings)
    assert not any("runs already" in t for t in told(running, "warm_up=24 months").warnings)


def test_a_firm_without_desks_and_programme_says_how_often_it_is_visited():
    found = told("firm.service=", "programme=", "checks=[]")
    assert [one.name for one in found.expected] == ["visits_a_month"]


@pytest.mark.statistical
def test_a_run_comes_near_the_expectations():
    """Within 15 %: the programme wins customers over three years, which the envelope does not know."""
    scenario = load(COFFEE).scenario
    numbers, terms = lower(scenario), terms_of(scenario)
    arms = [views(simulate(numbers, r, scenario.seed, "compiled"), terms)[0] for r in range(4)]
    expected = explain(scenario)

    def lived(name):
        pairs = np.array([CATALOGUE[name].formula(arm) for arm in arms], float)
        return pairs[:, 0].sum() / pairs[:, 1].sum()

    for name in ("utilisation", "break_even_lift"):
        assert lived(name) == pytest.approx(expected.value(name), rel=0.15), name
    for place, segment in enumerate(terms.segments):
        money = sum(arm.arm.money[arm.warm_up :, place].sum(axis=0) for arm in arms)
        points_a_month = money[M.POINTS_ISSUED] / money[M.HOME_CUSTOMERS]
        months = scenario.programme.points.minimum / points_a_month
        assert months == pytest.approx(expected.value("months_to_first_reward", segment), rel=0.15), segment


def test_the_command_prints_it_for_people_and_for_machines():
    words = [sys.executable, "-m", "loyaltysim.cli", "check", "--explain", str(COFFEE)]
    out = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    assert out.startswith(f"{COFFEE}: ok\n") and "break even lift" in out and "21.6 %" in out
    out = subprocess.run([*words, "--json"], capture_output=True, text=True, check=True).stdout
    (one,) = json.loads(out)
    assert one["ok"] and one["warnings"] == []
    assert {"name", "of", "value", "unit", "how"} == set(one["expected"][0])


def test_classes_of_products_and_a_rollout_are_reckoned_with():
    """All in a class that earns twice is earning twice; a rollout to half the customers costs half."""
    points = "programme.points={{earn: {} / EUR, worth: 0.01 EUR, rounding: nearest}}"
    names = load(COFFEE).scenario.market.segments
    buys = [f"market.segments.{name}.buys={{fresh: 100 %}}" for name in names]
    classes = told(*buys, points.format(1), "programme.points.classes={fresh: 2}")
    twice = told(points.format(2))
    assert classes.expected == twice.expected
    half = told(points.format(2), "programme.rollout={share: 50 %}", "programme.fixed=0 EUR/month")
    whole = told(points.format(2), "programme.fixed=0 EUR/month")
    assert half.value("programme_cost_share") == pytest.approx(whole.value("programme_cost_share") / 2)


def test_what_is_given_at_the_till_is_in_the_cost():
    """Without points: 10 % off, 5 % back of the rest, and one purchase in five brings a gift of 50 cent.

    Break: cash back left out, as it was once: a programme of cash back alone was told to cost nothing.
    """
    alone = ("programme.points=", "programme.fixed=", "programme.cashback=5 %", "firm.costs.goods=70 %")
    found = told(*alone)
    assert found.value("programme_cost_share") == pytest.approx(0.05)
    assert found.value("break_even_lift") == pytest.approx(0.05 / 0.25)
    more = (
        "programme.member_price={discount: 10 %}",
        "programme.surprise={chance: 20 %, value: 5, cost: 0.50 EUR}",
    )
    found = told(*alone, *more)
    sales, visits = 105 * (2.5 * 5.8 + 7.5 * 5.0), 1050
    assert found.value("programme_cost_share") == pytest.approx(0.1 + 0.9 * 0.05 + visits * 0.2 * 0.5 / sales)


def test_what_the_cost_leaves_out_is_said():
    tiers = "programme.tiers={levels: {gold: {from: 60 visits, multiplier: 1.5}}}"
    (cost,) = [one for one in told(tiers).expected if one.name == "programme_cost_share"]
    assert cost.how.endswith("without what is given by tiers")
    assert "without" not in next(one.how for one in told().expected if one.name == "programme_cost_share")


def test_what_is_given_shortens_the_way_to_the_first_reward():
    """Twelve stamps of which two are given are ten to go. Break: the minimum alone, 4.8 months."""
    two = "programme.points={earn: 1 / visit, minimum: 12, endowed: {points: 2}}"
    ten = "programme.points={earn: 1 / visit, minimum: 10}"
    assert told(two).value("months_to_first_reward", "occasionals") == pytest.approx(4.0)
    assert told(two).value("months_to_first_reward", "occasionals") == told(ten).value(
        "months_to_first_reward", "occasionals"
    )
    assert told("programme.points.sign_up=150").value("months_to_first_reward", "regulars") == 0.0
