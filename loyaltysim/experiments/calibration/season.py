"""Calendar effects: twelve factors on the rate, kept only where they foretell a year they were not set on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loyaltysim.experiments.calibration.holdout import expected_totals
from loyaltysim.experiments.calibration.models import Buying
from loyaltysim.experiments.calibration.study import Study

YEAR = 365
WORTH = 0.10  # of the squared error of a year left out: what factors must take away to be kept


@dataclass(frozen=True)
class Season:
    """Twelve factors, January to December, of mean 1; or why there are none."""

    factors: tuple[float, ...]
    gain: float | None
    """Share of the squared monthly error that factors of the other years take away; None: not measured."""
    told: str

    def by_week(self, study: Study) -> np.ndarray | None:
        """The factor of each week, by its middle day; None where there are no factors."""
        if not self.factors:
            return None
        days = study.start + 7 * np.arange(study.weeks) + 3
        return np.array([self.factors[study.date(int(day)).month - 1] for day in days])


def season_of(study: Study, model: Buying) -> Season:
    """Purchases of each month over what the model expects, if two years show the same pattern."""
    years = (study.until - study.start + 1) // YEAR
    if years < 2:
        days = study.until - study.start + 1
        return Season((), None, f"no calendar effects: two fitted years would show them, not {days} days")
    real = np.diff(study.cumulative.astype(float), prepend=0.0)
    expected = np.diff(expected_totals(study, model), prepend=0.0)
    weeks = np.arange(min(years * YEAR // 7, study.fitted_weeks))
    month = np.array([study.date(int(study.start + 7 * w + 3)).month - 1 for w in weeks])
    year = 7 * weeks // YEAR
    seen, awaited = (
        np.array([[part[weeks][(year == y) & (month == m)].sum() for m in range(12)] for y in range(years)])
        for part in (real, expected)
    )
    awaited = awaited * (seen.sum(1) / awaited.sum(1))[:, None]  # a year's level is the model's affair
    flat = with_factors = 0.0
    for y in range(years):
        others = np.arange(years) != y
        factors = _factors(seen[others].sum(0), awaited[others].sum(0))
        flat += ((seen[y] - awaited[y]) ** 2).sum()
        with_factors += ((seen[y] - awaited[y] * factors * seen[y].sum() / (awaited[y] @ factors)) ** 2).sum()
    gain = float(1.0 - with_factors / flat)
    told = f"those of other years take away {100 * gain:.0f} % of a year's squared error"
    if gain < WORTH:
        return Season((), gain, f"no calendar effects: {told}")
    told = f"calendar effects kept: {told}"
    return Season(tuple(_factors(seen.sum(0), awaited.sum(0)).tolist()), gain, told)


def _factors(seen: np.ndarray, awaited: np.ndarray) -> np.ndarray:
    """What was seen over what was awaited, mean 1."""
    ratio = seen / np.maximum(awaited, 1e-12)
    return np.asarray(ratio / ratio.mean())
