"""Where words and ticks stand in a chart, still or interactive."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def step(months: float, width: float) -> int:
    """Months between two ticks: a divisor or a multiple of the year, with room for the figures."""
    return next((step for step in (1, 2, 3, 6, 12, 24, 60) if months / step <= 1.8 * width), 120)


def spread(places: Sequence[float], apart: float) -> list[float]:
    """Rising places in a panel of height 1, moved to be at least `apart`."""
    if len(places) < 2:
        return list(places)
    shifted = np.maximum.accumulate(np.array(places) - apart * np.arange(len(places)))
    spread = shifted + apart * np.arange(len(places))
    centred = spread - (spread.mean() - np.mean(places))
    return [float(place) for place in centred - max(0.0, centred[-1] - 0.96)]
