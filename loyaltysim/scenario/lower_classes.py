"""Classes of products lowered: each segment's factors on points, as whole numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loyaltysim.scenario.lowering import fill
from loyaltysim.scenario.mixtures import mixture

if TYPE_CHECKING:
    from loyaltysim.scenario.spec import Scenario


def lower_mixtures(scenario: Scenario, names: tuple[str, ...], segments: np.ndarray) -> None:
    """The factors of each segment, under the programme on trial and under the status quo."""
    for one, name in zip(segments, names, strict=True):
        segment = scenario.market.segments[name]
        trial, before = (
            mixture(programme, segment) for programme in (scenario.programme, scenario.status_quo)
        )
        fill(
            one,
            mix_times=trial.numerator,
            mix_over=trial.denominator,
            mix_times_before=before.numerator,
            mix_over_before=before.denominator,
        )
