"""What a check finds: rows of expected and simulated figures, each with a machine's verdict.

A figure holds when it lies within 4 standard errors of the expected one (or is equal, where no luck is
involved); a distribution holds when its p-value is no smaller than the chance of a deviation beyond 4
standard errors. Seeds are fixed: a verdict never changes from run to run.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy import stats

from loyaltysim.engines.simulate import simulate
from loyaltysim.record.outcome import Replication
from loyaltysim.rules.arrays import World
from loyaltysim.scenario.load import load
from loyaltysim.scenario.lower import lower

SCENARIOS = Path(__file__).parent / "scenarios"
_HERE = Path(__file__).parents[2] / "scenarios"
SHIPPED = _HERE if _HERE.is_dir() else Path(__file__).parent / "shipped"
"""The scenarios of the project: beside the package in its repository, inside of it where it is installed."""
BAND = 4.0  # standard errors
RARE = math.erfc(BAND / math.sqrt(2.0))  # 6.3e-5: the chance of a deviation beyond them
MONTH, YEAR, WEEK = 365.0 / 12.0, 365.0, 7.0


class Row(NamedTuple):
    """One figure. `error` is one standard error; 0: it must be equal; nan: `found` is a p-value."""

    what: str
    expected: float
    found: float
    error: float
    n: str

    @property
    def away(self) -> float:
        """Standard errors away from the expected figure; nan for a p-value."""
        if self.error > 0.0:
            return (self.found - self.expected) / self.error
        return math.nan if math.isnan(self.error) else (0.0 if self.found == self.expected else math.inf)

    @property
    def holds(self) -> bool:
        """The verdict."""
        return self.found >= RARE if math.isnan(self.error) else abs(self.away) <= BAND

    def __str__(self) -> str:
        place = f"p = {self.found:.3g}" if math.isnan(self.error) else f"{self.away:+.2f} standard errors"
        return f"{self.what}: expected {self.expected:.6g}, found {self.found:.6g} ({place}; n = {self.n})"


def run(
    name: str | Path, *overrides: str, replications: int = 1, first: int = 0, engine: str = "simpy"
) -> list[Replication]:
    """Replications of a scenario of this folder, or of a file."""
    path = name if isinstance(name, Path) else SCENARIOS / f"{name}.yaml"
    scenario = load(path, overrides).scenario
    parameters = lower(scenario)
    return [simulate(parameters, first + r, scenario.seed, engine) for r in range(replications)]


def story(world: World) -> np.ndarray:
    """The events of a followed world; a copy, the log being large."""
    rows = int(world.logged[0])
    assert 0 < rows < len(world.log), "the log is empty or full"
    return np.array(world.log[:rows])


def mean(what: str, expected: float, values: Sequence[float] | np.ndarray, of: str, sd: float = 0.0) -> Row:
    """The mean of independent values; `sd` is that of one value where it is known, else it is estimated."""
    x = np.asarray(values, float)
    spread = sd or float(x.std(ddof=1))
    return Row(what, expected, float(x.mean()), spread / math.sqrt(len(x)), f"{len(x):,} {of}")


def share(what: str, expected: float, hits: np.ndarray, of: str) -> Row:
    """The share of independent trials that succeed."""
    return mean(what, expected, hits, of, math.sqrt(expected * (1.0 - expected)))


def deviation(what: str, expected: float, values: np.ndarray, of: str) -> Row:
    """The standard deviation of independent values; its error from their fourth moment."""
    x = np.asarray(values, float)
    sd = float(x.std(ddof=1))
    kurtosis = float(stats.kurtosis(x)) + 3.0
    return Row(what, expected, sd, sd * math.sqrt((kurtosis - 1.0) / (4.0 * len(x))), f"{len(x):,} {of}")


def exactly(what: str, expected: float, found: float, n: str) -> Row:
    """A figure without luck."""
    return Row(what, float(expected), float(found), 0.0, n)


def counts(what: str, chances: Sequence[float] | np.ndarray, values: np.ndarray, of: str) -> Row:
    """Chi-square test of whole numbers 0, 1, 2, ... against their chances; the last cell takes the rest.

    Cells in which fewer than 10 are expected are joined with the one before.
    """
    n = len(values)
    chance = np.asarray(chances, float)
    expected = n * np.append(chance[:-1], 1.0 - chance[:-1].sum())
    found = np.bincount(np.clip(values.astype(int), 0, len(expected) - 1), minlength=len(expected))
    cells: list[list[float]] = []
    for e, f in zip(expected, found, strict=True):
        if cells and (cells[-1][0] < 10.0 or e < 10.0):
            cells[-1][0] += e
            cells[-1][1] += f
        else:
            cells.append([float(e), float(f)])
    e, f = np.array(cells).T
    p = stats.chi2.sf(((f - e) ** 2 / e).sum(), len(e) - 1)
    return Row(f"{what} (chi-square, {len(e)} cells)", math.nan, float(p), math.nan, f"{n:,} {of}")


def distribution(what: str, cdf: object, values: np.ndarray, of: str) -> Row:
    """Kolmogorov-Smirnov test of continuous values against a distribution function."""
    p = stats.kstest(values, cdf).pvalue
    return Row(f"{what} (Kolmogorov-Smirnov)", math.nan, float(p), math.nan, f"{len(values):,} {of}")


def require(rows: list[Row]) -> None:
    """All rows hold, or an assertion that lists those that do not."""
    missed = [str(row) for row in rows if not row.holds]
    assert not missed, "\n".join(missed)
