"""What moves the result most: the swing by each number that is not known, and the return by price weight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.report.bars import Bar, Bars
from loyaltysim.report.dots_chart import Dot
from loyaltysim.report.lines_chart import Line, Lines
from loyaltysim.report.picture import Grid, Picture
from loyaltysim.report.style import BLUE, GREY, VERMILLION
from loyaltysim.report.wording import estimate, interval, number, plain
from loyaltysim.scenario.business_words import noun_of
from loyaltysim.scenario.marks import parsed_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loyaltysim.experiments.results import Results

MOST = 10  # numbers that are drawn; the table has them all
NOTHING_UNKNOWN = (
    "What moves it most: the scenario names no uncertainties, so that only luck moves these figures. "
    "Name some "
    "(`uncertainties`) to see which of them matters."
)
NO_WEIGHTS = (
    "The return is about proportional to the price weight, which is poorly known; run with "
    "--price-weights to "
    "see it as a range."
)


def unknowns(results: Results) -> list[str]:
    """What the page has no figure for, in a line each."""
    if results.loaded.scenario.programme is None:
        return []
    told = [] if results.outer is not None else [NOTHING_UNKNOWN]
    return told + ([] if results.price_weights is not None else [NO_WEIGHTS])


def tornado(results: Results) -> Picture | None:
    """How far each uncertain number swings the main figure."""
    if results.outer is None or not results.moves:
        return None
    from loyaltysim.experiments.outer import inputs

    name = results.moves[0]["kpi"]
    unit = CATALOGUE[name].unit.replace("money", results.loaded.scenario.currency)
    rows = [row for row in results.moves if row["kpi"] == name]
    ranges = {one["path"]: one for one in inputs(results.outer)}
    return tornado_of("tornado", CATALOGUE[name].label, unit, rows, ranges)


def tornado_of(
    id: str, label: str, unit: str, rows: Sequence[dict[str, Any]], ranges: dict[str, dict[str, str]]
) -> Picture | None:
    """The swings of a figure, the longest first."""
    known = [row for row in rows if row["swing"]["estimable"]]
    known.sort(key=lambda row: -abs(row["swing"]["estimate"]))
    if not known:
        return None
    shown = [swing_bar(row) for row in known[:MOST]]
    first, swing = known[0], known[0]["swing"]
    sure = "" if not swing["low"] <= 0 <= swing["high"] else ", not clearly different from none"
    finding = (
        f"{label} is moved most by {named(first['paths'])}: "
        f"{estimate(swing['estimate'], swing['low'], swing['high'], unit)} from the low to the high end "
        "of its "
        f"range{sure}"
    )
    cells = tuple(
        (
            named(row["paths"]),
            "; ".join(f"{ranges[path]['low']} to {ranges[path]['high']}" for path in row["paths"]),
            estimate(row["swing"]["estimate"], row["swing"]["low"], row["swing"]["high"]),
            number(row["part"], "share") + ("" if row["clear"] else ", no more than chance"),
        )
        for row in known
    )
    return Picture(
        id,
        finding,
        "Bar chart (tornado): the change of the figure from the low to the high end of the range of each "
        "uncertain number, the others held",
        "Ends of a range: its 2.5th and 97.5th percentile. A straight line in all uncertain numbers is laid "
        "through the draws that were lived; black marks are its 95 % intervals, grey bars hold 0. What "
        "a curve "
        "does beyond a straight line is not in the bar, but in the share of variance of the table.",
        Bars(shown, f"{label.lower()}, {unit}, from low to high"),
        Grid(f"What moves it: {label}, {unit}", ("number", "from … to", "swing", "share of variance"), cells),
    )


def swing_bar(row: dict[str, Any]) -> Bar:
    """A number's swing; grey where it may as well be none."""
    swing = row["swing"]
    clear = not swing["low"] <= 0 <= swing["high"]
    color, hatch = (GREY, "--") if not clear else (BLUE, "") if swing["estimate"] > 0 else (VERMILLION, "//")
    return Bar(named(row["paths"]), swing["estimate"], swing["low"], swing["high"], color, hatch)


def named(paths: Sequence[str]) -> str:
    """Numbers as people speak of them."""
    return plain(" with ".join(noun_of(parsed_path(path)).text for path in paths), 70)


def return_by_weight(results: Results) -> Picture | None:
    """The programme's return at several price weights."""
    found = results.price_weights
    if found is None:
        return None
    unit = results.loaded.scenario.currency
    rows = [
        row for row in found.rows if row["programme_roi"] and row["programme_roi"]["estimate"] is not None
    ]
    if len(rows) < 2:
        return None
    dots = [
        Dot(row["price_weight"], *(row["programme_roi"][key] for key in ("estimate", "low", "high")))
        for row in rows
    ]
    ends = [f"{number(one.y, 'share')} at {number(one.x)}" for one in (dots[0], dots[-1])]
    finding = f"The return on the programme is {ends[0]} CSI points per 1 % of a basket and {ends[1]}"
    cells = tuple(
        (
            number(row["price_weight"])
            + (" (the scenario's own)" if row["price_weight"] == found.own else ""),
            *(
                cell(row[name])
                for name in ("programme_roi", "incremental_contribution", "incremental_retained")
            ),
            str(row["programme_roi"]["n"]),
        )
        for row in rows
    )
    return Picture(
        "price-weight",
        finding,
        "Dots with intervals: the programme's return by how money is priced in CSI points",
        f"From {number(found.low)} to {number(found.high)}: {found.source}. Every segment's weight is "
        "moved by the "
        "same factor and the rest stays as stated: nothing is calibrated anew, so that the market "
        "without the "
        f"programme is another one, too. {found.replications} replications at each other weight, on the "
        "luck of "
        "the run's first. Lines are 95 % intervals.",
        Lines([Line("return", BLUE, BLUE, (), dots, dots=True)],
              "price weight, CSI points per 1 % of a basket", "return on the programme",
              [one.x for one in dots], marks=(found.own,), level=0.0),
        Grid(
            "The programme by price weight",
            ("price weight", "return", f"incremental contribution, {unit}", "customers kept", "replications"),
            cells,
        ),
    )  # fmt: skip


def cell(row: dict[str, Any] | None) -> str:
    """A figure with its interval."""
    if row is None or row["estimate"] is None:
        return "–"
    unit = "share" if row["unit"] == "ratio" else ""
    span = interval(row["low"], row["high"], unit)
    return number(row["estimate"], unit) + (f" ({span})" if span else "")
