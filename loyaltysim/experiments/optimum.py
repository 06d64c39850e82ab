"""The most profitable setting, and those that fresh luck cannot tell apart from it (Hsu 1984)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from loyaltysim.experiments.compare import between
from loyaltysim.experiments.sweep import Point
from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.metrics.statistics import against_the_best
from loyaltysim.metrics.summary import LEVEL, sample

MOST = 12  # settings that are lived again because the first luck could not tell them from the best


@dataclass(frozen=True)
class Rival:
    """A setting beside the one where a figure is highest."""

    point: int
    low: float
    high: float
    """Its figure less the best of the others, all settings at once."""
    may_be_best: bool


@dataclass(frozen=True)
class Optimum:
    """Where a figure is highest on fresh luck, and what may be as high."""

    kpi: str
    point: int
    level: float
    rivals: tuple[Rival, ...]

    @property
    def alike(self) -> list[int]:
        """The other settings that may be the best, too."""
        return [one.point for one in self.rivals if one.may_be_best and one.point != self.point]

    def to_json(self) -> dict[str, Any]:
        """As `--json` prints it."""
        return {**asdict(self), "told_apart": not self.alike}


def found_by(chosen: Mapping[int, Point], name: str) -> Optimum | None:
    """Where the figure is highest among these; None where replications are too few to tell."""
    numbers, results = list(chosen), [point.results for point in chosen.values()]
    values = [one.kpi(name, "programme")["estimate"] for one in results]
    if len(numbers) < 2 or any(value is None for value in values):
        return None
    kpi = CATALOGUE[name]
    samples = [sample(kpi, "programme", one.units) for one in results]
    intervals = against_the_best(len(numbers), partial(between, kpi, samples), LEVEL)
    if intervals is None:
        return None
    best = max(range(len(numbers)), key=lambda k: kpi.direction * float(values[k]))
    rivals = (Rival(number, *one) for number, one in zip(numbers, intervals, strict=True))
    return Optimum(name, numbers[best], LEVEL, tuple(rivals))


def to_live_again(points: Sequence[Point], best: int, name: str) -> set[int]:
    """The best setting's neighbours, and what its own luck cannot tell from it: the best luck's first."""
    first = found_by(dict(enumerate(points)), name)
    alike = [] if first is None else first.alike
    order = sorted(alike, key=lambda k: -float(points[k].results.kpi(name, "programme")["estimate"]))
    return {best, *neighbours(points, best), *order[:MOST]}


def neighbours(points: Sequence[Point], best: int) -> set[int]:
    """The settings one step of one lever away."""
    own = points[best].settings
    found = set()
    for path in own:
        along = [
            k
            for k, point in enumerate(points)
            if all(value == own[other] for other, value in point.settings.items() if other != path)
        ]
        place = along.index(best)
        found |= {along[k] for k in (place - 1, place + 1) if 0 <= k < len(along)}
    return found
