"""The wait in a first-come line before several clerks, by the recursion of Kiefer & Wolfowitz (1955).

On arrival the line's future is known: keep the times at which each clerk will be free of all who came before.
She starts at the earliest of them, or at once; the clerk is then hers for her service. Who would start after
the end of her patience leaves when it ends and takes nobody's time (Baccelli, Boyer & Hebuterne 1984: the
recursion with reneging). Plain Python, no line, no events, no clock: nothing is shared with the engines.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from typing import NamedTuple


class Arrival(NamedTuple):
    """Somebody comes; times in days."""

    at: float
    patience: float
    service: float


class Fate(NamedTuple):
    """When she leaves the line, after what wait, and whether she was served."""

    at: float
    wait: float
    served: bool


def fates(arrivals: Iterable[Arrival], free: Iterable[float]) -> list[Fate]:
    """What becomes of each arrival, in their order; `free` says when each clerk is free at first."""
    clerks = list(free)
    heapq.heapify(clerks)
    found = []
    for one in arrivals:
        start = max(one.at, clerks[0])
        if start > one.at + one.patience:
            gone = one.at + one.patience
            found.append(Fate(gone, gone - one.at, False))
            continue
        heapq.heapreplace(clerks, start + one.service)
        found.append(Fate(start, start - one.at, True))
    return found
