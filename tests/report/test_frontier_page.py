"""The page of a frontier."""

import re
from pathlib import Path

import altair
import pytest
from test_views import layers, values

from loyaltysim.experiments.frontier import frontier
from loyaltysim.experiments.sweep import sweep
from loyaltysim.report.frontier_page import pictures, write_frontier
from loyaltysim.report.style import PAGE

COFFEE = Path(__file__).resolve().parents[2] / "scenarios" / "coffee.yaml"
NASTY = '<img src=x onerror="alert(1)">'
LEVERS = "levers={programme.points.worth: {from: 0.01 EUR, to: 0.10 EUR, steps: 3}}"
SMALL = (
    "market.customers=60",
    "horizon=12 months",
    "warm_up=1 month",
    "checks=[]",
    "rivals.Bean House.offers=[]",
    f"name='{NASTY}'",
    LEVERS,
)


@pytest.fixture(scope="module")
def found_front():
    return frontier(sweep(COFFEE, SMALL, replications=4, workers=1), workers=1)


def test_the_page_names_the_peak_and_the_chosen_settings(found_front, tmp_path):
    page = write_frontier(found_front, ["a line"], ["loyaltysim", "frontier", "x.yaml"], tmp_path).read_text()
    for heading in ("What is spent and what it brings", "The chosen settings", "Run it again"):
        assert f">{heading}</h2>" in page
    assert "loyaltysim frontier x.yaml" in page
    assert NASTY not in page and "&lt;img src=x" in page
    own = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
    assert not re.findall(r'(?:src|href)="(?!data:|#)', own)
    drawn = {path.stem for path in (tmp_path / "figures").glob("*.svg")}
    assert drawn >= {"frontier-satisfaction_base", "frontier-retention_12m", "frontier-profit"}


def test_every_setting_is_a_dot_with_its_row(found_front):
    found = found_front
    for picture in pictures(found)[:3]:
        view = picture.view()
        altair.Chart.from_dict(view)
        points = [row for row in values(view, "point") if "told" in row]
        assert {row["told"][0] for row in points} == {point.name for point in found.points}
        front = picture.chart.front
        told = {row["told"][0]: (row["x"], row["y"]) for row in points}
        assert [told[p.name] for p in found.points] == list(zip(front.spent, front.got, strict=True))
        assert picture.draw(PAGE).axes[0].get_xlabel()
        crosses = [one for one in layers(view) if one["mark"]["type"] == "rule"]
        assert len(crosses) == 2  # one way and the other
