"""From replications to rows: one estimate with its interval a figure and arm (DESIGN 4)."""

import math
from collections.abc import Sequence
from typing import Any

from loyaltysim.metrics.kpi import KPI
from loyaltysim.metrics.measure import ARMS, Measured, Part, applicable
from loyaltysim.metrics.statistics import (
    Estimate,
    linearised,
    mean_interval,
    not_estimable,
    ratio_difference,
    ratio_interval,
    share_interval,
    too_skewed,
)
from loyaltysim.metrics.terms import Terms

Row = dict[str, Any]
Sample = Sequence[Part | None]
LEVEL = 0.95


def summarise(measured: Sequence[Measured], terms: Terms, level: float = LEVEL) -> list[Row]:
    """The rows of all figures, in the order of the catalogue."""
    rows = []
    for kpi in applicable(terms):
        for arm in ("effect",) if kpi.paired else ARMS:
            rows.append(row(kpi, arm, estimate(kpi, arm, measured, level), terms))
    return rows


def row(kpi: KPI, arm: str, found: Estimate, terms: Terms) -> Row:
    """An estimate as `--json` prints it."""
    return {
        "kpi": kpi.name,
        "arm": arm,
        **found._asdict(),
        "unit": kpi.unit_in(terms),
        "window": kpi.window_in(terms),
    }


def estimate(kpi: KPI, arm: str, measured: Sequence[Measured], level: float) -> Estimate:
    """One figure of one arm over the replications; a difference is paired replication by replication."""
    if arm == "effect" and not kpi.paired:
        ours, theirs = (sample(kpi, side, measured) for side in ("programme", "twin"))
        return within(kpi, -1.0, difference_of(kpi, ours, theirs, level))
    return within(kpi, 0.0, of(kpi, sample(kpi, arm, measured), level))


def within(kpi: KPI, least: float, found: Estimate) -> Estimate:
    """The interval without what no share can be: below 0 (a difference: −1) or above 1."""
    if kpi.unit != "share" or found.low is None or found.high is None:
        return found
    return found._replace(low=max(least, found.low), high=min(1.0, found.high))


def sample(kpi: KPI, arm: str, measured: Sequence[Measured]) -> Sample:
    """The parts of one figure, replication by replication."""
    return [one.parts[kpi.name, arm] for one in measured]


def of(kpi: KPI, parts: Sample, level: float) -> Estimate:
    """The estimate of one sample; not estimable if any replication could not tell (none is dropped)."""
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return undefined(kpi, len(parts), level)
    above = [part.numerator for part in known]
    if kpi.estimator == "ratio":
        below = denominators(known)
        found = ratio_interval(above, below, level)
        return undefined(kpi, len(parts), level) if kpi.positive and not is_positive(below, level) else found
    if kpi.estimator == "share" and {*above} <= {0.0, 1.0}:  # means of several replications are no counts
        return share_interval(sum(1 for value in above if value), len(above), level)
    return mean_interval(above, level, kpi.estimator)


def difference_of(kpi: KPI, ours: Sample, theirs: Sample, level: float) -> Estimate:
    """Programme minus twin."""
    a, b = [p for p in ours if p is not None], [p for p in theirs if p is not None]
    if len(a) < len(ours) or len(b) < len(theirs):
        return undefined(kpi, len(ours), level, effect=True)
    above, base_above = [part.numerator for part in a], [part.numerator for part in b]
    if kpi.estimator == "ratio":
        return ratio_difference(above, denominators(a), base_above, denominators(b), level)
    return mean_interval([x - y for x, y in zip(above, base_above, strict=True)], level, kpi.estimator)


def by_replication(kpi: KPI, parts: Sample) -> list[float] | None:
    """Values whose mean is the estimate, one a replication, to be paired; None where one is not defined."""
    known = [part for part in parts if part is not None]
    if len(known) < len(parts) or not known:
        return None
    above = [part.numerator for part in known]
    if kpi.estimator != "ratio":
        return above
    below = denominators(known)
    return linearised(above, below) if math.fsum(below) != 0.0 else None


def values(kpi: KPI, arm: str, measured: Sequence[Measured]) -> list[float] | None:
    """The same of an arm, or of the difference of both arms; None where one is not defined."""
    if arm != "effect" or kpi.paired:
        return by_replication(kpi, sample(kpi, arm, measured))
    ours, theirs = (by_replication(kpi, sample(kpi, side, measured)) for side in ("programme", "twin"))
    return None if ours is None or theirs is None else [a - b for a, b in zip(ours, theirs, strict=True)]


def denominators(parts: Sequence[Part]) -> list[float]:
    """The denominators of ratios."""
    return [part.denominator for part in parts if part.denominator is not None]


def is_positive(denominators: Sequence[float], level: float) -> bool:
    """Whether the interval of the mean denominator lies above 0 (one replication: whether it does)."""
    found = mean_interval(denominators, level)
    lowest = found.estimate if found.low is None else found.low
    return lowest is not None and lowest > 0


def undefined(kpi: KPI, n: int, level: float, effect: bool = False) -> Estimate:
    """A figure that is not defined here."""
    names = {"ratio": "t" if effect else "fieller", "share": "clopper-pearson"}
    return not_estimable(level, kpi.estimator, names.get(kpi.estimator, "t"), n)


def skewed_figures(measured: Sequence[Measured], terms: Terms) -> list[str]:
    """Effects by the mean whose replications are too few for how lopsided they are."""
    names = []
    for kpi in applicable(terms):
        if kpi.paired and kpi.estimator == "mean":
            parts = [part for part in sample(kpi, "effect", measured) if part is not None]
            if len(parts) == len(measured) and too_skewed([part.numerator for part in parts]):
                names.append(kpi.name)
    return names
