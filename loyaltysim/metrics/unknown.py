"""Luck and what is not known, told apart over replications that share draws of the uncertain numbers."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from loyaltysim.metrics.kpi import KPI
from loyaltysim.metrics.measure import Measured, Part
from loyaltysim.metrics.statistics.components import central_span, components
from loyaltysim.metrics.summary import Row, values

Uncertainty = dict[str, Any]


def groups(measured: Sequence[Measured], each: int) -> list[list[Measured]]:
    """The replications of each draw."""
    return [list(measured[k : k + each]) for k in range(0, len(measured), each)]


def by_draw(measured: Sequence[Measured], each: int) -> Sequence[Measured]:
    """One for each draw, its parts the means over its replications: independent, as intervals need them."""
    return measured if each == 1 else [averaged(group) for group in groups(measured, each)]


def averaged(group: Sequence[Measured]) -> Measured:
    """The mean of the parts and tables of a draw's replications; not defined where one of them is not."""
    parts = {key: mean_part([one.parts[key] for one in group]) for key in group[0].parts}
    tables = {name: np.mean([one.tables[name] for one in group], axis=0) for name in group[0].tables}
    return group[0]._replace(parts=parts, tables=tables)


def mean_part(parts: Sequence[Part | None]) -> Part | None:
    """The mean of some parts; of a ratio that of both of its sides."""
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    below = [part.denominator for part in known if part.denominator is not None]
    above = sum(part.numerator for part in known) / len(known)
    return Part(above, sum(below) / len(known) if below else None)


def told_apart(kpi: KPI, row: Row, measured: Sequence[Measured], each: int, scale: float) -> Row:
    """The row with `uncertainty`: what luck does, what is not known does, and where the truth may lie.

    `low` and `high` of the row itself are the error of simulation; those of `uncertainty` enclose the level's
    share of the draws' true means. Null where one replication a draw leaves the two in one.
    """
    found = values(kpi, row["arm"], measured)
    return {**row, "uncertainty": None if found is None else apart(found, each, row["level"], scale)}


def with_luck(row: Row, scale: float) -> Row:
    """The row with the standard deviation by luck of a real market of `scale` times the customers."""
    return {**row, "luck_sd": None if row["sd"] is None else row["sd"] / scale**0.5}


def of_the_real(share: float | None, scale: float) -> float | None:
    """The part of the parameters in a market of `scale` times the customers, which has less luck."""
    return None if share is None else scale * share / (1.0 + (scale - 1.0) * share)


def apart(found: Sequence[float], each: int, level: float, scale: float = 1.0) -> Uncertainty | None:
    """The standard deviations by luck and by what is not known, and the span of the draws' true means.

    In figures of the real market, `scale` times the simulated one: its luck's variance is k times that of the
    simulated flow, which is 1/k of the variance of k times that flow (and of a ratio); the variance by
    what is not known, the same for all customers, is that of k times the flow.
    """
    grouped = [found[k : k + each] for k in range(0, len(found), each)]
    parts = components(grouped, level)
    if parts is None:
        return None
    of_a_mean = parts.parameters + parts.luck / each
    drawn_in = parts.parameters / of_a_mean if of_a_mean > 0.0 else 0.0
    low, high = central_span([sum(group) / len(group) for group in grouped], drawn_in, level)
    return {
        "luck_sd": (parts.luck / scale) ** 0.5,
        "parameters_sd": parts.parameters**0.5,
        "share": of_the_real(parts.share, scale),
        "share_low": of_the_real(parts.share_low, scale),
        "share_high": of_the_real(parts.share_high, scale),
        "low": low,
        "high": high,
        "level": level,
        "draws": parts.draws,
    }
