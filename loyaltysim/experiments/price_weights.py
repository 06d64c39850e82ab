"""The programme's return as a range over `price_weight`, how money is priced in CSI points (MODEL 6).

The weight is poorly known, and the return is about proportional to it. So the scenario is lived again at
other weights, the rest as stated (nothing is calibrated anew): every segment's weight times one factor, on
the luck of the run's first replications. The run's own weight is in the table as the run has it, unless it is
drawn itself (`uncertainties`): then it is known at every weight here, and the rest is drawn as before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from loyaltysim.errors import UsageError
from loyaltysim.experiments.run import Progress, run
from loyaltysim.metrics.summary import Row
from loyaltysim.scenario.load import Loaded, altered, text_hash
from loyaltysim.scenario.marks import Node, dotted

if TYPE_CHECKING:
    from loyaltysim.experiments.results import Results

RANGE = (0.3, 2.0)  # CSI points per 1 % of a basket (MODEL 3.5)
OF_THE_MODEL, OF_THE_SCENARIO = "the range of the model", "the range that the scenario states"
REPLICATIONS = 20  # of each other weight; as many as the run's where those are fewer
FIGURES = ("programme_roi", "incremental_contribution", "incremental_retained")


@dataclass(frozen=True)
class PriceWeights:
    """The return at several weights, the lowest first."""

    low: float
    high: float
    source: str
    """Who says that the weight lies between the two."""
    own: float
    """The scenario's own weight, mean over its customers."""
    replications: int
    """Of each other weight."""
    rows: list[dict[str, Any]]
    """`price_weight`, and the row of each figure."""

    def to_json(self) -> dict[str, Any]:
        """As `--json` prints it."""
        return {
            "range": [self.low, self.high],
            "source": self.source,
            "own": self.own,
            "replications": self.replications,
            "rows": self.rows,
        }


def with_price_weights(
    results: Results,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
    notify: Callable[[str], None] | None = None,
) -> Results:
    """The results with the programme's return at the ends of the range of weights, and half way to them."""
    scenario = results.loaded.scenario
    if scenario.programme is None:
        raise UsageError("--price-weights: the scenario has no programme that could return anything")
    own = own_weight(results.loaded)
    if own <= 0.0:
        raise UsageError("--price-weights: the scenario's own price_weight is 0, so no factor can move it")
    low, high, source = range_of(results.loaded)
    count = min(REPLICATIONS, results.replications)
    unsure = any(path in scenario.uncertainties for path in paths_of(results.loaded))
    rows = [] if unsure else [told(own, results)]  # a run that draws its weights has none of its own
    for weight in others(low, own, high) + ([own] if unsure else []):
        if notify:
            notify(f"price weight {weight:g}: {count} replications")
        at = at_factor(results.loaded, weight / own)
        rows.append(
            told(
                weight,
                run(at, replications=count, seed=results.seed, engine=results.engine, workers=workers,
                    progress=progress),
            )
        )  # fmt: skip
    rows.sort(key=lambda row: float(row["price_weight"]))
    return replace(results, price_weights=PriceWeights(low, high, source, own, count, rows))


def told(weight: float, results: Results) -> dict[str, Any]:
    """The figures at one weight; null where the scenario's horizon is too short for one."""
    there: dict[str, Row] = {row["kpi"]: row for row in results.kpis if row["arm"] == "effect"}
    return {"price_weight": weight, **{name: there.get(name) for name in FIGURES}}


def others(low: float, own: float, high: float) -> list[float]:
    """Weights beside the own: the ends of the range, and between each and the own one half way, in ratio."""
    asked = {low, high, (low * own) ** 0.5, (own * high) ** 0.5}
    return sorted({round(x, 3) for x in asked if x > 0.0 and abs(x / own - 1.0) > 0.01})


def own_weight(loaded: Loaded) -> float:
    """The mean weight over the customers of the market."""
    segments = loaded.scenario.market.segments.values()
    return sum(float(one.share) * one.price_weight for one in segments)


def range_of(loaded: Loaded) -> tuple[float, float, str]:
    """Between which weights, and who says so: the scenario's annotations, or the model."""
    known = [loaded.annotations.get(path) for path in paths_of(loaded)]
    ends = [one.range for one in known if one is not None and one.range is not None]
    if not ends:
        return (*RANGE, OF_THE_MODEL)
    return min(float(a) for a, _ in ends), max(float(b) for _, b in ends), OF_THE_SCENARIO


def paths_of(loaded: Loaded) -> dict[str, float]:
    """The weight of each segment by its path."""
    segments = loaded.scenario.market.segments
    return {
        dotted(("market", "segments", name, "price_weight")): one.price_weight
        for name, one in segments.items()
    }


def at_factor(loaded: Loaded, factor: float) -> Loaded:
    """The scenario with every segment's weight times the factor, its weights being known then."""
    paths = paths_of(loaded)
    known = replace(loaded, tree=without_laws(loaded.tree, set(paths)))
    found = altered(known, {path: f"{value * factor:.6g}" for path, value in paths.items()})
    scenario = found.scenario.model_copy(update={"loyalty": loaded.scenario.loyalty})  # as `--theory` has it
    return replace(found, scenario=scenario, text_hash=text_hash(scenario))


def without_laws(tree: Node, paths: set[str]) -> Node:
    """The tree without the laws of these uncertain numbers."""
    laws = tree.child("uncertainties")
    if laws is None or not isinstance(laws.value, dict):
        return tree
    kept = {path: law for path, law in laws.value.items() if path not in paths}
    if not kept:
        assert isinstance(tree.value, dict)
        return replace(tree, value={key: node for key, node in tree.value.items() if key != "uncertainties"})
    return tree.with_child("uncertainties", replace(laws, value=kept))
