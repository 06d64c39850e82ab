"""How values are written in a scenario: `5 %`, `12 months`, `2 / month`, `4.50 EUR`.

Each quantity is one call of `quantity`, which gives the parser (text or number → plain value), the writer
(plain value → text that parses back to it), the unit named in the reference and the JSON Schema an editor
checks while one types. How text is read is told in `reading`, how it is written in `writing`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic_core import core_schema

from loyaltysim.scenario import reading as r
from loyaltysim.scenario import writing as w
from loyaltysim.scenario.reading import Amount, Dial, Earning, Instant, Qualified, Setting

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


# ---------------------------------------------------------------- writers of what `writing` does not know


def written_setting(value: Setting) -> str:
    """The number, or the percentage."""
    return w.written_share(value.value) if value.percent else w.written_number(value.value)


def written_dial(value: Dial) -> str:
    """The number and its unit."""
    return f"{w.plain(value.number)}{value.unit}"


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

Flag = Annotated[bool, quantity(r.flag, w.written_flag, "true or false", "false", bare="boolean")]
Number = Annotated[float, quantity(r.number, w.written_number, "number", "0.5", bare="number")]
Ratio = Annotated[
    float, quantity(r.ratio, w.written_share, "number or share", "5 %", f"[-+]?{_PERCENT}", "number")
]
Share = Annotated[float, quantity(r.share, w.written_share, "share", "5 %", _PART, "number", 0, 1)]
PerYear = Annotated[
    float,
    quantity(
        r.per_year, w.written_per_year, "per year", "8 % / year", f"{_PART}( */ *year)?", "number", 0, 1
    ),
]
Count = Annotated[int, quantity(r.count, str, "whole number", "600", "[0-9]+(_[0-9]{3})+", "integer")]
Points = Annotated[
    int, quantity(r.points, w.written_points, "points", "500 points", f"{w.WHOLE} *points?", "integer", 0)
]
Set = Annotated[
    Setting,
    quantity(r.setting, written_setting, "number or share", "82", f"[-+]?{_PERCENT}", "number"),
]
Dialled = Annotated[
    Dial,
    quantity(
        r.dial, written_dial, "as at its path", "0.08 EUR", rf"[-+]?{w.NUMBER}( *[^0-9 ].{{0,30}})?", "number"
    ),
]
Name = Annotated[str, quantity(r.name, str, "name", "regulars", r"\S(.{0,58}\S)?")]

Days = Annotated[float, quantity(r.days, w.written_days, "length of time", "90 days", w.DURATION)]
Months = Annotated[int, quantity(r.months, w.written_months, "whole months", "36 months", w.DURATION, "zero")]
Minutes = Annotated[float, quantity(r.minutes, w.written_minutes, "length of time", "3 min", w.DURATION)]
Period = Annotated[
    float | Literal["occasion"],
    quantity(r.period, written_period, "length of time or occasion", "12 months", f"(occasion|{w.DURATION})"),
]
HoursPerDay = Annotated[
    float,
    quantity(r.hours_per_day, w.written_hours, "hours a day", "11 h/day", _HOURS, "number", 0, 24),
]
PerDay = Annotated[float, quantity(r.per_day, w.written_per_day, "rate", "2 / month", _RATE, "zero")]
Date = Annotated[dt.date, quantity(r.date, str, "date", "2027-01-01", "[0-9]{4}-[0-9]{2}-[0-9]{2}")]
Moment = Annotated[
    Instant,
    quantity(
        r.moment,
        written_moment,
        "moment",
        "month 12",
        r"((month|day) -?[0-9]{1,7}|[0-9]{4}-[0-9]{2}-[0-9]{2})",
    ),
]

Money = Annotated[Amount, quantity(r.money, w.written_amount, "money", "4.50 EUR", _MONEY)]
MoneyPerHour = Annotated[
    Amount,
    quantity(r.money_per_hour, w.written_per("h"), "money per hour", "17 EUR/h", rf"{_MONEY} */ *(h|hour)"),
]
MoneyPerMonth = Annotated[
    Amount,
    quantity(
        r.money_per_month,
        w.written_per("month"),
        "money per month or year",
        "9000 EUR/month",
        rf"{_MONEY} */ *(month|year)",
    ),
]
EarnRate = Annotated[
    Earning,
    quantity(
        r.earn_rate, written_earning, "points per unit", "1 / EUR", rf"{w.NUMBER} */ *(visit|[A-Z]{{3}})"
    ),
]
Qualification = Annotated[
    Qualified,
    quantity(
        r.qualification,
        written_qualification,
        "visits, money or points",
        "24 visits",
        rf"{w.NUMBER} *(visits?|points?|[A-Z]{{3}})",
    ),
]
