"""When moments are: days on the simulation's one clock, which is 0 at month 0."""

from __future__ import annotations

import calendar
import datetime as dt

from loyaltysim.scenario.quantities import Instant

MONTH = 365 / 12
"""Length of a month without a calendar, in days."""


def month_start(month: int, first_day: dt.date | None) -> float:
    """The day on which a month begins: true calendar months if the date of month 0 is known.

    A first day that a month lacks (the 31st) becomes the month's last. OverflowError beyond the calendar.
    """
    if first_day is None:
        return month * MONTH
    year, index = divmod(first_day.year * 12 + first_day.month - 1 + month, 12)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise OverflowError(f"month {month} lies beyond the calendar")
    last = calendar.monthrange(year, index + 1)[1]
    return float((dt.date(year, index + 1, min(first_day.day, last)) - first_day).days)


def day_of(moment: Instant, first_day: dt.date | None) -> float:
    """The day on which a moment is; a date needs the date of month 0."""
    if isinstance(moment.value, dt.date):
        if first_day is None:
            raise ValueError("a date needs 'first_day', the date of month 0")
        return float((moment.value - first_day).days)
    return month_start(moment.value, first_day) if moment.kind == "month" else float(moment.value)
