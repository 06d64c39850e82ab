"""Reading logs: each fault one line with file and row, odd rows counted."""

import re

import numpy as np
import pytest

from loyaltysim.experiments.calibration.transactions import DataError, Layout, read_log

HEAD = "customer,date,amount\n"
GOOD = "007,1997-01-18,29.33\n007,1997-01-18,2.00\n8,1997-01-20,0\n007,1997-02-01,5\n"


@pytest.fixture
def log(tmp_path, monkeypatch):
    """Read a text as a file called log.csv."""
    monkeypatch.chdir(tmp_path)

    def read(text, layout=None):
        path = tmp_path / "log.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_log(path.relative_to(tmp_path), layout)

    return read


def test_purchases_of_a_day_are_one_and_leading_zeros_stay(log):
    found = log(HEAD + GOOD)
    assert found.names == ("007", "8")
    assert found.day.tolist() == [0, 14, 2]
    assert found.amount.tolist() == [31.33, 5.0, 0.0]
    assert str(found.first_day) == "1997-01-18"
    assert found.counts["zero"] == 1


@pytest.mark.parametrize("mark", [";", "\t", "|", " "])
def test_other_marks_other_headings_and_numbers(log, mark):
    rows = [line.split(",") for line in GOOD.splitlines()]
    headings = mark.join(["Day", "WHO", "paid"]) + "\n"
    text = "".join(mark.join((day, who, paid)) + "\n" for who, day, paid in rows)
    by_heading = log(headings + text, Layout("who", "day", "paid"))
    by_number = log(text, Layout("2", "1", "3"))
    assert by_heading.amount.tolist() == by_number.amount.tolist() == log(HEAD + GOOD).amount.tolist()


def test_returns_are_left_out_and_counted(log):
    found = log(HEAD + GOOD + "8,1997-01-21,-3\n8,1997-01-20,0\n")
    assert found.counts == {
        "rows": 6,
        "returns": 1,
        "zero": 2,
        "identical": 1,
        "purchases": 3,
        "customers": 2,
    }


def test_rows_of_a_basket_are_one_purchase_and_clocks_may_be_shifted(log):
    text = (
        "customer,date,amount,basket\n1,2017-01-02 04:59:00,5,a\n1,2017-01-02 05:01:00,-2,a\n"
        "1,2017-01-02 05:05:00,1,b\n2,2017-01-02 05:00:00,-1,c\n"
    )
    found = log(text, Layout(basket="basket", shift=-5))
    assert str(found.first_day) == "2017-01-01"
    assert (found.day.tolist(), found.amount.tolist()) == ([0, 1], [3.0, 1.0])
    assert (found.counts["returns"], found.counts["purchases"]) == (1, 2)


def test_parquet_reads_like_csv(log, tmp_path):
    pandas = pytest.importorskip("pandas")
    table = pandas.read_csv(tmp_path / "log.csv" if log(HEAD + GOOD) else "", dtype={"customer": str})
    table["date"] = pandas.to_datetime(table["date"])
    table.to_parquet(tmp_path / "log.parquet")
    assert np.array_equal(read_log(tmp_path / "log.parquet").amount, log(HEAD + GOOD).amount)


ZONES = r"row 3: time zone '\+01:00', but 'Z' in row 2; use one"
FAULTS = {
    "": r"row 1: no column 'customer'; there is nothing; name it with --customer",
    "who,date,amount\n": r"row 1: no column 'customer'; there is who, date, amount; name it with --customer",
    "customer,date,date,amount\n": r"row 1: more than one column 'date'; .*",
    HEAD: r"no purchases in it",
    HEAD + GOOD + "9,1997-02-30,1\n": r"row 6: '1997-02-30' is no date \(.*\)",
    HEAD + GOOD + "9,yesterday,1\n": r"row 6: 'yesterday' is no date; write 1997-01-18 or 19970118",
    HEAD + GOOD + "9,1997-02-03,$5\n": r"row 6: '\$5' is no amount; write 29.33",
    HEAD + GOOD + "9,1997-02-03,nan\n": r"row 6: the amount must be finite and below 10\^12, not nan",
    HEAD + GOOD + "9,1997-02-03\n": r"row 6: 2 columns, where at least 3 are needed",
    HEAD + GOOD + ",1997-02-03,1\n": r"row 6: no customer",
    HEAD + "1,1997-01-01T10:00:00Z,1\n1,1997-01-02T10:00:00+01:00,1\n": ZONES,
    (HEAD + "\xe9,1997-01-01,1\n").encode("latin-1"): r"not UTF-8 text; save the file as UTF-8",
    b"PAR1 and then nothing": r"no readable Parquet \(.*\)",
}


@pytest.mark.parametrize("text", FAULTS, ids=lambda t: re.sub(r"\W+", "-", str(FAULTS[t]))[:40])
def test_a_fault_is_one_line_with_file_and_row(log, text):
    with pytest.raises(DataError) as fault:
        log(text)
    assert re.fullmatch(rf"log\.csv: {FAULTS[text]}", str(fault.value)), str(fault.value)


def test_a_missing_file_says_so(log, tmp_path):
    with pytest.raises(DataError, match=r"nowhere\.csv: cannot be read"):
        read_log(tmp_path / "nowhere.csv")
