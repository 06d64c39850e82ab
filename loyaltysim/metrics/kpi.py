"""What a key figure is: its words, and the formula that reads it off one replication."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from loyaltysim.metrics.terms import Terms
from loyaltysim.metrics.view import View

Value = float | tuple[float, float] | None  # a figure; numerator and denominator of a ratio; not defined
SUMMED = (
    "customers",
    "visits",
    "money",
    "points",
    "rewards",
    "surprises",
    "complaints",
    "contacts",
)  # units of sums
Estimator = Literal["mean", "ratio", "share", "quantile"]


def always(terms: Terms) -> bool:
    """Of every scenario."""
    return True


@dataclass(frozen=True)
class KPI:
    """A key figure. `formula` takes a view of one arm, or, if `paired`, those of both arms.

    Estimators over replications: `mean` of the figure; `ratio` of the mean numerator to the mean
    denominator; `share` of the replications in which it is 1; `quantile`: the mean over replications
    of a quantile taken within each.
    """

    name: str
    label: str
    definition: str
    unit: str  # share (0 to 1), ratio (any), customers, points, minutes …; `money` stands for the currency
    time_base: str  # W, month 0, t12, t24, t36, to t12, end, last 365 d
    direction: int  # 1: more is better, -1: less is better, 0: neither
    estimator: Estimator
    formula: Callable[..., Value]
    paired: bool = False  # compares the arms: exists in the effect row only
    positive: bool = False  # not estimable unless the interval of the denominator lies above 0
    when: Callable[[Terms], bool] = always

    @property
    def extensive(self) -> bool:
        """Whether twice as many customers make it twice as large: a sum over customers, no ratio of sums."""
        return self.estimator == "mean" and self.unit in SUMMED

    def unit_in(self, terms: Terms) -> str:
        """The unit, with the scenario's currency in the place of `money`."""
        return self.unit.replace("money", terms.currency)

    def window_in(self, terms: Terms) -> str:
        """The stretch or moment it speaks of, in the scenario's months."""
        horizon = terms.horizon
        return {
            "W": f"months 0 to {horizon}",
            "to t12": "months 0 to 12",
            "end": f"month {horizon}",
            "last 365 d": f"365 days to month {horizon}",
        }.get(
            self.time_base,
            self.time_base.replace("t", "month ") if self.time_base[0] == "t" else self.time_base,
        )


def reaching(month: int, formula: Callable[..., Value]) -> Callable[..., Value]:
    """The formula, not defined where the horizon lies before that month."""

    def guarded(*views: View) -> Value:
        return formula(*views) if views[0].months >= month else None

    return guarded
