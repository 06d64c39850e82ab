"""One arm of a replication as the formulas of the catalogue read it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from loyaltysim.metrics.finance.core import PARTS
from loyaltysim.metrics.finance.estimates import METHODS
from loyaltysim.metrics.finance.lived import Kept, kept
from loyaltysim.metrics.terms import Terms
from loyaltysim.record.outcome import Arm, Replication
from loyaltysim.rules.ledger import CENT, MONEY, SERVICE, WAIT_BINS
from loyaltysim.rules.state import FIRM, NOWHERE

_MONEY = {name: position for position, name in enumerate(MONEY)}
_SERVICE = {name: position for position, name in enumerate(SERVICE)}
HOME_AT = {12: "home_12", 24: "home_24", 36: "home_36"}


@dataclass(frozen=True)
class View:
    """An arm, the terms of its scenario and the calendar; months count from month 0.

    Sums over records are whole numbers until the last step, so that they do not depend on order.
    """

    arm: Arm
    terms: Terms
    days: np.ndarray
    warm_up: int
    is_programme: bool
    lift: np.ndarray  # of the two arms: (months, LIFT), half minor units

    # ---------------------------------------------------------------- the calendar

    @property
    def months(self) -> int:
        """Months from month 0 to the horizon."""
        return len(self.days) - 1 - self.warm_up

    @property
    def end(self) -> float:
        """The day of the horizon."""
        return float(self.days[-1])

    def close(self, month: int) -> float:
        """The day of the month's close."""
        return float(self.days[self.warm_up + month])

    # ---------------------------------------------------------------- the ledgers

    def flow(self, measure: str, until: int | None = None) -> int:
        """A flow of the ledger of money, summed from month 0 to the horizon or to a month's close."""
        last = self.months if until is None else until
        return int(self.arm.money[self.warm_up : self.warm_up + last, :, _MONEY[measure]].sum())

    def stock(self, measure: str, month: int | None = None) -> int:
        """A stock of the ledger at a month's close (the horizon's if none is named); 0 before the start."""
        row = self.warm_up + (self.months if month is None else month) - 1
        return int(self.arm.money[row, :, _MONEY[measure]].sum()) if row >= 0 else 0

    def over_closes(self, measure: str) -> int:
        """A stock summed over all closes after month 0."""
        return int(self.arm.money[self.warm_up :, :, _MONEY[measure]].sum())

    def service(self, measure: str) -> int:
        """A flow of the ledger of service, from month 0 to the horizon."""
        return int(self.arm.service[self.warm_up :, :, _SERVICE[measure]].sum())

    def wait_quantile(self, share: float) -> float | None:
        """Wait in minutes that `share` of the arrivals did not exceed, in steps of a second."""
        counts = np.cumsum(self.arm.waits)
        total = int(counts[-1])
        if total == 0:
            return None
        place = int(np.searchsorted(counts, math.ceil(share * total - 1e-9)))
        return place / 60.0 if place < WAIT_BINS - 1 else None

    # ---------------------------------------------------------------- the customers

    @property
    def customers(self) -> np.ndarray:
        """The records of everyone, by number."""
        return self.arm.customers

    @cached_property
    def base(self) -> np.ndarray:
        """Whether she belongs to the base cohort: home with the firm at month 0."""
        return np.asarray(self.customers["base"] == 1)

    @property
    def base_size(self) -> int:
        """Customers of the base cohort, |B|."""
        return int(self.base.sum())

    def base_home(self, month: int) -> np.ndarray:
        """Homes of the base cohort at the 12th, 24th or 36th close."""
        return np.asarray(self.customers[HOME_AT[month]][self.base])

    def base_defected(self, month: int) -> np.ndarray:
        """Whether she of the base cohort has left the firm at least once by that close."""
        return np.asarray(self.customers["first_defection"][self.base] <= self.close(month))

    @cached_property
    def at_home(self) -> np.ndarray:
        """Whether the firm is her home at the horizon."""
        return np.asarray((self.customers["home"] == FIRM) & (self.customers["present"] == 1))

    # ---------------------------------------------------------------- money, in the currency

    def money(self, minor: float) -> float:
        """Minor units as an amount of the currency."""
        return minor / self.terms.money_unit

    def present_value(self, fixed_point: int) -> float:
        """A discounted sum of the records as an amount of the currency."""
        return fixed_point / CENT / self.terms.money_unit

    @cached_property
    def kept(self) -> Kept | None:
        """The books of this arm; none where no points were ever issued."""
        return kept(self.arm, self.terms, self.days)

    def chance(self, month: int) -> float:
        """Factor on the cost of an open point at a month's close: the estimate of its use, or 1."""
        if self.terms.estimate not in METHODS:
            return 1.0
        row = self.warm_up + month - 1
        return float(self.kept.chance[row]) if self.kept and row >= 0 else self.terms.redeemed / PARTS

    @property
    def runs(self) -> bool:
        """Whether a programme runs in this arm: the one on trial, or the status quo."""
        return self.is_programme or self.terms.has_status_quo

    @property
    def cost_per_point_before(self) -> float:
        """What an open point costs if it is used, under what ran until month 0, minor units; see `chance`."""
        before = self.terms.status_quo_point
        return self.terms.cost_per_point if before is None else before

    def cost_per_point(self, month: int) -> float:
        """The same at the close of a month, under the terms that hold then in this arm."""
        if month == 0 or not self.is_programme:
            return self.cost_per_point_before * self.chance(month)
        return self.terms.point_cost(self.warm_up + month - 1) * self.chance(month)

    def owed(self, month: int | None = None) -> float:
        """Expected cost of what is open at a month's close: rewards, and what customers have paid ahead."""
        return self.owed_rewards(month) + self.owed_ahead(month)

    def owed_ahead(self, month: int | None = None) -> float:
        """Money paid ahead that is expected to be spent or paid back, and fees not earned, at a close."""
        stored = self.terms.prepaid_redeemed * self._stored("prepaid_outstanding", month)
        fees = self.stock("fees_deferred", month)
        last = self.months if month is None else month
        if last == 0 and self.warm_up == 0 and self.terms.inherits_fees:
            fees = int(self.arm.money[0, :, _MONEY["fees_opening"]].sum())
        return self.money(stored + fees)

    def _stored(self, measure: str, month: int | None) -> int:
        """A stock of stored value; what is held on the first day counts as held at month 0 without a past."""
        last = self.months if month is None else month
        if last == 0 and self.warm_up == 0 and self.terms.inherits_prepaid and measure[0] == "p":
            return int(self.arm.money[0, :, _MONEY["prepaid_opening"]].sum())
        return self.stock(measure, month)

    def owed_rewards(self, month: int | None = None) -> float:
        """Expected cost of points and bonus open at a month's close (if none is named the horizon's)."""
        last = self.months if month is None else month
        outside = self.stock("points_outside", month)
        held = self.stock("points_outstanding", month)
        if last == 0 and self.warm_up == 0 and self.terms.inherits_points:
            held = int(self.arm.money[0, :, _MONEY["points_opening"]].sum())  # before the first close
        inside = (held - outside) * self.cost_per_point(last)
        bonus = self.terms.prepaid_redeemed * self._stored("bonus_outstanding", month)
        return self.money(inside + outside * self.cost_per_point_before * self.chance(last) + bonus)

    def owed_change(self, until: int | None = None) -> float:
        """Expected cost of what is open at a close less that at month 0, undiscounted."""
        return self.owed(until) - self.owed(0)

    def owed_change_discounted(self, until: int | None = None) -> float:
        """The same, each discounted to month 0."""
        last = self.months if until is None else until
        return self.owed(last) * self.terms.factor(self.close(last)) - self.owed(0)

    def owed_rewards_change(self) -> float:
        """The same of rewards alone, undiscounted: what is paid ahead is no cost of the programme."""
        return self.owed_rewards() - self.owed_rewards(0)

    def owed_rewards_change_discounted(self, until: int | None = None) -> float:
        """The same, each discounted to month 0."""
        last = self.months if until is None else until
        return self.owed_rewards(last) * self.terms.factor(self.close(last)) - self.owed_rewards(0)

    def programme_fixed(self, until: int | None = None) -> float:
        """Fixed cost of the programme of this arm to a close, discounted at the closes."""
        last = self.months if until is None else until
        return self.money(
            sum(
                fixed * math.fsum(self.terms.factor(self.close(month)) for month in months if month <= last)
                for fixed, months in self.fixed_by_month
                if fixed != 0.0
            )
        )

    @property
    def fixed_by_month(self) -> list[tuple[float, range]]:
        """Fixed cost a month of what runs in this arm, minor units, and the months in which it does."""
        first = self.terms.programme_from if self.is_programme else 0
        if self.is_programme and self.terms.stages:
            before = [(self.terms.status_quo_fixed, range(1, first + 1))]
            return before + fixed_by_stage(self.arm, self.terms, self.months)
        after = (fixed_of(self.arm, self.terms, self.is_programme), range(first + 1, self.months + 1))
        return [(self.terms.status_quo_fixed, range(1, first + 1)), after] if first else [after]

    def variable_cost(self, until: int | None = None) -> float:
        """Rewards, enrolment, perks and the change in what is owed of rewards, discounted."""
        return self.present_value(self.flow("reward_cost", until)) + self.owed_rewards_change_discounted(
            until
        )

    @cached_property
    def values(self) -> np.ndarray:
        """Her contribution over the window less what is owed to her, discounted, for everyone."""
        ahead = self._held("cash") + self._held("bonus")
        if len(self.arm.subscriptions):
            ahead = ahead + (self.arm.subscriptions["fee"] - self.arm.subscriptions["earned"])
        return self._after(self.customers["value"], -1.0, ahead)

    @cached_property
    def costs(self) -> np.ndarray:
        """Variable cost of the programme over the window for everyone, discounted."""
        return self._after(self.customers["reward_cost"], 1.0, self._held("bonus"))

    def _held(self, what: str) -> np.ndarray | float:
        """Stored value that is expected to be used, of each customer at the horizon, minor units."""
        if not len(self.arm.purses):
            return 0.0
        return np.asarray(self.terms.prepaid_redeemed * self.arm.purses[what])

    @property
    def _point_costs(self) -> np.ndarray | float:
        """What an open point is expected to cost at the horizon, by customer or for all, minor units."""
        here = self.cost_per_point(self.months)
        if not self.is_programme or not len(self.arm.outside):
            return here
        before = self.cost_per_point_before * self.chance(self.months)
        return np.where(self.arm.outside == 1, before, here)

    def _after(self, fixed_point: np.ndarray, sign: float, ahead: np.ndarray | float) -> np.ndarray:
        """A discounted amount in the currency, with what is owed to her added or taken off."""
        point = sign * self._point_costs * self.terms.factor(self.end)
        owed = self.customers["balance"] * point + sign * self.terms.factor(self.end) * ahead
        return (fixed_point / CENT + owed) / self.terms.money_unit


def fixed_by_stage(arm: Arm, terms: Terms, months: int) -> list[tuple[float, range]]:
    """Fixed cost a month of what runs for anybody, minor units, and the months of each stage of a rollout."""
    found, ends = [], (*(min(month, months) for month in terms.stages[1:]), months)
    for stage, (begins, end) in enumerate(zip(terms.stages, ends, strict=True)):
        reached = arm.waves <= stage
        fixed = terms.programme_fixed if reached.any() or not len(reached) else 0.0
        fixed += 0.0 if reached.all() else terms.status_quo_fixed
        found.append((fixed, range(begins + 1, end + 1)))
    return found


def fixed_of(arm: Arm, terms: Terms, is_programme: bool) -> float:
    """Fixed cost a month of what runs in an arm, minor units; with a rollout perhaps both programmes."""
    if not is_programme:
        return terms.status_quo_fixed
    fixed = terms.status_quo_fixed if arm.outside.any() else 0.0
    return fixed if len(arm.outside) and arm.outside.all() else fixed + terms.programme_fixed


def views(replication: Replication, terms: Terms) -> tuple[View, View]:
    """The programme's arm and the twin's."""

    def of(arm: Arm, is_programme: bool) -> View:
        return View(arm, terms, replication.days, replication.warm_up, is_programme, replication.lift)

    return of(replication.programme, terms.has_programme), of(replication.twin, False)


def left_market(homes: np.ndarray) -> np.ndarray:
    """Whether a home at a close says that she had left the market."""
    return np.asarray(homes == NOWHERE)
