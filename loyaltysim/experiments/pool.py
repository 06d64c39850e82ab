"""Tasks by number, in this process or in many; none is ever lost in silence.

A task that raises ends the run with its number. A worker that dies (killed, out of memory, crashed in
compiled code) takes its pool with it: the tasks that were under way are then tried one by one, each in
a process of its own, and only one that kills its process again is to blame.
"""

import multiprocessing
import os
import signal
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection
from typing import Any, Generic, NamedTuple, TypeVar

from loyaltysim.errors import InvariantError, LoyaltysimError, RefusedError
from loyaltysim.experiments.stopping import stopping

T = TypeVar("T")
PATIENCE = 0.25  # seconds between two looks at Ctrl-C
TRIES = 2  # processes a task may kill before it is to blame


class Outcome(NamedTuple, Generic[T]):
    """What became of a task; an error travels as text, which every process understands."""

    result: T | None
    error: str = ""
    trace: str = ""
    memory: bool = False


class Failed(Exception):
    """A task that cannot be done: its number and why."""

    def __init__(self, number: int, why: str, trace: str = "", memory: bool = False) -> None:
        super().__init__(why)
        self.number, self.why, self.trace, self.memory = number, why, trace, memory

    def told(self, seed: int) -> LoyaltysimError:
        """The error a user sees: what reproduces it."""
        where = f"replication {self.number} of seed {seed}"
        if self.memory:
            return RefusedError(f"{where}: not enough memory; try fewer customers or fewer workers")
        told = InvariantError(f"{where} failed, so there is no result: {self.why}")
        told.add_note(self.trace)
        return told


def run_all(
    task: Callable[[int], T], numbers: Iterable[int], workers: int, keep: Callable[[int, T], None]
) -> int:
    """Do every task and hand each result to `keep` as it comes; the count of tasks begun anew.

    Raises `Failed`, or `KeyboardInterrupt` once what was under way is kept.
    """
    waiting = deque(numbers)
    with stopping() as stop:
        again = (
            _here(task, waiting, keep, stop) if workers == 1 else _there(task, waiting, workers, keep, stop)
        )
        if waiting:
            raise KeyboardInterrupt
    return again


def _here(
    task: Callable[[int], T], waiting: deque[int], keep: Callable[[int, T], None], stop: Callable[[], bool]
) -> int:
    """One after the other, in this process."""
    while waiting and not stop():
        number = waiting[0]
        keep(number, _result(number, attempt(task, number)))
        waiting.popleft()
    return 0


def _there(
    task: Callable[[int], T],
    waiting: deque[int],
    workers: int,
    keep: Callable[[int, T], None],
    stop: Callable[[], bool],
) -> int:
    """In worker processes; after a death the suspects alone, then the rest."""
    again = 0
    while waiting and not stop():
        suspects = _one_pool(task, waiting, workers, keep, stop)
        again += len(suspects)
        for number in suspects:
            alone = deque([number])
            for _ in range(TRIES):
                if not _one_pool(task, alone, 1, keep, stop):
                    break
                alone.append(number)
            else:
                raise Failed(number, f"its process died {TRIES + 1} times (killed, or out of memory)")
            waiting.extendleft(alone)  # not empty only if stopped
    return again


def _one_pool(
    task: Callable[[int], T],
    waiting: deque[int],
    workers: int,
    keep: Callable[[int, T], None],
    stop: Callable[[], bool],
) -> list[int]:
    """Work through `waiting` in one pool; the numbers under way when it broke, none if it did not."""
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), initializer=begin_worker)
    under_way: dict[Future[Outcome[T]], int] = {}
    try:
        while waiting or under_way:
            while waiting and len(under_way) < 2 * workers and not stop():
                under_way[pool.submit(attempt, task, waiting[0])] = waiting[0]
                waiting.popleft()
            for future in wait(under_way, timeout=PATIENCE, return_when=FIRST_COMPLETED).done:
                number = under_way[future]
                keep(number, _result(number, future.result()))
                del under_way[future]
            if stop():
                for future in [future for future in under_way if future.cancel()]:
                    waiting.appendleft(under_way.pop(future))
                if not under_way:
                    break
    except BrokenProcessPool:
        return sorted(under_way.values())
    except KeyboardInterrupt:
        _kill(pool)
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    return []


def attempt(task: Callable[[int], T], number: int) -> Outcome[T]:
    """The task's outcome; an exception becomes text here, where its traceback is."""
    try:
        return Outcome(task(number))
    except MemoryError as error:
        return Outcome(None, str(error) or "MemoryError", traceback.format_exc(), memory=True)
    except InvariantError as error:
        return Outcome(None, str(error), traceback.format_exc())
    except Exception as error:
        return Outcome(None, f"{type(error).__name__}: {error}", traceback.format_exc())


def _result(number: int, outcome: Outcome[T]) -> T:
    """The result, or the failure raised."""
    if outcome.result is None:
        raise Failed(number, outcome.error, outcome.trace, outcome.memory)
    return outcome.result


def begin_worker() -> None:
    """Leave Ctrl-C to the parent, and end with it even if it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    """Wait for the parent's end, then end this process."""
    connection.wait([sentinel])
    os._exit(1)


def _kill(pool: ProcessPoolExecutor) -> None:
    """End the workers at once."""
    processes: dict[int, Any] = getattr(pool, "_processes", None) or {}
    for process in list(processes.values()):
        process.kill()
