"""C6 and Erlang-A: the line before the desks, as the engine lives it.

Customers are so many, and each so rare, that their occasions are a Poisson stream: superposed Poisson
processes are one exactly, and only an occasion that falls into the customer's own wait is put off to the
end of it. That happens to a share of (her rate x mean wait) of the arrivals - 3e-4, 7e-4 and 8e-5 below -
each put off by less than a wait: an effect on the figures of the same order, a twentieth of a standard error.

`SPREAD` holds the standard deviation of one replication, from 400 runs of an independent recursion (Kiefer &
Wolfowitz 1955) with another generator over the same span; figures of one span are correlated and few
replications would not tell their spread.
"""

from __future__ import annotations

import math

import numpy as np

from loyaltysim.engines.simulate import run_arms
from loyaltysim.record.world import EVERYBODY
from loyaltysim.rules.eventlog import KINDS
from loyaltysim.rules.ledger import V
from loyaltysim.scenario.load import load
from loyaltysim.scenario.lower import lower
from loyaltysim.validation.forms import ErlangA, erlang_c
from loyaltysim.validation.verdict import SCENARIOS, Row, counts, mean, run, share, story

SPREAD = {
    "mm4": {"wait": 0.5257, 1: 0.00789, 300: 0.01064, 1200: 0.01091, 2400: 0.00701},
    "mm6": {"wait": 0.1164, 1: 0.01044, 20: 0.01150, 120: 0.01372, 360: 0.00980},
    "erlang_a": {
        "wait": 0.0422,
        "served": 0.0393,
        "gave_up": 0.00137,
        1: 0.00678,
        225: 0.00472,
        450: 0.00255,
    },
}  # minutes; shares


def lived(name: str, replications: int) -> tuple[np.ndarray, np.ndarray]:
    """Service ledger after month 0 and histogram of waits, one row a replication."""
    found = [r for r in run(name, replications=replications)]
    service = np.array([r.programme.service[r.warm_up :].sum(axis=(0, 1)) for r in found], float)
    return service, np.array([r.programme.waits for r in found], float)


def judged(name: str, what: str, expected: float, values: np.ndarray, spread: str | int, n: float) -> Row:
    """One figure over replications."""
    error = SPREAD[name][spread] / math.sqrt(len(values))
    return Row(what, expected, float(values.mean()), error, f"{len(values)} x {n:,.0f} arrivals")


def within(waits: np.ndarray, seconds: int) -> np.ndarray:
    """Share of arrivals who spend less than so many seconds in the line."""
    return waits[:, :seconds].sum(axis=1) / waits.sum(axis=1)


def mmc(name: str, per_hour: float, minutes: float, desks: int, replications: int) -> list[Row]:
    """Waits of M/M/c: mean, distribution, utilisation."""
    service, waits = lived(name, replications)
    arrivals = service[:, V.SERVED]
    n = arrivals.mean()
    rate, spare = 60.0 / minutes, desks * 60.0 / minutes - per_hour
    c = erlang_c(per_hour, rate, desks)
    wait = service[:, V.WAIT_MS] / arrivals / 60_000.0
    rows = [judged(name, "mean wait, minutes", 60.0 * c / spare, wait, "wait", n)]
    for seconds in (s for s in SPREAD[name] if isinstance(s, int)):
        expected = 1.0 - c * math.exp(-spare * seconds / 3600.0)
        rows.append(
            judged(name, f"share who wait < {seconds} s", expected, within(waits, seconds), seconds, n)
        )
    load = per_hour / rate / desks
    busy = service[:, V.BUSY_MS].sum() / service[:, V.STAFFED_MS].sum()
    error = load * math.sqrt(2.0 / arrivals.sum())
    return [*rows, Row("utilisation", load, busy, error, f"{len(wait)} x {n:,.0f} arrivals")]


def mm4(replications: int = 4) -> list[Row]:
    """C6: M/M/4, 20 an hour, 10 minutes (load .833)."""
    return mmc("mm4", 20.0, 10.0, 4, replications)


def mm6(replications: int = 4) -> list[Row]:
    """M/M/6, 100 an hour, 3 minutes (load .833)."""
    return mmc("mm6", 100.0, 3.0, 6, replications)


def erlang_a(replications: int = 4) -> list[Row]:
    """Erlang-A: 32 an hour, 10 clerks, 15 minutes, patience 30 minutes."""
    name = "erlang_a"
    service, waits = lived(name, replications)
    form = ErlangA(32.0, 4.0, 10, 0.5)
    served, gave_up = service[:, V.SERVED], service[:, V.GAVE_UP]
    arrivals = served + gave_up
    n = arrivals.mean()
    wait = service[:, V.WAIT_MS] / arrivals / 60_000.0
    rows = [
        judged(name, "mean time in the line, minutes", 60.0 * form.wait, wait, "wait", n),
        judged(name, "share who give up", form.gave_up, gave_up / arrivals, "gave_up", n),
    ]
    for seconds in (1, 225, 450):
        rows.append(
            judged(
                name,
                f"share in the line < {seconds} s",
                form.within(seconds / 3600.0),
                within(waits, seconds),
                seconds,
                n,
            )
        )
    return rows


def nhpp() -> list[Row]:
    """NHPP: arrivals at 10 (1 + .5 sin 2 pi t/24) an hour: 240 a day, .659155 of them in the first half."""
    path = SCENARIOS / "nhpp.yaml"
    scenario = load(path, ()).scenario
    world, _, _ = run_arms(lower(scenario), 0, scenario.seed, "simpy", EVERYBODY)
    lines = story(world)
    visits = lines[lines["kind"] == KINDS.index("visit")]
    came = visits["time"] - visits["wait"]
    days = int(came.max())  # whole ones
    came = came[came < days]
    hours = np.bincount((came * 24.0).astype(int), minlength=24 * days).reshape(days, 24)
    rate = 10.0 * (1.0 + 12.0 / math.pi * 0.5 * (np.cos(HOURS[:-1]) - np.cos(HOURS[1:])))
    each = (hours - rate) / np.sqrt(rate)  # of a Poisson count: mean 0, mean square 1
    spread = np.sqrt((2.0 + 1.0 / rate).mean())  # of its square, by the fourth moment
    return [
        mean("arrivals a day", 240.0, hours.sum(axis=1), "days", math.sqrt(240.0)),
        share("in the first twelve hours", 0.5 + 1.0 / (2.0 * math.pi), came % 1.0 < 0.5, "arrivals"),
        mean("hours: variance over mean", 1.0, (each**2).ravel(), "hours", float(spread)),
        counts("arrivals by hour of the day", rate / rate.sum(), (came * 24.0) % 24.0, "arrivals"),
    ]


HOURS = np.linspace(0.0, 2.0 * math.pi, 25)  # ends of the hours of a day, as angles
