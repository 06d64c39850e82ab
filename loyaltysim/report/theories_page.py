"""The page of a scenario under several curves of loyalty: each curve as it was lived, and what survives."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from loyaltysim.experiments.conclusions import ORDER, fitted_to, in_words, shown
from loyaltysim.experiments.files import storage, write_whole
from loyaltysim.experiments.results import versions
from loyaltysim.experiments.theories import UnderTheories
from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.metrics.frames import satisfaction_and_staying
from loyaltysim.metrics.terms import terms_of
from loyaltysim.report.bars import Bar, Bars
from loyaltysim.report.dots_chart import Dots, Series
from loyaltysim.report.embed import Shown, drawn, page_text
from loyaltysim.report.picture import Grid, Picture
from loyaltysim.report.satisfaction import FEW, classed, dots_of, kept
from loyaltysim.report.style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, VERMILLION
from loyaltysim.report.wording import estimate, number, plain

LOOKS = (  # colour, dashes and mark of each curve, the scenario's own first
    (BLACK, (), ("o", "circle")),
    (BLUE, (), ("s", "square")),
    (VERMILLION, (5.0, 2.0), ("^", "triangle-up")),
    (GREEN, (5.0, 2.0), ("D", "diamond")),
    (PURPLE, (2.0, 1.5), ("v", "triangle-down")),
    (ORANGE, (2.0, 1.5), ("P", "cross")),
    (GREY, (1.0, 1.0), ("X", "stroke")),
)


def write_theories(found: UnderTheories, folder: Path) -> Path:
    """Write `theories.html`, and its figures into `theories/`; the path of the page."""
    with storage(folder):
        folder.mkdir(parents=True, exist_ok=True)
    embedded = list(drawn(pictures(found), folder / "theories").values())
    page = folder / "theories.html"
    write_whole(page, render(found, embedded).encode())
    return page


def render(found: UnderTheories, embedded: Sequence[Shown]) -> str:
    """The page as text."""
    first = found.results[0]
    scenario = first.loaded.scenario
    values: dict[str, Any] = {
        "title": f"{plain(scenario.name, 80)}: under {len(found.curves)} curves of loyalty",
        "question": scenario.question,
        "conclusions": [in_words(one) for one in found.conclusions],
        "setting": (
            f"{first.replications} replications under each curve with seed {first.seed}, on common luck. At "
            f"month 0 {100 * found.curves[0].stays:.1f} % of all customers stay a period under "
            f"{found.curves[0].theory}, the scenario's own curve; the others are moved until as many do."
        ),
        "pictures": list(embedded),
        "curves": curves(found),
        "levels": levels(found),
        "command": command(found),
        "provenance": provenance(found),
    }
    return page_text("theories.html.jinja", values)


def pictures(found: UnderTheories) -> list[Picture]:
    """The curves as lived, and the programme's effect under each."""
    return [one for one in (staying(found), effect(found)) if one is not None]


def staying(found: UnderTheories) -> Picture | None:
    """Who would stay a year by satisfaction, a line a curve."""
    tables = {}
    for curve, one in zip(found.curves, found.results, strict=True):
        table = satisfaction_and_staying(one.measured, terms_of(one.loaded.scenario))
        seen = (table["arm"] == table["arm"].iloc[0]) & (table["customer_months"] >= FEW)
        tables[curve.theory] = table[seen & table["estimate"].notna()].sort_values("from_satisfaction")
    lines = [
        Series(theory, look[0], look[0], look[1], look[2], dots_of(table))
        for (theory, table), look in zip(tables.items(), LOOKS, strict=False)
        if len(table) > 1
    ]
    if not lines:
        return None
    rows: dict[str, dict[str, str]] = {}
    for _, row in sorted(
        ((float(row["from_satisfaction"]), (theory, row))
         for theory, table in tables.items() for _, row in table.iterrows()),
        key=lambda pair: pair[0],
    ):  # fmt: skip
        theory, line = row
        rows.setdefault(classed(line), {})[theory] = kept(line)
    places = sorted({dot.x for one in lines for dot in one.dots})
    steep = {one.name: one.dots[-1].y - one.dots[0].y for one in lines}
    most, least = max(steep, key=lambda n: steep[n]), min(steep, key=lambda n: steep[n])
    return Picture(
        "staying-by-theory",
        f"From the least to the most satisfied, who would stay a year rises by {100 * steep[most]:.0f} "
        f"percentage points under {most}, by {100 * steep[least]:.0f} under {least}",
        "Chart of lines: the share of customers who would stay a year, by satisfaction, a line a curve",
        "As lived, with the programme where there is one: the share of home customers' months that end at "
        "home, to the 12th power, by satisfaction at the close before. Marks are 95 % intervals. What holds "
        "a customer besides satisfaction flattens every line; each curve also keeps other customers.",
        Dots(lines, "satisfaction with the firm, CSI points", "would stay a year", places, 0.35),
        Grid(
            "Home customers who would stay a year, by satisfaction in CSI points and by curve",
            ("satisfaction", *tables),
            tuple((label, *(cells.get(theory, "–") for theory in tables)) for label, cells in rows.items()),
        ),
    )


def effect(found: UnderTheories) -> Picture | None:
    """What the programme adds under each curve."""
    if not found.conclusions:
        return None
    label, unit = CATALOGUE[ORDER].label, found.results[0].kpi(ORDER)["unit"]
    bars, rows = [], []
    for curve, one in zip(found.curves, found.results, strict=True):
        row = one.kpi(ORDER)
        if row["estimate"] is None:
            continue
        clear = row["low"] is not None and not row["low"] <= 0 <= row["high"]
        color = GREY if not clear else BLUE if row["estimate"] > 0 else VERMILLION
        bars.append(Bar(curve.theory, row["estimate"], row["low"], row["high"], color))
        rows.append((curve.theory, estimate(row["estimate"], row["low"], row["high"], unit)))
    if not bars:
        return None
    low, high = min(bar.value for bar in bars), max(bar.value for bar in bars)
    return Picture(
        "effect-by-theory",
        f"{label}: from {number(low)} to {number(high)} {unit}, by the curve",
        f"Bar chart: {label.lower()} under each curve of loyalty",
        "Black marks are 95 % intervals; grey where they hold 0.",
        Bars(bars, f"{label}, {unit}"),
        Grid(f"{label} by curve", ("curve", "effect"), tuple(rows)),
    )


def curves(found: UnderTheories) -> Grid:
    """The curves and what was done to make them comparable."""
    base = found.curves[0].loyalty.offset
    rows = tuple(
        (
            curve.theory,
            "the scenario's own" if curve.own else fitted_to(curve.numbers(), base),
            f"{100 * curve.stays:.1f} %" + ("" if curve.met else ", as near as it comes"),
            "failed" if one.checks_failed else "passed" if one.checks else "none",
        )
        for curve, one in zip(found.curves, found.results, strict=True)
    )
    return Grid("The curves", ("curve", "moved by", "stay a period at month 0", "checks"), rows)


def levels(found: UnderTheories) -> Grid:
    """The main figures under each curve."""
    wanted = shown(found)
    rows = []
    for curve, one in zip(found.curves, found.results, strict=True):
        cells = (one.kpi(*key) for key in wanted)
        rows.append((curve.theory, *(estimate(c["estimate"], c["low"], c["high"], c["unit"]) for c in cells)))
    return Grid(
        "Levels under each curve", ("curve", *(CATALOGUE[name].label for name, _ in wanted)), tuple(rows)
    )


def provenance(found: UnderTheories) -> Grid:
    """What gives these numbers again, curve by curve."""
    rows = [
        (curve.theory, one.loaded.text_hash[:16], one.digest[:16])
        for curve, one in zip(found.curves, found.results, strict=True)
    ]
    rows.append(("versions", ", ".join(f"{k} {v}" for k, v in versions().items()), ""))
    return Grid("Where these numbers come from", ("", "scenario", "digest"), tuple(rows))


def command(found: UnderTheories) -> str:
    """The command that gives these numbers again."""
    one = found.results[0]
    path = Path(one.loaded.path)
    words = ["loyaltysim", "run", path.name if path.is_absolute() else path.as_posix(), *one.loaded.words]
    words += ["--theory", "all", "--seed", str(one.seed), "--replications", str(one.replications)]
    return shlex.join(words)
