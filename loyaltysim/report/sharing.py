"""Work shared with a copy of this process: both cores draw.

The copy has all that this process has loaded, and sends back what it has made. Only Linux copies a process at
no cost, and only one without other threads can be copied; elsewhere everything is done here. What the copy
does not bring is done here too, so that a fault is seen where it can be told.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

FORKED_WELL = {"jemalloc_bg_thd"}  # pyarrow's allocator: it makes itself anew in a copy (its atfork handlers)
T = TypeVar("T")
R = TypeVar("R")


def shared(work: Callable[[T], R], things: Sequence[T]) -> list[R]:
    """What `work` makes of each thing, in their order; every other one is left to the copy."""
    if len(things) < 2 or not can_be_copied():
        return [work(thing) for thing in things]
    fork = multiprocessing.get_context("fork")
    here, there = fork.Pipe(duplex=False)
    copy = fork.Process(target=send, args=(work, things[1::2], there), daemon=True)
    copy.start()
    there.close()
    mine = [work(thing) for thing in things[::2]]
    theirs: list[R] = []
    with suppress(EOFError, OSError):
        theirs = here.recv()
    copy.join()
    theirs += [work(thing) for thing in things[1::2][len(theirs) :]]
    found: list[Any] = [None] * len(things)
    found[::2], found[1::2] = mine, theirs
    return found


def send(work: Callable[[T], R], things: Sequence[T], pipe: Any) -> None:
    """The life of the copy: what it can make of the things, up to the first that fails."""
    made: list[R] = []
    with suppress(Exception):
        for thing in things:
            made += [work(thing)]
    pipe.send(made)
    pipe.close()


def can_be_copied() -> bool:
    """Whether this process may be copied, and another core would be there for it."""
    if sys.platform != "linux" or multiprocessing.current_process().daemon:
        return False
    return len(os.sched_getaffinity(0)) > 1 and not (threads() - FORKED_WELL)


def threads() -> set[str]:
    """Names of the threads beside this one (Linux)."""
    here = threading.get_native_id()
    found = set()
    for task in Path("/proc/self/task").iterdir():
        with suppress(OSError):  # one that has just ended
            found |= {(task / "comm").read_text().strip()} if int(task.name) != here else set()
    return found
