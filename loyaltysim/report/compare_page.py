"""The page of a comparison: which file may be the best, how the files differ, and why."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from loyaltysim.experiments.compare import Comparison
from loyaltysim.experiments.files import storage, write_whole
from loyaltysim.experiments.results import versions
from loyaltysim.experiments.side_by_side import SHOWN, luck
from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.metrics.summary import Row
from loyaltysim.report.bars import Bar, Bars
from loyaltysim.report.embed import Shown, drawn, page_text
from loyaltysim.report.picture import Grid, Picture
from loyaltysim.report.style import BLUE, GREY, VERMILLION
from loyaltysim.report.wording import estimate, number, plain

DRAWN = ("retention_12m", "profit", "satisfaction_base", "incremental_contribution")


def write_comparison(found: Comparison, why: Sequence[Row], folder: Path) -> Path:
    """Write `compare.html` and the figures into the folder; the path of the page."""
    with storage(folder):
        folder.mkdir(parents=True, exist_ok=True)
    embedded = list(drawn(pictures(found), folder / "figures").values())
    page = folder / "compare.html"
    write_whole(page, render(found, why, embedded).encode())
    return page


def render(found: Comparison, why: Sequence[Row], embedded: Sequence[Shown]) -> str:
    """The page as text."""
    names = [plain(name_of(one), 60) for one in found.results]
    values = {
        "title": " against ".join([", ".join(others(names, found.baseline)), names[found.baseline]]),
        "answer": answer(found),
        "warnings": found.warnings,
        "setting": setting(found),
        "best": best(found),
        "pictures": embedded,
        "differences": [differences(found, name) for name in others(names_of(found), found.baseline)],
        "why": [reasons(why, name) for name in dict.fromkeys(row["kpi"] for row in why)],
        "command": command(found, why),
        "provenance": provenance(found),
    }
    return page_text("compare.html.jinja", values)


def setting(found: Comparison) -> str:
    """How the files were lived."""
    base = found.results[found.baseline]
    told = f"{base.replications} replications of every file with seed {base.seed}, paired one by one. "
    return told + " ".join(f"{line[0].upper()}{line[1:]}." for line in luck_of(found))


def name_of(one: object) -> str:
    """A file's own name."""
    return str(one.loaded.scenario.name)  # type: ignore[attr-defined]


def names_of(found: Comparison) -> list[str]:
    """The names of all files, as they were given."""
    return [name_of(one) for one in found.results]


def others(names: Sequence[str], baseline: int) -> list[str]:
    """All names but the baseline's."""
    return [name for place, name in enumerate(names) if place != baseline]


def luck_of(found: Comparison) -> list[str]:
    """What common luck gained, where there are two files."""
    return luck(found.differences) if len(found.results) == 2 else []


def answer(found: Comparison) -> str:
    """Who has the highest profit, as far as it can be told, and by how much more than the baseline."""
    may = [row["scenario"] for row in found.best if row["kpi"] == "profit" and row["may_be_best"]]
    profit = [row for row in found.differences if row["kpi"] == "profit" and row["low"] is not None]
    told = f"The highest profit: {' or '.join(may)}." if may else "The highest profit cannot be told."
    for row in profit:
        sure = "more" if row["low"] > 0 else "less" if row["high"] < 0 else "not clearly more or less"
        told += (
            f" {row['scenario']} earns {sure} than {row['baseline']}: "
            f"{estimate(row['estimate'], row['low'], row['high'])} {row['unit']}."
        )
    return told


def best(found: Comparison) -> Grid:
    """Figure by figure, the files that may be the best."""
    rows = []
    for kpi in SHOWN:
        its = [row for row in found.best if row["kpi"] == kpi]
        may = [row["scenario"] for row in its if row["may_be_best"]]
        if its:
            sense = "more is better" if CATALOGUE[kpi].direction > 0 else "less is better"
            rows.append((CATALOGUE[kpi].label, sense, ", ".join(may)))
    return Grid("Files that may be the best", ("figure", "sense", "may be the best"), tuple(rows))


def pictures(found: Comparison) -> list[Picture]:
    """The differences of the figures that matter most, all files side by side."""
    return [
        one_picture(kpi, rows)
        for kpi in DRAWN
        if (rows := [r for r in found.differences if r["kpi"] == kpi and r["estimate"] is not None])
    ]


def one_picture(kpi: str, rows: list[Row]) -> Picture:
    """One figure: a bar a file."""
    label = CATALOGUE[kpi].label
    unit = unit_of(rows[0])
    shown = [bar(row) for row in rows]
    clear = [row for row in rows if row["low"] is not None and not row["low"] <= 0 <= row["high"]]
    finding = f"{label}: {len(clear)} of {len(rows)} differences from {rows[0]['baseline']} are clear of 0"
    if len(rows) == 1:
        row = rows[0]
        which = "higher" if row["estimate"] > 0 else "lower"
        sure = "" if clear else "perhaps "
        finding = f"{label} is {sure}{which} under {row['scenario']} than under {row['baseline']}"
    grid = Grid(
        f"{label}, difference, {unit}",
        ("file", "difference", "95 % interval"),
        tuple((one.name, number(one.value), span(one)) for one in shown),
    )
    return Picture(
        f"compare-{kpi}",
        finding,
        f"Bars: the difference of each file from {rows[0]['baseline']}, with its interval",
        "Bar: mean difference over replications. Line: 95 % interval; grey where it holds 0.",
        Bars(shown, f"{label}, difference, {unit}"),
        grid,
    )


def unit_of(row: Row) -> str:
    """The unit of a difference."""
    return "percentage points" if row["unit"] == "share" else str(row["unit"])


def in_unit(row: Row) -> tuple[float | None, ...]:
    """Estimate, low and high in the unit of a difference."""
    scaled = 100.0 if row["unit"] == "share" else 1.0
    return tuple(None if row[key] is None else row[key] * scaled for key in ("estimate", "low", "high"))


def cells(row: Row) -> tuple[str, str]:
    """A difference and its interval as text."""
    value, low, high = in_unit(row)
    return number(value), "" if low is None else f"{number(low)} to {number(high)}"


def bar(row: Row) -> Bar:
    """One file's difference; grey where its interval holds 0."""
    value, low, high = in_unit(row)
    assert value is not None
    clear = low is not None and high is not None and not low <= 0 <= high
    color = GREY if not clear else BLUE if value > 0 else VERMILLION
    return Bar(row["scenario"], value, low, high, color)


def span(one: Bar) -> str:
    """A bar's interval in words."""
    return "" if one.low is None or one.high is None else f"{number(one.low)} to {number(one.high)}"


def differences(found: Comparison, name: str) -> Grid:
    """Every figure by which one file differs from the baseline."""
    rows = tuple(
        (f"{CATALOGUE[row['kpi']].label}, {unit_of(row)}", *cells(row))
        for row in found.differences
        if row["scenario"] == name and row["estimable"]
    )
    base = name_of(found.results[found.baseline])
    return Grid(f"Differences from {base}", (f"{name} less {base}", "difference", "95 % interval"), rows)


def reasons(why: Sequence[Row], kpi: str) -> Grid:
    """What each change adds to one figure, the largest first."""
    those = sorted((row for row in why if row["kpi"] == kpi), key=lambda row: -abs(row["estimate"]))
    rows = tuple((plain(row["words"], 300), plain(row["part"], 80), *cells(row)) for row in those)
    caption = f"{CATALOGUE[kpi].label}, {unit_of(those[0])}"
    return Grid(caption, ("change", "field", "adds", "95 % interval"), rows)


def command(found: Comparison, why: Sequence[Row]) -> str:
    """The command that gives these numbers again."""
    base = found.results[found.baseline]
    files = [shlex.quote(str(one.loaded.path)) for one in found.results]
    words = ["loyaltysim compare", *files, *map(shlex.quote, changed(found))]
    words += [f"--replications {base.replications}", f"--seed {base.seed}"]
    if found.baseline:
        words.append(f"--baseline {files[found.baseline]}")
    words += [f"--why {name}" for name in dict.fromkeys(row["kpi"] for row in why)]
    return " ".join(words)


def changed(found: Comparison) -> tuple[str, ...]:
    """The words that change all files alike; a file that has the curve of its own lacks only `--theory`."""
    each = [one.loaded.words for one in found.results]
    longest = max(each, key=len)
    alike = all(words in (longest, longest[:-2]) for words in each)
    return longest if alike and (longest[-2:-1] == ("--theory",) or len({*each}) == 1) else ()


def provenance(found: Comparison) -> Grid:
    """What gives these numbers again, file by file."""
    rows = [(name_of(one), one.loaded.text_hash[:16], one.digest[:16]) for one in found.results]
    rows.append(("versions", ", ".join(f"{k} {v}" for k, v in versions().items()), ""))
    return Grid("Where these numbers come from", ("", "scenario", "digest"), tuple(rows))
