"""The verbs on scenario files that run nothing: check, resolve, new, diff, schema."""

from pathlib import Path
from typing import Annotated, Any

import typer

from loyaltysim.cli.base import app
from loyaltysim.cli.words import Debug, Json, Overrides, Quiet, Scenario
from loyaltysim.edge import DIFFERENT, as_json, edge, note, say
from loyaltysim.errors import ScenarioError


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


@app.command("new")
@edge
def new_verb(
    scenario: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.")] = Path(
        "scenario.yaml"
    ),
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Write a scenario to begin with, full of comments; never over a file that is there."""
    from loyaltysim.scenario.starter import write_starter

    for path in write_starter(scenario):
        note(f"wrote {path}", quiet)
    note(f"next: loyaltysim check {scenario}", quiet)


@app.command("diff")
@edge
def diff_verb(
    one: Annotated[Path, typer.Argument(metavar="A", help="A scenario file (YAML).")],
    other: Annotated[Path, typer.Argument(metavar="B", help="Another scenario file.")],
    overrides: Overrides = None,
    sources: Annotated[
        bool, typer.Option("--sources", help="Tell as well where the source or range of a number differs.")
    ] = False,
    json_wanted: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Say in words how scenario B differs from A. Ends with 0 if they are the same, with 1 if not."""
    from loyaltysim.scenario.differences import differences, differences_of_sources
    from loyaltysim.scenario.load import load

    first, second = (load(path, overrides=tuple(overrides or ())) for path in (one, other))
    found, silent = differences(first.scenario, second.scenario), differences_of_sources(first, second)
    found += silent if sources else []
    if json_wanted:
        say(as_json({"scenarios": [str(one), str(other)], "differences": [d.to_json() for d in found]}))
    elif found:
        say("\n".join(d.words for d in found))
    else:
        note("the scenarios are the same", quiet)
    if silent and not sources:
        note(f"sources and ranges: {len(silent)} differ as well; --sources tells them", quiet)
    if found:
        raise typer.Exit(DIFFERENT)


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
