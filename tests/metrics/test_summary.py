"""From replications to rows: estimators, pairing, and what is not estimable."""

import json

import pytest
from literal_world import TERMS, replication

from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.metrics.kpi import KPI
from loyaltysim.metrics.measure import Measured, Part, measure
from loyaltysim.metrics.statistics import mean_interval, ratio_difference, ratio_interval
from loyaltysim.metrics.summary import difference_of, of, skewed_figures, summarise

ROW = {
    "kpi",
    "arm",
    "estimate",
    "low",
    "high",
    "level",
    "estimator",
    "interval",
    "estimable",
    "sd",
    "n",
    "unit",
}


def replications(**samples):
    """The literal world over and over, with the parts of some figures replaced: `name__arm=[…]`."""
    size = len(next(iter(samples.values())))
    base = measure(replication(), TERMS)
    made = []
    for index in range(size):
        parts = dict(base.parts)
        for key, values in samples.items():
            name, arm = key.split("__")
            value = values[index]
            parts[name, arm] = (
                None if value is None else Part(*value) if isinstance(value, tuple) else Part(value)
            )
        made.append(Measured(index, parts, base.monthly, base.weekly, base.digest))
    return made


def rows_of(measured):
    return {(row["kpi"], row["arm"]): row for row in summarise(measured, TERMS)}


def test_every_row_has_every_field_and_is_json():
    rows = summarise([measure(replication(i), TERMS) for i in range(3)], TERMS)
    assert all(set(row) == ROW | {"window"} for row in rows)
    json.dumps(rows, allow_nan=False)
    assert {row["interval"] for row in rows} <= {"t", "fieller", "clopper-pearson", "order", "bootstrap"}
    assert {row["kpi"] for row in rows} == {kpi.name for kpi in CATALOGUE.values() if kpi.when(TERMS)}


def test_figures_that_compare_the_arms_have_an_effect_row_only_and_the_others_all_three():
    rows = summarise([measure(replication(), TERMS)], TERMS)
    arms = {kpi: [row["arm"] for row in rows if row["kpi"] == kpi] for kpi in ("saved", "retention_12m")}
    assert arms == {"saved": ["effect"], "retention_12m": ["programme", "twin", "effect"]}


def test_a_mean_has_the_paired_t_interval_as_its_effect():
    row = rows_of(
        replications(customers_end__programme=[11.0, 22.0, 35.0], customers_end__twin=[10.0, 20.0, 30.0])
    )
    expected = mean_interval([1.0, 2.0, 5.0])
    assert (row["customers_end", "effect"]["low"], row["customers_end", "effect"]["high"]) == expected[1:3]
    assert row["customers_end", "programme"]["estimate"] == pytest.approx(68 / 3)


def test_a_ratio_is_that_of_the_means_and_its_effect_the_paired_difference():
    ours = [(30.0, 60.0), (10.0, 40.0), (30.0, 30.0), (28.0, 50.0)]
    theirs = [(27.0, 60.0), (9.0, 40.0), (29.0, 30.0), (26.0, 50.0)]
    row = rows_of(replications(retention_12m__programme=ours, retention_12m__twin=theirs))
    a, b, c = [x for x, _ in ours], [y for _, y in ours], [x for x, _ in theirs]
    mean_of_ratios = (30 / 60 + 10 / 40 + 30 / 30 + 28 / 50) / 4
    assert row["retention_12m", "programme"]["estimate"] == pytest.approx(98 / 180) != mean_of_ratios
    assert row["retention_12m", "programme"]["interval"] == "fieller"
    # far too wide for a share, so what no share can be is cut off
    found = ratio_interval(a, b)
    assert row["retention_12m", "programme"]["high"] == min(1.0, found.high)
    effect = ratio_difference(a, b, c, b)
    assert (row["retention_12m", "effect"]["estimate"], row["retention_12m", "effect"]["low"]) == effect[:2]
    assert row["retention_12m", "effect"]["interval"] == "t"


def test_a_figure_undefined_in_one_replication_is_not_averaged_over_the_rest():
    row = rows_of(replications(breakage_rate__programme=[(1.0, 4.0), None, (2.0, 4.0)]))[
        "breakage_rate", "programme"
    ]
    assert not row["estimable"] and row["estimate"] is None and row["n"] == 3


def test_the_effect_of_what_only_one_arm_has_is_null_and_not_the_figure_itself():
    assert (
        rows_of(replications(members_end__programme=[3.0, 4.0]))["members_end", "effect"]["estimate"] is None
    )


def test_a_cost_per_customer_kept_needs_customers_surely_kept():
    sure = [(100.0, 5.0), (110.0, 6.0), (90.0, 5.0), (100.0, 6.0)]
    unsure = [(100.0, 5.0), (110.0, -6.0), (90.0, 1.0), (100.0, 2.0)]
    lost = [(100.0, -5.0), (110.0, -6.0), (90.0, -5.0), (100.0, -6.0)]  # Fieller alone would give −18 EUR
    for sample, estimable in ((sure, True), (unsure, False), (lost, False)):
        row = rows_of(replications(cost_per_saved_customer__effect=sample))[
            "cost_per_saved_customer", "effect"
        ]
        assert row["estimable"] is estimable


def test_one_replication_gives_points_without_intervals():
    row = rows_of([measure(replication(), TERMS)])
    for key in (
        ("retention_12m", "programme"),
        ("retention_12m", "effect"),
        ("incremental_contribution", "effect"),
    ):
        assert row[key]["estimable"] and row[key]["low"] is None and row[key]["n"] == 1


def test_a_share_of_replications_is_clopper_and_pearsons():
    kpi = KPI("overspent", "", "", "share", "W", -1, "share", lambda view: 1.0)
    found = of(kpi, [Part(1.0)] * 8 + [Part(0.0)] * 2, 0.95)
    assert (found.estimate, found.interval, round(found.low, 6)) == (0.8, "clopper-pearson", 0.443905)


def test_differences_of_quantiles_keep_their_estimator():
    kpi = CATALOGUE["clv_p10"]
    found = difference_of(kpi, [Part(2.0), Part(3.0)], [Part(1.0), Part(2.0)], 0.95)
    assert (found.estimate, found.estimator, found.interval) == (1.0, "quantile", "t")


def test_the_interval_of_a_share_stays_between_0_and_1():
    sample = [(0.0, 10.0), (1.0, 10.0), (0.0, 10.0)]
    row = rows_of(replications(gave_up_share__programme=sample))["gave_up_share", "programme"]
    assert row["low"] == 0.0 < row["estimate"]


def test_lopsided_effects_are_named():
    lopsided = [0.0] * 28 + [40.0, 50.0]
    assert skewed_figures(replications(saved__effect=lopsided), TERMS) == ["saved"]


def test_units_and_windows_are_those_of_the_scenario():
    row = rows_of([measure(replication(), TERMS)])
    assert (row["revenue", "twin"]["unit"], row["revenue", "twin"]["window"]) == ("EUR", "months 0 to 13")
    assert row["retention_12m", "twin"]["window"] == "month 12"
    assert row["cost_per_saved_customer", "effect"]["window"] == "months 0 to 12"
    assert row["base_customers", "twin"]["window"] == "month 0"
    assert row["customers_end", "twin"]["window"] == "month 13"


def test_the_share_of_runs_that_pay_has_the_exact_interval():
    """TRUST 2d: all of twenty pay, and yet one in seven might not. Break: the t interval, [1, 1]."""
    row = rows_of(replications(paid_back_share__effect=[1.0] * 20))["paid_back_share", "effect"]
    assert (row["estimator"], row["interval"]) == ("share", "clopper-pearson")
    assert (row["estimate"], row["high"]) == (1.0, 1.0)
    assert row["low"] == pytest.approx(0.025 ** (1 / 20))
    of_draws = rows_of(replications(paid_back_share__effect=[0.5, 1.0, 1.0]))["paid_back_share", "effect"]
    assert (of_draws["interval"], of_draws["estimate"]) == ("t", pytest.approx(2.5 / 3))
