"""Cells that know both their formula and its value, and the pages they stand on.

A formula is written by doing the sum in Python: `a * b` is the text `a*b` and the number. So what a viewer
that does not calculate shows is what one that does calculates.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

SUM, PRODUCT, ATOM = 1, 2, 9  # how tightly parts of a formula hold together


@dataclass(frozen=True)
class Cell:
    """A part of a formula with its value."""

    text: str
    value: float
    rank: int = ATOM
    words: str = ""
    """What it shows where it is no number."""

    def __add__(self, other: Cell | float) -> Cell:
        return _joined(self, "+", other, SUM, lambda a, b: a + b)

    def __sub__(self, other: Cell | float) -> Cell:
        return _joined(self, "-", other, SUM, lambda a, b: a - b)

    def __mul__(self, other: Cell | float) -> Cell:
        return _joined(self, "*", other, PRODUCT, lambda a, b: a * b)

    def __truediv__(self, other: Cell | float) -> Cell:
        """A ratio; an empty cell where nothing is divided by."""
        below = literal(other)
        value = self.value / below.value if below.value else math.nan
        text = f'IF({below.text}=0,"",{_held(self, PRODUCT)}/{_held(below, PRODUCT + 1)})'
        return Cell(text, value)

    def over(self, number: int) -> Cell:
        """Divided by a number that is none of the model's."""
        return Cell(f"{_held(self, PRODUCT)}/{number}", self.value / number, PRODUCT)


def literal(value: Cell | float) -> Cell:
    """A number as part of a formula."""
    if isinstance(value, Cell):
        return value
    return Cell(repr(value) if value >= 0 else f"({value!r})", float(value))


def _held(cell: Cell, rank: int) -> str:
    return cell.text if cell.rank >= rank else f"({cell.text})"


def _joined(a: Cell, sign: str, b: Cell | float, rank: int, act: Any) -> Cell:
    right = literal(b)
    tight = rank + (sign == "-")
    return Cell(f"{_held(a, rank)}{sign}{_held(right, tight)}", act(a.value, right.value), rank)


def power(base: Cell, exponent: Cell) -> Cell:
    """Base ^ exponent."""
    return Cell(f"POWER({base.text},{exponent.text})", base.value**exponent.value)


def total(cells: Sequence[Cell], span: str = "") -> Cell:
    """The sum of cells that stand in one row or column, or of a few."""
    text = f"SUM({span})" if span else f"SUM({','.join(cell.text for cell in cells)})"
    return Cell(text, math.fsum(cell.value for cell in cells))


def median(*cells: Cell) -> Cell:
    """The middle one of three."""
    return Cell(f"MEDIAN({','.join(c.text for c in cells)})", sorted(c.value for c in cells)[len(cells) // 2])


def rounded(cell: Cell, digits: int = 2) -> Cell:
    """To so many digits, halves away from 0."""
    if not math.isfinite(cell.value):
        return Cell(f"ROUND({cell.text},{digits})", math.nan)
    scale = 10.0**digits
    size = math.floor(abs(cell.value) * scale + 0.5 + 1e-9) / scale
    return Cell(f"ROUND({cell.text},{digits})", math.copysign(size, cell.value))


def size(cell: Cell) -> Cell:
    """Without its sign."""
    return Cell(f"ABS({cell.text})", abs(cell.value))


def choice(condition: str, holds: bool, yes: Cell, no: Cell) -> Cell:
    """One of two, by a condition told in both tongues."""
    return Cell(f"IF({condition},{yes.text},{no.text})", yes.value if holds else no.value)


def column_name(number: int) -> str:
    """A, B, … AA of a column counted from 0."""
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


STYLES: dict[str, dict[str, Any]] = {
    "": {},
    "title": {"bold": True, "font_size": 14},
    "head": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"},
    "note": {"italic": True, "font_color": "#555555", "text_wrap": True, "valign": "top"},
    "wrap": {"text_wrap": True, "valign": "top"},
    "money": {"num_format": "#,##0.00"},
    "count": {"num_format": "#,##0"},
    "number": {"num_format": "0.000000"},
    "share": {"num_format": "0.00%"},
    "flag": {"num_format": "0", "bold": True},
    "input": {"font_color": "#0000C0", "bg_color": "#FFF9C4", "border": 1, "num_format": "General"},
}


class Page:
    """A sheet; rows and columns count from 0."""

    def __init__(self, book: Any, styles: dict[str, Any], name: str, widths: Iterable[float]) -> None:
        self.name, self.styles = name, styles
        self.sheet = book.add_worksheet(name)
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)
        self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_footer("&L&A&RIllustrative, not accounting advice. Page &P of &N")

    def text(self, row: int, column: int, words: str, style: str = "") -> None:
        """Words, never a formula, whatever they begin with."""
        self.sheet.write_string(row, column, words, self.styles[style])

    def texts(self, row: int, words: Iterable[str], style: str = "", first: int = 0) -> None:
        """Words side by side."""
        for column, word in enumerate(words, start=first):
            self.text(row, column, word, style)

    def number(self, row: int, column: int, value: float, style: str = "money") -> Cell:
        """A number that a simulation or a person has given; nothing where there is none."""
        if value is not None and math.isfinite(value):
            self.sheet.write_number(row, column, value, self.styles[style])
        return self.at(row, column, value)

    def formula(self, row: int, column: int, cell: Cell, style: str = "money") -> Cell:
        """A formula with its value."""
        shown: float | str = cell.value if math.isfinite(cell.value) else cell.words
        self.sheet.write_formula(row, column, f"={self.local(cell.text)}", self.styles[style], shown)
        return replace(self.at(row, column, cell.value), words=cell.words)

    def at(self, row: int, column: int, value: float) -> Cell:
        """The cell, for formulas anywhere in the book."""
        return Cell(f"{self.prefix}{column_name(column)}{row + 1}", value)

    def span(self, row: int, column: int, last_row: int, last_column: int) -> str:
        """A block of cells, for formulas."""
        return f"{self.prefix}${column_name(column)}${row + 1}:${column_name(last_column)}${last_row + 1}"

    def local(self, text: str) -> str:
        """A formula as it is written on this page."""
        return text.replace(self.prefix, "")

    @property
    def prefix(self) -> str:
        """What stands before a cell of this page."""
        return f"'{self.name}'!"


class Book:
    """The workbook being written: its pages, its inputs by name, its checks."""

    def __init__(self, writer: Any) -> None:
        self.writer = writer
        self.styles = {name: writer.add_format(form) for name, form in STYLES.items()}
        self.inputs: dict[str, Cell] = {}
        self.checks: list[tuple[str, Cell]] = []
        self.untouched: Cell | None = None

    def page(self, name: str, *widths: float) -> Page:
        """A new sheet."""
        return Page(self.writer, self.styles, name, widths)

    def check(self, what: str, off: Cell, allowed: float, always: bool = True) -> None:
        """Something that must be 0, but for `allowed`; what holds for the inputs as simulated only, then."""
        value = 1.0 if abs(off.value) > allowed else 0.0
        text = f"IF(ABS({off.text})>{allowed!r},1,0)"
        if not always and self.untouched is not None:
            text = f"IF({self.untouched.text}=1,{text},0)"
        self.checks.append((what, Cell(text, value)))
