"""One scenario under every curve from standing to staying: which of its conclusions hang on the choice?

The curves are made to agree at one place: at the standings of month 0 as many customers stay a period as
under the scenario's own curve. They then differ in how much a difference of standing matters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from loyaltysim.errors import UsageError
from loyaltysim.experiments.conclusions import Conclusion, concluded, ranking
from loyaltysim.experiments.results import Results
from loyaltysim.experiments.run import run
from loyaltysim.rules import loyalty as rules

if TYPE_CHECKING:
    from loyaltysim.scenario.load import Loaded
    from loyaltysim.scenario.spec import Loyalty, Scenario

ALL = "all"
CONCENTRATION = 0.668 + 3.806  # alpha + beta of the "high end" customers (Fader & Hardie 2007)
FARTHEST = 200.0  # CSI points by which a curve may be moved
NEAR = 1e-4  # a chance of staying that is met this closely is met


@dataclass(frozen=True)
class Curve:
    """A theory with the numbers that make it comparable."""

    theory: str
    loyalty: Loyalty
    stays: float
    """Mean chance of staying for one period at the standings of month 0."""
    own: bool
    """Whether the scenario itself names this theory."""
    met: bool
    """Whether as many stay as under the scenario's own curve."""

    def numbers(self) -> dict[str, Any]:
        """The numbers that were fitted, as `--json` prints them."""
        renewal = self.loyalty.renewal
        return {
            "theory": self.theory,
            "own": self.own,
            "stays": self.stays,
            "met": self.met,
            "offset": self.loyalty.offset,
            "rate": self.loyalty.rate if self.theory == "constant" else None,
            "renewal": renewal.model_dump() if renewal and self.theory == "beta" else None,
        }


@dataclass(frozen=True)
class UnderTheories:
    """A scenario's results under several curves, the scenario's own first, and what they have in common."""

    curves: list[Curve]
    results: list[Results]
    conclusions: list[Conclusion]
    ranking: list[str]

    @property
    def checks_failed(self) -> bool:
        """Whether a condition of the scenario does not hold under its own curve."""
        return self.results[0].checks_failed

    def to_json(self) -> dict[str, Any]:
        """What `--json` prints."""
        return {
            "scenario": self.results[0].loaded.scenario.name,
            "theories": [
                {**curve.numbers(), "result": one.to_json()}
                for curve, one in zip(self.curves, self.results, strict=True)
            ],
            "conclusions": [one.to_json() for one in self.conclusions],
            "ranking": self.ranking,
        }


def run_under(
    loaded: Loaded,
    theories: Sequence[str] | None = None,
    *,
    out: Path | None = None,
    notify: Callable[[str], None] | None = None,
    **how: Any,
) -> UnderTheories:
    """Run a scenario under its own curve and under others (all by default), on common luck.

    With `out` each has a folder of its own below it. `how` as for `run`.
    """
    own = own_theory(loaded)
    names = [own, *(name for name in theories or theory_names() if name != own)]
    curves = curves_for(loaded.scenario, names, how.get("seed"))
    results = []
    for curve in curves:
        if notify:
            notify(f"theory: {curve.theory}")
        place = None if out is None else out / curve.theory
        results.append(run(under(loaded, curve), out=place, notify=notify, **how))
    found = concluded([curve.theory for curve in curves], results)
    return UnderTheories(curves, results, found, ranking([curve.theory for curve in curves], results))


def theory_names() -> tuple[str, ...]:
    """All curves, in the order of the reference."""
    from loyaltysim.scenario.spec import Loyalty

    return get_args(Loyalty.model_fields["theory"].annotation)


def own_theory(loaded: Loaded) -> str:
    """The curve that the scenario names; raises UsageError where nobody leaves."""
    if loaded.scenario.loyalty is None:
        raise UsageError(
            f"--theory: {loaded.path} has no 'loyalty', so nobody leaves whatever the curve; name one there"
        )
    return loaded.scenario.loyalty.theory


def under(loaded: Loaded, curve: Curve) -> Loaded:
    """The same scenario under another curve."""
    from loyaltysim.scenario.load import text_hash

    scenario = loaded.scenario.model_copy(update={"loyalty": curve.loyalty})
    words = loaded.words if curve.own else (*loaded.words, "--theory", curve.theory)
    return replace(loaded, scenario=scenario, text_hash=text_hash(scenario), words=words)


def curve_for(loaded: Loaded, theory: str, seed: int | None = None) -> Curve:
    """One curve, made comparable with the scenario's own."""
    own_theory(loaded)
    return curves_for(loaded.scenario, [theory], seed)[0]


# ---------------------------------------------------------------- making curves comparable


def curves_for(scenario: Scenario, theories: Sequence[str], seed: int | None = None) -> list[Curve]:
    """Each theory with numbers for which as many stay as under the scenario's own at month 0."""
    customers, terms = at_month_0(scenario, scenario.seed if seed is None else seed)
    target = rules.mean_staying(terms, customers, 0.0) if len(customers) else 1.0
    return [fitted(scenario, theory, customers, target) for theory in theories]


def at_month_0(scenario: Scenario, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Everybody who could go elsewhere at month 0 of replication 0, and the terms she lives under."""
    from loyaltysim.engines.simulate import engine_named
    from loyaltysim.record.world import open_world
    from loyaltysim.scenario.lower import lower

    parameters = lower(scenario)
    world = open_world(parameters, seed, 0)
    engine_named("compiled")(world, parameters, parameters.warm_up, f"seed {seed}, standings", 1)
    here = (world.customers["present"] == 1) & np.isfinite(world.customers["standing"])
    return np.ascontiguousarray(world.customers[here]), parameters.terms


def fitted(scenario: Scenario, theory: str, customers: np.ndarray, target: float) -> Curve:
    """The theory moved, or given the mean, at which `target` stay."""
    from loyaltysim.scenario.lower import lower
    from loyaltysim.scenario.spec import Renewal

    loyalty = scenario.loyalty
    assert loyalty is not None
    if theory == loyalty.theory:
        return Curve(theory, loyalty, target, own=True, met=True)
    if theory == "constant":
        return Curve(theory, changed(loyalty, theory=theory, rate=target), target, own=False, met=True)
    if theory == "beta":
        mean = min(max(target, 1e-6), 1.0 - 1e-6)
        renewal = Renewal(alpha=(1.0 - mean) * CONCENTRATION, beta=mean * CONCENTRATION)
        drawn = changed(loyalty, theory=theory, renewal=renewal)
        return Curve(theory, drawn, mean, own=False, met=abs(mean - target) < NEAR)

    def told(points: float) -> Loyalty:
        return changed(loyalty, theory=theory, offset=round(loyalty.offset + points, 6))

    terms = lower(scenario.model_copy(update={"loyalty": told(0.0)})).terms
    points = moved_to(lambda x: rules.mean_staying(terms, customers, x), target) if len(customers) else 0.0
    stays = rules.mean_staying(terms, customers, points) if len(customers) else target
    return Curve(theory, told(points), stays, own=False, met=abs(stays - target) < NEAR)


def changed(loyalty: Loyalty, **values: Any) -> Loyalty:
    """The same loyalty with other values."""
    return loyalty.model_copy(update=values)


def moved_to(stays: Callable[[float], float], target: float) -> float:
    """Points by which to move a curve so that `target` stay, on the rising side of its summit.

    Where the curve stays below or above the target, the nearest it comes with the least move.
    """
    grid = np.arange(-FARTHEST, FARTHEST + 1.0)
    found = np.array([stays(x) for x in grid.tolist()])
    summit = int(np.argmax(found >= found.max() - NEAR / 10.0))
    below = np.flatnonzero(found[: summit + 1] < target)
    if len(below) == 0 or found[summit] <= target:
        return float(grid[summit if found[summit] <= target else 0])
    low, high = float(grid[below[-1]]), float(grid[below[-1] + 1])
    for _ in range(40):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if stays(middle) < target else (low, middle)
    return 0.5 * (low + high)
