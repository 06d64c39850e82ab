"""The verb that judges a budget."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from loyaltysim.cli.base import app
from loyaltysim.cli.words import (
    Debug,
    Engine,
    EngineChoice,
    Force,
    Json,
    Out,
    Overrides,
    Quiet,
    Resume,
    Scenario,
    Seed,
    Theory,
    TheoryChoice,
    Workers,
)
from loyaltysim.edge import CHECK_FAILED, as_json, edge, note, progress_bar, say
from loyaltysim.errors import UsageError

if TYPE_CHECKING:
    from loyaltysim.experiments.budget import Budgeted

Times = Annotated[
    int | None, typer.Option("--replications", min=1, metavar="N", help="Replications; by default 1,000.")
]
LeverPath = Annotated[
    str | None,
    typer.Option("--lever", metavar="PATH", help="Find its largest value that keeps the budget."),
]
Stress = Annotated[
    bool,
    typer.Option("--stress", help="Live stresses, too: devaluation, surge, closure, rival, costs, tiers."),
]


@app.command("budget")
@edge
def budget_verb(
    scenario: Scenario,
    out: Out = None,
    replications: Times = None,
    seed: Seed = None,
    engine: EngineChoice = Engine.auto,
    workers: Workers = None,
    overrides: Overrides = None,
    lever: LeverPath = None,
    stress: Stress = False,
    theory: TheoryChoice = None,
    json_wanted: Json = False,
    quiet: Quiet = False,
    resume: Resume = False,
    force: Force = False,
    debug: Debug = False,
) -> None:
    """Judge a programme's budget under everything that is not known: go (0) or no go (1)."""
    from loyaltysim.experiments.budget import budget
    from loyaltysim.experiments.budget_words import cap_lines, lever_lines, lines, stress_lines
    from loyaltysim.experiments.capped import capped
    from loyaltysim.experiments.files import safe_name
    from loyaltysim.experiments.limits_of_levers import largest
    from loyaltysim.experiments.stresses import stressed
    from loyaltysim.scenario.load import load

    loaded = load(scenario, overrides=tuple(overrides or ()))
    place = out or Path("reports") / f"{safe_name(scenario.stem)}-budget"
    how: dict[str, Any] = {"engine": engine.value, "workers": workers, "force": force}
    if theory is Theory.all:
        if lever or stress:
            raise UsageError("budget: --lever and --stress go with one curve; leave out --theory all")
        alike = {"replications": replications, "seed": seed, "resume": resume, **how}
        return budget_under_all(loaded, place, quiet, json_wanted, alike)
    if theory is not None:
        from loyaltysim.experiments.theories import curve_for, under

        loaded = under(loaded, curve_for(loaded, theory.value, seed))
    with progress_bar(quiet) as bar:
        again = {**how, "progress": bar}
        tell = partial(note, quiet=quiet)
        found = budget(
            loaded, replications=replications, seed=seed, out=place, resume=resume, notify=tell, **again
        )
        best = largest(loaded, lever, replications=len(found.costs), seed=seed, **again) if lever else None
        hit = stressed(found, **again) if stress else []
        cap = capped(found, **again)
    for warning in found.warnings:
        note(f"warning: {warning}", quiet)
    if json_wanted:
        more: dict[str, Any] = {} if best is None else {"lever": best.to_json()}
        more |= {"stresses": [one.to_json() for one in hit]} if hit else {}
        more |= {} if cap is None else {"cap": cap.to_json()}
        say(as_json({**found.to_json(), **more}))
    else:
        told = lines(found) + cap_lines(cap) + ([] if best is None else lever_lines(best))
        say("\n".join([*told, *stress_lines(hit, found.amount, loaded.scenario.currency)]))
    from loyaltysim.report.budget_page import write_budget

    words = command(scenario, found, overrides or (), lever, stress)
    words += [] if theory is None else ["--theory", theory.value]
    page = write_budget(found, best, hit, words, place)
    note(f"report: {page}", quiet)
    note(f"every replication's cost: {place / 'budget.csv'}", quiet)
    if not found.go:
        raise typer.Exit(CHECK_FAILED)


def budget_under_all(loaded: Any, place: Path, quiet: bool, json_wanted: bool, how: dict[str, Any]) -> None:
    """Judge the budget under every curve; ends with 1 where it is no go under the scenario's own."""
    from loyaltysim.experiments.budget_theories import budgets_under, lines

    with progress_bar(quiet) as bar:
        tell = partial(note, quiet=quiet)
        found = budgets_under(loaded, out=place, progress=bar, notify=tell, **how)
    for curve, one in found:
        for warning in one.warnings:
            note(f"warning: {curve.theory}: {warning}", quiet)
    told = [{**curve.numbers(), "budget": one.to_json()} for curve, one in found]
    say(as_json(told) if json_wanted else "\n".join(lines(found)))
    if not found[0][1].go:
        raise typer.Exit(CHECK_FAILED)


def command(
    scenario: Path, found: "Budgeted", overrides: Sequence[str], lever: str | None, stress: bool
) -> list[str]:
    """The command that gives these numbers again."""
    shown = scenario.name if scenario.is_absolute() else scenario.as_posix()
    words = [
        "loyaltysim",
        "budget",
        shown,
        "--replications",
        str(len(found.costs)),
        "--seed",
        str(found.seed),
    ]
    for override in overrides:
        words += ["--set", override]
    return words + (["--lever", lever] if lever else []) + (["--stress"] if stress else [])
