"""What a budget's cap does to behaviour: the same draws and luck where gifts stop and where they do not.

A cap that bites (`when_dry: stop`) keeps the cost down by giving customers less. What that does to who stays
and what they buy is told as differences of two programmes, replication by replication.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from loyaltysim.experiments.budget import budget
from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.metrics.statistics import Estimate
from loyaltysim.metrics.summary import LEVEL, difference_of, sample
from loyaltysim.metrics.terms import terms_of
from loyaltysim.scenario.load import altered

if TYPE_CHECKING:
    from loyaltysim.experiments.budget import Budgeted

FEWEST = 200
FIGURES = ("retention_12m", "visits", "revenue", "rewards", "programme_cost", "profit")


class Moved(NamedTuple):
    """A figure of the programme with the cap less the same without it."""

    kpi: str
    label: str
    unit: str
    difference: Estimate


class Capped(NamedTuple):
    """What the cap does, in so many replications, in some of which it bites."""

    replications: int
    bites: int
    moved: list[Moved]

    def to_json(self) -> dict[str, Any]:
        """As `--json` prints it."""
        rows = [{"kpi": m.kpi, "unit": m.unit, **m.difference._asdict()} for m in self.moved]
        return {"replications": self.replications, "bites_in": self.bites, "cap_less_no_cap": rows}


def capped(found: Budgeted, replications: int = FEWEST, **how: Any) -> Capped | None:
    """The first replications of the plan, lived again as if there were no cap; None where none is asked for.

    `how` goes on to `budget`.
    """
    if found.budget.when_dry != "stop":
        return None
    n = min(replications, len(found.costs))
    free = budget(
        altered(found.loaded, {"finance.budget.when_dry": "overspend"}),
        replications=n,
        seed=found.seed,
        **how,
    )
    terms = terms_of(found.loaded.scenario)
    moved = []
    for name in FIGURES:
        kpi = CATALOGUE[name]
        if kpi.when(terms):
            ours, theirs = (sample(kpi, "programme", one.measured[:n]) for one in (found, free))
            difference = difference_of(kpi, ours, theirs, LEVEL)
            moved.append(Moved(name, kpi.label, kpi.unit_in(terms), difference))
    bites = sum(a.digest != b.digest for a, b in zip(found.measured[:n], free.measured[:n], strict=True))
    return Capped(n, bites, moved)
