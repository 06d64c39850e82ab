"""The verbs that simulate: run, demo, compare, trace, warmup."""

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from loyaltysim.cli.base import app
from loyaltysim.cli.words import (
    Customers,
    Debug,
    Engine,
    EngineChoice,
    Events,
    Force,
    Json,
    Junit,
    Out,
    Overrides,
    Precision,
    PriceWeights,
    Quiet,
    Replications,
    Resume,
    Sample,
    Scenario,
    Seed,
    Theory,
    TheoryChoice,
    Workbook,
    Workers,
)
from loyaltysim.edge import CHECK_FAILED, as_json, edge, note, progress_bar, say
from loyaltysim.errors import UsageError

if TYPE_CHECKING:
    from loyaltysim.experiments.run import Results


@app.command("run")
@edge
def run_verb(
    scenario: Scenario,
    out: Out = None,
    replications: Replications = None,
    seed: Seed = None,
    engine: EngineChoice = Engine.auto,
    workers: Workers = None,
    overrides: Overrides = None,
    json_wanted: Json = False,
    quiet: Quiet = False,
    resume: Resume = False,
    customers: Customers = False,
    events: Events = False,
    sample: Sample = None,
    force: Force = False,
    precision: Precision = None,
    theory: TheoryChoice = None,
    junit: Junit = None,
    workbook: Workbook = False,
    price_weights: PriceWeights = False,
    debug: Debug = False,
) -> None:
    """Simulate a scenario and its twin, and write a report."""
    from loyaltysim.experiments.files import safe_name
    from loyaltysim.scenario.load import load

    loaded = load(scenario, overrides=tuple(overrides or ()))
    how = {
        "replications": replications,
        "seed": seed,
        "engine": engine.value,
        "workers": workers,
        "out": out or Path("reports") / safe_name(scenario.stem),
        "resume": resume,
        "customers": customers,
        "events": events,
        "sample": sample,
        "force": force,
        "precision": precision or (),
    }
    if workbook and (theory is Theory.all or loaded.scenario.programme is None):
        why = "it weighs a programme under one curve"
        raise UsageError(f"--workbook: {why}; leave out --theory all, or name a programme")
    if price_weights and theory is Theory.all:
        raise UsageError("--price-weights: it weighs a programme under one curve; leave out --theory all")
    if theory is Theory.all:
        return run_under_all(loaded, quiet, json_wanted, junit, how)
    if theory is not None:
        from loyaltysim.experiments.theories import curve_for, under

        loaded = under(loaded, curve_for(loaded, theory.value, seed))
    results = simulate(loaded, quiet, **how)
    if price_weights:
        results = weighed(results, quiet, workers)
    page = write_page(results, quiet)
    say(as_json(results.to_json()) if json_wanted else "\n".join([results.answer, *unknown(results)]))
    note(f"report: {page}", quiet)
    if workbook:
        from loyaltysim.report.workbook import write_workbook

        note(f"workbook: {write_workbook(results)}", quiet)
    judge([results], junit)


@app.command("demo")
@edge
def demo_verb(
    out: Out = None,
    workers: Workers = None,
    json_wanted: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Run the coffee shop that comes with the project; ends with the report to open."""
    scenario = Path(__file__).resolve().parents[2] / "scenarios" / "coffee.yaml"
    if not scenario.is_file():
        raise UsageError(f"demo: {scenario} is missing; the demo needs a checkout of the project")
    from loyaltysim.scenario.load import load

    loaded = load(scenario)
    note("Running scenarios/coffee.yaml, with its programme and without ...", quiet)
    results = simulate(loaded, quiet, workers=workers, out=out or Path("reports") / "demo")
    page = write_page(results, quiet)
    say(as_json(results.to_json()) if json_wanted else f"{results.answer}\n\nOpen {page.resolve()}")


def run_under_all(
    loaded: Any, quiet: bool, json_wanted: bool, junit: Path | None, how: dict[str, Any]
) -> None:
    """Run a scenario under every curve and print which conclusions survive; a report for each."""
    from loyaltysim.experiments.conclusions import lines
    from loyaltysim.experiments.theories import run_under

    with progress_bar(quiet) as progress:
        found = run_under(loaded, progress=progress, notify=lambda text: note(text, quiet), **how)
    for curve, one in zip(found.curves, found.results, strict=True):
        for warning in one.warnings:
            note(f"warning: {curve.theory}: {warning}", quiet)
        note(f"report: {write_page(one, quiet)}", quiet)
    from loyaltysim.report.theories_page import write_theories

    note(f"all curves: {write_theories(found, how['out'])}", quiet)
    say(as_json(found.to_json()) if json_wanted else "\n".join(lines(found)))
    judge(found.results[:1], junit)


def unknown(results: "Results") -> list[str]:
    """What is not known, in lines; none where all is known."""
    if results.outer is None:
        return []
    from loyaltysim.experiments.moves import lines

    return lines(results)


def judge(results: Sequence["Results"], junit: Path | None) -> None:
    """Say which checks failed, write them for machines if wanted, and end with 1 if any failed."""
    from loyaltysim.experiments.junit import failures, junit_xml

    if junit is not None:
        from loyaltysim.experiments.files import write_whole

        write_whole(junit, junit_xml(results))
    failed = failures(results)
    if failed:
        note("\n".join(failed))
        raise typer.Exit(CHECK_FAILED)


def simulate(loaded: Any, quiet: bool, **how: Any) -> "Results":
    """The results of one run, with a bar while it lasts and its warnings after it."""
    from loyaltysim.experiments.run import run

    with progress_bar(quiet) as progress:
        results = run(loaded, progress=progress, notify=lambda text: note(text, quiet), **how)
    for warning in results.warnings:
        note(f"warning: {warning}", quiet)
    return results


def weighed(results: "Results", quiet: bool, workers: int | None) -> "Results":
    """The results with the programme's return over the range of price weights."""
    from loyaltysim.experiments.price_weights import with_price_weights

    with progress_bar(quiet) as bar:
        return with_price_weights(results, workers=workers, progress=bar, notify=partial(note, quiet=quiet))


def write_page(results: "Results", quiet: bool) -> Path:
    """The report of the results, as one HTML file."""
    from loyaltysim.report.page import write_report

    note("writing the report ...", quiet or not sys.stderr.isatty())
    return write_report(results)


@app.command("compare")
@edge
def compare_verb(
    scenarios: Annotated[
        list[Path], typer.Argument(metavar="SCENARIO...", help="Two scenario files or more.")
    ],
    baseline: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The file to compare with; by default the first.")
    ] = None,
    out: Out = None,
    replications: Replications = None,
    seed: Seed = None,
    engine: EngineChoice = Engine.auto,
    workers: Workers = None,
    overrides: Overrides = None,
    precision: Precision = None,
    why: Annotated[
        list[str] | None,
        typer.Option(metavar="KPI", help="Of two files: what each change adds to this figure; repeatable."),
    ] = None,
    junit: Junit = None,
    json_wanted: Json = False,
    quiet: Quiet = False,
    resume: Resume = False,
    force: Force = False,
    theory: TheoryChoice = None,
    debug: Debug = False,
) -> None:
    """Run several scenarios on common luck and print how they differ from the first."""
    from loyaltysim.scenario.load import load

    place = place_of(baseline, scenarios)
    under_all = theory is Theory.all
    refuse_why(bool(why), len(scenarios), under_all)
    files = [load(path, overrides=tuple(overrides or ())) for path in scenarios]
    how: dict[str, Any] = {
        "baseline": place,
        "out": out,
        "replications": replications,
        "seed": seed,
        "engine": engine.value,
        "workers": workers,
        "precision": precision or (),
        "resume": resume,
        "force": force,
    }
    if under_all:
        return compare_under_all(files, quiet, json_wanted, junit, how)
    if theory is not None:
        from loyaltysim.experiments.compare_theories import under_one

        files = under_one(files, theory.value, place, seed)
    compare_files(files, why or (), quiet, json_wanted, junit, how)


def place_of(baseline: Path | None, scenarios: list[Path]) -> int:
    """Which of the files the others are compared with."""
    if baseline is not None and baseline not in scenarios:
        raise UsageError(f"--baseline {baseline}: it is none of the files to compare")
    return scenarios.index(baseline) if baseline else 0


def refuse_why(wanted: bool, files: int, under_all: bool) -> None:
    """Say where a difference cannot be explained, before anything is lived."""
    if wanted and files != 2:
        raise UsageError(f"--why: it needs two files, not {files}")
    if wanted and under_all:
        raise UsageError("--why: it explains a difference under one curve; leave out --theory all")


def compare_files(
    files: list[Any],
    why: Sequence[str],
    quiet: bool,
    json_wanted: bool,
    junit: Path | None,
    how: dict[str, Any],
) -> None:
    """Compare scenarios on common luck and print how they differ, and why."""
    from loyaltysim.experiments.compare import compare
    from loyaltysim.experiments.side_by_side import amount, lines
    from loyaltysim.experiments.why import lines as told
    from loyaltysim.experiments.why import reasons

    if why:
        from loyaltysim.experiments.why import require_parts

        require_parts(files[1 - how["baseline"]], files[how["baseline"]], why)
    with progress_bar(quiet) as bar:
        found = compare(files, progress=bar, notify=partial(note, quiet=quiet), **how)
        shares = reasons(found, why, progress=bar) if why else []
    for warning in found.warnings:
        note(f"warning: {warning}", quiet)
    page = None
    if how["out"] is not None:
        from loyaltysim.report.compare_page import write_comparison

        page = write_comparison(found, shares, how["out"])
    if json_wanted:
        say(as_json({**found.to_json(), "why": shares}))
    else:
        say("\n".join([*lines(found), *told(shares, amount)]))
    if page is not None:
        note(f"report: {page}", quiet)
    judge(found.results, junit)


def compare_under_all(
    files: list[Any], quiet: bool, json_wanted: bool, junit: Path | None, how: dict[str, Any]
) -> None:
    """Compare scenarios under every curve and print which differences, and which order, survive."""
    from loyaltysim.experiments.compare_theories import compare_under, lines

    with progress_bar(quiet) as bar:
        found = compare_under(files, progress=bar, notify=partial(note, quiet=quiet), **how)
    if how["out"] is not None:
        from loyaltysim.report.compare_page import write_comparison

        for curve, one in zip(found.curves, found.comparisons, strict=True):
            note(f"report: {write_comparison(one, [], how['out'] / curve.theory)}", quiet)
    say(as_json(found.to_json()) if json_wanted else "\n".join(lines(found)))
    judge(found.comparisons[0].results, junit)


@app.command("trace")
@edge
def trace_verb(
    scenario: Scenario,
    customer: Annotated[int, typer.Option(min=0, metavar="ID", help="The customer's number, from 0.")],
    replication: Annotated[int, typer.Option(min=0, metavar="R", help="Which replication, from 0.")] = 0,
    seed: Seed = None,
    overrides: Overrides = None,
    debug: Debug = False,
) -> None:
    """Tell one customer's life, event by event."""
    from loyaltysim.scenario.load import load

    loaded = load(scenario, overrides=tuple(overrides or ()))
    from loyaltysim.experiments.run import trace

    say("\n".join(trace(loaded, customer, replication=replication, seed=seed)))


@app.command("warmup")
@edge
def warmup_verb(quiet: Quiet = False, debug: Debug = False) -> None:
    """Compile the rules now, so that the first run does not have to."""
    from time import perf_counter

    from loyaltysim.experiments.run import warmup

    began = perf_counter()
    warmup()
    note(f"the rules are compiled ({perf_counter() - began:.1f} s)", quiet)
