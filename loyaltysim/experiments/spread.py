"""Where the spread of a budget comes from: luck, and what is not known."""

from __future__ import annotations

from typing import Any

import numpy as np

from loyaltysim.experiments.outer import Outer, key_of
from loyaltysim.metrics.real_market import Real, real_market
from loyaltysim.metrics.statistics.components import Components, components
from loyaltysim.metrics.summary import LEVEL
from loyaltysim.metrics.unknown import of_the_real


def split_of(parts: Any, scale: float) -> dict[str, Any]:
    """Luck and what is not known in the spread of the dearest year, of the real market."""
    return {
        "luck_sd": (parts.luck / scale) ** 0.5,
        "parameters_sd": parts.parameters**0.5,
        "share": of_the_real(parts.share, scale),
        "share_low": of_the_real(parts.share_low, scale),
        "share_high": of_the_real(parts.share_high, scale),
        "pairs": parts.draws,
    }


def real_year(
    costs: np.ndarray, again: np.ndarray, scale: float, drawn: np.ndarray | None, seed: int
) -> tuple[Real, Components | None]:
    """A year's costs as the real market spreads them, and what of their variance is luck.

    Luck is told by the draws that were lived twice; where nothing is unknown all is luck.
    """
    parts = None
    if len(again):
        parts = components(np.column_stack([costs[: len(again)], again]).tolist(), LEVEL)
    return real_market(costs, scale, drawn, again, seed), parts


def drawn_shares(outer: Outer, draws: int) -> np.ndarray:
    """How far along its law each number is drawn: a row a draw, a column for what is drawn together."""
    laws = outer.scenario.uncertainties
    firsts = {key_of(path, law.together): path for path, law in laws.items()}.values()
    shares = [outer.shares(draw) for draw in range(draws)]
    return np.array([[one[path] for path in firsts] for one in shares])
