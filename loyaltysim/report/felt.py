"""What customers felt: the distribution of the gap, and the theories' curves beside what was lived."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loyaltysim.metrics.frames import gap_distribution, satisfaction_and_staying
from loyaltysim.metrics.terms import terms_of
from loyaltysim.report.dots_chart import Dot
from loyaltysim.report.lines_chart import LOOKS, NAMES, Line, Lines
from loyaltysim.report.persons import arms_of, known
from loyaltysim.report.picture import Grid, Picture, find
from loyaltysim.report.style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, SKY
from loyaltysim.report.wording import estimate, number

if TYPE_CHECKING:
    import pandas as pd

    from loyaltysim.experiments.results import Results

CLASS = 5  # CSI points, of a class of the gap
RARE = 0.0005  # share of visits below which the classes at either end are not drawn
FEW = 5.0  # customer-months a replication, below which a class of satisfaction says nothing
THEORY_LOOKS = {
    "threshold": ("threshold", BLUE, BLUE, ()),
    "kotler": ("Kotler", ORANGE, "#8a5f00", (6.0, 2.0)),
    "competitive": ("competitive", GREEN, "#00664a", (2.0, 2.0)),
    "two_threshold": ("two\nthresholds", PURPLE, "#8d3f6b", (8.0, 2.0, 2.0, 2.0)),
    "inverted_u": ("inverted U", SKY, "#1f6c9c", (4.0, 4.0)),
    "constant": ("no influence", GREY, GREY, (1.0, 3.0)),
}


def gaps(results: Results) -> Picture | None:
    """Visits by quality less expectation."""
    if not results.units:
        return None
    table = gap_distribution(results.units, terms_of(results.loaded.scenario), CLASS)
    common = table[table["estimate"] >= RARE]
    if len(common) == 0:
        return None
    least, most = common["from_gap"].min(), common["from_gap"].max()
    table = table[(table["from_gap"] >= least) & (table["from_gap"] <= most)]
    arms = arms_of(results)
    parts = {arm: table[table["arm"] == arm].set_index("from_gap") for arm in arms}
    places = sorted({int(place) for part in parts.values() for place in part.index})
    series = [
        Line(
            "\n".join(NAMES[arm].split(" ", 1)) if len(arms) > 1 else "visits",
            *LOOKS[arm if len(arms) > 1 else "programme"],
            [Dot(p + CLASS / 2, r.estimate, known(r.low), known(r.high))
             for p, r in zip(parts[arm].index, parts[arm].itertuples(), strict=True)],
        )
        for arm in arms
    ]  # fmt: skip
    short, mean = (
        find(results.kpis, name, (arms[0], "programme")) for name in ("gap_negative_share", "gap_mean")
    )
    if short is None or mean is None:
        return None
    where = " with the programme" if len(arms) > 1 else ""
    finding = (
        f"{estimate(short['estimate'], short['low'], short['high'], 'share')} of visits fall short of what "
        f"was expected{where}; the mean gap is "
        f"{estimate(mean['estimate'], mean['low'], mean['high'], 'CSI points')}"
    )
    rows = tuple(
        (f"{place} to {place + CLASS}", *(share_at(parts[arm], place) for arm in arms)) for place in places
    )
    return Picture(
        "gaps",
        finding,
        "Curves: the share of visits by the gap between what was delivered and what was expected",
        f"Gap: (quality − expected quality) + (extras − expected extras), in classes of {CLASS} CSI points. "
        "Expectations follow what is delivered, so that a lasting change of quality shows here for a while "
        "only. Bands are 95 % intervals.",
        Lines(
            series,
            "gap of a visit, CSI points",
            "of visits",
            [place + CLASS / 2 for place in places],
            marks=(0.0,),
        ),
        Grid(
            "Served visits at the firm by their gap",
            ("gap, CSI points", *(NAMES[arm] if len(arms) > 1 else "share" for arm in arms)),
            rows,
        ),
    )


def share_at(part: pd.DataFrame, place: int) -> str:
    """The share of a class, with its interval."""
    if place not in part.index:
        return "0"
    row = part.loc[place]
    return estimate(row["estimate"], row["low"], row["high"], "share")


def formulas(results: Results) -> Picture | None:
    """The chance of staying a year by satisfaction under each theory, beside what was lived."""
    from loyaltysim.experiments.formula_curves import curves_by_satisfaction

    scenario = results.loaded.scenario
    if not results.units or scenario.loyalty is None or scenario.loyalty.period == "occasion":
        return None
    table = satisfaction_and_staying(results.units, terms_of(scenario))
    table = table[(table["arm"] == "twin") & (table["customer_months"] >= FEW) & table["estimate"].notna()]
    if len(table) < 3:
        return None
    middles = ((table["from_satisfaction"] + table["to_satisfaction"]) / 2).to_numpy()
    curves = curves_by_satisfaction(
        scenario, middles, table["customer_months"].to_numpy(), table["estimate"].to_numpy()
    )
    grid = curves.satisfaction
    lines = [
        Line(*THEORY_LOOKS[name], [Dot(x, y, None, None) for x, y in zip(grid.tolist(), curve, strict=True)])
        for name, curve in curves.stays.items()
    ]
    dots = [
        Dot(x, r.estimate, known(r.low), known(r.high))
        for x, r in zip(middles.tolist(), table.itertuples(), strict=True)
    ]
    lines.append(Line("as lived", BLACK, BLACK, (), dots, dots=True))
    nearest = min(curves.stays, key=lambda name: curves.misses[name])
    theory = scenario.loyalty.theory if scenario.loyalty.theory in curves.misses else "constant"
    finding = (
        f"By satisfaction alone the scenario's own curve, '{spoken(theory)}', misses what was lived by "
        f"{number(curves.misses[theory], 'pp')} on average"
    )
    if nearest != theory:
        finding += f"; '{spoken(nearest)}' comes nearest, {number(curves.misses[nearest], 'pp')} off"
    at = [int(np.argmin(abs(grid - x))) for x in middles]
    rows = tuple(
        (
            f"{r.from_satisfaction:g} to {r.to_satisfaction:g}",
            estimate(r.estimate, r.low, r.high, "share"),
            *(number(float(curve[k]), "share") for curve in curves.stays.values()),
        )
        for k, r in zip(at, table.itertuples(), strict=True)
    )
    return Picture(
        "formulas",
        finding,
        "Curves: the chance of staying a year by satisfaction as each theory has it, and dots with intervals "
        "as it was lived",
        "Lines are formulas, not results: the standing is satisfaction alone (bonds, money and the pull of "
        "rivals as at par), own thresholds averaged over customers, each curve moved so that on average as "
        "many stay as were lived. Dots are lived, without the programme, with 95 % intervals; where they are "
        "flatter, bonds, pull, money and own thresholds have sorted the customers.",
        Lines(lines, "satisfaction with the firm, CSI points", "would stay a year", middles.tolist()),
        Grid(
            "Chance of staying a year by satisfaction: as lived, and by each theory's formula",
            ("satisfaction", "as lived", *(spoken(name) for name in curves.stays)),
            rows,
        ),
    )


def spoken(theory: str) -> str:
    """A theory as it is called."""
    return THEORY_LOOKS[theory][0].replace("\n", " ") if theory in THEORY_LOOKS else theory
