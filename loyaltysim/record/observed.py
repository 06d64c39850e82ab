"""What real customers did: published records read from an installed package, never shipped with this one.

CDNOW (Fader & Hardie 2001): a cohort of 2,357 customers who first bought in the first quarter of 1997,
followed until 1998-06-30. The file lies in the distribution `lifetimes`; it is read as text, and the
package is not imported. Purchases of one customer on one day count once; the first is no repeat.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from importlib import metadata
from typing import NamedTuple

import numpy as np

PACKAGE, VERSION, FILE = "lifetimes", "0.11.3", "CDNOW_sample.txt"
SHA256 = "6fae10155c0b"  # first twelve hex digits
DAY_0 = dt.date(1997, 1, 1)
WEEKS = 78


class Cohort(NamedTuple):
    """A cohort's cumulative repeat purchases, and where they were read."""

    name: str
    source: str
    customers: int
    repeats: np.ndarray  # int64 (WEEKS,): to the end of weeks 1, 2, ...


def cohort(dataset: str) -> Cohort | str:
    """The published cohort called `dataset`, or a sentence saying why it cannot be shown."""
    assert dataset == "cdnow-sample", dataset
    text = _packaged()
    if text is None:
        return f"The records of CDNOW are not shown: they come with {PACKAGE}=={VERSION}, not installed here."
    if not hashlib.sha256(text).hexdigest().startswith(SHA256):
        return f"The records of CDNOW are not shown: {FILE} is not the file that this version knows."
    return Cohort("CDNOW", f"{FILE} of {PACKAGE} {VERSION}", *repeats(text.decode("ascii")))


def repeats(text: str) -> tuple[int, np.ndarray]:
    """Customers, and their repeat purchases to the end of each week; week w ends with day 7w - 1."""
    days = {(row[1], _day(row[2])) for row in map(str.split, text.splitlines()) if row}
    customers = len({who for who, _ in days})
    first: dict[str, int] = {}
    for who, day in days:
        first[who] = min(day, first.get(who, day))
    again = np.sort([day for who, day in days if day > first[who]])
    ends = 7 * np.arange(1, WEEKS + 1) - 1
    return customers, np.searchsorted(again, ends, side="right").astype(np.int64)


def _day(text: str) -> int:
    """Days from day 0 to a date written as 19970118."""
    return (dt.date(int(text[:4]), int(text[4:6]), int(text[6:])) - DAY_0).days


def _packaged() -> bytes | None:
    """The data file of the installed distribution; None when there is none."""
    try:
        files = metadata.files(PACKAGE) or []
    except metadata.PackageNotFoundError:
        return None
    places = [str(file.locate()) for file in files if file.name == FILE]
    if not places:
        return None
    try:
        with open(places[0], "rb") as handle:
            return handle.read()
    except OSError:
        return None
