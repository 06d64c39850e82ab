"""Simulate a loyalty programme and its twin: the same market without the programme.

The verbs are imported on first use, so that `import loyaltysim` costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from loyaltysim.experiments.calibration.calibrate import calibrate as calibrate
    from loyaltysim.experiments.run import run as run
    from loyaltysim.report.page import write_report as write_report
    from loyaltysim.scenario.load import load as load

__version__ = "0.1.0"

_VERBS = {
    "calibrate": "loyaltysim.experiments.calibration.calibrate",
    "load": "loyaltysim.scenario.load",
    "run": "loyaltysim.experiments.run",
    "write_report": "loyaltysim.report.page",
}

__all__ = ["__version__", "calibrate", "load", "run", "write_report"]


def __getattr__(name: str) -> Any:
    """The verb called `name`, imported from where it lives."""
    if name not in _VERBS:
        raise AttributeError(f"module 'loyaltysim' has no attribute {name!r}")
    return getattr(import_module(_VERBS[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
