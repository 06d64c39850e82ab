"""The verbs that move levers: sweep, frontier."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from loyaltysim.cli.base import app
from loyaltysim.cli.words import (
    Debug,
    Engine,
    EngineChoice,
    Json,
    Out,
    Overrides,
    Quiet,
    Replications,
    Scenario,
    Seed,
    Workers,
)
from loyaltysim.edge import as_json, edge, note, say

if TYPE_CHECKING:
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
    json_wanted: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Run a scenario at many settings of its levers, and write every figure of every setting."""
    from loyaltysim.experiments.sweep import rows, table

    how = {"replications": replications, "seed": seed, "engine": engine.value, "workers": workers}
    points = lived(scenario, overrides or (), samples, steps, quiet, how)
    folder = out or Path("reports") / f"{scenario.stem}-sweep"
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
    json_wanted: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Find the settings that give the most for what they spend, and live those again on fresh luck."""
    from loyaltysim.experiments.frontier import frontier, lines
    from loyaltysim.experiments.sweep import rows
    from loyaltysim.report.frontier_page import write_frontier

    how = {"replications": replications, "seed": seed, "engine": engine.value, "workers": workers}
    points = lived(scenario, overrides or (), samples, steps, quiet, how)
    found = frontier(points, engine=engine.value, workers=workers)
    files = {"points.csv": as_csv(rows(points)), "frontier.json": as_json(found.to_json()).encode() + b"\n"}
    folder = out or Path("reports") / f"{scenario.stem}-frontier"
    keep(folder, files)
    page = write_frontier(found, lines(found), again(scenario, points, steps, samples, overrides), folder)
    say(as_json(found.to_json()) if json_wanted else "\n".join(lines(found)))
    note(f"report: {page}", quiet)


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
    scenario: Path,
    overrides: Iterable[str],
    samples: int | None,
    steps: int | None,
    quiet: bool,
    how: dict[str, Any],
) -> "list[Point]":
    """The scenario at all its settings."""
    from loyaltysim.experiments.sweep import sweep

    told: Callable[[int, int], None] | None = None
    if not quiet:

        def told(done: int, total: int) -> None:
            if done in (0, total) or done % max(1, total // 10) == 0:
                note(f"{done} of {total} settings")

    return sweep(scenario, tuple(overrides), samples=samples, count=steps, told=told, **how)


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
