"""What moves it most: first-order shares of a variance, read off draws that are there already.

The first-order index of an input is Var(E[Y | X]) / Var(Y) (Sobol 1993). Given draws (x, y), the values are
put in order of x and cut into classes of equal size; the variance between the classes, less what chance
leaves between them, is that of E[Y | X] (Plischke, Borgonovo & Smith 2013; the correction is that of one-way
random effects). Within a class a slope is lost: of a straight line a share of 1/K², K the classes.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

FEWEST = 12  # draws below which nothing is said
SHUFFLES = 999


class Moved(NamedTuple):
    """What one input does to a figure."""

    part: float  # first-order share of the variance of the draws, 0 to 1
    by_chance: float  # what an input without effect reaches in one of twenty
    at_low: float  # mean of the figure where the input is lowest (the first class)
    at_high: float  # and where it is highest

    @property
    def clear(self) -> bool:
        """Whether it moves the figure by more than chance explains."""
        return self.part > self.by_chance


def classes_for(draws: int) -> int:
    """Classes for so many draws: 4 for 20, 6 for 40, 27 for 1,000."""
    return int(min(50, max(3, round(0.85 * draws**0.5))))


def first_order(inputs: Sequence[float], figure: Sequence[float], seed: int = 0) -> Moved | None:
    """The index of one input; None for fewer than 12 draws, or where nothing changes."""
    x, y = np.asarray(inputs, float), np.asarray(figure, float)
    if len(y) < FEWEST or np.ptp(y) == 0.0 or np.ptp(x) == 0.0:
        return None
    order = np.argsort(x, kind="stable")
    edges = np.linspace(0, len(y), classes_for(len(y)) + 1).round().astype(int)
    shuffled = np.random.default_rng(seed).permuted(np.tile(y, (SHUFFLES, 1)), axis=1)
    found = between(np.vstack([y[order], shuffled]), edges)
    chance = float(np.quantile(found[1:], 0.95, method="higher"))
    first, last = y[order][: edges[1]], y[order][edges[-2] :]
    return Moved(
        float(min(max(found[0], 0.0), 1.0)), max(chance, 0.0), float(first.mean()), float(last.mean())
    )


def between(rows: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """For each row of values, already in order: the share of its variance that lies between the classes."""
    sizes = np.diff(edges)
    sums = np.add.reduceat(rows, edges[:-1], axis=1)
    centre = rows.mean(axis=1, keepdims=True)
    means = sums / sizes
    count, classes = rows.shape[1], len(sizes)
    above = (sizes * (means - centre) ** 2).sum(axis=1)
    whole = ((rows - centre) ** 2).sum(axis=1)
    within = (whole - above) / (count - classes)
    size = (count - (sizes**2).sum() / count) / (classes - 1)
    found = (above / (classes - 1) - within) / size
    return found / (found + within)
