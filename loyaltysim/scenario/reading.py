"""What may be written for a value, read: text or number → plain value; ValueError says what would do.

Shares become fractions, durations days, rates per day, money an exact `Amount`. Nothing is rounded twice: a
value is worked out exactly and turned into the nearest float at the end.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from loyaltysim.scenario import writing as w


class Amount(NamedTuple):
    """Money: so much, in a currency; whether once, per hour or per month is said by the field."""

    amount: Decimal
    currency: str


class Earning(NamedTuple):
    """Points for each unit of a currency spent, or for each visit."""

    points: Decimal
    per: Literal["currency", "visit"]
    currency: str | None


class Qualified(NamedTuple):
    """What must be done to reach a tier: so many visits, so much spend, so many points."""

    amount: Decimal
    measure: Literal["visits", "spend", "points"]
    currency: str | None


class Instant(NamedTuple):
    """A moment of the study: a month or a day counted from month 0, or a date."""

    kind: Literal["month", "date", "day"]
    value: int | dt.date


class Setting(NamedTuple):
    """A value that something is set to: a number, or a share written in per cent."""

    value: float
    percent: bool


class Dial(NamedTuple):
    """A number with the unit it was written with, for values of any kind that are moved by hand."""

    number: Decimal
    unit: str


# ---------------------------------------------------------------- plain numbers


def flag(value: Any) -> bool:
    """`true` or `false`; `yes` and `on` are plain text in YAML 1.2."""
    if isinstance(value, bool):
        return value
    hint = "; yes, no, on and off are plain text here" if str(value).lower() in w.YES_OR_NO else ""
    raise ValueError(f"write true or false, not {w.shown(value)}{hint}")


def number(value: Any) -> float:
    """A finite number; text is refused."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        hint = "; this field is no share" if isinstance(value, str) and value.endswith("%") else w.slip(value)
        raise ValueError(f"expected a number, not {w.shown(value)}{hint}")
    return w.finite(value)


def dial(value: Any) -> Dial:
    """A number, or a number with a unit that stands after it: 3, `5 %`, `0.08 EUR`, `12 months`."""
    if isinstance(value, str):
        parts = w.match(rf"([-+]?{w.NUMBER})( *[^0-9 ].{{0,30}})?", value)
        if not parts:
            raise ValueError(f"{w.shown(value)} does not begin with a number; write 3, 5 % or 0.08 EUR")
        return Dial(Decimal(parts[0].replace("_", "")), parts[1] or "")
    number(value)
    return Dial(Decimal(str(value)), "")


def ratio(value: Any) -> float:
    """A finite number that may be written as a percentage, such as `-5 %`."""
    if isinstance(value, str):
        parts = w.match(rf"([-+]?{w.NUMBER}) *%", value)
        if not parts:
            raise ValueError(f"{w.shown(value)} is not a number or a percentage; write 0.05 or 5 %")
        return w.as_float(w.exact(parts[0]) / 100)
    return number(value)


def share(value: Any) -> float:
    """A share between 0 and 1, such as `5 %` or 0.05."""
    if isinstance(value, str) and not w.match(rf"[-+]?{w.NUMBER} *%", value):
        raise ValueError(f"{w.shown(value)} is not a share; write 5 % or 0.05")
    part = ratio(value)
    if not 0 <= part <= 1:
        hint = f"; did you mean {value} %?" if not isinstance(value, str) and 1 < part <= 100 else ""
        raise ValueError(f"a share lies between 0 % and 100 %, not {w.shown(value)}{hint}")
    return part


def per_year(value: Any) -> float:
    """A yearly rate of interest between 0 and 1, such as `8 % / year`, `8 %` or 0.08."""
    if isinstance(value, str) and (parts := w.match(rf"({w.NUMBER} *%) */ *year", value)):
        return share(parts[0])
    if isinstance(value, str) and not w.match(rf"[-+]?{w.NUMBER} *%", value):
        raise ValueError(f"{w.shown(value)} is not a yearly rate; write 8 % / year")
    return share(value)


def count(value: Any) -> int:
    """A whole number: 1000, 1_000 and 1e3 are the same."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"expected a whole number, not {w.shown(value)}{w.slip(value)}")
    if isinstance(value, float) and w.finite(value) != int(value):
        raise ValueError(f"expected a whole number, not {w.shown(value)}")
    if abs(value) >= 2**63:
        raise ValueError(f"{w.shown(value)} is too large for a whole number here; the limit is 2^63 - 1")
    return int(value)


def points(value: Any) -> int:
    """Whole loyalty points: 500 or `500 points`."""
    if isinstance(value, str):
        parts = w.match(rf"({w.WHOLE}) *points?", value)
        if not parts:
            raise ValueError(f"{w.shown(value)} is not a number of points; write 500 points")
        value = int(parts[0].replace("_", ""))
    whole = count(value)
    if not 0 <= whole < 2**31:
        raise ValueError(f"points lie between 0 and 2147483647, not {w.shown(value)}")
    return whole


def name(value: Any) -> str:
    """A name: 1 to 60 printable characters. (`firm` stands for the firm wherever providers are named.)"""
    if not isinstance(value, str) or not value.strip():
        raise ValueError("a name needs at least one letter")
    if len(value) > 60:
        raise ValueError(f"a name has at most 60 characters, not {len(value)}")
    if not value.isprintable() or value != value.strip():
        raise ValueError("a name has printable characters only and no blanks around it")
    if value == "value":
        raise ValueError("'value' is kept for annotated numbers; choose another name")
    return value


def setting(value: Any) -> Setting:
    """A number, or a percentage such as `-5 %`; what it sets says which of them."""
    return Setting(ratio(value), isinstance(value, str))


# ---------------------------------------------------------------- time


def days(value: Any) -> float:
    """A length of time in days; a month is 365/12 days, a year 365."""
    return w.as_float(w.duration(value, "90 days"))


def months(value: Any) -> int:
    """A whole number of months: `36 months`, `3 years`; nothing may be written as a bare 0."""
    if not isinstance(value, bool) and value == 0:
        return 0
    span = w.duration(value, "36 months") / w.DAYS["month"]
    if span.denominator != 1:
        raise ValueError(f"expected whole months, such as 36 months, not {w.shown(value)}")
    if span > 12_000:
        raise ValueError(f"at most 12000 months (1000 years), not {w.shown(value)}")
    return int(span)


def minutes(value: Any) -> float:
    """A length of time in minutes: `90 s`, `3 min`, `1 h`."""
    return w.as_float(w.duration(value, "3 min") / w.DAYS["min"])


def period(value: Any) -> float | Literal["occasion"]:
    """A length of time longer than nothing, in days, or `occasion`."""
    if value == "occasion":
        return "occasion"
    span = w.as_float(w.duration(value, "12 months or occasion"))
    if span <= 0:
        raise ValueError(f"a period is longer than nothing, not {w.shown(value)}")
    return span


def hours_per_day(value: Any) -> float:
    """Hours of a day: `11 h/day` or 11."""
    if isinstance(value, str):
        parts = w.match(rf"({w.NUMBER}) *(?:h|hours?) */ *day", value)
        if not parts:
            raise ValueError(f"{w.shown(value)} is not a number of hours a day; write 11 h/day")
        value = w.as_float(w.exact(parts[0]))
    hours = number(value)
    if not 0 < hours <= 24:
        raise ValueError(f"a day has more than 0 and at most 24 hours, not {w.shown(value)}")
    return hours


def per_day(value: Any) -> float:
    """A rate per day: `2 / month`, `1 % / month`, `5 / week`; none may be written as a bare 0."""
    if not isinstance(value, bool) and value == 0:
        return 0.0
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise ValueError(f"say per what, such as {w.shown(value)} / month")
    w.refuse_negative(value)
    parts = w.match(rf"({w.NUMBER}) *(%?) */ *([a-z]+)", value) if isinstance(value, str) else None
    if not parts:
        raise ValueError(f"{w.shown(value)} is not a rate; write 2 / month")
    times, percent, unit = parts
    if unit not in ("day", "week", "month", "year"):
        raise ValueError(f"{w.shown(value)} is not a rate; say per day, week, month or year, not '{unit}'")
    return w.as_float(w.exact(times) / (100 if percent else 1) / w.DAYS[unit])


def date(value: Any) -> dt.date:
    """A day of the calendar, such as 2027-03-01."""
    parts = w.match(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", value) if isinstance(value, str) else None
    if not parts:
        raise ValueError(f"{w.shown(value)} is not a date; write 2027-03-01")
    try:
        return dt.date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        raise ValueError(f"{w.shown(value)} is no day of the calendar") from None


def moment(value: Any) -> Instant:
    """A moment: `month 12` or `day 3`, counted from month 0, or a date."""
    if isinstance(value, str) and (parts := w.match(r"(month|day) (-?[0-9]{1,7})", value)):
        return Instant("month" if parts[0] == "month" else "day", int(parts[1]))
    if isinstance(value, str) and w.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return Instant("date", date(value))
    raise ValueError(f"{w.shown(value)} is not a moment; write month 12, day 3 or 2027-03-01")


# ---------------------------------------------------------------- money


def money(value: Any) -> Amount:
    """An amount and its currency: `4.50 EUR`."""
    return Amount(*w.amount_of(value, "", "4.50 EUR"))


def money_per_hour(value: Any) -> Amount:
    """An amount per hour: `17 EUR/h`."""
    return Amount(*w.amount_of(value, r" */ *(?:h|hour)", "17 EUR/h"))


def money_per_month(value: Any) -> Amount:
    """An amount per month, written per month or per year: `9000 EUR/month`, `12000 EUR/year`."""
    amount, currency = w.amount_of(value, r" */ *(?:month|year)", "9000 EUR/month")
    return Amount(amount / 12 if value.endswith("year") else amount, currency)


def earn_rate(value: Any) -> Earning:
    """Points earned: `1 / EUR`, `0.5 / EUR`, `1 / visit`."""
    w.refuse_negative(value)
    parts = w.match(rf"({w.NUMBER}) */ *(visit|[A-Z]{{3}})", value) if isinstance(value, str) else None
    if not parts:
        hint = "say per what" if w.is_number(value) else f"{w.shown(value)} says no points per unit"
        raise ValueError(f"{hint}; write 1 / EUR or 1 / visit")
    rate = w.decimal(parts[0])
    if rate > 10**9:
        raise ValueError(f"{w.shown(value)} is more than 10^9 points per unit")
    return Earning(rate, "visit", None) if parts[1] == "visit" else Earning(rate, "currency", parts[1])


def qualification(value: Any) -> Qualified:
    """What must be done to reach a tier: `24 visits`, `300 EUR`, `500 points`."""
    w.refuse_negative(value)
    parts = w.match(rf"({w.NUMBER}) *(visits?|points?|[A-Z]{{3}})", value) if isinstance(value, str) else None
    if not parts:
        raise ValueError(
            f"{w.shown(value)} says no visits, spend or points; write 24 visits, 300 EUR or 500 points"
        )
    amount, unit = w.decimal(parts[0]), parts[1].rstrip("s")
    if amount > 10**12 or amount <= 0:
        raise ValueError(f"a tier needs more than 0 and at most 10^12, not {w.shown(value)}")
    if unit in ("visit", "point"):
        if amount != int(amount):
            raise ValueError(f"{unit}s are whole, not {w.shown(value)}")
        return Qualified(amount, "visits" if unit == "visit" else "points", None)
    return Qualified(amount, "spend", parts[1])
