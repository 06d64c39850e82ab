"""The verbs on data: calibrate."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from loyaltysim.cli.base import app
from loyaltysim.cli.searching import keep
from loyaltysim.cli.words import Debug, Json, Quiet
from loyaltysim.edge import CHECK_FAILED, as_json, edge, note, say
from loyaltysim.errors import UsageError


class Model(StrEnum):
    """What the segment is written from."""

    auto = "auto"
    pareto = "pareto-nbd"
    nbd = "nbd"


Column = Annotated[str, typer.Option(metavar="NAME", help="The column: its heading, or its number.")]
Since = Annotated[str | None, typer.Option(metavar="DATE", help="First day looked at, such as 1997-01-01.")]
Until = Annotated[str | None, typer.Option(metavar="DATE", help="Last day fitted; by default the middle.")]
To = Annotated[str | None, typer.Option(metavar="DATE", help="Last day looked at.")]


@app.command("calibrate")
@edge
def calibrate_verb(
    data: Annotated[
        Path | None,
        typer.Argument(metavar="DATA", help="Transactions: CSV or Parquet with customer, date, amount."),
    ] = None,
    targets: Annotated[
        Path | None,
        typer.Option("--targets", metavar="FILE", help="Solve for stated figures instead; see the docs."),
    ] = None,
    currency: Annotated[
        str | None, typer.Option(metavar="CODE", help="Currency of the amounts, such as USD.")
    ] = None,
    customer: Column = "customer",
    date: Column = "date",
    amount: Column = "amount",
    basket: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Column of the purchase a row belongs to; absent: a day is one."),
    ] = None,
    shift: Annotated[
        float, typer.Option(metavar="HOURS", help="Hours to add to the clocks in the file.")
    ] = 0,
    since: Since = None,
    until: Until = None,
    to: To = None,
    panel: Annotated[
        bool, typer.Option("--panel", help="Everybody is watched all the time and nobody leaves the market.")
    ] = False,
    model: Annotated[
        Model, typer.Option(help="The law of buying; auto takes the better by Akaike's criterion.")
    ] = Model.auto,
    segment: Annotated[str, typer.Option(metavar="NAME", help="Name of the segment.")] = "customers",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Where files go; by default reports/<DATA>.")
    ] = None,
    json_wanted: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Fit a segment to a log of transactions, or solve a scenario for stated figures."""
    if (data is None) == (targets is None):
        raise UsageError("calibrate: give a file of transactions, or --targets FILE")
    if targets is not None:
        solve_targets(targets, out, json_wanted, quiet)
        return
    assert data is not None
    from loyaltysim.experiments.calibration.calibrate import calibrate
    from loyaltysim.experiments.calibration.table import lines
    from loyaltysim.experiments.calibration.transactions import Layout
    from loyaltysim.experiments.files import safe_name

    found = calibrate(
        data,
        currency=_currency(currency),
        layout=Layout(customer, date, amount, basket, shift),
        since=_day("--since", since),
        until=_day("--until", until),
        to=_day("--to", to),
        panel=panel,
        model=model.value,
        segment=segment,
    )
    folder = out or Path("reports") / safe_name(data.stem)
    texts = {"calibration.json": as_json(found.to_json()) + "\n", **found.files()}
    keep(folder, {name: text.encode() for name, text in texts.items()})
    say(as_json(found.to_json()) if json_wanted else "\n".join(lines(found)))
    for one in found.notes:
        note(one, quiet)
    note(f"{', '.join(texts)}: {folder}", quiet)


def solve_targets(path: Path, out: Path | None, json_wanted: bool, quiet: bool) -> None:
    """Solve for the figures that a file states; exit 1 where they cannot be met."""
    from loyaltysim.experiments.calibration import solved
    from loyaltysim.experiments.calibration.solving import solve
    from loyaltysim.experiments.calibration.targets import read_targets
    from loyaltysim.experiments.files import safe_name

    found = solve(read_targets(path), partial(note, quiet=quiet))
    folder = out or Path("reports") / safe_name(path.stem)
    texts = {
        "targets.json": as_json(solved.to_json(found)) + "\n",
        "calibrated.yaml": solved.scenario_yaml(found),
    }
    keep(folder, {name: text.encode() for name, text in texts.items()})
    say(as_json(solved.to_json(found)) if json_wanted else "\n".join(solved.lines(found)))
    note(f"{', '.join(texts)}: {folder}", quiet)
    if not found.fits:
        raise typer.Exit(CHECK_FAILED)


def _day(option: str, text: str | None) -> dt.date | None:
    """A date given as an option."""
    try:
        return None if text is None else dt.date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option}: '{text}' is no date; write 1997-09-30") from None


def _currency(code: str | None) -> str:
    """The currency, which nobody can guess from a number."""
    if code is None or not (len(code) == 3 and code.isascii() and code.isupper()):
        said = "say the currency of the amounts" if code is None else f"'{code}' is no currency"
        raise UsageError(f"--currency: {said}, such as --currency USD")
    return code
