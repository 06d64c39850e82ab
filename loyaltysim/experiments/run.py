"""Run a scenario: replicate, keep, summarise, judge, answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from loyaltysim.errors import UsageError
from loyaltysim.experiments.answer import answer, beside_the_real
from loyaltysim.experiments.checks import judge, require_known
from loyaltysim.experiments.engine import chosen, must_compile, seconds_needed, threads_for
from loyaltysim.experiments.explain import no_steady_state
from loyaltysim.experiments.lives import EVENTS, Asked, Lives, asked_of, joined
from loyaltysim.experiments.manifest import identity_of, manifest_of
from loyaltysim.experiments.moves import alone, moves
from loyaltysim.experiments.outer import draws_table, outer_of, require_sound
from loyaltysim.experiments.pool import Failed, run_all
from loyaltysim.experiments.precision import (
    FIRST_LOOK,
    MOST,
    Target,
    arm_of,
    next_look,
    not_met,
    require_there,
    targets_of,
)
from loyaltysim.experiments.resources import Need, require
from loyaltysim.experiments.results import Results
from loyaltysim.experiments.store import Store, opened
from loyaltysim.experiments.tables import monthly, samples, table_bytes, weekly, without_the_absent
from loyaltysim.experiments.task import Plan, replicate
from loyaltysim.experiments.warm import cores
from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.metrics.measure import Measured, applicable
from loyaltysim.metrics.summary import LEVEL, Row, estimate, skewed_figures, summarise
from loyaltysim.metrics.terms import Terms, terms_of
from loyaltysim.metrics.unknown import by_draw, told_apart, with_luck
from loyaltysim.record.observed import cohort

if TYPE_CHECKING:
    import pandas as pd

    from loyaltysim.scenario.load import Loaded
    from loyaltysim.scenario.spec import Scenario

Progress = Callable[[int, int], None]
FEW = 20  # replications below which intervals are not to be trusted


def run(
    loaded: Loaded,
    *,
    replications: int | None = None,
    seed: int | None = None,
    engine: str = "auto",
    workers: int | None = None,
    out: str | Path | None = None,
    resume: bool = False,
    customers: bool = False,
    events: bool = False,
    sample: float | str | None = None,
    force: bool = False,
    precision: Iterable[str] = (),
    known: Sequence[Measured] = (),
    progress: Progress | None = None,
    notify: Callable[[str], None] | None = None,
) -> Results:
    """Simulate a scenario and its twin, and say what the programme does.

    Replications are numbered 0, 1, …; each is a pure function of scenario, seed and number, so the
    result is the same for any number of workers, any engine, and for a run that was interrupted and
    resumed. With `out` everything is kept there (DESIGN 5); `customers` and `events` add lives to it,
    of all customers or of a `sample` (a share of them). Refused is what exceeds memory or disk, and,
    unless by `force`, what takes longer than a day. `precision`: each `kpi=half-width` of an effect (without
    a programme: of the figure itself) is replicated for until it is met. `known` are replications of this
    very plan that need not be lived again.
    `progress(done, total)` is told how far it is, `notify` what may surprise: which engine runs, for how
    long, and that rules are being compiled.
    """
    scenario = loaded.scenario
    targets = targets_of(precision)
    count = first_count(scenario, replications, targets)
    processes, notices = clamped(workers, count)
    notices += no_steady_state(scenario)
    seed = scenario.seed if seed is None else seed
    plan = Plan(
        scenario,
        loaded.text_hash,
        seed,
        chosen(engine, scenario, count),
        threads_for(scenario, cores(), processes),
        outer=outer_of(loaded, seed),
    )
    folder = None if out is None else Path(out)
    if resume and folder is None:
        raise UsageError("to resume, say where the replications were kept: --out DIR")
    terms = terms_of(scenario)
    require_known(scenario.checks, terms, str(loaded.path))
    require_there(targets, (kpi.name for kpi in applicable(terms)))
    asked = asked_of(customers, events, sample, folder is not None)
    require_sound(plan.outer, count)
    need = need_of(plan, count, processes, asked)
    require(need, folder, force)
    ready(plan.engine, need, notify or (lambda text: None))
    began = time.time()
    place = nullcontext(None) if folder is None else opened(folder, identity_of(plan), scenario.name, resume)
    with place as store:
        if store is not None:
            plan = replace(plan, lives=Lives(asked, store.parts, scenario.name))
        try:
            measured, again = until_precise(targets, plan, count, processes, store, progress, known)
            count = len(measured)
        except KeyboardInterrupt:
            if store is not None:
                store.interrupted(manifest_of(loaded, plan, count, "interrupted", began))
            raise
        wide = wider(targets, by_draw(measured, plan.each), terms.has_programme)
        notices += [*(store.notices if store else ()), *retold(again), *wide]
        results = concluded(loaded, plan, measured, terms, notices, folder)
        if store is not None:
            files = {
                "kpis.csv": table_bytes(results.samples),
                "monthly.csv": table_bytes(without_the_absent(results.monthly)),
            }
            if plan.outer is not None:
                files["draws.csv"] = draws_table(plan.outer, count)
            found = {
                "digest": results.digest,
                "digests": results.digests,
                "answer": results.answer,
                "retries": again,
                "sample": asked.share if asked.kinds else None,
            }
            with joined(plan.lives, store.folder, count) as lives:
                store.finish(files, {**manifest_of(loaded, plan, count, "complete", began), **found}, lives)
    return results


def trace(loaded: Loaded, customer: int, *, replication: int = 0, seed: int | None = None) -> list[str]:
    """One customer's life in words, event by event."""
    from loyaltysim.experiments.trace import trace as told

    return told(loaded, customer, replication=replication, seed=seed)


def warmup(*engines: str) -> None:
    """Compile now the rules that these engines call, or those of both."""
    from loyaltysim.experiments.trace import warmup as compiled

    compiled(*engines)


# ---------------------------------------------------------------- the steps


def need_of(plan: Plan, count: int, workers: int, asked: Asked) -> Need:
    """What the run will take."""
    logged = asked.share if EVENTS in asked.kinds else 0.0
    processors = min(workers * (1 if logged else plan.threads), cores())
    seconds = seconds_needed(plan.engine, plan.scenario, count, processors, logged)
    return Need(plan.scenario, count, workers, seconds, asked)


def ready(engine: str, need: Need, notify: Callable[[str], None]) -> None:
    """Say what is ahead; compile the rules before the workers start, so that they are compiled once."""
    notify(f"engine: {engine}; {need.told()}")
    if must_compile(engine):
        notify("compiling the rules, once on this machine; this takes some 15 to 40 seconds ...")
        warmup(engine)


def first_count(scenario: Scenario, replications: int | None, targets: Sequence[Target]) -> int:
    """How many replications to begin with: as asked, or as the scenario says; with targets the first look."""
    count = scenario.replications if replications is None else replications
    if count < 1:
        raise UsageError(f"replications: at least 1, not {count}")
    return max(FIRST_LOOK, replications or 0) if targets else count


def until_precise(
    targets: Sequence[Target],
    plan: Plan,
    count: int,
    workers: int,
    store: Store | None,
    progress: Progress | None,
    known: Sequence[Measured],
) -> tuple[list[Measured], int]:
    """Replications until every target is met, or there are too many; and how many began anew."""
    measured, again = replicated(plan, count, workers, store, progress, known)
    has_programme = terms_of(plan.scenario).has_programme
    while len(measured) < MOST and wider(targets, by_draw(measured, plan.each), has_programme):
        count = next_look(len(measured))
        measured, more = replicated(plan, count, workers, store, progress, measured)
        again += more
    return measured, again


def wider(targets: Sequence[Target], measured: Sequence[Measured], has_programme: bool) -> list[str]:
    """What is still wider than asked for, in words."""
    found = [estimate(one.kpi, arm_of(one, has_programme), measured, LEVEL) for one in targets]
    return not_met(targets, found)


def replicated(
    plan: Plan,
    count: int,
    workers: int,
    store: Store | None,
    progress: Progress | None,
    known: Sequence[Measured] = (),
) -> tuple[list[Measured], int]:
    """All replications in their order, those known or kept already not redone; and how many began anew."""
    found = store.kept(count) if store else {}
    for number, measured in enumerate(known[:count]):
        if store and number not in found:
            store.keep(measured)
        found[number] = measured
    if plan.lives is not None:
        found = {number: measured for number, measured in found.items() if plan.lives.has(number)}

    def keep(number: int, measured: Measured) -> None:
        found[number] = measured
        if store:
            store.keep(measured)
        if progress:
            progress(len(found), count)

    if progress:
        progress(len(found), count)
    missing = [number for number in range(count) if number not in found]
    try:
        again = run_all(partial(replicate, plan), missing, min(workers, len(missing)) or 1, keep)
    except Failed as failure:
        raise failure.told(plan.seed) from failure
    assert sorted(found) == list(range(count)), "a replication is missing"
    return [found[number] for number in range(count)], again


def concluded(
    loaded: Loaded,
    plan: Plan,
    measured: Sequence[Measured],
    terms: Terms,
    notices: Sequence[str],
    folder: Path | None,
) -> Results:
    """The figures, tables, checks and answer of all replications."""
    scenario = loaded.scenario
    units = by_draw(measured, plan.each)
    rows = summarise(units, terms)
    if plan.outer is not None:
        rows = [told_apart(CATALOGUE[row["kpi"]], row, measured, plan.each, terms.scale) for row in rows]
    elif terms.scale != 1.0:
        rows = [with_luck(row, terms.scale) for row in rows]
    return Results(
        loaded=loaded,
        seed=plan.seed,
        replications=len(measured),
        engine=plan.engine,
        kpis=rows,
        samples=samples(scenario.name, measured, plan.each if plan.outer else None),
        monthly=by_month(loaded, measured, terms),
        digests=[one.digest for one in measured],
        warnings=[*notices, *cautions(units, terms), *alone(plan.outer)],
        checks=judge(scenario.checks, rows),
        answer=answered(scenario, rows, terms, measured),
        folder=folder,
        measured=measured,
        outer=plan.outer,
        moves=moves(plan.outer, units, terms),
    )


def answered(scenario: Scenario, rows: Sequence[Row], terms: Terms, measured: Sequence[Measured]) -> str:
    """The answer to the scenario's question: beside published customers, whether ours buy as they did."""
    if scenario.observed is None:
        return answer(rows, terms)
    real = cohort(scenario.observed.dataset)
    if isinstance(real, str):
        return f"{answer(rows, terms)} {real}"
    weeks = len(real.repeats)
    totals = [int(one.weekly["twin"][:weeks].sum()) for one in measured]
    return beside_the_real(totals, int(real.repeats[-1]), weeks, real.name)


def by_month(loaded: Loaded, measured: Sequence[Measured], terms: Terms) -> pd.DataFrame:
    """The monthly table; with a published cohort beside it also its rows by week."""
    import pandas as pd

    name = loaded.scenario.name
    months = monthly(name, measured, terms.segments, terms.warm_up)
    if loaded.scenario.observed is None:
        return months
    return pd.concat([months, weekly(name, measured)], ignore_index=True)


def clamped(workers: int | None, count: int) -> tuple[int, list[str]]:
    """Processes to use, and what is to be told if that is not what was asked."""
    if workers is None:
        return min(cores(), count), []
    allowed = min(max(workers, 1), max(4 * cores(), 8))
    told = [] if allowed == workers else [f"{allowed} workers are used, not {workers} ({cores()} cores)"]
    return min(allowed, count), told


def cautions(measured: Sequence[Measured], terms: Terms) -> list[str]:
    """What keeps the intervals from being worth their level."""
    found = []
    if len(measured) == 1:
        found.append("one replication: estimates without intervals; nothing is said about luck")
    elif len(measured) < FEW:
        found.append(
            f"{len(measured)} replications: intervals are wide and hold only roughly; 40 or more are advised"
        )
    if names := skewed_figures(measured, terms):
        labels = (CATALOGUE[name].label for name in names)
        found.append(f"lopsided over replications, so that intervals may be too narrow: {', '.join(labels)}")
    return found


def retold(again: int) -> list[str]:
    """That worker processes died, if some did."""
    return [f"worker processes died; {again} replications were begun anew"] if again else []
