"""The verb that tries the simulator against known answers: validate."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from loyaltysim.cli.base import app
from loyaltysim.cli.words import Debug, Json, Quiet
from loyaltysim.edge import CHECK_FAILED, as_json, edge, note, say


@app.command("validate")
@edge
def validate_verb(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[CHECK]...", help="Such as C1, R2, laws, forms, facts; by default all."),
    ] = None,
    replications: Annotated[
        int, typer.Option(min=2, metavar="N", help="Replications of each published fact.")
    ] = 10,
    json_wanted: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Try laws, closed forms and published facts; print a table with verdicts. All of it takes minutes."""
    from loyaltysim.validation.validate import line, summary, validate

    found = []
    for one in validate(names or (), replications, partial(note, quiet=quiet)):
        found.append(one)
        if not json_wanted:
            say(line(one))
    if json_wanted:
        say(as_json([one.to_json() for one in found]))
    else:
        say("\n".join(summary(found)))
    if not all(one.holds for one in found if one.must):
        raise typer.Exit(CHECK_FAILED)
