"""What a run promises: the same result however it is run, nothing dropped, everything said."""

import dataclasses
import json
import math

import made_up
import pytest

from loyaltysim.errors import InvariantError, RefusedError, ScenarioError, UsageError
from loyaltysim.experiments.run import cautions
from loyaltysim.scenario.load import load


def variant(scenario, old, new):
    """The tiny scenario with one line changed."""
    assert old in made_up.SCENARIO
    scenario.write_text(made_up.SCENARIO.replace(old, new), encoding="utf-8")
    return load(scenario)


def test_the_number_of_workers_changes_nothing(go):
    one, two, many = go(workers=1), go(workers=2), go(workers=5)
    assert one.digests == two.digests == many.digests
    assert one.kpis == two.kpis == many.kpis
    assert one.monthly.equals(two.monthly) and one.samples.equals(many.samples)


def test_more_replications_begin_with_the_same_ones(go):
    assert go(replications=9).digests[:4] == go(replications=4).digests


def test_another_seed_is_another_run(go):
    assert not set(go(seed=1).digests) & set(go(seed=2).digests)
    assert go().seed == 7 and go().replications == 6


def test_results_come_in_the_order_of_the_replications(go):
    table = go(workers=3).samples
    assert table["replication"].drop_duplicates().tolist() == list(range(6))
    assert list(table.columns) == ["scenario", "arm", "replication", "kpi", "value"]


def test_the_json_has_the_promised_form_and_only_finite_numbers(go):
    told = go().to_json()
    json.dumps(told, allow_nan=False)
    assert set(told) == {"scenario", "provenance", "answer", "kpis", "checks", "warnings", "finance"}
    assert told["scenario"] == "Tiny" and told["provenance"]["seed"] == 7
    assert len(told["provenance"]["digest"]) == 64


def test_samples_hold_every_figure_arm_and_replication_once(go):
    results = go()
    keys = results.samples[["arm", "replication", "kpi"]]
    assert not keys.duplicated().any()
    rows = {(row["kpi"], row["arm"]) for row in results.kpis}
    assert {(kpi, arm) for arm, kpi in zip(keys["arm"], keys["kpi"], strict=True)} == rows
    undefined = results.samples["kpi"] == "breakage_rate"
    assert results.samples[undefined & (results.samples["arm"] != "twin")]["value"].isna().all()


def test_the_sample_of_an_effect_is_the_paired_difference(go):
    table = go().samples.set_index(["kpi", "replication", "arm"])["value"].sort_index()
    for number in range(6):
        arms = table["customers_end", number]
        assert arms["effect"] == arms["programme"] - arms["twin"]


def test_months_count_from_month_0_and_the_past_is_not_positive(go):
    monthly = go().monthly
    assert sorted(monthly["month"].unique()) == list(range(-1, 15))
    assert set(monthly["group"]) == {"regulars", "all"}
    assert monthly["value"].notna().all()
    assert set(monthly[monthly["measure"] == "reputation"]["group"]) == {"all"}


def test_a_published_cohort_brings_rows_by_week(go, scenario):
    assert "week" not in set(go().monthly["group"])
    observed = go(variant(scenario, "checks:", "observed: {dataset: cdnow-sample}\nchecks:")).monthly
    rows = observed[
        (observed["group"] == "week") & (observed["arm"] == "twin") & (observed["replication"] == 2)
    ]
    assert rows["measure"].unique().tolist() == ["repeat_purchases_cumulative"]
    assert rows["month"].tolist() == list(range(1, 61))
    assert rows["value"].tolist() == [week * (week - 1) / 2 for week in range(1, 61)]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_replication_that_fails_is_never_dropped(go, workers):
    with pytest.raises(
        InvariantError, match=r"replication 3 of seed 7 failed.*ZeroDivisionError: three"
    ) as error:
        go(replicate=made_up.third_fails, workers=workers)
    assert "third_fails" in error.value.__notes__[0]  # where it happened, for --debug


@pytest.mark.parametrize("workers", [1, 2])
def test_a_replication_without_memory_is_a_refusal(go, workers):
    with pytest.raises(RefusedError, match="replication 3 of seed 7: not enough memory"):
        go(replicate=made_up.third_has_no_memory, workers=workers)


def test_a_worker_that_dies_once_costs_nothing_but_time(go, tmp_path, monkeypatch):
    monkeypatch.setenv("DIARY", str(tmp_path / "died"))
    results = go(replicate=made_up.third_kills_its_process_once, workers=2)
    assert results.digests == go().digests
    assert "begun anew" in results.warnings[0]


def test_a_replication_that_always_kills_its_worker_is_named(go):
    with pytest.raises(InvariantError, match=r"replication 3 of seed 7 failed.*its process died"):
        go(replicate=made_up.third_kills_its_process, workers=2)


@pytest.mark.parametrize(
    ("asked", "told"), [(0, "1 workers are used, not 0"), (-1, "not -1"), (10_000, "not 10000")]
)
def test_an_impossible_number_of_workers_is_clamped_with_a_notice(go, asked, told):
    assert any(told in warning for warning in go(workers=asked, replications=1).warnings)


def test_few_replications_are_warned_of(go):
    assert any("one replication" in warning for warning in go(replications=1).warnings)
    assert any("6 replications" in warning for warning in go().warnings)
    assert cautions([made_up.replicate(plan_of(go), n) for n in range(40)], terms_of_tiny(go)) == []


def plan_of(go):
    results = go(replications=1)
    return type("Plan", (), {"scenario": results.loaded.scenario, "seed": 7})


def terms_of_tiny(go):
    from loyaltysim.metrics.terms import terms_of

    return terms_of(go(replications=1).loaded.scenario)


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ({"replications": 0}, "at least 1, not 0"),
        ({"engine": "steam"}, "'steam' is none of auto, simpy, compiled"),
        ({"resume": True}, "--out DIR"),
    ],
)
def test_requests_that_make_no_sense_are_refused(go, how, told):
    with pytest.raises(UsageError, match=told):
        go(**how)


def test_a_market_too_large_for_this_machine_is_refused_before_anything_runs(go, scenario):
    huge = variant(scenario, "customers: 40", "customers: 1000000000000")
    with pytest.raises(RefusedError, match=r"GB of memory with 1 workers.*customers fit with --workers 1"):
        go(huge, replicate=made_up.third_fails)


def test_more_replications_than_memory_holds_are_refused(go):
    with pytest.raises(RefusedError, match="run fewer replications"):
        go(replications=10**9)


# ---------------------------------------------------------------- checks


@pytest.mark.parametrize(
    ("check", "passed"),
    [
        ("{kpi: programme_roi, min: 0}", True),
        ("{kpi: programme_roi, min: 0.9}", False),
        ("{kpi: programme_roi, max: 0.9}", True),
        ("{kpi: customers_end, arm: twin, min: 0, max: 10}", True),
        ("{kpi: customers_end, arm: twin, min: 0, max: 4.0, judge: interval}", False),
        ("{kpi: breakage_rate, arm: programme, min: -100}", False),
    ],
)
def test_a_check_is_judged_by_its_figure_and_what_is_not_estimable_fails(go, scenario, check, passed):
    results = go(variant(scenario, "{kpi: programme_roi, min: -1000}", check))
    assert [one["passed"] for one in results.checks] == [passed]
    assert results.checks_failed is not passed
    assert (
        results.checks[0]["estimate"]
        == results.kpi(results.checks[0]["kpi"], results.checks[0]["arm"])["estimate"]
    )


@pytest.mark.parametrize(
    ("check", "told"),
    [
        (
            "{kpi: programme_rio, min: 0}",
            r"checks\[0\].kpi: unknown figure 'programme_rio'; did you mean 'programme_roi'",
        ),
        ("{kpi: saved, arm: twin, min: 0}", r"checks\[0\].arm: 'saved' compares the arms; use 'effect'"),
        ("{kpi: csm_share.7, min: 0}", "unknown figure 'csm_share.7'"),
    ],
)
def test_a_check_of_a_figure_that_will_not_be_there_is_a_fault_of_the_file(go, scenario, check, told):
    with pytest.raises(ScenarioError, match=told):
        go(variant(scenario, "{kpi: programme_roi, min: -1000}", check), replicate=made_up.third_fails)


# ---------------------------------------------------------------- the answer


def test_the_answer_tells_gain_cost_and_customers_with_their_intervals(go):
    results = go()
    gain, cost = results.kpi("incremental_contribution"), results.kpi("programme_cost", "programme")
    net, base = results.kpi("incremental_retained"), results.kpi("base_customers", "programme")
    assert results.answer == (
        f"Over 14 months the programme adds {gain['estimate']:.2f} EUR (95 % interval {gain['low']:.2f} to "
        f"{gain['high']:.2f}) of contribution after its cost of {cost['estimate']:.2f} EUR and keeps "
        f"{net['estimate']:.2f} more (95 % interval {net['low']:.2f} to {net['high']:.2f}) of "
        f"{base['estimate']:.2f} customers after 12 months."
    )


def test_without_a_programme_the_answer_tells_what_becomes_of_the_customers(go, scenario):
    start = made_up.SCENARIO.index("programme:\n")
    end = made_up.SCENARIO.index("checks:")
    scenario.write_text(made_up.SCENARIO[:start] + made_up.SCENARIO[end:], encoding="utf-8")
    answer = go(load(scenario)).answer
    assert answer.startswith("Without a programme ") and "are at home after 12 months" in answer


def test_results_do_not_change(go):
    results = go(replications=1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        results.seed = 8
    with pytest.raises(KeyError):
        results.kpi("nonsense")
    assert all(math.isfinite(row["level"]) for row in results.kpis)


def test_progress_is_told_from_the_start_to_the_end(go):
    told = []
    go(progress=lambda done, total: told.append((done, total)))
    assert told == [(done, 6) for done in range(7)]
