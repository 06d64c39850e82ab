"""The verb for a class: lesson."""

from typing import Annotated

import typer

from loyaltysim.cli.base import app
from loyaltysim.cli.words import Debug, Quiet
from loyaltysim.edge import CHECK_FAILED, edge, note, say


@app.command("lesson")
@edge
def lesson_verb(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Which lesson; without it all are listed.")
    ] = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Run a lesson for a class and print what it finds."""
    from loyaltysim.lessons import MODULES, lesson, notebook

    if name is None:
        for each in MODULES:
            taught = lesson(each)
            say(f"{each:<20}{taught.TITLE} {taught.CHINESE}")
        note("loyaltysim lesson NAME runs one and prints its finding", quiet)
        return
    taught = lesson(name)
    say(f"{taught.TITLE} {taught.CHINESE}\n\n{taught.QUESTION}\n")
    note("living the scenario; the first time rules are compiled, 15 to 40 seconds ...", quiet)
    found = taught.finding()
    say(f"{found.text}\n\n{taught.FALSIFIED_BY}")
    note(f"with its figure and a knob to turn: pip install marimo, then marimo edit {notebook(name)}", quiet)
    if not found.holds:
        note("this is not what the lesson expects: its assertion fails", quiet)
        raise typer.Exit(CHECK_FAILED)
