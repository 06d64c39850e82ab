"""The grammar of the interactive charts: Vega-Lite views from tables, drawn by the bundle a page carries.

A view is a plain dictionary, so that writing one costs nothing; the tests hold every view to Altair's schema.
Rows are the very tables that the still figures are drawn from.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from loyaltysim.report.picture import Grid

View = dict[str, Any]
Row = dict[str, Any]

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"  # a name; nothing is fetched
INK, SOFT, LINE = "#1a1a1a", "#444444", "#dddddd"
FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans SC", sans-serif'
LABEL = 12.5  # px, of text within a chart
TOLD = {"value": "row"}  # the page shows the row's `told` under the chart's columns
NUMBER = ",~f"
SHARE = "~%"

CONFIG = {
    "aria": False,  # the chart as a whole carries a name; its table is what a screen reader reads
    "background": "transparent",
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelColor": SOFT,
        "labelFontSize": 12,
        "titleColor": INK,
        "titleFontSize": 12.5,
        "titleFontWeight": "normal",
        "domainColor": "#888888",
        "tickColor": "#888888",
        "gridColor": LINE,
        "labelOverlap": "parity",
    },
    "text": {"fontSize": LABEL, "color": INK},
    "concat": {"spacing": 26},
}


@dataclass(frozen=True)
class Plot:
    """A pair of axes of given ranges; makes the layers that lie on it."""

    x: View
    y: View
    height: int

    def at(self, x: str | None = "x", y: str | None = "y", x2: str = "", y2: str = "") -> View:
        """Where the marks of a layer stand."""
        found: View = {}
        if x:
            found["x"] = {"field": x, "type": "quantitative", **self.x}
        if y:
            found["y"] = {"field": y, "type": "quantitative", **self.y}
        return found | ({"x2": {"field": x2}} if x2 else {}) | ({"y2": {"field": y2}} if y2 else {})

    def line(self, rows: list[Row], color: str, dash: Sequence[float] = (), width: float = 2.2) -> View:
        """A curve through the rows."""
        mark: View = {"type": "line", "color": color, "strokeWidth": width, "interpolate": "linear"}
        if dash:
            mark["strokeDash"] = list(dash)
        return layer(rows, mark, self.at())

    def band(self, rows: list[Row], color: str, opacity: float = 0.2) -> View:
        """The stretch from `low` to `high` along the rows."""
        known = [row for row in rows if row.get("low") is not None and row.get("high") is not None]
        return layer(known, {"type": "area", "color": color, "opacity": opacity}, self.at(y="low", y2="high"))

    def edges(self, rows: list[Row]) -> list[View]:
        """The ends of an interval as thin dashes that leave what is below visible."""
        return [
            self.line(
                [{"x": one["x"], "y": one[end]} for one in rows if one[end] is not None], INK, (4, 2), 1
            )
            for end in ("low", "high")
        ]

    def upright(self, x: float, dash: Sequence[float] = (2, 2)) -> View:
        """A vertical line through the whole plot."""
        mark = {"type": "rule", "color": "#666666", "strokeWidth": 1.2, "strokeDash": list(dash)}
        return layer([{"x": x}], mark, self.at(y=None))

    def level(self, y: float) -> View:
        """A horizontal line through the whole plot."""
        return layer([{"y": y}], {"type": "rule", "color": "#666666", "strokeWidth": 1}, self.at(x=None))

    def name(self, x: float, y: float, text: str, color: str = INK, bold: bool = True) -> View:
        """A name at the right of the plot, on as many lines as the text has."""
        lines = text.split("\n")
        mark = {
            "type": "text",
            "align": "left",
            "baseline": "middle",
            "dx": 6,
            "dy": -7 * (len(lines) - 1),
            "lineHeight": 14,
            "color": color,
            "fontWeight": "bold" if bold else "normal",
            "text": lines if len(lines) > 1 else text,
        }
        return layer([{"x": x, "y": y}], mark, self.at())

    def pointer(self, id: str, grid: Grid, places: Sequence[float]) -> View:
        """What is read off at the pointer: the row of the table at the nearest place."""
        rows = [{"x": float(x), "told": list(cells)} for x, cells in zip(places, grid.rows, strict=True)]
        seen = {"condition": {"param": id, "empty": False, "value": 0.55}, "value": 0}
        encoding = self.at(y=None) | {"opacity": seen, "tooltip": TOLD}
        picked = {
            "type": "point",
            "fields": ["x"],
            "nearest": True,
            "on": "pointermove",
            "clear": "pointerout",
        }
        found = layer(rows, {"type": "rule", "color": INK, "strokeWidth": 1}, encoding)
        return found | {"params": [{"name": id, "select": picked}]}

    def view(self, layers: Sequence[View]) -> View:
        """The layers over one another on these axes."""
        return {"width": 300, "height": self.height, "layer": [one for one in layers if one]}


def layer(rows: list[Row], mark: View, encoding: View) -> View:
    """One kind of mark for each of the rows; nothing where there are none."""
    return {"data": {"values": rows}, "mark": mark, "encoding": encoding} if rows else {}


def scale(
    low: float,
    high: float,
    title: str,
    *,
    shown: str = NUMBER,
    ticks: Sequence[float] = (),
    grid: bool = True,
) -> View:
    """A range of an axis, its title and how its figures are written."""
    axis: View = {"format": shown, "grid": grid, "title": textwrap.wrap(title, 46)}
    axis |= {"values": list(ticks)} if len(ticks) else {"tickCount": 5}
    return {"scale": {"domain": [low, high], "nice": False, "zero": False}, "axis": axis}


def upward(low: float, high: float, title: str, *, shown: str = NUMBER) -> View:
    """A vertical axis with its title level above it, where it costs no width."""
    found = scale(low, high, title, shown=shown)
    level = {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleBaseline": "bottom"}
    found["axis"] |= level | {"titleX": -34, "titleY": -8, "domain": False, "ticks": False, "minExtent": 34}
    return found


def span(values: Iterable[float | None], *, zero: bool = False, air: float = 0.06) -> tuple[float, float]:
    """The range that shows all the values, with some air; from 0 if it is to stand on the ground."""
    known = [float(v) for v in values if v is not None and math.isfinite(v)] + ([0.0] if zero else [])
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    room = (high - low) * air or abs(high) * air or 1.0
    below = 0.0 if zero and low == 0.0 else low - room
    return below, (0.0 if zero and high == 0.0 and low < 0.0 else high + room)


def rows(table: pd.DataFrame, names: Mapping[str, str]) -> list[Row]:
    """The rows of a table with these columns by the names of a chart; what is no number is left empty."""
    columns = [table[column].tolist() for column in names.values()]
    return [
        {key: finite(value) for key, value in zip(names, values, strict=True)}
        for values in zip(*columns, strict=True)
    ]


def finite(value: Any) -> float | None:
    """A number that JSON can say."""
    return float(value) if value is not None and math.isfinite(value) else None


def whole(columns: Sequence[str], *views: View) -> View:
    """A finished chart of one view, or of several below one another, and the names of what it tells."""
    head = {"$schema": SCHEMA, "config": CONFIG, "autosize": {"type": "pad"}, "padding": 2}
    head |= {"usermeta": {"columns": list(columns)}}
    return head | (views[0] if len(views) == 1 else {"vconcat": list(views)})
