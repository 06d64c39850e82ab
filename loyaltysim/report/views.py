"""The charts as interactive views, from the tables that their still figures are drawn from."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from loyaltysim.report.picture import Grid
from loyaltysim.report.places import spread, step
from loyaltysim.report.series import drawable, has, last
from loyaltysim.report.style import ARM_NAMES, BLACK, BLUE, COLORS, INK, PAGE, VERMILLION
from loyaltysim.report.vega import (
    NUMBER,
    SHARE,
    SOFT,
    TOLD,
    Plot,
    Row,
    View,
    finite,
    layer,
    rows,
    scale,
    span,
    upward,
    whole,
)

if TYPE_CHECKING:
    from loyaltysim.report.bars import Bar
    from loyaltysim.report.charts import Panel, Span

CURVE = {"x": "month", "y": "mean", "low": "low", "high": "high"}
DASHES = {"programme": (), "twin": (7, 3), "difference": ()}
TALL = 185  # px, of a panel of height 1
LETTER = 7  # px, of a figure's breadth
ROW = 46  # px, of a bar with its words


def over_months(months: pd.Series, title: str) -> View:
    """The axis of months, from the first to the last; one month alone gets room beside it."""
    first, final = float(months.min()), float(months.max())
    room = 0.5 if first == final else 0.0
    every = step(final - first, PAGE)
    ticks = [month for month in range(int(first), int(final) + 1) if month % every == 0]
    return scale(first - room, final + room, title, ticks=ticks, grid=False)


def curves_view(panels: Sequence[Panel], offers: Sequence[Span], time: str, grid: Grid) -> View:
    """Panels of curves below one another over the same months, offers shaded."""
    views = []
    for place, panel in enumerate(panels):
        shown = panel.table[panel.table["arm"].isin(panel.arms)]
        low, high = span(
            itertools.chain(shown["mean"], shown["low"], shown["high"]), zero="difference" in panel.arms
        )
        months = over_months(panel.table["month"], time if place == len(panels) - 1 else "")
        kind = SHARE if panel.share else NUMBER
        label = " ".join(panel.label.split("\n"))
        plot = Plot(months, upward(low, high, label, shown=kind), round(TALL * panel.height))
        layers = shades(plot, offers, (low, high), named=place == 0)
        layers += [plot.level(0)] if "difference" in panel.arms else []
        layers += [plot.upright(0), *lines(plot, panel), *names(plot, panel, (low, high))]
        places = panel.table["month"].drop_duplicates().sort_values().tolist()
        views.append(plot.view([*layers, plot.pointer(f"at{place}", grid, places)]))
    return whole(grid.columns, *views)


def lines(plot: Plot, panel: Panel) -> list[View]:
    """Bands and curves; up to month 0 the arms are one world and are drawn once."""
    found = []
    for arm in panel.arms:
        table = panel.table[(panel.table["arm"] == arm) & panel.table["mean"].notna()]
        points = rows(drawable(table), CURVE)
        found += [plot.band(points, COLORS[arm]), plot.line(points, COLORS[arm], DASHES[arm])]
    if "programme" in panel.arms:
        past = panel.table[(panel.table["arm"] == panel.arms[0]) & (panel.table["month"] <= 0)]
        found.append(plot.line(rows(past[past["mean"].notna()], CURVE), "#333333", width=2.6))
    return found


def names(plot: Plot, panel: Panel, ends: tuple[float, float]) -> list[View]:
    """The arms' names at the ends of their curves, kept apart."""
    if len(panel.arms) < 2:
        return []
    last_of = {arm: last(panel.table, arm) for arm in panel.arms if has(panel.table, arm)}
    order = sorted(last_of, key=lambda arm: float(last_of[arm]["mean"]))
    low, high = ends
    heights = spread([(last_of[arm]["mean"] - low) / (high - low) for arm in order], 36 / plot.height)
    final = plot.x["scale"]["domain"][1]
    return [
        plot.name(final, low + height * (high - low), ARM_NAMES[arm], INK[arm])
        for arm, height in zip(order, heights, strict=True)
    ]


def shades(plot: Plot, offers: Sequence[Span], ends: tuple[float, float], named: bool) -> list[View]:
    """The offers as shaded spans with their names along them."""
    told = [
        {"x": float(one.start), "x2": float(one.end), "mid": (one.start + one.end) / 2, "name": one.name}
        for one in offers
    ]
    shade = layer(told, {"type": "rect", "color": "#ececec"}, plot.at(y=None, x2="x2"))
    text: View = {"type": "text", "angle": 270, "align": "right", "fontSize": 11, "dx": -4}
    at = plot.at(x="mid", y="top") | {"text": {"field": "name"}, "color": {"value": SOFT}}
    word = layer([one | {"top": ends[1]} for one in told], text, at) if named else {}
    return [one for one in (shade, word) if one]


def bars_view(bars: Sequence[Bar], label: str, grid: Grid, said: Sequence[str]) -> View:
    """Bars from 0, each below its name and its value, with its interval."""
    reached = [b.start + (finite(end) or 0.0) for b in bars for end in (0.0, b.value, b.low, b.high)]
    low, high = span(reached, zero=True)
    down: View = {"scale": {"domain": [len(bars), 0], "nice": False, "zero": False}, "axis": None}
    plot = Plot(scale(low, high, label), down, ROW * len(bars))
    return whole(
        (grid.columns[0] or "what", label), plot.view([plot.upright(0.0, ()), *beams(plot, bars, said)])
    )


def beams(plot: Plot, bars: Sequence[Bar], said: Sequence[str]) -> list[View]:
    """The bars with their words and intervals, one a row from the top."""
    found, spans = [], []
    for k, (bar, words) in enumerate(zip(bars, said, strict=True)):
        begun = {"x": bar.start + bar.value, "start": bar.start, "told": [bar.name, words]}
        row: Row = begun | {"y": k + 0.46, "y2": k + 0.86}
        look = {"type": "rect", "color": bar.color, "stroke": BLACK, "strokeWidth": 0.7}
        found.append(layer([row], look, plot.at(x2="start", y2="y2") | {"tooltip": TOLD}))
        low, high = finite(bar.low), finite(bar.high)
        if low is not None and high is not None:
            spans.append(
                {
                    "x": bar.start + low,
                    "x2": bar.start + high,
                    "y": k + 0.66,
                    "up": k + 0.54,
                    "down": k + 0.78,
                }
            )
    for color, thick in (("#ffffff", 4.0), (BLACK, 1.6)):
        found.append(layer(spans, {"type": "rule", "color": color, "strokeWidth": thick}, plot.at(x2="x2")))
    for end in ("x", "x2"):
        mark = {"type": "rule", "color": BLACK, "strokeWidth": 1.6}
        found.append(layer(spans, mark, plot.at(x=end, y="up", y2="down")))
    beside = LETTER * max(map(len, said), default=0) + 10
    return [*found, *headings(plot, [b.name for b in bars], "left", beside), *headings(plot, said, "right")]


def headings(plot: Plot, words: Sequence[str], side: str, beside: int = 0) -> list[View]:
    """Words above each row, at the left or at the right of the plot; `beside`: px taken by the others."""
    room = {"expr": f"max(80, width - {beside})"} if beside else {"expr": "width"}
    mark: View = {"type": "text", "align": side, "baseline": "middle", "limit": room}
    at = plot.at(x=None) | {"x": {"value": 0 if side == "left" else "width"}, "text": {"field": "text"}}
    return [layer([{"y": k + 0.26, "text": text} for k, text in enumerate(words)], mark, at)]


def layers_view(
    tables: Mapping[str, pd.DataFrame],
    looks: Sequence[str],
    total: pd.DataFrame,
    label: str,
    time: str,
    grid: Grid,
    line: bool = False,
) -> View:
    """Groups stacked upon one another, each named at its end; dashes are the interval of their sum."""
    top = pd.concat([total["high"], sum(table["mean"] for table in tables.values())])
    high = span(top, zero=True)[1]
    first = next(iter(tables.values()))
    plot = Plot(over_months(first["month"], time), upward(0.0, high, label), 240)
    return whole(
        grid.columns,
        plot.view([*stack(plot, tables, looks, total, high, line), points_of(plot, grid, first)]),
    )


def points_of(plot: Plot, grid: Grid, table: pd.DataFrame, id: str = "at0") -> View:
    """What is read off at the pointer, month by month."""
    return plot.pointer(id, grid, table["month"].tolist())


def stack(
    plot: Plot,
    tables: Mapping[str, pd.DataFrame],
    looks: Sequence[str],
    total: pd.DataFrame,
    high: float,
    line: bool,
) -> list[View]:
    """The layers, the interval of their sum, and the names at the right."""
    found, floor = [], pd.Series(0.0, index=next(iter(tables.values())).index)
    middles = []
    for color, table in zip(looks, tables.values(), strict=False):
        top = floor + table["mean"]
        stretch = drawable(pd.DataFrame({"month": table["month"], "low": floor, "high": top}))
        area = rows(stretch, {"x": "month", "low": "low", "high": "high"})
        found.append(plot.band(area, color, 0.75))
        middles.append(float((floor + table["mean"] / 2).iloc[-1]) / high)
        floor = top
    whole_of = rows(drawable(total), CURVE)
    found += plot.edges(whole_of)
    words = dict(zip(tables, middles, strict=True))
    if line:
        found.append(plot.line(whole_of, BLACK, width=2))
        words["issued"] = float(total["mean"].iloc[-1]) / high
    order = sorted(words, key=lambda name: words[name])
    places = spread([words[name] for name in order], 18 / plot.height)
    final = plot.x["scale"]["domain"][1]
    return found + [
        plot.name(final, place * high, name, bold=name == "issued")
        for name, place in zip(order, places, strict=True)
    ]


def book_view(tables: Mapping[str, pd.DataFrame], looks: Mapping[str, str], time: str, grid: Grid) -> View:
    """The points book: where the issued points are, and below the points outstanding."""
    issued, left = tables["issued"], tables["outstanding"]
    layers = {name: tables[name] for name in looks}
    high = span([*issued["high"], *issued["mean"]], zero=True)[1]
    book = Plot(over_months(issued["month"], ""), upward(0.0, high, "points since the start"), 220)
    above = stack(book, layers, list(looks.values()), issued, high, True)
    most = span([*left["high"], *left["mean"]], zero=True)[1]
    rest = Plot(over_months(issued["month"], time), upward(0.0, most, "points outstanding"), 110)
    curve = rows(drawable(left), CURVE)
    below = [rest.band(curve, BLUE, 0.25), rest.line(curve, BLUE)]
    return whole(
        grid.columns,
        book.view([*above, points_of(book, grid, issued)]),
        rest.view([*below, points_of(rest, grid, issued, "at1")]),
    )


def cohort_view(simulated: pd.DataFrame, observed: Sequence[float], name: str, grid: Grid) -> View:
    """A real cohort's repeat purchases over the simulated band, by week."""
    part = simulated[simulated["week"] <= len(observed)]
    high = span([*part["most"], *part["mean"], *observed], zero=True)[1]
    x = scale(0.0, float(len(observed)), "weeks", grid=False)
    plot = Plot(x, upward(0.0, high, "repeat purchases so far"), 260)
    curve = rows(part, {"x": "week", "y": "mean", "low": "low", "high": "high"})
    wide = rows(part, {"x": "week", "low": "least", "high": "most"})
    real: list[Row] = [{"x": float(k), "y": float(value)} for k, value in enumerate(observed, start=1)]
    ends = {"simulated": float(part["mean"].iloc[-1]), "real": float(observed[-1])}
    order = sorted(ends, key=lambda key: ends[key])
    places = spread([ends[key] / high for key in order], 20 / plot.height)
    said = [
        plot.name(float(len(observed)), place * high, key, {"real": "#A34700", "simulated": BLUE}[key])
        for key, place in zip(order, places, strict=True)
    ]
    return whole(
        grid.columns,
        plot.view(
            [
                plot.band(wide, BLUE, 0.15),
                plot.band(curve, BLUE, 0.4),
                plot.line(curve, BLUE, width=2),
                plot.line(real, VERMILLION, (5, 2), 1.8),
                *said,
                plot.pointer("at0", grid, part["week"].tolist()),
            ]
        ),
    )
