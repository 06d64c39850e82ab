"""The tiny scenario through the real engine: figures, tables and records agree by other routes."""

import pandas as pd
import pytest

from loyaltysim.experiments.run import run
from loyaltysim.experiments.task import Plan, prepared
from loyaltysim.metrics.laws import broken


@pytest.fixture
def results(loaded, tmp_path):
    return run(loaded, replications=3, workers=1, out=tmp_path / "r")


def test_the_real_engine_gives_the_same_digest_for_any_number_of_workers(loaded, results):
    assert run(loaded, replications=3, workers=2).digests == results.digests


def test_a_real_replication_obeys_the_laws_and_its_customers_sum_to_the_ledger(loaded):
    from loyaltysim.engines.simulate import simulate
    from loyaltysim.rules.ledger import MONEY

    parameters, _ = prepared(Plan(loaded.scenario, loaded.text_hash, 7, "auto"))
    replication = simulate(parameters, 0, 7, "auto")
    assert broken(replication) == []
    for arm in (replication.programme, replication.twin):
        for measure in ("value", "reward_cost"):
            ledger = int(arm.money[:, :, MONEY.index(measure)].sum())
            assert int(arm.customers[measure].sum()) == ledger, measure
        spent = int(arm.money[replication.warm_up :, :, MONEY.index("revenue")].sum())
        assert int(arm.customers["spend"].sum()) == spent


def test_the_files_alone_give_the_figures_again(results):
    """L13: aggregate = sum of parts, by pandas from monthly.csv and kpis.csv."""
    monthly = pd.read_csv(results.folder / "monthly.csv")
    kpis = pd.read_csv(results.folder / "kpis.csv")
    window = monthly[(monthly["month"] > 0) & (monthly["group"] != "all")]
    for name in ("revenue", "visits", "points_issued", "defections"):
        sums = window[window["measure"] == name].groupby(["arm", "replication"])["value"].sum()
        for arm in ("programme", "twin"):
            figure = kpis[(kpis["kpi"] == name) & (kpis["arm"] == arm)].set_index("replication")["value"]
            assert figure.to_dict() == pytest.approx(sums[arm].to_dict())
            assert results.kpi(name, arm)["estimate"] == pytest.approx(sums[arm].mean())
    at_12 = monthly[
        (monthly["month"] == 12) & (monthly["group"] == "all") & (monthly["measure"] == "base_home")
    ]
    for arm in ("programme", "twin"):
        kept = at_12[at_12["arm"] == arm]["value"].sum()
        base = results.kpi("base_customers", arm)["estimate"] * 3
        assert results.kpi("retention_12m", arm)["estimate"] == pytest.approx(kept / base)


def test_the_five_cells_sum_to_the_base_cohort_in_every_replication(results):
    cells = ("saved", "driven_away", "stayed_anyway", "lost_anyway", "left_market")
    wide = results.samples.pivot_table(index="replication", columns=["kpi", "arm"], values="value")
    total = sum(wide[name, "effect"] for name in cells)
    assert (total == wide["base_customers", "programme"]).all()
    net = wide["saved", "effect"] - wide["driven_away", "effect"]
    assert (net == wide["incremental_retained", "effect"]).all()
    equity = wide["customer_equity", "effect"]
    assert wide["incremental_contribution", "effect"].tolist() == pytest.approx(
        equity.tolist()
    )  # no fixed cost
