"""How every figure looks, and how it becomes a file: no global plotting state, the same bytes each time."""

from __future__ import annotations

import functools
import io
import itertools
import math
import textwrap
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

import matplotlib
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import Formatter, MaxNLocator

from loyaltysim.report.wording import digits, scale

DOTS = 200  # an inch, of pictures in dots
PAGE, PHONE = 7.2, 4.4  # widths in inches; a point is 1/72 inch, so 10 pt stays 10 px on a page of 700 px

# Okabe & Ito (2008): told apart by colour-blind readers. Its yellow is too pale for lines and is left out.
BLACK, GREY = "#000000", "#555555"
ORANGE, SKY, GREEN, BLUE, VERMILLION, PURPLE = (
    "#E69F00",
    "#56B4E9",
    "#009E73",
    "#0072B2",
    "#D55E00",
    "#CC79A7",
)

ARMS: Mapping[str, Mapping[str, Any]] = {
    "programme": {"color": BLUE, "linestyle": "-", "linewidth": 2.2},
    "twin": {"color": VERMILLION, "linestyle": (0, (5, 2)), "linewidth": 2.2},
    "difference": {"color": BLACK, "linestyle": "-", "linewidth": 1.8},
}
COLORS = {arm: look["color"] for arm, look in ARMS.items()}
ARM_NAMES = {"programme": "with\nprogramme", "twin": "without", "difference": "difference"}
INK = {"programme": BLUE, "twin": "#A34700", "difference": BLACK}  # of words: dark enough to read on white

RC: Any = {  # keys of matplotlib's own
    "font.family": ["DejaVu Sans", "sans-serif"],
    "font.size": 10,
    "svg.fonttype": "none",
    "svg.hashsalt": "loyaltysim",
    "text.parse_math": False,
    "axes.unicode_minus": True,
    "path.simplify": False,
    "hatch.linewidth": 0.6,
}
_LOCK = threading.RLock()  # matplotlib's settings are shared by all threads
_inside = False  # whether this project's settings hold now; read and set under the lock

P = ParamSpec("P")
R = TypeVar("R")


def drawn(chart: Callable[P, R]) -> Callable[P, R]:
    """A function of matplotlib's, run under this project's settings and none of the reader's."""

    @functools.wraps(chart)
    def under_settings(*args: P.args, **kwargs: P.kwargs) -> R:
        with settings():
            return chart(*args, **kwargs)

    return under_settings


@contextmanager
def settings() -> Iterator[None]:
    """Settings of matplotlib for this project; entered once for many figures, they cost once."""
    global _inside
    with _LOCK:
        if _inside:
            yield
            return
        with matplotlib.rc_context(RC), fonts_found_once():
            _inside = True
            try:
                yield
            finally:
                _inside = False


@contextmanager
def fonts_found_once() -> Iterator[None]:
    """Matplotlib looks for the font of every piece of text, several times; here once a kind of font."""
    manager: Any = font_manager.fontManager
    asked = manager._find_fonts_by_props
    manager._find_fonts_by_props = functools.cache(asked)
    try:
        yield
    finally:
        del manager._find_fonts_by_props


def canvas(
    width: float, height: float, title: str, heights: Sequence[float] = (1.0,), apart: bool = False
) -> tuple[Figure, list[Axes]]:
    """An empty figure with panels below one another, and the finding on top; `apart`: no common axis."""
    figure = Figure(
        figsize=(width, height), dpi=DOTS, layout=ConstrainedLayoutEngine(w_pad=0.09), facecolor="white"
    )
    panels = figure.subplots(len(heights), 1, sharex=not apart, height_ratios=list(heights), squeeze=False)
    for panel in panels[:, 0]:
        tidy(panel)
    lines = textwrap.wrap(title, width=int(width * 9.7))
    figure.suptitle("\n".join(lines), x=0.01, ha="left", fontsize=11.5, fontweight="bold")
    return figure, list(panels[:, 0])


def tidy(panel: Axes) -> None:
    """No box, a faint horizontal grid, thousands marked."""
    panel.spines[["top", "right"]].set_visible(False)
    panel.grid(axis="y", color="#dddddd", linewidth=0.8)
    panel.set_axisbelow(True)
    panel.tick_params(labelsize=9.5, color=GREY)
    panel.yaxis.set_major_locator(MaxNLocator(nbins=5, min_n_ticks=3, steps=[1, 2, 5, 10]))
    panel.yaxis.set_major_formatter(Ticks())


class Ticks(Formatter):
    """Labels of an axis, all with the same decimals, thousands marked."""

    def __init__(self, unit: str = "") -> None:
        self.unit = unit

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        """The labels of all ticks, with the decimals that their distance needs."""
        shown = [value * scale(self.unit) for value in values]
        step = min((b - a for a, b in itertools.pairwise(shown)), default=1.0)
        decimals = max(0, math.ceil(-math.log10(step) - 1e-9)) if step > 0 else 0
        return [digits(value, decimals) + ("\u00a0%" if self.unit == "share" else "") for value in shown]

    def __call__(self, value: float, pos: int | None = None) -> str:
        """The label of a single tick."""
        return self.format_ticks([value])[0]


def settled(figure: Figure) -> Figure:
    """The figure with its layout found and fixed, so that every file shows the same picture."""
    layout = figure.get_layout_engine()
    if layout is not None:
        layout.execute(figure)
        figure.set_layout_engine("none")
    return figure


@drawn
def svg(figure: Figure) -> bytes:
    """The figure as SVG: text stays text, and equal figures give equal bytes."""
    buffer = io.BytesIO()
    FigureCanvasSVG(figure).print_svg(buffer, metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


@drawn
def png(figure: Figure) -> bytes:
    """The figure as PNG, for slides and documents."""
    buffer = io.BytesIO()
    before, figure.dpi = figure.dpi, DOTS
    try:
        FigureCanvasAgg(figure).print_png(
            buffer, metadata={"Software": None}, pil_kwargs={"compress_level": 3}
        )
    finally:
        figure.dpi = before
    return buffer.getvalue()
