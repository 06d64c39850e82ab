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

Row = tuple[int, list[str]]  # its number, and customer, date, amount, perhaps the basket
MOST_BYTES = 2**31
_DATE = re.compile(r"(\d{4})(-?)(\d{2})\2(\d{2})(?:[T ](\d{2}):(\d{2})(?::\d{2}(?:[.,]\d+)?)?\s?(\S*))?")
_ZONE = re.compile(r"Z|UTC|[+-]\d{2}:?\d{2}")


class DataError(ScenarioError):
    """A data file that cannot be read or says too little."""


class Log(NamedTuple):
    """Purchases, in the order of customer and day."""

    source: str
    customer: np.ndarray  # int64: 0, 1, ... in the order of the names
    day: np.ndarray  # int64: days since first_day
    amount: np.ndarray  # float64: money of the purchase
    names: tuple[str, ...]  # of customers
    first_day: dt.date
    last: int  # last day seen in the file
    counts: dict[str, int]  # what was found, and how odd rows were treated


class Layout(NamedTuple):
    """Which column is which, by heading or by number, and how a row is to be read."""

    customer: str = "customer"
    date: str = "date"
    amount: str = "amount"
    basket: str | None = None
    """Number of the purchase that a row belongs to; None: what a customer buys on a day is one purchase."""
    shift: float = 0.0
    """Hours added to the time of day, where clocks in the file are not those of the shop."""

    def columns(self) -> dict[str, str]:
        """Name of each column that is read, by its part."""
        found = {"customer": self.customer, "date": self.date, "amount": self.amount}
        return found | ({"basket": self.basket} if self.basket else {})


def read_log(path: Path, layout: Layout | None = None) -> Log:
    """The log in a file."""
    layout = layout or Layout()
    shown = on_one_line(str(path))
    try:
        if path.stat().st_size > MOST_BYTES:
            raise DataError(f"{shown}: larger than 2 GiB; give a sample of the customers")
        rows = _parquet(path, shown, layout) if _is_parquet(path) else _csv(path, shown, layout)
        return _log(shown, rows, layout)
    except OSError as error:
        raise DataError(f"{shown}: cannot be read ({error.strerror or error})") from None


# ---------------------------------------------------------------- rows of text


def _is_parquet(path: Path) -> bool:
    """Does the file begin as Parquet does?"""
    with open(path, "rb") as file:
        return file.read(4) == b"PAR1"


def _csv(path: Path, shown: str, layout: Layout) -> Iterator[Row]:
    """The rows of a CSV file."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            first = file.readline()
            file.seek(0)
            mark = next((one for one in ",;\t|" if one in first), None)
            reader: Iterator[list[str]]
            reader = csv.reader(file, delimiter=mark) if mark else map(str.split, file)
            yield from _picked(reader, shown, layout.columns())
    except UnicodeDecodeError:
        raise DataError(f"{shown}: not UTF-8 text; save the file as UTF-8") from None
    except csv.Error as error:
        raise DataError(f"{shown}: no table of text ({error})") from None


def _picked(reader: Iterator[list[str]], shown: str, columns: dict[str, str]) -> Iterator[Row]:
    """The columns wanted of each row; empty rows are passed over."""
    row = 0
    if all(name.isdecimal() for name in columns.values()):
        places = [int(name) - 1 for name in columns.values()]
        if min(places) < 0:
            raise DataError(f"{shown}: columns are numbered from 1")
    else:
        headings = [text.strip() for text in next(reader, [])]
        row, places = 1, [_place(name, headings, shown, what) for what, name in columns.items()]
    needed = max(places) + 1
    for cells in reader:
        row += 1
        if not cells:
            continue
        if len(cells) < needed:
            raise DataError(f"{shown}: row {row}: {len(cells)} columns, where at least {needed} are needed")
        yield row, [cells[k].strip() for k in places]


def _place(name: str, headings: list[str], shown: str, what: str) -> int:
    """Where a column stands, by its heading (in any case)."""
    same = [k for k, text in enumerate(headings) if text.lower() == name.lower()]
    if len(same) != 1:
        told = "no column" if not same else "more than one column"
        there = on_one_line(", ".join(headings))[:120] or "nothing"
        raise DataError(f"{shown}: row 1: {told} '{name}'; there is {there}; name it with --{what}")
    return same[0]


def _parquet(path: Path, shown: str, layout: Layout) -> Iterator[Row]:
    """The rows of a Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path, page_checksum_verification=True)
        headings = file.schema_arrow.names
        names = [headings[_place(name, headings, shown, what)] for what, name in layout.columns().items()]
        row = 0
        for batch in file.iter_batches(columns=names):
            texts = [batch.column(name).cast(pa.string()).to_pylist() for name in names]
            for values in zip(*texts, strict=True):
                row += 1
                yield row, [value or "" for value in values]
    except pa.ArrowException as error:
        raise DataError(f"{shown}: no readable Parquet ({on_one_line(str(error))[:160]})") from None


# ---------------------------------------------------------------- rows with meaning


def _log(shown: str, rows: Iterable[Row], layout: Layout) -> Log:
    """The rows as purchases, a basket or a day of a customer each."""
    known: dict[str, tuple[int, str]] = {}
    zones: dict[str, int] = {}
    seen: set[tuple[str, int, float]] = set()
    bought: dict[tuple[str, str | int], list[float]] = {}  # day and amount by customer and basket (or day)
    counts = dict.fromkeys(("rows", "returns", "zero", "identical"), 0)
    for row, (name, date, amount, *basket) in rows:
        place = f"{shown}: row {row}"
        if not name:
            raise DataError(f"{place}: no customer")
        if date not in known:
            known[date] = _day(date, place, layout.shift)
        day, zone = known[date]
        if zone not in zones:
            zones[zone] = row
            if len(zones) > 1:
                first = next(iter(zones))
                raise DataError(f"{place}: time zone '{zone}', but '{first}' in row {zones[first]}; use one")
        money = _money(amount, place)
        counts["rows"] += 1
        if not basket:
            counts["identical"] += (name, day, money) in seen
            seen.add((name, day, money))
            if money < 0:
                counts["returns"] += 1
                continue
            counts["zero"] += money == 0
        one = bought.setdefault((name, basket[0] if basket else day), [day, 0.0])
        one[0] = min(one[0], day)
        one[1] += money
    if layout.basket:
        counts["returns"] = sum(money < 0 for _, money in bought.values())
        counts["zero"] = sum(money == 0 for _, money in bought.values())
        bought = {key: one for key, one in bought.items() if one[1] >= 0}
    if not bought:
        raise DataError(f"{shown}: no purchases in it")
    return _merged(shown, bought, counts)


def _merged(shown: str, bought: dict[tuple[str, str | int], list[float]], counts: dict[str, int]) -> Log:
    """Purchases in the order of customer and day."""
    names, customer = np.unique(np.array([name for name, _ in bought]), return_inverse=True)
    days, amounts = np.array(list(bought.values())).T
    order = np.lexsort((days, customer))
    first, last = int(days.min()), int(days.max())
    counts = counts | {"purchases": len(bought), "customers": len(names)}
    return Log(
        source=shown,
        customer=customer[order].astype(np.int64),
        day=days[order].astype(np.int64) - first,
        amount=amounts[order],
        names=tuple(names.tolist()),
        first_day=dt.date.fromordinal(first),
        last=last - first,
        counts=counts,
    )


def _day(text: str, place: str, shift: float) -> tuple[int, str]:
    """The ordinal of the date that a text gives, and its zone; a date alone is not shifted."""
    found = _DATE.fullmatch(text)
    if not found or (found[7] and not _ZONE.fullmatch(found[7])):
        raise DataError(f"{place}: '{on_one_line(text)[:40]}' is no date; write 1997-01-18 or 19970118")
    try:
        day = dt.date(int(found[1]), int(found[3]), int(found[4])).toordinal()
    except ValueError as error:
        raise DataError(f"{place}: '{text[:40]}' is no date ({error})") from None
    if found[5] is None:
        return day, ""
    return day + math.floor((60 * int(found[5]) + int(found[6]) + 60.0 * shift) / 1440.0), found[7] or ""


def _money(text: str, place: str) -> float:
    """An amount; a sign of currency is refused."""
    try:
        value = float(text)
    except ValueError:
        raise DataError(f"{place}: '{on_one_line(text)[:40]}' is no amount; write 29.33") from None
    if not math.isfinite(value) or abs(value) > 1e12:
        raise DataError(f"{place}: the amount must be finite and below 10^12, not {text[:40]}")
    return value
