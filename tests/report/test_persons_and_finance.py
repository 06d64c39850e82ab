"""Who they are, what they felt, and what the money says: from a small real run."""

import altair
import numpy as np
import pytest
from test_lift_and_loyalty import COFFEE, SMALL
from test_views import values

from loyaltysim.experiments.finance import spread_point
from loyaltysim.experiments.formula_curves import GRID, curves_by_satisfaction
from loyaltysim.experiments.price_weights import at_factor, others, range_of, with_price_weights
from loyaltysim.experiments.run import run
from loyaltysim.metrics import frames
from loyaltysim.metrics.terms import terms_of
from loyaltysim.report import felt, finance, moved, payback, persons, prepaid
from loyaltysim.report.style import PAGE, PHONE
from loyaltysim.scenario.load import load

MAKERS = {
    "status": persons.status, "cohorts": persons.cohorts, "deciles": persons.deciles, "whale": persons.whale,
    "gaps": felt.gaps, "formulas": felt.formulas, "payback": payback.payback,
    "break-even": payback.break_even, "acceptability": payback.acceptability, "due": payback.falls_due,
}  # fmt: skip
UNKNOWN = (
    "uncertainties={programme.points.worth: {uniform: [0.02 EUR, 0.08 EUR]},"
    " loyalty.steepness: {uniform: [3, 5]}}"
)


@pytest.fixture(scope="module")
def lived():
    """Four replications of a small coffee market."""
    return run(load(COFFEE, SMALL), replications=4, workers=1)


@pytest.fixture(scope="module")
def unsure():
    """Twenty draws of the worth of a point and of the steepness of loyalty."""
    return run(load(COFFEE, (*SMALL, UNKNOWN, "replications_per_draw=1")), replications=20, workers=1)


@pytest.mark.parametrize("name", MAKERS)
def test_each_is_drawn_both_ways_with_its_words(lived, name):
    picture = MAKERS[name](lived)
    assert picture.name == name and picture.finding and picture.note and len(picture.grid.rows) > 1
    assert all(len(row) == len(picture.grid.columns) for row in picture.grid.rows)
    for width in (PAGE, PHONE):
        figure = picture.draw(width)
        assert "".join(figure.get_suptitle().split()) == "".join(picture.finding.split())
        assert figure.axes[-1].get_xlabel()
    altair.Chart.from_dict(picture.view())


@pytest.mark.parametrize("name", MAKERS)
def test_without_a_programme_only_customers_are_shown(name):
    alone = run(load(COFFEE, (*SMALL, "programme=null")), replications=3, workers=1)
    money = name in ("payback", "break-even", "acceptability", "due")
    picture = MAKERS[name](alone)
    assert (picture is None) == money
    if picture is not None:
        assert "with the programme" not in picture.finding
        altair.Chart.from_dict(picture.view())
        picture.draw(PHONE)
    assert alone.finance is None and "finance" not in alone.to_json()


# ---------------------------------------------------------------- customers


def test_the_layers_of_the_status_fill_the_whole(lived):
    """Shares of everybody who was there at month 0: 100 % at every close. Break: leave a status out."""
    tables = persons.status(lived).chart.tables
    assert sum(table["mean"] for table in tables.values()).tolist() == pytest.approx([100.0] * 15)


def test_the_field_of_cohorts_is_the_table(lived):
    table = frames.cohorts(lived.measured, terms_of(lived.loaded.scenario))
    table = table[(table["arm"] == "programme") & (table["joined"] == "firm")]
    picture = persons.cohorts(lived)
    told = [row["told"] for row in values(picture.view(), "rect") if "told" in row]
    assert len(told) == len(table)
    field = picture.chart.values
    assert np.nansum(field) == pytest.approx(table["retention"].sum())
    assert field[0, 0] == 1.0 and picture.grid.rows[0][0] == "month 0"


def test_darker_is_more():
    from loyaltysim.report.heat_chart import colour

    light = [sum(int(colour(x)[k : k + 2], 16) for k in (1, 3, 5)) for x in (0.0, 0.25, 0.5, 0.75, 1.0)]
    assert light == sorted(light, reverse=True) and colour(0.0) == "#f7fbff" and colour(1.0) == "#08306b"


def test_the_whale_ends_with_everybody(lived):
    curve = next(one for one in persons.whale(lived).chart.lines)
    assert (curve.places[0].y, curve.places[-1].y) == (0.0, pytest.approx(1.0))


def test_the_tenths_are_those_of_the_frame(lived):
    table = frames.deciles(lived.measured, terms_of(lived.loaded.scenario))
    gain = table[(table["arm"] == "effect") & (table["measure"] == "contribution")]["estimate"]
    chart = persons.deciles(lived).chart
    assert [dot.y for dot in chart.lines[0].places] == pytest.approx(gain.tolist())
    assert [dot.x for dot in chart.lines[1].places] == list(range(1, 11))


def test_classes_of_the_gap_add_up(lived):
    """In classes of five the shares are the sums of those of one."""
    terms = terms_of(lived.loaded.scenario)
    fine, coarse = (frames.gap_distribution(lived.measured, terms, width) for width in (1, 5))
    sums = fine.groupby(["arm", fine["from_gap"] // 5 * 5])["estimate"].sum()
    again = coarse.set_index(["arm", "from_gap"])["estimate"]
    assert again.sort_index().tolist() == pytest.approx(sums.sort_index().tolist())


def test_formulas_meet_what_was_lived_on_average():
    """Every curve is moved to where, over the classes, as many stay; the own one is found again.

    What is lived here are the values of the threshold curve itself: it misses by nothing, and 'constant' by
    the most. Break: the standing without the shift.
    """
    scenario = load(COFFEE, SMALL).scenario
    classes, weights = np.arange(42.5, 100.0, 5.0), np.linspace(1.0, 3.0, 12)
    first = curves_by_satisfaction(scenario, classes, weights, np.full(12, 0.8))
    lived = np.interp(classes, GRID, first.stays["threshold"])
    found = curves_by_satisfaction(scenario, classes, weights, lived)
    target = (weights * lived).sum() / weights.sum()
    for name, curve in found.stays.items():
        there = np.interp(classes, GRID, curve)
        assert (weights * there).sum() / weights.sum() == pytest.approx(target, abs=0.006), name
    assert found.misses["threshold"] < 0.005
    assert max(found.misses, key=found.misses.get) == "constant"


@pytest.mark.parametrize("theory", ["threshold", "two_threshold", "kotler", "competitive", "inverted_u"])
def test_the_formulas_are_those_of_the_rules(theory):
    """To 1e-12 at every place. Break: any number of a curve."""
    from loyaltysim.experiments.formula_curves import PLACES, chance
    from loyaltysim.experiments.theories import changed
    from loyaltysim.rules.loyalty import mean_staying
    from loyaltysim.rules.state import CUSTOMER
    from loyaltysim.scenario.lower import lower

    scenario = load(COFFEE, SMALL).scenario
    loyalty = changed(scenario.loyalty, theory=theory, intensity=0.3, width=20.0, drop=0.07)
    terms = lower(scenario.model_copy(update={"loyalty": loyalty})).terms
    one = np.zeros(1, CUSTOMER).view(np.recarray)
    told = [mean_staying(terms, one, x) for x in PLACES.tolist()]
    assert chance(loyalty, theory) == pytest.approx(told, abs=1e-12)


# ---------------------------------------------------------------- finance


def test_the_figures_of_finance_are_those_of_the_catalogue(lived):
    told, kpis = lived.to_json()["finance"], lived.to_json()["kpis"]
    for name, row in told.items():
        if isinstance(row, dict) and row["kpi"] in {one["kpi"] for one in kpis}:
            assert row in kpis and row["kpi"] == name
    by_month = told["effect_by_month"]
    assert len(by_month) == 15 and by_month[0]["mean"] == 0.0
    end, whole = by_month[-1], lived.kpi("incremental_contribution")
    assert [end[key] for key in ("mean", "low", "high")] == pytest.approx(
        [whole[key] for key in ("estimate", "low", "high")], rel=1e-9
    )
    owed = told["liability_by_month"][-1]
    assert owed["mean"] == pytest.approx(lived.kpi("liability_end", "programme")["estimate"])
    assert sum(
        told[f"liability_due_{band}"]["estimate"] for band in ("12m", "24m", "later")
    ) == pytest.approx(owed["mean"], abs=0.02)


def test_the_more_a_customer_is_worth_the_more_often_it_pays(lived):
    points = lived.finance.acceptability
    shares = [one["above_0"]["estimate"] for one in points]
    gains = [one["net_benefit"]["estimate"] for one in points]
    kept = lived.kpi("incremental_retained")["estimate"]
    steps = np.diff(gains) / np.diff([one["worth"] for one in points])
    assert shares[0] == 0.0 and steps == pytest.approx([kept] * (len(points) - 1), rel=1e-6)


@pytest.mark.parametrize(
    ("n", "share", "found"),
    [(10, 0.05, (None, None, None)), (40, 0.05, (2.0, None, None)), (100, 0.95, (95.0, 90.0, 100.0))],
)
def test_a_quantile_without_enough_replications_has_no_interval_and_then_no_estimate(n, share, found):
    one = spread_point([float(k) for k in range(1, n + 1)], share)
    assert (one.estimate, one.low, one.high) == found


def test_nothing_is_invented_where_nothing_is_unknown(lived):
    assert moved.tornado(lived) is None and moved.return_by_weight(lived) is None
    assert moved.unknowns(lived) == [moved.NOTHING_UNKNOWN, moved.NO_WEIGHTS]


def test_what_moves_it_most_has_its_interval(unsure):
    picture = moved.tornado(unsure)
    bars = picture.chart.rows
    assert [bar.name for bar in bars] == [bars[0].name, bars[1].name] and len(picture.grid.rows) == 2
    assert "the worth of a point" in {bar.name for bar in bars}
    assert abs(bars[0].value) >= abs(bars[1].value)
    assert all(bar.low <= bar.value <= bar.high for bar in bars)
    swings = {tuple(row["paths"]): row["swing"] for row in unsure.moves if row["kpi"] == "programme_cost"}
    worth = swings["programme.points.worth",]
    assert worth["low"] > 0.0  # dearer points cost more
    picture.draw(PHONE)
    altair.Chart.from_dict(picture.view())
    assert moved.unknowns(unsure) == [moved.NO_WEIGHTS]


# ---------------------------------------------------------------- paid ahead


@pytest.fixture(scope="module", params=["stored-value", "paid-club"])
def ahead(request):
    """The two scenarios in which customers pay ahead, small."""
    small = ("market.customers=150", "horizon=13 months", "warm_up=1 month", "checks=[]")
    return request.param, run(load(COFFEE.parent / f"{request.param}.yaml", small), replications=3, workers=1)


def test_what_is_paid_ahead_is_drawn_with_its_parts(ahead):
    """Received = earned + not yet earned; cash and bonus are those of the key figures at the horizon."""
    name, results = ahead
    if name == "stored-value":
        tables = prepaid.stored(results).chart.tables
        ends = [float(table["mean"].iloc[-1]) for table in tables.values()]
        kpis = [results.kpi(f"{x}_outstanding", "programme")["estimate"] for x in ("prepaid", "bonus")]
        assert ends == pytest.approx(kpis) and ends[0] > 0.0
        made = [prepaid.stored(results)]
        assert prepaid.fees(results) is None and prepaid.club(results) is None
    else:
        chart = prepaid.fees(results).chart
        parts = sum(table["mean"] for table in chart.tables.values())
        assert parts.tolist() == pytest.approx(chart.total["mean"].tolist()) and parts.iloc[-1] > 0.0
        shown = {bar.name: bar.value for bar in prepaid.club(results).chart.rows}
        kept = results.kpi("club_lift")["estimate"]
        assert shown["lift of the members, as it is"] == pytest.approx(100 * kept)
        made = [prepaid.fees(results), prepaid.club(results)]
        assert prepaid.stored(results) is None
    for picture in made:
        assert all(len(row) == len(picture.grid.columns) for row in picture.grid.rows)
        picture.draw(PHONE)
        altair.Chart.from_dict(picture.view())


# ---------------------------------------------------------------- price weights


def test_at_factor_one_it_is_the_same_scenario(lived):
    """Break: a weight that is not set. The digests are those of the run."""
    again = at_factor(lived.loaded, 1.0)
    assert again.text_hash == lived.loaded.text_hash
    twice = at_factor(lived.loaded, 2.0).scenario.market.segments
    assert [one.price_weight for one in twice.values()] == [1.5, 1.5]


def test_the_range_is_the_scenarios_own_where_it_states_one(lived):
    assert range_of(lived.loaded) == (0.3, 2.0, "the range that the scenario states")
    assert others(0.3, 0.75, 2.0) == [0.3, 0.474, 1.225, 2.0] and others(0.75, 0.75, 0.75) == []


def test_weights_that_are_not_known_are_set(tmp_path):
    law = "uncertainties={market.segments.regulars.price_weight: {uniform: [0.5, 1]}}"
    found = at_factor(load(COFFEE, (*SMALL, law)), 2.0)
    assert found.scenario.uncertainties == {}


def test_a_weight_that_is_drawn_is_lived_as_known(tmp_path):
    """Then no row is the run's own. Break: `told(own, results)` in any case."""
    law = "uncertainties={market.segments.regulars.price_weight: {uniform: [0.5, 1]}}"
    tiny = ("market.customers=40", "horizon=13 months", "warm_up=1 month", "checks=[]")
    results = run(load(COFFEE, (*tiny, law)), replications=4, workers=1)
    rows = with_price_weights(results, workers=1).price_weights.rows
    own = next(row for row in rows if row["price_weight"] == 0.75)
    known = run(load(COFFEE, tiny), replications=4, workers=1)
    assert own["programme_roi"] == known.kpi("programme_roi") != results.kpi("programme_roi")


def test_the_return_is_drawn_over_the_range(lived):
    found = with_price_weights(lived, workers=1)
    weights = [row["price_weight"] for row in found.price_weights.rows]
    assert weights == [0.3, 0.474, 0.75, 1.225, 2.0]
    own = found.price_weights.rows[2]
    assert own["programme_roi"] == lived.kpi("programme_roi")
    told = found.to_json()["price_weights"]
    assert told["range"] == [0.3, 2.0] and told["replications"] == 4
    picture = moved.return_by_weight(found)
    assert [dot.x for dot in picture.chart.lines[0].places] == weights
    assert "0.75 (the scenario's own)" in [row[0] for row in picture.grid.rows]
    picture.draw(PAGE)
    altair.Chart.from_dict(picture.view())
    assert moved.unknowns(found) == [moved.NOTHING_UNKNOWN]
    assert finance.decision(found) == finance.decision(lived)
