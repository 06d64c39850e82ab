"""The command line: read the words, call one verb, print what it returns.

Results go to stdout, everything else to stderr. Heavy libraries are imported inside the verbs, so that
`--help` and mistakes are answered at once.
"""

import sys
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from loyaltysim import __version__
from loyaltysim.edge import CHECK_FAILED, as_json, edge, note, progress_bar, say, start_lightly
from loyaltysim.errors import ScenarioError, UsageError

if TYPE_CHECKING:
    from loyaltysim.experiments.run import Results

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Simulate a loyalty programme and its twin: the same market without the programme.",
    epilog="Exit codes: 0 ok, 1 a check of the scenario failed, 2 bad input or usage, "
    "3 refused for lack of resources, 4 storage, 5 internal error, 130 interrupted.",
)


class Engine(StrEnum):
    """Which engine lives the months; both give the same numbers."""

    auto = "auto"
    simpy = "simpy"
    compiled = "compiled"


class Theory(StrEnum):
    """The curve from standing to staying under which a scenario is lived."""

    threshold = "threshold"
    kotler = "kotler"
    competitive = "competitive"
    two_threshold = "two_threshold"
    inverted_u = "inverted_u"
    constant = "constant"
    beta = "beta"
    all = "all"


Scenario = Annotated[Path, typer.Argument(metavar="SCENARIO", help="The scenario file (YAML).")]
Overrides = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change one value of the scenario; may be repeated."),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Where results go; by default reports/<scenario>."),
]
Replications = Annotated[
    int | None, typer.Option(min=1, metavar="N", help="Independent runs, instead of the scenario's number.")
]
Seed = Annotated[int | None, typer.Option(min=0, metavar="S", help="Seed, instead of the scenario's.")]
EngineChoice = Annotated[
    Engine, typer.Option(help="Both engines give the same numbers; auto is the fast one.")
]
TheoryChoice = Annotated[
    Theory | None,
    typer.Option(
        help="Live under this curve of loyalty, made comparable with the scenario's own; all ranks them."
    ),
]
Workers = Annotated[int | None, typer.Option(metavar="N", help="Processes to use; by default one a core.")]
Resume = Annotated[bool, typer.Option("--resume", help="Keep the replications already finished in DIR.")]
Customers = Annotated[
    bool, typer.Option("--customers", help="Keep every customer of every arm in customers.parquet.")
]
Events = Annotated[
    bool, typer.Option("--events", help="Keep every event in events.parquet; some 40 bytes each.")
]
Sample = Annotated[
    str | None,
    typer.Option(metavar="SHARE", help="Keep these of a share of the customers only, such as '1 %'."),
]
Force = Annotated[bool, typer.Option("--force", help="Run even if it takes longer than a day.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as one JSON object on stdout.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress, notes or warnings on stderr.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]


# ---------------------------------------------------------------- the verbs


def print_version(wanted: bool) -> None:
    """Print the version and end, if wanted."""
    if wanted:
        say(f"loyaltysim {__version__}")
        raise typer.Exit()


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Take the options that stand before a verb."""


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
    theory: TheoryChoice = None,
    debug: Debug = False,
) -> None:
    """Simulate a scenario and its twin, and write a report."""
    from loyaltysim.scenario.load import load

    loaded = load(scenario, overrides=tuple(overrides or ()))
    how = {
        "replications": replications,
        "seed": seed,
        "engine": engine.value,
        "workers": workers,
        "out": out or Path("reports") / scenario.stem,
        "resume": resume,
        "customers": customers,
        "events": events,
        "sample": sample,
        "force": force,
    }
    if theory is Theory.all:
        return run_under_all(loaded, quiet, json_wanted, how)
    if theory is not None:
        from loyaltysim.experiments.theories import curve_for, under

        loaded = under(loaded, curve_for(loaded, theory.value, seed))
    results = simulate(loaded, quiet, **how)
    page = write_page(results, quiet)
    say(as_json(results.to_json()) if json_wanted else results.answer)
    note(f"report: {page}", quiet)
    if results.checks_failed:
        note("a check of the scenario failed")
        raise typer.Exit(CHECK_FAILED)


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
    scenario = Path(__file__).resolve().parents[1] / "scenarios" / "coffee.yaml"
    if not scenario.is_file():
        raise UsageError(f"demo: {scenario} is missing; the demo needs a checkout of the project")
    from loyaltysim.scenario.load import load

    loaded = load(scenario)
    note("Running scenarios/coffee.yaml, with its programme and without ...", quiet)
    results = simulate(loaded, quiet, workers=workers, out=out or Path("reports") / "demo")
    page = write_page(results, quiet)
    say(as_json(results.to_json()) if json_wanted else f"{results.answer}\n\nOpen {page.resolve()}")


def run_under_all(loaded: Any, quiet: bool, json_wanted: bool, how: dict[str, Any]) -> None:
    """Run a scenario under every curve and print which conclusions survive; a report for each."""
    from loyaltysim.experiments.conclusions import lines
    from loyaltysim.experiments.theories import run_under

    with progress_bar(quiet) as progress:
        found = run_under(loaded, progress=progress, notify=lambda text: note(text, quiet), **how)
    for curve, one in zip(found.curves, found.results, strict=True):
        for warning in one.warnings:
            note(f"warning: {curve.theory}: {warning}", quiet)
        note(f"report: {write_page(one, quiet)}", quiet)
    say(as_json(found.to_json()) if json_wanted else "\n".join(lines(found)))
    if found.checks_failed:
        note("a check of the scenario failed under its own curve")
        raise typer.Exit(CHECK_FAILED)


def simulate(loaded: Any, quiet: bool, **how: Any) -> "Results":
    """The results of one run, with a bar while it lasts and its warnings after it."""
    from loyaltysim.experiments.run import run

    with progress_bar(quiet) as progress:
        results = run(loaded, progress=progress, notify=lambda text: note(text, quiet), **how)
    for warning in results.warnings:
        note(f"warning: {warning}", quiet)
    return results


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
    json_wanted: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Run several scenarios on common luck and print how they differ from the first."""
    from loyaltysim.experiments.compare import compare
    from loyaltysim.experiments.side_by_side import lines
    from loyaltysim.scenario.load import load

    if baseline is not None and baseline not in scenarios:
        raise UsageError(f"--baseline {baseline}: it is none of the files to compare")
    files = [load(path, overrides=tuple(overrides or ())) for path in scenarios]
    how = {"replications": replications, "seed": seed, "engine": engine.value, "workers": workers}
    place = scenarios.index(baseline) if baseline else 0
    with progress_bar(quiet) as bar:
        tell = partial(note, quiet=quiet)
        found = compare(files, baseline=place, out=out, progress=bar, notify=tell, **how)  # type: ignore[arg-type]
    say(as_json(found.to_json()) if json_wanted else "\n".join(lines(found)))
    if found.checks_failed:
        note("a check of a scenario failed")
        raise typer.Exit(CHECK_FAILED)


@app.command("check")
@edge
def check_verb(
    scenarios: Annotated[list[Path], typer.Argument(metavar="SCENARIO...", help="Scenario files (YAML).")],
    overrides: Overrides = None,
    explained: Annotated[
        bool, typer.Option("--explain", help="Say what to expect, to first order, and what to beware of.")
    ] = False,
    json_wanted: Json = False,
    debug: Debug = False,
) -> None:
    """Read scenarios without running them and name all of their faults."""
    from loyaltysim.scenario.load import load

    found: list[dict[str, Any]] = []
    for path in scenarios:
        one: dict[str, Any] = {"scenario": str(path), "ok": True, "faults": None}
        try:
            loaded = load(path, overrides=tuple(overrides or ()))
        except ScenarioError as error:
            one |= {"ok": False, "faults": str(error)}
            note(str(error))
        else:
            if not json_wanted:
                say(f"{path}: ok")
            if explained:
                one |= explanation(loaded, print_it=not json_wanted)
        found.append(one)
    if json_wanted:
        say(as_json(found))
    if not all(one["ok"] for one in found):
        raise typer.Exit(ScenarioError.exit_code)


def explanation(loaded: Any, print_it: bool) -> dict[str, Any]:
    """What to expect of a scenario before it is run; printed for people if wanted."""
    from loyaltysim.experiments.explain import explain

    told = explain(loaded.scenario)
    if print_it:
        say("\n".join(told.lines()))
    return told.to_json()


@app.command("resolve")
@edge
def resolve_verb(scenario: Scenario, overrides: Overrides = None, debug: Debug = False) -> None:
    """Print the scenario as it will be run: with what it extends, overrides and defaults."""
    from loyaltysim.scenario.load import load, resolved_lines

    say("\n".join(resolved_lines(load(scenario, overrides=tuple(overrides or ())))))


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


@app.command("schema")
@edge
def schema_verb(
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="FILE", help="Write there, not to stdout.")
    ] = None,
    debug: Debug = False,
) -> None:
    """Print the JSON Schema of a scenario file, for editors."""
    from loyaltysim.scenario.schema import json_schema

    text = as_json(json_schema())
    if out is None:
        say(text)
    else:
        out.write_text(text + "\n", encoding="utf-8", newline="\n")
        note(f"wrote {out}")


@app.command("warmup")
@edge
def warmup_verb(quiet: Quiet = False, debug: Debug = False) -> None:
    """Compile the rules now, so that the first run does not have to."""
    from time import perf_counter

    from loyaltysim.experiments.run import warmup

    began = perf_counter()
    warmup()
    note(f"the rules are compiled ({perf_counter() - began:.1f} s)", quiet)


def main() -> None:
    """Run the command line on the words of this process."""
    start_lightly()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a narrow terminal encoding must not stop a result
    app(prog_name="loyaltysim")


if __name__ == "__main__":
    main()
