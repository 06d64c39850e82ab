"""The workbook of a scenario with numbers that are not known, and of a market on the scale 1 : k."""

from io import BytesIO

import openpyxl
import pytest
from small_worlds import MARKET

from loyaltysim.experiments.outer import terms_of_each
from loyaltysim.experiments.run import run
from loyaltysim.metrics.effect import cumulative
from loyaltysim.report.workbook import workbook_bytes
from loyaltysim.scenario.load import load
from loyaltysim.scenario.timetable import closes

K = 10
SHORT = ("horizon=13 months", "programme.points.minimum=20", "finance.discount_rate=6 % / year")
UNKNOWN = (
    "uncertainties={finance.point.redeemed: {uniform: [20 %, 90 %]}, "
    "programme.points.worth: {uniform: [0.05 EUR, 0.2 EUR]}, "
    "finance.discount_rate: {uniform: [2 %/year, 20 %/year]}}"
)


def lived(*overrides):
    """The small market, four replications."""
    return run(load(MARKET, (*SHORT, *overrides)), replications=4, workers=1)


@pytest.fixture(scope="module")
def unknown():
    return lived(UNKNOWN)


def shown(results):
    """The values of every sheet."""
    return openpyxl.load_workbook(BytesIO(workbook_bytes(results)), data_only=True)


def column(sheet, heading, row=4):
    """The numbers under a heading."""
    place = [cell.value for cell in sheet[row]].index(heading) + 1
    return [cell.value for (cell,) in sheet.iter_rows(min_row=row + 1, min_col=place, max_col=place)]


def flags(book):
    """What the checks say."""
    return [row[1].value for row in book["Checks"].iter_rows(min_row=5) if row[1].value is not None]


def test_replayed_books_are_those_of_the_draw_that_replication_0_lives(unknown):
    """To the cent, close by close: the liability that the simulation has kept of it.

    Break: the scenario as written is lived once more, with its own numbers.
    """
    from loyaltysim.metrics.monthly import MEASURES

    table = unknown.measured[0].monthly["programme"][:, -1, MEASURES.index("contract_liability")]
    found = column(shown(unknown)["Roll-forward"], "Liability, closing")
    assert found == pytest.approx(table.tolist(), abs=1e-9) and found[-1] > 1.0
    drawn = unknown.outer.at(0).finance.point.redeemed
    assert abs(drawn - unknown.loaded.scenario.finance.point.redeemed) > 0.01


def test_checks_hold_and_paths_end_at_the_effect_where_much_is_not_known(unknown):
    """The path of each replication is discounted at the rate of its draw, the inputs are means of draws.

    Break: all at the rate as written.
    """
    book = shown(unknown)
    assert set(flags(book)) == {0}
    scenario = unknown.loaded.scenario
    each = terms_of_each(scenario, unknown.outer, range(4))
    assert each[0] is each[1] and each[0] is not each[2]
    paths = cumulative(unknown.measured, each, closes(scenario))
    ends = [one.parts["incremental_contribution", "effect"].numerator for one in unknown.measured]
    assert paths[:, -1] == pytest.approx(ends, rel=1e-9)
    rows = {row[1].value: row for row in book["Inputs"].iter_rows(min_row=5) if row[1].value}
    redeemed = [terms.redeemed / 1e6 for terms in (each[0], each[2])]
    assert rows["redeemed"][2].value == pytest.approx(sum(redeemed) / 2)
    assert rows["redeemed"][6].value.startswith("mean of draws")
    assert not str(rows["goods_share"][6].value).startswith("mean of draws")


def test_figures_are_those_of_the_real_market_as_the_key_figures_are():
    """Customers that stand for ten: flows tenfold as in `kpis.csv`, stated amounts as stated, all checks 0.

    Break: the tables of the ledgers as they are.
    """
    stated = ("firm.costs.fixed=700 EUR/month", "programme.fixed=20 EUR/month")
    plain, real = lived(*stated), lived(*stated, f"market.represents={90 * K}")
    one, other = shown(plain), shown(real)
    assert set(flags(one)) == set(flags(other)) == {0}
    for arm in ("programme", "twin"):
        a, b = one[f"P&L {arm}"], other[f"P&L {arm}"]
        for heading in ("List sales", "Net sales", "Goods sold", "Points open", "Owed", "Contribution"):
            few, many = column(a, heading), column(b, heading)
            assert [x for x in many if x is not None] == pytest.approx([K * x for x in few if x is not None])
        assert column(b, "Fixed") == column(a, "Fixed")
        sums = {row[0].value: row for row in b.iter_rows(min_row=5) if row[0].value}
        place = [cell.value for cell in b[4]].index("Net sales")
        assert sums["all, sum"][place].value == pytest.approx(real.kpi("revenue", arm)["estimate"])
    summary = {row[0].value: row[1].value for row in other["Summary"].iter_rows(min_row=7, max_row=13)}
    cost = real.kpi("programme_cost", "programme")["estimate"]
    assert summary["Programme cost, present value"] == pytest.approx(cost, rel=5e-3)
    ends = [column(book["Distribution"], "Liability, mean")[-1] for book in (one, other)]
    assert ends[1] == pytest.approx(K * ends[0]) and ends[0] > 0
    assert ends[1] == pytest.approx(real.kpi("liability_end", "programme")["estimate"])
    assert "simulated customers" in other["Roll-forward"]["A1"].value
