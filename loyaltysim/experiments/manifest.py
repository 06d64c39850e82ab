"""What a result folder says of the run in it, and what makes two runs the same."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Any

from loyaltysim.experiments.results import versions
from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.metrics.kept import DECILE, KEPT
from loyaltysim.metrics.monthly import MEASURES

if TYPE_CHECKING:
    from loyaltysim.experiments.task import Plan
    from loyaltysim.scenario.load import Loaded


def identity_of(plan: Plan) -> dict[str, Any]:
    """What must agree for replications to be put together: everything that decides their numbers."""
    from loyaltysim import __version__
    from loyaltysim.rules.keeping import sources_stamp

    figures = hashlib.sha256("\n".join([*CATALOGUE, "", *MEASURES, "", *KEPT, *DECILE]).encode()).hexdigest()
    return {
        "scenario": plan.text_hash,
        "seed": plan.seed,
        "version": __version__,
        "rules": sources_stamp(),
        "figures": figures,
    }


def manifest_of(loaded: Loaded, plan: Plan, count: int, status: str, began: float) -> dict[str, Any]:
    """What the folder says of the run; versions and times stand here and in the report only."""
    from loyaltysim.scenario.load import canonical

    return {
        "status": status,
        "name": loaded.scenario.name,
        "scenario": canonical(loaded.scenario),
        "scenario_sha256": loaded.text_hash,
        "seed": plan.seed,
        "replications": count,
        "engine": plan.engine,
        "versions": versions(),
        "began": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(began)),
        "ended": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }
