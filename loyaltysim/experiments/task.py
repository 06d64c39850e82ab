"""One replication as a task: a pure function of the plan and its number, run in whatever process."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from loyaltysim.errors import InvariantError
from loyaltysim.experiments.lives import Lives, scribe_of
from loyaltysim.experiments.outer import Outer
from loyaltysim.metrics.laws import broken
from loyaltysim.metrics.measure import Measured, measure
from loyaltysim.metrics.terms import Terms, terms_of

if TYPE_CHECKING:
    from loyaltysim.scenario.lower import Parameters
    from loyaltysim.scenario.spec import Scenario


@dataclass(frozen=True)
class Plan:
    """What all replications of a run share; equal when their scenarios' hashes are."""

    scenario: Scenario = field(compare=False)
    text_hash: str
    seed: int
    engine: str = field(compare=False)
    threads: int = field(default=1, compare=False)
    lives: Lives | None = field(default=None, compare=False)
    outer: Outer | None = field(default=None, compare=False)

    @property
    def each(self) -> int:
        """Replications that share what is not known, and differ by luck alone."""
        return 1 if self.outer is None else self.outer.each


@lru_cache(maxsize=2)
def prepared(plan: Plan, draw: int | None = None) -> tuple[Parameters, Terms]:
    """The lowered scenario, that of a draw where some numbers are not known, and its terms."""
    from loyaltysim.scenario.lower import lower

    scenario = plan.scenario if draw is None or plan.outer is None else plan.outer.at(draw)
    return lower(scenario), terms_of(scenario)


def replicate(plan: Plan, index: int) -> Measured:
    """Simulate both arms of one replication, check the laws, and measure it; keep its lives if asked."""
    from loyaltysim.engines.simulate import simulate

    draw = None if plan.outer is None else plan.outer.draw_of(index)
    parameters, terms = prepared(plan, draw)
    with scribe_of(plan.lives, parameters, index) as scribe:
        replication = simulate(parameters, index, plan.seed, plan.engine, plan.threads, scribe)
        laws = broken(replication)
        if laws:
            raise InvariantError("; ".join(laws))
    return measure(replication, terms)
