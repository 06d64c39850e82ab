"""The application that verbs are added to, and the options that stand before a verb."""

from typing import Annotated

import typer

from loyaltysim import __version__
from loyaltysim.edge import say

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Simulate a loyalty programme and its twin: the same market without the programme.",
    epilog="Exit codes: 0 ok, 1 a check of the scenario failed, 2 bad input or usage, "
    "3 refused for lack of resources, 4 storage, 5 internal error, 130 interrupted.",
)


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
