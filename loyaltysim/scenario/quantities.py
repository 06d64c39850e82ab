"""How values are written in a scenario: `5 %`, `12 months`, `2 / month`, `4.50 EUR`.

Each quantity is one call of `quantity`, which gives the parser (text or number → plain value), the writer
(plain value → text that parses back to it), the unit named in the reference and the JSON Schema an editor
checks while one types. Shares become fractions, durations days, rates per day, money an exact `Amount`.
Nothing is rounded twice: a value is worked out exactly and turned into the nearest float at the end.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal, NamedTuple

from pydantic_core import core_schema

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


Bare = Literal["number", "integer", "zero", "boolean", None]
"""What may be written without unit or quotes: a number, a whole one, 0 only, true or false, nothing."""


@dataclass(frozen=True)
class Quantity:
    """How values of one kind are read, written and described; pydantic asks it for its parser and schema."""

    parse: Callable[[Any], Any]
    write: Callable[[Any], str]
    unit: str
    example: str
    pattern: str | None
    bare: Bare
    least: float | None = None
    """Smallest bare number an editor accepts."""
    most: float | None = None
    """Largest bare number an editor accepts."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        """The parser; numbers pass a number's schema, so that bounds of a field reach the JSON Schema."""
        inner: core_schema.CoreSchema
        if source is float:
            inner = core_schema.float_schema(allow_inf_nan=False)
        elif source is int:
            inner = core_schema.int_schema(strict=True)
        else:
            inner = core_schema.any_schema()
        return core_schema.no_info_before_validator_function(self.parse, inner)

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        """What a file may hold: text of this form, or a bare number where the field declares the unit."""
        own = {"ge": self.least, "le": self.most}
        bounds = {k: v for k, v in own.items() if v is not None}
        bounds |= {k: v for k, v in handler(schema).items() if k in ("ge", "gt", "le", "lt")}
        forms: list[dict[str, Any]] = []
        if self.bare == "zero":
            forms.append({"const": 0})
        elif self.bare:
            forms.append({"type": self.bare, **bounds})
        if self.pattern:
            forms.append({"type": "string", "pattern": self.pattern})
        shape = forms[0] if len(forms) == 1 else {"anyOf": forms}
        return {**shape, "examples": [w.example_value(self.example, self.bare)]}


def quantity(
    parse: Callable[[Any], Any],
    write: Callable[[Any], str],
    unit: str,
    example: str,
    pattern: str | None = None,
    bare: Bare = None,
    least: float | None = None,
    most: float | None = None,
) -> Quantity:
    """A kind of value: its parser, its writer, its unit, one example, and what a file may hold."""
    return Quantity(parse, write, unit, example, f"^{pattern}$" if pattern else None, bare, least, most)


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
        hint = "; this field is no share" if isinstance(value, str) and value.endswith("%") else ""
        raise ValueError(f"expected a number, not {w.shown(value)}{hint}")
    return w.finite(value)


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
        raise ValueError(f"expected a whole number, not {w.shown(value)}")
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


def written_setting(value: Setting) -> str:
    """The number, or the percentage."""
    return w.written_share(value.value) if value.percent else w.written_number(value.value)


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


def written_qualification(needed: Qualified) -> str:
    """The text of what must be done to reach a tier."""
    return f"{w.plain(needed.amount)} {needed.currency or needed.measure}"


def written_earning(rate: Earning) -> str:
    """The text of a rate of earning."""
    return f"{w.plain(rate.points)} / {rate.currency or rate.per}"


def written_moment(when: Instant) -> str:
    """The text of a moment."""
    return str(when.value) if when.kind == "date" else f"{when.kind} {when.value}"


def written_period(span: float | str) -> str:
    """The text of a period."""
    return span if isinstance(span, str) else w.written_days(span)


# ---------------------------------------------------------------- the kinds that fields have

_PERCENT = rf"{w.NUMBER} *%"
_PART = r"(100(\.0+)?|[0-9]{1,2}(\.[0-9]+)?) *%"
_RATE = rf"{w.NUMBER} *%? */ *(day|week|month|year)"
_HOURS = rf"{w.NUMBER} *(h|hours?) */ *day"
_MONEY = rf"{w.NUMBER} *[A-Z]{{3}}"

Flag = Annotated[bool, quantity(flag, w.written_flag, "true or false", "false", bare="boolean")]
Number = Annotated[float, quantity(number, w.written_number, "number", "0.5", bare="number")]
Ratio = Annotated[
    float, quantity(ratio, w.written_share, "number or share", "5 %", f"[-+]?{_PERCENT}", "number")
]
Share = Annotated[float, quantity(share, w.written_share, "share", "5 %", _PART, "number", 0, 1)]
PerYear = Annotated[
    float,
    quantity(per_year, w.written_per_year, "per year", "8 % / year", f"{_PART}( */ *year)?", "number", 0, 1),
]
Count = Annotated[int, quantity(count, str, "whole number", "600", "[0-9]+(_[0-9]{3})+", "integer")]
Points = Annotated[
    int, quantity(points, w.written_points, "points", "500 points", f"{w.WHOLE} *points?", "integer", 0)
]
Set = Annotated[
    Setting,
    quantity(setting, written_setting, "number or share", "82", f"[-+]?{_PERCENT}", "number"),
]
Name = Annotated[str, quantity(name, str, "name", "regulars", r"\S(.{0,58}\S)?")]

Days = Annotated[float, quantity(days, w.written_days, "length of time", "90 days", w.DURATION)]
Months = Annotated[int, quantity(months, w.written_months, "whole months", "36 months", w.DURATION, "zero")]
Minutes = Annotated[float, quantity(minutes, w.written_minutes, "length of time", "3 min", w.DURATION)]
Period = Annotated[
    float | Literal["occasion"],
    quantity(period, written_period, "length of time or occasion", "12 months", f"(occasion|{w.DURATION})"),
]
HoursPerDay = Annotated[
    float,
    quantity(hours_per_day, w.written_hours, "hours a day", "11 h/day", _HOURS, "number", 0, 24),
]
PerDay = Annotated[float, quantity(per_day, w.written_per_day, "rate", "2 / month", _RATE, "zero")]
Date = Annotated[dt.date, quantity(date, str, "date", "2027-01-01", "[0-9]{4}-[0-9]{2}-[0-9]{2}")]
Moment = Annotated[
    Instant,
    quantity(
        moment, written_moment, "moment", "month 12", r"((month|day) -?[0-9]{1,7}|[0-9]{4}-[0-9]{2}-[0-9]{2})"
    ),
]

Money = Annotated[Amount, quantity(money, w.written_amount, "money", "4.50 EUR", _MONEY)]
MoneyPerHour = Annotated[
    Amount,
    quantity(money_per_hour, w.written_per("h"), "money per hour", "17 EUR/h", rf"{_MONEY} */ *(h|hour)"),
]
MoneyPerMonth = Annotated[
    Amount,
    quantity(
        money_per_month,
        w.written_per("month"),
        "money per month or year",
        "9000 EUR/month",
        rf"{_MONEY} */ *(month|year)",
    ),
]
EarnRate = Annotated[
    Earning,
    quantity(earn_rate, written_earning, "points per unit", "1 / EUR", rf"{w.NUMBER} */ *(visit|[A-Z]{{3}})"),
]
Qualification = Annotated[
    Qualified,
    quantity(
        qualification,
        written_qualification,
        "visits, money or points",
        "24 visits",
        rf"{w.NUMBER} *(visits?|points?|[A-Z]{{3}})",
    ),
]
