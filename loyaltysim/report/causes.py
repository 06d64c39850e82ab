"""Why customers leave the firm: defections by the term of standing that had fallen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysim.metrics.frames import defections_by_cause
from loyaltysim.metrics.terms import terms_of
from loyaltysim.report.bars import Bar, Bars
from loyaltysim.report.picture import Grid, Picture
from loyaltysim.report.style import BLUE, VERMILLION
from loyaltysim.report.wording import estimate, number

if TYPE_CHECKING:
    import pandas as pd

    from loyaltysim.experiments.results import Results

SMALL = 0.01  # share below which a cause is told in the table alone
MOST = 6  # causes in the chart
WORDS = {
    "failure": "failures",
    "wait": "waiting",
    "expectation": "higher expectations",
    "offer": "rivals' offers",
    "rivals": "rivals without offers",
    "bonds": "weaker bonds",
    "programme": "what the programme is worth",
    "referral": "a referral",
}


def causes(results: Results) -> Picture | None:
    """What those who left had seen fall since they came, the most frequent cause first."""
    terms = terms_of(results.loaded.scenario)
    if not results.measured or not terms.attributes:
        return None
    table = defections_by_cause(results.measured, terms)
    looks = {"programme": (", with", BLUE, ""), "twin": (", without", VERMILLION, "//")}
    if not terms.has_programme:
        looks = {"twin": ("", BLUE, "")}
    ours = table[(table["arm"] == next(iter(looks))) & table["estimate"].notna()]
    ours = ours.sort_values(["estimate", "cause"], ascending=[False, True])
    named = [str(cause) for cause in ours["cause"][ours["estimate"] >= SMALL]]
    if not named:
        return None
    lines = {(str(row["arm"]), str(row["cause"])): row for _, row in table.iterrows()}
    bars = [
        bar_of(lines[arm, cause], f"{WORDS.get(cause, cause)}{word}", color, hatch)
        for cause in named[:MOST]
        for arm, (word, color, hatch) in looks.items()
        if lines[arm, cause]["estimate"] == lines[arm, cause]["estimate"]
    ]
    first = lines[next(iter(looks)), named[0]]
    where = " with the programme" if terms.has_programme else ""
    finding = f"{told(first)} of those who left for a cause{where} left for {WORDS.get(named[0], named[0])}"
    return Picture(
        "causes",
        finding,
        "Bar chart: defections from the firm by their cause, each with its interval",
        "Cause: the term of her standing that, had it stayed as it was when she came, would have lowered her "
        "hazard of leaving most; over the defections that have one. Lines are 95 % intervals.",
        Bars(bars, "% of the defections with a cause"),
        grid_of(lines, looks, [str(cause) for cause in ours["cause"]]),
    )


def bar_of(row: pd.Series, name: str, color: str, hatch: str) -> Bar:
    """A share as a bar, in %."""
    low, high = (100 * row[end] if row[end] == row[end] else None for end in ("low", "high"))
    return Bar(name, 100 * row["estimate"], low, high, color, hatch)


def told(row: pd.Series) -> str:
    """A share with its interval."""
    low, high = (row[end] if row[end] == row[end] else None for end in ("low", "high"))
    return estimate(row["estimate"], low, high, "share")


def grid_of(lines: dict[tuple[str, str], pd.Series], arms: dict[str, tuple], order: list[str]) -> Grid:
    """All causes as a table, with the mean number of defections."""
    names = {"programme": "with programme", "twin": "without"} if len(arms) > 1 else {"twin": "share"}
    rows = tuple(
        (WORDS.get(cause, cause), *(cell for arm in arms for cell in cells(lines[arm, cause])))
        for cause in order
    )
    heads = tuple(head for arm in arms for head in (names[arm], "defections"))
    return Grid("Defections by cause", ("cause", *heads), rows)


def cells(row: pd.Series) -> tuple[str, str]:
    """A share and how many defections it stands for."""
    return (told(row) if row["estimate"] == row["estimate"] else "–", number(row["defections"]))
