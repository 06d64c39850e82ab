"""Numbers and names in words, the same in charts, tables and sentences."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence

MINUS, BLANK = "−", "\u00a0"  # as wide as a plus; a blank that never breaks a line
NOT_ESTIMABLE = "not estimable"
SHARES = frozenset({"share", "ratio", "probability"})
POINTS_OF_SHARE = "pp"  # percentage points: a difference of two shares


def number(value: float | None, unit: str = "", *, sign: bool = False) -> str:
    """A figure to about three digits, with thousands marked, shares as per cent."""
    if value is None or not math.isfinite(value):
        return "–"
    shown = value * scale(unit)
    return digits(shown, _decimals(shown), sign) + _mark(unit)


def measured(value: float | None, unit: str) -> str:
    """A figure with its unit: `210 customers`, `4.5 %`."""
    return _with_unit(number(value, unit), unit)


def interval(low: float | None, high: float | None, unit: str = "") -> str:
    """`−1 to 9`, or nothing where there is no interval."""
    return spelled(None, low, high, unit)[1]


def estimate(value: float | None, low: float | None, high: float | None, unit: str = "") -> str:
    """`4 customers (−1 to 9)`, with as many decimals as the interval deserves."""
    text, span = spelled(value, low, high, unit)
    return _with_unit(text, unit) + (f" ({span})" if span else "")


def spelled(
    value: float | None, low: float | None, high: float | None, unit: str = "", *, sign: bool = False
) -> tuple[str, str]:
    """A figure and its interval with the same decimals; the interval is empty where there is none."""
    if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
        return number(value, unit, sign=sign), ""
    known = [x * scale(unit) for x in (low, high, value) if x is not None]
    places = deserved(*known)
    span = f"{digits(known[0], places)} to {digits(known[1], places)}{_mark(unit)}".replace(" ", BLANK)
    return ("–" if value is None else digits(known[2], places, sign) + _mark(unit)), span


def deserved(low: float, high: float, *others: float) -> int:
    """Decimals that an interval deserves: those that its half-width reaches, none where all are whole."""
    known = (low, high, *others)
    if all(round(value, 9).is_integer() for value in known):
        return 0
    half = (high - low) / 2
    return _decimals(max(known, key=abs)) if half <= 0 else min(max(math.ceil(-math.log10(half / 3)), 0), 3)


def alike(values: Sequence[float], least: int = 0) -> list[str]:
    """Figures to be compared, all with the decimals of the one that needs most."""
    places = max([least, *(_decimals(value) for value in values)])
    return [digits(value, places) for value in values]


def scale(unit: str) -> float:
    """By what a figure is multiplied to be shown."""
    return 100.0 if unit in SHARES or unit == POINTS_OF_SHARE else 1.0


def digits(value: float, decimals: int, sign: bool = False) -> str:
    """A number with that many decimals; 0 has none and no sign."""
    text = f"{abs(value):,.{decimals}f}"
    if float(text.replace(",", "")) == 0:
        return "0"
    return (MINUS if value < 0 else "+" if sign else "") + text


def _decimals(value: float) -> int:
    """Whole above 100, else three digits, at most two of them decimals."""
    return 0 if abs(value) >= 100 or round(value, 9).is_integer() else 1 if abs(value) >= 10 else 2


def _mark(unit: str) -> str:
    """What stands behind a share or a difference of shares."""
    return f"{BLANK}%" if unit in SHARES else f"{BLANK}pp" if unit == POINTS_OF_SHARE else ""


def _with_unit(text: str, unit: str) -> str:
    """The text with a unit that is not yet in it."""
    return text if not unit or _mark(unit) or text == "–" else f"{text}{BLANK}{unit}"


def verdict(low: float | None, high: float | None) -> str:
    """What an interval of a difference allows one to say: `more`, `less`, `unclear` or `unknown`."""
    if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
        return "unknown"
    return "more" if low > 0 else "less" if high < 0 else "same" if low == high == 0 else "unclear"


def plain(text: object, longest: int = 60) -> str:
    """A name as one line of visible text: control characters become blanks, long names are cut."""
    visible = "".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in str(text))
    line = " ".join(visible.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"
