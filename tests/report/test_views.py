"""Interactive charts: valid by Altair's schema, with the still figures' numbers, no way out of their JSON."""

import json

import altair
import numpy as np
import pytest
from made_up_results import loaded, make
from test_figures import MAKERS, NEW, lively  # noqa: F401

from loyaltysim.report import embed, over_time, sums
from loyaltysim.report.style import PAGE
from loyaltysim.report.vega import SCHEMA

NASTY = "</script><script>alert(1)</script><!--\"'&<img onerror=x>"


def layers(view):
    """All layers of all panels."""
    return [layer for panel in view.get("vconcat", [view]) for layer in panel["layer"]]


def values(view, mark, color=None):
    """The rows behind the marks of a kind."""
    return [
        row
        for layer in layers(view)
        if layer["mark"]["type"] == mark and color in (None, layer["mark"].get("color"))
        for row in layer["data"]["values"]
    ]


@pytest.mark.parametrize("name", MAKERS)
def test_altair_takes_every_view(results, name):
    """Break: any property that Vega-Lite does not know."""
    view = MAKERS[name](results).view()
    assert altair.Chart.from_dict(view).to_dict()["config"]["aria"] is False


@pytest.mark.parametrize("name", NEW)
def test_altair_takes_the_views_of_what_only_some_scenarios_have(lively, name):  # noqa: F811
    altair.Chart.from_dict(NEW[name](lively).view())


def test_the_bundle_draws_the_version_that_the_views_are_written_in():
    major = altair.SCHEMA_VERSION.split(".")[0]
    assert SCHEMA.endswith(f"/{major}.json")
    assert f'"{altair.SCHEMA_VERSION[1:]}"' in embed.text_of("embedded/vega.js")


def test_curves_have_the_numbers_of_the_still_figure(results):
    picture = over_time.customers(results)
    still = {
        (round(float(x)), float(y))
        for axes in picture.draw(PAGE).axes
        for line in axes.lines
        if line.get_transform() == axes.transData
        for x, y in zip(*np.asarray(line.get_data(), dtype=float), strict=True)
    }
    live = {(round(row["x"]), row["y"]) for row in values(picture.view(), "line")}
    assert live and live <= still
    assert len(live) >= 12 + 24 * 3  # the shared past, and three curves


def test_bars_have_the_numbers_of_the_still_figure(results):
    picture = sums.cells(results)
    still = [bar.get_width() for bar in picture.draw(PAGE).axes[0].patches]
    assert [row["x"] for row in values(picture.view(), "rect")] == pytest.approx(still)
    spans = [row for row in values(picture.view(), "rule", "#ffffff")]
    assert [(row["x"] + row["x2"]) / 2 for row in spans] == pytest.approx(still)


@pytest.mark.parametrize("name", ["customers", "satisfaction", "wait", "points"])
def test_the_pointer_tells_the_rows_of_the_table(results, name):
    picture = MAKERS[name](results)
    pointers = [layer for layer in layers(picture.view()) if "params" in layer]
    assert pointers
    for pointer in pointers:
        assert tuple(tuple(row["told"]) for row in pointer["data"]["values"]) == picture.grid.rows
    assert tuple(picture.view()["usermeta"]["columns"]) == picture.grid.columns


def test_no_text_of_a_chart_ends_its_json(tmp_path):
    """TRUST F30. Break: leave out `translate`."""
    results = make(tmp_path, loaded=loaded(tmp_path, rival=NASTY))
    view = over_time.customers(results).view()
    written = str(embed.as_data(view))
    assert not set(written) & set("<>&\u2028\u2029")
    assert json.loads(written) == view


def test_the_scripts_can_stand_in_a_page():
    for name in embed.SCRIPTS:
        script = embed.text_of(name)
        assert "</script" not in script.lower() and "<!--" not in script
    assert "</style" not in embed.text_of("style.css").lower()


def test_one_replication_is_drawn_without_bands(tmp_path):
    from made_up_results import monthly

    results = make(tmp_path, monthly=monthly(replications=1), replications=1)
    view = over_time.customers(results).view()
    assert values(view, "line") and not values(view, "area")
    assert embed.as_data(view)  # no number that JSON cannot say
