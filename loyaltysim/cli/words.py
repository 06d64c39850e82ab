"""The words that several verbs take: arguments and options, with their help."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


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
Precision = Annotated[
    list[str] | None,
    typer.Option(
        "--precision",
        metavar="KPI=WIDTH",
        help="Replicate until the interval of the effect on this figure (without a programme: of the figure; "
        "in compare: of the difference) is within plus or minus WIDTH; may be repeated.",
    ),
]
Workbook = Annotated[
    bool, typer.Option("--workbook", help="Also write workbook.xlsx, with live formulas for finance.")
]
PriceWeights = Annotated[
    bool,
    typer.Option(
        "--price-weights", help="Also show the return as a range over price_weight; some twice the time."
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Run even if it takes longer than a day.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as one JSON object on stdout.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress, notes or warnings on stderr.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]
Junit = Annotated[
    Path | None, typer.Option("--junit", metavar="FILE", help="Write the checks there, as JUnit's XML.")
]
