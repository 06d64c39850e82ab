"""The verbs that move levers: sweep, frontier."""

from collections.abc import Callable, Iterable
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
    Replications,
    Scenario,
    Seed,
    Theory,
    TheoryChoice,
    Workers,
)
from loyaltysim.edge import as_json, edge, note, say

if TYPE_CHECKING:
    from loyaltysim.experiments.frontier import Frontier
    from loyaltysim.experiments.sweep import Point

Steps = Annotated[
    int | None, typer.Option(min=2, metavar="N", help="Values of each lever, instead of the scenario's.")
]
Samples = Annotated[
    int | None,
    typer.Option(min=2, metavar="N", help="N settings of a Latin hypercube, instead of a grid."),
]


@app.command("sweep")
@edge
def sweep_verb(
    scenario: Scenario,
    steps: Steps = None,
    samples: Samples = None,
    out: Out = None,
    replications: Replications = None,
    seed: Seed = None,
    engine: EngineChoice = Engine.auto,
    workers: Workers = None,
    overrides: Overrides = None,
    theory: TheoryChoice = None,
    force: Force = False,
    json_wanted: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Run a scenario at many settings of its levers, and write every figure of every setting."""
    from loyaltysim.experiments.sweep import rows, table

    how: dict[str, Any] = {
        "replications": replications,
        "seed": seed,
        "engine": engine.value,
        "workers": workers,
        "force": force,
    }
    folder = out or Path("reports") / f"{scenario.stem}-sweep"
    grid: dict[str, Any] = {"samples": samples, "count": steps, "told": counting(quiet)}
    if theory is Theory.all:
        return sweep_under_all(scenario, overrides or (), folder, quiet, json_wanted, {**grid, **how})
    points = lived(scenario, overrides or (), theory, {**grid, **how})
    keep(folder, {"points.csv": as_csv(rows(points))})
    say(as_json(rows(points)) if json_wanted else "\n".join(table(points)))
    note(f"every figure of every setting: {folder / 'points.csv'}", quiet)


@app.command("frontier")
@edge
def frontier_verb(
    scenario: Scenario,
    steps: Steps = None,
    samples: Samples = None,
    out: Out = None,
    replications: Replications = None,
    seed: Seed = None,
    engine: EngineChoice = Engine.auto,
    workers: Workers = None,
    overrides: Overrides = None,
    theory: TheoryChoice = None,
    force: Force = False,
    json_wanted: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Find the settings that give the most for what they spend, and live those again on fresh luck."""
    from loyaltysim.experiments.frontier import lines

    how: dict[str, Any] = {
        "replications": replications,
        "seed": seed,
        "engine": engine.value,
        "workers": workers,
        "force": force,
    }
    folder = out or Path("reports") / f"{scenario.stem}-frontier"
    grid: dict[str, Any] = {"samples": samples, "count": steps, "told": counting(quiet)}
    if theory is Theory.all:
        return frontier_under_all(scenario, overrides or (), folder, quiet, json_wanted, {**grid, **how})
    points = lived(scenario, overrides or (), theory, {**grid, **how})
    found, page = fronts(scenario, points, theory, overrides, folder, {**grid, **how})
    say(as_json(found.to_json()) if json_wanted else "\n".join(lines(found)))
    note(f"report: {page}", quiet)


def fronts(
    scenario: Path,
    points: "list[Point]",
    theory: Theory | None,
    overrides: Iterable[str] | None,
    folder: Path,
    how: dict[str, Any],
) -> "tuple[Frontier, Path]":
    """The frontier of points that were lived, kept in the folder with its page."""
    from loyaltysim.experiments.frontier import frontier, lines
    from loyaltysim.experiments.sweep import rows
    from loyaltysim.report.frontier_page import write_frontier

    found = frontier(points, engine=how["engine"], workers=how["workers"], force=how["force"])
    files = {"points.csv": as_csv(rows(points)), "frontier.json": as_json(found.to_json()).encode() + b"\n"}
    keep(folder, files)
    words = again(scenario, points, how["count"], how["samples"], overrides)
    words += [] if theory is None else ["--theory", theory.value]
    return found, write_frontier(found, lines(found), words, folder)


def sweep_under_all(
    scenario: Path,
    overrides: Iterable[str],
    folder: Path,
    quiet: bool,
    json_wanted: bool,
    how: dict[str, Any],
) -> None:
    """Sweep under every curve and print whether the settings' order survives."""
    from loyaltysim.experiments.sweep import rows
    from loyaltysim.experiments.sweep_theories import lines, swept_under, to_json

    found = swept_under(scenario, tuple(overrides), notify=partial(note, quiet=quiet), **how)
    told = [{"theory": one.curve.theory, **row} for one in found for row in rows(one.points)]
    keep(folder, {"points.csv": as_csv(told)})
    say(as_json(to_json(found)) if json_wanted else "\n".join(lines(found)))
    note(f"every figure of every setting under every curve: {folder / 'points.csv'}", quiet)


def frontier_under_all(
    scenario: Path,
    overrides: Iterable[str],
    folder: Path,
    quiet: bool,
    json_wanted: bool,
    how: dict[str, Any],
) -> None:
    """A frontier under every curve, each with its page; print what does not hang on the choice."""
    from loyaltysim.experiments.sweep_theories import lines, of_frontiers, swept_under, to_json

    found = swept_under(scenario, tuple(overrides), notify=partial(note, quiet=quiet), **how)
    made = {}
    for one in found:
        theory = one.curve.theory
        made[theory], page = fronts(scenario, one.points, Theory(theory), overrides, folder / theory, how)
        note(f"report: {page}", quiet)
    if json_wanted:
        say(as_json([{**one, "frontier": made[one["theory"]].to_json()} for one in to_json(found)]))
    else:
        say("\n".join([*lines(found), "", *of_frontiers(made)]))


def again(
    scenario: Path,
    points: "list[Point]",
    steps: int | None,
    samples: int | None,
    overrides: Iterable[str] | None,
) -> list[str]:
    """The command that gives the same frontier again."""
    results = points[0].results
    words = ["loyaltysim", "frontier", str(scenario), "--replications", str(results.replications)]
    words += ["--seed", str(results.seed)]
    words += [] if steps is None else ["--steps", str(steps)]
    words += [] if samples is None else ["--samples", str(samples)]
    return words + [word for one in overrides or () for word in ("--set", one)]


def lived(
    scenario: Path, overrides: Iterable[str], theory: Theory | None, how: dict[str, Any]
) -> "list[Point]":
    """The scenario at all its settings, under its own curve or another one."""
    from loyaltysim.experiments.sweep import sweep
    from loyaltysim.experiments.sweep_theories import the_curve

    words = tuple(overrides)
    curve = None if theory is None else the_curve(scenario, words, theory.value, how["seed"])
    return sweep(scenario, words, curve=curve, **how)


def counting(quiet: bool) -> "Callable[[int, int], None] | None":
    """What tells how far a sweep is, ten times at most."""
    if quiet:
        return None

    def told(done: int, total: int) -> None:
        if done in (0, total) or done % max(1, total // 10) == 0:
            note(f"{done} of {total} settings")

    return told


def as_csv(rows: list[dict[str, Any]]) -> bytes:
    """Rows of equal keys as CSV."""
    from loyaltysim.experiments.files import cell, csv_bytes

    return csv_bytes(
        [cell(key) for key in rows[0]], ([cell(value) for value in row.values()] for row in rows)
    )


def keep(folder: Path, files: dict[str, bytes]) -> None:
    """Write the files, each whole or not at all."""
    from loyaltysim.experiments.files import storage, write_whole

    with storage(folder):
        folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        write_whole(folder / name, data)
