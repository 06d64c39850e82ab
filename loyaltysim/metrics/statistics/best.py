"""Several systems on common luck, compared with the best of them (Hsu 1984; Nelson & Matejcik 1995)."""

from collections.abc import Callable
from typing import NamedTuple

Pair = Callable[[int, int, float], tuple[float, float] | None]
"""The two-sided interval at a level of system i less system j, paired; None where it cannot be told."""


class WithBest(NamedTuple):
    """A system against the best of the others: its mean less theirs lies in [low, high], all at once."""

    low: float
    high: float
    may_be_best: bool  # whether it cannot be told apart from the best


def against_the_best(systems: int, pair: Pair, level: float = 0.95) -> list[WithBest] | None:
    """Simultaneous intervals for mu_i - max over the others of mu_j; None where a pair cannot be told.

    More is better. Only the k - 1 one-sided comparisons with the unknown best must hold at once, each
    at 1 - alpha/(k - 1) by Bonferroni, whatever the dependence that common luck brings. With
    w the half-width, a system may be the best where D_ij + w_ij >= 0 for all j; high_i = max(0, the least of
    these), low_i = min(0, the least D_ij - w_ij over the j that may be the best).
    """
    others = systems - 1
    two_sided = 1.0 - 2.0 * (1.0 - level) / others
    bounds = {}
    for i in range(systems):
        for j in range(systems):
            if i != j:
                found = pair(i, j, two_sided)
                if found is None:
                    return None
                bounds[i, j] = found
    reach = [min(bounds[i, j][1] for j in range(systems) if j != i) for i in range(systems)]
    candidates = [i for i in range(systems) if reach[i] >= 0.0]
    lows = [min([0.0, *(bounds[i, j][0] for j in candidates if j != i)]) for i in range(systems)]
    return [WithBest(low, max(0.0, high), high >= 0.0) for low, high in zip(lows, reach, strict=True)]
