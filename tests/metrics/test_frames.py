"""Tables over replications: by hand where small, by identity where not."""

import math

import numpy as np
import pandas as pd
import pytest
from literal_world import TERMS, replication

from loyaltysim.metrics import frames
from loyaltysim.metrics.kept import DECILE, STEPS, deciles, tenths, whale
from loyaltysim.metrics.measure import measure
from loyaltysim.metrics.tables import TABLES
from loyaltysim.metrics.view import views
from loyaltysim.rules.ledger import COHORT, GAPS, STATUS


def made(terms=TERMS, count=3, change=lambda record, number: None):
    """Replications of the literal world, each changed a little."""
    found = []
    for number in range(count):
        record = replication(number)
        change(record, number)
        found.append(measure(record, terms))
    return found


def filled(record, number):
    """Something in every table."""
    for arm in (record.programme, record.twin):
        arm.joiners[:, 0] = [10, 8, 100, 2]
        arm.status[:, 0] = 5
        arm.curve[10] = [9, 1]
        arm.gaps[100] = 20
        arm.stages[-1] = 3


def only(table, **where):
    for column, value in where.items():
        table = table[table[column] == value]
    assert len(table) == 1, where
    return table.iloc[0]


def test_the_rows_of_lift_sum_to_the_last():
    table = frames.lift_by_mechanism(made(), TERMS)
    assert table["row"].tolist()[:2] == ["retention", "capture"]
    assert table["row"].iloc[-1] == "profit"
    assert table["estimate"][:-1].sum() == pytest.approx(table["estimate"].iloc[-1], abs=1e-9)
    assert set(table["unit"]) == {"EUR"}


def test_the_sources_of_volume_sum_to_the_extra_purchases():
    table = frames.lift_by_source(made(), TERMS)
    extra, rivals, new, back = table["estimate"]
    assert (extra, rivals, new, back) == (1, 0, 1, 0)


def test_where_the_base_cohort_is_in_shares():
    def change(record, number):
        for arm, moved in ((record.programme, 1), (record.twin, 2)):
            arm.status[:, STATUS.index("home")] = 5 - moved
            arm.status[:, STATUS.index("elsewhere")] = moved

    table = frames.status_over_time(made(change=change), TERMS)
    assert only(table, arm="programme", month=3, status="home")["estimate"] == 0.8
    assert only(table, arm="twin", month=3, status="elsewhere")["estimate"] == 0.4
    effect = only(table, arm="effect", month=3, status="home")
    assert (effect["estimate"], effect["low"], effect["high"]) == pytest.approx((0.2, 0.2, 0.2))
    sums = table[table["arm"] != "effect"].groupby(["arm", "month"])["estimate"].sum()
    assert sums.to_numpy() == pytest.approx(1.0)
    assert "outside" not in set(table["status"])  # nobody can stop buying here


def test_a_cohort_keeps_its_members_and_loses_its_customers():
    def change(record, number):
        rows = record.programme.joiners
        rows[0, 0] = [10, 10, 0, 0]
        rows[0, 1] = [10, 8, 4_000, 20]
        rows[1, 0] = [4, 4, 600, 3]  # of the second cohort nobody was there at month 0

    terms = TERMS._replace(scale=10.0)
    table = frames.cohorts(made(terms, change=change), terms)
    base = only(table, arm="programme", cohort=0, age=1)
    assert (base["customers"], base["retention"], base["spend"], base["visits"]) == (100.0, 0.8, 4.0, 2.0)
    later = only(table, arm="programme", cohort=1, age=0)
    assert (later["customers"], later["from_month"], later["to_month"]) == (40.0, 1, 13)
    assert set(table["joined"]) == {"firm"} and len(COHORT) == 4


def test_staying_for_a_year_is_staying_in_each_of_its_months():
    def change(record, number):
        record.programme.curve[15] = [1000, 10]

    table = frames.satisfaction_and_staying(made(change=change), TERMS)
    row = only(table, arm="programme", from_satisfaction=75.0)
    assert row["estimate"] == pytest.approx(0.99**12)
    assert (row["to_satisfaction"], row["customer_months"]) == (80.0, 1000.0)


def test_gaps_are_shares_of_visits_by_their_class():
    def change(record, number):
        record.programme.gaps[[0, GAPS // 2 - 1, GAPS // 2]] = [1, 2, 7]

    table = frames.gap_distribution(made(change=change), TERMS)
    ours = table[table["arm"] == "programme"]
    assert ours[["from_gap", "to_gap", "estimate"]].to_numpy().tolist() == [
        [-100, -99, 0.1], [-1, 0, 0.2], [0, 1, 0.7],
    ]  # fmt: skip


def test_the_whale_curve_begins_at_nothing_and_ends_at_all():
    programme, _ = views(replication(), TERMS)
    curve = whale(programme)
    owed = programme.owed()
    assert (curve[0], len(curve)) == (0.0, STEPS + 1)
    assert curve[-1] == pytest.approx(96 - owed)  # of the five who bought
    assert curve[4] == pytest.approx(50 - 2.0)  # the best fifth: 50 less the 100 points owed to her
    assert curve.max() > curve[-1]  # somebody costs money


def test_the_twin_ranks_for_both_arms():
    programme, twin = views(replication(), TERMS)
    tenth = tenths(programme, twin)
    assert tenth.tolist() == [0, 4, 2, -1, 6, 8]  # five of them, by 120, 90, 20, 0, 0 EUR in the twin
    sums = deciles(programme, tenth)
    assert sums[0].tolist()[:3] == [1.0, 100.0, 10.0]  # the twin's best, with the programme
    assert sums.sum(axis=0)[DECILE.index("customers")] == 5


def test_without_a_programme_there_is_one_arm():
    terms = TERMS._replace(has_programme=False)
    measured = made(terms, change=filled)
    for table in TABLES:
        if table.when(terms):
            assert set(table.make(measured, terms)["arm"]) == {"twin"}, table.name


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_has_the_columns_that_its_page_tells(table):
    terms = TERMS._replace(has_members=True, feels=True, attributes=("quality",))
    found = table.make(made(terms, change=filled), terms)
    assert isinstance(found, pd.DataFrame) and len(found)
    told = {name for key in table.columns for name in key.split(", ")}
    if "estimate" in told:
        told |= {"low", "high"}
    assert set(found.columns) == told


def test_one_replication_has_no_intervals():
    table = frames.status_over_time(
        made(count=1, change=lambda r, n: r.programme.status.__setitem__((slice(None), 0), 5)), TERMS
    )
    row = only(table, arm="programme", month=1, status="home")
    assert row["estimate"] == 1.0 and math.isnan(row["low"]) and math.isnan(row["high"])
    assert np.isnan(table["high"]).all()


def test_lives_by_stage_are_those_of_the_chain():
    """C16: 9.89, 14.77, 21.21 and 26.97 periods. Break: the transitions the wrong way round."""
    between = np.array([[60, 20, 0, 0], [10, 65, 15, 0], [0, 8, 77, 10], [0, 0, 8, 90]])
    moved = np.zeros((5, 5))
    moved[1:, 1:], moved[1:, 0] = between, [20, 10, 5, 2]
    moved[0] = 1000.0  # whoever comes in from elsewhere makes nobody's stay longer
    assert frames.lives(moved) == pytest.approx([9.89, 14.77, 21.21, 26.97], abs=0.005)
    assert np.isnan(frames.lives(np.zeros((5, 5)))).all()
    alike = frames.pseudo_lives(np.stack([moved, 2 * moved, 3 * moved]))
    assert alike == pytest.approx(np.tile(frames.lives(moved), (3, 1)))
