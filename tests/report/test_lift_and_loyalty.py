"""Figures of where the effect comes from, of satisfaction against loyalty and cost: from a small real run."""

import itertools
from pathlib import Path

import altair
import numpy as np
import pytest
from made_up_results import kpi, make
from test_views import layers, values

from loyaltysim.experiments.run import run
from loyaltysim.metrics.frames import lift_by_mechanism, satisfaction_and_staying
from loyaltysim.metrics.terms import terms_of
from loyaltysim.report import causes, finance, lift, satisfaction
from loyaltysim.report.dots_chart import Dot, Dots, Series
from loyaltysim.report.style import PAGE, PHONE
from loyaltysim.scenario.load import load

COFFEE = Path(__file__).resolve().parents[2] / "scenarios" / "coffee.yaml"
SMALL = ("market.customers=120", "horizon=14 months", "warm_up=1 month", "checks=[]", "loyalty.causes=true")
MAKERS = {
    "lift-mechanism": lift.mechanisms,
    "lift-source": lift.sources,
    "staying": satisfaction.staying,
    "causes": causes.causes,
    "conditionals": satisfaction.two_conditionals,
    "cost-satisfaction": satisfaction.cost_and_satisfaction,
    "bridge": finance.bridge,
    "liability": finance.liability,
}


@pytest.fixture(scope="module")
def lived():
    return run(load(COFFEE, SMALL), replications=4, workers=1)


@pytest.mark.parametrize("name", MAKERS)
def test_each_is_drawn_both_ways_with_its_words(lived, name):
    picture = MAKERS[name](lived)
    assert picture.name == name and picture.finding and picture.note and len(picture.grid.rows) > 1
    assert all(len(row) == len(picture.grid.columns) for row in picture.grid.rows)
    for width in (PAGE, PHONE):
        figure = picture.draw(width)
        assert "".join(figure.get_suptitle().split()) == "".join(picture.finding.split())
        assert figure.axes[0].get_xlabel()
    altair.Chart.from_dict(picture.view())


def test_the_waterfall_falls_from_bar_to_bar_to_the_effect_on_profit(lived):
    """Break: start every bar at 0."""
    frame = lift_by_mechanism(lived.measured, terms_of(lived.loaded.scenario))
    bars = values(lift.mechanisms(lived).view(), "rect")
    starts, ends = [bar["start"] for bar in bars], [bar["x"] for bar in bars]
    assert starts[0] == starts[-1] == 0.0
    assert starts[1:-1] == pytest.approx(ends[:-2])
    assert ends[-1] == pytest.approx(ends[-2]) == pytest.approx(frame["estimate"].iloc[-1])
    still = lift.mechanisms(lived).draw(PAGE).axes[0].patches
    assert [bar.get_x() + bar.get_width() for bar in still] == pytest.approx(ends)


def test_the_intervals_of_a_waterfall_stand_at_the_ends_of_its_bars(lived):
    picture = lift.mechanisms(lived)
    frame = lift_by_mechanism(lived.measured, terms_of(lived.loaded.scenario)).set_index("label")
    spans = values(picture.view(), "rule", "#ffffff")
    for bar, one in zip(values(picture.view(), "rect"), spans, strict=True):
        row = frame.loc[bar["told"][0]]
        assert one["x2"] - one["x"] == pytest.approx(row["high"] - row["low"])
        assert one["x"] == pytest.approx(bar["start"] + row["low"])


def test_sources_add_up(lived):
    extra, rivals, new, *_ = (bar["x"] for bar in values(lift.sources(lived).view(), "rect"))
    assert extra == pytest.approx(rivals + new)


def test_who_stays_is_what_was_counted(lived):
    table = satisfaction_and_staying(lived.measured, terms_of(lived.loaded.scenario))
    table = table[(table["customer_months"] >= satisfaction.FEW) & table["estimate"].notna()]
    picture = satisfaction.staying(lived)
    dots = values(picture.view(), "point")
    assert sorted(dot["y"] for dot in dots) == pytest.approx(sorted(table["estimate"]))
    still = [line for line in picture.draw(PAGE).axes[0].lines if line.get_marker() in ("o", "s")]
    drawn = np.concatenate([line.get_ydata() for line in still])
    assert sorted(drawn) == pytest.approx(sorted(table["estimate"]))


def test_the_plane_holds_every_replication_and_their_mean(lived):
    picture = satisfaction.cost_and_satisfaction(lived)
    points = [layer["data"]["values"] for layer in layers(picture.view()) if layer["mark"]["type"] == "point"]
    replications, mean = points
    assert len(replications) == 4 and len(mean) == 1
    assert mean[0]["x"] == pytest.approx(np.mean([point["x"] for point in replications]))
    assert [point["told"][0] for point in replications] == [f"replication {k}" for k in range(4)]


def test_without_a_programme_there_is_no_lift(lived):
    alone = run(load(COFFEE, (*SMALL, "programme=null", "market.customers=600")), replications=3, workers=1)
    assert lift.mechanisms(alone) is None and lift.sources(alone) is None and lift.naive(alone) is None
    assert satisfaction.cost_and_satisfaction(alone) is None
    assert "with the programme" not in satisfaction.staying(alone).finding
    assert satisfaction.staying(alone).grid.columns == ("satisfaction", "would stay a year")
    assert [row[0] for row in satisfaction.two_conditionals(alone).grid.rows] == list(
        satisfaction.SHORT.values()
    )


def test_intervals_that_are_missing_are_not_drawn():
    series = Series(
        "one", "#000000", "#000000", (), ("o", "circle"), [Dot(1, 0.5, None, None), Dot(2, 0.6, 0.5, 0.7)]
    )
    chart = Dots([series], "x", "y", [1.0, 2.0])
    (intervals,) = chart.figure("t", PAGE).axes[0].collections
    assert len(intervals.get_segments()) == 1


def test_the_bridge_leads_from_face_value_to_the_effect_on_profit(lived):
    """Break: a step left out. The last sum is what profit loses; sums stand on the ground."""
    bars = {bar["told"][0]: bar for bar in values(finance.bridge(lived).view(), "rect")}
    profit, issued = (
        lived.kpi(*key)["estimate"] for key in (("profit", "effect"), ("points_issued", "programme"))
    )
    worth = float(lived.loaded.scenario.programme.points.worth.amount)
    assert bars["Face value issued"]["x"] == pytest.approx(issued * worth)
    assert bars["Net of effect"]["x"] == pytest.approx(-profit)
    drawn = list(bars.values())
    sums = {label for label, total in finance.BRIDGE.values() if total}
    for before, after in itertools.pairwise(drawn):
        if after["told"][0] in sums:
            assert after["start"] == 0.0 and after["x"] == pytest.approx(before["x"])
        else:
            assert after["start"] == pytest.approx(before["x"])


def test_where_the_worth_of_a_point_is_not_known_each_draw_has_its_own_face_value():
    """Break: the nominal worth for all. The mean of draw by draw is another number."""
    unknown = "uncertainties={programme.points.worth: {uniform: [0.02 EUR, 0.30 EUR]}}"
    found = run(load(COFFEE, (*SMALL, unknown)), replications=8, workers=1)
    settings = [found.outer.settings(k)["programme.points.worth"] for k in range(4)]
    issued = [one.parts["points_issued", "programme"].numerator for one in found.units]
    face = np.mean([float(text.split()[0]) * n for text, n in zip(settings, issued, strict=True)])
    bars = {bar["told"][0]: bar for bar in values(finance.bridge(found).view(), "rect")}
    assert bars["Face value issued"]["x"] == pytest.approx(face)
    nominal = float(found.loaded.scenario.programme.points.worth.amount) * np.mean(issued)
    assert abs(face / nominal - 1.0) > 0.05


def test_the_fan_opens_from_the_mean_outwards(lived):
    table = finance.liability(lived).chart.table
    assert (table["low90"] <= table["low50"]).all() and (table["high50"] <= table["high90"]).all()
    assert table["mean"].iloc[-1] == pytest.approx(lived.kpi("liability_end", "programme")["estimate"])
    areas = [one for one in layers(finance.liability(lived).view()) if one["mark"]["type"] == "area"]
    assert len(areas) == 3


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(1.0, 3.0, "Go: "), (-3.0, -1.0, "No-go: "), (-1.0, 3.0, "Neither go nor no-go: ")],
)
def test_a_decision_rests_on_its_interval(tmp_path, low, high, said):
    row = kpi("incremental_contribution", "effect", (low + high) / 2, (high - low) / 2)
    (told,) = finance.decision(make(tmp_path, kpis=[row]))
    assert told.startswith(said)
