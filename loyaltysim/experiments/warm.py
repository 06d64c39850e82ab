"""Workers that begin at once: forked from a process that has loaded the rules while the scenario was read.

A process that starts anew imports numba and loads the compiled rules, more than a second; each run of a
comparison would pay for it again in every worker. The process that is forked has no threads. Elsewhere than
on Linux, and where the environment has changed since, workers start anew, which changes no number.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from multiprocessing import forkserver
from typing import Any

from loyaltysim.experiments.stopping import ctrl_c_held_back

_environment: dict[str, str] = {}  # of the process that stands ready; nothing as long as there is none


def stand_ready(workers: int | None = None) -> None:
    """Begin the process that workers are forked from, unless there is one or nobody will need it."""
    if sys.platform != "linux" or _environment or (workers or cores()) == 1:
        return
    _environment.update(os.environ)
    forkserver.set_forkserver_preload(["loyaltysim.experiments.loaded"])
    with ctrl_c_held_back():
        forkserver.ensure_running()


def beginning() -> Any:
    """How worker processes begin here: the context of `multiprocessing` to make them from."""
    return multiprocessing.get_context("forkserver" if _environment == dict(os.environ) else "spawn")


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
