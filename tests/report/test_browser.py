"""The page in a real browser: nothing is fetched, nothing complains, no name runs, all can be reached."""

import os
import shutil

import pytest
from chromium import Chromium, found
from made_up_results import loaded, make
from test_budget_page import judged  # noqa: F401
from test_compare_page import COFFEE, SMALL, compared  # noqa: F401
from test_frontier_page import found_front  # noqa: F401

from loyaltysim.experiments.price_weights import with_price_weights
from loyaltysim.experiments.run import run
from loyaltysim.experiments.theories import run_under
from loyaltysim.report.budget_page import write_budget
from loyaltysim.report.compare_page import write_comparison
from loyaltysim.report.frontier_page import write_frontier
from loyaltysim.report.page import write_report
from loyaltysim.report.theories_page import write_theories
from loyaltysim.scenario.load import load

SHIPPED = COFFEE.parent
pytestmark = pytest.mark.system

NASTY = [
    "</script><script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "</style><svg onload=alert(1)>'\"`",
    "{{7*7}}${alert(1)}javascript:alert(1)",
    "\u202e\u2028日本語 🌟 ]]>-->",
]  # fmt: skip


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    """One browser for all tests here."""
    if found() is None:
        assert not os.environ.get("LOYALTYSIM_SYSTEM"), "needs chromium: apt-get install chromium"
        pytest.skip("needs chromium: apt-get install chromium")
    profile = tmp_path_factory.mktemp("profile")
    running = Chromium(profile)
    yield running
    running.close()
    shutil.rmtree(profile, ignore_errors=True)


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    return write_report(make(tmp_path_factory.mktemp("run")))


@pytest.fixture
def opened(browser, report):
    """Opens the report in a window of a given size; closes it after the test."""
    pages = []

    def open_it(path=report, **how):
        pages.append(browser.page(path, **how))
        return pages[-1]

    yield open_it
    for page in pages:
        page.close()


COUNT = "document.querySelectorAll({!r}).length"


@pytest.mark.parametrize("width", [1280, 390])
def test_every_chart_is_drawn_and_nothing_is_fetched_or_complained_of(opened, width):
    """Break: a policy without the hash of a script; `ast: false` in charts.js."""
    page = opened(width=width)
    assert page.requests() == [] and page.faults() == []
    assert page.run("document.documentElement.dataset.charts") == "drawn"
    assert page.run(COUNT.format("figure")) == page.run(COUNT.format(".chart svg")) == 6
    marks = (
        "[...document.querySelectorAll('.chart svg')].map(s => s.querySelectorAll('path, line, text').length)"
    )
    assert min(page.run(marks)) > 10


@pytest.mark.parametrize("script", [True, False])
def test_nothing_is_wider_than_a_phone(opened, script):
    page = opened(width=390, height=800, script=script)
    page.call("Emulation.setScriptExecutionDisabled", value=False)  # of this page it changes nothing any more
    assert page.run("document.documentElement.scrollWidth") == 390
    wide = """[...document.querySelectorAll('main *')].filter(e => e.getClientRects().length &&
        !e.closest('.wide, #tip, .aside, .finding, pre') && !e.matches('html:not(.live) .still') &&
        e.getBoundingClientRect().right > 390.5).map(e => e.outerHTML.slice(0, 80))"""
    assert page.run(wide) == []


def test_a_phone_that_is_turned_gets_charts_of_its_width(opened):
    page = opened(width=390)
    size = "document.querySelector('.chart svg').getBoundingClientRect().width"
    assert page.run(size) <= 390
    page.call("Emulation.setDeviceMetricsOverride", width=800, height=390, deviceScaleFactor=1, mobile=True)
    page.wait(lambda: page.run(size) > 600)


def test_the_keyboard_reaches_the_table_of_every_chart(opened):
    """Tab to each summary, Enter opens it, Tab goes on into the table."""
    page = opened()
    wanted = page.run("[...document.querySelectorAll('figure + details caption')].map(c => c.textContent)")
    assert len(wanted) == 6
    reached = []
    at = "document.activeElement.{}"
    for _ in range(80):
        if len(reached) == 6:
            break
        page.press("Tab")
        if page.run(at.format("matches('figure + details > summary')")):
            page.press("Enter", text="\r")
            page.wait(lambda: page.run(at.format("parentElement.open")))
        elif page.run(at.format("matches('figure + details .wide')")):
            reached.append(page.run(at.format("getAttribute('aria-label')")))
            assert page.run(at.format("getBoundingClientRect().height")) > 100
    assert reached == wanted


def test_a_screen_reader_meets_names_headings_and_captions(opened):
    page = opened()
    tree = page.call("Accessibility.getFullAXTree")["nodes"]
    spoken = [(n["role"]["value"], n.get("name", {}).get("value", "")) for n in tree if not n.get("ignored")]
    images = [name for role, name in spoken if role in ("image", "img", "graphics-document")]
    assert len(images) == 6 and all(len(name) > 60 for name in images)
    headings = [name for role, name in spoken if role == "heading"]
    assert all(headings) and "Key figures" in headings
    assert any(role == "navigation" and name == "Contents" for role, name in spoken)
    assert page.run(
        "[...document.querySelectorAll('table')].every(t => t.caption && t.querySelector('th[scope]'))"
    )
    assert page.run("document.documentElement.lang") == "en"


def test_the_pointer_is_told_the_row_of_the_table(opened):
    page = opened()
    box = page.run("""(() => { const c = document.querySelector('#figure-customers .chart');
        c.scrollIntoView(); const r = c.getBoundingClientRect(); return [r.x, r.y, r.width]; })()""")
    for aside in (0.5, 0.52):
        page.call(
            "Input.dispatchMouseEvent", type="mouseMoved", x=box[0] + aside * box[2], y=box[1] + 120
        )  # fmt: skip
    page.wait(lambda: not page.run("document.getElementById('tip').hidden"))
    told = page.run("[...document.querySelectorAll('#tip div')].map(d => d.lastChild.textContent)")
    rows = page.run(
        "[...document.querySelectorAll('#figure-customers + details tbody tr')]"
        ".map(r => [...r.children].map(c => c.textContent))"
    )
    assert told in rows
    page.press("Escape")
    assert page.run("document.getElementById('tip').hidden")


def test_without_scripts_and_on_paper_the_still_figures_stand_in(opened, tmp_path):
    shown = "[...document.querySelectorAll({!r})].map(e => e.getBoundingClientRect().height > 50)"
    page = opened()
    assert page.run(shown.format(".still")) == [False] * 6
    assert page.run(shown.format(".chart")) == [True] * 6
    page.call("Emulation.setEmulatedMedia", media="print")
    assert page.run(shown.format(".still")) == [True] * 6
    assert page.run(shown.format(".chart")) == [False] * 6
    assert page.run("[...document.images].every(i => i.complete && i.naturalWidth > 100)")
    bare = opened(script=False)
    bare.call("Emulation.setScriptExecutionDisabled", value=False)
    assert bare.run(shown.format(".still")) == [True] * 6
    assert bare.run(shown.format(".chart")) == [False] * 6


@pytest.mark.parametrize("name", NASTY)
def test_no_name_runs(opened, tmp_path, name):
    """TRUST F30. Break: `Markup(...)` around a name, or the JSON without its escapes."""
    rival = name if name.isascii() else "Bäckerei «Ümit» ]]>"  # what the still figures' font can show
    made = loaded(tmp_path, name=name, question=name, rival=rival)
    page = opened(write_report(make(tmp_path, loaded=made, answer=name, warnings=[name])))
    assert page.requests() == [] and page.faults() == []
    assert page.run("document.querySelectorAll('main img:not(.still), main svg script').length") == 0
    assert page.run("document.querySelector('h1').textContent.includes('{{7*7}}')") == ("{{7" in name)
    assert "49" not in page.run("document.title")
    offer = page.run("document.querySelector('#figure-customers .chart').textContent")
    assert rival[:8] in offer


def test_a_script_of_somebody_else_does_not_run(opened, report, tmp_path):
    """The policy itself: what is added to the page later is not run."""
    page_text = report.read_text(encoding="utf-8")
    spoiled = tmp_path / "spoiled.html"
    added = "<script>alert(1)</script><img src=x onerror=alert(2)><iframe src='https://example.org'></iframe>"
    spoiled.write_text(page_text.replace("<h1>", added + "<h1>"), encoding="utf-8")
    page = opened(spoiled)
    faults = page.faults()
    assert faults and all("Content Security Policy" in fault for fault in faults)
    assert not [one for one in page.happened("Page.javascriptDialogOpening")]


@pytest.fixture(scope="module")
def lived_pages(tmp_path_factory):
    """Reports of small real runs that have every kind of figure, and the page of a budget."""
    small = ("market.customers=150", "horizon=14 months", "warm_up=1 month", "checks=[]")
    numbers = "programme.points.displacement: {range: uniform}, loyalty.steepness: {uniform: [3, 5]}"
    unknown = f"uncertainties={{{numbers}}}"
    found = []
    for name, more, count in (
        ("coffee", (unknown, "replications_per_draw=1"), 20), ("stored-value", (), 3), ("paid-club", (), 3)
    ):  # fmt: skip
        folder = tmp_path_factory.mktemp(name)
        loaded_one = load(SHIPPED / f"{name}.yaml", (*small, *more))
        results = run(loaded_one, replications=count, workers=1, out=folder)
        results = with_price_weights(results, workers=1) if name == "coffee" else results
        found.append(write_report(results))
    return found


@pytest.mark.parametrize("width", [1280, 390])
def test_pages_of_real_runs_with_every_figure_are_drawn_whole(opened, lived_pages, width):
    """Break: one try in charts.js; a fan whose axis forgets its interval."""
    names = set()
    for path in lived_pages:
        page = opened(path, width=width)
        assert page.requests() == [] and page.faults() == []
        assert page.run("document.documentElement.dataset.charts") == "drawn"
        assert page.run(COUNT.format("figure")) == page.run(COUNT.format(".chart svg"))
        assert page.run("document.documentElement.scrollWidth") == width
        names |= set(page.run("[...document.querySelectorAll('figure')].map(f => f.id.slice(7))"))
        low = page.run("""[...document.querySelectorAll('.chart svg')].filter(s => {
            const b = s.getBoundingClientRect();
            return [...s.querySelectorAll('path, text')].some(e => {
                const r = e.getBoundingClientRect(); return r.height && r.bottom > b.bottom + 1.5; });
            }).map(s => s.closest('figure').id)""")
        assert low == []
    assert {
        "status", "cohorts", "deciles", "whale", "gaps", "formulas", "conditionals", "payback", "break-even",
        "acceptability", "due", "tornado", "price-weight", "stored-value", "fees", "club",
    } <= names  # fmt: skip


@pytest.mark.parametrize("width", [1280, 390])
def test_the_other_pages_are_alike(opened, compared, found_front, judged, tmp_path, width):  # noqa: F811
    pages = [
        write_budget(judged[0], None, judged[1], ["loyaltysim", "budget"], tmp_path / "b"),
        write_comparison(*compared, tmp_path / "c"),
        write_frontier(found_front, ["a line"], ["loyaltysim", "frontier"], tmp_path / "f"),
    ]
    for path in pages:
        page = opened(path, width=width)
        assert page.requests() == [] and page.faults() == []
        assert page.run("document.documentElement.dataset.charts") == "drawn"
        assert page.run(COUNT.format("figure")) == page.run(COUNT.format(".chart svg")) >= 3
        assert page.run("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_of_all_curves_is_alike(opened, tmp_path, width):
    """Seven lines in one chart, names that run nothing, nothing wider than a phone."""
    named = load(COFFEE, (*SMALL, "market.customers=400", f"name='{NASTY[1]}'", f"question='{NASTY[1]}'"))
    page = opened(write_theories(run_under(named, replications=2, workers=1), tmp_path), width=width)
    assert page.requests() == [] and page.faults() == []
    assert page.run("document.documentElement.dataset.charts") == "drawn"
    assert page.run(COUNT.format("figure")) == page.run(COUNT.format(".chart svg")) == 2
    assert page.run("document.documentElement.scrollWidth") == width
    assert page.run("document.querySelectorAll('main img:not(.still)').length") == 0
