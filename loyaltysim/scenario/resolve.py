"""A loaded scenario with nothing left out: every value, and the place it came from."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from loyaltysim.scenario.form import ROOT, Form
from loyaltysim.scenario.marks import Mark, Node, Path, dotted
from loyaltysim.scenario.tree import resolved
from loyaltysim.scenario.writing import written_flag, written_number

if TYPE_CHECKING:
    from loyaltysim.scenario.load import Loaded

CHOICES_OF_THE_STUDY = {
    "schema",
    "name",
    "question",
    "currency",
    "first_day",
    "warm_up",
    "horizon",
    "seed",
    "replications",
    "replications_per_draw",
    "levers",
    "uncertainties",
    "opening",
    "satisfaction",
    "checks",
    "observed",
}
"""Fields that say what is studied and how long; they need no source."""

WIDEST = 72


@dataclass(frozen=True)
class Entry:
    """One line of the resolved scenario."""

    path: Path
    form: Form
    text: str
    """The value as YAML; empty for the key of a mapping or list."""
    node: Node | None
    """Where it was written; None for a default."""
    level: int
    lead: str
    """What stands before the value: `- ` and the key."""

    @property
    def is_default(self) -> bool:
        """Whether the value was assumed."""
        return self.node is None


def resolved_lines(loaded: Loaded) -> list[str]:
    """The whole scenario as YAML that loads to the same scenario, each value with its place in a comment."""
    entries = list(entries_of(loaded))
    left = ["  " * e.level + e.lead + (f" {e.text}" if e.text else "") for e in entries]
    width = max(len(text) for text in left if len(text) <= WIDEST)
    return [
        f"{text.ljust(width)}  # {_origin(entry)}" if entry.text else text
        for text, entry in zip(left, entries, strict=True)
    ]


def assumed(loaded: Loaded) -> list[tuple[str, str]]:
    """Values taken from defaults, as (dotted path, value); `absent` for what is switched off by default."""
    found = [
        e for e in entries_of(loaded) if e.text and e.is_default and e.path[0] not in CHOICES_OF_THE_STUDY
    ]
    return [(dotted(e.path), "absent" if e.text in ("null", "[]", "{}") else e.text) for e in found]


def unsourced(loaded: Loaded) -> list[tuple[str, str]]:
    """Quantities that a file states without a source, as (dotted path, value)."""
    found = []
    for entry in entries_of(loaded):
        node = entry.node
        if node is None or not entry.text or node.value is None or entry.path[0] in CHOICES_OF_THE_STUDY:
            continue
        if node.source is None and is_quantity(entry.form):
            found.append((dotted(entry.path), entry.text))
    return found


def sourced(loaded: Loaded) -> list[tuple[str, str, str, str]]:
    """Numbers that name their source, as (dotted path, value, range or nothing, source)."""
    found = []
    for entry in entries_of(loaded):
        node = entry.node
        if node is None or node.source is None:
            continue
        ends = [str(end) for end in node.range.plain()] if node.range else []
        value = node.text or str(node.plain())
        found.append((dotted(entry.path), value, " to ".join(ends), str(node.source.plain())))
    return found


def is_quantity(form: Form) -> bool:
    """Whether something measurable stands here: a number, share, time or amount, or a list of them."""
    if form.is_list:
        below = form.child(0)
        return below is not None and is_quantity(below)
    if form.model is not None:
        return form.model.alone is not None
    return form.quantity is not None and form.quantity.bare != "boolean"


def _origin(entry: Entry) -> str:
    """Where a value came from: file and line, an override, or the default."""
    if entry.node is None:
        return "default"
    mark: Mark = entry.node.mark
    return f"{mark.file}:{mark.line}" if mark.line else mark.file


# ---------------------------------------------------------------- walking the scenario beside its tree


def entries_of(loaded: Loaded) -> Iterator[Entry]:
    """Every line of the resolved scenario, in the order of the spec."""
    return _fields(loaded.scenario, loaded.tree, ROOT, (), 0)


def _fields(value: Any, node: Node | None, form: Form, path: Path, level: int) -> Iterator[Entry]:
    """The lines of a model's fields."""
    assert form.model is not None
    for attribute, field in form.model.model_fields.items():
        name = field.alias or attribute
        child = node.child(name) if node else None
        below = form.child(name)
        assert below is not None
        yield from _entry(f"{name}:", getattr(value, attribute), child, below, (*path, name), level)


def _entry(lead: str, value: Any, node: Node | None, form: Form, path: Path, level: int) -> Iterator[Entry]:
    """The lines of one value with what leads to it."""
    written_alone = node is not None and not isinstance(node.value, dict | list)
    if value is None or form.is_value or written_alone or _is_flat(value, form):
        yield Entry(path, form, _text(value, node, form), node, level, lead)
        return
    yield Entry(path, form, "" if value else _text(value, node, form), node, level, lead)
    if form.model:
        yield from _fields(value, node, form, path, level + 1)
    elif form.named is not None:
        for name in _in_written_order(value, node):
            child, below = node.child(name) if node else None, form.child(name)
            assert below is not None
            yield from _entry(f"{_quoted(name)}:", value[name], child, below, (*path, name), level + 1)
    else:
        for index, item in enumerate(value):
            child, below = node.child(index) if node else None, form.child(index)
            assert below is not None
            yield from _entry("-", item, child, below, (*path, index), level + 1)


def _in_written_order(value: dict[str, Any], node: Node | None) -> list[str]:
    """Names in the order of the file."""
    return list(node.value) if node and isinstance(node.value, dict) else list(value)


def _is_flat(value: Any, form: Form) -> bool:
    """Whether a list is written on one line: all its items are single values."""
    below = form.child(0) if form.is_list else None
    return isinstance(value, tuple) and (not value or (below is not None and below.is_value))


# ---------------------------------------------------------------- values as YAML


def _text(value: Any, node: Node | None, form: Form) -> str:
    """A value as YAML: as it was written, annotation included, or its default as one would write it."""
    if node is None:
        return default_text(value, form)
    text = _as_written(node)
    parts = [f"value: {text}"]
    if node.range is not None:
        parts.append(f"range: {_as_written(node.range)}")
    if node.source is not None:
        parts.append(f"source: {_as_written(node.source)}")
    return "{" + ", ".join(parts) + "}" if node.annotated else text


def _as_written(node: Node) -> str:
    """A value that was written, on one line."""
    if isinstance(node.value, list):
        return "[" + ", ".join(_as_written(item) for item in node.value) + "]"
    if isinstance(node.value, dict):
        return (
            "{"
            + ", ".join(f"{_quoted(key)}: {_as_written(child)}" for key, child in node.value.items())
            + "}"
        )
    if node.value is None:
        return "null"
    return _quoted(node.value) if isinstance(node.value, str) else node.text


def default_text(value: Any, form: Form) -> str:
    """A default as one would write it."""
    if value is None:
        return "null"
    if isinstance(value, dict):
        return "{}"
    if isinstance(value, tuple) and form.is_list:
        return (
            "[" + ", ".join(default_text(item, form.child(i) or form) for i, item in enumerate(value)) + "]"
        )
    if form.quantity:
        return form.quantity.write(value)
    if isinstance(value, bool):
        return written_flag(value)
    if isinstance(value, int | float):
        return written_number(value)
    return str(value) if isinstance(value, dt.date) else _quoted(str(value))


def _quoted(text: str) -> str:
    """Text as YAML: bare where that cannot be misread, else in double quotes."""
    safe = re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9 ._/%+-]*[A-Za-z0-9._/%+-])?", text)
    if safe and isinstance(resolved(text) if len(text) <= 100 else text, str):
        return text
    return json.dumps(text, ensure_ascii=not text.isprintable())
