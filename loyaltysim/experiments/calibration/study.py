"""What a log says of its customers: their records up to a day, and what they bought week by week."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from loyaltysim.experiments.calibration.models import Records
from loyaltysim.experiments.calibration.transactions import DataError, Log

WEEK = 7.0
FEWEST_WEEKS = 4
FEWEST = 30  # customers, and repeat purchases, below which nothing is fitted


@dataclass(frozen=True)
class Study:
    """A log cut in two: what is fitted, and what is held out. Times are weeks, weeks count from `start`.

    A *cohort* is watched from the first purchase of each customer, which is not a repeat; who first bought
    after `until` is left out. A *panel* is everybody in the log, watched from `start`, all purchases count.
    """

    log: Log
    start: int  # day since the log's first day
    until: int  # last day that is fitted
    end: int  # last day that is looked at
    panel: bool

    @cached_property
    def first(self) -> np.ndarray:
        """Day of everybody's first purchase; of a panel the day before `start`."""
        first = np.full(len(self.log.names), self.start - 1 if self.panel else np.iinfo(np.int64).max)
        if not self.panel:
            np.minimum.at(first, self.log.customer, self.log.day)
        return first

    @cached_property
    def who(self) -> np.ndarray:
        """The customers studied, as a mask."""
        return (self.first <= self.until) & (self.panel | (self.first >= self.start))

    @cached_property
    def repeats(self) -> np.ndarray:
        """The purchases that count, as a mask over the log."""
        log = self.log
        return self.who[log.customer] & (log.day > self.first[log.customer])

    @property
    def customers(self) -> int:
        """How many are studied."""
        return int(self.who.sum())

    @property
    def weeks(self) -> int:
        """Whole weeks in the log."""
        return (self.end - self.start + 1) // 7

    @property
    def fitted_weeks(self) -> int:
        """Whole weeks up to `until`."""
        return (self.until - self.start + 1) // 7

    def date(self, day: int) -> dt.date:
        """The date of a day of the log."""
        return self.log.first_day + dt.timedelta(days=int(day))

    @cached_property
    def records(self) -> Records:
        """Everybody's record up to `until`, in weeks."""
        log, n = self.log, len(self.log.names)
        inside = self.repeats & (log.day <= self.until)
        x = np.bincount(log.customer[inside], minlength=n)
        last = np.zeros(n)
        np.maximum.at(last, log.customer[inside], (log.day - self.first[log.customer])[inside])
        seen = (self.until - self.first).astype(float)
        return Records(*(np.asarray(part, float)[self.who] for part in (x, last / WEEK, seen / WEEK)))

    @cached_property
    def spend(self) -> tuple[np.ndarray, np.ndarray]:
        """Number and mean of the fitted repeat purchases of those whose mean is above 0."""
        log, n = self.log, len(self.log.names)
        inside = self.repeats & (log.day <= self.until)
        number = np.bincount(log.customer[inside], minlength=n)
        total = np.bincount(log.customer[inside], weights=log.amount[inside], minlength=n)
        some = total > 0
        return number[some].astype(float), total[some] / number[some]

    @cached_property
    def held_out(self) -> np.ndarray:
        """Everybody's purchases after `until`, up to the end of the last whole week."""
        log = self.log
        late = self.repeats & (log.day > self.until) & (log.day < self.start + 7 * self.weeks)
        return np.bincount(log.customer[late], minlength=len(log.names))[self.who]

    @cached_property
    def cumulative(self) -> np.ndarray:
        """Repeat purchases to the end of weeks 1, 2, ...; week w ends with day 7w - 1."""
        days = np.sort(self.log.day[self.repeats]) - self.start
        ends = 7 * np.arange(1, self.weeks + 1) - 1
        return np.searchsorted(days, ends, side="right") - np.searchsorted(days, -1, side="right")

    def entered(self) -> tuple[np.ndarray, np.ndarray]:
        """Days of first purchases since `start`, and how many customers each."""
        days, count = np.unique(self.first[self.who] - self.start, return_counts=True)
        return days, count


def study(
    log: Log,
    until: dt.date | None = None,
    since: dt.date | None = None,
    to: dt.date | None = None,
    panel: bool = False,
) -> Study:
    """The log cut at `until`, by default in the middle; what is too little is refused."""
    start, end = _place(log, since, 0), _place(log, to, log.last)
    weeks = (end - start + 1) // 7
    cut = _place(log, until, start + 7 * max(weeks // 2, 1) - 1)
    if not start <= cut <= end:
        raise DataError(
            f"{log.source}: the day to fit until must lie between the first and the last looked at"
        )
    found = Study(log, start, cut, end, panel)
    if found.fitted_weeks < FEWEST_WEEKS:
        raise DataError(
            f"{log.source}: {found.fitted_weeks} weeks to fit; at least {FEWEST_WEEKS} are needed"
        )
    repeats = int(found.records.x.sum())
    if found.customers < FEWEST or repeats < FEWEST:
        raise DataError(
            f"{log.source}: {found.customers} customers with {repeats} repeat purchases until "
            f"{found.date(cut)}; at least {FEWEST} of each are needed"
        )
    return found


def _place(log: Log, date: dt.date | None, otherwise: int) -> int:
    """The day of the log that a date is."""
    if date is None:
        return otherwise
    day = (date - log.first_day).days
    if not 0 <= day <= log.last:
        last = log.first_day + dt.timedelta(days=log.last)
        raise DataError(f"{log.source}: no {date} in it; it runs from {log.first_day} to {last}")
    return day
