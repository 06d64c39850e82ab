"""Sweep: a scenario at many settings of its levers, on common luck (a grid, or a Latin hypercube)."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

from loyaltysim.errors import UsageError
from loyaltysim.experiments.compare_theories import all_under
from loyaltysim.experiments.results import Results
from loyaltysim.experiments.run import run
from loyaltysim.experiments.side_by_side import amount
from loyaltysim.experiments.theories import Curve
from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.metrics.summary import Row
from loyaltysim.scenario.levers import between, steps
from loyaltysim.scenario.load import Loaded, load

Settings = dict[str, str]
"""The value of each lever, as written, by path."""

MOST_POINTS = 10_000


@dataclass(frozen=True)
class Point:
    """The scenario at one setting of its levers, and what came out."""

    settings: Settings
    results: Results

    @property
    def name(self) -> str:
        """The setting in words: the last words of the paths that tell them apart, and the values."""
        return ", ".join(f"{short} {self.settings[path]}" for path, short in shortened(self.settings).items())


def shortened(paths: Sequence[str] | Settings) -> dict[str, str]:
    """The shortest end of each path that no other path shares."""
    short = {}
    for path in paths:
        parts = path.split(".")
        ends = (".".join(parts[-n:]) for n in range(1, len(parts) + 1))
        others = [f".{other}" for other in paths if other != path]
        short[path] = next(end for end in ends if not any(other.endswith(f".{end}") for other in others))
    return short


def grid(loaded: Loaded, count: int | None = None) -> list[Settings]:
    """Every combination of the levers' steps; with `count` so many steps of each."""
    levers = loaded.scenario.levers
    each = {path: steps(path, lever, count or lever.steps) for path, lever in levers.items()}
    number = reduce(lambda n, values: n * len(values), each.values(), 1)
    if number > MOST_POINTS:
        raise UsageError(
            f"sweep: a grid of {number:,} points; at most {MOST_POINTS:,}: fewer steps, or --samples N"
        )
    return [dict(zip(each, values, strict=True)) for values in itertools.product(*each.values())]


def latin_hypercube(loaded: Loaded, count: int, seed: int) -> list[Settings]:
    """So many settings: each lever's range in as many parts, each part met once (McKay et al. 1979)."""
    from scipy.stats import qmc

    levers = loaded.scenario.levers
    if not 2 <= count <= MOST_POINTS:
        raise UsageError(f"sweep: --samples from 2 to {MOST_POINTS:,}, not {count}")
    shares = qmc.LatinHypercube(len(levers), seed=seed).random(count).tolist()
    found = [
        {path: between(path, lever, share) for (path, lever), share in zip(levers.items(), row, strict=True)}
        for row in shares
    ]
    return [dict(one) for one in dict.fromkeys(tuple(one.items()) for one in found)]


def settings_of(loaded: Loaded, samples: int | None, count: int | None) -> list[Settings]:
    """The settings to live; raises UsageError where the scenario has no levers."""
    if not loaded.scenario.levers:
        raise UsageError(
            f"levers: {loaded.path} names none; add 'levers: {{firm.service.desks: {{from: 1, to: 4}}}}'"
        )
    if samples is not None:
        return latin_hypercube(loaded, samples, loaded.scenario.seed)
    return grid(loaded, count)


def set_to(path: Path, overrides: Sequence[str], settings: Settings) -> Loaded:
    """The scenario at these settings; faults name the lever that made them."""
    return load(path, (*overrides, *(f"{where}={value}" for where, value in settings.items())))


def sweep(
    path: Path,
    overrides: Sequence[str] = (),
    *,
    samples: int | None = None,
    count: int | None = None,
    curve: Curve | None = None,
    told: Callable[[int, int], None] | None = None,
    **how: Any,
) -> list[Point]:
    """The scenario at every setting, all with the same luck. `told(done, total)` hears of each point.

    `samples`: that many points of a Latin hypercube in place of the grid; `count`: steps of each lever;
    `curve`: all live under this one, fitted at the scenario as written. `how` goes on to `run`. All settings
    are checked before the first is lived.
    """
    base = load(path, overrides)
    settings = settings_of(base, samples, count)
    markets = [set_to(path, overrides, one) for one in settings]
    if curve is not None:
        markets = all_under([base, *markets], curve, 0)[1:]
    points = []
    for number, (one, market) in enumerate(zip(settings, markets, strict=True)):
        if told:
            told(number, len(settings))
        points.append(Point(one, run(market, **how)))
    if told:
        told(len(settings), len(settings))
    return points


def rows(points: Sequence[Point]) -> list[dict[str, Any]]:
    """Every figure at every point: the levers by path, then the row as in `--json` of `run`."""
    return [
        {"point": number, **point.settings, **row}
        for number, point in enumerate(points)
        for row in point.results.kpis
    ]


TABLED = ("spending", "satisfaction_base", "retention_12m", "profit", "incremental_contribution")


def table(points: Sequence[Point]) -> list[str]:
    """A line a setting with the main figures and their half-widths, in aligned columns."""
    paths = list(points[0].settings)
    short = shortened(paths)
    cells = [[*(short[path] for path in paths), *TABLED]]
    for point in points:
        line = [point.settings[path] for path in paths]
        for name in TABLED:
            arm = "effect" if CATALOGUE[name].paired else "programme"
            line.append(figure(point.results.kpi(name, arm)))
        cells.append(line)
    widths = [max(len(line[k]) for line in cells) for k in range(len(cells[0]))]
    return [
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    ]


def figure(row: Row) -> str:
    """An estimate with its half-width."""
    if row["estimate"] is None:
        return "-"
    half = "" if row["low"] is None else f" ± {amount((row['high'] - row['low']) / 2)}"
    return f"{amount(row['estimate'])}{half}"
