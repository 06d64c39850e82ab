"""Every figure has a finding for a title, units on its axes, and its interval drawn."""

import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from made_up_results import kpi, kpis, loaded, make, monthly

from loyaltysim.record.observed import Cohort
from loyaltysim.report import mechanisms, over_time, sums
from loyaltysim.report.book import points, published
from loyaltysim.report.charts import spread
from loyaltysim.report.style import PAGE, PHONE, png, svg
from loyaltysim.report.wording import BLANK
from loyaltysim.scenario.load import load

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
    assert len(axes.lines) == 1  # the zero line
    drawn = [len(lines.get_segments()) for lines in axes.collections]
    assert drawn == [bars, bars, 2 * bars]  # of each interval its outline, a line and two ends


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
        for area in maker(results).draw(PAGE).axes:
            curves = [line for line in area.lines if line.get_transform() == area.transData]  # no axis
            curves = [line for line in curves if len(line.get_xdata())]
            seen = [*curves, *area.collections]
            assert seen and all(thing.get_tightbbox().width > 50 for thing in seen), "a point is not seen"
            assert [text for text in area.texts if "Bean" in text.get_text()] == []  # its offer comes later
    drawn = over_time.customers(results).draw(PAGE).axes[0]
    assert [line.get_ydata()[0] for line in drawn.lines[:2]] == pytest.approx(
        [table.query("month == 1 and measure == 'home_customers' and arm == @arm")["value"].mean()
         for arm in ("programme", "twin")]
    )  # fmt: skip


def test_nobody_at_home_has_no_satisfaction(tmp_path):
    table = monthly()
    table.loc[table["measure"].isin(["home_customers", "satisfaction"]), "value"] = 0
    results = make(tmp_path, monthly=table)
    assert over_time.satisfaction(results) is None
    assert "no difference at all" in over_time.customers(results).finding


CLUB = """programme:
  points: {earn: 1 / EUR, worth: 0.01 EUR}
  tiers: {levels: {silver: {from: 5 visits}, gold: {from: 20 visits}}}
"""
DESK = """
relationship: {}
"""
FIRM = "firm:\n  attributes: {quality: {level: 78}}\n"
FAILING = """firm:
  attributes: {quality: {level: 78}}
  failures: {chance: 4 %, attribute: quality, severity: 30}
  service:
    {desks: 1, time: {mean: 1 min}, promise: {within: 5 min, cost: 0.2 EUR}, self_service: {share: 20 %}}
"""


@pytest.fixture
def lively(tmp_path):
    """Results of a scenario with tiers, stages, failures, a promise and self-service: known numbers."""
    path = tmp_path / "coffee.yaml"
    loaded(tmp_path, programme=CLUB, more=DESK)
    path.write_text(path.read_text(encoding="utf-8").replace(FIRM, FAILING), encoding="utf-8")
    spec = load(path)
    assert spec.scenario.firm.failures and spec.scenario.firm.service
    table = monthly()
    homes = table[table["measure"] == "home_customers"]
    more = {
        "tier_1": 40, "tier_2": 10, "failures": 50, "complaints": 20, "recovered": 10, "served": 900,
        "promise_broken": 90, "self_served": 100,
    }  # fmt: skip
    on = homes["arm"].eq("programme")
    rows = [
        homes.assign(
            measure=name, value=value * (on if name.startswith("tier") else 1) + homes["replication"] % 2
        )
        for name, value in more.items()
    ]
    stages = {"devoted": 0.1, "habitual": 0.5, "preference": 0.15, "none": 0.25}
    shares = [
        kpi(f"pyramid_share.{stage}", arm, value, 0.01)
        for stage, value in stages.items()
        for arm in ("programme", "twin")
    ]
    shares += [kpi("promoted", "programme", 70.0, 5.0), kpi("demoted", "programme", 20.0, 3.0)]
    return make(tmp_path / "run", loaded=spec, monthly=pd.concat([table, *rows]), kpis=[*kpis(), *shares])


NEW = {
    "tiers": mechanisms.tiers, "pyramid": mechanisms.pyramid, "complaints": mechanisms.complaints,
    "promise": mechanisms.promise,
}  # fmt: skip


@pytest.mark.parametrize("width", [PAGE, PHONE])
@pytest.mark.parametrize("name", NEW)
def test_what_only_some_scenarios_have_is_drawn(lively, name, width):
    picture = NEW[name](lively)
    figure = picture.draw(width)
    assert picture.name == name and picture.description and picture.note and picture.grid.rows
    assert "".join(figure.get_suptitle().split()) == "".join(picture.finding.split())
    assert all(len(row) == len(picture.grid.columns) for row in picture.grid.rows)
    assert svg(figure) == svg(picture.draw(width))


def test_what_they_say_is_what_was_counted(lively):
    said = {name: words(maker(lively).finding) for name, maker in NEW.items()}
    assert said["tiers"].startswith("At month 24 so many customers hold a tier: 40.5")
    assert "rose 70 times" in words(mechanisms.tiers(lively).note).replace(" (65 to 75)", "")
    assert "of the firm's customers are devoted" in said["pyramid"] and "25" in said["pyramid"]
    assert (
        said["complaints"] == "Of 1,212 visits that failed 41 % led to a complaint, and 21 % were made good"
    )
    assert "10" in said["promise"] and "longer than 5 minutes" in said["promise"]
    layers = mechanisms.tiers(lively).draw(PAGE).axes[0]
    assert len(layers.collections) == 2 and len(layers.lines) == 2  # a layer a tier; the ends of the interval
    bars_drawn = mechanisms.pyramid(lively).draw(PAGE).axes[0].patches
    assert [bar.get_width() for bar in bars_drawn[::2]] == pytest.approx([10, 50, 15, 25])


@pytest.mark.parametrize("name", NEW)
def test_what_a_scenario_lacks_is_not_drawn(results, name):
    assert NEW[name](results) is None
