"""A table as a field of colours: the darker, the more."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator

from loyaltysim.report.picture import Grid
from loyaltysim.report.places import step
from loyaltysim.report.style import PAGE, Ticks, canvas, drawn, settled
from loyaltysim.report.vega import TOLD, Plot, Row, View, layer, scale, whole
from loyaltysim.report.wording import number

PALE, MIDDLE, DARK = (247, 251, 255), (66, 146, 198), (8, 48, 107)  # one hue: also read without colour
STEPS = 6  # of the legend
TALL, LOW = 13, 14  # px, of a row and of the legend


@dataclass(frozen=True)
class Heat:
    """Shares by row and column; not a number where there is nothing."""

    values: np.ndarray  # [row, column]
    rows: Sequence[str]  # from the top
    columns: Sequence[float]  # one apart
    across: str
    label: str

    def figure(self, title: str, width: float) -> Figure:
        """The still figure."""
        return heat_chart(title, self, width)

    def ends(self) -> tuple[float, float]:
        """What the palest and the darkest colour stand for."""
        low, high = float(np.nanmin(self.values)), float(np.nanmax(self.values))
        return (low, high) if high > low else (low - 0.01, high)

    def view(self, grid: Grid) -> View:
        """The interactive chart, its legend below it."""
        low, high = self.ends()
        first, last = self.columns[0] - 0.5, self.columns[-1] + 0.5
        down: View = {"scale": {"domain": [len(self.rows), 0], "nice": False, "zero": False}, "axis": None}
        ticks = [x for x in self.columns if x % step(len(self.columns), PAGE) == 0]
        plot = Plot(scale(first, last, self.across, ticks=ticks, grid=False), down, TALL * len(self.rows))
        cells: list[Row] = [
            {
                "x": x - 0.5, "x2": x + 0.5, "y": k, "y2": k + 1,
                "color": colour((value - low) / (high - low)),
                "told": [self.rows[k], number(x), number(value, "share")],
            }
            for k, line in enumerate(self.values.tolist())
            for x, value in zip(self.columns, line, strict=True)
            if value == value
        ]  # fmt: skip
        fill = {"color": {"field": "color", "type": "nominal", "scale": None}}
        at = plot.at(x2="x2", y2="y2") | fill | {"tooltip": TOLD}
        words = {"type": "text", "align": "left", "baseline": "middle", "dx": 6, "fontSize": 10.5}
        names = [{"x": last, "y": k + 0.5, "text": name} for k, name in enumerate(self.rows) if self.named(k)]
        layers = [
            layer(cells, {"type": "rect"}, at),
            layer(names, words, plot.at() | {"text": {"field": "text"}}),
        ]
        return whole((grid.columns[0], self.across, self.label), plot.view(layers), self.legend(fill))

    def legend(self, fill: View) -> View:
        """The colours with what they stand for."""
        low, high = self.ends()
        edges = np.linspace(low, high, STEPS + 1).tolist()
        flat: View = {"scale": {"domain": [0, 1], "nice": False}, "axis": None}
        plot = Plot(scale(low, high, self.label, shown=".0%", ticks=edges, grid=False), flat, LOW)
        swatches: list[Row] = [
            {"x": a, "x2": b, "y": 0, "y2": 1, "color": colour((k + 0.5) / STEPS)}
            for k, (a, b) in enumerate(itertools.pairwise(edges))
        ]
        return plot.view([layer(swatches, {"type": "rect"}, plot.at(x2="x2", y2="y2") | fill)])

    def named(self, row: int) -> bool:
        """Whether there is room for the name of a row."""
        return len(self.rows) <= 12 or row == 0 or row % 2 == 1


def colour(share: float) -> str:
    """The colour so far between pale and dark."""
    near, far, part = (PALE, MIDDLE, 2 * share) if share < 0.5 else (MIDDLE, DARK, 2 * share - 1)
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in zip(near, far, strict=True))


def field(
    area: Axes,
    values: np.ndarray,
    extent: tuple[float, float, float, float],
    colours: LinearSegmentedColormap,
    ends: tuple[float, float],
) -> None:
    """Values as a field of colours."""
    area.imshow(values, colours, extent=extent, vmin=ends[0], vmax=ends[1], aspect="auto",
                interpolation="nearest")  # fmt: skip


@drawn
def heat_chart(title: str, heat: Heat, width: float = PAGE) -> Figure:
    """The field with its rows named at the right, and the colours with what they stand for below."""
    tall = max(0.17 * len(heat.rows), 1.2)
    figure, (area, key) = canvas(width, tall + 1.9, title, (tall, 0.22), apart=True)
    low, high = heat.ends()
    colours = LinearSegmentedColormap.from_list("house", [colour(s) for s in (0.0, 0.5, 1.0)])
    extent = (heat.columns[0] - 0.5, heat.columns[-1] + 0.5, len(heat.rows), 0.0)
    field(area, np.ma.masked_invalid(heat.values), extent, colours, (low, high))
    area.grid(False)
    area.yaxis.tick_right()
    shown = [k for k in range(len(heat.rows)) if heat.named(k)]
    area.set_yticks([k + 0.5 for k in shown], [heat.rows[k] for k in shown], fontsize=8.5)
    area.tick_params(axis="y", length=0)
    area.spines["left"].set_visible(False)
    area.xaxis.set_major_locator(MultipleLocator(step(len(heat.columns), width)))
    area.set_xlabel(heat.across)
    key.grid(False)
    field(key, np.linspace(low, high, 64)[np.newaxis], (low, high, 0.0, 1.0), colours, (low, high))
    key.set_yticks([])
    key.spines["left"].set_visible(False)
    key.xaxis.set_major_formatter(Ticks("share"))
    key.set_xlabel(heat.label)
    return settled(figure)
