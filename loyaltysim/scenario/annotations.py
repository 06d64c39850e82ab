"""Annotated numbers: `{value: 0.35, range: [0.1, 0.6], source: pilot 2026}`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from loyaltysim.scenario.form import ROOT, Form
from loyaltysim.scenario.marks import Findings, Node, Path, dotted
from loyaltysim.scenario.values import in_words
from loyaltysim.scenario.writing import shown


@dataclass(frozen=True)
class Annotation:
    """What is known about a number besides its value."""

    range: tuple[Any, Any] | None
    """Lowest and highest value it may have, as plain values of the field (days, shares, amounts)."""
    source: str | None
    """Where it comes from."""


def check_annotation(node: Node, form: Form, path: Path, found: Findings) -> None:
    """Note what is wrong with the range and source of an annotated number."""
    source, given = node.source, node.range
    if source is not None and not source.broken and not str(source.value or "").strip():
        found.add(source.mark, (*path, "source"), "the source is empty; say where the number comes from")
    elif source is not None and not source.broken and not isinstance(source.value, str):
        found.add(source.mark, (*path, "source"), f"expected text, not {shown(source.value)}")
    if given is not None and not given.broken:
        try:
            read_range(node, form)
        except ValueError as error:
            found.add(given.mark, (*path, "range"), str(error))


def read_range(node: Node, form: Form) -> tuple[Any, Any] | None:
    """The range of an annotated number as plain values; ValueError says what is wrong with it."""
    if node.range is None:
        return None
    if form.quantity is None:
        raise ValueError("only a number has a range")
    ends = node.range.plain()
    if not isinstance(ends, list) or len(ends) != 2:
        raise ValueError(f"expected [lowest, highest], not {shown(ends)}")
    adapter: TypeAdapter[Any] = TypeAdapter(form.annotation)
    try:
        low, high = adapter.validate_python(ends[0]), adapter.validate_python(ends[1])
    except ValidationError as error:
        raise ValueError(in_words(error.errors()[0], form)) from None
    try:
        if low > high:
            raise ValueError("a range rises: its lowest value comes first")
    except TypeError:
        raise ValueError("only a number has a range") from None
    try:
        value = adapter.validate_python(node.value)
    except ValidationError:
        return low, high  # the value's own fault is told at the value
    try:
        inside = low <= value <= high
    except TypeError:
        raise ValueError("only a number has a range") from None
    if not inside:
        raise ValueError(f"the value {node.text} lies outside of its own range")
    return low, high


def annotations_of(tree: Node) -> dict[str, Annotation]:
    """The annotations of a faultless tree by dotted path."""
    return dict(_below(tree, ROOT, ()))


def _below(node: Node, form: Form, path: Path) -> list[tuple[str, Annotation]]:
    """The annotations at and below one place."""
    found = []
    if node.annotated:
        source = str(node.source.value) if node.source else None
        found.append((dotted(path), Annotation(read_range(node, form), source)))
    if isinstance(node.value, dict):
        steps: list[tuple[str | int, Node]] = list(node.value.items())
    else:
        steps = list(enumerate(node.value)) if isinstance(node.value, list) else []
    for step, child in steps:
        below = form.child(step)
        if below is not None:
            found += _below(child, below, (*path, step))
    return found
