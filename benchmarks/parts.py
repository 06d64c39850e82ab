"""`python -m benchmarks.parts`: where the time of a visit goes, by part, in nanoseconds of CPU.

First what happens one after the other: opening the world, the sites between two closes, each customer's part
of a close, the stock that is taken, the books that are checked. Then single rules in a loop over all
customers, where one call need not wait for another: what they cost at least, and how often a visit asks.
"""

from __future__ import annotations

import statistics
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from benchmarks.measuring import ROUNDS, cpu
from benchmarks.rows import luck_of_visits
from benchmarks.worlds import counted, lived, numbers, opened
from loyaltysim.engines import kernel, market
from loyaltysim.rules import calls, diary, standing
from loyaltysim.rules import world as of
from loyaltysim.rules.compiled import rule
from loyaltysim.rules.world import handle_of

PARTS = (
    ("sites: occasions, lines, visits", kernel, "advance_site"),
    ("closes: leaving, expiry", calls, "close_month"),
    ("closes: standings, stock, diaries", calls, "take_stock_of_all"),
    ("closes: the books are checked", market, "broken"),
)


@contextmanager
def timed(spent: Counter[str]) -> Iterator[None]:
    """Within this the CPU time of each part is added up."""
    before = [getattr(module, name) for _, module, name in PARTS]

    def clocked(part: str, function: Callable) -> Callable:
        def call(*arguments: Any) -> Any:
            found: list[Any] = []
            spent[part] += cpu(lambda: found.append(as_list(function(*arguments))))
            return found[0]

        return call

    for (part, module, name), function in zip(PARTS, before, strict=True):
        setattr(module, name, clocked(part, function))
    try:
        yield
    finally:
        for (_, module, name), function in zip(PARTS, before, strict=True):
            setattr(module, name, function)


def as_list(result: Any) -> Any:
    """A generator is run to its end, so that its time is its own."""
    return list(result) if isinstance(result, Iterator) else result


def by_part(customers: int, months: int) -> dict[str, float]:
    """Nanoseconds a visit by part."""
    parameters, spent = numbers(customers, months), Counter[str]()
    worlds: list[Any] = []
    with timed(spent):
        opening = cpu(lambda: worlds.append(opened(parameters)))
        rest = cpu(lambda: kernel.advance(worlds[0], parameters, months, "parts"))
    found = {"opening the world": opening, **{part: spent[part] for part, *_ in PARTS}}
    found["the market's process, SimPy, adding up"] = rest - sum(spent.values())
    return {part: 1e9 * seconds / counted(worlds[0]).visits for part, seconds in found.items()}


@rule
def stand(handle, now, found):
    """Everybody's standing."""
    w = handle[0]
    for i in range(len(found)):
        found[i] = standing.standing_of(w, i, now, False)


@rule
def hazards(handle, standings):
    """Everybody's -ln of staying at her standing."""
    w = handle[0]
    total = 0.0
    for i in range(len(standings)):
        total += standing.hazard_of_period(of.terms(w)[0], of.customers(w)[i], standings[i])
    return total


@rule
def keep_diaries(handle, months):
    """Everybody's month in her diary."""
    w = handle[0]
    for i in range(len(of.customers(w))):
        diary.keep_month(w, i, months)


def alone(customers: int) -> dict[str, float]:
    """Nanoseconds of one call of single rules, in a loop over all customers."""
    parameters = numbers(customers, 14)
    world = opened(parameters)
    kernel.advance(world, parameters, 13, "parts")
    handle, now = handle_of(world), float(parameters.closes[13])
    standings = np.empty(customers)
    loops: dict[str, Callable[[], object]] = {
        "six draws and their variates": lambda: luck_of_visits(handle, customers),
        "a standing": lambda: stand(handle, now, standings),
        "the hazard at a standing": lambda: hazards(handle, standings),
        "a month in the diary": lambda: keep_diaries(handle, 12),
    }
    found = {}
    for name, loop in loops.items():
        loop()
        found[name] = statistics.median(1e9 * cpu(loop) / customers for _ in range(ROUNDS))
    return found


def main() -> None:
    """Print both tables; customers and months may be given."""
    customers, months = (int(word) for word in sys.argv[1:3]) if len(sys.argv) > 2 else (100_000, 36)
    lived("compiled", numbers(2000, 2))
    rounds = [by_part(customers, months) for _ in range(ROUNDS)]
    whole = statistics.median(sum(one.values()) for one in rounds)
    print(f"{customers:,} customers, {months} months: {whole:.0f} ns a visit (medians of {ROUNDS} rounds)")
    print("| part | ns a visit | of it |\n|---|---:|---:|")
    for part in rounds[0]:
        middle = statistics.median(one[part] for one in rounds)
        print(f"| {part} | {middle:.0f} | {100 * middle / whole:.0f} % |")
    for name, time in alone(customers).items():
        print(f"| one call, nothing to wait for: {name} | {time:.0f} | |")


if __name__ == "__main__":
    main()
