"""The rows of the table: what is measured against what, and what the issue asks for."""

from __future__ import annotations

import json
import math
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from benchmarks import months, naive, straight
from benchmarks.measuring import ROUNDS, Row, child, cpu, ratios, side_by_side, told, wall
from benchmarks.worlds import counted, lived, numbers, opened
from loyaltysim.experiments.pool import run_all
from loyaltysim.experiments.warm import stand_ready
from loyaltysim.rules import desk, draws, occasions, variates
from loyaltysim.rules import world as of
from loyaltysim.rules.arrays import World
from loyaltysim.rules.compiled import rule
from loyaltysim.rules.world import handle_of

HERE = Path(__file__).parent
COFFEE = str(HERE.parent / "scenarios" / "coffee.yaml")
PROCESS = ("-m", "benchmarks.in_a_process")
FIRST_RUN = "from loyaltysim.experiments.run import warmup; warmup('compiled')"


def a_visit(engine: str, customers: int, months: int) -> float:
    """Nanoseconds of CPU of one visit, the opening of the world included."""
    found: list[World] = []
    loaded(engine)
    parameters = numbers(customers, months)
    seconds = cpu(lambda: found.append(lived(engine, parameters)))
    return 1e9 * seconds / counted(found[0]).visits


@lru_cache
def loaded(engine: str) -> None:
    """Have the engine's compiled rules loaded, before anything is timed."""
    lived(engine, numbers(2000, 2))


def a_naive_visit(customers: int, months: float) -> float:
    """The same of the yardstick in SimPy, without the making of its processes: from month 1 on."""
    market = naive.Market(customers)
    market.live(1)
    found: list[int] = []
    return 1e9 * cpu(lambda: found.append(market.live(1 + months))) / found[0]


def ns(figures: list[float]) -> str:
    """A median in nanoseconds."""
    return f"{statistics.median(figures):,.0f} ns"


# ---------------------------------------------------------------- against others


def against_naive() -> Row:
    """The kernel and naive SimPy."""
    found = side_by_side(partial(a_visit, "compiled", 100_000, 36), partial(a_naive_visit, 100_000, 2))
    mine, theirs = ([r[k] for r in found] for k in (0, 1))
    what = f"kernel ({ns(mine)} a visit) against naive SimPy ({ns(theirs)}), 10⁵ customers"
    return Row("naive", what, ratios(found), "times", 60, 150, True)


def against_our_simpy() -> Row:
    """The kernel and our own SimPy engine, at the same visits."""
    found = side_by_side(partial(a_visit, "compiled", 10_000, 12), partial(a_visit, "simpy", 10_000, 12))
    mine, theirs = ([r[k] for r in found] for k in (0, 1))
    what = f"kernel ({ns(mine)}) against our SimPy engine ({ns(theirs)}), 10⁴ customers, the same visits"
    return Row("reference", what, ratios(found), "times", 30, 60, True)


def simpy_against_naive() -> Row:
    """Our SimPy engine and naive SimPy."""
    found = side_by_side(partial(a_visit, "simpy", 10_000, 12), partial(a_naive_visit, 10_000, 12))
    what = "our SimPy engine against naive SimPy, 10⁴ customers"
    return Row("simpy", what, ratios(found), "times as fast", 0.7, 1.0, True)


def against_cimba(python: str) -> list[Row]:
    """The kernel and cimba; and the memory of both."""
    speed = "kernel against cimba 0.9.5, 10⁴ customers × 36 months"
    memory = "memory of a customer: cimba's over ours, 10⁴ customers, what a run adds to the process"
    goals = ("times", 4, 8, True)
    found: list[tuple[float, float, float]] = []
    try:
        told("-c", "import cimba; print('{}')", python=python)
    except (OSError, subprocess.CalledProcessError):
        return [
            Row("cimba", speed, [], *goals),
            Row("cimba-memory", memory, [], "times", 50, 50, True),
        ]
    for _ in range(ROUNDS):
        mine = a_visit("compiled", 10_000, 36)
        theirs = told(str(HERE / "cimba_port.py"), "10000", "36", python=python)
        found.append(
            (mine, 1e9 * (theirs["seconds"] - theirs["opening"]) / theirs["visits"], theirs["bytes"])
        )
    added = bytes_of_a_world(10_000)
    speed += f" ({ns([r[0] for r in found])} and {ns([r[1] for r in found])} a visit)"
    memory += f" ({statistics.median(r[2] for r in found):,.0f} B and {added:,.0f} B)"
    return [
        Row("cimba", speed, ratios(found), *goals),
        Row("cimba-memory", memory, [r[2] / added for r in found], "times", 50, 50, True),
    ]


def bytes_of_a_world(customers: int) -> float:
    """Bytes of a customer in a world's arrays, with its share of sites and ledgers that are touched."""
    world = opened(numbers(customers, 36))
    apart = ("tables", "waits")  # of the scenario; and a histogram a site that is mostly untouched
    return sum(part.nbytes for name, part in world._asdict().items() if name not in apart) / customers


def against_months() -> Row:
    """The kernel and whole months in NumPy."""

    def theirs() -> float:
        market = months.Market(100_000)
        return 1e9 * cpu(lambda: market.live(36)) / market.visits

    found = side_by_side(partial(a_visit, "compiled", 100_000, 36), theirs)
    what = "kernel against whole months in NumPy without queues, 10⁵ customers"
    return Row("numpy", what, ratios(found), "times as fast", 1.0, 1.5, True)


def against_straight() -> Row:
    """The kernel and the same rules in a straight loop."""
    parameters = numbers(100_000, 36)

    def theirs() -> float:
        worlds: list[World] = []
        seconds = cpu(lambda: worlds.append(straight.advance(opened(parameters), parameters)))
        return 1e9 * seconds / counted(worlds[0]).visits

    found = side_by_side(partial(a_visit, "compiled", 100_000, 36), theirs)
    what = "kernel's time over that of a straight loop over the same rules, 10⁵ customers"
    return Row("straight", what, ratios(found, over=0, under=1), "of its time", 2.0, 1.4, False)


# ---------------------------------------------------------------- size


def large() -> list[Row]:
    """Ten million customers, once; and how the time grows up to there."""
    twin = "programme.points="
    sizes = (10_000, 100_000, 1_000_000)
    small = [
        told(*PROCESS, "size", str(n), "36", "1", twin) for n in sizes for _ in range(3 if n < 1e6 else 1)
    ]
    most = told(*PROCESS, "size", "10000000", "36", "2", twin)
    first = statistics.median(one["cpu"] for one in small[:3])
    exponent = math.log(most["cpu"] / first) / math.log(1000.0)
    place = "10⁷ customers × 36 months, one arm without points, two threads"
    return [
        Row("ten-million", f"{place}: wall", [most["wall"]], "s", 300, 120, False),
        Row(
            "ten-million-memory", f"{place}: peak of the process", [most["bytes"]], "B each", 300, 200, False
        ),
        Row("exponent", "exponent of CPU time in customers, 10⁴ to 10⁷", [exponent], "", 1.08, 1.03, False),
    ]


def one_replication(number: int) -> int:
    """A task of the pool: both arms of a small market, measured as `run` does."""
    from loyaltysim.engines.simulate import simulate

    parameters = numbers(30_000, 36)
    return int(simulate(parameters, number, 7).programme.money.sum() > 0)


def workers() -> Row:
    """Two workers on 30 replications, as a share of what two processes can do here at all."""

    def done(count: int) -> float:
        return wall(lambda: run_all(one_replication, range(30), count, lambda number, result: None))

    one_replication(0)
    stand_ready(2)
    found = side_by_side(partial(together, 1), partial(together, 2), partial(done, 1), partial(done, 2))
    shares = [(r[2] / r[3]) / (2.0 * r[0] / r[1]) for r in found]
    ceiling = statistics.median(2.0 * r[0] / r[1] for r in found)
    what = f"two workers on 30 replications, wall, of the ceiling of two processes ({ceiling:.2f} times one)"
    return Row("workers", what, shares, "of the ceiling", 0.9, 0.95, True)


def together(count: int) -> float:
    """Seconds on the wall of so many kernels that know nothing of one another, begun at once."""
    crew = [
        subprocess.Popen(
            [sys.executable, *PROCESS, "alone", "100000", "36"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=str(HERE.parent),
        )
        for _ in range(count)
    ]  # fmt: skip
    begin_when_ready(crew)
    return max(json.loads(one.communicate()[0].splitlines()[-1])["wall"] for one in crew)


def begin_when_ready(crew: list[subprocess.Popen[str]]) -> None:
    """Wait until each has said that it is ready, then let all begin."""
    for one in crew:
        assert one.stdout is not None and one.stdout.readline().strip() == "ready"
    for one in crew:
        assert one.stdin is not None
        one.stdin.write("begin\n")
        one.stdin.flush()


# ---------------------------------------------------------------- a visit's luck


@rule
def luck_of_visits(handle, times):
    """The draws and variates of a visit, so many times: gap, mood, basket, patience, service, reward."""
    w = handle[0]
    total = 0.0
    terms = of.terms(w)[0]
    for k in range(times):
        c = of.customers(w)[k % len(of.customers(w))]
        segment = of.segments(w)[c.segment]
        total += occasions.gap(c.key, segment, of.tables(w), k)
        total += variates.normal(draws.uniform(c.key, draws.QUALITY, 0, k))
        u = draws.uniform(c.key, draws.BASKET, 0, k)
        total += variates.gamma(of.tables(w)[segment.basket_table], u)
        total += desk.patience(terms, c.key, k) + desk.service_time(terms, c.key, k)
        total += variates.exponential(draws.uniform(c.key, draws.REDEEM, 0, k))
    return total


def luck() -> Row:
    """Draws and variates as a share of a visit."""
    world = opened(numbers(2000, 36))
    handle = handle_of(world)
    luck_of_visits(handle, 10)

    def drawn() -> float:
        return 1e9 * cpu(lambda: luck_of_visits(handle, 1_000_000)) / 1_000_000

    found = side_by_side(partial(a_visit, "compiled", 100_000, 36), drawn)
    shares = [100.0 * r[1] / r[0] for r in found]
    what = f"six draws and their variates ({ns([r[1] for r in found])}), of a visit"
    return Row("draws", what, shares, "%", 15, 8, False)


# ---------------------------------------------------------------- waiting for it


def starts() -> list[Row]:
    """Cold compile (wall: two processes share it); warm start and help: CPU of processes of their own."""
    help_ = [child("-m", "loyaltysim.cli", "--help")[0] for _ in range(ROUNDS)]
    with tempfile.TemporaryDirectory() as folder:
        warm = [
            child(*PROCESS, "first-event", COFFEE, f"{folder}/out{number}")[0] for number in range(ROUNDS + 1)
        ][1:]
    cold, both = [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            cold.append(child("-c", FIRST_RUN, LOYALTYSIM_CACHE=folder)[1])
        with tempfile.TemporaryDirectory() as folder:
            both.append(child("-m", "loyaltysim.cli", "warmup", LOYALTYSIM_CACHE=folder)[1])
    return [
        Row("cold", "what a first run compiles, with an empty cache, wall", cold, "s", 15, 8, False),
        Row(
            "both",
            "`loyaltysim warmup` with an empty cache: the rules of both engines, wall",
            both,
            "s",
            15,
            8,
            False,
        ),
        Row("warm", "warm `run`, from the start to the first month lived", warm, "s", 1.0, 0.6, False),
        Row("help", "`loyaltysim --help`", help_, "s", 0.2, 0.15, False),
    ]


def coffee() -> list[Row]:
    """The scenario of the demo, as a person waits for it."""

    def run(*words: str) -> float:
        with tempfile.TemporaryDirectory() as folder:
            return child("-m", "loyaltysim.cli", "run", COFFEE, "--quiet", "--out", f"{folder}/o", *words)[1]

    def compared() -> float:
        with tempfile.TemporaryDirectory() as folder:
            other = Path(folder) / "other.yaml"
            text = Path(COFFEE).read_text(encoding="utf-8")
            other.write_text(text.replace("worth: 0.05 EUR", "worth: 0.08 EUR"), encoding="utf-8")
            words = ("compare", COFFEE, str(other), "--quiet", "--out", f"{folder}/o")
            return child("-m", "loyaltysim.cli", *words)[1]

    run()
    shipped = [run() for _ in range(ROUNDS)]
    large = [run("--set", "market.customers=5000") for _ in range(ROUNDS)]
    both = [compared() for _ in range(ROUNDS)]
    return [
        Row("coffee", "`run scenarios/coffee.yaml` as shipped, warm, wall", shipped, "s", 5, 3, False),
        Row("coffee-5000", "the same with 5,000 customers, wall", large, "s", 20, 10, False),
        Row(
            "compare", "`compare` of two coffee files, report included, warm, wall", both, "s", 10, 10, False
        ),
    ]


def all_rows(cimba: str) -> dict[str, Callable[[], Row | list[Row]]]:
    """Every measurement by its name, the largest last."""
    return {
        "naive": against_naive,
        "reference": against_our_simpy,
        "simpy": simpy_against_naive,
        "cimba": partial(against_cimba, cimba),
        "numpy": against_months,
        "straight": against_straight,
        "draws": luck,
        "starts": starts,
        "coffee": coffee,
        "workers": workers,
        "large": large,
    }


def agreement() -> list[str]:
    """What must be the same whoever does it, on a small market: no times."""
    parameters = numbers(4_000, 6)
    free = numbers(4_000, 6, "firm.service=", "waiting=")
    kernel, threads, simpy = (
        lived("compiled", parameters), lived("compiled", parameters, 2), lived("simpy", parameters),
    )  # fmt: skip
    loop, alone = straight.advance(opened(free), free), lived("compiled", free)
    market = naive.Market(4_000)
    market.live(6)
    whole = months.Market(4_000)
    whole.live(6)
    visits = counted(kernel).visits
    found = {
        "the kernel counts what our SimPy engine counts": np.array_equal(kernel.money, simpy.money),
        "two threads count what one counts": np.array_equal(kernel.money, threads.money),
        "the straight loop counts what the kernel counts where nobody waits": np.array_equal(
            loop.money, alone.money
        ),
        "naive SimPy makes as many visits within 5 %": abs(market.visits / visits - 1.0) < 0.05,
        "whole months make as many visits within 5 %": abs(whole.visits / visits - 1.0) < 0.05,
        "naive SimPy has as many who give up within a fifth": abs(
            market.gave_up / market.at_desks / counted(kernel).gave_up - 1.0
        )
        < 0.2,
    }
    return [name for name, holds in found.items() if not holds]
