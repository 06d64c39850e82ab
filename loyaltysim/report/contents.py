"""What a report says, as finished text: key figures, checks, assumptions, limits, how to run it again."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.report.picture import Grid, Row
from loyaltysim.report.wording import (
    NOT_ESTIMABLE,
    POINTS_OF_SHARE,
    SHARES,
    estimate,
    measured,
    number,
    plain,
    spelled,
)

if TYPE_CHECKING:
    from loyaltysim.experiments.results import Results

ARMS = {"programme": "with programme", "twin": "without (twin)", "effect": "effect"}
ONE_ARM = {"programme": "value"}  # without a programme both arms are the same
KEY = (
    "base_customers",
    "incremental_retained",
    "retention_12m",
    "customers_end",
    "share_of_wallet",
    "satisfaction_base",
    "revenue",
    "contribution",
    "programme_cost",
    "incremental_contribution",
    "programme_roi",
    "clv_mean",
    "redemption_rate",
    "wait_mean_min",
    "gave_up_share",
)

ONLY_THE_NET = (
    "Only the net, saved minus driven away, is identified. Who in person was saved and who was driven away "
    "rests on a convention: that a customer has the same luck in both worlds. Another pairing of luck would "
    "give another split with the same net."
)

STARTS = {
    "at_rest": "The figures are transient: the market starts at rest, without the programme, and the window "
    "ends before it has found a new rest. What the programme does in the long run may differ.",
    "fresh": "The figures are transient: everybody starts at par, and such a market needs five to ten years "
    "to settle. Part of what is seen is that settling, in both arms.",
}
LIMITS = (
    "Intervals say how far luck may move the figures of this model. They say nothing about how wrong its "
    "assumptions may be; vary the numbers without a source to see that.",
    "Money enters loyalty through the price weight (CSI points per 1 % of a basket), which is poorly known. "
    "The return of a programme is about proportional to it: read it as a range over that weight.",
    "Draws are matched by the number of the occasion, not by the day. Where the programme changes how often "
    "somebody comes, later visits pair less closely: still unbiased, with somewhat wider intervals.",
    "Not in this version: coupons, gift cards, coalitions, staff skill and turnover, steering of service.",
)


def limits(results: Results) -> tuple[str, ...]:
    """What the figures cannot say."""
    return STARTS[results.loaded.scenario.opening], *LIMITS


class Cell(NamedTuple):
    """A figure and its interval, as text."""

    estimate: str
    span: str


class KeyRow(NamedTuple):
    """A KPI in both arms and as an effect."""

    label: str
    unit: str
    definition: str
    cells: tuple[Cell, ...]


def columns(results: Results) -> dict[str, str]:
    """The arms that the tables of figures show, and the heading of each."""
    return ARMS if results.loaded.scenario.programme else ONE_ARM


def key_figures(kpis: list[Row], names: Iterable[str], arms: Iterable[str]) -> list[KeyRow]:
    """Rows of the table of figures, for those of `names` that the results have in one of `arms`."""
    found: dict[str, dict[str, Row]] = {}
    for row in kpis:
        found.setdefault(row["kpi"], {})[row["arm"]] = row
    return [_key_row(name, found[name], arms) for name in names if set(arms) & set(found.get(name, ()))]


def key_names(kpis: list[Row]) -> list[str]:
    """The key figures that some arm has an estimate of."""
    known = {row["kpi"] for row in kpis if row["estimate"] is not None}
    return [name for name in KEY if name in known]


def other_names(kpis: list[Row]) -> list[str]:
    """All other figures, in the order of the results."""
    shown = set(key_names(kpis))
    return [name for name in dict.fromkeys(row["kpi"] for row in kpis) if name not in shown]


def _key_row(name: str, rows: Mapping[str, Row], arms: Iterable[str]) -> KeyRow:
    """One row of the table of figures."""
    unit = next(iter(rows.values()))["unit"] or ""
    definition = CATALOGUE[name].definition if name in CATALOGUE else ""
    is_difference = {"programme", "twin"} <= set(rows)
    cells = tuple(_cell(rows.get(arm), unit, arm == "effect" and is_difference) for arm in arms)
    return KeyRow(label(name), "" if unit in SHARES else unit, definition, cells)


def label(name: str) -> str:
    """The plain name of a KPI."""
    return CATALOGUE[name].label if name in CATALOGUE else name.replace("_", " ").replace(".", ": ")


def _cell(row: Row | None, unit: str, is_difference: bool) -> Cell:
    """One figure; a difference carries its sign, that of two shares is in percentage points."""
    if row is None:
        return Cell("", "")
    if row["estimate"] is None:
        return Cell(NOT_ESTIMABLE, "")
    shown = POINTS_OF_SHARE if is_difference and unit in SHARES else unit
    return Cell(*spelled(row["estimate"], row["low"], row["high"], shown, sign=is_difference))


def setting(results: Results) -> str:
    """What was simulated, in a line."""
    scenario = results.loaded.scenario
    runs = "1 replication" if results.replications == 1 else f"{number(results.replications)} replications"
    rivals = "1 rival" if len(scenario.rivals) == 1 else f"{len(scenario.rivals)} rivals"
    warm = f" after a warm-up of {scenario.warm_up}" if scenario.warm_up else ""
    dated = sum(entry.customers for entry in scenario.market.entries)
    entering = f", {number(dated)} entering on dates" if dated else ""
    stands = (
        ""
        if scenario.market.represents is None
        else (
            f" They stand for {number(scenario.market.represents)} real ones, whose figures these are; desks "
            "and clerks serve the simulated ones, and amounts that the firm states are real."
        )
    )
    return (
        f"{number(scenario.market.customers)} customers in the market at the start{entering}, {rivals}, "
        f"{scenario.horizon} months{warm}; {runs}, seed {results.seed}, {results.engine} engine.{stands}"
    )


def assumptions(caption: str, rows: Iterable[tuple[str, Any]]) -> Grid:
    """Paths and values of the scenario as a table."""
    return Grid(
        caption, ("field", "value"), tuple((plain(path, 120), plain(value, 120)) for path, value in rows)
    )


def sources(rows: Iterable[tuple[str, str, str, str]]) -> Grid:
    """Numbers with where they come from, as a table."""
    cells = tuple(tuple(plain(text, 200) or "–" for text in row) for row in rows)
    return Grid("Numbers with their source", ("field", "value", "may lie in", "source"), cells)


class Check(NamedTuple):
    """A condition of the scenario: `passed` or `failed`, and in words."""

    verdict: str
    text: str


def checks(results: Results) -> list[Check]:
    """The scenario's conditions and what became of them."""
    return [Check("passed" if check["passed"] else "failed", _told(check)) for check in results.checks]


def _told(check: Mapping[str, Any]) -> str:
    """A check in a sentence."""
    unit = check.get("unit") or ""
    limits = [
        f"{word} {measured(check[key], unit)}"
        for key, word in (("min", "at least"), ("max", "at most"))
        if check.get(key) is not None
    ]
    found = estimate(check["estimate"], check["low"], check["high"], unit)
    whole = ", judged by the whole interval" if check.get("judge") == "interval" else ""
    return (
        f"{label(str(check['kpi']))} ({check['arm']}) is to be {' and '.join(limits)}{whole}; "
        f"it is {found if check['estimate'] is not None else NOT_ESTIMABLE}"
    )


def command(results: Results) -> str:
    """The command that gives these results again."""
    path = Path(str(getattr(results.loaded, "path", "") or "SCENARIO.yaml"))
    shown = path.name if path.is_absolute() else path.as_posix()
    words = [
        "loyaltysim",
        "run",
        shown,
        *results.loaded.words,
        "--seed",
        str(results.seed),
        "--replications",
        str(results.replications),
    ]
    return shlex.join(words)


def provenance(results: Results) -> Grid:
    """What gives the same numbers again, and the fingerprint by which to know them."""
    rows = [(plain(part).replace("_", " "), plain(value, 70)) for part, value in results.provenance().items()]
    return Grid("What made these numbers", ("part", "value"), tuple(rows))
