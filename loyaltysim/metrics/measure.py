"""From the record of one replication to what is kept of it; a pure function, run where it was simulated."""

import math
from typing import NamedTuple

import numpy as np

from loyaltysim.errors import InvariantError
from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.metrics.digest import digest
from loyaltysim.metrics.finance.lived import broken
from loyaltysim.metrics.kept import kept
from loyaltysim.metrics.kpi import KPI, Value
from loyaltysim.metrics.monthly import SUMS, monthly
from loyaltysim.metrics.terms import Terms
from loyaltysim.metrics.view import views
from loyaltysim.record.outcome import Replication

ARMS = ("programme", "twin", "effect")


class Part(NamedTuple):
    """A figure of one replication; a ratio keeps both of its parts, to be averaged before it is formed."""

    numerator: float
    denominator: float | None = None

    @property
    def value(self) -> float | None:
        """The figure itself; null where the denominator is 0."""
        if self.denominator is None:
            return self.numerator
        return self.numerator / self.denominator if self.denominator else None


class Measured(NamedTuple):
    """What is kept of a replication."""

    replication: int
    parts: dict[tuple[str, str], Part | None]  # by figure and arm; null: not defined
    monthly: dict[str, np.ndarray]  # by arm: month × group × measure (see `metrics.monthly`)
    weekly: dict[str, np.ndarray]  # by arm: repeat purchases at the firm in each whole week from month 0
    digest: str
    tables: dict[str, np.ndarray] = {}  # noqa: RUF012 (never changed)  # `<arm>.<name>`: what `metrics.frames` makes its tables of


def measure(replication: Replication, terms: Terms) -> Measured:
    """Every figure of the catalogue for the arms it exists in, the monthly tables, the fingerprint."""
    programme, twin = views(replication, terms)
    for view in (programme, twin):
        if view.kept and (faults := list(broken(view.kept, view.arm))):
            raise InvariantError("; ".join(faults))
    parts: dict[tuple[str, str], Part | None] = {}
    for kpi in applicable(terms):
        if kpi.paired:
            parts[kpi.name, "effect"] = as_part(kpi, kpi.formula(programme, twin), terms.scale)
        else:
            parts[kpi.name, "programme"] = as_part(kpi, kpi.formula(programme), terms.scale)
            parts[kpi.name, "twin"] = as_part(kpi, kpi.formula(twin), terms.scale)
    tables = {
        "programme": monthly(replication.programme, terms, terms.has_programme, programme.kept),
        "twin": monthly(replication.twin, terms, False, twin.kept),
    }
    if terms.scale != 1.0:
        for table in tables.values():
            table[:, :, SUMS] *= terms.scale
    whole_weeks = max(0, int(replication.days[-1] // 7.0))
    weekly = {
        "programme": replication.programme.weeks[:whole_weeks],
        "twin": replication.twin.weeks[:whole_weeks],
    }
    more = kept(programme, twin, terms)
    if terms.scale != 1.0:
        more = {name: table * terms.scale for name, table in more.items()}
    return Measured(replication.index, parts, tables, weekly, digest(replication), more)


def applicable(terms: Terms) -> list[KPI]:
    """The figures that mean something in this scenario."""
    return [kpi for kpi in CATALOGUE.values() if kpi.when(terms)]


def as_part(kpi: KPI, value: Value, scale: float = 1.0) -> Part | None:
    """The formula's result as floats; it must have the form its estimator needs, and be finite.

    Of a flow or stock of customers, that of the real market: `scale` times the simulated one.
    """
    if value is None:
        return None
    pair = value if isinstance(value, tuple) else (value,)
    assert len(pair) == (2 if kpi.estimator == "ratio" else 1), f"{kpi.name}: a {kpi.estimator} of {value}"
    part = Part(*(float(number) for number in pair))
    if scale != 1.0 and kpi.extensive:
        part = Part(part.numerator * scale)
    assert all(math.isfinite(number) for number in pair), f"{kpi.name} is not finite: {value}"
    return part
