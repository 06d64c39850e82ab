"""The calendar: days of the closes, moments as days, the season of each month."""

from __future__ import annotations

import calendar
import datetime as dt

import numpy as np

from loyaltysim.scenario.quantities import Moment
from loyaltysim.scenario.spec import Scenario

MONTH = 365.0 / 12.0


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last day of that month if it has none such."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def close_day(scenario: Scenario, month: int) -> float:
    """Day of the close `month` months after month 0: a calendar month, or 365/12 days without a date."""
    if scenario.first_day is None:
        return month * MONTH
    return float((add_months(scenario.first_day, month) - scenario.first_day).days)


def closes(scenario: Scenario) -> np.ndarray:
    """Days of all closes, the first being the start of the warm-up; float64 (months + 1,)."""
    return np.array([close_day(scenario, m) for m in range(-scenario.warm_up, scenario.horizon + 1)])


def day_of(scenario: Scenario, moment: Moment) -> float:
    """A moment of the file as a day from month 0."""
    if moment.kind == "month":
        return close_day(scenario, moment.value)
    if moment.kind == "date":
        assert scenario.first_day is not None
        return float((moment.value - scenario.first_day).days)
    return float(moment.value)


def seasons(scenario: Scenario) -> np.ndarray:
    """Factor on the rate of occasions in each month, float64 (months,). Without a date: from January."""
    first = 0 if scenario.first_day is None else scenario.first_day.month - 1
    factors = scenario.market.season or (1.0,) * 12
    return np.array([factors[(first + m) % 12] for m in range(-scenario.warm_up, scenario.horizon)])
