"""A calibration as lines for a terminal."""

from __future__ import annotations

from loyaltysim.experiments.calibration.calibrate import Calibration
from loyaltysim.experiments.calibration.fitting import Fit


def lines(found: Calibration) -> list[str]:
    """Data, fits, holdout, notes."""
    study, counts = found.study, found.study.log.counts
    kind = "panel" if study.panel else "cohort"
    told = [
        f"{study.log.source}: {counts['rows']:,} rows; a {kind} of {study.customers:,} customers, "
        f"{study.date(study.start)} to {study.date(study.end)}",
        f"fitted: weeks 1-{study.fitted_weeks}, to {study.date(study.until)}"
        + (f"; held out: weeks {study.fitted_weeks + 1}-{study.weeks}" if found.holdouts else ""),
        "",
        *(line for fit in (*found.fits.values(), found.spend) for line in fitted(fit)),
    ]
    if found.holdouts:
        told += [
            "",
            "held out           total       error       z   MAPE total  MAPE weeks  customers: MAE   r",
        ]
        told += [f"{'happened':<14}{study.cumulative[-1]:>10,.0f}"]
    for one in found.holdouts.values():
        weekly = "-" if one.mape_weekly is None else f"{100 * one.mape_weekly:.2f} %"
        told.append(
            f"{one.model:<14}{one.cumulative[-1]:>10,.1f}{100 * one.error_end:>+10.2f} %{one.z:>+8.2f}"
            f"{100 * one.mape_cumulative:>10.2f} %{weekly:>12}{one.mae:>15.4f}{one.correlation:>7.3f}"
        )
    return [*told, "", f"written: {found.chosen} and gamma-gamma"]


def fitted(fit: Fit) -> list[str]:
    """A fit on two lines: parameters, and their standard errors."""
    values = "".join(f"{name:>9} {value:<11.6g}" for name, value in zip(fit.names, fit.values, strict=True))
    errors = "".join(f"{'+-':>9} {error:<11.3g}" for error in fit.errors)
    return [f"{fit.model:<12}{values} ln L {fit.log_likelihood:,.2f}", f"{'':<12}{errors}".rstrip()]
