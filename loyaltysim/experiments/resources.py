"""What a run will need, told before it starts, so that it is refused in a second and not in an hour."""

from __future__ import annotations

import math
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from loyaltysim.errors import RefusedError
from loyaltysim.experiments.engine import occasions
from loyaltysim.experiments.lives import CUSTOMERS, EVENTS, Asked
from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.metrics.monthly import MEASURES
from loyaltysim.rules.causes import COLUMNS, TERMS_OF_STANDING
from loyaltysim.rules.eventlog import EVENT
from loyaltysim.rules.ledger import MONEY
from loyaltysim.rules.state import CUSTOMER, DIARY, MONTH_OF_HERS, TIE

if TYPE_CHECKING:
    from loyaltysim.scenario.spec import Scenario

MOST = 0.8  # share of memory or disk that a run may take
LONGEST = 86_400.0  # seconds that a run may take unless it is forced
WORLDS = 3.5  # the past, both arms, and what measuring them takes
PROCESS = 240e6  # bytes of a process with its libraries
MONTHS_HELD = 11  # of events: the logs of the worlds, and copies on the way to the file
WRITER = 130e6  # bytes of a process more that writes Parquet
EVENT_BYTES, CUSTOMER_BYTES = 40.0, 200.0  # bytes in a file
MONTH = 365.0 / 12.0


class Need(NamedTuple):
    """What a run of so many replications by so many workers will take, roughly."""

    scenario: Scenario
    replications: int
    workers: int
    seconds: float
    asked: Asked = Asked()

    @property
    def customers(self) -> float:
        """Bytes of memory that grow with the customers: their worlds, and a month of their events."""
        world = customers(self.scenario) * bytes_a_customer(self.scenario)
        copies = WORLDS + (1 if EVENTS in self.asked.kinds else 0)
        return self.workers * (copies * world + MONTHS_HELD * EVENT.itemsize * self.events_a_month)

    @property
    def memory(self) -> float:
        """Bytes of memory of all processes; results are held and tabled."""
        scenario = self.scenario
        months = scenario.warm_up + scenario.horizon
        ledgers = 8.0 * months * (len(scenario.market.segments) + 1) * len(MONEY)
        processes = self.workers + (self.workers > 1)  # with one worker it is this process
        arrow = self.workers * WRITER * bool(self.asked.kinds)
        results = self.replications * bytes_a_replication(scenario) * 5
        return self.customers + self.workers * WORLDS * ledgers + processes * PROCESS + arrow + results

    @property
    def events_a_month(self) -> float:
        """Events kept of a month of one arm."""
        if EVENTS not in self.asked.kinds:
            return 0.0
        scenario = self.scenario
        months = scenario.warm_up + scenario.horizon * (1 if scenario.programme is None else 2)
        return self.asked.share * (1.1 * occasions(scenario) / months + 0.1 * customers(scenario))

    @property
    def disk(self) -> float:
        """Bytes of the result folder: the replications' files and the tables, lives as parts and joined."""
        scenario = self.scenario
        arms = 1 if scenario.programme is None else 2
        events = self.events_a_month * (scenario.warm_up + scenario.horizon * arms) * EVENT_BYTES
        lives = self.asked.share * customers(scenario) * arms * CUSTOMER_BYTES
        kept = 2 * (events + lives * (CUSTOMERS in self.asked.kinds))
        return self.replications * (bytes_a_replication(scenario) * 4 + kept)

    def told(self) -> str:
        """Time and memory in words."""
        workers = f"{self.workers} worker{'s' if self.workers > 1 else ''}"
        return f"about {duration(self.seconds)} and {self.memory / 1e9:.1f} GB with {workers}"

    def largest_in_memory(self, allowed: float) -> str:
        """The size that one worker could still run, in words; nothing if no size could."""
        alone = self._replace(workers=1)
        here = self.scenario.market.customers
        most = int(here * (1 + (allowed - alone.memory) / alone.customers))
        if most >= here:
            return "; --workers 1 fits"
        return f"; up to {most:,} customers fit with --workers 1" if most > 0 else "; run fewer replications"


def require(need: Need, out: Path | None, force: bool = False) -> None:
    """Raise `RefusedError`, with the numbers and the largest size that fits, where it would not fit."""
    available = memory_available()
    if available is not None and need.memory > MOST * available:
        fitting = need.largest_in_memory(MOST * available)
        raise RefusedError(
            f"needs about {need.memory / 1e9:.1f} GB of memory with {need.workers} workers; {MOST:.0%} of "
            f"the {available / 1e9:.1f} GB here may be used{fitting}"
        )
    if out is not None and need.disk > MOST * (free := disk_free(out)):
        most = int(need.replications * MOST * free / need.disk)
        fitting = f"; up to {most:,} replications fit" if most else "; keep a smaller --sample, or no events"
        raise RefusedError(
            f"needs about {need.disk / 1e9:.1f} GB of disk; {MOST:.0%} of the {free / 1e9:.1f} GB free at "
            f"{out} may be used{fitting}"
        )
    if need.seconds > LONGEST and not force:
        most = int(need.replications * LONGEST / need.seconds)
        fewer = int(need.scenario.market.customers * need.replications * LONGEST / need.seconds)
        fitting = f"{most:,} replications fit" if most else f"one replication of {fewer:,} customers fits"
        raise RefusedError(
            f"needs {need.told()}; more than {duration(LONGEST)} only with --force (in that time {fitting})"
        )


def duration(seconds: float) -> str:
    """A time in words."""
    if seconds < 1.0:
        return "1 s"
    for size, unit in ((86_400.0, "days"), (3600.0, "h"), (60.0, "min")):
        if seconds >= 2 * size or (unit == "h" and seconds >= size):
            return f"{seconds / size:,.0f} {unit}"
    return f"{seconds:.0f} s"


def customers(scenario: Scenario) -> float:
    """Customers who will ever have been in the market."""
    market = scenario.market
    days = (scenario.warm_up + scenario.horizon) * MONTH
    return market.customers * (1 + market.entrants * days) + sum(entry.customers for entry in market.entries)


def bytes_a_customer(scenario: Scenario) -> float:
    """Memory of one customer in one world."""
    points = scenario.programme.points if scenario.programme else None
    lots = 4 * min((points.expiry or 10**9) + 1, scenario.warm_up + scenario.horizon) if points else 0
    diary = DIARY.itemsize + MONTH_OF_HERS.itemsize
    terms = len(scenario.firm.attributes) + TERMS_OF_STANDING
    causes = 8 * COLUMNS * terms if scenario.loyalty is not None and scenario.loyalty.causes else 0
    return causes + float(
        CUSTOMER.itemsize + diary + (1 + len(scenario.rivals)) * (TIE.itemsize + 8) + lots + 16
    )


def bytes_a_replication(scenario: Scenario) -> float:
    """Memory of one replication once measured."""
    months = scenario.warm_up + scenario.horizon
    return 16.0 * months * (len(scenario.market.segments) + 1) * len(MEASURES) + 600.0 * len(CATALOGUE)


def memory_available() -> int | None:
    """Bytes this process may use: the control group's limit or the machine's memory; None if unknown."""
    found = []
    for file in limits(Path("/sys/fs/cgroup"), Path("/proc/self/cgroup")):
        try:
            found.append(int(file.read_text(encoding="ascii")))
        except (OSError, ValueError):  # there is no such group, or `max`
            continue
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        found.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    return min(found) if found else None


def limits(root: Path, groups: Path) -> list[Path]:
    """Files that may hold a limit of memory: of this process's control group and of all around it."""
    found = [root / "memory.max", root / "memory" / "memory.limit_in_bytes"]
    try:
        lines = groups.read_text(encoding="utf-8").splitlines()
    except OSError:
        return found
    for line in lines:
        _, kinds, path = line.split(":", 2)  # version 2 names no kind
        if kinds in ("", "memory"):
            base, name = (root / kinds, "memory.limit_in_bytes") if kinds else (root, "memory.max")
            inner = Path(path.lstrip("/"))
            found += [base / group / name for group in (inner, *inner.parents)]
    return found


def disk_free(out: Path) -> float:
    """Bytes free where the folder is or will be; without end where the system does not tell."""
    place = out.absolute()
    while not place.exists():
        place = place.parent
    usage = shutil.disk_usage(place)
    return usage.free if usage.total else math.inf
