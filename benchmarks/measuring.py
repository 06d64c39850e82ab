"""Times side by side: rounds in turn, the median, and how far the rounds lie apart."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROUNDS = 5


@dataclass(frozen=True)
class Row:
    """One line of the table: a figure by round, and what it ought to be."""

    name: str
    what: str
    figures: list[float]  # by round; empty: not measured
    unit: str
    least: float  # the figure asked for
    aim: float
    more_is_better: bool
    note: str = ""

    @property
    def middle(self) -> float:
        """The median."""
        return statistics.median(self.figures)

    @property
    def verdict(self) -> str:
        """Whether the figure asked for, or the aim, is met."""
        if not self.figures:
            return "not measured"
        sign = 1.0 if self.more_is_better else -1.0
        if sign * self.middle >= sign * self.aim:
            return "aim met"
        return "met" if sign * self.middle >= sign * self.least else "**missed**"


def cpu(call: Callable[[], object]) -> float:
    """Seconds of CPU of this process, all threads."""
    before = time.process_time()
    call()
    return time.process_time() - before


def wall(call: Callable[[], object]) -> float:
    """Seconds on the wall clock."""
    before = time.perf_counter()
    call()
    return time.perf_counter() - before


def side_by_side(*sides: Callable[[], float], rounds: int = ROUNDS) -> list[tuple[float, ...]]:
    """The figures of all sides by round, in turn, so that a noisy moment hits all of them."""
    return [tuple(side() for side in sides) for _ in range(rounds)]


def ratios(rounds: Sequence[tuple[float, ...]], over: int = 1, under: int = 0) -> list[float]:
    """One side over another, round by round."""
    return [r[over] / r[under] for r in rounds]


def child(*words: str, **more: str) -> tuple[float, float, str]:
    """A Python of its own: seconds of CPU, seconds on the wall, and what it printed.

    It keeps its byte code, as an installed package does; `more` is added to its environment.
    """
    env = {**os.environ, **more}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    root = str(Path(__file__).resolve().parents[1])
    done = subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, env=env, cwd=root, check=False
    )
    after, ended = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    if done.returncode not in (0, 1):  # 1: a check of the scenario itself failed, which is a result
        raise RuntimeError(f"{' '.join(words)}: exit {done.returncode}\n{done.stderr[-2000:]}")
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent, ended - began, done.stdout


def told(*words: str, python: str = sys.executable) -> dict[str, float]:
    """The JSON object that a script prints last."""
    done = subprocess.run([python, *words], capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found
