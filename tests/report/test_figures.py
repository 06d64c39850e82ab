"""Every figure has a finding for a title, units on its axes, and its interval drawn."""

import re
from types import SimpleNamespace

import numpy as np
import pytest
from made_up_results import kpi, kpis, loaded, make, monthly

from loyaltysim.record.observed import Cohort
from loyaltysim.report import over_time, sums
from loyaltysim.report.book import points, published
from loyaltysim.report.charts import spread
from loyaltysim.report.style import PAGE, PHONE, png, svg
from loyaltysim.report.wording import BLANK

MAKERS = {
    "customers": over_time.customers,
    "satisfaction": over_time.satisfaction,
    "wait": over_time.waits,
    "cells": sums.cells,
    "money": sums.money,
    "points": points,
}


def words(text):
    return text.replace(BLANK, " ")


@pytest.mark.parametrize("width", [PAGE, PHONE])
@pytest.mark.parametrize("name", MAKERS)
def test_titles_and_labels(results, name, width):
    picture = MAKERS[name](results)
    assert picture.name == name
    figure = picture.draw(width)
    assert "".join(figure.get_suptitle().split()) == "".join(picture.finding.split())
    assert figure.axes[-1].get_xlabel()
    assert picture.description and picture.note and picture.grid.rows
    assert all(len(row) == len(picture.grid.columns) for row in picture.grid.rows)


@pytest.mark.parametrize("name", ["customers", "satisfaction", "wait", "points"])
def test_curves_have_bands(results, name):
    for axes in MAKERS[name](results).draw(PAGE).axes:
        assert axes.collections, "no band"
        assert axes.get_ylabel()


@pytest.mark.parametrize("name", ["cells", "money"])
def test_bars_have_intervals(results, name):
    axes = MAKERS[name](results).draw(PAGE).axes[0]
    bars = len(axes.patches)
    assert len(axes.lines) == 1 + 4 * bars  # the zero line; of each interval a line, its outline and two ends


def test_arms_differ_by_more_than_colour(results):
    lines = over_time.customers(results).draw(PAGE).axes[0].lines
    assert len({line.get_linestyle() for line in lines}) >= 2


def test_offers_are_shaded_and_named(results):
    axes = over_time.customers(results).draw(PAGE).axes[0]
    assert "Bean House −20 %" in [words(text.get_text()) for text in axes.texts]
    assert "months 12 to 15" in over_time.customers(results).note


def test_satisfaction_is_in_csi_points(results):
    assert "71.48 of 100 with the programme, 71.00 without" in over_time.satisfaction(results).finding


def test_no_desk_no_waits(tmp_path):
    assert over_time.waits(make(tmp_path, monthly=monthly(desk=False))) is None


def test_one_replication_draws_without_intervals(tmp_path):
    results = make(tmp_path, monthly=monthly(replications=1), replications=1)
    assert "without an interval" in over_time.customers(results).finding
    over_time.customers(results).draw(PAGE)


@pytest.mark.parametrize(
    ("net", "half", "said"),
    [
        (4.0, 3.0, "The programme keeps 4 of 210 customers (1 to 7)"),
        (4.0, 5.0, "The programme keeps 4 of 210 customers (−1 to 9), not clearly different from none"),
        (-4.0, 1.0, "The programme loses 4 of 210 customers (net −5 to −3)"),
        (0.0, 0.0, "The programme keeps as many of the 210 customers as it drives away (0 to 0)"),
    ],
)
def test_the_cells_lead_with_the_net(net, half, said):
    assert words(sums.kept([kpi("incremental_retained", "effect", net, half)], 210)) == said


def test_a_horizon_below_a_year_has_no_cells(tmp_path):
    rows = [row | {"estimate": None} if row["kpi"] == "saved" else row for row in kpis()]
    assert sums.cells(make(tmp_path, kpis=rows)) is None


def test_the_points_book_adds_up(results):
    row = points(results).grid.rows[-1]
    issued, *parts = (float(re.match("[0-9,]+", cell)[0].replace(",", "")) for cell in row[1:])
    assert issued == sum(parts) > 0


def test_a_programme_without_points_has_no_book(tmp_path):
    table = monthly()
    assert points(make(tmp_path, monthly=table[~table["measure"].str.startswith("points_")])) is None


def test_equal_figures_give_equal_bytes(results):
    picture = over_time.customers(results)
    assert svg(picture.draw(PAGE)) == svg(picture.draw(PAGE))
    assert png(picture.draw(PHONE)) == png(picture.draw(PHONE))
    figure = picture.draw(PAGE)
    png(figure)
    assert svg(figure) == svg(picture.draw(PAGE))  # what was saved before does not matter


def test_a_name_is_text_in_a_figure(tmp_path):
    spec = loaded(tmp_path, rival='<b>$\\frac{1}{2}$"').scenario
    results = make(tmp_path, loaded=SimpleNamespace(scenario=spec))
    drawn = svg(over_time.customers(results).draw(PAGE)).decode()
    assert "<b>" not in drawn
    assert "&lt;b&gt;$\\frac" in drawn


def test_the_real_cohort_lies_over_the_simulated_one(tmp_path):
    real = Cohort("CDNOW", "a file", 100, np.arange(1, 79) * 10)
    weekly = monthly(desk=False).iloc[:0]
    rows = [
        ("programme", r, week, "week", "repeat_purchases_cumulative", week * 10.0 + (r - 2) * week)
        for r in range(5)
        for week in range(1, 79)
    ]
    weekly = type(weekly)(rows, columns=["arm", "replication", "month", "group", "measure", "value"])
    picture = published(make(tmp_path, monthly=weekly), real)
    assert picture.grid.rows[-1][:2] == ("78", "780")
    assert "After 78 weeks the real customers had made 780" in words(picture.finding)
    assert len(picture.draw(PAGE).axes[0].lines) == 2


def test_names_at_the_ends_are_kept_apart():
    assert np.diff(spread([0.5, 0.51, 0.52], 0.1)) == pytest.approx([0.1, 0.1])
    assert spread([0.1, 0.9], 0.1) == pytest.approx([0.1, 0.9])


def test_a_horizon_of_one_month_is_drawn(tmp_path):
    table = monthly()
    results = make(tmp_path, monthly=table[table["month"] == 1])
    for maker in (over_time.customers, over_time.satisfaction, over_time.waits, points):
        svg(maker(results).draw(PAGE))


def test_nobody_at_home_has_no_satisfaction(tmp_path):
    table = monthly()
    table.loc[table["measure"].isin(["home_customers", "satisfaction"]), "value"] = 0
    results = make(tmp_path, monthly=table)
    assert over_time.satisfaction(results) is None
    assert "no difference at all" in over_time.customers(results).finding
