"""The page of a comparison."""

import re
from pathlib import Path

import pytest

from loyaltysim.experiments.compare import compare
from loyaltysim.experiments.why import reasons
from loyaltysim.report.compare_page import write_comparison
from loyaltysim.scenario.load import load

COFFEE = Path(__file__).resolve().parents[2] / "scenarios" / "coffee.yaml"
SMALL = (
    "market.customers=60", "horizon=12 months", "warm_up=1 month", "checks=[]", "rivals.Bean House.offers=[]",
)  # fmt: skip
NASTY = '<img src=x onerror="alert(1)">'


@pytest.fixture(scope="module")
def compared():
    """Two files that differ, one with a name that would run if it could."""
    files = [load(COFFEE, SMALL), load(COFFEE, (*SMALL, "programme.points.worth=0.1 EUR", f"name='{NASTY}'"))]
    found = compare(files, replications=4, workers=1)
    return found, reasons(found, ["profit"], workers=1)


def test_the_page_says_who_may_be_best_how_they_differ_and_why(compared, tmp_path):
    page = write_comparison(*compared, tmp_path / "out").read_text()
    for heading in ("Which file may be the best", "Differences", "Why", "Run it again"):
        assert f">{heading}</h2>" in page
    assert "programme.points.worth" in page
    assert "--why profit" in page
    drawn = sorted(path.stem for path in (tmp_path / "out" / "figures").glob("*.png"))
    names = ("incremental_contribution", "profit", "retention_12m", "satisfaction_base")
    assert drawn == [f"compare-{name}" for name in names]
    assert page.count("<figure id=") == 4


def test_nothing_is_fetched_and_no_name_runs(compared, tmp_path):
    """TRUST F30. Break: autoescape off."""
    page = write_comparison(*compared, tmp_path).read_text()
    assert NASTY not in page and "&lt;img src=x" in page
    assert "default-src 'none'" in page
    own = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
    assert not re.findall(r'(?:src|href)="(?!data:|#)', own)


def test_the_same_comparison_gives_the_same_bytes(compared, tmp_path):
    one, two = (write_comparison(*compared, tmp_path / name).read_bytes() for name in "ab")
    assert one == two
