"""The workbook: live formulas with their values, text that stays text, checks that sum to 0, the same bytes.

LibreOffice calculates it anew, as it is and with an input changed; without it those tests are skipped.
"""

import os
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from loyaltysim.experiments.run import run
from loyaltysim.metrics.effect import cumulative
from loyaltysim.metrics.terms import terms_of
from loyaltysim.report.workbook import workbook_bytes, write_workbook
from loyaltysim.scenario.load import load
from loyaltysim.scenario.timetable import closes

ROOT = Path(__file__).resolve().parents[2]
SMALL = ("market.customers=150", "horizon=14 months", "warm_up=6 months", "seed=3")
NASTY = '=HYPERLINK("http://example.com";"+@-")'


@pytest.fixture(scope="module")
def results():
    loaded = load(ROOT / "scenarios" / "coffee.yaml", (*SMALL, f"name='{NASTY}'", "question=+1+1"))
    return run(loaded, replications=3, workers=1)


@pytest.fixture(scope="module")
def book(results):
    return workbook_bytes(results)


def opened(data, values):
    return openpyxl.load_workbook(BytesIO(data), data_only=values)


def formulas(data):
    """Every formula with its cached value."""
    told, shown = opened(data, False), opened(data, True)
    return {
        (sheet.title, cell.coordinate): (cell.value, shown[sheet.title][cell.coordinate].value)
        for sheet in told
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def test_the_same_run_gives_the_same_bytes(results, book):
    """Break: the date of writing in the file's properties."""
    assert workbook_bytes(results) == book


def test_sheets_are_kept_apart_and_the_checks_sum_to_nothing(book):
    shown = opened(book, True)
    assert shown.sheetnames == [
        "Summary", "Inputs", "P&L programme", "P&L twin", "Effect", "Cohorts", "Roll-forward", "Estimates",
        "Distribution", "Net benefit", "Checks", "Provenance",
    ]  # fmt: skip
    column = [row[1].value for row in shown["Checks"].iter_rows(min_row=5) if row[1].value is not None]
    assert len(column) >= 14 and set(column) == {0}


def test_text_never_becomes_a_formula(book):
    """Names that begin like formulas are text. Break: `write` in the place of `write_string`."""
    sheet = opened(book, False)["Summary"]
    assert (sheet["A1"].value, sheet["A1"].data_type) == (NASTY, "s")
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("+1+1", "s")
    assert not [value for value, _ in formulas(book).values() if "HYPERLINK" in str(value)]


def test_every_assumption_has_one_cell_with_unit_and_place(book):
    sheet = opened(book, True)["Inputs"]
    rows = {row[1].value: [cell.value for cell in row] for row in sheet.iter_rows(min_row=5) if row[1].value}
    text = (ROOT / "scenarios" / "coffee.yaml").read_text(encoding="utf-8").splitlines()
    line = next(place for place, said in enumerate(text, start=1) if said.startswith("  discount_rate:"))
    assert rows["discount_rate"][2] == pytest.approx(0.08) and rows["discount_rate"][3] == "per year"
    assert rows["discount_rate"][5:7] == ["finance.discount_rate", f"coffee.yaml:{line}:18"]
    assert rows["displacement"][4] == "design default, SCIENCE 5.4"
    assert rows["running_fixed"][6] == "default" and len(rows) == 11


def test_formulas_hold_what_the_simulation_found(results, book):
    shown = opened(book, True)["Summary"]
    rows = {row[0].value: row[1].value for row in shown.iter_rows(min_row=7, max_row=13)}
    npv = results.kpi("incremental_contribution")["estimate"]
    assert rows["Net present value of the effect"] == pytest.approx(npv, rel=5e-3, abs=1.0)
    cost = results.kpi("programme_cost", "programme")["estimate"]
    assert rows["Programme cost, present value"] == pytest.approx(cost, rel=5e-3)
    lift = results.kpi("break_even_lift", "programme")["estimate"]
    assert rows["Break-even lift"] == pytest.approx(lift, rel=1e-9)


def test_the_path_of_the_effect_ends_at_the_incremental_contribution(results):
    """Exactly, replication by replication."""
    scenario = results.loaded.scenario
    paths = cumulative(results.measured, [terms_of(scenario)] * 3, closes(scenario))
    found = [one.parts["incremental_contribution", "effect"].numerator for one in results.measured]
    assert paths[:, -1] == pytest.approx(found, rel=1e-9) and (paths[:, 0] == 0).all()


def test_every_row_of_the_roll_forward_ties_out_to_the_cent(book):
    sheet = opened(book, True)["Roll-forward"]
    head = [cell.value for cell in sheet[4]]
    rows = [dict(zip(head, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=5)]
    assert len(rows) == 20 and all(row["Ties out (0)"] == 0 for row in rows)
    for row in rows:
        owed = row["Liability, closing"] + row["Refund liability, and the state's"]
        assert round(row["Received to date"] - row["Revenue to date"] - owed, 9) == 0
    assert rows[-1]["Liability, closing"] > 0


def test_it_is_written_into_the_folder_of_the_run(tmp_path, results):
    loaded = load(ROOT / "scenarios" / "coffee.yaml", SMALL)
    kept = run(loaded, replications=2, workers=1, out=tmp_path / "out")
    path = write_workbook(kept)
    assert path.name == "workbook.xlsx"
    assert path.name in (tmp_path / "out" / "manifest.json").read_text()


# ---------------------------------------------------------------- calculated anew


def recalculated(data, folder):
    """The workbook as LibreOffice calculates it, every cell anew."""
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if soffice is None:
        wanted = "needs LibreOffice (Debian: libreoffice-calc-nogui)"
        assert not os.environ.get("LOYALTYSIM_SYSTEM"), wanted
        pytest.skip(wanted)
    source = folder / "source.xlsx"
    source.write_bytes(data)
    home = f"-env:UserInstallation=file://{folder}/home"
    command = [soffice, home, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir"]
    subprocess.run([*command, str(folder / "out"), str(source)], check=True, capture_output=True, timeout=240)
    return (folder / "out" / "source.xlsx").read_bytes()


def without_values(data, **inputs):
    """The same formulas with nothing remembered, and inputs changed by name."""
    told = opened(data, False)
    for row in told["Inputs"].iter_rows(min_row=5):
        if row[1].value in inputs:
            row[2].value = inputs[row[1].value]
    file = BytesIO()
    told.save(file)
    return file.getvalue()


@pytest.mark.system
def test_libreoffice_calculates_what_is_remembered(book, tmp_path):
    """Every formula, anew: the value that the file carries. Break: a sum whose text is not its value."""
    anew = opened(recalculated(without_values(book), tmp_path), True)
    checked = 0
    for (sheet, place), (text, value) in formulas(book).items():
        found = anew[sheet][place].value
        if isinstance(value, int | float):
            assert found == pytest.approx(value, rel=1e-9, abs=1e-7), (sheet, place, text)
            checked += 1
    assert checked > 1000


@pytest.mark.system
def test_a_changed_input_changes_what_hangs_on_it(results, book, tmp_path):
    """Discount rate 0: the present value is the plain sum; half the redemption: half of what is owed.

    The flag stays 0: what compares with the simulation counts for the inputs as simulated only.
    """
    anew = opened(recalculated(without_values(book, discount_rate=0.0, redeemed=0.4), tmp_path), True)
    effect, before = anew["Effect"], opened(book, True)["Effect"]
    last = 5 + 14
    flows = [effect[f"E{row}"].value - effect[f"F{row}"].value for row in range(6, last + 1)]
    assert effect[f"I{last}"].value == pytest.approx(sum(flows) - effect[f"G{last}"].value, abs=1e-6)
    assert effect[f"G{last}"].value == pytest.approx(before[f"G{last}"].value / 2, rel=1e-9)
    rows = {row[0].value: row[1].value for row in anew["Summary"].iter_rows(min_row=7, max_row=13)}
    assert rows["Net present value of the effect"] == pytest.approx(effect[f"I{last}"].value)
    assert rows["Checks (0: all hold)"] == 0
    cohorts = [row for row in anew["Cohorts"].iter_rows(min_row=5, values_only=True) if row[3]]
    for issued, used, left, allocation, expected in ((r[3], r[4], r[6], r[11], r[12]) for r in cohorts):
        assert expected == pytest.approx(sorted((used, issued * 0.4, used + left))[1])
        assert allocation is not None
