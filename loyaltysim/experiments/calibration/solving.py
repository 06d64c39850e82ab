"""Solving for targets by simulation on common luck: Gauss-Newton within a box and a region of trust.

Values move as shares u of their way from one end to the other, figures as residuals r = (figure - target) /
within: |r| <= 1 fits. On common luck r is nearly smooth in u; derivatives are central differences wide enough
to look over single customers. Directions that no figure tells are left where they are, and reported.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import optimize
from scipy.stats import qmc

from loyaltysim.errors import UsageError
from loyaltysim.experiments.calibration.targets import Problem, Target
from loyaltysim.experiments.engine import chosen
from loyaltysim.experiments.task import Plan, replicate
from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.metrics.measure import Measured
from loyaltysim.metrics.summary import LEVEL, estimate
from loyaltysim.scenario.load import Loaded, load

Array = np.ndarray
WIDE = 0.06  # of the way: half the base of a difference
MOST_STEPS, SMALLEST = 12, 0.01
WELL, FLAT = 0.5, 1.0
SETS = 24  # tried for sets that fit equally well


@dataclass
class Market:
    """The simulator as a function of the shares; remembers what it has lived."""

    problem: Problem
    told: Callable[[str], None]
    known: dict[tuple[str, ...], tuple[Array, Array]] = field(default_factory=dict)

    def __call__(self, shares: Array) -> Array:
        """The residuals."""
        values = self.figures(shares)[0]
        wanted = np.array([target.value for target in self.problem.targets])
        return np.asarray((values - wanted) / np.array([target.within for target in self.problem.targets]))

    def figures(self, shares: Array) -> tuple[Array, Array]:
        """Every target's figure, and half of its 95 % interval."""
        words = self.problem.overrides(np.clip(shares, 0.0, 1.0))
        if words not in self.known:
            base = self.lived(words)
            found = [self.figure(target, words, base) for target in self.problem.targets]
            self.known[words] = np.array([a for a, _ in found]), np.array([b for _, b in found])
        return self.known[words]

    def lived(self, words: tuple[str, ...]) -> list[Measured]:
        """The replications of the scenario with these overrides."""
        loaded = load(self.problem.scenario, words)
        count = self.problem.replications
        engine = chosen("auto", loaded.scenario, count)
        plan = Plan(loaded.scenario, loaded.text_hash, loaded.scenario.seed, engine)
        return [replicate(plan, k) for k in range(count)]

    def figure(self, target: Target, words: tuple[str, ...], base: list[Measured]) -> tuple[float, float]:
        """One figure and its half-width; of a response the change, as a share."""
        kpi = CATALOGUE[target.kpi]
        if (kpi.name, target.arm) not in base[0].parts and target.arm != "effect":
            raise UsageError(f"targets: {target.name} is not measured in {self.problem.scenario}")
        found = estimate(kpi, target.arm, base, LEVEL)
        if found.estimate is None:
            raise UsageError(f"targets: {target.name} cannot be estimated in {self.problem.scenario}")
        half = (found.high - found.low) / 2.0 if found.high is not None and found.low is not None else np.nan
        if not target.response:
            return found.estimate, half
        other = estimate(kpi, target.arm, self.lived((*words, *target.overrides)), LEVEL)
        if other.estimate is None or found.estimate == 0.0:
            raise UsageError(f"targets: {target.name} cannot be estimated in {self.problem.scenario}")
        return other.estimate / found.estimate - 1.0, np.nan


@dataclass(frozen=True)
class Solution:
    """Where the search ended, and what the figures say of the place."""

    problem: Problem
    shares: Array
    figures: Array
    halves: Array
    residuals: Array
    jacobian: Array
    """Residuals by shares."""
    singular: Array
    """Singular values of the Jacobian; below 1 the whole way changes no figure by what it is known within."""
    directions: Array
    """The direction of each, one a row."""
    sets: Array
    """Shares that fit equally well, each lived; the solution is the first."""
    tried: int
    """How many were tried."""
    markets: int
    """How many markets were lived."""
    loaded: Loaded

    @property
    def fits(self) -> bool:
        """Every figure within what is known of it."""
        return bool((np.abs(self.residuals) <= 1.0).all())


def solve(problem: Problem, told: Callable[[str], None] = lambda text: None) -> Solution:
    """The values that give the targets, and the sets of values that give them as well."""
    market = Market(problem, told)
    at = first(market)
    at, slopes = improved(market, at)
    _, singular, directions = np.linalg.svd(slopes, full_matrices=True)
    singular = np.pad(singular, (0, len(at) - len(singular)))
    figures, halves = market.figures(at)
    sets, tried = equally_good(market, at, slopes, directions.T / np.maximum(singular, 0.5))
    return Solution(
        problem=problem,
        shares=at,
        figures=figures,
        halves=halves,
        residuals=market(at),
        jacobian=slopes,
        singular=singular,
        directions=directions,
        sets=sets,
        tried=tried,
        markets=len(market.known),
        loaded=load(problem.scenario, problem.overrides(at)),
    )


def first(market: Market) -> Array:
    """The best of a few settings spread over the box."""
    n = len(market.problem.moved)
    spread = qmc.LatinHypercube(n, seed=1).random(4 * n)
    tried = [np.full(n, 0.5), *(0.1 + 0.8 * spread)]
    best = min(tried, key=lambda u: float((market(u) ** 2).sum()))
    market.told(f"start: {len(tried)} settings, the best is off by {size(market(best)):.2f}")
    return best


def improved(market: Market, at: Array) -> tuple[Array, Array]:
    """Steps of Gauss-Newton while they help; the last place and its Jacobian."""
    radius = 0.25
    slopes = jacobian(market, at)
    for step in range(MOST_STEPS):
        r = market(at)
        if np.abs(r).max() <= WELL or radius < SMALLEST:
            break
        calm = 1e-3 * np.eye(len(at))  # where nothing tells, stay
        low, high = np.maximum(-radius, -at), np.minimum(radius, 1.0 - at)
        found = optimize.lsq_linear(
            np.vstack([slopes, calm]), np.append(-r, np.zeros(len(at))), (low - 1e-12, high + 1e-12)
        )
        there = np.clip(at + found.x, 0.0, 1.0)
        if (market(there) ** 2).sum() < 0.98 * (r**2).sum():
            at, radius = there, min(2.0 * radius, 0.5)
            slopes = jacobian(market, at)
        else:
            radius = min(radius, float(np.abs(found.x).max())) / 3.0
        market.told(f"step {step + 1}: off by {size(market(at)):.2f}")
    return at, slopes


def size(residuals: Array) -> float:
    """The largest residual."""
    return float(np.abs(residuals).max())


def jacobian(market: Market, at: Array) -> Array:
    """Central differences, one-sided at the walls."""
    columns = []
    for k in range(len(at)):
        up, down = at.copy(), at.copy()
        up[k], down[k] = min(at[k] + WIDE, 1.0), max(at[k] - WIDE, 0.0)
        columns.append((market(up) - market(down)) / (up[k] - down[k]))
    return np.array(columns).T


def equally_good(market: Market, at: Array, slopes: Array, strides: Array) -> tuple[Array, int]:
    """Sets of values that fit as well: a walk through where the Jacobian says so, each then lived.

    Hit and run (Smith 1984) in {u: |r + J (u - at)| <= 1, 0 <= u <= 1}; `strides` holds its long directions,
    one a column, so that the walk gets about in a set that is long and thin.
    """
    r = market(at)
    if (np.abs(r) > 1.0).any():
        market.told("the targets cannot be met together; there are no sets that fit")
        return np.array([at]), 0
    rng = np.random.default_rng(1)
    rows = np.vstack([slopes, -slopes, np.eye(len(at)), -np.eye(len(at))])
    limits = np.concatenate([1.0 - r, 1.0 + r, 1.0 - at, at]) + 1e-9
    here, walked = np.zeros(len(at)), []
    for step in range(SETS * 20):
        direction = strides @ rng.standard_normal(len(at))
        direction /= np.linalg.norm(direction)
        speed, left = rows @ direction, limits - rows @ here
        ahead = np.min(left[speed > 1e-12] / speed[speed > 1e-12], initial=np.inf)
        behind = np.max(left[speed < -1e-12] / speed[speed < -1e-12], initial=-np.inf)
        here = here + rng.uniform(behind, ahead) * direction
        if step % 20 == 19:
            walked.append(np.clip(at + here, 0.0, 1.0))
    good = [one for one in walked if (np.abs(market(one)) <= 1.0).all()]
    market.told(f"sets that fit equally well: {len(good)} of {len(walked)} tried")
    return np.array([at, *good]), len(walked)


def names_of(direction: Sequence[float], names: Sequence[str]) -> str:
    """A direction in words: what moves, and how."""
    parts = sorted(zip(direction, names, strict=True), key=lambda part: -abs(part[0]))
    return ", ".join(f"{weight:+.2f} {name}" for weight, name in parts if abs(weight) >= 0.15)
