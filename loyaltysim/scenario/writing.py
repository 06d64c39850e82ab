"""The grammar of numbers with units: reading them exactly, and writing a plain value back as text."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

WHOLE = r"[0-9]+(?:_[0-9]+)*"
NUMBER = rf"{WHOLE}(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{{1,3}})?"
LONGEST = 80
YES_OR_NO = {"yes", "no", "on", "off", "y", "n"}

DAYS = {
    "s": Fraction(1, 86_400),
    "min": Fraction(1, 1_440),
    "h": Fraction(1, 24),
    "day": Fraction(1),
    "week": Fraction(7),
    "month": Fraction(365, 12),
    "year": Fraction(365),
}
"""Length of each unit of time, in days."""

SPELLINGS = {
    "s": ("s", "second", "seconds"),
    "min": ("min", "minute", "minutes"),
    "h": ("h", "hour", "hours"),
    "day": ("day", "days"),
    "week": ("week", "weeks"),
    "month": ("month", "months"),
    "year": ("year", "years"),
}
UNITS = {spelling: unit for unit, spellings in SPELLINGS.items() for spelling in spellings}
DURATION = rf"{NUMBER} *(?:s|seconds?|min|minutes?|h|hours?|days?|weeks?|months?|years?)"
LONGEST_SPAN = 10_000 * DAYS["year"]


# ---------------------------------------------------------------- reading


def match(pattern: str, text: str) -> tuple[str, ...] | None:
    """The groups of a pattern that fits the whole text; None if it does not, or the text is absurdly long."""
    found = re.fullmatch(pattern, text) if len(text) <= LONGEST else None
    return found.groups() or ("",) if found else None


def is_number(value: Any) -> bool:
    """Whether the value is a number (true and false are not)."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def decimal(text: str) -> Decimal:
    """The exact value of a written number; more than 40 decimals are refused."""
    found = Decimal(text.replace("_", ""))
    if int(found.as_tuple().exponent) < -40:
        raise ValueError(f"'{text}' has more than 40 decimals")
    return found


def exact(text: str) -> Fraction:
    """The exact value of a written number, ready to be multiplied by a unit."""
    return Fraction(Decimal(text.replace("_", "")))


def as_float(value: Fraction) -> float:
    """The float nearest to an exact value."""
    try:
        return float(value)
    except OverflowError:
        raise ValueError("the number is too large; it must be finite") from None


def finite(value: float) -> float:
    """The value as a float, unless it is infinite or not a number."""
    try:
        found = float(value)
    except OverflowError:
        found = math.inf
    if not math.isfinite(found):
        raise ValueError(f"must be finite, not {shown(value)}")
    return found


def refuse_negative(value: Any) -> None:
    """Refuse text that starts with a minus sign."""
    if isinstance(value, str) and value.lstrip().startswith(("-", "\N{MINUS SIGN}")):
        raise ValueError(f"must not be negative, and {shown(value)} is")


def slip(value: Any) -> str:
    """A common slip in writing a number, as words to add to a fault; empty if it is none."""
    if not isinstance(value, str):
        return ""
    if match(rf"[-+]?{NUMBER}", value):
        return "; leave the quotes out"
    if match(r"[-+]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?", value):
        return f"; write {value.replace(',', '_')}"
    if match(r"[-+]?[0-9]+,[0-9]+.*", value):
        return f"; write a point, not a comma: {value.replace(',', '.', 1)[:40]}"
    return ""


def duration(value: Any, example: str) -> Fraction:
    """A length of time in days, exactly; a bare number is refused, whatever the field."""
    refuse_negative(value)
    if is_number(value):
        raise ValueError(f"say the unit, such as {example}, not just {shown(value)}")
    parts = match(rf"({NUMBER}) *([A-Za-z]*)", value) if isinstance(value, str) else None
    if not parts:
        raise ValueError(f"{shown(value)} is not a length of time{slip(value) or f'; write {example}'}")
    size, spelling = parts
    if not spelling:
        raise ValueError(f"say the unit, such as {example}, not just {shown(value)}")
    if spelling not in UNITS:
        near = difflib.get_close_matches(spelling.lower(), list(UNITS), 1)
        hint = f"did you mean '{size} {near[0]}'?" if near else f"write {example}"
        raise ValueError(f"{shown(value)} is not a length of time; {hint}")
    span = exact(size) * DAYS[UNITS[spelling]]
    if span > LONGEST_SPAN:
        raise ValueError(f"{shown(value)} is longer than 10000 years")
    return span


def amount_of(value: Any, per: str, example: str) -> tuple[Decimal, str]:
    """The amount and currency of money written with a suffix such as `/h`."""
    if is_number(value):
        raise ValueError(f"say the currency, such as {example}, not just {shown(value)}")
    refuse_negative(value)
    parts = match(rf"({NUMBER}) *([A-Z]{{3}}){per}", value) if isinstance(value, str) else None
    if not parts:
        hint = slip(value) or f"; write {example}"
        raise ValueError(f"{shown(value)} is not {'such ' if per else ''}an amount of money{hint}")
    amount = decimal(parts[0])
    if amount > 10**15:
        raise ValueError(f"{shown(value)} is more money than can be counted exactly (10^15)")
    return amount, parts[1]


# ---------------------------------------------------------------- writing


def shown(value: Any) -> str:
    """A faulty value as a message shows it: short, and on one line."""
    if value is None:
        return "nothing (null)"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, str):
        text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in value)
        return f"'{text}'" if len(text) <= 40 else f"'{text[:37]}…'"
    return written_number(value) if abs(value) < 1e30 or not isinstance(value, int) else "such a long number"


def example_value(example: str, bare: str | None) -> Any:
    """The example of a quantity as JSON."""
    if bare == "boolean":
        return example == "true"
    if bare in ("number", "integer") and match(NUMBER, example):
        return float(example) if "." in example else int(example)
    return example


def plain(value: Decimal) -> str:
    """An exact number without needless zeros or exponent."""
    if not value:
        return "0"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def written_number(value: float) -> str:
    """A number in its shortest exact form: 4, 0.2, 1e-07."""
    return repr(value).removesuffix(".0")


def written_flag(value: bool) -> str:
    """True or false, as YAML writes them."""
    return "true" if value else "false"


def written_share(value: float) -> str:
    """A share as a percentage, or bare where that would be long."""
    percent = plain(Decimal(repr(value)) * 100)
    return f"{percent} %" if len(percent) <= 12 else written_number(value)


def written_per_year(value: float) -> str:
    """A yearly rate of interest."""
    percent = written_share(value)
    return f"{percent} / year" if percent.endswith("%") else percent


def written_points(value: int) -> str:
    """A number of points."""
    return f"{value} points" if value != 1 else "1 point"


def written_months(value: int) -> str:
    """A number of months."""
    return f"{value} months" if value != 1 else "1 month"


def written_hours(value: float) -> str:
    """Hours of a day."""
    return f"{written_number(value)} h/day"


def written_days(value: float) -> str:
    """A length of time in the largest unit that counts it whole, else in days."""
    for unit in ("year", "month", "day", "h", "min"):
        times = round(value / float(DAYS[unit]))
        if times and as_float(times * DAYS[unit]) == value:
            return f"{times} {SPELLINGS[unit][-1]}" if times != 1 else f"1 {unit}"
    return f"{written_number(value)} days"


def written_minutes(value: float) -> str:
    """A length of time in minutes, or in seconds where those are whole."""
    seconds = round(value * 60)
    if value != int(value) and as_float(Fraction(seconds, 60)) == value:
        return f"{seconds} s"
    return f"{written_number(value)} min"


def written_per_day(value: float) -> str:
    """A rate, per month if that is short, else per year or per day."""
    if not value:
        return "0"
    for unit in ("month", "year"):
        times = f"{value * float(DAYS[unit]):.6g}"
        if as_float(exact(times) / DAYS[unit]) == value:
            return f"{times} / {unit}"
    return f"{written_number(value)} / day"


def written_amount(money: tuple[Decimal, str]) -> str:
    """An amount of money."""
    return f"{plain(money[0])} {money[1]}"


def written_per(unit: str) -> Callable[[tuple[Decimal, str]], str]:
    """The writer of amounts of money per unit of time."""
    return lambda money: f"{written_amount(money)}/{unit}"
