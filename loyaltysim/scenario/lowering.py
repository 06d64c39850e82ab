"""The tools of the translation: units, records filled by name, hashes of names, quantile tables."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

from loyaltysim.scenario.quantities import Money
from loyaltysim.scenario.tables import beta_table, gamma_table

MINUTE = 1.0 / 1440.0


class Tables:
    """Collects the quantile tables that the segments need, each once."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[float, ...], int] = {}
        self.rows: list[np.ndarray] = []

    def gamma(self, shape: float | None) -> int:
        """Number of the gamma table of this shape; -1 for none."""
        return -1 if shape is None else self._number((shape,))

    def beta(self, alpha: float, beta: float) -> int:
        """Number of the beta table."""
        return self._number((alpha, beta))

    def _number(self, shapes: tuple[float, ...]) -> int:
        if shapes not in self.numbers:
            self.numbers[shapes] = len(self.rows)
            self.rows.append(gamma_table(*shapes) if len(shapes) == 1 else beta_table(*shapes))
        return self.numbers[shapes]

    def array(self) -> np.ndarray:
        """All tables, float64 (tables, cells + 1)."""
        return np.array(self.rows) if self.rows else np.zeros((0, 4))


def minor(amount: Money, unit: int) -> float:
    """An amount in minor units."""
    return float(amount.amount * unit)


def luck_of(name: str) -> int:
    """What draws about a provider or a campaign are keyed by: 24 bits of a hash of its name."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=3).digest(), "big")


def fill(record: Any, **values: float) -> None:
    """Write named values into a record; an unknown name raises."""
    for name, value in values.items():
        record[name] = value
