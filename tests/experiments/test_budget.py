"""A budget judged: draws of its own, verdicts, resuming, the largest lever, the stresses."""

from types import SimpleNamespace

import numpy as np
import pytest
from small_worlds import MARKET

from loyaltysim.errors import UsageError
from loyaltysim.experiments import limits_of_levers
from loyaltysim.experiments.budget import budget
from loyaltysim.experiments.budget_words import cap_lines, lever_lines, lines, stress_lines
from loyaltysim.experiments.capped import capped
from loyaltysim.experiments.stresses import STRESSES, stressed, stresses
from loyaltysim.scenario.load import altered, load

UNKNOWN = "uncertainties={programme.points.worth: {uniform: [0.05 EUR, 0.15 EUR]}}"
SHORT = ("horizon=12 months", "warm_up=1 month", "market.customers=40", UNKNOWN)
AMOUNT = "finance.budget={{amount: {} EUR/year, limits: {{liability: 9000 EUR}}}}"
TIERS = "programme.tiers={levels: {low: {from: 2 visits}, high: {from: 40 visits, multiplier: 1.5}}}"


def market(*overrides, amount=9_000):
    """The small market with a budget."""
    return load(MARKET, (*SHORT, AMOUNT.format(amount), *overrides))


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """A budget that is never spent, and the folder it is kept in."""
    folder = tmp_path_factory.mktemp("budget")
    return budget(market(), replications=80, workers=2, out=folder), folder


def test_what_is_judged(judged):
    """Never spent: go, with Clopper-Pearson's upper end of 0 of 80; the split names its pairs.

    Catches: judged by the estimate in place of the interval's worse end.
    """
    found, _ = judged
    assert found.dearest.overspent.estimate == 0.0 and found.dearest.overspent.high < 0.05
    assert found.go and [one.name for one in found.verdicts] == ["overspend", "liability"]
    assert found.split["pairs"] == 16 and len(found.costs) == 80 and len(found.digests) == 96
    assert found.moves[0]["paths"] == ["programme.points.worth"] and found.moves[0]["clear"]
    assert any("GO" in line for line in lines(found))


def test_replications_lived_again_share_the_draw_and_not_the_luck(judged):
    """Replication 80 lives the draw of replication 0 with luck of its own.

    Catches: the draw of replication 80.
    """
    from loyaltysim.experiments.outer import outer_of
    from loyaltysim.experiments.run import run

    found, _ = judged
    settings = outer_of(found.loaded, found.seed).settings(0)
    known = altered(load(MARKET, SHORT[:-1]), settings)
    lived = run(known, replications=81, workers=1, engine="compiled")
    assert lived.digests[0] == found.digests[0] and lived.digests[80] == found.digests[80]


def test_it_goes_on_where_it_stopped_and_says_the_same(judged, tmp_path):
    """The same bytes from the folder, from other workers, and from the other engine."""
    found, folder = judged
    kept = (folder / "budget.csv").read_bytes(), (folder / "budget.json").read_bytes()
    again = budget(market(), replications=80, workers=1, out=folder, resume=True)
    assert ((folder / "budget.csv").read_bytes(), (folder / "budget.json").read_bytes()) == kept
    other = budget(market(), replications=80, workers=1, engine="simpy")
    assert again.digests == found.digests == other.digests
    assert other.to_json() == found.to_json()


def test_no_go_where_it_is_spent():
    """A budget below every cost: the threshold is missed, and says so."""
    found = budget(market(amount=12), replications=72, workers=2)
    assert not found.go and found.dearest.overspent.estimate == 1.0
    assert found.dearest.quantile.low > 12.0
    assert any(line.startswith("missed  overspend") for line in lines(found))


def test_what_is_refused():
    """Too few replications for the quantile; a scenario without a budget."""
    with pytest.raises(UsageError, match=r"71 replications cannot carry .* at least 72 can"):
        budget(market(), replications=71)
    with pytest.raises(UsageError, match="has no budget"):
        budget(load(MARKET, SHORT))


def test_only_luck_is_warned_of():
    """Without uncertainties there is no split, and a warning."""
    found = budget(load(MARKET, (*SHORT[:-1], AMOUNT.format(9_000))), replications=72, workers=2)
    assert found.split is None and found.moves == []
    assert any("only the customers' luck" in text for text in found.warnings)


# ---------------------------------------------------------------- the largest lever


def costing(monkeypatch, chance):
    """`budget` replaced: the chance of overspending is a function of the hassle."""

    def made_up(loaded, **how):
        value = float(loaded.scenario.programme.points.fulfilment.amount)
        return SimpleNamespace(dearest=SimpleNamespace(overspent=SimpleNamespace(estimate=chance(value))))

    monkeypatch.setattr(limits_of_levers, "budget", made_up)
    path = "programme.points.fulfilment"
    return limits_of_levers.largest(market(f"levers={{{path}: {{from: 0 EUR, to: 6.4 EUR}}}}"), path)


def test_the_largest_value_that_keeps_the_budget(monkeypatch):
    """P(over) = value/100 stays within 5 % up to 5 EUR: found to a 64th of the range, from below."""
    found = costing(monkeypatch, lambda value: value / 100)
    assert 4.9 <= float(found.value.split()[0]) <= 5.0 and found.rising


def test_all_of_a_lever_or_nothing_of_it_keeps_the_budget(monkeypatch):
    """The upper end where that holds; none where the lower does not; a chance that falls is told."""
    assert costing(monkeypatch, lambda value: 0.0).value == "6.4 EUR"
    none = costing(monkeypatch, lambda value: 0.9)
    assert none.value is None and any("none: even at 0 EUR" in line for line in lever_lines(none))
    assert not costing(monkeypatch, lambda value: {0.0: 0.05, 3.2: 0.01}.get(value, 0.1)).rising


def test_a_lever_is_one_of_the_scenario():
    """A path that is no lever, or is drawn itself."""
    with pytest.raises(UsageError, match="no such lever"):
        limits_of_levers.largest(market(), "programme.points.earn")
    drawn = market("levers={programme.points.worth: {from: 0.01 EUR, to: 0.02 EUR}}")
    with pytest.raises(UsageError, match="drawn anew"):
        limits_of_levers.largest(drawn, "programme.points.worth")


# ---------------------------------------------------------------- stresses


def test_every_stress_is_a_scenario():
    """Each changes what it says, and the changed file loads; with tiers their thresholds fall."""
    for loaded in (market(), market(TIERS)):
        made = list(stresses(loaded.scenario))
        assert [name for name, _, _ in made] == list(STRESSES)
        for name, _, change in made:
            assert altered(loaded, change).text_hash != loaded.text_hash, name
    last = made[-1][2]
    assert last['programme.tiers.levels."high".from'] == "30 visits"


def test_stresses_are_lived_on_the_draws_of_the_plan(judged):
    """Dearer handing out and goods cost more in every replication; what is drawn is not set besides."""
    found = judged[0]
    told = {one.name: one for one in stressed(found, workers=2)}
    assert told["cost inflation"].more.low > 0.0 and told["cost inflation"].replications == 80
    assert told["over-qualification"].more.low > 0.0
    assert stress_lines(list(told.values()), found.amount, "EUR")
    assert np.isfinite(told["closure with run-off"].tail.mean.estimate)


def with_cap(amount):
    """The small market with a budget that stops gifts when it is spent, and what that does."""
    return capped(
        budget(market("finance.budget.when_dry=stop", amount=amount), replications=80, workers=2), workers=2
    )


def test_a_cap_that_bites_gives_less_and_what_that_does_is_told():
    """A twentieth of what is spent otherwise: fewer rewards, less cost, in every replication.

    Break: the budget that may be overspent less the one that may not; rewards and cost rose.
    """
    found = with_cap(300)
    assert found is not None and found.bites == found.replications == 80
    by_name = {one.kpi: one.difference for one in found.moved}
    assert by_name["rewards"].high < 0 and by_name["programme_cost"].high < 0
    assert by_name["retention_12m"].estimate <= 0
    said = "\n".join(cap_lines(found))
    assert "bites in 80 of them" in said and "percentage points" in said


def test_a_cap_that_never_bites_changes_nothing_and_none_is_asked_of_who_may_overspend(judged):
    found = with_cap(90_000)
    assert found is not None and found.bites == 0
    assert all(one.difference.low == one.difference.high == 0.0 for one in found.moved)
    assert "bites in none" in "\n".join(cap_lines(found))
    assert capped(judged[0]) is None and cap_lines(None) == []
