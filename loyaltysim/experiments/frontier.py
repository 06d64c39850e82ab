"""The frontier: what can be had for what is spent, and where profit is highest (SCIENCE E44).

A point is dominated when another spends no more and gives no less, and one of the two is better. Which
points are not is itself uncertain: replications are drawn again with replacement, the same ones for all
points (Efron 1979; common luck), and the share of draws in which a point is on the front is its probability.
Points chosen because they came out best came out too well: they are lived again on fresh luck before
their figures are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from loyaltysim.experiments.optimum import Optimum, found_by, to_live_again
from loyaltysim.experiments.run import run
from loyaltysim.experiments.sweep import Point, figure
from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.metrics.summary import Row, denominators, sample

COST = "spending"
GAINS = ("satisfaction_base", "retention_12m", "profit")
DRAWS = 1_000
LIKELY = 0.05  # from this probability on a point is chosen for fresh luck
FRESH = 1_000_003  # added to the seed: luck that chose nothing


@dataclass(frozen=True)
class Front:
    """Spending against one gain: a value and a probability for each point."""

    gain: str
    spent: np.ndarray  # (points,)
    got: np.ndarray  # (points,)
    on_it: np.ndarray  # bool (points,): not dominated by the estimates
    probability: np.ndarray  # (points,): share of bootstrap draws in which it is not dominated


@dataclass(frozen=True)
class Frontier:
    """All points, the fronts, and the chosen points lived again."""

    points: list[Point]
    fronts: list[Front]
    best: dict[str, int]
    """The point at which each gain is highest."""
    fresh: dict[int, Point]
    """The chosen points on fresh luck, by number."""
    optimum: Optimum | None
    """Where profit is highest on fresh luck, and what cannot be told apart from it; None: nothing can."""

    @property
    def profit_lies_left(self) -> bool:
        """Whether profit is highest where less is spent than where satisfaction is highest."""
        spent = self.fronts[0].spent
        return bool(spent[self.peak] < spent[self.best["satisfaction_base"]])

    @property
    def peak(self) -> int:
        """The point at which profit is highest, on fresh luck where that can tell."""
        return self.best["profit"] if self.optimum is None else self.optimum.point

    @property
    def alike(self) -> list[str]:
        """The names of the points whose profit cannot be told apart from the highest."""
        return [] if self.optimum is None else [self.points[k].name for k in self.optimum.alike]

    def to_json(self) -> dict[str, Any]:
        """As `--json` prints it: the figures of the chosen points are those of the fresh luck."""
        return {
            "levers": [point.settings for point in self.points],
            "fronts": [
                {
                    "gain": front.gain,
                    "cost": COST,
                    "points": [
                        {
                            "point": k,
                            "non_dominated": bool(front.on_it[k]),
                            "probability": float(front.probability[k]),
                        }
                        for k in range(len(self.points))
                    ],
                }
                for front in self.fronts
            ],
            "best": self.best,
            "profit_optimum": None if self.optimum is None else self.optimum.to_json(),
            "profit_optimum_spends_less": self.profit_lies_left,
            "chosen": [
                {"point": number, "levers": point.settings, "seed": point.results.seed, "kpis": shown(point)}
                for number, point in self.fresh.items()
            ],
        }


def shown(point: Point) -> list[Row]:
    """The rows that a frontier speaks of."""
    return [point.results.kpi(name, "programme") for name in (COST, *GAINS)]


def frontier(points: list[Point], **how: Any) -> Frontier:
    """The fronts of a sweep, and its chosen points lived again; `how` goes on to `run` (not the seed)."""
    fronts = [front(points, gain) for gain in GAINS]
    best = {one.gain: int(np.argmax(one.got)) for one in fronts}
    likely = {int(k) for one in fronts for k in np.flatnonzero(one.on_it & (one.probability >= LIKELY))}
    seed = points[0].results.seed + FRESH
    how["replications"] = points[0].results.replications
    fresh = {
        number: Point(points[number].settings, run(points[number].results.loaded, seed=seed, **how))
        for number in sorted({*likely, *best.values(), *to_live_again(points, best["profit"], "profit")})
    }
    return Frontier(points, fronts, best, fresh, found_by(fresh, "profit"))


def front(points: Sequence[Point], gain: str) -> Front:
    """Spending against one gain, with the probability of every point to be on the front."""
    spent, got = parts(points, COST), parts(points, gain)
    everything = np.ones((1, spent[0].shape[1])) / spent[0].shape[1]
    of_all = [means(one, everything)[:, 0] for one in (spent, got)]
    rng = np.random.default_rng(points[0].results.seed)
    n = spent[0].shape[1]
    drawn = rng.multinomial(n, np.full(n, 1.0 / n), DRAWS) / n
    costs, gains = means(spent, drawn), means(got, drawn)
    on_it = [not_dominated(costs[:, k], gains[:, k]) for k in range(DRAWS)]
    on = not_dominated(of_all[0], of_all[1])
    return Front(gain, of_all[0], of_all[1], on, np.mean(on_it, axis=0))


def parts(points: Sequence[Point], name: str) -> tuple[np.ndarray, np.ndarray]:
    """Numerators and denominators of a figure, (points, replications)."""
    kpi = CATALOGUE[name]
    known = [[p for p in sample(kpi, "programme", one.results.units) if p is not None] for one in points]
    above = np.array([[part.numerator for part in one] for one in known])
    if kpi.estimator != "ratio":
        return above, np.ones_like(above)
    return above, np.array([denominators(one) for one in known])


def means(one: tuple[np.ndarray, np.ndarray], weights: np.ndarray) -> np.ndarray:
    """The figure of every point under every weighting of the replications, (points, weightings)."""
    return (one[0] @ weights.T) / (one[1] @ weights.T)


def not_dominated(spent: np.ndarray, got: np.ndarray) -> np.ndarray:
    """Which points no other dominates: by spending upwards, those that give more than all before them."""
    order = np.lexsort((-got, spent))
    found = np.zeros(len(spent), bool)
    most, at = -np.inf, -np.inf
    for k in order:
        if got[k] > most or (got[k] == most and spent[k] == at):
            found[k] = True
            most, at = got[k], spent[k]
    return found


def lines(found: Frontier) -> list[str]:
    """The frontier in lines of text; figures are those of fresh luck."""
    told = [f"{len(found.points)} settings; figures of the chosen ones on fresh luck"]
    for one in found.fronts:
        label = CATALOGUE[one.gain].label
        told += ["", f"{label} against spending: not dominated"]
        chosen = [int(k) for k in np.flatnonzero(one.on_it) if int(k) in found.fresh]
        for k in sorted(chosen, key=lambda k: one.spent[k]):
            spent, got = (found.fresh[k].results.kpi(name, "programme") for name in (COST, one.gain))
            told.append(
                f"  {found.points[k].name}: {one.probability[k]:.0%} likely; spends {figure(spent)}, "
                f"{label.lower()} {figure(got)}"
            )
    where = "less" if found.profit_lies_left else "no less"
    most = found.points[found.best["satisfaction_base"]].name
    told += ["", *of_profit(found), f"Satisfaction is highest at {most}: profit spends {where}."]
    return told


def of_profit(found: Frontier) -> list[str]:
    """Where profit is highest, and whether that can be told from its neighbours."""
    name = found.points[found.peak].name
    if found.optimum is None:
        return [f"Profit is highest at {name}; too few replications to tell it from others."]
    if not found.alike:
        return [f"Profit is highest at {name}, and told apart from every other setting lived again (95 %)."]
    told = [f"Profit is highest at {name}, which cannot be told apart (95 %, all at once) from"]
    for k in found.optimum.alike:
        one = found.fresh[k].results.kpi("profit", "programme")
        told.append(f"  {found.points[k].name}: profit {figure(one)}")
    return told
