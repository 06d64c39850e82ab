"""Replicate until an interval is as narrow as asked: `--precision kpi=half-width` (Law 2015, section 9.4.1).

Looking again and again at the same numbers makes the interval that ends the run a little too narrow: its
coverage lies below its level by design (`python tests/verification/interval_coverage.py` measures it). The
first look is therefore at 40 replications, and each next one at a fifth more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from loyaltysim.errors import UsageError
from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.metrics.kpi import KPI
from loyaltysim.metrics.statistics import Estimate
from loyaltysim.scenario.suggestions import hint

FIRST_LOOK = 40
MOST = 2_000  # replications; what is not precise by then is told as it is
_TARGET = re.compile(r"\s*([\w.]+)\s*=\s*([0-9.eE+-]+)\s*(%?)\s*")


@dataclass(frozen=True)
class Target:
    """A figure, and the half-width that its interval is to have, in its unit."""

    kpi: KPI
    half_width: float

    def met(self, found: Estimate) -> bool:
        """Whether the interval is narrow enough. What is not estimable cannot become so by being precise."""
        return not found.estimable or (found.half_width is not None and found.half_width <= self.half_width)


def targets_of(texts: Iterable[str]) -> list[Target]:
    """The targets that the command line names; raises UsageError, in words, for what is none."""
    return [target_of(text) for text in texts]


def target_of(text: str) -> Target:
    """One `kpi=half-width`; a percentage for a share."""
    found = _TARGET.fullmatch(text)
    try:
        width = float(found[2]) / (100.0 if found[3] else 1.0) if found else 0.0
    except ValueError:
        width = 0.0
    if found is None or not 0.0 < width < float("inf"):
        raise UsageError(
            f"--precision {text}: write kpi=half-width, such as retention_12m=0.5% or profit=2000"
        )
    kpi = CATALOGUE.get(found[1])
    if kpi is None:
        raise UsageError(
            f"--precision {text}: no figure is called {found[1]}; {hint(found[1], list(CATALOGUE))}"
        )
    return Target(kpi, width)


def require_there(targets: Sequence[Target], names: Iterable[str]) -> None:
    """Raise UsageError, before anything is simulated, for a figure that the scenario does not have."""
    there = set(names)
    for target in targets:
        if target.kpi.name not in there:
            raise UsageError(f"--precision {target.kpi.name}: this scenario has no such figure")


def arm_of(target: Target, has_programme: bool) -> str:
    """What is to be precise: the effect; without a programme, which has none, the figure itself."""
    return "effect" if target.kpi.paired or has_programme else "programme"


def next_look(count: int) -> int:
    """The number of replications at which to look next: 40, 48, 58, 70 ..."""
    return max(FIRST_LOOK, -(-count * 6 // 5))


def not_met(targets: Sequence[Target], found: Sequence[Estimate]) -> list[str]:
    """What is still wider than asked, in words."""
    return [
        f"{target.kpi.name}: half-width {one.half_width:.4g} where {target.half_width:.4g} was asked for"
        for target, one in zip(targets, found, strict=True)
        if not target.met(one) and one.half_width is not None
    ]
