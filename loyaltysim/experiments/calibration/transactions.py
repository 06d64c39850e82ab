"""Reading a log of transactions: who bought, on what day, for how much.

A CSV file with a line of headings, one without (then columns are given by number), or Parquet. Every fault
is one line that names file and row. What is odd but lawful is treated in one documented way and counted.
"""

from __future__ import annotations

import csv
import datetime as dt
import math
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from loyaltysim.errors import ScenarioError
from loyaltysim.scenario.marks import on_one_line

COLUMNS = ("customer", "date", "amount")
MOST_BYTES = 2**31
_DATE = re.compile(r"(\d{4})(-?)(\d{2})\2(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s?(\S*))?")
_ZONE = re.compile(r"Z|UTC|[+-]\d{2}:?\d{2}")


class DataError(ScenarioError):
    """A data file that cannot be read or says too little."""


class Log(NamedTuple):
    """Purchases by customer and day, in the order of customer and day; purchases of one day are one."""

    source: str
    customer: np.ndarray  # int64: 0, 1, ... in the order of the names
    day: np.ndarray  # int64: days since first_day
    amount: np.ndarray  # float64: money of the day
    names: tuple[str, ...]  # of customers
    first_day: dt.date
    last: int  # last day seen in the file
    counts: dict[str, int]  # what was found, and how odd rows were treated


def read_log(path: Path, columns: tuple[str, str, str] = COLUMNS) -> Log:
    """The log in a file; `columns` name customer, date and amount, by heading or by number."""
    shown = on_one_line(str(path))
    try:
        if path.stat().st_size > MOST_BYTES:
            raise DataError(f"{shown}: larger than 2 GiB; give a sample of the customers")
        rows = _parquet(path, shown, columns) if _is_parquet(path) else _csv(path, shown, columns)
        return _log(shown, rows)
    except OSError as error:
        raise DataError(f"{shown}: cannot be read ({error.strerror or error})") from None


# ---------------------------------------------------------------- rows of text


def _is_parquet(path: Path) -> bool:
    """Does the file begin as Parquet does?"""
    with open(path, "rb") as file:
        return file.read(4) == b"PAR1"


def _csv(path: Path, shown: str, columns: tuple[str, ...]) -> Iterator[tuple[int, str, str, str]]:
    """Row number and the three texts of every row of a CSV file."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            first = file.readline()
            file.seek(0)
            mark = next((one for one in ",;\t|" if one in first), None)
            reader: Iterator[list[str]]
            reader = csv.reader(file, delimiter=mark) if mark else map(str.split, file)
            yield from _picked(reader, shown, columns)
    except UnicodeDecodeError:
        raise DataError(f"{shown}: not UTF-8 text; save the file as UTF-8") from None
    except csv.Error as error:
        raise DataError(f"{shown}: no table of text ({error})") from None


def _picked(
    reader: Iterator[list[str]], shown: str, columns: tuple[str, ...]
) -> Iterator[tuple[int, str, str, str]]:
    """The three texts of each row; empty rows are passed over."""
    row = 0
    if all(name.isdecimal() for name in columns):
        places = [int(name) - 1 for name in columns]
        if min(places) < 0:
            raise DataError(f"{shown}: columns are numbered from 1")
    else:
        headings = [text.strip() for text in next(reader, [])]
        row, places = (
            1,
            [_place(name, headings, shown, what) for name, what in zip(columns, COLUMNS, strict=True)],
        )
    for cells in reader:
        row += 1
        if not cells:
            continue
        if len(cells) <= max(places):
            raise DataError(
                f"{shown}: row {row}: {len(cells)} columns, where at least {max(places) + 1} are needed"
            )
        who, day, money = (cells[k].strip() for k in places)
        yield row, who, day, money


def _place(name: str, headings: list[str], shown: str, what: str) -> int:
    """Where a column stands, by its heading (in any case)."""
    same = [k for k, text in enumerate(headings) if text.lower() == name.lower()]
    if len(same) != 1:
        told = "no column" if not same else "more than one column"
        there = on_one_line(", ".join(headings))[:120] or "nothing"
        raise DataError(f"{shown}: row 1: {told} '{name}'; there is {there}; name it with --{what}")
    return same[0]


def _parquet(path: Path, shown: str, columns: tuple[str, ...]) -> Iterator[tuple[int, str, str, str]]:
    """Row number and the three texts of every row of a Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path, page_checksum_verification=True)
        headings = file.schema_arrow.names
        names = [
            headings[_place(name, headings, shown, what)] for name, what in zip(columns, COLUMNS, strict=True)
        ]
        row = 0
        for batch in file.iter_batches(columns=names):
            for values in zip(*(batch.column(name).to_pylist() for name in names), strict=True):
                row += 1
                who, day, money = ("" if value is None else str(value) for value in values)
                yield row, who, day, money
    except pa.ArrowException as error:
        raise DataError(f"{shown}: no readable Parquet ({on_one_line(str(error))[:160]})") from None


# ---------------------------------------------------------------- rows with meaning


def _log(shown: str, rows: Iterable[tuple[int, str, str, str]]) -> Log:
    """The rows as purchases by customer and day."""
    who: list[str] = []
    days: list[int] = []
    amounts: list[float] = []
    known: dict[str, tuple[int, str]] = {}
    zones: dict[str, int] = {}
    seen: set[tuple[str, int, float]] = set()
    counts = dict.fromkeys(("rows", "returns", "zero", "identical"), 0)
    for row, name, date, amount in rows:
        place = f"{shown}: row {row}"
        if not name:
            raise DataError(f"{place}: no customer")
        if date not in known:
            known[date] = _day(date, place)
        day, zone = known[date]
        zones.setdefault(zone, row)
        if len(zones) > 1:
            first, other = list(zones.items())[:2]
            raise DataError(f"{place}: time zone '{other[0]}', but '{first[0]}' in row {first[1]}; use one")
        money = _money(amount, place)
        counts["rows"] += 1
        counts["returns"] += money < 0
        counts["zero"] += money == 0
        counts["identical"] += (name, day, money) in seen
        seen.add((name, day, money))
        if money >= 0:
            who.append(name)
            days.append(day)
            amounts.append(money)
    if not who:
        raise DataError(f"{shown}: no purchases in it")
    return _merged(shown, who, np.array(days), np.array(amounts), counts)


def _merged(shown: str, who: list[str], days: np.ndarray, amounts: np.ndarray, counts: dict[str, int]) -> Log:
    """Purchases of one customer on one day as one."""
    names, customer = np.unique(np.array(who, dtype=object).astype(str), return_inverse=True)
    first, span = int(days.min()), int(days.max() - days.min()) + 1
    keys, at = np.unique(customer.astype(np.int64) * span + (days - first), return_inverse=True)
    total = np.bincount(at, weights=amounts, minlength=len(keys))
    counts = counts | {"purchases": len(keys), "customers": len(names)}
    return Log(
        shown,
        keys // span,
        keys % span,
        total,
        tuple(names.tolist()),
        dt.date.fromordinal(first),
        span - 1,
        counts,
    )


def _day(text: str, place: str) -> tuple[int, str]:
    """The ordinal of the date that a text gives, and its zone; the clock's time is not used."""
    found = _DATE.fullmatch(text)
    if not found or (found[5] and not _ZONE.fullmatch(found[5])):
        raise DataError(f"{place}: '{on_one_line(text)[:40]}' is no date; write 1997-01-18 or 19970118")
    try:
        return dt.date(int(found[1]), int(found[3]), int(found[4])).toordinal(), found[5] or ""
    except ValueError as error:
        raise DataError(f"{place}: '{text[:40]}' is no date ({error})") from None


def _money(text: str, place: str) -> float:
    """An amount; a sign of currency is refused."""
    try:
        value = float(text)
    except ValueError:
        raise DataError(f"{place}: '{on_one_line(text)[:40]}' is no amount; write 29.33") from None
    if not math.isfinite(value) or abs(value) > 1e12:
        raise DataError(f"{place}: the amount must be finite and below 10^12, not {text[:40]}")
    return value
