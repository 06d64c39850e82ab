"""From a scenario file to a checked `Scenario`: read, extend, override, check the shape, judge the values.

All faults of a file are told together, each with its place. Nothing is written and nothing heavy imported.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from loyaltysim.scenario.annotations import Annotation, annotations_of
from loyaltysim.scenario.files import read_tree
from loyaltysim.scenario.form import ROOT
from loyaltysim.scenario.marks import Findings, Node, Problem, ScenarioFaults
from loyaltysim.scenario.overrides import overridden
from loyaltysim.scenario.resolve import assumed, resolved_lines, sourced, unsourced
from loyaltysim.scenario.shape import mended
from loyaltysim.scenario.spec import Scenario
from loyaltysim.scenario.uncertain import with_ranges
from loyaltysim.scenario.values import judged
from loyaltysim.scenario.writing import plain

__all__ = [
    "Annotation",
    "Loaded",
    "Problem",
    "ScenarioFaults",
    "altered",
    "assumed",
    "canonical",
    "load",
    "resolved_lines",
    "sourced",
    "text_hash",
    "unsourced",
]


@dataclass(frozen=True)
class Loaded:
    """A scenario with what is known about where it came from."""

    scenario: Scenario
    tree: Node
    """Every value that was written, with its place, after extending and overriding."""
    annotations: dict[str, Annotation]
    """Ranges and sources of annotated numbers, by dotted path."""
    path: Path
    """The file named by the user; `-` for standard input."""
    text_hash: str
    """SHA-256 of the resolved scenario: the same for every way of writing the same scenario."""
    words: tuple[str, ...] = ()
    """What changes the file on the command line, such as `--set`: to be said again for the same numbers."""


def load(path: str | Path, overrides: Iterable[str] = ()) -> Loaded:
    """Read a scenario file, or raise a `ScenarioFaults` that lists all that is wrong with it."""
    found = Findings()
    tree = read_tree(path, found)
    overrides = tuple(overrides)
    for override in overrides:
        tree = overridden(tree, override, found)
    shaped = mended(tree, ROOT, (), found)
    shaped = with_ranges(shaped, found) if shaped else None
    scenario = judged(shaped, found) if shaped else None
    if found.problems or shaped is None or scenario is None:
        raise found.failure()
    words = tuple(word for override in overrides for word in ("--set", override))
    return Loaded(scenario, shaped, annotations_of(shaped), Path(path), text_hash(scenario), words)


def altered(loaded: Loaded, settings: Mapping[str, str]) -> Loaded:
    """The scenario with values set by path, as `--set` does; `ScenarioFaults` lists what is wrong then."""
    found = Findings()
    tree, words = loaded.tree, loaded.words
    for where, value in settings.items():
        tree = overridden(tree, f"{where}={value}", found)
        words = (*words, "--set", f"{where}={value}")
    shaped = mended(tree, ROOT, (), found)
    scenario = judged(shaped, found) if shaped else None
    if found.problems or shaped is None or scenario is None:
        raise found.failure()
    return Loaded(scenario, shaped, annotations_of(shaped), loaded.path, text_hash(scenario), words)


def text_hash(scenario: Scenario) -> str:
    """SHA-256 of a scenario's canonical JSON."""
    return hashlib.sha256(canonical(scenario).encode()).hexdigest()


def canonical(scenario: Scenario) -> str:
    """A scenario as JSON with nothing left to taste: plain values, all defaults, keys in order."""
    values = _jsonable(scenario.model_dump(by_alias=True))
    return json.dumps(values, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _jsonable(value: Any) -> Any:
    """A value in JSON's own terms; exact amounts stay exact, as text."""
    if isinstance(value, dict):
        return {str(key): _jsonable(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_jsonable(part) for part in value]
    if isinstance(value, Decimal):
        return plain(value)
    return value.isoformat() if isinstance(value, dt.date) else value
