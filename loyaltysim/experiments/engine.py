"""Which engine runs, whether its rules must be compiled first, and how cores are shared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysim.errors import UsageError

if TYPE_CHECKING:
    from loyaltysim.rules.loading import Library
    from loyaltysim.scenario.spec import Scenario

ENGINES = ("auto", "simpy", "compiled")
MONTH = 365.0 / 12.0
SIMPY_VISIT = 25e-6  # seconds of a visit in the SimPy engine, roughly
COMPILED_VISIT = 0.5e-6  # the same in the compiled engine
EVENT_WRITTEN = 1.5e-6  # seconds to write an event down, and to join it to the others
KERNEL_LOAD = 0.15  # seconds to load the compiled loop from its cache, roughly
MANY = 50_000  # customers from which on one replication is worth several threads


def chosen(engine: str, scenario: Scenario, replications: int) -> str:
    """The engine that runs: the one asked for, or by `auto` the compiled one unless SimPy is done sooner.

    Both leave the same records, so the choice changes no number. Raises UsageError for another name.
    """
    if engine not in ENGINES:
        raise UsageError(f"engine: {engine!r} is none of {', '.join(ENGINES)}")
    if engine != "auto":
        return engine
    seconds = occasions(scenario) * replications * SIMPY_VISIT
    return "simpy" if seconds < KERNEL_LOAD else "compiled"


def seconds_needed(
    engine: str, scenario: Scenario, replications: int, processors: int, logged: float = 0.0
) -> float:
    """Seconds of a run once its rules are compiled, roughly; `logged` is the share of events that is kept."""
    visit = SIMPY_VISIT if engine == "simpy" else COMPILED_VISIT
    return occasions(scenario) * replications * (visit + logged * EVENT_WRITTEN) / processors


def occasions(scenario: Scenario) -> float:
    """Occasions of all customers in both arms of one replication, roughly."""
    market = scenario.market
    rate = sum(
        s.share * (s.occasions.mean or 1.0 / (s.occasions.every or 1.0)) for s in market.segments.values()
    )
    months = scenario.warm_up + scenario.horizon * (1 if scenario.programme is None else 2)
    return (market.customers + sum(e.customers for e in market.entries)) * rate * months * MONTH


def threads_for(scenario: Scenario, cores: int, workers: int) -> int:
    """Threads of each worker: the cores that the workers leave idle, where one replication is large."""
    return max(1, cores // workers) if scenario.market.customers >= MANY else 1


def must_compile(engine: str) -> bool:
    """Whether no run of this engine has compiled its rules on this machine yet."""
    return bool(to_compile(engine))


def to_compile(*engines: str) -> list[Library]:
    """The libraries of compiled rules that these engines need and that are not kept on this machine."""
    from loyaltysim.engines.line import LINE
    from loyaltysim.record.ledgers import BOOKS
    from loyaltysim.rules.compiled import INTERPRETED
    from loyaltysim.rules.loading import MARKET, TURNS

    needed = [MARKET, BOOKS]
    needed += [LINE] if "compiled" in engines else []
    needed += [TURNS] if "simpy" in engines else []
    return [library for library in needed if not INTERPRETED and not library.is_kept]
