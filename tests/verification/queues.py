"""The lines of TRUST 2b at full length: twenty replications of 110,000 arrivals each, on the compiled engine.

    python tests/verification/queues.py

prints the table that stands in docs/validation.md. A unit of time is so long that 110,000 arrivals
take eleven months; those of the first month are dropped.

Arrivals are the occasions of 20,000 customers: superposed Poisson processes, which are one exactly. Only an
occasion that falls into the customer's own wait is put off to the end of that wait: a share (her rate x mean
wait) of the arrivals, below 4e-4 in every row, each put off by less than a wait. Relative effects on the
figures are of that order; the smallest relative standard error of a mean wait below is ten times as large.

A figure's error comes from the standard deviation of one replication as TRUST gives it, where it does (`one`
above 0), else from the replications themselves.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from loyaltysim.engines.simulate import simulate
from loyaltysim.rules.ledger import V
from loyaltysim.scenario.load import load
from loyaltysim.scenario.lower import lower
from loyaltysim.validation.forms import ErlangA, erlang_c
from loyaltysim.validation.verdict import SCENARIOS, Row

CUSTOMERS, A_MONTH, MONTHS = 20_000, 10_000, 11
MONTH = 365.0 / 12.0
REPLICATIONS = 20


def minutes(rate: float) -> float:
    """Length of a unit of time, so that a month has its arrivals."""
    return rate * MONTH * 1440.0 / A_MONTH


def whole_seconds(rate: float, marks: tuple[float, ...]) -> list[float]:
    """Times in units, each a whole number of seconds: one second (the histogram's least), then the marks."""
    seconds = 60.0 * minutes(rate)
    return [1.0 / seconds, *(round(t * seconds) / seconds for t in marks)]


class Line(NamedTuple):
    """A line in its units of time; `figures` are (expected, sd of one replication or 0) by name."""

    name: str
    rate: float
    law: str
    mean: float
    desks: int
    patience: float
    figures: dict[str, tuple[float, float]]
    within: dict[float, float]
    """Expected share of arrivals who spend less than so many units in the line."""


def mmc(name: str, rate: float, desks: int, mean: float, sd: float, *marks: float) -> Line:
    """M/M/c: mean wait, length of the line, load; the wait is 0 or exponential (Erlang 1917)."""
    c, spare = erlang_c(rate, 1.0 / mean, desks), desks / mean - rate
    figures = {"Wq": (c / spare, sd), "Lq": (rate * c / spare, 0.0), "load": (rate * mean / desks, 0.0)}
    within = {t: 1.0 - c * math.exp(-spare * t) for t in whole_seconds(rate, marks)}
    return Line(name, rate, "exponential", mean, desks, math.inf, figures, within)


def mg1(name: str, rate: float, law: str, wait: float, sd: float, *marks: float) -> Line:
    """M/G/1 of mean service 1: Wq by Pollaczek-Khinchine; P(W < t) = (1 - rho) exp(rate t) while no service
    is shorter than t (for the lognormal law of scv 2.25: one in 70,000 is below .01).
    """
    within = {t: (1.0 - rate) * math.exp(rate * t) for t in whole_seconds(rate, marks)}
    return Line(name, rate, law, 1.0, 1, math.inf, {"Wq": (wait, sd), "load": (rate, 0.0)}, within)


def impatient(
    name: str, rate: float, desks: int, mean: float, patience: float, left: float, wait: float, *marks: float
) -> Line:
    """Erlang-A: share who give up, mean and distribution of the time in the line, load (Palm 1957)."""
    form = ErlangA(rate, 1.0 / mean, desks, patience)
    load = rate * (1.0 - form.gave_up) * mean / desks
    figures = {"P(ab)": (form.gave_up, left), "W of all": (form.wait, wait), "load": (load, 0.0)}
    within = {t: form.within(t) for t in whole_seconds(rate, marks)}
    return Line(name, rate, "exponential", mean, desks, patience, figures, within)


LINES = (
    mmc("M/M/1: .8, 1", 0.8, 1, 1.0, 0.121, 2.35, 10.4, 13.87),
    mmc("M/M/1: .5, 1", 0.5, 1, 1.0, math.sqrt(29.0 / 1e5), 2.0),
    mmc("M/M/2: 1.8, 1", 1.8, 2, 1.0, 0.257, 4.0, 12.0),
    mmc("M/M/6: 100 an hour, 3 min", 100.0 / 60.0, 6, 3.0, 0.085, 1.0 / 3.0, 5.0),
    mmc("M/M/10: 8, 1", 8.0, 10, 1.0, 0.0117, 0.5, 1.05),
    mmc("M/M/100: 90, 1", 90.0, 100, 1.0, 0.0, 0.1),
    mmc("M/M/50: 48, 1", 48.0, 50, 1.0, 0.0, 0.1, 0.5),
    mg1("M/D/1: .8", 0.8, "constant", 2.0, 0.056, 0.5, 0.99),
    mg1("M/LN/1: .8, scv 2.25", 0.8, "lognormal, cv: 1.5", 6.5, 0.446),
    impatient("Erlang-A: 8, 1, 10, 2", 8.0, 10, 1.0, 2.0, 0.0011, 0.0024, 0.1, 0.25, 0.5, 1.0),
    impatient("Erlang-A: 12, 1, 10, 2", 12.0, 10, 1.0, 2.0, 0.0027, 0.0072, 0.1, 0.25, 0.5, 1.0),
    impatient(
        "Erlang-A: 100 an hour, 6, 3 min, 2 min", 100 / 60, 6, 3.0, 2.0, 0.0015, 0.0039, 0.25, 1.0, 2.0
    ),
    impatient("Erlang-A: 48, 1, 50, 2", 48.0, 50, 1.0, 2.0, 0.0015, 0.0, 1 / 6, 0.2074),
    impatient("Erlang-A: 10, 1, 10, 1", 10.0, 10, 1.0, 1.0, 0.0, 0.0, 0.1, 0.25, 0.5),
)


def rows(line: Line, replications: int = REPLICATIONS, months: int = MONTHS) -> Iterator[Row]:
    """Live a line and judge every figure of it."""
    unit = minutes(line.rate)
    patience = "" if line.patience == math.inf else f", patience: {{mean: {line.patience * unit!r} min}}"
    service = f"{{desks: {line.desks}, time: {{law: {line.law}, mean: {line.mean * unit!r} min}}{patience}}}"
    loaded = load(
        SCENARIOS / "line.yaml",
        (
            f"horizon={months - 1} months",
            f"market.customers={CUSTOMERS}",
            f"market.segments.all.occasions.mean={A_MONTH / MONTH / CUSTOMERS!r} / day",
            f"firm.service={service}",
        ),
    )
    numbers = lower(loaded.scenario)
    seed = loaded.scenario.seed + [one.name for one in LINES].index(line.name)  # lines share no luck
    arms = [simulate(numbers, r, seed, "compiled").twin for r in range(replications)]
    service_rows = np.array([arm.service[1:, 0].sum(axis=0) for arm in arms], float)
    waits = np.array([arm.waits for arm in arms], float)
    arrived = service_rows[:, V.SERVED] + service_rows[:, V.GAVE_UP]
    spent = service_rows[:, V.WAIT_MS] / 60_000.0 / unit
    span = (months - 1) * MONTH * 1440.0 / unit
    found = {
        "Wq": spent / arrived,
        "W of all": spent / arrived,
        "Lq": spent / span,
        "P(ab)": service_rows[:, V.GAVE_UP] / arrived,
        "load": service_rows[:, V.BUSY_MS] / service_rows[:, V.STAFFED_MS],
    }
    n = f"{replications} x {arrived.mean():,.0f}"
    scale = math.sqrt(1e5 / arrived.mean())
    for name, (expected, one) in line.figures.items():
        yield judged(f"{line.name}: {name}", expected, found[name], one * scale, n)
    for units, expected in line.within.items():
        seconds = round(units * unit * 60.0)
        share = waits[:, :seconds].sum(axis=1) / waits.sum(axis=1)
        name = "P(< 1 s in line)" if seconds == 1 else f"P(< {units:.3g} in line)"
        yield judged(f"{line.name}: {name}", expected, share, 0.0, n)


def judged(what: str, expected: float, values: np.ndarray, one: float, n: str) -> Row:
    """One figure; its error from the known sd of one replication, or from the replications."""
    spread = one or float(values.std(ddof=1))
    return Row(what, expected, float(values.mean()), spread / math.sqrt(len(values)), n)


def table(replications: int) -> str:
    """All lines as a table."""
    told = ["| line and figure | expected | simulated | s.e. | away | |", "|---|---|---|---|---|---|"]
    for line in LINES:
        for row in rows(line, replications):
            verdict = "holds" if row.holds else "**misses**"
            told.append(
                f"| {row.what} | {row.expected:.6g} | {row.found:.6g} | {row.error:.2g} | {row.away:+.2f} "
                f"| {verdict} |"
            )
    return "\n".join(told)


if __name__ == "__main__":
    began = time.perf_counter()
    print(table(int(sys.argv[1]) if len(sys.argv) > 1 else REPLICATIONS))
    print(f"{time.perf_counter() - began:.0f} s", file=sys.stderr)
