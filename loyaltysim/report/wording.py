"""Numbers and names in words, the same in charts, tables and sentences."""

from __future__ import annotations

import math
import unicodedata

MINUS, BLANK = "−", "\u00a0"  # as wide as a plus; a blank that never breaks a line
NOT_ESTIMABLE = "not estimable"
SHARES = frozenset({"share", "ratio", "probability"})


def number(value: float | None, unit: str = "", *, sign: bool = False) -> str:
    """A figure to about three digits, with thousands marked, shares as per cent."""
    if value is None or not math.isfinite(value):
        return "–"
    if unit in SHARES:
        return f"{_digits(100.0 * value, sign)}{BLANK}%"
    return _digits(value, sign)


def _digits(value: float, sign: bool) -> str:
    """Whole above 100, else three digits, at most two of them decimals."""
    size = abs(value)
    decimals = 0 if size >= 100 or float(value).is_integer() else 1 if size >= 10 else 2
    text = f"{size:,.{decimals}f}"
    if float(text.replace(",", "")) == 0:
        return "0"
    return (MINUS if value < 0 else "+" if sign else "") + text


def measured(value: float | None, unit: str) -> str:
    """A figure with its unit: `210 customers`, `4.5 %`."""
    text = number(value, unit)
    return text if unit in SHARES or not unit or text == "–" else f"{text}{BLANK}{unit}"


def interval(low: float | None, high: float | None, unit: str = "") -> str:
    """`−1 to 9`, or nothing where there is no interval."""
    if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
        return ""
    if unit in SHARES:
        return f"{_digits(100.0 * low, False)} to {_digits(100.0 * high, False)} %".replace(" ", BLANK)
    return f"{number(low)} to {number(high)}".replace(" ", BLANK)


def estimate(value: float | None, low: float | None, high: float | None, unit: str = "") -> str:
    """`4 customers (−1 to 9)`."""
    span = interval(low, high, unit)
    return measured(value, unit) + (f" ({span})" if span else "")


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
