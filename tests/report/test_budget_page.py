"""The page of a budget."""

import re

import altair
import pytest
from small_worlds import MARKET

from loyaltysim.experiments.budget import budget
from loyaltysim.experiments.stresses import Stressed
from loyaltysim.report import budget_page
from loyaltysim.report.style import PHONE
from loyaltysim.scenario.load import load

UNKNOWN = "uncertainties={programme.points.worth: {uniform: [0.05 EUR, 0.15 EUR]}}"
SHORT = ("horizon=24 months", "warm_up=1 month", "market.customers=20", UNKNOWN)
NASTY = '<img src=x onerror="alert(1)">'
WORDS = ["loyaltysim", "budget", "x.yaml"]


@pytest.fixture(scope="module")
def judged():
    """A budget judged, and two stresses: one with figures, one that was not lived."""
    amount = "finance.budget={amount: 700 EUR/year, limits: {liability: 9000 EUR}}"
    found = budget(load(MARKET, (*SHORT, amount, f"name='{NASTY}'")), replications=72, workers=1)
    hit = [
        Stressed("cost inflation", f"dearer {NASTY}", {}, 72, found.dearest, found.dearest.mean),
        Stressed("rival's match", "a rival", {}, 72, why_not="there is none"),
    ]
    return found, hit


def test_the_page_says_go_or_no_go_and_why(judged, tmp_path):
    found, hit = judged
    page = budget_page.write_budget(found, None, hit, WORDS, tmp_path).read_text()
    assert ("NO GO" in page) is not found.go
    for heading in ("Thresholds", "The risk of overspending", "Limits", "Run it again"):
        assert f">{heading}</h2>" in page
    drawn = sorted(path.stem for path in (tmp_path / "figures").glob("*.png"))
    assert drawn == ["budget-moves", "budget-years", "overspending", "stresses"]
    assert "Not lived: rival" in page and "chance of overspending at most 5.0%" in page
    assert NASTY not in page and "&lt;img src=x" in page and "default-src 'none'" in page
    own = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
    assert not re.findall(r'(?:src|href)="(?!data:|#)', own)


def test_every_figure_is_drawn_both_ways(judged):
    for picture in budget_page.pictures(*judged):
        altair.Chart.from_dict(picture.view())
        assert picture.draw(PHONE).axes[0].get_xlabel()
        assert all(len(row) == len(picture.grid.columns) for row in picture.grid.rows)


def test_the_curve_falls_from_everybody_to_nobody(judged):
    """None costs more than the dearest; at the budget it is the chance of overspending. Break: `<`."""
    found, _ = judged
    places = budget_page.overspending(found).chart.lines[0].places
    heights = [dot.y for dot in places]
    assert heights == sorted(heights, reverse=True) and heights[-1] == 0.0
    assert all(dot.low <= dot.y <= dot.high for dot in places)
    at = min(places, key=lambda dot: abs(dot.x - found.amount))
    assert at.y == pytest.approx(found.dearest.overspent.estimate, abs=0.1)


def test_the_same_budget_gives_the_same_bytes(judged, tmp_path):
    one, two = (budget_page.write_budget(judged[0], None, judged[1], WORDS, tmp_path / x) for x in "ab")
    assert one.read_bytes() == two.read_bytes()
