"""Lives on disk, if asked for: customers and events, a part file a replication, joined at the end.

    replications/<identity>/00000.events.1.0.<sha256>.parquet    events of replication 0, all customers
    events.parquet                                               those of all replications, in order

A part is written while its replication is simulated, a month or an arm at a time, by one thread in the
background that lags one behind, so that memory holds no more than that. Its name says what share of the
customers it holds and what its bytes are: it is found again by a run that asks for the same, and
whatever was changed in it is noticed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from loyaltysim.errors import StorageError, UsageError
from loyaltysim.experiments.parquet import ROWS, Writer, reading, sha256_of
from loyaltysim.record import events
from loyaltysim.record.columns import plain_of
from loyaltysim.record.customers import customers_table
from loyaltysim.record.events import events_table, in_order
from loyaltysim.record.world import EVERYBODY, NOBODY, SAMPLE
from loyaltysim.rules.draws import sampled
from loyaltysim.rules.eventlog import EVENT

if TYPE_CHECKING:
    from loyaltysim.rules.arrays import World
    from loyaltysim.scenario.lower import Parameters

CUSTOMERS, EVENTS = "customers", "events"
REPEATED = {CUSTOMERS: (), EVENTS: events.REPEATED}
FILES = tuple(f"{kind}.parquet" for kind in (CUSTOMERS, EVENTS))


@dataclass(frozen=True)
class Asked:
    """What of the lives a run is to keep."""

    kinds: tuple[str, ...] = ()
    share: float = 1.0  # of the customers

    @property
    def below(self) -> int:
        """The customers whose hash lies below this are kept."""
        return min(int(self.share * 2.0**64), 2**64 - 1)


@dataclass(frozen=True)
class Lives:
    """What is kept of a run, and the folder of its parts."""

    asked: Asked
    folder: Path
    scenario: str

    def stem(self, replication: int, kind: str) -> str:
        """How the name of a part begins."""
        return f"{replication:05d}.{kind}.{self.asked.share!r}"

    def parts(self, replication: int, kind: str) -> list[Path]:
        """The part of a replication, if it is there."""
        return sorted(self.folder.glob(f"{self.stem(replication, kind)}.*.parquet"))

    def has(self, replication: int) -> bool:
        """Whether all that was asked of a replication is there."""
        return all(self.parts(replication, kind) for kind in self.asked.kinds)

    def checked(self, replication: int, kind: str) -> Path:
        """The part of a replication, whose bytes are what its name says."""
        found = self.parts(replication, kind)
        if not found:
            raise StorageError(f"{self.folder / self.stem(replication, kind)}: missing; {AGAIN}")
        if len(found) > 1 or sha256_of(found[0])[:16] != found[0].suffixes[-2][1:]:
            raise StorageError(f"{found[0]}: damaged (its checksum is wrong); delete it and {AGAIN}")
        return found[0]


AGAIN = "run again with --resume to redo that replication alone"


def asked_of(customers: bool, events: bool, share: float | str | None, kept: bool) -> Asked:
    """What is asked for; raises UsageError where it contradicts itself."""
    kinds = tuple(kind for kind, wanted in ((CUSTOMERS, customers), (EVENTS, events)) if wanted)
    if kinds and not kept:
        raise UsageError(f"to keep {' and '.join(kinds)}, say where: --out DIR")
    if share is None:
        return Asked(kinds)
    if not kinds:
        raise UsageError("--sample chooses among what is kept: add --customers or --events")
    from loyaltysim.scenario import reading

    try:
        part = reading.share(_plain(share))
    except ValueError as error:
        raise UsageError(f"--sample {share}: {error}") from None
    if part == 0.0:
        raise UsageError(f"--sample {share}: a sample of nobody; leave out --customers and --events")
    return Asked(kinds, part)


def _plain(share: float | str) -> float | str:
    """A share written on a command line: `0.01` is a number there."""
    try:
        return float(share)
    except ValueError:
        return share


@lru_cache(maxsize=2)
def chosen(number: int, below: int) -> np.ndarray:
    """The numbers of the customers, of so many, who are in the sample."""
    if below == 2**64 - 1:
        return np.arange(number)
    return np.array([i for i in range(number) if sampled(i, np.uint64(below))], np.int64)


# ---------------------------------------------------------------- one replication


class Scribe:
    """Writes the lives of one replication in the background, as `engines.logbook` tells them."""

    def __init__(self, lives: Lives, parameters: Parameters, replication: int) -> None:
        self.lives, self.replication = lives, replication
        self.plain = plain_of(lives.scenario, parameters)
        self.below, self.share = lives.asked.below, lives.asked.share
        self.follow = NOBODY
        if EVENTS in lives.asked.kinds:
            self.follow = EVERYBODY if self.share == 1.0 else SAMPLE
        self.writers = {
            kind: Writer(lives.folder / self.stem(kind), REPEATED[kind]) for kind in lives.asked.kinds
        }
        self.arm, self.rows = "", np.zeros(0, EVENT)  # events that are not written yet
        self.thread = ThreadPoolExecutor(1)
        self.under_way: Future[None] | None = None

    def stem(self, kind: str) -> str:
        """How the name of the part begins."""
        return self.lives.stem(self.replication, kind)

    def events(self, arm: str, rows: np.ndarray, begins: float, ends: float) -> None:
        """Write a month's events while the next month is simulated."""
        self.later(lambda: self.write_events(arm, rows, begins, ends))

    def customers(self, arm: str, world: World) -> None:
        """Write the customers of one future while the other is simulated."""
        if CUSTOMERS in self.writers:
            self.later(lambda: self.write_customers(arm, world))

    def later(self, write: Callable[[], None]) -> None:
        """Begin to write, once what was begun before is done; raises what went wrong with that."""
        self.wait()
        self.under_way = self.thread.submit(write)

    def wait(self) -> None:
        """Wait until nothing is being written."""
        if self.under_way is not None:
            self.under_way.result()

    def write_customers(self, arm: str, world: World) -> None:
        """The customers of one future, some at a time."""
        who = chosen(len(world.customers), self.below)
        for first in range(0, max(len(who), 1), ROWS):
            some = who[first : first + ROWS]
            table = customers_table(self.plain, arm, self.replication, some, world)
            self.writers[CUSTOMERS].write(table)

    def write_events(self, arm: str, rows: np.ndarray, begins: float, ends: float) -> None:
        """A month's events, but for those of its last instant, which sort with the next month's."""
        if arm != self.arm:
            self.write_rows(len(self.rows))
            self.arm = arm
        waiting = self.rows
        late = int(np.searchsorted(waiting["time"], begins))
        rows = in_order(np.concatenate([waiting[late:], rows]), begins)
        self.rows = np.concatenate([waiting[:late], rows])
        done = int(np.searchsorted(self.rows["time"], ends))
        self.write_rows(done - done % ROWS)

    def write_rows(self, count: int) -> None:
        """The first rows of those that wait, in groups of a fixed size."""
        for first in range(0, count, ROWS):
            some = self.rows[first : min(first + ROWS, count)]
            self.writers[EVENTS].write(events_table(self.plain, self.arm, self.replication, some))
        self.rows = self.rows[count:]

    def finish(self) -> None:
        """Put the parts where they belong, under the names of their bytes."""
        self.wait()
        if EVENTS in self.writers:
            self.write_rows(len(self.rows))
            if self.writers[EVENTS].parquet is None:  # nobody is in the sample
                self.writers[EVENTS].write(events_table(self.plain, "past", self.replication, self.rows))
        for kind, writer in self.writers.items():
            summed = writer.close()[:16]
            for other in self.lives.parts(self.replication, kind):
                other.unlink()
            writer.put(self.lives.folder / f"{self.stem(kind)}.{summed}.parquet")

    def end(self) -> None:
        """Stop writing; what is not whole goes."""
        self.thread.shutdown(wait=True)
        for writer in self.writers.values():
            writer.abandon()


@contextmanager
def scribe_of(lives: Lives | None, parameters: Parameters, replication: int) -> Iterator[Scribe | None]:
    """Who writes down the lives of a replication, if they are to be kept: all of it or nothing."""
    if lives is None or not lives.asked.kinds:
        yield None
        return
    scribe = Scribe(lives, parameters, replication)
    try:
        yield scribe
        scribe.finish()
    finally:
        scribe.end()


# ---------------------------------------------------------------- all replications


@contextmanager
def joined(lives: Lives | None, folder: Path, count: int) -> Iterator[dict[str, tuple[Writer, str]]]:
    """The parts of all replications, each kind as one file that only wants its name; and its sha256."""
    writers: dict[str, tuple[Writer, str]] = {}
    try:
        for kind in lives.asked.kinds if lives else ():
            assert lives is not None
            writer = Writer(folder / f"{kind}.parquet", REPEATED[kind])
            writers[writer.path.name] = writer, ""
            for number in range(count):
                with reading(lives.checked(number, kind)) as part:
                    for group in range(part.num_row_groups):
                        writer.write(part.read_row_group(group))
            writers[writer.path.name] = writer, writer.close()
        yield writers
    finally:
        for writer, _ in writers.values():
            writer.abandon()
