"""customers.parquet: everybody at the horizon, in both futures, in plain units."""

import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from busy import busy

from loyaltysim.experiments.run import run
from loyaltysim.rules.state import CUSTOMER

PAGE = Path(__file__).resolve().parents[2] / "docs" / "results.md"
BOTH = ["arm", "replication"]


@pytest.fixture(scope="module")
def market(tmp_path_factory):
    return busy(tmp_path_factory.mktemp("market"))


def go(market, out, **how):
    how = {"replications": 2, "workers": 1, "engine": "compiled", "customers": True} | how
    return run(market, out=out, **how)


@pytest.fixture(scope="module")
def whole(market, tmp_path_factory):
    return go(market, tmp_path_factory.mktemp("whole") / "r")


@pytest.fixture(scope="module")
def customers(whole):
    return pq.read_table(whole.folder / "customers.parquet", page_checksum_verification=True).to_pandas()


def test_everybody_is_there_once_in_order(customers):
    keys = customers[["replication", "arm", "customer"]].astype({"arm": str})
    assert not keys.duplicated().any()
    assert keys.equals(keys.sort_values(list(keys.columns)).reset_index(drop=True))
    sizes = customers.groupby(BOTH, observed=True).size()
    assert sizes.nunique() == 1 and len(sizes) == 4 and sizes.iloc[0] > 40


def test_they_sum_to_the_figures_of_the_run(whole, customers):
    """By another route: sums over customers against the ledgers and the figures."""
    wide = whole.samples.set_index(["arm", "replication", "kpi"])["value"]
    for (arm, number), group in customers.groupby(BOTH, observed=True):
        base = group[group["base"]]
        found = {
            "revenue": group["spend"].sum(),
            "visits": group["purchases"].sum(),
            "customers_end": (group["home"] == "firm")[group["present"] == "in the market"].sum(),
            "points_outstanding": group["balance"].sum(),
            "retention_12m": (base["home_12"] == "firm").mean(),
        }
        if arm == "twin":  # with a programme, what is owed to them is taken off
            found["clv_mean"] = base["value"].mean()
        for kpi, value in found.items():
            assert value == pytest.approx(wide[arm, number, kpi]), (kpi, arm)
    assert customers["balance"].sum() > 0 and customers["came_back"].dtype == bool


def test_what_never_happened_is_null(customers):
    assert (customers["index_purchase"].isna() == (customers["purchases"] == 0)).all()
    assert (customers["class_0"].notna() == customers["base"]).all()
    assert customers["home_24"].isna().all()  # the horizon is 14 months
    assert customers["stays"].isna().all()  # theory: threshold
    assert (customers["exits"] > customers["enters"]).all()
    assert set(customers["present"]) == {"in the market", "left"}
    assert customers["rate"].mean() == pytest.approx(9.0, rel=0.3)  # a month


def test_members_tiers_and_points_are_those_of_the_books(tmp_path):
    """Membership, tier and points at the horizon, customer by customer, sum to the run's own figures."""
    club = (
        "programme.enrolment={chance: 40 %, bonus: 20}",
        "programme.tiers={window: 3 months, levels: {low: {from: 3 visits}, high: {from: 9 visits}}}",
        "firm.returns={share: 30 %}",
    )
    found = go(busy(tmp_path, *club), tmp_path / "r")
    table = pq.read_table(found.folder / "customers.parquet").to_pandas()
    wide = found.samples.set_index(["arm", "replication", "kpi"])["value"]
    for number in (0, 1):
        ours = table[(table["arm"] == "programme") & (table["replication"] == number)]
        here = ours[ours["present"] == "in the market"]
        assert here["joined"].notna().sum() == wide["programme", number, "members_end"] > 0
        assert ours["balance"].sum() == wide["programme", number, "points_outstanding"]
        assert ours["owes"].sum() == wide["programme", number, "points_debt"]
        for tier in (1, 2):
            share = (here["tier"] == tier).sum() / here["joined"].notna().sum()
            assert share == pytest.approx(wide["programme", number, f"tier_share.{tier}"]) and share > 0
        assert (ours["joined"].dropna() > 0.0).all()
        assert (ours[ours["joined"].isna()]["tier"] == 0).all()
    twins = table[table["arm"] == "twin"]
    assert twins["joined"].isna().all() and (twins["tier"] == 0).all()


def test_without_members_tiers_and_returns_their_columns_are_null(customers):
    assert customers[["joined", "tier", "owes"]].isna().all().all()


@pytest.mark.parametrize("how", [{"engine": "simpy"}, {"workers": 2}, {"events": True}])
def test_the_bytes_are_the_same_however_it_was_run(market, whole, tmp_path, how):
    go(market, tmp_path / "r", **how)
    name = "customers.parquet"
    assert (tmp_path / "r" / name).read_bytes() == (whole.folder / name).read_bytes()


def test_without_a_programme_one_arm_is_written(market, tmp_path):
    lone = go(busy(tmp_path, "programme="), tmp_path / "r", events=True)
    for name, arms in (("customers.parquet", {"twin"}), ("events.parquet", {"past", "twin"})):
        assert set(pq.read_table(lone.folder / name)["arm"].to_pylist()) == arms


def documented(heading):
    """The columns that the page names in the table under a heading."""
    text = PAGE.read_text(encoding="utf-8").split(f"\n## {heading}")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
    return [name for row in rows for name in re.findall(r"`(\w+)`", row)]


def test_every_column_is_documented(market, customers, tmp_path):
    go(market, tmp_path / "r", events=True, replications=1)
    events = pq.read_schema(tmp_path / "r" / "events.parquet").names
    assert sorted(documented("customers.parquet")) == sorted(customers.columns)
    assert sorted(documented("events.parquet")) == sorted(events)
    assert set(CUSTOMER.names) - {"key"} <= set(customers.columns)
