"""How well a fitted model foretells the weeks it has not seen."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from loyaltysim.experiments.calibration.models import Buying
from loyaltysim.experiments.calibration.study import Study
from loyaltysim.experiments.calibration.transactions import DataError


@dataclass(frozen=True)
class Holdout:
    """One model beside what happened. Errors are shares of what happened."""

    model: str
    cumulative: np.ndarray
    """Expected repeat purchases to the end of each week."""
    sd: float
    """Standard deviation of the total at the end over cohorts like this one."""
    z: float
    """(Happened - expected) / sd, at the end."""
    error_fitted: float
    """Of the total at the end of what was fitted."""
    error_end: float
    """Of the total at the end."""
    error_held_out: float
    """Of what was bought in the weeks held out."""
    mape_cumulative: float
    """Mean absolute error of the running total over the weeks held out."""
    mape_weekly: float | None
    """Mean absolute error of the single weeks held out; None if nobody bought in one of them."""
    mae: float
    """Mean absolute error of one customer's purchases in the weeks held out, given her record."""
    rmse: float
    """Root mean square of the same."""
    correlation: float
    """Between both, over customers."""

    def to_json(self) -> dict[str, object]:
        """As it stands in calibration.json, without the weeks (those are in holdout.csv)."""
        return {k: v for k, v in vars(self).items() if k != "cumulative"}


def foretold(study: Study, model: Buying, season: np.ndarray | None = None) -> Holdout | None:
    """The model beside the weeks held out; None where nothing was held out. `season`: a factor a week."""
    fitted, weeks = study.fitted_weeks, study.weeks
    if weeks <= fitted:
        return None
    expected = expected_totals(study, model)
    if season is not None:
        expected = np.cumsum(np.diff(expected, prepend=0.0) * season)
    real = study.cumulative.astype(float)
    late = slice(fitted, weeks)
    by_week = np.diff(real, prepend=0.0)[late]
    expected_by_week = np.diff(expected, prepend=0.0)[late]
    if by_week.sum() == 0:
        raise DataError(f"{study.log.source}: nobody bought again after {study.date(study.until)}")
    each = model.expected(study.records, _ahead(study))
    sd = math.sqrt(sum(n * model.variance(t) for t, n in _watched(study, weeks)))
    return Holdout(
        model=model.title,
        cumulative=expected,
        sd=sd,
        z=float(real[-1] - expected[-1]) / sd,
        error_fitted=float(expected[fitted - 1] / real[fitted - 1] - 1.0),
        error_end=float(expected[-1] / real[-1] - 1.0),
        error_held_out=float(expected_by_week.sum() / by_week.sum() - 1.0),
        mape_cumulative=float(np.abs(expected[late] / real[late] - 1.0).mean()),
        mape_weekly=float(np.abs(expected_by_week / by_week - 1.0).mean()) if by_week.all() else None,
        mae=float(np.abs(each - study.held_out).mean()),
        rmse=float(np.sqrt(((each - study.held_out) ** 2).mean())),
        correlation=float(np.corrcoef(each, study.held_out)[0, 1]),
    )


def expected_totals(study: Study, model: Buying) -> np.ndarray:
    """Expected repeat purchases of all to the end of each week."""
    totals = np.zeros(study.weeks)
    for week in range(1, study.weeks + 1):
        times, number = map(np.array, zip(*_watched(study, week), strict=True))
        totals[week - 1] = number @ model.mean(times)
    return totals


def _watched(study: Study, week: int) -> list[tuple[float, int]]:
    """How long customers have been watched at the end of a week, in weeks, and how many of each."""
    days, number = study.entered()
    at = np.maximum(7 * week - 1 - days, 0) / 7.0
    return list(zip(at.tolist(), number.tolist(), strict=True))


def _ahead(study: Study) -> float:
    """Weeks from the end of what was fitted to that of the last whole week."""
    return (study.start + 7 * study.weeks - 1 - study.until) / 7.0
