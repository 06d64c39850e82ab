"""Tasks by number, in this process or in many; none is ever lost in silence.

A task that raises ends the run with its number. A worker that dies (killed, out of memory, crashed in
compiled code) takes only its own task with it, which is begun anew in a fresh process, and is to blame
when it ends that one too. Each worker has a pipe of its own: with the shared queue of
`ProcessPoolExecutor`, a worker killed while it sends its result leaves everybody waiting for the rest.
"""

import multiprocessing
import os
import signal
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from multiprocessing import connection
from typing import Any, Generic, NamedTuple, TypeVar

from loyaltysim.errors import InvariantError, LoyaltysimError, RefusedError
from loyaltysim.experiments.stopping import ctrl_c_held_back, stopping
from loyaltysim.experiments.warm import beginning

T = TypeVar("T")
PATIENCE = 0.25  # seconds between two looks at Ctrl-C
NO_MEMORY = "not enough memory; try fewer customers or fewer workers"
TRIES = 3  # processes a task may end before it is to blame


class Outcome(NamedTuple, Generic[T]):
    """What became of a task; an error travels as text, which every process understands, and as its kind."""

    result: T | None
    error: str = ""
    trace: str = ""
    kind: type[LoyaltysimError] = InvariantError


class Failed(Exception):
    """A task that cannot be done: its number and why."""

    def __init__(
        self, number: int, why: str, trace: str = "", kind: type[LoyaltysimError] = InvariantError
    ) -> None:
        super().__init__(why)
        self.number, self.why, self.trace, self.kind = number, why, trace, kind

    def told(self, seed: int) -> LoyaltysimError:
        """The error a user sees: what reproduces it."""
        where = f"replication {self.number} of seed {seed}"
        if self.kind is not InvariantError:
            return self.kind(f"{where}: {self.why}")
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
    again = 0
    with stopping() as stop:
        if workers == 1:
            while waiting and not stop():
                keep(waiting[0], result_of(waiting[0], attempt(task, waiting[0])))
                waiting.popleft()
        elif waiting:
            again = Crew(task, waiting, stop).work(workers, keep)
        if waiting:
            raise KeyboardInterrupt
    return again


class Worker:
    """A process and this end of its pipe; `number` is the task it is at."""

    def __init__(self, task: Callable[[int], Any]) -> None:
        begin = beginning()
        self.pipe, theirs = begin.Pipe()
        self.process = begin.Process(target=serve, args=(task, theirs), daemon=True)
        with ctrl_c_held_back():
            self.process.start()
        theirs.close()  # now the pipe ends when the process does
        self.number: int | None = None

    def begin(self, number: int) -> None:
        """Hand it a task; if it is dead, that shows when its outcome is asked for."""
        self.number = number
        with suppress(OSError):
            self.pipe.send(number)

    def outcome(self) -> "Outcome[Any] | None":
        """The outcome of its task; None if it died over it."""
        try:
            found: Outcome[Any] = self.pipe.recv()
        except (EOFError, OSError):
            return None
        return found

    def end(self) -> None:
        """End the process, whatever it is at."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


class Crew(Generic[T]):
    """Workers and the tasks they share: `waiting` shrinks as tasks are done."""

    def __init__(self, task: Callable[[int], T], waiting: deque[int], stop: Callable[[], bool]) -> None:
        self.task, self.waiting, self.stop = task, waiting, stop
        self.deaths: dict[int, int] = {}

    def work(self, workers: int, keep: Callable[[int, T], None]) -> int:
        """Go on until nothing waits, or until asked to stop and nothing is under way."""
        crew = {worker.pipe: worker for worker in (Worker(self.task) for _ in range(workers))}
        try:
            for worker in crew.values():
                self.give(worker)
            while busy := [pipe for pipe, worker in crew.items() if worker.number is not None]:
                for pipe in connection.wait(busy, PATIENCE):
                    worker = crew[pipe]
                    outcome, number = worker.outcome(), worker.number
                    assert number is not None
                    if outcome is None:
                        del crew[worker.pipe]
                        worker.end()
                        self.bury(number)
                        worker = Worker(self.task)
                        crew[worker.pipe] = worker
                    else:
                        keep(number, result_of(number, outcome))
                    self.give(worker)
        finally:
            for worker in crew.values():
                worker.end()
        return sum(self.deaths.values())

    def give(self, worker: Worker) -> None:
        """Hand the worker the next task, if there is one to be begun."""
        worker.number = None
        if self.waiting and not self.stop():
            worker.begin(self.waiting.popleft())

    def bury(self, number: int) -> None:
        """Put a task back whose worker died, unless it has ended enough of them."""
        self.deaths[number] = self.deaths.get(number, 0) + 1
        if self.deaths[number] == TRIES:
            raise Failed(number, f"its process died {TRIES} times (killed, or out of memory)")
        self.waiting.appendleft(number)


def serve(task: Callable[[int], Any], pipe: Any) -> None:
    """The life of a worker: tasks in, outcomes out, until its parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    while True:
        try:
            number = pipe.recv()
        except EOFError:
            return
        pipe.send(attempt(task, number))


def attempt(task: Callable[[int], T], number: int) -> Outcome[T]:
    """The task's outcome; an exception becomes text here, where its traceback is."""
    try:
        return Outcome(task(number))
    except MemoryError:
        return Outcome(None, NO_MEMORY, traceback.format_exc(), RefusedError)
    except LoyaltysimError as error:
        return Outcome(None, str(error), traceback.format_exc(), type(error))
    except Exception as error:
        return Outcome(None, f"{type(error).__name__}: {error}", traceback.format_exc())


def result_of(number: int, outcome: Outcome[T]) -> T:
    """The result, or the failure raised."""
    if outcome.result is None:
        raise Failed(number, outcome.error, outcome.trace, outcome.kind)
    return outcome.result


def _end_with(sentinel: int) -> None:
    """Wait for the parent's end, then end this process."""
    connection.wait([sentinel])
    os._exit(1)
