"""What a run will need, told before it starts, so that it is refused in a second and not in an hour."""

from __future__ import annotations

import math
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from loyaltysim.errors import RefusedError
from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.metrics.monthly import MEASURES
from loyaltysim.rules.state import CUSTOMER, MONEY, TIE

if TYPE_CHECKING:
    from loyaltysim.scenario.spec import Scenario

MOST = 0.8  # share of memory or disk that a run may take
WORLDS = 3  # the past, and both arms
PROCESS = 250e6  # bytes of a process with its libraries
MONTH = 365.0 / 12.0


def require(scenario: Scenario, replications: int, workers: int, out: Path | None) -> None:
    """Raise `RefusedError`, with the numbers and the largest size that fits, where it would not fit."""
    memory, available = memory_needed(scenario, replications, workers), memory_available()
    if available is not None and memory > MOST * available:
        fitting = largest_that_fits(scenario, replications, MOST * available)
        raise RefusedError(
            f"needs about {memory / 1e9:.1f} GB of memory with {workers} workers; {MOST:.0%} of the "
            f"{available / 1e9:.1f} GB here may be used{fitting}"
        )
    disk = disk_needed(scenario, replications)
    if out is not None and disk > MOST * (free := disk_free(out)):
        raise RefusedError(f"needs about {disk / 1e9:.1f} GB of disk; {free / 1e9:.1f} GB are free at {out}")


def customers(scenario: Scenario) -> float:
    """Customers who will ever have been in the market."""
    market = scenario.market
    days = (scenario.warm_up + scenario.horizon) * MONTH
    return market.customers * (1 + market.entrants * days) + sum(entry.customers for entry in market.entries)


def bytes_a_customer(scenario: Scenario) -> float:
    """Memory of one customer in one world."""
    points = scenario.programme.points if scenario.programme else None
    lots = 4 * min((points.expiry or 10**9) + 1, scenario.warm_up + scenario.horizon) if points else 0
    return float(CUSTOMER.itemsize + (1 + len(scenario.rivals)) * (TIE.itemsize + 8) + lots + 16)


def bytes_a_replication(scenario: Scenario) -> float:
    """Memory of one replication once measured."""
    months = scenario.warm_up + scenario.horizon
    return 16.0 * months * (len(scenario.market.segments) + 1) * len(MEASURES) + 600.0 * len(CATALOGUE)


def memory_needed(scenario: Scenario, replications: int, workers: int) -> float:
    """Bytes of memory of all processes, roughly; results are held and tabled."""
    months = scenario.warm_up + scenario.horizon
    ledgers = 8.0 * months * (len(scenario.market.segments) + 1) * len(MONEY)
    world = customers(scenario) * bytes_a_customer(scenario) + ledgers
    results = replications * bytes_a_replication(scenario) * 5
    return workers * (WORLDS * world + PROCESS) + results


def largest_that_fits(scenario: Scenario, replications: int, allowed: float) -> str:
    """The size that one worker could still run, in words; nothing if no size could."""
    rest = allowed - memory_needed(scenario, replications, 1)
    per_one = WORLDS * bytes_a_customer(scenario) * customers(scenario) / max(1, scenario.market.customers)
    most = int(scenario.market.customers + rest / per_one)
    if most >= scenario.market.customers:
        return "; --workers 1 fits"
    return f"; up to {most:,} customers fit with --workers 1" if most > 0 else "; run fewer replications"


def disk_needed(scenario: Scenario, replications: int) -> float:
    """Bytes of the result folder, roughly: the replications' files and the tables."""
    return replications * bytes_a_replication(scenario) * 4


def memory_available() -> int | None:
    """Bytes this process may use: the control group's limit or the machine's memory; None if unknown."""
    found = []
    for name in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            found.append(int(Path(name).read_text(encoding="ascii")))
        except (OSError, ValueError):
            continue
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        found.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    return min(found) if found else None


def disk_free(out: Path) -> float:
    """Bytes free where the folder is or will be; without end where the system does not tell."""
    place = out.absolute()
    while not place.exists():
        place = place.parent
    usage = shutil.disk_usage(place)
    return usage.free if usage.total else math.inf
