"""Calibrate a segment to a log of transactions: fit, hold out, write."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from loyaltysim.errors import UsageError
from loyaltysim.experiments.calibration.fitting import Fit, NotFound, maximum
from loyaltysim.experiments.calibration.holdout import Holdout, foretold
from loyaltysim.experiments.calibration.models import BGNBD, NBD, GammaGamma, ParetoNBD, Records, distinct
from loyaltysim.experiments.calibration.season import Season, season_of
from loyaltysim.experiments.calibration.segment import cohort_yaml, finite_basket, segment_yaml
from loyaltysim.experiments.calibration.study import Study, study
from loyaltysim.experiments.calibration.transactions import DataError, Layout, read_log
from loyaltysim.scenario.marks import on_one_line
from loyaltysim.scenario.reading import name

Model = Literal["auto", "pareto-nbd", "nbd"]
BY_NAME = {"pareto-nbd": "Pareto/NBD", "nbd": "NBD"}
CLASSES = {model.title: model for model in (ParetoNBD, BGNBD, NBD)}


@dataclass(frozen=True)
class Calibration:
    """What a log gave: fits, the one chosen, and how each foretold what it had not seen."""

    study: Study
    fits: dict[str, Fit]
    chosen: str
    spend: Fit
    season: Season
    holdouts: dict[str, Holdout]
    notes: tuple[str, ...]
    currency: str
    segment: str
    source: str

    def to_json(self) -> dict[str, Any]:
        """As calibration.json holds it."""
        study = self.study
        return {
            "source": self.source,
            "counts": study.log.counts,
            "customers": study.customers,
            "start": str(study.date(study.start)),
            "until": str(study.date(study.until)),
            "weeks": study.weeks,
            "fitted_weeks": study.fitted_weeks,
            "chosen": self.chosen,
            "fits": [fit.to_json() for fit in self.fits.values()],
            "spend": self.spend.to_json(),
            "season": {"factors": self.season.factors, "gain": self.season.gain, "told": self.season.told},
            "holdout": [one.to_json() for one in self.holdouts.values()],
            "notes": self.notes,
        }

    def files(self) -> dict[str, str]:
        """The scenario files, and the weeks, by name."""
        chosen = self.fits[self.chosen]
        factors = self.season.factors
        files = {
            "segment.yaml": segment_yaml(
                self.study, self.segment, self.currency, chosen, self.spend, factors, self.source
            )
        }
        if not self.study.panel:
            files["cohort.yaml"] = cohort_yaml(self.study, self.segment)
        if self.holdouts:
            files["holdout.csv"] = self.by_week()
        return files

    def by_week(self) -> str:
        """Repeat purchases to the end of each week: what happened, and what each model expects."""
        lines = ["week,last_day,fitted,actual," + ",".join(self.holdouts)]
        for week in range(1, self.study.weeks + 1):
            day = self.study.date(self.study.start + 7 * week - 1)
            fitted = "yes" if week <= self.study.fitted_weeks else "no"
            expected = ",".join(f"{one.cumulative[week - 1]:.2f}" for one in self.holdouts.values())
            lines.append(f"{week},{day},{fitted},{self.study.cumulative[week - 1]},{expected}")
        return "\n".join(lines) + "\n"


def calibrate(
    data: str | Path,
    *,
    currency: str,
    layout: Layout | None = None,
    until: dt.date | None = None,
    since: dt.date | None = None,
    to: dt.date | None = None,
    panel: bool = False,
    model: Model = "auto",
    segment: str = "customers",
) -> Calibration:
    """Fit occasions, baskets and market exit to a log of customer, date and amount.

    Fitted is what happened `since` its first day `until` the middle of it, unless said otherwise; the rest
    is held out, as far as the day `to`. Of a `panel` everybody is watched all the time and nobody leaves the
    market (NBD). The better of Pareto/NBD and NBD by Akaike's criterion is chosen, unless `model` says which.
    """
    path = Path(data)
    try:
        name(segment)
    except ValueError as error:
        raise UsageError(f"segment: {error}") from None
    found = study(read_log(path, layout), until, since, to, panel)
    fits, notes = _fitted(found, panel or model == "nbd")
    chosen = _chosen(fits, model)
    spend = _spend(found)
    season = season_of(found, CLASSES[chosen](*fits[chosen].values))
    holdouts = {}
    for title, fit in fits.items():
        one = foretold(found, CLASSES[title](*fit.values), season.by_week(found))
        if one is not None:
            holdouts[title] = one
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    source = (
        f"{on_one_line(path.name)} (sha256 {digest}; {found.customers:,} customers, "
        f"{found.date(found.start)} to {found.date(found.until)})"
    )
    notes = [*_oddities(found), *notes, season.told]
    return Calibration(
        found,
        fits,
        chosen,
        spend,
        season,
        holdouts,
        tuple(notes),
        currency,
        segment,
        " ".join(source.split()),
    )


def _fitted(study: Study, for_ever: bool) -> tuple[dict[str, Fit], list[str]]:
    """Each model's fit, and a note of each that found none."""
    fits: dict[str, Fit] = {}
    notes = []
    for kind in (NBD,) if for_ever else (ParetoNBD, BGNBD, NBD):
        try:
            fits[kind.title] = fit_buying(kind, study.records)
        except NotFound as error:
            notes.append(str(error))
    if not fits:
        raise NotFound("; ".join(notes))
    return fits, notes


def fit_buying(kind: Callable[..., Any], records: Records) -> Fit:
    """One model's fit to records."""
    rate = max(float(records.x.sum() / records.seen.sum()), 1e-9)
    middle = max(float(np.median(records.seen)), 1e-9)
    scales = {"alpha": 0.5 / rate, "beta": middle}
    starts = []
    for factor in (1.0, 0.3):
        guess = dict(zip(kind.names, kind.start, strict=True)) | scales  # type: ignore[attr-defined]
        starts.append([guess[name] * factor for name in kind.names])  # type: ignore[attr-defined]

    rows, number = distinct(*records)
    alike = Records(*rows)

    def log_likelihood(*values: float) -> float:
        return float(number @ kind(*values).log_likelihood(alike))

    return maximum(kind.title, kind.names, log_likelihood, starts)  # type: ignore[attr-defined]


def _spend(study: Study) -> Fit:
    """The fit of baskets."""
    number, mean = study.spend
    if len(mean) < 30 or mean.std() < 1e-9 * mean.mean():
        raise DataError(
            f"{study.log.source}: {len(mean)} customers with repeat spending that differs; 30 are needed"
        )
    fit = fit_spend(number, mean)
    finite_basket(fit)
    return fit


def fit_spend(number: np.ndarray, mean: np.ndarray) -> Fit:
    """The gamma-gamma of customers with so many baskets of such a mean."""
    scale = float(np.median(mean))

    def log_likelihood(*values: float) -> float:
        return float(GammaGamma(*values).log_likelihood(number, mean).sum())

    starts = [(4.0, 4.0, scale), (1.5, 3.0, scale)]
    return maximum(GammaGamma.title, GammaGamma.names, log_likelihood, starts)


def _chosen(fits: dict[str, Fit], model: Model) -> str:
    """The model that the segment is written from."""
    lived = {title: fit for title, fit in fits.items() if title != BGNBD.title}
    if model != "auto":
        if BY_NAME[model] not in lived:
            raise NotFound(f"{BY_NAME[model]}: not found in these data; --model auto takes what is")
        return BY_NAME[model]
    if not lived:
        raise NotFound("neither Pareto/NBD nor NBD has a maximum in these data")
    return min(lived, key=lambda title: lived[title].akaike)


def _oddities(study: Study) -> list[str]:
    """What was odd in the data, and how it was treated."""
    counts = study.log.counts
    told = [
        (counts["returns"], "negative amounts (returns): left out"),
        (counts["zero"], "amounts of 0: kept as purchases"),
        (counts["identical"], "rows equal to an earlier one: kept"),
        (int((~study.who).sum()), "customers who first bought outside of what was fitted: left out"),
    ]
    return [f"{n:,} {what}" for n, what in told if n]
